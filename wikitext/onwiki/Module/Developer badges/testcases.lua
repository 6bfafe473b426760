-- Test cases of Module:Developer badges, and examples of what it shows, both without any page of a
-- person: {{#invoke:Developer badges/testcases|run}}, {{#invoke:…|example|card}}.
require('strict')

local HOME = 'Module:Developer badges'
local SHOWS = { 'card', 'compact', 'userbox', 'icons', 'table', 'number', 'next', 'wall' }
local PAGES = { 'portal', 'registry', 'report', 'reviews', 'wishes', 'statistics', 'points' }

local badges = require(HOME)
local samples = require(HOME .. '/samples')
local hasUnit, Unit = pcall(require, 'Module:ScribuntoUnit')
local suite = (hasUnit and Unit or require(HOME .. '/unit')):new()

-- Show the person of the samples, with *changes* in their page.
local function show(how, changes, args)
	args = args or {}
	args.user, args.show, args.lang = args.user or samples.name, how, args.lang or 'en'
	return badges._main(mw.getCurrentFrame(), args, samples.pages(changes))
end

-- Show the person of the samples while their page holds *data*.
local function showData(how, data)
	local pages = { [samples.page] = data }
	return badges._main(mw.getCurrentFrame(), { user = samples.name, show = how, lang = 'en' }, pages)
end

local function prepare()
	return badges._prepare(mw.getCurrentFrame(), { lang = 'en' }, samples.pages())
end

function suite:testWordsInSingularAndPlural()
	local words = prepare().words
	self:assertEquals('1 issue', words:text('issues', 1))
	self:assertEquals('1,234 issues', words:text('issues', 1234))
end

function suite:testWordsAskForNoGenderAloud()
	local words = prepare().words
	local key = 'probe'
	words.find = function() return '{{GENDER:$1|he|she|they}} $1' end
	self:assertStringContains('^%a+ ', words:text(key, samples.name))
end

function suite:testTextStaysText()
	local words = prepare().words
	local shown = words:show('<b>[[Category:X]]{{y}} $1')
	for _, danger in ipairs({ '<b>', '[[', '{{' }) do
		self:assertNotStringContains(danger, shown, true)
	end
	self:assertNotStringContains('<b>', words:text('person-left', '<b>'), true)
end

function suite:testAMessageThatIsMissingIsShownByItsKey()
	local key = 'no-such-key'
	self:assertStringContains(key, prepare().words:text(key), true)
	self:assertStringContains('Plain', prepare().words:name(key, 'Plain'), true)
end

function suite:testDaysAreWrittenInWords()
	self:assertEquals('4 Mar 2025', prepare().words:day('2025-03-04'))
end

function suite:testFactsAreLookedAtBeforeTheyAreBelieved()
	local facts = prepare().facts
	self:assertTrue(facts.isDay('2025-03-04'))
	for _, value in ipairs({ '2025-3-4', 'yesterday', 5 }) do
		self:assertFalse(facts.isDay(value), tostring(value))
	end
	for _, value in ipairs({ -1, 1 / 0, 0 / 0, '7', {} }) do
		self:assertFalse(facts.isCount(value), tostring(value))
	end
	self:assertTrue(facts.isKey('barn-raiser'))
	self:assertFalse(facts.isKey('Barn raiser'))
end

function suite:testNamesAreThoseOfMediaWiki()
	local facts = prepare().facts
	self:assertEquals('Ada Example', facts.normalizeName('ada_Example'))
	for _, name in ipairs({ '', 'A/B', 'A#b', 'A|B', '<b>', 'Talk:Ada', 5 }) do
		self:assertEquals(nil, facts.normalizeName(name), tostring(name))
	end
end

function suite:testEachShowShowsSomethingWhole()
	for _, how in ipairs(SHOWS) do
		local shown = show(how)
		local _, opened = shown:gsub('<%a[^<>]*>', '')
		local _, closed = shown:gsub('</%a+>', '')
		local _, void = shown:gsub('<[hb]r[ />]', '')
		self:assertTrue(shown ~= '' or how == 'icons', how) -- those stand beside the title
		self:assertEquals(opened - void, closed, how)
	end
end

function suite:testANumberIsBare()
	self:assertEquals('13', show('number'))
end

function suite:testACardShowsNumbersAndBadges()
	local card = show('card')
	for _, text in ipairs({ '1,153.2', '12 issues', 'Task Tamer', 'silver since 4 Mar 2025' }) do
		self:assertStringContains(text, card, true)
	end
end

function suite:testAHiddenScoreIsNotShown()
	local total = { issues = 12, wishes = 1, together = 13, patches = 34, reviews = 51 }
	for _, how in ipairs({ 'card', 'compact', 'userbox' }) do
		local shown = show(how, { total = total })
		self:assertStringContains('13', shown, true, how)
		self:assertNotStringContains('cannot be read', shown, true, how)
		self:assertNotStringContains('1,153', shown, true, how)
	end
end

function suite:testWithEverythingHiddenTheCountIsLeft()
	local hidden = {
		total = { issues = 12, wishes = 1, together = 13 },
		years = false, badges = false, works = false, wishes = false, goal = false,
		unconfirmed = false, estimate = false,
	}
	for _, how in ipairs(SHOWS) do
		self:assertNotStringContains('cannot be read', show(how, hidden), true, how)
	end
	self:assertEquals('13', show('number', hidden))
	self:assertNotStringContains('Task Tamer', show('card', hidden), true)
end

function suite:testWithoutBadgesTheNumbersAreShown()
	self:assertStringContains('12 issues', show('card', { badges = {} }), true)
end

function suite:testWhatCannotBeReadIsSaidCalmly()
	local damaged = { {}, { schema = '1' }, { schema = 1, state = 3 }, { schema = 1, state = 'ready', total = 5 } }
	for index, data in ipairs(damaged) do
		self:assertStringContains('cannot be read just now', showData('card', data), true, tostring(index))
	end
	self:assertStringContains('newer form', showData('card', { schema = 99 }), true)
	self:assertStringContains('No badges are shown', showData('card', { schema = 1, state = 'left' }), true)
	self:assertStringContains('No badges yet', showData('card', nil), true)
end

function suite:testAShowThatDoesNotExistIsACard()
	self:assertStringContains('devbadges-card', show('no-such-show'), true)
end

function suite:testEveryPageForPeopleIsWritten()
	local frame = mw.getCurrentFrame()
	for _, name in ipairs(PAGES) do
		local page = badges._page(frame, { name, lang = 'en' }, samples.pages())
		self:assertStringContains('devbadges-page', page, true, name)
		self:assertNotStringContains('<code>%l+%-[%l%d%-]+</code>', page, false, name)
	end
	self:assertStringContains('There is no page', badges._page(frame, { '<b>', lang = 'en' }), true)
end

function suite:testTheReportHasARemedyForEachEntry()
	local page = badges._report(mw.getCurrentFrame(), { lang = 'en' }, samples.pages())
	self:assertStringContains('id="entry-Ada_Example"', page, true)
	self:assertStringContains('add it yourself', page, true)
end

-- Show an example: {{#invoke:Developer badges/testcases|example|card}}; of a page, |statistics}}.
function suite.example(frame)
	local args = { user = samples.name, show = frame.args[1], lang = frame.args.lang }
	for _, key in ipairs({ 'field', 'year', 'format', 'badge' }) do
		args[key] = frame.args[key]
	end
	if args.show == 'statistics' then
		return badges._page(frame, { 'statistics', lang = args.lang }, samples.pages())
	elseif args.show == 'report' then
		return badges._report(frame, { lang = args.lang }, samples.pages())
	end
	return badges._main(frame, args, samples.pages())
end

return suite
