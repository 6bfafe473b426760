-- Tables with a caption and headings for screen readers, in a box that scrolls where it is narrow.
require('strict')

local MOST = 1000 -- rows of a table that are shown
-- A page takes 2 MB of what is put on it; beyond that MediaWiki shows nothing at all. So many bytes
-- may be the rows of one table, and those of all tables together.
local MOST_BYTES, MOST_BYTES_IN_ALL = 1300000, 1700000

local grid = {}

-- Add the heading of a row.
function grid.head(c, row)
	return c.looks:add(row, 'th', 'row-head'):attr('scope', 'row')
end

-- Add a cell with a number: those of a column end at one line.
function grid.number(c, row)
	return c.looks:add(row, 'td', 'amount')
end

-- Add rows as long as there is room; return how many were added.
local function fill(c, tab, rows, renderRow)
	local bytes = 0
	c.room = c.room or MOST_BYTES_IN_ALL
	for index = 1, math.min(#rows, MOST) do
		local row = mw.html.create('tr')
		renderRow(c, row, rows[index])
		local text = tostring(row)
		bytes = bytes + #text
		if bytes > math.min(MOST_BYTES, c.room) then
			return index - 1
		end
		tab:wikitext(text)
	end
	c.room = c.room - bytes
	return math.min(#rows, MOST)
end

-- Add a table: a caption, a heading for each of *columns* (keys), and *rows*, each written by
-- renderRow(c, tr, row). Nothing if there are none; where rows are left out, a sentence says so.
-- With *areNumbers* all columns but the first hold numbers.
function grid.add(c, box, caption, columns, rows, renderRow, areNumbers)
	if not rows[1] then
		return
	end
	-- A box that scrolls can be reached with the keyboard, and says what it is.
	local wide = c.looks:add(box, 'div', 'wide')
		:attr('role', 'region'):attr('tabindex', '0'):attr('aria-label', c.words:find(caption))
	local tab = c.looks:add(wide, 'table', 'grid'):addClass('wikitable')
	if columns[#columns] == 'remedy' or columns[#columns] == 'notes' then
		c.looks:dress(tab, 'grid-of-sentences')
	end
	tab:tag('caption'):wikitext(c.words:text(caption))
	local head = tab:tag('tr')
	for index, key in ipairs(columns) do
		local cell = head:tag('th'):attr('scope', 'col'):wikitext(c.words:text('column-' .. key))
		if areNumbers and index > 1 then
			c.looks:dress(cell, 'amount')
		end
	end
	local shown = fill(c, tab, rows, renderRow)
	if shown < #rows then
		box:tag('p'):wikitext(c.words:text('rows-cut', #rows - shown))
	end
end

return grid
