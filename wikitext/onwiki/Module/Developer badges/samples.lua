-- Facts about people who do not exist, for examples and test cases: as the bot would write them.
require('strict')

local ADA = 'people/Ada Example.json'
local WORK = 'people/Ada Example/work-2025.json'

local samples = { name = 'Ada Example', page = ADA }

local function makePerson()
	return {
		schema = 1,
		state = 'ready',
		total = { issues = 12, wishes = 1, together = 13, patches = 34, reviews = 51, score = 1153.2 },
		years = {
			{ year = 2024, issues = 5, wishes = 0, together = 5, patches = 14, reviews = 21, score = 1055.1 },
			{ year = 2025, issues = 7, wishes = 1, together = 8, patches = 20, reviews = 30, score = 98.1 },
		},
		badges = {
			{ id = 'hello-world', tier = 1, since = '2024-02-01', value = 34, line = 1 },
			{ id = 'task-tamer', tier = 2, since = '2025-03-04', value = 27, line = 25, next = 250, more = 223 },
			{ id = 'patch-quilter', tier = 1, since = '2024-11-20', value = 34, line = 10, next = 50, more = 16 },
			{ id = 'barn-raiser', tier = 0, value = 40.5, next = 50, more = 10 },
		},
		works = { '2025' },
		goal = { field = 'issues', target = 50, day = '2026-12-31' },
		wishes = {
			{ wish = 'W463', list = 'community-wishlist', title = 'Dark mode for diagrams', day = '2025-06-01', share = 0.7 },
		},
		unconfirmed = 2,
		estimate = true,
	}
end

local function makeWorks()
	return {
		schema = 1,
		year = 2025,
		works = {
			{
				work = 'T312345', day = '2025-03-04', main = 'mediawiki/core~1100001',
				about = 'dialog: Close on Escape', points = 5.5, difficulty = 0.41, impact = 0.34,
				estimate = true, share = 0.7, credit = 3.9, counted = 3.9, issue = true,
				reasons = { { 'size', 0.52, 'effective-lines', 118, 3 }, { 'reach', 1, 'reach-core' } },
			},
		},
	}
end

local function makeStatistics()
	local total = { issues = 310, wishes = 9, together = 317, patches = 1204, reviews = 2040 }
	local year = { year = 2025, issues = 120, wishes = 4, together = 123, patches = 470, reviews = 800 }
	return {
		schema = 1,
		people = 41,
		total = total,
		years = { year },
		shown = 41,
		badges = { { id = 'hello-world', tiers = { 40 } }, { id = 'task-tamer', tiers = { 21, 9, 2, 0 } } },
		wall = { { person = 'Ada Example', together = 13, badges = 3 }, { person = 'Grace Example', together = 4 } },
	}
end

local function makeReport()
	return {
		schema = 1,
		entries = {
			{ line = 5, revision = 4711, state = 'accepted', person = 'Ada Example', says = { { 'proved', 'phabricator' } } },
			{ line = 6, revision = 4712, state = 'refused', says = { { 'not-yourself' } } },
		},
		sources = { { source = 'gerrit', state = 'fresh' } },
	}
end

-- Return the pages of a wiki on which one person takes part: { [name] = data }. *changes* replace
-- fields of that person's page; false takes a field away.
function samples.pages(changes)
	local person = makePerson()
	for key, value in pairs(changes or {}) do
		if value == false then
			person[key] = nil
		else
			person[key] = value
		end
	end
	return {
		[ADA] = person,
		[WORK] = makeWorks(),
		['statistics.json'] = makeStatistics(),
		['report.json'] = makeReport(),
	}
end

return samples
