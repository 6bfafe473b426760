-- The report of the registry: what became of each entry, and how fresh each source is.
require('strict')

local facts = require('Module:Developer badges/facts')

local NAMES_A_SOURCE = { proved = true, unreachable = true, refused = true, changed = true }

local report = {}

-- Name a source: Gerrit, Phabricator, …
local function nameSource(c, source)
	local key = 'source-' .. tostring(source)
	return c.words:find(key) and { wikitext = c.words:text(key) } or source
end

local function renderSentences(c, cell, says)
	for _, words in ipairs(says) do
		local values = {}
		for index = 2, 10 do
			values[index - 1] = words[index]
		end
		if NAMES_A_SOURCE[words[1]] then
			values[1] = nameSource(c, values[1])
		end
		cell:tag('div'):wikitext(c.words:text('report-' .. words[1], unpack(values, 1, 9)))
	end
end

local function renderState(c, row, state)
	local cell = row:tag('td')
	local key = 'state-' .. state
	local text = c.words:find(key) and c.words:text(key) or c.words:show(state)
	c.looks:dress(c.looks:add(cell, 'span', 'state'), 'state-' .. state):wikitext(text)
end

local function addHead(c, grid, caption, columns)
	grid:addClass('wikitable')
	grid:tag('caption'):wikitext(c.words:text(caption))
	local head = grid:tag('tr')
	for _, key in ipairs(columns) do
		head:tag('th'):attr('scope', 'col'):wikitext(c.words:text('column-' .. key))
	end
end

local function renderEntries(c, box, entries)
	local grid = box:tag('table')
	addHead(c, grid, 'entries', { 'entry', 'edit', 'state', 'notes' })
	for _, entry in ipairs(entries) do
		local row = grid:tag('tr')
		local who = row:tag('td')
		if entry.person then
			who:wikitext(c.words:link('User:' .. entry.person, c.words:show(entry.person)))
		elseif entry.line then
			who:wikitext(c.words:text('line', entry.line))
		end
		local edit = row:tag('td')
		if entry.revision then
			local id = string.format('%d', entry.revision)
			edit:wikitext(string.format('[[Special:Diff/%s|%s]]', id, id))
		end
		renderState(c, row, entry.state)
		renderSentences(c, row:tag('td'), entry.says)
	end
end

local function renderSources(c, box, sources)
	local grid = box:tag('table')
	addHead(c, grid, 'sources', { 'source', 'state', 'since', 'notes' })
	for _, source in ipairs(sources) do
		local row = grid:tag('tr')
		local name = nameSource(c, source.source)
		row:tag('td'):wikitext(c.words:show(name))
		renderState(c, row, source.state)
		row:tag('td'):wikitext(source.since and c.words:day(source.since) or '')
		renderSentences(c, row:tag('td'), source.says)
	end
end

-- Render both tables.
function report.render(c)
	local data, why = facts.readReport(c.config)
	if not data then
		return c.looks:sentence(c.words, 'no-report-' .. why)
	end
	local box = c.looks:root('div', 'wide', c.words)
	if data.entries[1] then
		renderEntries(c, box, data.entries)
	else
		box:tag('p'):wikitext(c.words:text('no-entries'))
	end
	if data.sources[1] then
		renderSources(c, box, data.sources)
	end
	return c.looks:finish(box)
end

return report
