-- Icons beside the title of the page, one a badge. Indicators are of the page, not of the text: so
-- they carry their names in a label, and what cannot be shown leaves nothing but a warning in the preview.
require('strict')

local badges = require('Module:Developer badges/badges')

local MOST = 5

local icons = {}

local function warn(wikitext)
	mw.addWarning(wikitext)
	return ''
end

-- Choose the badge asked for, else the best of those held.
local function choose(c)
	if c.args.badge then
		local badge = badges.wanted(c)
		return badge and badge.tier > 0 and { badge } or {}
	end
	local held = c.badges.held(c)
	for index = #held, MOST + 1, -1 do
		held[index] = nil
	end
	return held
end

local function renderIcon(c, badge)
	local medal = c.badges.medal(c, c.looks:root('span', 'icon', c.words), badge.tier)
	local tier, name = c.badges.tier(c, badge.tier), { wikitext = c.name }
	local label = c.words:text('icon-label', badges.plainName(c, badge), tier, name)
	medal:attr('role', 'img'):attr('aria-label', label):attr('title', label)
	return c.words:link(c.config.root, tostring(medal:allDone()))
end

-- Render the icons, at most five; with args.badge the one of that badge. They speak of whose page it
-- is: beside anybody else's name they would be taken for theirs. An example stands in the text.
function icons.render(c)
	local example = c.looks.example
	if not example and c.facts.ownerOfPage() ~= c.name then
		return warn(c.words:text('icons-where'))
	end
	local chosen, drawn = choose(c), {}
	if c.args.badge and not chosen[1] then
		return warn(badges.notShown(c))
	end
	for index, badge in ipairs(chosen) do
		drawn[index] = renderIcon(c, badge)
	end
	if example then
		local line = c.looks:root('span', 'compact', c.words)
		return c.looks:finish(line:wikitext(' ', table.concat(drawn, ' ')))
	end
	for index, badge in ipairs(chosen) do
		-- One name, one icon. MediaWiki puts icons in the order of their names: the best first.
		local name = string.format('developer-badges-%d-%s', c.badges.highest - badge.tier + 1, badge.id)
		drawn[index] = c.frame:extensionTag({ name = 'indicator', content = drawn[index], args = { name = name } })
	end
	return (drawn[1] and c.looks.tag or '') .. table.concat(drawn)
end

return icons
