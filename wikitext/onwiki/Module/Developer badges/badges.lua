-- Badges: what the smaller views say of one, and which of them they are about.
require('strict')

local MEDALS = { 'I', 'II', 'III', 'IV' }
local MOST = 64 -- characters of a badge asked for that are shown

local badges = { highest = #MEDALS }

-- Return the name of a badge as wikitext.
function badges.name(c, badge)
	return { wikitext = c.words:name('badge-' .. badge.id .. '-name', badge.name or badge.id) }
end

-- Return the name of a badge as a label inside a link needs it: nothing that could end either.
function badges.plainName(c, badge)
	local name = c.words:find('badge-' .. badge.id .. '-name') or badge.name or badge.id
	return { wikitext = (name:gsub('[%[%]{}|<>\n]', ' ')) }
end

-- Return the name of a tier: bronze, silver, …
function badges.tier(c, tier)
	return { wikitext = c.words:text('tier-' .. tier) }
end

-- Add the medal of a tier to *parent*. It is a picture made of text, so its words stand elsewhere.
function badges.medal(c, parent, tier)
	local medal = c.looks:add(parent, 'span', 'medal')
	return c.looks:dress(medal, 'tier-' .. tier):wikitext(MEDALS[tier])
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

-- Return the badges held, the best tiers first, else in the order of the catalogue.
function badges.held(c)
	local held = {}
	for tier = badges.highest, 1, -1 do
		for _, badge in ipairs(c.person.badges) do
			if badge.tier == tier then
				held[#held + 1] = badge
			end
		end
	end
	return held
end

-- Say that the badge asked for is not shown: hidden and never earned look the same.
function badges.notShown(c)
	local id = mw.ustring.sub(c.args.badge, 1, MOST)
	return c.words:text('badge-not-shown', c.name, { wikitext = c.words:name('badge-' .. id .. '-name', id) })
end

return badges
