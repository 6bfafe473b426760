-- The works of one person in one year, read from their data pages.
require('strict')

local reviews = require('Module:Developer badges/reviews')

local MOST = 200 -- works in a table; the rest are a link away

local works = {}

-- Keep of a reason its fact and the values of its message, which are texts and numbers only.
local function checkReason(facts, reason)
	if type(reason) ~= 'table' or not facts.isText(reason[3]) then
		return nil
	end
	local values = {}
	for index = 4, 12 do
		local value = reason[index]
		values[index - 3] = (facts.isCount(value) or facts.isText(value)) and value or nil
	end
	return { fact = reason[3], values = values }
end

local function checkReasons(facts, list)
	local good = {}
	for _, reason in ipairs(facts.isTable(list) and list or {}) do
		good[#good + 1] = checkReason(facts, reason)
	end
	return good
end

-- Keep of a work what is as it should be; nil if too little is. Whoever hides the score has works
-- without points and credit.
local function checkWork(facts, work)
	if not (type(work) == 'table' and facts.isText(work.work) and facts.isCount(work.share)) then
		return nil
	end
	local function count(key)
		return facts.isCount(work[key]) and work[key] or nil
	end
	return {
		work = work.work,
		about = facts.isText(work.about) and work.about or '',
		day = facts.isDay(work.day) and work.day or nil,
		points = count('points'),
		difficulty = count('difficulty'),
		impact = count('impact'),
		share = work.share,
		credit = count('credit'),
		counted = count('counted') or count('credit'),
		estimate = work.estimate == true,
		paid = work.paid == true,
		isIssue = work.issue == true,
		reviews = reviews.check(facts, work.reviews),
		reasons = checkReasons(facts, work.reasons),
	}
end

-- Say whether a page of works, or a day, is of that year.
function works.isOf(year, name)
	return name:sub(1, 4) == year
end

-- Add the works of a page, the newest first, as long as there is room.
local function addPage(c, found, data)
	local list = c.facts.filter(data.works, c.facts.isTable)
	for index = #list, 1, -1 do
		local work = checkWork(c.facts, list[index])
		if work and #found.works < MOST then
			found.works[#found.works + 1] = work
			found.hasPoints = found.hasPoints or work.points ~= nil
			found.hasIssues = found.hasIssues or work.isIssue
		elseif work then
			found.isCut = true
		end
	end
	local isDecided = function(work)
		return type(work) == 'table' and c.facts.isText(work.work)
	end
	local corrected = c.facts.filter(data.corrected, isDecided)
	for index = #corrected, 1, -1 do
		if #found.corrected < MOST then
			found.corrected[#found.corrected + 1] = corrected[index]
		end
	end
end

-- Read the pages of a year one after the other, the newest first, until there is enough: works, those
-- corrected away, whether any has points or is an issue, whether there are more (isCut), and whether
-- a page is broken.
function works.read(c, year)
	local found = {
		works = {}, corrected = {}, hasPoints = false, hasIssues = false, isCut = false, isBroken = false,
	}
	for index = #c.person.works, 1, -1 do
		local name = c.person.works[index]
		if works.isOf(year, name) and #found.works >= MOST then
			found.isCut = true
		elseif works.isOf(year, name) then
			local data = c.facts.readPage(c.config, c.facts.workPage(c.name, name))
			found.isBroken = found.isBroken or not data
			addPage(c, found, data or {})
		end
	end
	return found
end

return works
