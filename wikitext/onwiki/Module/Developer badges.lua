-- Implements {{Developer badges}}: the badges of one person, as a card, a line or a number.
--
-- A bot writes facts as JSON below its user page, this module reads them, and every word comes
-- from i18n/<language>.json. What a user page needs is in this one page, since loading pages is
-- what takes time; /report, /works, /reviews and /person show the rest with the tools made here.
-- Each entry at the end is thin; what begins with an underscore can be called and tested from
-- other modules.
require('strict')

local HOME = 'Module:Developer badges'
local SHEET = 'Template:Developer badges/styles.css'
local PREFIX = 'devbadges'
local SCHEMA = 1 -- the newest form of the data pages that we know
local LAST_RESORT = 'en'
local MEDALS = { 'I', 'II', 'III', 'IV' }
local DEFAULTS = {
	bot = 'BadgeBot',
	root = 'Project:Developer badges',
	phabricator = 'https://phabricator.wikimedia.org/',
	gerrit = 'https://gerrit.wikimedia.org/r/',
	gitlab = 'https://gitlab.wikimedia.org/',
	github = 'https://github.com/',
}

-- Facts: no field is believed before it was looked at ------------------------------------------

local facts = {}

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

-- Read a JSON page, or return nil and why not: unknown, damaged, newer.
-- getContent() records the dependency even if the page is missing (mw.loadJsonData does not), so
-- that what shows a person before their first round refreshes itself.
-- Examples bring samples along, { [name] = data }: then no page is read.
function facts.readPage(config, name)
	local ok, data = true
	if config.samples then
		data = config.samples[name]
	else
		local title = mw.title.new('User:' .. config.bot .. '/Developer badges/' .. name)
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

-- Return a user name as MediaWiki writes it, or nil if it can be none.
function facts.normalizeName(text)
	local title = type(text) == 'string' and mw.title.new(text, 2)
	if not title or title.namespace ~= 2 or title.isExternal or title.fragment ~= '' then
		return nil
	end
	local name = title.text
	return name ~= '' and not name:find('/', 1, true) and name or nil
end

-- Return the settings of this wiki; where one is missing or wrong, its default.
local function readConfig()
	local ok, data = pcall(mw.loadJsonData, HOME .. '/config.json')
	data = ok and data or {}
	local config = { languages = facts.filter(data.languages, facts.isText) }
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

-- Return what is known of a person, or nil and why not: unknown, left, damaged, newer.
local function readPerson(config, name)
	local data, why = facts.readPage(config, 'people/' .. name .. '.json')
	if not data then
		return nil, why
	elseif data.state == 'left' then
		return nil, 'left'
	end
	local total = data.total
	if data.state ~= 'ready' or not (facts.isTable(total) and facts.isCount(total.score)) then
		return nil, 'damaged'
	end
	for _, key in ipairs({ 'issues', 'wishes', 'together', 'patches' }) do
		if not facts.isWhole(total[key]) then
			return nil, 'damaged'
		end
	end
	return {
		total = total,
		badges = facts.filter(data.badges, isBadge),
		years = facts.filter(data.works, function(year)
			return facts.isWhole(year) and year >= 1000 and year <= 9999
		end),
		unconfirmed = facts.isWhole(data.unconfirmed) and data.unconfirmed or 0,
		estimate = data.estimate == true,
		staff = data.staff == true,
		reviews = facts.isWhole(total.reviews) and total.reviews or 0,
	}
end

-- Words: messages with $1, $2, … and {{PLURAL:$1|one|other}} -----------------------------------

local Words = {}
Words.__index = Words

-- Ask for the reader's language where the wiki offers it (1.43 and newer), else the page's.
local function askLanguage(frame)
	local major, minor = mw.site.currentVersion:match('^(%d+)%.(%d+)')
	local isNew = major and tonumber(major) * 1000 + tonumber(minor) >= 1043
	return frame:preprocess(isNew and '{{USERLANGUAGE}}' or '{{PAGELANGUAGE}}')
end

-- Choose the first language of which there are messages: the one asked for, that of the page,
-- their fallbacks, English. A missing message comes from the next one in that row.
local function chooseWords(frame, wanted, offered)
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
	-- With nothing to choose from, the page is not asked: where readers have languages of their
	-- own, asking means a copy of the page for each.
	for _, code in ipairs({ wanted or '', #offered > 1 and askLanguage(frame) or nil }) do
		code = code:lower()
		add(code)
		if mw.language.isKnownLanguageTag(code) then
			for _, fallback in ipairs(mw.language.getFallbacksFor(code)) do
				add(fallback)
			end
		end
	end
	add(LAST_RESORT)
	return setmetatable({
		code = row[1],
		language = mw.language.new(row[1]),
		row = row,
		messages = {},
	}, Words)
end

-- Return a message as it is written, or nil.
function Words:find(key)
	for _, code in ipairs(self.row) do
		if not self.messages[code] then
			local ok, data = pcall(mw.loadJsonData, HOME .. '/i18n/' .. code .. '.json')
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

-- Return a message if there is one, else the plain name it would have stood for.
function Words:name(key, plain)
	return self:find(key) and self:text(key) or self:show(plain)
end

-- Join parts with what this language puts between them.
function Words:join(parts)
	return table.concat(parts, self:text('separator'))
end

-- Write a day: 2025-03-04 → 4 March 2025.
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

-- Read the plain rules of a sheet, those with one class as selector: { class = 'declarations' }.
local function parseSheet(css)
	local rules = {}
	css = css:gsub('/%*.-%*/', ''):gsub('@[^{}]+%b{}', ''):gsub('%s+', ' ')
	for class, declarations in css:gmatch('%.([%w%-]+) { ([^{}]*;) }') do
		rules[class] = declarations
	end
	return rules
end

-- With the extension TemplateStyles elements carry classes and the sheet comes along; without it
-- the plain rules of the very same sheet are set on each element.
local function chooseLooks(frame)
	local title = mw.title.new(SHEET)
	local css = title:getContent()
	local tag = ''
	if css and title.contentModel == 'sanitized-css' then
		tag = frame:extensionTag({ name = 'templatestyles', args = { src = SHEET } })
		if tag:sub(1, 1) == '<' then -- no extension takes this tag: it came back as text
			tag = ''
		end
	end
	return setmetatable({ tag = tag, rules = tag == '' and css and parseSheet(css) or {} }, Looks)
end

-- Give an element the look of that name.
function Looks:dress(element, name)
	local class = name and PREFIX .. '-' .. name or PREFIX
	element:addClass(class)
	if self.rules[class] then
		element:cssText(self.rules[class])
	end
	return element
end

-- Add an element with the look of that name to *parent*.
function Looks:add(parent, tag, name)
	return self:dress(parent:tag(tag), name)
end

-- Create the outermost element: its language and direction are those of the words.
function Looks:root(tag, name, words)
	local element = self:dress(self:dress(mw.html.create(tag)), name)
	return element:attr('lang', words.code):attr('dir', words.language:getDir())
end

-- Return the finished wikitext.
function Looks:finish(element)
	return self.tag .. tostring(element)
end

-- Return one calm sentence, for what cannot be shown.
function Looks:sentence(words, ...)
	return self:finish(self:root('span', 'sentence', words):wikitext(words:text(...)))
end

-- Parts of a card ------------------------------------------------------------------------------

local function nameBadge(c, badge)
	return { wikitext = c.words:name('badge-' .. badge.id .. '-name', badge.name or badge.id) }
end

local function nameTier(c, tier)
	return { wikitext = c.words:text('tier-' .. tier) }
end

local function filterEarned(c)
	return facts.filter(c.person.badges, function(badge) return badge.tier > 0 end)
end

-- Find the badge whose next tier is nearest, and how much of the way is done. Where the largest
-- value decides ("times"), there is no way to go by.
local function findNearest(c)
	local nearest, done = nil, -1
	for _, badge in ipairs(c.person.badges) do
		local part = badge.next and badge.value and not badge.times and badge.value / badge.next
		if part and part < 1 and part > done and badge.tier < #MEDALS then
			nearest, done = badge, part
		end
	end
	return nearest, done
end

local function renderNumber(c, parent, key, value)
	local box = parent:tag('div')
	c.looks:add(box, 'div', 'value'):wikitext(c.words:show(value))
	c.looks:add(box, 'div', 'label'):wikitext(c.words:text(key, value))
end

-- Say which tier, since when, how many times, and whether nobody can reach it any more.
local function describeTier(c, badge)
	local text = nameTier(c, badge.tier)
	if badge.since then
		text = { wikitext = c.words:text('tier-since', text, { wikitext = c.words:day(badge.since) }) }
	end
	if badge.times and badge.times > 1 then
		text = { wikitext = c.words:text('tier-times', text, badge.times) }
	end
	if badge.state == 'paused' or badge.state == 'retired' then
		text = { wikitext = c.words:text('tier-closed', text) }
	end
	return text.wikitext
end

local function renderBadge(c, list, badge)
	local item = c.looks:add(list, 'li', 'badge')
	c.looks:dress(c.looks:add(item, 'span', 'medal'), 'tier-' .. badge.tier)
		:attr('aria-hidden', 'true')
		:wikitext(MEDALS[badge.tier])
	local text = c.looks:add(item, 'span', 'badge-text')
	c.looks:add(text, 'span', 'badge-name'):wikitext(nameBadge(c, badge).wikitext)
	c.looks:add(text, 'span', 'badge-tier'):wikitext(describeTier(c, badge))
	local description = 'badge-' .. badge.id .. '-description'
	if c.words:find(description) then
		c.looks:add(text, 'span', 'badge-about'):wikitext(c.words:text(description))
	end
end

local function renderNext(c, box)
	local badge, done = findNearest(c)
	if badge then
		local missing = badge.more or math.ceil(badge.next - badge.value)
		local row = c.looks:add(box, 'div', 'next')
		row:wikitext(
			c.words:text('next-tier', missing, nameBadge(c, badge), nameTier(c, badge.tier + 1))
		)
		local bar = c.looks:add(row, 'div', 'bar'):attr('aria-hidden', 'true')
		c.looks:add(bar, 'div', 'bar-done'):css('width', math.floor(done * 100) .. '%')
	end
end

local function isTier(value)
	return facts.isWhole(value) and value >= 1 and value <= #MEDALS
end

local function renderNote(c, box, wikitext)
	c.looks:add(box, 'div', 'note'):wikitext(wikitext)
end

-- Say calmly of each badge which tier waits for rules to be old enough, and which one was lost.
local function renderTurns(c, box)
	for _, badge in ipairs(c.person.badges) do
		local taken = facts.isTable(badge.taken) and badge.taken or {}
		if isTier(badge.waits) then
			renderNote(c, box, c.words:text('tier-waits', nameBadge(c, badge), nameTier(c, badge.waits)))
		end
		if isTier(taken.tier) and facts.isCount(taken.line) and facts.isCount(taken.value) then
			renderNote(c, box, c.words:text(
				'tier-taken', nameBadge(c, badge), nameTier(c, taken.tier), taken.value, taken.line
			))
		end
	end
end

local function renderLinks(c, box)
	local row = c.looks:add(box, 'div', 'links')
	local years = {}
	for index, year in ipairs(c.person.years) do
		local page = 'User:%s/Developer badges/people/%s/work-%d.json'
		years[index] = c.words:link(page:format(c.config.bot, c.name, year), tostring(year))
	end
	if years[1] then
		row:tag('span'):wikitext(c.words:text('why-these-points', { wikitext = c.words:join(years) }))
	end
	row:tag('span'):wikitext(c.words:link(c.config.root, c.words:text('about')))
end

-- What show= may ask for -----------------------------------------------------------------------

local SHOWS = {}

function SHOWS.card(c)
	local total, words, looks = c.person.total, c.words, c.looks
	local box = looks:root('div', 'card', words)
		:attr('role', 'group')
		:attr('aria-label', (words:find('title') or '') .. ': ' .. c.name)

	local head = looks:add(box, 'div', 'head')
	looks:add(head, 'span', 'title'):wikitext(words:text('title'))
	looks:add(head, 'span', 'name'):wikitext(words:link('User:' .. c.name, words:show(c.name)))

	local numbers = looks:add(box, 'div', 'numbers')
	local score = c.person.estimate and 'score-estimate-label' or 'score-label'
	renderNumber(c, numbers, 'together-label', total.together)
	renderNumber(c, numbers, score, total.score)

	local split = {
		words:text('issues', total.issues),
		words:text('wishes', total.wishes),
		words:text('patches', total.patches),
	}
	if c.person.reviews > 0 then
		split[#split + 1] = words:text('reviews', c.person.reviews)
	end
	looks:add(box, 'div', 'split'):wikitext(words:join(split))

	local earned = filterEarned(c)
	if earned[1] then
		local list = looks:add(box, 'ul', 'badges'):attr('aria-label', words:find('badges'))
		for _, badge in ipairs(earned) do
			renderBadge(c, list, badge)
		end
	end
	if c.person.staff then
		renderNote(c, box, words:text('staff'))
	else
		renderNext(c, box)
	end
	renderTurns(c, box)
	if c.person.unconfirmed > 0 then
		renderNote(c, box, words:text('unconfirmed', c.person.unconfirmed))
	end
	renderLinks(c, box)
	return looks:finish(box)
end

-- Say whether this is the user page of *name*, or a page below it.
local function isOwnPage(name)
	local page = mw.title.getCurrentTitle()
	return (page.namespace == 2 or page.namespace == 3) and facts.normalizeName(page.rootText) == name
end

function SHOWS.compact(c)
	local total, words = c.person.total, c.words
	local parts = {
		words:text('together', total.together),
		words:text(c.person.estimate and 'score-estimate' or 'score', total.score),
	}
	for _, badge in ipairs(filterEarned(c)) do
		parts[#parts + 1] = words:text('badge-and-tier', nameBadge(c, badge), nameTier(c, badge.tier))
	end
	local line = c.looks:root('span', 'compact', words)
	c.looks:add(line, 'span', 'compact-title')
		:wikitext(words:link(c.config.root, words:text('title')))
	-- Anybody may show anybody's badges: so say whose they are, but on the person's own page.
	if not isOwnPage(c.name) then
		table.insert(parts, 1, '<bdi>' .. mw.text.nowiki(c.name) .. '</bdi>')
	end
	line:wikitext(words:join(parts))
	return c.looks:finish(line)
end

function SHOWS.number(c)
	return c.words:show(c.person.total.together)
end

-- Gathering ------------------------------------------------------------------------------------

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

-- Gather all that rendering needs; everything below passes it around as *c*.
local function prepare(frame, args, samples)
	local config = readConfig()
	config.samples = samples
	return {
		frame = frame,
		args = args,
		config = config,
		facts = facts,
		words = chooseWords(frame, args.lang, config.languages),
		looks = chooseLooks(frame),
	}
end

-- Find out who is meant: the person named, else the owner of the user page. Return the name, nil
-- if it can be none, and what was asked for, nil if nobody was.
local function chooseName(c)
	local wanted = c.args.user or c.args[1]
	if not wanted then
		local page = mw.title.getCurrentTitle()
		wanted = (page.namespace == 2 or page.namespace == 3) and page.rootText or nil
	end
	return facts.normalizeName(wanted), wanted
end

-- Say calmly why there is nothing to show about a person: unknown, left, damaged, newer.
local function explain(c, why)
	return c.looks:sentence(c.words, 'person-' .. why, c.name, { wikitext = c.config.root })
end

-- Entries --------------------------------------------------------------------------------------

local p = {}

p._prepare = prepare

-- Show the badges of args.user: args.show is card (if left out), compact or number. With samples,
-- { ['people/Ada Example.json'] = data }, no page is read: for examples and tests.
function p._main(frame, args, samples)
	local c = prepare(frame, args, samples)
	local wanted, why
	c.name, wanted = chooseName(c)
	if not wanted then
		return c.looks:sentence(c.words, 'whose')
	elseif not c.name then
		return c.looks:sentence(c.words, 'no-name', mw.ustring.sub(wanted, 1, 100))
	end
	c.person, why = readPerson(c.config, c.name)
	if not c.person then
		return explain(c, why)
	end
	if args.show and not SHOWS[args.show] then
		mw.addWarning(c.words:text('no-such-show', args.show))
	end
	return (SHOWS[args.show] or SHOWS.card)(c)
end

-- Show the works of args.user in args.year, with the reasons for their points.
function p._works(frame, args)
	local c = prepare(frame, args)
	c.name = chooseName(c)
	c.year = tonumber((args.year or ''):match('^%d%d%d%d$'))
	if not (c.name and c.year) then
		return c.looks:sentence(c.words, 'whose-works')
	end
	local page = string.format('people/%s/work-%d.json', c.name, c.year)
	local data, why = facts.readPage(c.config, page)
	return data and require(HOME .. '/works').render(c, data) or explain(c, why)
end

-- Show one entry of the registry.
function p._person(frame, args)
	return require(HOME .. '/person').render(prepare(frame, args))
end

-- Show one row of the wishes table.
function p._wish(frame, args)
	return require(HOME .. '/wish').render(prepare(frame, args))
end

-- Show a page for people: portal, registry, reviews, wishes, statistics, …
function p._page(frame, args, samples)
	return require(HOME .. '/pages').render(prepare(frame, args, samples))
end

-- Show one review on the page of reviews.
function p._review(frame, args)
	return require(HOME .. '/reviews').row(prepare(frame, args))
end

-- Show the state of every registry entry and every source.
function p._report(frame, args, samples)
	local c = prepare(frame, args, samples)
	local data, why = facts.readPage(c.config, 'report.json')
	if not data then
		return c.looks:sentence(c.words, 'no-report-' .. why)
	end
	return require(HOME .. '/report').render(c, data)
end

-- Make an entry that never shows a Lua error: should this module fail, it says so calmly and
-- tells editors the reason in the preview.
local function makeEntry(name)
	return function(frame)
		local ok, text = pcall(function()
			return p[name](frame, collectArguments(frame))
		end)
		if ok then
			return text
		end
		mw.addWarning(mw.text.nowiki('Module:Developer badges: ' .. tostring(text)))
		return '<span class="devbadges-trouble">Developer badges cannot be shown just now.</span>'
	end
end

p.main = makeEntry('_main')
p.works = makeEntry('_works')
p.person = makeEntry('_person')
p.review = makeEntry('_review')
p.wish = makeEntry('_wish')
p.page = makeEntry('_page')
p.report = makeEntry('_report')

return p
