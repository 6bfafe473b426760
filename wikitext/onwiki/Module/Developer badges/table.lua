-- The works of one person in one year, each with the reasons for its points, and the wishes granted.
require('strict')

local reviews = require('Module:Developer badges/reviews')
local works = require('Module:Developer badges/works')

local SCORED = { 'work', 'day', 'points', 'share', 'credit', 'reasons' }
local UNSCORED = { 'work', 'day', 'share' }

local worksTable = {}

local function percent(c, share)
	return c.words:text('percent', math.floor(share * 100 + 0.5))
end

local function link(c, name)
	local page = c.facts.pageOf(c.config, c.facts.workPage(c.name, name))
	return c.words:link(page, '<bdi>' .. c.words:year(name) .. '</bdi>')
end

-- Say something of the pages of the year, or (*isOther*) of those of the others, and link them.
-- The links are a list of their own: in a sentence some skins hardly tell them from its words.
local function sayPages(c, box, key, isOther)
	local list
	for index = #c.person.works, 1, -1 do
		local name = c.person.works[index]
		if works.isOf(c.year, name) ~= isOther then
			if not list then
				box:tag('p'):wikitext(c.words:text(key))
				list = c.looks:add(box, 'ul', 'pages')
			end
			c.looks:add(list, 'li', 'page-link'):wikitext(link(c, name))
		end
	end
end

-- A fact of which there is no message yet is shown as it stands, with its numbers.
local function describeReason(c, reason)
	local key = 'reason-' .. reason.fact
	if c.words:find(key) then
		return c.words:text(key, unpack(reason.values, 1, 9))
	end
	local shown = {}
	for index = 1, 9 do
		if reason.values[index] ~= nil then
			shown[#shown + 1] = c.words:show(reason.values[index])
		end
	end
	local fact = c.words:show(reason.fact)
	if not shown[1] then
		return fact
	end
	return c.words:text('option', { wikitext = fact }, { wikitext = c.words:join(shown) })
end

local function renderReasons(c, cell, reasons)
	if not reasons[1] then
		return
	end
	local list = c.looks:add(cell, 'ul', 'reasons')
	for _, reason in ipairs(reasons) do
		list:tag('li'):wikitext(describeReason(c, reason))
	end
end

local function renderPoints(c, cell, work)
	if not work.points then
		return
	end
	cell:wikitext(c.words:text(work.estimate and 'points-estimate' or 'points', work.points))
	if work.difficulty and work.impact then
		cell:tag('br'):done():tag('small')
			:wikitext(c.words:text('points-made-of', work.difficulty, work.impact))
	end
end

local function describeCredit(c, work)
	if not work.credit then
		return ''
	elseif work.paid then
		return c.words:text('credit-paid', work.credit)
	elseif work.counted < work.credit then
		return c.words:text('credit-capped', work.credit, work.counted)
	end
	return c.words:show(work.credit)
end

local function renderWork(c, grid, work, hasPoints)
	local row = c.looks:add(grid, 'tr', 'work')
	local what = row:tag('td')
	what:wikitext(reviews.linkWork(c, work.work))
	if work.isIssue then
		what:wikitext(' '):tag('small'):wikitext(c.words:text('is-issue'))
	end
	if work.about ~= '' then
		what:tag('br'):done():tag('bdi'):wikitext(c.words.escape(work.about))
	end
	reviews.render(c, what, work.reviews)
	row:tag('td'):wikitext(work.day and c.words:day(work.day) or '')
	if hasPoints then
		renderPoints(c, row:tag('td'), work)
	end
	row:tag('td'):wikitext(percent(c, work.share))
	if hasPoints then
		row:tag('td'):wikitext(describeCredit(c, work))
		renderReasons(c, row:tag('td'), work.reasons)
	end
end

-- A table wider than the page scrolls inside its box, which the keyboard can reach, too.
local function renderWorks(c, box, found)
	local region = c.looks:add(box, 'div', 'wide')
		:attr('role', 'region'):attr('tabindex', '0')
		:attr('aria-label', c.words:text('works-of', { wikitext = c.name }, { wikitext = c.words:year(c.year) }))
	local grid = c.looks:add(region, 'table', 'works'):addClass('wikitable')
	grid:tag('caption'):wikitext(c.words:text('works-of', c.name, { wikitext = c.words:year(c.year) }))
	local head = grid:tag('tr')
	for _, key in ipairs(found.hasPoints and SCORED or UNSCORED) do
		head:tag('th'):attr('scope', 'col'):wikitext(c.words:text('column-' .. key))
	end
	for _, work in ipairs(found.works) do
		renderWork(c, grid, work, found.hasPoints)
	end
	if found.hasIssues then
		box:tag('p'):wikitext(c.words:text('issues-and-wishes'))
	end
end

-- Link a wish where the settings say under which titles this wiki has them.
local function nameWish(c, wish)
	local prefix = c.config.wishlist or ''
	local title = prefix ~= '' and wish.list == 'community-wishlist' and wish.wish:find('^W%d+$')
		and mw.title.new(prefix .. wish.wish)
	local key = c.words:show(wish.wish)
	if title then
		local name = c.looks:dress(mw.html.create('span'), 'link')
		key = tostring(name:wikitext(c.words:link(title.fullText, key)))
	end
	return { wikitext = key }
end

local function renderWishes(c, box)
	local facts, list = c.facts, nil
	for _, wish in ipairs(c.person.wishes or {}) do
		if facts.isText(wish.wish) and facts.isText(wish.title) and facts.isCount(wish.share)
			and facts.isDay(wish.day) and works.isOf(c.year, wish.day) then
			if not list then
				box:tag('p'):wikitext(c.words:text('wishes-granted'))
				list = box:tag('ul')
			end
			list:tag('li'):wikitext(c.words:text(
				'wish-granted', wish.title, nameWish(c, wish), { wikitext = c.words:day(wish.day) },
				{ wikitext = percent(c, wish.share) }
			))
		end
	end
end

-- Name the works that reviews corrected away, and the reviews.
local function renderCorrected(c, box, list)
	if not list[1] then
		return
	end
	box:tag('p'):wikitext(c.words:text('corrected-works'))
	local lines = box:tag('ul')
	for _, work in ipairs(list) do
		local line = lines:tag('li'):wikitext(reviews.linkWork(c, work.work))
		if c.facts.isDay(work.day) then
			line:wikitext(c.words:text('separator'), c.words:day(work.day))
		end
		reviews.render(c, line, reviews.check(c.facts, work.reviews))
	end
end

-- Choose the year asked for, else the newest.
local function chooseYear(c)
	local newest = c.person.works[#c.person.works]
	return (c.args.year or ''):match('^%d%d%d%d$') or newest and newest:sub(1, 4)
end

-- Render the works of args.user in args.year: the wishes, a table, what is left out and where it is.
function worksTable.render(c)
	c.year = chooseYear(c)
	if not c.year then
		return c.looks:sentence(c.words, 'works-none', c.name)
	end
	local found = works.read(c, c.year)
	local box = c.looks:root('div', 'works-box', c.words)
	renderWishes(c, box)
	if found.works[1] then
		renderWorks(c, box, found)
	elseif not found.isBroken then
		box:tag('p'):wikitext(c.words:text('works-none-in', c.name, { wikitext = c.words:year(c.year) }))
	end
	if found.isCut then
		sayPages(c, box, 'works-more', false)
	end
	if found.isBroken then
		sayPages(c, box, 'works-broken', false)
	end
	renderCorrected(c, box, found.corrected)
	sayPages(c, box, 'works-elsewhere', true)
	return c.looks:finish(box)
end

return worksTable
