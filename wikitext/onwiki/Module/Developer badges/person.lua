-- One entry of the registry, as {{Developer badges/Person}} shows it: whose it is, and its
-- options as they were written. Whether the bot accepts it stands in the report.
require('strict')

local MOST = 100 -- characters of a value that are shown

local person = {}

local function cut(value)
	value = tostring(value)
	if mw.ustring.isutf8(value) and mw.ustring.len(value) > MOST then
		return mw.ustring.sub(value, 1, MOST) .. '…'
	end
	return value
end

-- Return one option as wikitext. What is to be hidden is counted, never repeated.
local function renderOption(c, key, value)
	if tostring(key):lower() == 'hide' then
		local _, things = value:gsub('[^,%s][^,]*', '')
		return c.words:text('option-hide', things)
	end
	local label = c.words:find('option-' .. key) and { wikitext = c.words:text('option-' .. key) }
	return c.words:text('option', label or cut(key), cut(value))
end

-- Return the options as wikitext, in the order of their names.
local function renderOptions(c)
	local options = {}
	for key, value in pairs(c.args) do
		if key ~= 'user' and key ~= 1 and key ~= 'lang' then
			options[#options + 1] = { key = tostring(key), text = renderOption(c, key, value) }
		end
	end
	table.sort(options, function(a, b) return a.key < b.key end)
	local texts = {}
	for index, option in ipairs(options) do
		texts[index] = option.text
	end
	return texts
end

-- Render the entry: the name, then its options in the order of their names.
function person.render(c)
	local line = c.looks:root('span', 'person', c.words)
	local wanted = c.args.user or c.args[1]
	local name = c.facts.normalizeName(wanted)
	if name then
		line:wikitext(c.words:link('User:' .. name, c.words:show(name)))
	elseif wanted then
		line:wikitext(c.words:text('no-name', cut(wanted)))
	else
		line:wikitext(c.words:text('entry-without-name'))
	end
	local options = renderOptions(c)
	if options[1] then
		line:wikitext(' '):tag('small'):wikitext(c.words:text('options', { wikitext = c.words:join(options) }))
	end
	if name then
		-- The report names nobody whose line was refused, so no row of it can be linked to by name.
		local link = c.words:link(c.config.root .. '/Registry/Report', c.words:text('entry-report'))
		line:wikitext(' '):tag('small'):wikitext(link)
	end
	return c.looks:finish(line)
end

return person
