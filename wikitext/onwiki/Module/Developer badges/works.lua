-- The works of one person in one year, each with the reasons for its points.
require('strict')

local card = require('Module:Developer badges/card')
local facts = require('Module:Developer badges/facts')

local works = {}

-- Link to a task (T123) or a change (project~number); anything else stays text.
local function linkWork(c, key, text)
	local shown = text and mw.text.nowiki(text) or mw.text.nowiki(key)
	if key:find('^T%d+$') then
		return string.format('<span class="plainlinks">[%s%s %s]</span>', c.config.phabricator, key, shown)
	end
	local project, number = key:match('^([%w%-%._/]+)~(%d+)$')
	if project then
		return string.format(
			'<span class="plainlinks">[%sc/%s/+/%s %s]</span>', c.config.gerrit, project, number, shown
		)
	end
	return shown
end

local function renderReasons(c, cell, reasons)
	if not reasons[1] then
		return
	end
	local list = c.looks:add(cell, 'ul', 'reasons')
	for _, reason in ipairs(reasons) do
		local values = {}
		for index = 4, 12 do
			values[index - 3] = reason[index]
		end
		list:tag('li'):wikitext(c.words:text('reason-' .. reason[3], unpack(values, 1, 9)))
	end
end

local function renderWork(c, list, work)
	local row = list:tag('tr')
	local what = row:tag('td')
	what:wikitext(linkWork(c, work.work))
	if work.about ~= '' then
		what:tag('br'):done():tag('bdi'):wikitext(mw.text.nowiki(work.about))
	end
	row:tag('td'):wikitext(work.day and c.words:day(work.day) or '')
	row:tag('td'):wikitext(c.words:text(work.estimate and 'points-estimate' or 'points', work.points))
	row:tag('td'):wikitext(c.words:text('percent', math.floor(work.share * 100 + 0.5)))
	local credit = c.words:show(work.credit)
	if work.counted < work.credit then
		credit = c.words:text('credit-capped', work.credit, work.counted)
	end
	row:tag('td'):wikitext(credit)
	renderReasons(c, row:tag('td'), work.reasons)
end

-- Render the table of works of args.year.
function works.render(c)
	c.name = card.chooseName(c)
	local year = tonumber((c.args.year or ''):match('^%d%d%d%d$'))
	if not (c.name and year) then
		return c.looks:sentence(c.words, 'whose-works')
	end
	local list, why = facts.readWorks(c.config, c.name, year)
	if not list then
		return card.explain(c, why)
	end
	local box = c.looks:root('div', 'wide', c.words)
	local grid = box:tag('table'):addClass('wikitable')
	grid:tag('caption'):wikitext(c.words:text('works-of', c.name, { wikitext = tostring(year) }))
	local head = grid:tag('tr')
	for _, key in ipairs({ 'work', 'day', 'points', 'share', 'credit', 'reasons' }) do
		head:tag('th'):attr('scope', 'col'):wikitext(c.words:text('column-' .. key))
	end
	for _, work in ipairs(list) do
		renderWork(c, grid, work)
	end
	return c.looks:finish(box)
end

return works
