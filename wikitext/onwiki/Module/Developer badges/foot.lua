-- What stands at the foot of a page that explains or reports something.
require('strict')

local foot = {}

-- Return the title of the talk page of the portal; of the portal where it can have none.
function foot.talk(c)
	local title = mw.title.new(c.config.root)
	local talk = title and title.talkPageTitle
	return { wikitext = talk and talk.prefixedText or c.config.root }
end

-- Say so where no native reader has reviewed the words of *box*.
function foot.add(c, box)
	if not c.words:isReviewed() then
		box:tag('p'):wikitext(c.words:text('translation-not-reviewed', foot.talk(c)))
	end
end

return foot
