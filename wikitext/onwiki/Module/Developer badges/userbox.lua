-- A userbox, in the manner of {{Userbox}} and beside others of its kind: how many issues and
-- wishes, or one badge. The sentence says all; its side is a picture made of text that links to the
-- portal, as the pictures of userboxes do.
require('strict')

local badges = require('Module:Developer badges/badges')

local userbox = {}

-- Return the picture as wikitext, linked: the number, or the medal of *badge*.
local function drawSide(c, badge)
	local side = c.looks:dress(mw.html.create('span'), 'userbox-side')
		:attr('role', 'img')
		:attr('aria-label', c.words:find('title'))
	if badge then
		c.looks:dress(c.badges.medal(c, side, badge.tier), 'userbox-medal')
	else
		side:wikitext(c.words:show(c.person.total.together))
	end
	return c.words:link(c.config.root, tostring(side))
end

local function describe(c, badge)
	if badge then
		return c.words:text('userbox-badge', c.name, c.badges.name(c, badge), c.badges.tier(c, badge.tier))
	end
	return c.words:text('userbox', c.name, c.person.total.together)
end

-- Render the box; with args.badge that of one badge.
function userbox.render(c)
	local words, looks = c.words, c.looks
	if c.person.staff then
		return looks:sentence(words, 'staff')
	end
	local badge = c.args.badge and badges.wanted(c)
	if c.args.badge and not (badge and badge.tier > 0) then
		return looks:say(words, badges.notShown(c))
	end
	local box = looks:root('div', 'userbox', words)
		:attr('role', 'group')
		:attr('aria-label', words:label('title', c.name))
	looks:add(box, 'div', 'userbox-picture'):wikitext(drawSide(c, badge))
	looks:markExample(looks:add(box, 'div', 'userbox-text'), 'div'):wikitext(describe(c, badge))
	return looks:finish(box)
end

return userbox
