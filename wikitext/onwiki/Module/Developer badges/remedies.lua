-- What can be done about what the report says, with links to the place where it is done.
require('strict')

local foot = require('Module:Developer badges/foot')

-- For each report-<key> the remedy: remedy-<word>. "none" is said only if there is no other.
local REMEDY = {
	proved = 'none', staff = 'none', ['account-ended'] = 'none', ['more-lines'] = 'none',
	['more-entries'] = 'none', ['hide-unknown'] = 'edit',
	['post-gerrit'] = 'code', ['post-github'] = 'code', ['post-gitlab'] = 'code',
	['post-phabricator'] = 'code', code = 'code',
	['not-yourself'] = 'join', ['hidden-revision'] = 'join',
	['temporary-account'] = 'account', ['no-such-user'] = 'edit',
	['not-linked-phabricator'] = 'phabricator', ['developer-not-proved'] = 'phabricator',
	['links-refused'] = 'edit', ['link-may-be-older'] = 'edit', ['no-gerrit-account'] = 'gerrit',
	['open-claim'] = 'name', ['no-developer-name'] = 'edit',
	disputed = 'talk', ['decided-otherwise'] = 'talk', excluded = 'talk',
	['history-being-read'] = 'wait', ['waiting-removed-by-other'] = 'restore',
	['bad-line'] = 'edit', ['bad-name'] = 'edit', ['bad-option'] = 'edit', nested = 'edit',
	['too-long'] = 'edit', ['option-twice'] = 'edit', ['unknown-option'] = 'edit',
	['invisible-characters'] = 'edit', ['duplicate-entry'] = 'edit', ['same-line'] = 'edit',
	['unclosed-comment'] = 'edit', ['unclosed-nowiki'] = 'edit',
	['bad-wish-line'] = 'edit', ['missing-option'] = 'edit', ['bad-implementer'] = 'edit',
	['bad-review-line'] = 'edit', ['review-one-kind'] = 'edit', ['bad-reviewed-name'] = 'edit',
	['review-superseded'] = 'edit', ['review-no-work'] = 'edit',
	['wish-waits'] = 'accept', ['wish-not-accepted'] = 'accept', ['wish-own'] = 'accept',
	['review-waits'] = 'accept', ['review-not-accepted'] = 'accept', ['review-own'] = 'accept',
	['review-too-early'] = 'accept', ['review-not-given'] = 'accept',
	['review-same-unknown'] = 'accept',
	['badge-silent'] = 'rules', ['bad-rules'] = 'rules',
}
local OF_STATE = { accepted = 'none', waiting = 'wait', refused = 'edit' }
local FORMS = { Registry = 'Person', Wishes = 'Wish' }

local remedies = {}

-- Return the address of a page of this wiki, for something to be done there.
local function address(page, query)
	local title = mw.title.new(page)
	return { wikitext = title and title:fullUrl(query) or '' }
end

-- Return the message of a remedy for a line of *page*, a page below the portal.
local function say(c, word, page)
	local words, root = c.words, c.config.root
	local here = root .. '/' .. page
	local form = { wikitext = 'Template:Developer badges/' .. (FORMS[page] or 'Review') }
	if word == 'edit' or word == 'accept' or word == 'name' then
		return words:text('remedy-' .. word, address(here, 'action=edit'), form)
	elseif word == 'restore' then
		return words:text('remedy-restore', address(here, 'action=history'))
	elseif word == 'join' then
		return words:text('remedy-join', { wikitext = root })
	elseif word == 'phabricator' then
		return words:text('remedy-phabricator', { wikitext = c.config.phabricator .. 'settings/panel/external/' })
	elseif word == 'gerrit' then
		return words:text('remedy-gerrit', { wikitext = c.config.gerrit })
	elseif word == 'talk' then
		return words:text('remedy-talk', foot.talk(c))
	end
	return words:text('remedy-' .. word, form)
end

-- Collect the remedies for what a row says, each once, in the order in which it is said; but that
-- a name may be misspelt comes last.
local function collect(c, says, state)
	local found, seen, isNamed = {}, { none = true }, false
	for _, sentence in ipairs(c.facts.isTable(says) and says or {}) do
		local key = c.facts.isTable(sentence) and sentence[1]
		local word = c.facts.isText(key) and REMEDY[key]
		if word == 'name' then
			isNamed = true
		elseif word and not seen[word] then
			seen[word] = true
			found[#found + 1] = word
		end
	end
	if isNamed then
		found[#found + 1] = 'name'
	end
	if not found[1] then
		found[1] = OF_STATE[state] or 'none'
	end
	return found
end

-- Add the cell with what can be done: each remedy once, or that nothing has to be.
function remedies.add(c, row, says, page, state)
	c.remedies = c.remedies or {}
	local cell = row:tag('td'):addClass('plainlinks')
	for _, word in ipairs(collect(c, says, state)) do
		local key = word .. page
		c.remedies[key] = c.remedies[key] or say(c, word, page)
		cell:tag('div'):wikitext(c.remedies[key])
	end
end

return remedies
