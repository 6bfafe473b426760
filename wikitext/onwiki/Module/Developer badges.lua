-- Implements {{Developer badges}}, {{Developer badges/Person}} and the report of the registry.
--
-- A bot writes facts as JSON below its user page, this module reads them, and every word comes
-- from i18n/<language>.json. Each entry is thin; what it names with an underscore takes plain
-- arguments and can be called and tested from other modules.
require('strict')

local HOME = 'Module:Developer badges'

local p = {}

-- Gathering ------------------------------------------------------------------------------------

-- Collect what the template was given and what the #invoke adds: trimmed, blanks dropped.
local function collectArguments(frame)
	local args = {}
	local parent = frame:getParent()
	for _, given in ipairs({ parent and parent.args or {}, frame.args }) do
		for key, value in pairs(given) do
			value = mw.text.trim(value)
			if value ~= '' then
				args[key] = value
			end
		end
	end
	return args
end

-- Gather all that rendering needs: the settings of this wiki, the words, the looks.
local function prepare(frame, args)
	local config = require(HOME .. '/facts').readConfig(HOME .. '/config.json')
	return {
		args = args,
		config = config,
		words = require(HOME .. '/words').choose(frame, HOME .. '/i18n/', args.lang, config.languages),
		looks = require(HOME .. '/looks').choose(frame),
	}
end

-- Make an entry that never shows a Lua error: should this module fail, it says so calmly and
-- tells editors the reason in the preview.
local function makeEntry(render)
	return function(frame)
		local ok, text = pcall(function()
			return render(frame, collectArguments(frame))
		end)
		if ok then
			return text
		end
		mw.addWarning(mw.text.nowiki('Module:Developer badges: ' .. tostring(text)))
		return '<span class="devbadges-trouble">Developer badges cannot be shown at the moment.</span>'
	end
end

-- Entries --------------------------------------------------------------------------------------

-- Show the badges of one person: show=card (default), compact or number.
function p._main(frame, args)
	return require(HOME .. '/card').render(prepare(frame, args))
end

-- Show the works of one year of a person, with the reasons for their points.
function p._works(frame, args)
	return require(HOME .. '/works').render(prepare(frame, args))
end

-- Show one entry of the registry.
function p._person(frame, args)
	return require(HOME .. '/person').render(prepare(frame, args))
end

-- Show the state of every registry entry and every source.
function p._report(frame, args)
	return require(HOME .. '/report').render(prepare(frame, args))
end

p.main = makeEntry(p._main)
p.works = makeEntry(p._works)
p.person = makeEntry(p._person)
p.report = makeEntry(p._report)

return p
