-- The words of Developer badges in the language of the page: messages from i18n/<language>.json
-- with $1, $2, … and {{PLURAL:$1|one|other}}, numbers and days as that language writes them.
require('strict')

local LAST_RESORT = 'en'

local Words = {}
Words.__index = Words

local words = {}

-- Choosing -------------------------------------------------------------------------------------

-- The reader's language where the wiki offers it (1.43 and newer), else that of the page.
local function askPage(frame)
	local major, minor = mw.site.currentVersion:match('^(%d+)%.(%d+)')
	if major and tonumber(major) * 1000 + tonumber(minor) >= 1043 then
		return frame:preprocess('{{USERLANGUAGE}}')
	end
	return frame:preprocess('{{PAGELANGUAGE}}')
end

-- Choose the first language of which there are messages: the one asked for, that of the page,
-- their fallbacks, English. A missing message comes from the next one in that row.
function words.choose(frame, home, wanted, offered)
	local isOffered = { [LAST_RESORT] = true }
	for _, code in ipairs(offered) do
		isOffered[code] = true
	end
	local row, seen = {}, {}
	local function add(code)
		if isOffered[code] and not seen[code] then
			seen[code] = true
			row[#row + 1] = code
		end
	end
	for _, code in ipairs({ wanted or askPage(frame), askPage(frame), LAST_RESORT }) do
		code = code:lower()
		add(code)
		if mw.language.isKnownLanguageTag(code) then
			for _, fallback in ipairs(mw.language.getFallbacksFor(code)) do
				add(fallback)
			end
		end
	end
	return setmetatable({
		code = row[1],
		language = mw.language.new(row[1]),
		row = row,
		home = home,
		messages = {},
	}, Words)
end

-- Messages -------------------------------------------------------------------------------------

-- Return a message as it is written, or nil.
function Words:find(key)
	for _, code in ipairs(self.row) do
		if not self.messages[code] then
			local ok, data = pcall(mw.loadJsonData, self.home .. code .. '.json')
			self.messages[code] = ok and data or {}
		end
		local message = self.messages[code][key]
		if type(message) == 'string' then
			return message
		end
	end
	return nil
end

-- Turn a parameter into wikitext: numbers as the language writes them, { wikitext = … } as it
-- is, any other text with nothing in it that MediaWiki would act upon.
function Words:show(value)
	if type(value) == 'number' then
		return self.language:formatNum(value)
	elseif type(value) == 'table' and type(value.wikitext) == 'string' then
		return value.wikitext
	elseif type(value) == 'string' then
		return '<bdi>' .. mw.text.nowiki(value) .. '</bdi>'
	end
	return ''
end

-- Return a message with its parameters filled in; its key if there is no such message.
function Words:text(key, ...)
	local message = self:find(key)
	if not message then
		return '<code>' .. mw.text.nowiki(key) .. '</code>'
	end
	local values = { ... }
	message = message:gsub('{{PLURAL:%$(%d)|([^{}]*)}}', function(index, forms)
		local count = tonumber(values[tonumber(index)]) or 0
		return self.language:plural(count, mw.text.split(forms, '|', true))
	end)
	message = message:gsub('%$(%d)', function(index)
		return self:show(values[tonumber(index)])
	end)
	return message
end

-- Join parts with the dot of this language between them.
function Words:join(parts)
	return table.concat(parts, self:text('separator'))
end

-- Link to a page of this wiki: the title has been through mw.title, the text is wikitext.
function Words.link(_, title, text)
	return string.format('[[:%s|%s]]', title, text)
end

-- Write a day: 2025-03-04 → 4 March 2025.
function Words:day(day)
	local ok, text = pcall(self.language.formatDate, self.language, self:text('date-format'), day)
	return ok and text or day
end

return words
