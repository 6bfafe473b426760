-- Badges: which of them the smaller views are about. What all views say of one is in c.badges.
require('strict')

local MOST = 64 -- characters of a badge asked for that are shown

local badges = {}

-- Return the name of a badge as a label inside a link needs it: nothing that could end either.
function badges.plainName(c, badge)
	local name = c.words:find('badge-' .. badge.id .. '-name') or badge.name or badge.id
	return { wikitext = (name:gsub('[%[%]{}|<>\n]', ' ')) }
end

-- Return the badge that args.badge asks for, nil if the person's page shows none of that id.
function badges.wanted(c)
	for _, badge in ipairs(c.person.badges) do
		if badge.id == c.args.badge then
			return badge
		end
	end
	return nil
end

-- Say that the badge asked for is not shown: hidden and never earned look the same.
function badges.notShown(c)
	local id = mw.ustring.sub(c.args.badge, 1, MOST)
	return c.words:text('badge-not-shown', c.name, { wikitext = c.words:name('badge-' .. id .. '-name', id) })
end

return badges
