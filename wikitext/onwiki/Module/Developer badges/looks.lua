-- How things look: Template:Developer badges/styles.css, in one of two ways. With the extension
-- TemplateStyles elements carry classes and the sheet comes along; without it the plain rules of
-- the very same sheet (one class as selector, outside any @-rule) are set on each element.
require('strict')

local SHEET = 'Template:Developer badges/styles.css'
local PREFIX = 'devbadges'

local Looks = {}
Looks.__index = Looks

local looks = {}

-- Read the plain rules of a sheet: { class = 'declarations' }.
local function parseSheet(css)
	local rules = {}
	css = css:gsub('/%*.-%*/', ''):gsub('@[^{}]+%b{}', '')
	for selectors, declarations in css:gmatch('([^{}]+)(%b{})') do
		declarations = mw.text.trim(declarations:sub(2, -2)):gsub('%s+', ' ')
		for selector in selectors:gmatch('[^,]+') do
			local class = selector:match('^%s*%.([%w%-]+)%s*$')
			if class then
				rules[class] = (rules[class] or '') .. declarations
			end
		end
	end
	return rules
end

-- Choose the way this wiki offers.
function looks.choose(frame)
	local title = mw.title.new(SHEET)
	local css = title:getContent()
	local tag = ''
	if css and title.contentModel == 'sanitized-css' then
		tag = frame:extensionTag({ name = 'templatestyles', args = { src = SHEET } })
		if tag:sub(1, 1) == '<' then -- no extension takes this tag: it came back as text
			tag = ''
		end
	end
	return setmetatable({
		tag = tag,
		rules = tag == '' and css and parseSheet(css) or {},
	}, Looks)
end

-- Give an element the look of that name.
function Looks:dress(element, name)
	local class = name and PREFIX .. '-' .. name or PREFIX
	element:addClass(class)
	if self.rules[class] then
		element:cssText(self.rules[class])
	end
	return element
end

-- Create an element, or add one to *parent*, with the look of that name.
function Looks:add(parent, tag, name)
	local element = parent and parent:tag(tag) or mw.html.create(tag)
	return self:dress(element, name)
end

-- Create the outermost element: its language and direction are those of the words.
function Looks:root(tag, name, words)
	local element = self:dress(self:add(nil, tag), name)
	return element:attr('lang', words.code):attr('dir', words.language:getDir())
end

-- Return the finished wikitext.
function Looks:finish(element)
	return self.tag .. tostring(element)
end

-- Return what cannot be shown as one calm sentence.
function Looks:sentence(words, ...)
	return self:finish(self:root('span', 'sentence', words):wikitext(words:text(...)))
end

return looks
