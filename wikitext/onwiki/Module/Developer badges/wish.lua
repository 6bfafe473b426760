-- One row of the wishes table, as {{Developer badges/Wish}} shows it: what was written, not what
-- became of it.
require('strict')

local reviews = require('Module:Developer badges/reviews')

local wish = {}

-- Render the tasks, with commas between them as in the line.
local function renderTasks(c, tasks)
	local links = {}
	for part in reviews.cut(tasks):gmatch('[^,]+') do
		links[#links + 1] = reviews.linkWork(c, mw.text.trim(part))
	end
	return table.concat(links, ', ')
end

-- Render the row.
function wish.render(c)
	local args, words = c.args, c.words
	local line = c.looks:root('span', 'review', words)
	local name = words:text('wish-name', reviews.cut(args.list or '?'), reviews.cut(args.wish or '?'))
	line:tag('b'):wikitext(name)
	if args.title then
		line:wikitext(' ' .. words:show(reviews.cut(args.title)))
	end
	local parts = {}
	if args.status then
		parts[#parts + 1] = words:text('wish-status', reviews.cut(args.status))
	end
	parts[#parts + 1] = args.date and reviews.showDay(c, args.date)
	parts[#parts + 1] = args.tasks and words:text('wish-tasks', { wikitext = renderTasks(c, args.tasks) })
	if args.implementers then
		parts[#parts + 1] = words:text('wish-implementers', reviews.cut(args.implementers))
	end
	parts[#parts + 1] = reviews.linkEvidence(c, args.evidence)
	if parts[1] then
		line:wikitext(' – ' .. words:join(parts))
	end
	line:wikitext(' '):tag('small'):wikitext(reviews.mark(c, args.accepted))
	return c.looks:finish(line)
end

return wish
