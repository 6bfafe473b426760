-- The card: the numbers for all time and by year, the badges with their reasons, the goal, and
-- the way to the next tier.
require('strict')

local MOST_BADGES = 60
local MOST_YEARS = 6 -- of which all numbers are told; the rest are a link away
local MOST_PAGES = 24 -- links to data pages of works; the rest are a link away
local MOST_GIVEN = 3 -- links to the evidence of one badge

local card = {}

local function note(c, box, wikitext)
	c.looks:add(box, 'div', 'note'):wikitext(wikitext)
end

-- Numbers --------------------------------------------------------------------------------------

local function renderNumber(c, parent, value, label)
	local box = parent:tag('div')
	c.looks:add(box, 'div', 'value'):wikitext(c.words:show(value))
	c.looks:add(box, 'div', 'label'):wikitext(label)
end

-- Return issues, wishes, patches and reviews as texts; without what is hidden, and but for issues
-- without what there is none of.
local function split(c, numbers)
	local parts = {}
	for _, field in ipairs({ 'issues', 'wishes', 'patches', 'reviews' }) do
		local value = numbers[field]
		if value and (value > 0 or field == 'issues') then
			parts[#parts + 1] = c.words:text(field, value)
		end
	end
	return parts
end

local function renderNumbers(c, box)
	local total, words = c.person.total, c.words
	local numbers = c.looks:add(box, 'div', 'numbers')
	renderNumber(c, numbers, total.together, words:text('together-label', total.together))
	if total.score then
		local key = c.person.estimate and 'score-estimate-label' or 'score-label'
		local label = words:text(key, total.score, { wikitext = c.config.root })
		renderNumber(c, numbers, total.score, c.looks:underline(label))
	end
	c.looks:add(box, 'div', 'split'):wikitext(words:join(split(c, total)))
end

-- Say what was done in a year, both together first if there are both, as above.
local function describeYear(c, year)
	local parts = split(c, year)
	if year.wishes > 0 then
		table.insert(parts, 1, c.words:text('together', year.together))
	end
	if year.score then
		local key = c.person.estimate and 'score-estimate' or 'score'
		parts[#parts + 1] = c.words:text(key, year.score)
	end
	return c.words:join(parts)
end

-- Return the years; of an account used at work, whose works are in no number, those with a number.
local function chooseYears(c)
	return c.facts.filter(c.person.years, function(year)
		local sum = 0
		for _, field in ipairs(c.facts.fields) do
			sum = sum + (year[field] or 0)
		end
		return sum > 0 or not c.person.staff
	end)
end

-- The years, the newest first. One year alone says nothing that the total does not.
local function renderYears(c, box)
	local years, items = chooseYears(c), {}
	if not years[2] then
		return
	end
	for index = #years, math.max(#years - MOST_YEARS + 1, 1), -1 do
		local name = c.looks:wrap('span', 'year-name', c.words:year(years[index].year))
		local text = c.looks:wrap('span', 'year-text', describeYear(c, years[index]))
		items[#items + 1] = c.looks:wrap('li', 'year', name .. ' ' .. text)
	end
	if #years > MOST_YEARS then
		local page = c.facts.pageOf(c.config, 'people/' .. c.name .. '.json')
		local more = c.words:link(page, c.words:text('more-years', #years - MOST_YEARS))
		items[#items + 1] = c.looks:wrap('li', 'year', more)
	end
	c.looks:add(box, 'ul', 'years')
		:attr('aria-label', c.words:find('years'))
		:wikitext(table.concat(items))
end

-- Badges ---------------------------------------------------------------------------------------

-- Say which tier, since when, how many times, and whether nobody can reach it any more.
local function describeTier(c, badge)
	local text = c.badges.tier(c, badge.tier)
	if badge.since then
		text = { wikitext = c.words:text('tier-since', text, { wikitext = c.words:day(badge.since) }) }
	end
	if badge.times and badge.times > 1 then
		text = { wikitext = c.words:text('tier-times', text, badge.times) }
	end
	if badge.state == 'paused' or badge.state == 'retired' then
		text = { wikitext = c.words:text('tier-closed', text) }
	end
	return text.wikitext
end

-- Link to what a badge was given for.
local function linkEvidence(c, badge)
	local links = {}
	for _, given in ipairs(c.person.given) do
		if given.badge == badge.id and #links < MOST_GIVEN then
			local address = c.facts.safeAddress(given.evidence)
			links[#links + 1] = string.format('[%s %s]', address, c.words:text('review-evidence'))
		end
	end
	return links
end

-- Say what was found, and what the tier takes; nil where a single one is enough, and is all.
local function describeFound(c, badge)
	local value, line = badge.value, badge.line
	if not (value and c.facts.isCount(line)) or line <= 1 and (value <= 1 or not badge.next) then
		return nil
	end
	local key = badge.times and 'badge-largest' or 'badge-so-far'
	return c.words:text(key, value, line, c.badges.tier(c, badge.tier))
end

-- Say why: what the badge is for, what was found, and where it was given by people, the evidence.
local function describeWhy(c, badge)
	local parts = linkEvidence(c, badge)
	local found = describeFound(c, badge)
	if found then
		table.insert(parts, 1, found)
	end
	local description = 'badge-' .. badge.id .. '-description'
	if c.words:find(description) then
		table.insert(parts, 1, c.words:text(description))
	end
	return c.words:join(parts)
end

local function renderBadge(c, badge, medals)
	medals[badge.tier] = medals[badge.tier]
		or tostring(c.badges.medal(c, mw.html.create(), badge.tier):attr('aria-hidden', 'true'))
	local looks, why = c.looks, describeWhy(c, badge)
	local text = looks:wrap('span', 'badge-name', c.badges.name(c, badge).wikitext)
		.. looks:wrap('span', 'badge-tier', describeTier(c, badge))
		.. (why ~= '' and looks:wrap('span', 'badge-about', why) or '')
	return looks:wrap('li', 'badge', medals[badge.tier] .. looks:wrap('span', 'badge-text', text))
end

local function renderBadges(c, box)
	local earned = c.facts.filter(c.person.badges, function(badge) return badge.tier > 0 end)
	if not earned[1] then
		return
	end
	local items, medals = {}, {}
	for index = 1, math.min(#earned, MOST_BADGES) do
		items[index] = renderBadge(c, earned[index], medals)
	end
	c.looks:add(box, 'ul', 'badges')
		:attr('aria-label', c.words:find('badges'))
		:wikitext(table.concat(items))
	if #earned > MOST_BADGES then
		note(c, box, c.words:text('more-badges', #earned - MOST_BADGES))
	end
end

-- The goal and the way on ----------------------------------------------------------------------

local function renderGoal(c, box)
	local goal = c.person.goal
	if not goal then
		return
	end
	local what = { wikitext = c.words:text('goal-' .. goal.field, goal.now, goal.target) }
	local day = goal.day and { wikitext = c.words:day(goal.day) }
	local key = goal.now >= goal.target and 'goal-reached' or day and 'goal-until' or 'goal'
	local row = c.looks:add(box, 'div', 'next'):wikitext(c.words:text(key, what, day))
	c.looks:bar(row, goal.now / goal.target)
end

local function renderNext(c, box)
	local nearest = c.badges.nearest(c)[1]
	if nearest then
		local badge = nearest.badge
		local missing = badge.more or math.ceil(badge.next - badge.value)
		local tier = c.badges.tier(c, badge.tier + 1)
		local row = c.looks:add(box, 'div', 'next')
		row:wikitext(c.words:text('next-tier', missing, c.badges.name(c, badge), tier))
		c.looks:bar(row, nearest.done)
	end
end

local function isTier(c, value)
	return c.facts.isWhole(value) and value >= 1 and value <= c.badges.highest
end

-- Say calmly of each badge which tier waits for rules to be old enough, and which one was lost.
local function renderTurns(c, box)
	local facts, words = c.facts, c.words
	for index = 1, math.min(#c.person.badges, MOST_BADGES) do
		local badge = c.person.badges[index]
		local taken = facts.isTable(badge.taken) and badge.taken or {}
		if isTier(c, badge.waits) then
			note(c, box, words:text('tier-waits', c.badges.name(c, badge), c.badges.tier(c, badge.waits)))
		end
		if isTier(c, taken.tier) and facts.isCount(taken.line) and facts.isCount(taken.value) then
			local tier = c.badges.tier(c, taken.tier)
			note(c, box, words:text('tier-taken', c.badges.name(c, badge), tier, taken.value, taken.line))
		end
	end
end

-- Links ----------------------------------------------------------------------------------------

-- Return the newest data pages of works by year, { { year, names }, … }, the newest first.
local function groupPages(works)
	local groups = {}
	for index = #works, math.max(#works - MOST_PAGES + 1, 1), -1 do
		local year = works[index]:sub(1, 4)
		local group = groups[#groups]
		if not group or group.year ~= year then
			group = { year = year, names = {} }
			groups[#groups + 1] = group
		end
		group.names[#group.names + 1] = works[index]
	end
	return groups
end

local function linkPage(c, name, text)
	return c.words:link(c.facts.pageOf(c.config, c.facts.workPage(c.name, name)), text)
end

-- Link to the data page of a year; of a year with several, to each by its month: 2025 (3-2 · 3 · 2).
local function linkYear(c, group)
	local words, year = c.words, c.words:year(group.year)
	if #group.names == 1 and group.names[1] == group.year then
		return linkPage(c, group.year, year)
	end
	local links = {}
	for index, name in ipairs(group.names) do
		local month = words:year((name:sub(6):gsub('^0', '')))
		links[index] = linkPage(c, name, month == '' and year or '<bdi>' .. month .. '</bdi>')
	end
	return words:text('pages-of-year', { wikitext = year }, { wikitext = words:join(links) })
end

-- Link to the data pages of works, the newest first, and to the list of all where that is not all.
local function linkPages(c)
	local works, links = c.person.works, {}
	for index, group in ipairs(groupPages(works)) do
		links[index] = linkYear(c, group)
	end
	if #works > MOST_PAGES then
		local all = c.facts.pageOf(c.config, 'people/' .. c.name .. '/work-')
		links[#links + 1] = c.words:link('Special:PrefixIndex/' .. all, c.words:text('more-pages', #works - MOST_PAGES))
	end
	return links
end

-- Link to the pages of works, and to what the numbers mean.
local function renderLinks(c, box)
	local words = c.words
	local row = c.looks:add(box, 'div', 'links')
	local pages = linkPages(c)
	if pages[1] then
		local key = c.person.total.score and 'why-these-points' or 'which-works'
		local links = c.looks:wrap('span', 'link', words:join(pages))
		row:tag('span'):wikitext(words:text(key, { wikitext = links }))
	end
	row:tag('span'):wikitext(words:link(c.config.root, words:text('about')))
end

function card.render(c)
	local words, looks = c.words, c.looks
	local box = looks:root('div', 'card', words)
		:attr('role', 'group')
		:attr('aria-label', words:label('title', c.name))
	local head = looks:add(box, 'div', 'head')
	looks:add(head, 'span', 'title'):wikitext(words:text('title'))
	looks:add(head, 'span', 'name'):wikitext(words:link('User:' .. c.name, words:show(c.name)))
	renderNumbers(c, box)
	renderYears(c, box)
	renderBadges(c, box)
	renderGoal(c, box)
	if c.person.staff then
		note(c, box, words:text('staff'))
	else
		renderNext(c, box)
	end
	renderTurns(c, box)
	if c.person.unconfirmed > 0 then
		note(c, box, words:text('unconfirmed', c.person.unconfirmed))
	end
	renderLinks(c, box)
	return looks:finish(box)
end

return card
