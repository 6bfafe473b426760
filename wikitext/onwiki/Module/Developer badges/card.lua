-- The card: the numbers for all time and by year, the badges with their reasons, the goal, and
-- the way to the next tier.
require('strict')

local MOST_BADGES = 60
local MOST_YEARS = 6 -- of which all numbers are told; the rest are a link away
local MOST_PAGES = 24 -- links to pages of works
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
		renderNumber(c, numbers, total.score, words:text(key, total.score, { wikitext = c.config.root }))
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

-- The years, the newest first. One year alone says nothing that the total does not.
local function renderYears(c, box)
	local years, items = c.person.years or {}, {}
	if not years[2] then
		return
	end
	for index = #years, math.max(#years - MOST_YEARS + 1, 1), -1 do
		local name = c.looks:wrap('span', 'year-name', tostring(years[index].year))
		local text = c.looks:wrap('span', 'year-text', describeYear(c, years[index]))
		items[#items + 1] = c.looks:wrap('li', 'year', name .. ' ' .. text)
	end
	if #years > MOST_YEARS then
		local page = string.format('User:%s/Developer badges/people/%s.json', c.config.bot, c.name)
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

-- Link to what a badge was given for. Two underscores could be a word that MediaWiki acts upon.
local function linkEvidence(c, badge)
	local links = {}
	for _, given in ipairs(c.person.given) do
		if given.badge == badge.id and #links < MOST_GIVEN then
			local address = given.evidence:gsub('__', '_%%5F')
			links[#links + 1] = string.format('[%s %s]', address, c.words:text('review-evidence'))
		end
	end
	return links
end

-- Say why: what the badge is for, and where it was given by people, the evidence.
local function describeWhy(c, badge)
	local parts = linkEvidence(c, badge)
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

-- Find the badge whose next tier is nearest, and how much of the way is done. Where the largest
-- value decides ("times"), there is no way to go by.
local function findNearest(c)
	local nearest, done = nil, -1
	for _, badge in ipairs(c.person.badges) do
		local part = badge.next and badge.value and not badge.times and badge.value / badge.next
		if part and part < 1 and part > done and badge.tier < c.badges.highest then
			nearest, done = badge, part
		end
	end
	return nearest, done
end

local function renderNext(c, box)
	local badge, done = findNearest(c)
	if badge then
		local missing = badge.more or math.ceil(badge.next - badge.value)
		local tier = c.badges.tier(c, badge.tier + 1)
		local row = c.looks:add(box, 'div', 'next')
		row:wikitext(c.words:text('next-tier', missing, c.badges.name(c, badge), tier))
		c.looks:bar(row, done)
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

-- Link to the pages of works, the newest if there are many, and to what the numbers mean.
local function renderLinks(c, box)
	local words = c.words
	local row = c.looks:add(box, 'div', 'links')
	local pages, works = {}, c.person.works
	for index = math.max(#works - MOST_PAGES + 1, 1), #works do
		local page = 'User:%s/Developer badges/people/%s/work-%s.json'
		pages[#pages + 1] = words:link(page:format(c.config.bot, c.name, works[index]), works[index])
	end
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
		:attr('aria-label', (words:find('title') or '') .. ': ' .. c.name)
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
