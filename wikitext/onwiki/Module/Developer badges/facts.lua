-- Reads the JSON pages of Developer badges, and believes no field before looking at it.
require('strict')

local SCHEMA = 1
local DEFAULTS = {
	bot = 'BadgeBot',
	root = 'Project:Developer badges',
	phabricator = 'https://phabricator.wikimedia.org/',
	gerrit = 'https://gerrit.wikimedia.org/r/',
}

local facts = {}

-- Checking -------------------------------------------------------------------------------------

-- A number one can show: not negative, not infinite, no NaN.
local function isCount(value)
	return type(value) == 'number' and value >= 0 and value < 1e15
end

local function isWhole(value)
	return isCount(value) and value % 1 == 0
end

local function isDay(value)
	return type(value) == 'string' and value:find('^%d%d%d%d%-[01]%d%-[0-3]%d$') ~= nil
end

local function isText(value)
	return type(value) == 'string' and #value <= 1000 and mw.ustring.isutf8(value)
end

local function isKey(value)
	return type(value) == 'string' and #value <= 64 and value:find('^[a-z0-9][a-z0-9%-]*$') ~= nil
end

local function asTable(value)
	return type(value) == 'table' and value or {}
end

-- Keep those items of a list that are as they should be.
local function filter(list, isGood)
	local good = {}
	for _, item in ipairs(asTable(list)) do
		if isGood(item) then
			good[#good + 1] = item
		end
	end
	return good
end

-- Keep what can stand in a sentence: { key, text or number, … }.
local function filterSentences(list)
	return filter(list, function(item)
		return type(item) == 'table' and isText(item[1])
	end)
end

-- Reading --------------------------------------------------------------------------------------

-- Read a JSON page. getContent() records the dependency even if the page is missing (unlike
-- mw.loadJsonData), so that what shows a person before their first round refreshes itself.
local function readPage(name)
	local title = mw.title.new(name)
	local content = title and title:getContent()
	if not content then
		return nil, 'unknown'
	end
	local ok, data = pcall(mw.text.jsonDecode, content)
	if not ok or type(data) ~= 'table' or type(data.schema) ~= 'number' then
		return nil, 'damaged'
	end
	if data.schema > SCHEMA then
		return nil, 'newer'
	end
	return data
end

local function peoplePage(config, name)
	return 'User:' .. config.bot .. '/Developer badges/people/' .. name
end

-- Return the settings of this wiki; where one is missing or wrong, its default.
function facts.readConfig(page)
	local ok, data = pcall(mw.loadJsonData, page)
	data = ok and data or {}
	local config = { languages = filter(data.languages, isText) }
	for key, default in pairs(DEFAULTS) do
		config[key] = isText(data[key]) and data[key] or default
	end
	for _, key in ipairs({ 'phabricator', 'gerrit' }) do
		if not config[key]:find('^https?://[%w%.%-:/]+/$') then
			config[key] = DEFAULTS[key]
		end
	end
	return config
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

-- Return the title of the page that lists the works of a year.
function facts.worksPage(config, name, year)
	return string.format('%s/work-%d.json', peoplePage(config, name), year)
end

-- Return what is known of a person, or nil and why not: unknown, left, damaged, newer.
function facts.readPerson(config, name)
	local data, why = readPage(peoplePage(config, name) .. '.json')
	if not data then
		return nil, why
	end
	if data.state == 'left' then
		return nil, 'left'
	end
	local total = asTable(data.total)
	local whole = isWhole(total.issues) and isWhole(total.wishes) and isWhole(total.together)
	if data.state ~= 'ready' or not (whole and isWhole(total.patches) and isCount(total.score)) then
		return nil, 'damaged'
	end
	return {
		total = total,
		badges = filter(data.badges, function(badge)
			return type(badge) == 'table' and isKey(badge.id)
				and isWhole(badge.tier) and badge.tier <= 4
				and (badge.since == nil or isDay(badge.since))
				and (badge.value == nil or isCount(badge.value))
				and (badge.next == nil or isCount(badge.next) and badge.next > 0)
		end),
		years = filter(data.works, function(year)
			return isWhole(year) and year >= 1000 and year <= 9999
		end),
		unconfirmed = isWhole(data.unconfirmed) and data.unconfirmed or 0,
		estimate = data.estimate == true,
	}
end

-- Return the works of one year, or nil and why not.
function facts.readWorks(config, name, year)
	local data, why = readPage(facts.worksPage(config, name, year))
	if not data then
		return nil, why
	end
	local works = filter(data.works, function(work)
		return type(work) == 'table' and isText(work.work) and isCount(work.points)
			and isCount(work.share) and isCount(work.credit)
	end)
	for index, work in ipairs(works) do
		works[index] = {
			work = work.work,
			about = isText(work.about) and work.about or '',
			main = isText(work.main) and work.main or '',
			day = isDay(work.day) and work.day or nil,
			points = work.points,
			share = work.share,
			credit = work.credit,
			counted = isCount(work.counted) and work.counted or work.credit,
			estimate = work.estimate == true,
			reasons = filter(work.reasons, function(reason)
				return type(reason) == 'table' and isText(reason[3])
			end),
		}
	end
	return works
end

-- Return the report of the registry, or nil and why not.
function facts.readReport(config)
	local data, why = readPage('User:' .. config.bot .. '/Developer badges/report.json')
	if not data then
		return nil, why
	end
	local report = { entries = {}, sources = {} }
	for _, entry in ipairs(filter(data.entries, function(entry) return type(entry) == 'table' end)) do
		table.insert(report.entries, {
			line = isWhole(entry.line) and entry.line or nil,
			revision = isWhole(entry.revision) and entry.revision or nil,
			state = isKey(entry.state) and entry.state or 'unknown',
			person = facts.normalizeName(entry.person),
			says = filterSentences(entry.says),
		})
	end
	for _, source in ipairs(filter(data.sources, function(source) return type(source) == 'table' end)) do
		table.insert(report.sources, {
			source = isKey(source.source) and source.source or 'unknown',
			state = isKey(source.state) and source.state or 'unknown',
			since = isDay(source.since) and source.since or nil,
			says = filterSentences(source.says),
		})
	end
	return report
end

return facts
