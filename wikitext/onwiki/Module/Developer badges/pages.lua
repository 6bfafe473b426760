-- The pages for people: portal, registry, report, reviews, wishes, statistics. All their words are
-- messages, so each reader is told in a language of their own; here is only what stands where.
require('strict')

local HOME = 'Module:Developer badges'
local FIRST_LINES = { -- of reviews, with the value that the line begins with; none: the writer's to fill in
	{ 'size', 'large' }, { 'impact', 'large' }, { 'fix', 'no' }, { 'split', 'yes' }, { 'same' },
	{ 'by' }, { 'not-by' }, { 'harder-than' },
}

-- A page being written: headings, paragraphs, lists and buttons, each from a message.
local Sheet = {}
Sheet.__index = Sheet

local function raw(wikitext)
	return { wikitext = wikitext }
end

local function newSheet(c)
	return setmetatable({
		c = c,
		words = c.words,
		box = c.looks:root('div', 'page', c.words),
		root = raw(c.config.root),
		bot = raw(c.config.bot),
	}, Sheet)
end

-- Add a heading; it stands in the table of contents. Links to #key find it in every language.
function Sheet:heading(key)
	self.box:tag('span'):attr('id', key)
	self.box:tag('h2'):wikitext(self.words:text(key))
end

function Sheet:say(key, ...)
	self.box:tag('p'):addClass('plainlinks'):wikitext(self.words:text(key, ...))
end

-- Add a list, "ul" or "ol", of messages: { { key, parameters … }, … }.
function Sheet:list(tag, messages)
	local list = self.box:tag(tag):addClass('plainlinks')
	for _, message in ipairs(messages) do
		list:tag('li'):wikitext(self.words:text(unpack(message)))
	end
end

-- Add a link that looks like a button. No element but a link is allowed to do anything here.
function Sheet:button(url, key, ...)
	local face = self.c.looks:dress(mw.html.create('span'), 'button')
		:wikitext(self.words:text(key, ...))
	self.box:tag('p'):addClass('plainlinks'):wikitext(string.format('[%s %s]', url.wikitext, tostring(face)))
end

function Sheet:sentence(key, ...)
	self.box:tag('p'):wikitext(self.c.looks:sentence(self.words, key, ...))
end

-- Return the address of a page; of one that no title can be, an empty one.
function Sheet:address(page, query)
	local title = mw.title.new(page)
	return raw(title and title:fullUrl(query) or '')
end

-- Return the page and the query of a form with a line in it, so that to read and to save it is all
-- there is to do. The line is that of the subpage Preload of *base*, with $1, $2, … from *values*.
function Sheet:formOf(base, page, values)
	local function name(rest)
		return mw.uri.encode(self.c.config.root .. '/' .. base .. rest, 'QUERY')
	end
	local query = {
		'action=edit&section=new&nosummary=1',
		'preload=' .. name('/Preload'),
		'editintro=' .. name('/Intro'),
	}
	for _, value in ipairs(values or {}) do
		query[#query + 1] = 'preloadparams%5B%5D=' .. mw.uri.encode(value, 'QUERY')
	end
	return self.c.config.root .. '/' .. (page or base), table.concat(query, '&')
end

-- Return the address of that form.
function Sheet:form(...)
	return self:address(self:formOf(...))
end

-- Return the address for logging in; from there the way leads on to the form for one's line.
function Sheet:login()
	local page, query = self:formOf('Registry')
	return self:address('Special:UserLogin', 'returnto=' .. mw.uri.encode(page, 'QUERY')
		.. '&returntoquery=' .. mw.uri.encode(query, 'QUERY'))
end

-- Add the way in: the button, and what has to be there before.
function Sheet:join()
	self:button(self:form('Registry'), 'join-button')
	self:say('join-login', self:login())
end

local pages = {}
local HERE = {}

function HERE.registry(sheet)
	sheet:say('registry-lead', sheet.root)
	sheet:join()
	sheet:list('ul', {
		{ 'registry-own-line' }, { 'registry-accounts' }, { 'registry-options' }, { 'line-is-public' },
		{ 'registry-report', sheet.root },
		{ 'registry-leave', sheet.root, sheet:address(sheet.c.config.root .. '/Registry', 'action=edit') },
	})
	sheet:say('registry-by-hand')
end

HERE['registry-intro'] = function(sheet)
	sheet:say('registry-intro')
	sheet:list('ul', {
		{ 'registry-intro-developer' }, { 'registry-intro-hide' }, { 'line-is-public' },
		{ 'registry-intro-public' },
	})
	sheet:say('join-login', sheet:login())
end

function HERE.report(sheet)
	sheet:say('about-report', sheet.root)
	sheet:list('ul', {
		{ 'about-report-states' }, { 'about-report-wait' }, { 'about-report-row', sheet.root },
	})
end

-- The page of reviews of this year, by the clock of the wiki, as the bot reads them.
local function thisYear()
	return 'Reviews/' .. mw.language.getContentLanguage():formatDate('Y')
end

function HERE.reviews(sheet)
	local page = thisYear()
	sheet:say('reviews-lead')
	sheet:list('ol', {
		{ 'reviews-step-choose' },
		{ 'reviews-step-fill' },
		{ 'reviews-step-accept' },
		{ 'reviews-step-report', sheet.root },
	})
	sheet:heading('reviews-write')
	local lines = {}
	for _, kind in ipairs(FIRST_LINES) do
		local url = sheet:form('Reviews', page, { kind[1], kind[2] or '' })
		lines[#lines + 1] = { 'reviews-kind-' .. kind[1], url }
	end
	sheet:list('ul', lines)
	sheet:say('reviews-kind-badge')
	sheet:say('reviews-page', raw(sheet.c.config.root .. '/' .. page))
	sheet:heading('reviews-accept')
	sheet:list('ul', { { 'reviews-who' }, { 'reviews-words' }, { 'reviews-own' }, { 'reviews-undo' } })
end

HERE['reviews-intro'] = function(sheet)
	sheet:say('reviews-intro')
	sheet:say('read-the-line')
end

function HERE.wishes(sheet)
	sheet:say('wishes-lead', sheet.root)
	sheet:button(sheet:form('Wishes'), 'wishes-button')
	sheet:list('ul', {
		{ 'wishes-who' }, { 'wishes-people' }, { 'wishes-accept' }, { 'wishes-report', sheet.root },
	})
end

-- What is seen of a page that a form begins with.
function HERE.preload(sheet)
	sheet:say('preload-page', sheet.root)
end

HERE['wishes-intro'] = function(sheet)
	sheet:say('wishes-intro')
	sheet:say('read-the-line')
end

-- Render the page that args[1] names. The longer ones have modules of their own.
function pages.render(c)
	local name = c.args[1] or ''
	local sheet = newSheet(c)
	if name == 'portal' or name == 'points' or name == 'statistics' then
		require(HOME .. '/' .. name).write(sheet)
		require(HOME .. '/foot').add(c, sheet.box)
	elseif HERE[name] then
		HERE[name](sheet)
	else
		return c.looks:sentence(c.words, 'no-such-page', mw.ustring.sub(name, 1, 100))
	end
	return c.looks:finish(sheet.box)
end

return pages
