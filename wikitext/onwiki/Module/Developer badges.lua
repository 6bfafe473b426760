-- Implements {{Developer badges}}: the badges of one person, shown in many ways.
--
-- A bot writes facts as JSON below its user page, this module reads them, and every word comes
-- from i18n/<language>.json. Loading pages is what takes time: so the tools that all need are in
-- this one page, and each way to show badges is a page below it, loaded when it is asked for.
-- Each entry at the end is thin; what begins with an underscore can be called and tested from
-- other modules.
require('strict')

local HOME = 'Module:Developer badges'
local SHEET = 'Template:Developer badges/styles.css'
local PREFIX = 'devbadges'
local SCHEMA = 1 -- the newest form of the data pages that we know
local LAST_RESORT = 'en'
local MOST_NESTED = 3 -- {{PLURAL:$1|{{GENDER:$2|…}}|…}}
local MEDALS = { 'I', 'II', 'III', 'IV' }
local FIELDS = { 'issues', 'wishes', 'together', 'patches', 'reviews', 'score' }
local NEEDED = { issues = true, wishes = true, together = true } -- the rest may be hidden
local MOST = 100 -- characters of a name or a parameter that are shown when they make no sense
local DEFAULTS = {
	bot = 'BadgeBot',
	root = 'Project:Developer badges',
	phabricator = 'https://phabricator.wikimedia.org/',
	gerrit = 'https://gerrit.wikimedia.org/r/',
	gitlab = 'https://gitlab.wikimedia.org/',
	github = 'https://github.com/',
	wishlist = '', -- what stands before W463 in the title of a wish; empty: wishes are not linked
}

-- What show= may ask for: each is a module of that name with render(c).
local VIEWS = {
	card = true, compact = true, number = true, userbox = true, icons = true, table = true,
	next = true, wall = true,
}
-- Where no sentence has a place: what cannot be shown leaves nothing but a warning in the preview.
local SILENT = { number = true, icons = true }
-- What is about nobody in particular.
local OF_ALL = { wall = true }

-- Facts: no field is believed before it was looked at ------------------------------------------

local facts = { fields = FIELDS }

-- A number one can show: not negative, not infinite, no NaN.
function facts.isCount(value)
	return type(value) == 'number' and value >= 0 and value < 1e15
end

function facts.isWhole(value)
	return facts.isCount(value) and value % 1 == 0
end

function facts.isDay(value)
	return type(value) == 'string' and value:find('^%d%d%d%d%-[01]%d%-[0-3]%d$') ~= nil
end

function facts.isText(value)
	return type(value) == 'string' and #value <= 1000 and mw.ustring.isutf8(value)
end

-- A name that is part of a message key.
function facts.isKey(value)
	return type(value) == 'string' and #value <= 64 and value:find('^[a-z0-9][a-z0-9%-]*$') ~= nil
end

function facts.isTable(value)
	return type(value) == 'table'
end

-- An address one can link to: https, and nothing that would end the link.
function facts.isAddress(value)
	return type(value) == 'string' and #value <= 500
		and value:find('^https://[%w%-%._~:/%?#@!%$&%(%)%*%+,;=%%]+$') ~= nil
end

-- Return an address as a link on a page needs it: two underscores could be a word that MediaWiki
-- acts upon, such as __NOTOC__.
function facts.safeAddress(address)
	return (address:gsub('__', '_%%5F'))
end

-- A page of works: 2025, or 2025-03 of a full year, or 2025-03-2 of a full month.
function facts.isWorkPage(value)
	return type(value) == 'string' and #value <= 12 and (value:find('^%d%d%d%d$')
		or value:find('^%d%d%d%d%-%d%d$') or value:find('^%d%d%d%d%-%d%d%-%d+$')) ~= nil
end

-- Keep those items of a list that are as they should be.
function facts.filter(list, isGood)
	local good = {}
	for _, item in ipairs(facts.isTable(list) and list or {}) do
		if isGood(item) then
			good[#good + 1] = item
		end
	end
	return good
end

-- Return a user name as MediaWiki writes it, or nil if it can be none.
function facts.normalizeName(text)
	local title = type(text) == 'string' and mw.title.new(text, 2)
	if not title or title.namespace ~= 2 or title.isExternal or title.fragment ~= '' then
		return nil
	end
	local name = title.text
	return name ~= '' and not name:find('/', 1, true) and name or nil
end

-- Return whose user page this is, or talk page, or a page below one; nil if nobody's.
function facts.ownerOfPage()
	local page = mw.title.getCurrentTitle()
	return (page.namespace == 2 or page.namespace == 3) and facts.normalizeName(page.rootText) or nil
end

-- Return a JSON page of the kit as a table, empty if it cannot be read. mw.loadJsonData reads it
-- once a page, but is one of the expensive calls, of which a page has but a hundred: where they
-- are used up, it is read in a slower way.
function facts.loadJson(name)
	local ok, data = pcall(mw.loadJsonData, name)
	if not ok then
		local title = mw.title.new(name)
		ok, data = pcall(mw.text.jsonDecode, title and title:getContent() or '')
	end
	return ok and type(data) == 'table' and data or {}
end

-- Return the title of a data page of the bot.
function facts.pageOf(config, name)
	return 'User:' .. config.bot .. '/Developer badges/' .. name
end

-- Return the name of a data page with works of a person, for readPage and pageOf.
function facts.workPage(person, name)
	return string.format('people/%s/work-%s.json', person, name)
end

-- Read a JSON page of the bot, or return nil and why not: unknown, damaged, newer.
-- getContent() records the dependency even if the page is missing (mw.loadJsonData does not), so
-- that what shows a person before their first round refreshes itself; and it is no expensive call.
-- Examples bring samples along, { [name] = data }: then no page is read.
function facts.readPage(config, name)
	local ok, data = true
	if config.samples then
		data = config.samples[name]
	else
		local title = mw.title.new(facts.pageOf(config, name))
		data = title and title:getContent()
	end
	if data == nil then
		return nil, 'unknown'
	elseif not config.samples then
		ok, data = pcall(mw.text.jsonDecode, data)
	end
	if not ok or type(data) ~= 'table' or type(data.schema) ~= 'number' then
		return nil, 'damaged'
	end
	if data.schema > SCHEMA then
		return nil, 'newer'
	end
	return data
end

-- Numbers that are not there are hidden by the person; one that is wrong spoils the whole.
local function isNumbers(numbers)
	if type(numbers) ~= 'table' then
		return false
	end
	for _, field in ipairs(FIELDS) do
		local value = numbers[field]
		local isGood = facts.isWhole(value) or field == 'score' and facts.isCount(value)
		if not isGood and (value ~= nil or NEEDED[field]) then
			return false
		end
	end
	return true
end

local function isYear(year)
	return isNumbers(year) and facts.isWhole(year.year) and year.year >= 1000 and year.year <= 9999
end

local function isBadge(badge)
	return type(badge) == 'table'
		and facts.isKey(badge.id)
		and facts.isWhole(badge.tier) and badge.tier <= #MEDALS
		and (badge.since == nil or facts.isDay(badge.since))
		and (badge.value == nil or facts.isCount(badge.value))
		and (badge.next == nil or facts.isCount(badge.next) and badge.next > 0)
		and (badge.more == nil or facts.isWhole(badge.more))
		and (badge.times == nil or facts.isWhole(badge.times))
		and (badge.name == nil or facts.isText(badge.name))
end

local function isGiven(given)
	return type(given) == 'table' and facts.isKey(given.badge) and facts.isAddress(given.evidence)
end

-- Return a goal that can be shown: its field is among the numbers, its day is one or missing.
local function readGoal(goal, total)
	if type(goal) ~= 'table' or type(goal.field) ~= 'string' or not facts.isCount(goal.target) then
		return nil
	end
	local now
	for _, field in ipairs(FIELDS) do
		now = now or goal.field == field and total[field]
	end
	if not now or goal.target <= 0 then
		return nil
	end
	return {
		field = goal.field,
		target = goal.target,
		now = now,
		day = facts.isDay(goal.day) and goal.day or nil,
	}
end

-- Return what is known of a person, or nil and why not: unknown, left, damaged, newer. Absent is
-- what the person hides: in total and in years any number but the three counts; years; goal.
function facts.readPerson(config, name)
	local data, why = facts.readPage(config, 'people/' .. name .. '.json')
	if not data then
		return nil, why
	elseif data.state == 'left' then
		return nil, 'left'
	elseif data.state ~= 'ready' or not isNumbers(data.total) then
		return nil, 'damaged'
	end
	return {
		total = data.total,
		years = facts.isTable(data.years) and facts.filter(data.years, isYear) or nil,
		badges = facts.filter(data.badges, isBadge),
		works = facts.filter(data.works, facts.isWorkPage),
		wishes = facts.filter(data.wishes, facts.isTable),
		given = facts.filter(data.given, isGiven),
		goal = readGoal(data.goal, data.total),
		unconfirmed = facts.isWhole(data.unconfirmed) and data.unconfirmed or 0,
		estimate = data.estimate == true,
		staff = data.staff == true,
	}
end

-- Words: the messages, with $1, {{PLURAL:$1|one|other}}, {{GENDER:$1|he|she|they}} -------------

local Words = {}
Words.__index = Words

-- The reader's language where the wiki offers it (1.43 and newer), else the page's.
local function askReader(frame)
	local major, minor = mw.site.currentVersion:match('^(%d+)%.(%d+)')
	local isNew = major and tonumber(major) * 1000 + tonumber(minor) >= 1043
	return frame:preprocess(isNew and '{{USERLANGUAGE}}' or '{{PAGELANGUAGE}}')
end

-- Those whom to ask for a language, in their order. With nothing to choose from nobody is asked:
-- where readers have languages of their own, asking means a copy of the page for each.
local function listAsked(frame, wanted, offered)
	local asked = {}
	if wanted then
		asked[1] = function() return wanted end
	end
	if #offered > 1 then
		asked[#asked + 1] = function() return askReader(frame) end
		asked[#asked + 1] = function() return frame:preprocess('{{PAGELANGUAGE}}') end
		asked[#asked + 1] = function() return mw.getContentLanguage():getCode() end
	end
	return asked
end

-- Return those of a language and its fallbacks that are offered. English ends every row of
-- fallbacks; here it counts only if it is asked for, so that the next in order comes first.
local function listOffered(code, isOffered)
	local row = {}
	if isOffered[code] then
		row[1] = code
	end
	if code ~= LAST_RESORT and mw.language.isKnownLanguageTag(code) then
		for _, fallback in ipairs(mw.language.getFallbacksFor(code)) do
			if isOffered[fallback] and (fallback ~= LAST_RESORT or code:find('^en%-')) then
				row[#row + 1] = fallback
			end
		end
	end
	return row
end

-- Choose the language: the one wanted, the reader's, the page's, the wiki's, English. The first
-- of these of which there are messages, or of one of its fallbacks. A message that it lacks comes
-- from the next of its fallbacks, at last from English.
function Words.choose(frame, wanted, offered)
	local isOffered = { [LAST_RESORT] = true }
	for _, code in ipairs(offered) do
		isOffered[code] = true
	end
	local row = {}
	for _, ask in ipairs(listAsked(frame, wanted, offered)) do
		row = listOffered(ask():lower(), isOffered)
		if row[1] then
			break
		end
	end
	if row[#row] ~= LAST_RESORT then
		row[#row + 1] = LAST_RESORT
	end
	return Words.new(row)
end

-- Create words of the first of these languages, with the others for what it lacks.
function Words.new(row)
	local language = mw.language.new(row[1])
	return setmetatable({
		code = row[1],
		language = language,
		direction = language:getDir(),
		row = row,
		messages = {},
		numbers = {},
	}, Words)
end

-- Return a message as it is written, or nil.
function Words:find(key)
	for _, code in ipairs(self.row) do
		self.messages[code] = self.messages[code]
			or facts.loadJson(HOME .. '/i18n/' .. code .. '.json')
		local message = self.messages[code][key]
		if type(message) == 'string' then
			return message
		end
	end
	return nil
end

-- Say whether the words can be relied on: a language that nobody has reviewed says so itself.
function Words:isReviewed()
	self:find('title')
	local about = self.messages[self.row[1]]['@metadata']
	return not (type(about) == 'table' and about.reviewed == false)
end

-- Return any text as wikitext that means nothing, on one line: a blank line would end a paragraph.
function Words.escape(text)
	return mw.text.nowiki((text:gsub('%s+', ' ')))
end

-- Turn a parameter into wikitext: numbers as the language writes them, { wikitext = … } as it
-- is, any other text with nothing in it that MediaWiki would act upon. What may run in the other
-- direction than the words around it stands in a bdi.
function Words:show(value)
	if type(value) == 'number' then
		local number = self.numbers[value]
		if not number then
			number = self.language:formatNum(value)
			number = self.direction == 'rtl' and '<bdi>' .. number .. '</bdi>' or number
			self.numbers[value] = number
		end
		return number
	elseif type(value) == 'table' and type(value.wikitext) == 'string' then
		return value.wikitext
	elseif type(value) == 'string' then
		return '<bdi dir="auto">' .. Words.escape(value) .. '</bdi>'
	end
	return ''
end

local CHOICES = {}

-- Choose the form for a number; 12=a dozen is for that number alone.
function CHOICES.PLURAL(language, value, forms)
	return language:plural(tonumber(value) or 0, forms)
end

-- Choose the form for a user, by what they set in their preferences; the last or the first form
-- (as MediaWiki does) where they set nothing, or where there is no such user.
function CHOICES.GENDER(language, value, forms)
	if type(value) == 'table' then
		value = value.name
	end
	return language:gender(type(value) == 'string' and #value <= 255 and value or '', forms)
end

-- Return the digits of the language by ours, empty where they are the same. Asked for once: to have
-- each year written by MediaWiki takes longer.
local function listDigits(language)
	local digits, row = {}, language:formatNum(1234567890, { noCommafy = true })
	if row ~= '1234567890' and mw.ustring.len(row) == 10 then
		for index = 1, 10 do
			digits[tostring(index % 10)] = mw.ustring.sub(row, index, index)
		end
	end
	return digits
end

-- Write a year, or a text like 2025-03, in the digits of the language: never as 2,025.
function Words:year(year)
	self.digits = self.digits or listDigits(self.language)
	return (tostring(year):gsub('%d', self.digits))
end

-- Return the label of a box about somebody, for screen readers: "Developer badges: Ada Example".
function Words:label(key, name)
	return self:text('label', { wikitext = self:find(key) or '' }, { wikitext = name })
end

-- Return a message with its parameters filled in; its key if there is no such message.
function Words:text(key, ...)
	local message = self:find(key)
	if not message then
		return '<code>' .. Words.escape(key) .. '</code>'
	end
	if not message:find('[${]') then -- most are plain, and a card has many
		return message
	end
	local values = { ... }
	for _ = 1, message:find('{{', 1, true) and MOST_NESTED or 0 do
		local found
		message, found = message:gsub('{{(%a+):%$(%d)|([^{}]*)}}', function(what, index, forms)
			local choose = CHOICES[what:upper()]
			return choose and choose(self.language, values[tonumber(index)], mw.text.split(forms, '|', true))
		end)
		if found == 0 then
			break
		end
	end
	return (message:gsub('%$(%d)', function(index)
		return self:show(values[tonumber(index)])
	end))
end

-- Return a message if there is one, else the plain name it would have stood for.
function Words:name(key, plain)
	return self:find(key) and self:text(key) or self:show(plain)
end

-- Join parts with what this language puts between them.
function Words:join(parts)
	return table.concat(parts, self:text('separator'))
end

-- Write a day: 2025-03-04 → 4 Mar 2025.
function Words:day(day)
	local ok, text = pcall(self.language.formatDate, self.language, self:text('date-format'), day)
	return ok and text or day
end

-- Link to a page of this wiki. The title has been through mw.title, the text is wikitext.
function Words.link(_, title, text)
	return string.format('[[:%s|%s]]', title, text)
end

-- Looks: the sheet, in one of two ways ---------------------------------------------------------

local Looks = {}
Looks.__index = Looks

-- With the extension TemplateStyles elements carry classes and the sheet comes along; without it
-- the plain rules of the very same sheet are set on each element.
function Looks.choose(frame)
	local title = mw.title.new(SHEET)
	local css = title:getContent()
	-- Asking for the model is an expensive call: where a page has used those up, rules are set.
	local ok, model = pcall(function() return title.contentModel end)
	local tag = ''
	if css and ok and model == 'sanitized-css' then
		tag = frame:extensionTag({ name = 'templatestyles', args = { src = SHEET } })
		if tag:sub(1, 1) == '<' then -- no extension takes this tag: it came back as text
			tag = ''
		end
	end
	return Looks.new(tag, tag == '' and css or '')
end

-- Create looks: what brings the sheet along, or the text of the sheet where nothing does.
function Looks.new(tag, css)
	return setmetatable({ tag = tag, css = css, rules = {}, opened = {} }, Looks)
end

-- Return the declarations of the plain rule with that class as selector, which begins its line.
function Looks:rule(class)
	local rule = self.rules[class]
	if not rule then
		local _, from = self.css:find('\n.' .. class .. ' {', 1, true)
		local to = from and self.css:find('}', from, true)
		rule = to and self.css:sub(from + 1, to - 1):gsub('%s+', ' '):gsub(' ?([:;,]) ', '%1') or ''
		rule = rule:gsub('^ ', ''):gsub(';? ?$', '')
		self.rules[class] = rule
	end
	return rule
end

-- Give an element the look of that name.
function Looks:dress(element, name)
	local class = name and PREFIX .. '-' .. name or PREFIX
	element:addClass(class)
	local rule = self.css ~= '' and self:rule(class) or ''
	if rule ~= '' then
		element:cssText(rule)
	end
	return element
end

-- Add an element with the look of that name to *parent*.
function Looks:add(parent, tag, name)
	return self:dress(parent:tag(tag), name)
end

-- Return wikitext in an element with the look of that name, as text: for what a page has many of.
function Looks:wrap(tag, name, wikitext)
	local key = tag .. ' ' .. name
	local open = self.opened[key]
	if not open then
		open = tostring(self:dress(mw.html.create(tag), name)):sub(1, -#tag - 4)
		self.opened[key] = open
	end
	return open .. wikitext .. '</' .. tag .. '>'
end

-- Boxes with a place of their own for the mark of an example.
local OWN_MARK = { userbox = true, icon = true }

-- Create the outermost element: its language and direction are those of the words.
function Looks:root(tag, name, words)
	local element = self:dress(self:dress(mw.html.create(tag)), name)
	element:attr('lang', words.code):attr('dir', words.direction)
	return OWN_MARK[name] and element or self:markExample(element, tag)
end

-- Add a bar of which so much is done, 0 to 1. The words beside it say the same.
function Looks:bar(parent, done)
	local bar = self:add(parent, 'div', 'bar'):attr('aria-hidden', 'true')
	local part = math.floor(math.min(done, 1) * 100)
	self:add(bar, 'div', 'bar-done'):css('width', part .. '%')
end

-- Say, where facts are made up, that this is an example: nobody shall take it for a real person's.
function Looks:markExample(parent, tag)
	if self.example then
		self:add(parent, tag, 'example'):wikitext(self.example)
	end
	return parent
end

-- Return the finished wikitext.
function Looks:finish(element)
	return self.tag .. tostring(element)
end

-- Return wikitext with its links underlined, each by an element of its own: where no sheet does it,
-- their colour alone hardly differs from that of the words.
function Looks:underline(wikitext)
	return (wikitext:gsub('(%[%[[^%[%]|]+|)([^%[%]]+)(%]%])', function(from, label, to)
		return from .. self:wrap('span', 'underlined', label) .. to
	end))
end

-- Return wikitext as one calm sentence.
function Looks:say(words, wikitext)
	return self:finish(self:root('span', 'sentence', words):wikitext(self:underline(wikitext)))
end

-- Return one calm sentence, for what cannot be shown.
function Looks:sentence(words, ...)
	return self:say(words, words:text(...))
end

-- Badges: what all views say of one ------------------------------------------------------------

local badges = { highest = #MEDALS }

-- Return the name of a badge as wikitext.
function badges.name(c, badge)
	return { wikitext = c.words:name('badge-' .. badge.id .. '-name', badge.name or badge.id) }
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

-- Return how much of the way to the next tier is done, from 0 to 1; nil where there is none to go.
function badges.way(badge)
	local done = badge.next and badge.value and badge.value / badge.next
	return done and done < 1 and badge.tier < badges.highest and done or nil
end

-- Return the badges on the way to a tier, { badge, done, index }, the nearest first. Where the
-- largest value decides ("times"), no step brings one nearer.
function badges.nearest(c)
	local near = {}
	for index, badge in ipairs(c.person.badges) do
		local done = not badge.times and badges.way(badge)
		if done then
			near[#near + 1] = { badge = badge, done = done, index = index }
		end
	end
	table.sort(near, function(a, b)
		if a.done ~= b.done then
			return a.done > b.done
		end
		return a.index < b.index
	end)
	return near
end

-- Gathering ------------------------------------------------------------------------------------

-- Return the settings of this wiki; where one is missing or wrong, its default.
local function readConfig()
	local data = facts.loadJson(HOME .. '/config.json')
	local config = { languages = facts.filter(data.languages, facts.isKey) }
	for key, default in pairs(DEFAULTS) do
		config[key] = facts.isText(data[key]) and data[key] or default
	end
	for _, key in ipairs({ 'phabricator', 'gerrit', 'gitlab', 'github' }) do
		if not config[key]:find('^https?://[%w%.%-:/]+/$') then
			config[key] = DEFAULTS[key]
		end
	end
	return config
end

-- Collect what the template was given and what the #invoke adds: trimmed, blanks dropped.
local function collectArguments(frame)
	local args = {}
	local parent = frame:getParent()
	for _, given in ipairs({ parent and parent.args or {}, frame.args }) do
		for key, value in pairs(given) do
			value = mw.text.trim(mw.text.killMarkers(value))
			if value ~= '' then
				args[key] = value
			end
		end
	end
	return args
end

-- Gather all that rendering needs; everything below passes it around as *c*. What is *plain* gets
-- no sheet: a bare number, and lines of which a page has so many that asking for the sheet in each
-- would break a limit of the page.
local function prepare(frame, args, samples, isPlain)
	local config = readConfig()
	config.samples = samples
	local words = Words.choose(frame, args.lang, config.languages)
	local looks = isPlain and Looks.new('', '') or Looks.choose(frame)
	looks.example = samples and words:text('example')
	return {
		frame = frame,
		args = args,
		config = config,
		facts = facts,
		badges = badges,
		words = words,
		looks = looks,
	}
end

-- Find out who is meant: the person named, else the owner of the user page. Return the name, nil
-- if it can be none, and what was asked for, nil if nobody was.
local function chooseName(args)
	local wanted = args.user or args[1]
	if not wanted then
		local page = mw.title.getCurrentTitle()
		wanted = (page.namespace == 2 or page.namespace == 3) and page.rootText or nil
	end
	return facts.normalizeName(wanted), wanted
end

-- Say calmly why there is nothing to show: as a sentence, or in the preview alone.
local function explain(c, show, ...)
	if SILENT[show] then
		mw.addWarning(c.words:text(...))
		return ''
	end
	return c.looks:sentence(c.words, ...)
end

-- Render what c.args.show asks for. A part of the kit that is missing or broken is named.
local function render(c, show)
	local ok, view = pcall(require, HOME .. '/' .. show)
	if not ok then
		mw.addWarning(mw.text.nowiki(HOME .. '/' .. show .. ': ' .. tostring(view)))
		return explain(c, show, 'no-such-part', HOME .. '/' .. show, { wikitext = c.config.root })
	end
	return view.render(c)
end

-- Entries --------------------------------------------------------------------------------------

-- What each entry does, { name = function(frame, args, samples) }.
local inner = {}

-- Show the badges of args.user in the way of args.show, as a card if left out.
-- With samples, { ['people/Ada Example.json'] = data }, no page is read: for examples and tests.
function inner.main(frame, args, samples)
	local show = args.show and args.show:lower() or 'card'
	local c = prepare(frame, args, samples, show == 'number')
	if not VIEWS[show] then
		mw.addWarning(c.words:text('no-such-show', mw.ustring.sub(show, 1, MOST)))
		show = 'card'
	end
	if OF_ALL[show] then
		return render(c, show)
	end
	local wanted, why
	c.name, wanted = chooseName(args)
	if not wanted then
		return explain(c, show, 'whose')
	elseif not c.name then
		return explain(c, show, 'no-name', mw.ustring.sub(wanted, 1, MOST))
	end
	c.person, why = facts.readPerson(c.config, c.name)
	if not c.person then
		return explain(c, show, 'person-' .. why, c.name, { wikitext = c.config.root })
	end
	return render(c, show)
end

-- Show one entry of the registry.
function inner.person(frame, args)
	return require(HOME .. '/person').render(prepare(frame, args, nil, true))
end

-- Show one row of the wishes table.
function inner.wish(frame, args)
	return require(HOME .. '/wish').render(prepare(frame, args, nil, true))
end

-- Show a page for people: portal, registry, reviews, wishes, statistics, …
function inner.page(frame, args, samples)
	return require(HOME .. '/pages').render(prepare(frame, args, samples))
end

-- Show one review on the page of reviews.
function inner.review(frame, args)
	return require(HOME .. '/reviews').row(prepare(frame, args, nil, true))
end

-- Show the state of every registry entry and every source.
function inner.report(frame, args, samples)
	local c = prepare(frame, args, samples)
	local data, why = facts.readPage(c.config, 'report.json')
	if not data then
		return c.looks:sentence(c.words, 'no-report-' .. why)
	end
	return require(HOME .. '/report').render(c, data)
end

-- Make an entry that never shows a Lua error: should this module fail, it says so calmly and
-- tells editors the reason in the preview.
local function makeEntry(enter)
	return function(frame)
		local args = {}
		local ok, text = pcall(function()
			args = collectArguments(frame)
			return enter(frame, args)
		end)
		if ok then
			return text
		end
		mw.addWarning(mw.text.nowiki('Module:Developer badges: ' .. tostring(text)))
		return SILENT[(args.show or ''):lower()] and ''
			or '<span class="devbadges-trouble">Developer badges cannot be shown just now.</span>'
	end
end

-- For wikitext each entry is p.name(frame); for other modules, which bring the arguments along,
-- p._name(frame, args, samples). Wikitext that calls the latter gets the former.
local p = {}
for name, enter in pairs(inner) do
	p[name] = makeEntry(enter)
	p['_' .. name] = function(frame, args, samples)
		if not args then
			return p[name](frame)
		end
		return enter(frame, args, samples)
	end
end

-- What test cases ask directly.
function p._prepare(frame, args, samples)
	return args and prepare(frame, args, samples) or ''
end

return p
