-- The badges of one person: a card, a compact line, a bare number.
require('strict')

local facts = require('Module:Developer badges/facts')

local MEDALS = { 'I', 'II', 'III', 'IV' }

local card = {}

-- Parts ----------------------------------------------------------------------------------------

local function linkUser(c)
	return c.words:link('User:' .. c.name, '<bdi>' .. mw.text.nowiki(c.name) .. '</bdi>')
end

local function nameBadge(c, badge)
	local key = 'badge-' .. badge.id .. '-name'
	return c.words:find(key) and c.words:text(key) or c.words:show(badge.id)
end

local function nameTier(c, tier)
	return c.words:text('tier-' .. tier)
end

local function filterEarned(c)
	local earned = {}
	for _, badge in ipairs(c.person.badges) do
		if badge.tier > 0 then
			earned[#earned + 1] = badge
		end
	end
	return earned
end

-- Find the badge whose next tier is nearest, and say how many are missing.
local function findNearest(c)
	local nearest, part = nil, -1
	for _, badge in ipairs(c.person.badges) do
		if badge.next and badge.value and badge.tier < 4 and badge.value < badge.next
			and badge.value / badge.next > part then
			nearest, part = badge, badge.value / badge.next
		end
	end
	return nearest, part
end

local function renderNumber(c, parent, key, value)
	local box = c.looks:add(parent, 'div', 'number')
	c.looks:add(box, 'div', 'value'):wikitext(c.words:show(value))
	c.looks:add(box, 'div', 'label'):wikitext(c.words:text(key, value))
end

local function renderMedal(c, parent, tier)
	return c.looks:dress(c.looks:add(parent, 'span', 'medal'), 'tier-' .. tier)
		:attr('aria-hidden', 'true')
		:wikitext(MEDALS[tier])
end

local function renderBadge(c, list, badge)
	local item = c.looks:add(list, 'li', 'badge')
	renderMedal(c, item, badge.tier)
	local text = c.looks:add(item, 'span', 'badge-text')
	c.looks:add(text, 'span', 'badge-name'):wikitext(nameBadge(c, badge))
	local tier = nameTier(c, badge.tier)
	if badge.since then
		tier = c.words:text('tier-since', { wikitext = tier }, { wikitext = c.words:day(badge.since) })
	end
	c.looks:add(text, 'span', 'badge-tier'):wikitext(tier)
	local description = 'badge-' .. badge.id .. '-description'
	if c.words:find(description) then
		c.looks:add(text, 'span', 'badge-about'):wikitext(c.words:text(description))
	end
end

local function renderNext(c, box)
	local badge, part = findNearest(c)
	if not badge then
		return
	end
	local row = c.looks:add(box, 'div', 'next')
	row:wikitext(c.words:text(
		'next-tier',
		math.ceil(badge.next - badge.value),
		{ wikitext = nameBadge(c, badge) },
		{ wikitext = nameTier(c, badge.tier + 1) }
	))
	local bar = c.looks:add(row, 'div', 'bar'):attr('aria-hidden', 'true')
	c.looks:add(bar, 'div', 'bar-filled'):css('width', math.floor(part * 100) .. '%')
end

local function renderLinks(c, box)
	local row = c.looks:add(box, 'div', 'links')
	local years = {}
	for _, year in ipairs(c.person.years) do
		years[#years + 1] = c.words:link(facts.worksPage(c.config, c.name, year), tostring(year))
	end
	if years[1] then
		row:tag('span'):wikitext(c.words:text('why-these-points', { wikitext = c.words:join(years) }))
	end
	row:tag('span'):wikitext(c.words:link(c.config.root, c.words:text('about')))
end

-- Shows ----------------------------------------------------------------------------------------

local function renderCard(c)
	local total, words, looks = c.person.total, c.words, c.looks
	local box = looks:root('div', 'card', words):attr('role', 'group')
		:attr('aria-label', mw.text.decode(words:find('title') or '') .. ': ' .. c.name)

	local head = looks:add(box, 'div', 'head')
	looks:add(head, 'span', 'title'):wikitext(words:text('title'))
	looks:add(head, 'span', 'name'):wikitext(linkUser(c))

	local numbers = looks:add(box, 'div', 'numbers')
	renderNumber(c, numbers, 'together-label', total.together)
	renderNumber(c, numbers, c.person.estimate and 'score-estimate-label' or 'score-label', total.score)

	looks:add(box, 'div', 'split'):wikitext(words:join({
		words:text('issues', total.issues),
		words:text('wishes', total.wishes),
		words:text('patches', total.patches),
	}))

	local earned = filterEarned(c)
	if earned[1] then
		local list = looks:add(box, 'ul', 'badges'):attr('aria-label', words:find('badges'))
		for _, badge in ipairs(earned) do
			renderBadge(c, list, badge)
		end
	end
	renderNext(c, box)
	if c.person.unconfirmed > 0 then
		looks:add(box, 'div', 'note'):wikitext(words:text('unconfirmed', c.person.unconfirmed))
	end
	renderLinks(c, box)
	return looks:finish(box)
end

local function renderCompact(c)
	local total, words, looks = c.person.total, c.words, c.looks
	local parts = {
		words:text('together', total.together),
		words:text(c.person.estimate and 'score-estimate' or 'score', total.score),
	}
	for _, badge in ipairs(filterEarned(c)) do
		parts[#parts + 1] = words:text(
			'badge-and-tier', { wikitext = nameBadge(c, badge) }, { wikitext = nameTier(c, badge.tier) }
		)
	end
	local line = looks:root('span', 'compact', words)
	looks:add(line, 'span', 'compact-title'):wikitext(c.words:link(c.config.root, words:text('title')))
	line:wikitext(words:join(parts))
	return looks:finish(line)
end

local SHOWS = {
	card = renderCard,
	compact = renderCompact,
	number = function(c)
		return c.words:show(c.person.total.together)
	end,
}

-- Find out whose badges are wanted: those of the person named, else of the owner of the page.
function card.chooseName(c)
	local wanted = c.args.user or c.args[1]
	if wanted then
		return facts.normalizeName(wanted), wanted
	end
	local page = mw.title.getCurrentTitle()
	if page.namespace == 2 or page.namespace == 3 then
		return facts.normalizeName(page.rootText), page.rootText
	end
	return nil, nil
end

-- Say calmly what there is instead of badges.
function card.explain(c, why)
	return c.looks:sentence(c.words, 'person-' .. why, c.name, { wikitext = c.config.root })
end

-- Render what args.show asks for.
function card.render(c)
	local wanted
	c.name, wanted = card.chooseName(c)
	if not wanted then
		return c.looks:sentence(c.words, 'whose')
	elseif not c.name then
		return c.looks:sentence(c.words, 'no-name', mw.ustring.sub(wanted, 1, 100))
	end
	local why
	c.person, why = facts.readPerson(c.config, c.name)
	if not c.person then
		return card.explain(c, why)
	end
	local show = SHOWS[c.args.show or 'card']
	if not show then
		mw.addWarning(c.words:text('no-such-show', c.args.show))
	end
	return (show or renderCard)(c)
end

return card
