-- The works of one person in one year, each with the reasons for its points.
require('strict')

local reviews = require('Module:Developer badges/reviews')

local works = {}

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
	what:wikitext(reviews.linkWork(c, work.work))
	if work.about ~= '' then
		what:tag('br'):done():tag('bdi'):wikitext(mw.text.nowiki(work.about))
	end
	reviews.render(c, what, work.reviews)
	row:tag('td'):wikitext(work.day and c.words:day(work.day) or '')
	row:tag('td'):wikitext(c.words:text(work.estimate and 'points-estimate' or 'points', work.points))
	row:tag('td'):wikitext(c.words:text('percent', math.floor(work.share * 100 + 0.5)))
	local credit = c.words:show(work.credit)
	if work.paid then
		credit = c.words:text('credit-paid', work.credit)
	elseif work.counted < work.credit then
		credit = c.words:text('credit-capped', work.credit, work.counted)
	end
	row:tag('td'):wikitext(credit)
	renderReasons(c, row:tag('td'), work.reasons)
end

-- Keep of a work what is as it should be; nil if too little is.
local function checkWork(facts, work)
	if not (type(work) == 'table' and facts.isText(work.work) and facts.isCount(work.points)
		and facts.isCount(work.share) and facts.isCount(work.credit)) then
		return nil
	end
	return {
		work = work.work,
		about = facts.isText(work.about) and work.about or '',
		day = facts.isDay(work.day) and work.day or nil,
		points = work.points,
		share = work.share,
		credit = work.credit,
		counted = facts.isCount(work.counted) and work.counted or work.credit,
		estimate = work.estimate == true,
		paid = work.paid == true,
		reviews = reviews.check(facts, work.reviews),
		reasons = facts.filter(work.reasons, function(reason)
			return type(reason) == 'table' and facts.isText(reason[3])
		end),
	}
end

-- Name the works that reviews corrected away, and the reviews.
local function renderCorrected(c, box, list)
	local isWork = function(work) return type(work) == 'table' and c.facts.isText(work.work) end
	list = c.facts.filter(list, isWork)
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

-- Render the works on a page of a year as a table.
function works.render(c, data)
	local box = c.looks:root('div', 'wide', c.words)
	local grid = box:tag('table'):addClass('wikitable')
	grid:tag('caption')
		:wikitext(c.words:text('works-of', c.name, { wikitext = tostring(c.year) }))
	local head = grid:tag('tr')
	for _, key in ipairs({ 'work', 'day', 'points', 'share', 'credit', 'reasons' }) do
		head:tag('th'):attr('scope', 'col'):wikitext(c.words:text('column-' .. key))
	end
	for _, work in ipairs(c.facts.filter(data.works, c.facts.isTable)) do
		work = checkWork(c.facts, work)
		if work then
			renderWork(c, grid, work)
		end
	end
	renderCorrected(c, box, data.corrected)
	return c.looks:finish(box)
end

return works
