-- How points work, at length.
require('strict')

local points = {}

-- Write the page; each part is a heading, a paragraph and a list.
function points.write(sheet)
	local function tell(part, last)
		local lines = {}
		for index = 1, last do
			lines[index] = { 'points-' .. part .. '-' .. index }
		end
		sheet:heading('points-' .. part)
		sheet:list('ul', lines)
	end
	sheet:say('points-lead', sheet.root)
	tell('work', 5)
	tell('difficulty', 5)
	tell('impact', 5)
	tell('share', 4)
	tell('unknown', 3)
	sheet:say('points-rules', sheet.root)
end

return points
