-- The report of the registry: what became of each entry, and how fresh each source is.
require('strict')

local HOME = 'Module:Developer badges'
local foot = require(HOME .. '/foot')
local grid = require(HOME .. '/grid')
local remedies = require(HOME .. '/remedies')

local NAMES_A_SOURCE = {
	proved = true, disputed = true, ['decided-otherwise'] = true, ['open-claim'] = true,
	unreachable = true, refused = true, changed = true,
}

local report = {}

-- Name a source: Gerrit, Phabricator, …
local function nameSource(c, source)
	local isKey = c.facts.isKey(source)
	return isKey and c.words:name('source-' .. source, source) or c.words:text('source-unknown')
end

-- Return what a sentence fills in, { text or number for $1, … }. Anything else, such as a table that
-- would pass for wikitext, is none of what the bot writes.
local function readValues(c, sentence)
	local values = {}
	for index = 2, 10 do
		local value = sentence[index]
		local isNumber = type(value) == 'number' and math.abs(value) < 1e15
		values[index - 1] = (isNumber or c.facts.isText(value)) and value or ''
	end
	return values
end

-- Each of *says* is { key of a message, text or number for $1, … }.
local function renderSentences(c, row, says)
	local cell = row:tag('td')
	local isSentence = function(item) return type(item) == 'table' and c.facts.isText(item[1]) end
	for _, sentence in ipairs(c.facts.filter(says, isSentence)) do
		local values = readValues(c, sentence)
		if NAMES_A_SOURCE[sentence[1]] then
			values[1] = { wikitext = nameSource(c, values[1]) }
		elseif sentence[1] == 'badge-silent' and c.facts.isKey(values[1]) then
			values[1] = { wikitext = c.words:name('badge-' .. values[1] .. '-name', values[1]) }
		elseif sentence[1] == 'code' and c.facts.isDay(values[2]) then
			values[2] = { wikitext = c.words:day(values[2]) }
		end
		cell:tag('div'):wikitext(c.words:text('report-' .. sentence[1], unpack(values, 1, 9)))
	end
end

local function renderState(c, row, state)
	state = c.facts.isKey(state) and state or 'unknown'
	c.looks:add(row:tag('td'), 'span', 'state-' .. state)
		:wikitext(c.words:name('state-' .. state, state))
end

-- Link to the edit that brought a line, if one can be seen.
local function linkEdit(c, row, revision)
	local known = c.facts.isWhole(revision) and revision > 0
	row:tag('td'):wikitext(known and string.format('[[Special:Diff/%d|%d]]', revision, revision) or '')
end

-- Name the line that a row is about, behind the page it is on if there are several; and let others
-- link to the row: #entry-12, #wish-4, …
local function headLine(c, row, kind, line, page)
	local head = grid.head(c, row):wikitext(page or '')
	if c.facts.isWhole(line) and line > 0 then
		row:attr('id', string.format('%s-%d', kind, line))
		head:wikitext(c.words:text('line', line))
	end
end

local function renderEntry(c, row, entry)
	local person = c.facts.normalizeName(entry.person)
	if person then
		row:attr('id', 'entry-' .. person:gsub(' ', '_'))
		grid.head(c, row):wikitext(c.words:link('User:' .. person, c.words:show(person)))
	else
		headLine(c, row, 'entry', entry.line)
	end
	linkEdit(c, row, entry.revision)
	renderState(c, row, entry.state)
	renderSentences(c, row, entry.says)
	remedies.add(c, row, entry.says, 'Registry', entry.state)
end

local function renderNote(c, row, note)
	headLine(c, row, 'note', note.line)
	renderSentences(c, row, note.says)
	remedies.add(c, row, note.says, 'Registry')
end

local function renderWish(c, row, note)
	headLine(c, row, 'wish', note.line)
	renderSentences(c, row, note.says)
	remedies.add(c, row, note.says, 'Wishes')
end

local function renderReview(c, row, review)
	local page = c.facts.isWhole(review.page) and review.page <= 9999 and string.format('%d', review.page)
	local year = page and c.words:link(c.config.root .. '/Reviews/' .. page, page) .. ' '
	headLine(c, row, 'review-' .. (page or ''), review.line, year)
	linkEdit(c, row, review.revision)
	renderSentences(c, row, review.says)
	remedies.add(c, row, review.says, 'Reviews/' .. (page or ''))
end

local function renderSource(c, row, source)
	grid.head(c, row):wikitext(nameSource(c, source.source))
	renderState(c, row, source.state)
	row:tag('td'):wikitext(c.facts.isDay(source.since) and c.words:day(source.since) or '')
	renderSentences(c, row, source.says)
end

local ENTRY = { 'entry', 'edit', 'state', 'notes', 'remedy' }

-- Render the entry of one person alone.
local function renderOwn(c, entries)
	local name = c.facts.normalizeName(c.args.user)
	if not name then
		return c.looks:sentence(c.words, 'no-name', mw.ustring.sub(c.args.user, 1, 100))
	end
	local own = c.facts.filter(entries, function(entry)
		return c.facts.normalizeName(entry.person) == name
	end)
	if not own[1] then
		return c.looks:sentence(c.words, 'no-entry-of', name, { wikitext = c.config.root })
	end
	local box = c.looks:root('div', 'page', c.words)
	grid.add(c, box, 'entries', ENTRY, own, renderEntry)
	return c.looks:finish(box)
end

-- Render the tables, each only if there is something to tell; with args.user, one entry alone.
function report.render(c, data)
	local function list(key)
		return c.facts.filter(data[key], c.facts.isTable)
	end
	local entries = list('entries')
	if c.args.user then
		return renderOwn(c, entries)
	end
	local box = c.looks:root('div', 'page', c.words)
	if not entries[1] then
		box:tag('p'):wikitext(c.words:text('no-entries'))
	end
	local function add(...)
		grid.add(c, box, ...)
	end
	add('entries', ENTRY, entries, renderEntry)
	add('notes', { 'line', 'notes', 'remedy' }, list('notes'), renderNote)
	add('wishes-waiting', { 'line', 'notes', 'remedy' }, list('wishes'), renderWish)
	add('reviews-waiting', { 'line', 'edit', 'notes', 'remedy' }, list('reviews'), renderReview)
	add('sources', { 'source', 'state', 'since', 'notes' }, list('sources'), renderSource)
	foot.add(c, box)
	return c.looks:finish(box)
end

return report
