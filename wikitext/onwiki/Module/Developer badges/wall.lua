-- The wall of thanks: the people who asked to stand on it, in the order of the page, from that one
-- page however many they are. No order of merit, and nothing of who did not ask.
require('strict')

local MOST = 500

local wall = {}

-- Return the entries that are as they should be, each with the name as MediaWiki writes it, and how
-- many people are left out, by the bot (data.more) or here.
local function readEntries(facts, data)
	local entries, left = {}, facts.isWhole(data.more) and data.more or 0
	for _, entry in ipairs(facts.filter(data.wall, facts.isTable)) do
		if entries[MOST] then
			left = left + 1
		else
			local name = facts.isText(entry.person) and facts.normalizeName(entry.person)
			if name then
				entries[#entries + 1] = {
					name = name,
					together = facts.isWhole(entry.together) and entry.together or nil,
					badges = facts.isWhole(entry.badges) and entry.badges or nil,
				}
			end
		end
	end
	return entries, left
end

local function describe(c, entry)
	local name = c.looks:dress(mw.html.create('span'), 'link')
		:wikitext(c.words:link('User:' .. entry.name, c.words:show(entry.name)))
	local link = { wikitext = tostring(name) }
	if entry.together and entry.badges then
		return c.words:text('wall-entry-badges', link, entry.together, entry.badges)
	elseif entry.together then
		return c.words:text('wall-entry', link, entry.together)
	end
	return link.wikitext
end

-- Render the wall from statistics.json; a calm sentence while nobody stands on it.
function wall.render(c)
	local words, looks = c.words, c.looks
	local root = { wikitext = c.config.root }
	local data, why = c.facts.readPage(c.config, 'statistics.json')
	if not data and why ~= 'unknown' then
		return looks:sentence(words, 'wall-' .. why, root)
	end
	local entries, left = readEntries(c.facts, data or {})
	if not entries[1] then
		return looks:sentence(words, 'wall-empty', root)
	end
	local box = looks:root('div', 'wall', words)
	local list = looks:add(box, 'ul', 'wall-names'):attr('aria-label', words:find('wall'))
	for _, entry in ipairs(entries) do
		looks:add(list, 'li', 'wall-name'):wikitext(describe(c, entry))
	end
	if left > 0 then
		looks:add(box, 'div', 'note'):wikitext(words:text('wall-more', left))
	end
	return looks:finish(box)
end

return wall
