-- Reviews: what one says, in words; as a line below a work, and as a row on the page of reviews.
require('strict')

local MOST = 255 -- characters of a reason that are shown
local KINDS = {
	'size', 'impact', 'fix', 'split', 'same', 'by', 'not-by', 'harder-than', 'badge',
}
local OF_WORDS = { size = true, impact = true }
local ONLY = { fix = 'no', split = 'yes' } -- what alone may stand behind these
local OF_WORKS = { same = true, ['harder-than'] = true }

-- How each source writes the key of a change, and where such a change is to be seen.
local CHANGES = {
	['~'] = { 'gerrit', 'c/%s/+/%s' },
	['!'] = { 'gitlab', '%s/-/merge_requests/%s' },
	['#'] = { 'github', '%s/pull/%s' },
}

local reviews = {}

-- Return a value, no more of it than fits on a page.
function reviews.cut(value)
	if mw.ustring.isutf8(value) and mw.ustring.len(value) > MOST then
		return mw.ustring.sub(value, 1, MOST) .. '…'
	end
	return value
end

local cut = reviews.cut

-- Link to a task (T123) or a change (project~number, project!number, …); anything else stays text.
function reviews.linkWork(c, key)
	local link = '<span class="plainlinks">[%s%s %s]</span>'
	local shown = c.words.escape(key)
	if key:find('^T%d+$') then
		return link:format(c.config.phabricator, key, shown)
	end
	local project, mark, number = key:match('^([%w%-%._/]+)([~!#])(%d+)$')
	if project then
		local place = CHANGES[mark]
		local path = c.facts.safeAddress(place[2]:format(project, number))
		return link:format(c.config[place[1]], path, shown)
	end
	return shown
end

-- Say what a review of this kind says: "size: large", "the same as T99".
function reviews.say(c, what, value)
	local known = type(value) == 'string' and value ~= ''
	if known and OF_WORDS[what] then
		local word = value:lower()
		word = c.facts.isKey(word) and c.words:name('review-word-' .. word, value) or c.words:show(cut(value))
		return c.words:text('review-' .. what, { wikitext = word })
	elseif OF_WORKS[what] then
		local other = known and reviews.linkWork(c, cut(value)) or c.words:text('review-another-work')
		return c.words:text('review-' .. what, { wikitext = other })
	elseif known and ONLY[what] and value:lower() ~= ONLY[what] then
		return c.words:text('option', what, cut(value))
	end
	return c.words:text('review-' .. what, known and cut(value) or '')
end

-- Keep those reviews of a list that are as they should be.
function reviews.check(facts, list)
	local isKind = {}
	for _, kind in ipairs(KINDS) do
		isKind[kind] = true
	end
	return facts.filter(list, function(one)
		return type(one) == 'table' and isKind[one.what]
			and (one.state == 'accepted' or one.state == 'pending')
			and facts.isWhole(one.revision) and (one.value == nil or facts.isText(one.value))
	end)
end

-- Add a line for each review: what it says, whether it waits, and the edit that brought it.
function reviews.render(c, cell, list)
	for _, one in ipairs(list) do
		local said = { wikitext = reviews.say(c, one.what, one.value) }
		local line = cell:tag('div'):tag('small')
		line:wikitext(c.words:text('review-' .. one.state, said))
		if one.revision > 0 then
			line:wikitext(string.format(
				' [[Special:Diff/%d|%s]]', one.revision, c.words:text('review-edit')
			))
		end
	end
end

-- Link to the evidence, if it is an address that can be one.
function reviews.linkEvidence(c, evidence)
	evidence = evidence or ''
	if c.facts.isAddress(evidence) and #evidence <= 420 then
		return string.format('[%s %s]', c.facts.safeAddress(evidence), c.words:text('review-evidence'))
	end
	return nil
end

-- Show a day in words; what is none, as it was written.
function reviews.showDay(c, day)
	return c.facts.isDay(day) and c.words:day(day) or c.words:show(cut(day))
end

-- Say whether a line is marked as accepted.
function reviews.mark(c, accepted)
	accepted = (accepted or ''):lower() == 'yes'
	return c.words:text(accepted and 'review-marked' or 'review-unmarked')
end

-- Render the row of {{Developer badges/Review}}: what was written, not what became of it.
function reviews.row(c)
	local args, words = c.args, c.words
	local line = c.looks:root('span', 'review', words)
	local about = args.work and reviews.linkWork(c, cut(args.work))
		or args.person and words:show(cut(args.person)) or '?'
	line:tag('b'):wikitext(about)
	local parts = {}
	for _, kind in ipairs(KINDS) do
		local value = args[kind]
		if value then
			parts[#parts + 1] = reviews.say(c, kind, value)
			if kind == 'by' or kind == 'not-by' then
				parts[#parts] = words:text('review-' .. kind .. '-name', cut(value))
			end
		end
	end
	parts[#parts + 1] = reviews.linkEvidence(c, args.evidence)
	parts[#parts + 1] = args.date and reviews.showDay(c, args.date)
	line:wikitext(' ' .. words:join(parts))
	if args.reason then
		line:wikitext(' – ' .. words:show(cut(args.reason)))
	end
	line:wikitext(' '):tag('small'):wikitext(reviews.mark(c, args.accepted))
	return c.looks:finish(line)
end

return reviews
