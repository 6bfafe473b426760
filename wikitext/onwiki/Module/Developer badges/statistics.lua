-- The statistics of the community: totals, years, how each badge is doing, the wall of thanks. No
-- ranking, and nothing of a single person who did not ask for it.
require('strict')

local HOME = 'Module:Developer badges'
local FIELDS = { 'issues', 'wishes', 'together', 'patches', 'reviews' }
local TIERS = 4

local grid = require(HOME .. '/grid')
local statistics = {}

local function renderCounts(c, row, counts)
	for _, field in ipairs(FIELDS) do
		grid.number(c, row):wikitext(c.facts.isWhole(counts[field]) and c.words:show(counts[field]) or '')
	end
end

local function renderYear(c, row, year)
	local label = year.all and c.words:text('statistics-all') or c.words:year(year.year)
	grid.head(c, row):wikitext(label)
	renderCounts(c, row, year)
end

-- Say how many hold a tier, and what part that is of the people who show their badges.
local function describeHolders(c, count, people)
	if not c.facts.isWhole(count) then
		return ''
	elseif not (c.facts.isWhole(people) and people > 0) then
		return c.words:show(count)
	end
	local percent = math.floor(math.min(count / people, 1) * 100 + 0.5)
	return c.words:text('statistics-holders', count, percent)
end

local function renderBadge(c, row, badge)
	local name = c.facts.isText(badge.name) and badge.name or badge.id
	local cell = grid.head(c, row)
	cell:wikitext(c.words:name('badge-' .. badge.id .. '-name', name))
	local description = 'badge-' .. badge.id .. '-description'
	if c.words:find(description) then
		c.looks:add(cell, 'span', 'row-about'):wikitext(c.words:text(description))
	end
	local tiers = c.facts.isTable(badge.tiers) and badge.tiers or {}
	for tier = 1, TIERS do
		grid.number(c, row):wikitext(describeHolders(c, tiers[tier], badge.people))
	end
end

local function writeNumbers(sheet, data)
	local c = sheet.c
	sheet:heading('statistics-numbers')
	sheet:say('statistics-people', data.people)
	local isYear = function(year)
		return type(year) == 'table' and c.facts.isWhole(year.year) and year.year <= 9999
	end
	local rows = c.facts.filter(data.years, isYear)
	if c.facts.isTable(data.total) then
		local total = { all = true }
		for _, field in ipairs(FIELDS) do
			total[field] = data.total[field]
		end
		rows[#rows + 1] = total
	end
	local columns = { 'year', 'issues', 'wishes', 'together', 'patches', 'reviews' }
	grid.add(c, sheet.box, 'statistics-by-year', columns, rows, renderYear, true)
	sheet:say('statistics-once')
end

local function writeBadges(sheet, data)
	local c = sheet.c
	sheet:heading('statistics-badges')
	-- Pages of earlier rounds do not say how many show their badges.
	local people = c.facts.isWhole(data.shown) and data.shown or data.people
	local rows = {}
	for _, badge in ipairs(c.facts.isTable(data.badges) and data.badges or {}) do
		if type(badge) == 'table' and c.facts.isKey(badge.id) then
			rows[#rows + 1] = { id = badge.id, name = badge.name, tiers = badge.tiers, people = people }
		end
	end
	if not rows[1] then
		sheet:say('statistics-few', 20)
	end
	local columns = { 'badge', 'tier-1', 'tier-2', 'tier-3', 'tier-4' }
	grid.add(c, sheet.box, 'statistics-tiers', columns, rows, renderBadge, true)
end

-- Write the page from statistics.json.
function statistics.write(sheet)
	local c = sheet.c
	local data, why = c.facts.readPage(c.config, 'statistics.json')
	sheet:say('statistics-lead', sheet.root)
	if data and not c.facts.isWhole(data.people) then
		data, why = nil, 'damaged'
	end
	if not data then
		sheet:sentence('no-statistics-' .. why, sheet.root)
		return
	end
	writeNumbers(sheet, data)
	writeBadges(sheet, data)
	sheet:heading('statistics-wall')
	if c.facts.isTable(data.wall) and data.wall[1] then
		sheet:say('statistics-wall-lead')
	end
	local main = require(HOME)
	sheet.box:tag('div'):wikitext(main._main(c.frame, { show = 'wall', lang = c.args.lang }, c.config.samples))
end

return statistics
