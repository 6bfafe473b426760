-- The works of one person in one year, each with the reasons for its points.
require('strict')

local works = {}

-- How each source writes the key of a change, and where such a change is to be seen.
local CHANGES = {
	['~'] = { 'gerrit', 'c/%s/+/%s' },
	['!'] = { 'gitlab', '%s/-/merge_requests/%s' },
	['#'] = { 'github', '%s/pull/%s' },
}

-- Link to a task (T123) or a change (project~number, project!number, …); anything else stays text.
local function linkWork(c, key)
	local link = '<span class="plainlinks">[%s%s %s]</span>'
	local shown = mw.text.nowiki(key)
	if key:find('^T%d+$') then
		return link:format(c.config.phabricator, key, shown)
	end
	local project, mark, number = key:match('^([%w%-%._/]+)([~!#])(%d+)$')
	if project then
		local place = CHANGES[mark]
		return link:format(c.config[place[1]], place[2]:format(project, number), shown)
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
		reasons = facts.filter(work.reasons, function(reason)
			return type(reason) == 'table' and facts.isText(reason[3])
		end),
	}
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
	return c.looks:finish(box)
end

return works
