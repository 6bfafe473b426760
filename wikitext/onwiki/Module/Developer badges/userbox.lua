-- A userbox, in the manner of {{Userbox}} and beside others of its kind: how many issues and
-- wishes, or one badge. The sentence says all; what stands at its side is for the eyes only.
require('strict')

local badges = require('Module:Developer badges/badges')

local userbox = {}

local function renderBadge(c, side, badge)
	c.looks:dress(c.badges.medal(c, side, badge.tier), 'userbox-medal')
	local root = { wikitext = c.config.root }
	local tier = c.badges.tier(c, badge.tier)
	return c.words:text('userbox-badge', c.name, c.badges.name(c, badge), tier, root)
end

-- Render the box; with args.badge that of one badge.
function userbox.render(c)
	local words, looks = c.words, c.looks
	if c.person.staff then
		return looks:sentence(words, 'staff')
	end
	local badge = c.args.badge and badges.wanted(c)
	if c.args.badge and not (badge and badge.tier > 0) then
		return looks:finish(looks:root('span', 'sentence', words):wikitext(badges.notShown(c)))
	end
	local box = looks:root('div', 'userbox', words)
		:attr('role', 'group')
		:attr('aria-label', (words:find('title') or '') .. ': ' .. c.name)
	local side = looks:add(box, 'div', 'userbox-side'):attr('aria-hidden', 'true')
	local text = looks:add(box, 'div', 'userbox-text')
	if badge then
		text:wikitext(renderBadge(c, side, badge))
	else
		local count = c.person.total.together
		side:wikitext(words:show(count))
		text:wikitext(words:text('userbox', c.name, count, { wikitext = c.config.root }))
	end
	return looks:finish(box)
end

return userbox
