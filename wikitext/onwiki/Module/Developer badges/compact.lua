-- The numbers and badges of a person in one line.
require('strict')

local MOST = 30 -- badges in a line

local compact = {}

-- Return the badges as texts, the best first, and at last how many more there are.
local function listBadges(c)
	local held, texts = c.badges.held(c), {}
	for index = 1, math.min(#held, MOST) do
		local badge = held[index]
		texts[index] = c.words:text('badge-and-tier', c.badges.name(c, badge), c.badges.tier(c, badge.tier))
	end
	if #held > MOST then
		texts[MOST + 1] = c.words:text('more-badges', #held - MOST)
	end
	return texts
end

function compact.render(c)
	local total, words = c.person.total, c.words
	local parts = {}
	-- Anybody may show anybody's badges: so say whose they are, but on the person's own page.
	if c.facts.ownerOfPage() ~= c.name then
		parts[1] = words:show(c.name)
	end
	if c.person.staff then
		parts[#parts + 1] = words:text('staff')
	else
		parts[#parts + 1] = words:text('together', total.together)
	end
	if total.score and not c.person.staff then
		parts[#parts + 1] = words:text(c.person.estimate and 'score-estimate' or 'score', total.score)
	end
	for _, text in ipairs(listBadges(c)) do
		parts[#parts + 1] = text
	end
	local line = c.looks:root('span', 'compact', words)
	c.looks:add(line, 'span', 'compact-title')
		:wikitext(words:link(c.config.root, words:text('title')))
	line:wikitext(words:join(parts))
	return c.looks:finish(line)
end

return compact
