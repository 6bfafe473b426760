-- The way to the next tiers: those that are nearest, each with what it asks. Never a rank.
require('strict')

local badges = require('Module:Developer badges/badges')

local MOST = 3

local nextTiers = {}

local function renderStep(c, list, badge, done)
	local item = c.looks:add(list, 'li', 'step')
	c.looks:add(item, 'div', 'badge-name'):wikitext(c.badges.name(c, badge).wikitext)
	local description = 'badge-' .. badge.id .. '-description'
	if c.words:find(description) then
		c.looks:add(item, 'div', 'badge-about'):wikitext(c.words:text(description))
	end
	c.looks:bar(item, done)
	local way = c.looks:add(item, 'div', 'badge-tier')
	local tier = c.badges.tier(c, badge.tier + 1)
	if badge.times then
		way:wikitext(c.words:text('next-largest', badge.value, badge.next, tier))
	else
		local missing = badge.more or math.ceil(badge.next - badge.value)
		way:wikitext(c.words:text('next-step', badge.value, badge.next, missing, tier))
	end
end

local function choose(c)
	-- Only who asks for a badge by name is told of a tier that no step brings nearer.
	if not c.args.badge then
		return c.badges.nearest(c)
	end
	local badge = badges.wanted(c)
	local done = badge and c.badges.way(badge)
	return done and { { badge = badge, done = done } } or {}
end

local function renderSteps(c, box, chosen)
	local list = c.looks:add(box, 'ul', 'steps')
	for index, one in ipairs(chosen) do
		if index <= MOST then
			renderStep(c, list, one.badge, one.done)
		end
	end
end

-- Say why there is no step: a badge that is not shown, or one with no tier left.
local function explain(c)
	if not c.args.badge then
		return c.words:text('next-none', c.name)
	end
	local badge = badges.wanted(c)
	return badge and c.words:text('next-none-of', c.badges.name(c, badge)) or badges.notShown(c)
end

-- Render the nearest three; with args.badge the one of that badge.
function nextTiers.render(c)
	local words, looks = c.words, c.looks
	if c.person.staff then
		return looks:sentence(words, 'staff')
	end
	local chosen = choose(c)
	if not chosen[1] then
		return looks:say(words, explain(c))
	end
	local box = looks:root('div', 'card', words)
		:attr('role', 'group')
		:attr('aria-label', words:label('next-title', c.name))
	local head = looks:add(box, 'div', 'head')
	looks:add(head, 'span', 'title'):wikitext(words:text('next-title'))
	looks:add(head, 'span', 'name'):wikitext(words:link('User:' .. c.name, words:show(c.name)))
	renderSteps(c, box, chosen)
	looks:add(box, 'div', 'links'):tag('span')
		:wikitext(words:link(c.config.root, words:text('about')))
	return looks:finish(box)
end

return nextTiers
