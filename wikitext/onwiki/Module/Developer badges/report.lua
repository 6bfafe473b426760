-- The report of the registry: what became of each entry, and how fresh each source is.
require('strict')

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

-- Each of *says* is { key of a message, text or number for $1, … }.
local function renderSentences(c, row, says)
	local cell = row:tag('td')
	local isSentence = function(item) return type(item) == 'table' and c.facts.isText(item[1]) end
	for _, sentence in ipairs(c.facts.filter(says, isSentence)) do
		local values = { unpack(sentence, 2, 10) }
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

local function renderEntry(c, grid, entry)
	local row = grid:tag('tr')
	local who, edit = row:tag('td'), row:tag('td')
	local person = c.facts.normalizeName(entry.person)
	if person then
		who:wikitext(c.words:link('User:' .. person, c.words:show(person)))
	elseif c.facts.isWhole(entry.line) then
		who:wikitext(c.words:text('line', entry.line))
	end
	if c.facts.isWhole(entry.revision) and entry.revision > 0 then
		edit:wikitext(string.format('[[Special:Diff/%d|%d]]', entry.revision, entry.revision))
	end
	renderState(c, row, entry.state)
	renderSentences(c, row, entry.says)
end

local function renderNote(c, grid, note)
	local row = grid:tag('tr')
	row:tag('td'):wikitext(c.facts.isWhole(note.line) and c.words:show(note.line) or '')
	renderSentences(c, row, note.says)
end

local function renderReview(c, grid, review)
	local row = grid:tag('tr')
	local where, edit = row:tag('td'), row:tag('td')
	if c.facts.isWhole(review.page) then
		local page = string.format('%s/Reviews/%d', c.config.root, review.page)
		where:wikitext(c.words:link(page, string.format('%d', review.page)), ' ')
	end
	if c.facts.isWhole(review.line) then
		where:wikitext(c.words:text('line', review.line))
	end
	if c.facts.isWhole(review.revision) and review.revision > 0 then
		edit:wikitext(string.format('[[Special:Diff/%d|%d]]', review.revision, review.revision))
	end
	renderSentences(c, row, review.says)
end

local function renderSource(c, grid, source)
	local row = grid:tag('tr')
	row:tag('td'):wikitext(nameSource(c, source.source))
	renderState(c, row, source.state)
	row:tag('td'):wikitext(c.facts.isDay(source.since) and c.words:day(source.since) or '')
	renderSentences(c, row, source.says)
end

local function renderTable(c, box, caption, columns, rows, renderRow)
	if not rows[1] then
		return
	end
	local grid = box:tag('table'):addClass('wikitable')
	grid:tag('caption'):wikitext(c.words:text(caption))
	local head = grid:tag('tr')
	for _, key in ipairs(columns) do
		head:tag('th'):attr('scope', 'col'):wikitext(c.words:text('column-' .. key))
	end
	for _, row in ipairs(rows) do
		renderRow(c, grid, row)
	end
end

-- Render the tables, each only if there is something to tell.
function report.render(c, data)
	local box = c.looks:root('div', 'wide', c.words)
	local entries = c.facts.filter(data.entries, c.facts.isTable)
	local notes = c.facts.filter(data.notes, c.facts.isTable)
	local wishes = c.facts.filter(data.wishes, c.facts.isTable)
	local reviews = c.facts.filter(data.reviews, c.facts.isTable)
	local sources = c.facts.filter(data.sources, c.facts.isTable)
	if not entries[1] then
		box:tag('p'):wikitext(c.words:text('no-entries'))
	end
	renderTable(c, box, 'entries', { 'entry', 'edit', 'state', 'notes' }, entries, renderEntry)
	renderTable(c, box, 'notes', { 'line', 'notes' }, notes, renderNote)
	renderTable(c, box, 'wishes-waiting', { 'line', 'notes' }, wishes, renderNote)
	renderTable(c, box, 'reviews-waiting', { 'line', 'edit', 'notes' }, reviews, renderReview)
	renderTable(c, box, 'sources', { 'source', 'state', 'since', 'notes' }, sources, renderSource)
	return c.looks:finish(box)
end

return report
