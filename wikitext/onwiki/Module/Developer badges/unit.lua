-- A unit test runner as small as we need it, for wikis without Module:ScribuntoUnit. Cases are
-- written as for that one: functions named test… of a suite, with assertions of the same names.
require('strict')

local unit = {}
unit.__index = unit

local function fail(message, text, ...)
	error({ text = (message and message .. ': ' or '') .. string.format(text, ...) }, 0)
end

local function show(value)
	return type(value) == 'string' and string.format('%q', value) or tostring(value)
end

function unit.assertEquals(_, expected, actual, message)
	if expected ~= actual then
		fail(message, 'expected %s, got %s', show(expected), show(actual))
	end
end

function unit.assertTrue(_, actual, message)
	if not actual then
		fail(message, 'expected true, got %s', show(actual))
	end
end

function unit.assertFalse(_, actual, message)
	if actual then
		fail(message, 'expected false, got %s', show(actual))
	end
end

function unit.assertStringContains(_, pattern, text, plain, message)
	if not tostring(text):find(pattern, 1, plain) then
		fail(message, '%s is not in %s', show(pattern), show(text))
	end
end

function unit.assertNotStringContains(_, pattern, text, plain, message)
	if tostring(text):find(pattern, 1, plain) then
		fail(message, '%s is in %s', show(pattern), show(text))
	end
end

local function addRow(grid, test)
	local ok, why = pcall(test.run, test.suite)
	local text = ok and '' or type(why) == 'table' and why.text or tostring(why)
	local row = grid:tag('tr')
	row:tag('th'):attr('scope', 'row'):css('text-align', 'start'):wikitext(mw.text.nowiki(test.name))
	row:tag('td'):wikitext(ok and 'passed' or '<strong class="error">failed</strong>')
	row:tag('td'):wikitext(mw.text.nowiki(text))
	return ok
end

local function run(suite, tests)
	local grid = mw.html.create('table'):addClass('wikitable')
	local head = grid:tag('tr')
	for _, label in ipairs({ 'Test', 'Result', 'Why' }) do
		head:tag('th'):attr('scope', 'col'):wikitext(label)
	end
	local failed = 0
	for _, test in ipairs(tests) do
		if not addRow(grid, { suite = suite, name = test.name, run = test.run }) then
			failed = failed + 1
		end
	end
	local said = string.format("'''%d of %d tests failed.'''", failed, #tests)
	if failed == 0 then
		said = string.format('All %d tests passed.', #tests)
	end
	return '<div lang="en" dir="ltr"><p>' .. said .. '</p>' .. tostring(grid) .. '</div>'
end

-- Create a suite. Its functions named test… are run by suite.run, in the order of their writing.
function unit.new()
	local suite, tests = {}, {}
	suite.run = function() return run(suite, tests) end
	return setmetatable(suite, {
		__index = unit,
		__newindex = function(_, key, value)
			if type(key) == 'string' and key:find('^test') then
				tests[#tests + 1] = { name = key, run = value }
			else
				rawset(suite, key, value)
			end
		end,
	})
end

return unit
