-- One bare number, for use in other templates: 1153.2, as #expr takes it. Nothing at all where it
-- is not shown; then the preview says why.
require('strict')

local MOST = 60 -- characters of a parameter that are shown

local number = {}

local function warn(c, key, value)
	mw.addWarning(c.words:text(key, mw.ustring.sub(value, 1, MOST)))
	return ''
end

local function countBadges(person)
	local count = 0
	for _, badge in ipairs(person.badges) do
		count = count + (badge.tier > 0 and 1 or 0)
	end
	return count
end

-- Return the number of a year, nil if it is hidden. Who shows years, and none of that number, has
-- done nothing in it.
local function findOfYear(person, field, wanted)
	for _, year in ipairs(person.years or {}) do
		if year.year == wanted then
			return year[field]
		end
	end
	return person.years and person.total[field] and 0
end

-- Return the number that args.field and args.year ask for, or nil, the message that says why
-- not, and what it is about.
local function choose(c, field)
	local isField = field == 'badges'
	for _, known in ipairs(c.facts.fields) do
		isField = isField or known == field
	end
	if not isField then
		return nil, 'no-such-field', field
	end
	local year = c.args.year
	if not year then
		local value = field == 'badges' and countBadges(c.person) or c.person.total[field]
		return value, 'not-shown', field
	elseif not year:find('^%d%d%d%d$') then
		return nil, 'no-year', year
	elseif field == 'badges' then
		return nil, 'not-by-year', field
	end
	return findOfYear(c.person, field, tonumber(year)), 'not-shown', field
end

-- Render the number; with args.format = yes as the language writes it.
function number.render(c)
	local value, why, about = choose(c, (c.args.field or 'together'):lower())
	if not value then
		return warn(c, why, about)
	end
	return c.args.format == 'yes' and c.words:show(value) or string.format('%.15g', value)
end

return number
