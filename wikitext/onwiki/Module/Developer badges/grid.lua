-- Tables with a caption and headings for screen readers, in a box that scrolls where it is narrow.
require('strict')

local MOST = 1000 -- rows that are shown: more would take too long, and nobody reads them

local grid = {}

-- Add the heading of a row.
function grid.head(c, row)
	return c.looks:add(row, 'th', 'row-head'):attr('scope', 'row')
end

-- Add a table: a caption, a heading for each of *columns* (keys), and *rows*, each written by
-- renderRow(c, tr, row). Nothing if there are none; where rows are left out, a sentence says so.
function grid.add(c, box, caption, columns, rows, renderRow)
	if not rows[1] then
		return
	end
	-- A box that scrolls can be reached with the keyboard, and says what it is.
	local wide = c.looks:add(box, 'div', 'wide')
		:attr('role', 'region'):attr('tabindex', '0'):attr('aria-label', c.words:find(caption))
	local tab = wide:tag('table'):addClass('wikitable')
	tab:tag('caption'):wikitext(c.words:text(caption))
	local head = tab:tag('tr')
	for _, key in ipairs(columns) do
		head:tag('th'):attr('scope', 'col'):wikitext(c.words:text('column-' .. key))
	end
	for index = 1, math.min(#rows, MOST) do
		renderRow(c, tab:tag('tr'), rows[index])
	end
	if #rows > MOST then
		box:tag('p'):wikitext(c.words:text('rows-cut', #rows - MOST))
	end
end

return grid
