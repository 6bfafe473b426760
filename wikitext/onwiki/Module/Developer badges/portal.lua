-- The portal: what this is, how to join and to leave, and what becomes public.
require('strict')

local foot = require('Module:Developer badges/foot')

local portal = {}

local function tellHowToJoin(sheet)
	local config = sheet.c.config
	local phabricator = { wikitext = config.phabricator .. 'settings/panel/external/' }
	sheet:heading('portal-join')
	sheet:list('ol', {
		{ 'portal-join-line', sheet:form('Registry') },
		{ 'portal-join-link', phabricator, sheet.root },
		{ 'portal-join-show' },
	})
	sheet:say('portal-join-report', sheet.root)
	sheet:say('join-login', sheet:login())
end

local function tellWhatIsPublic(sheet)
	sheet:heading('portal-public')
	sheet:say('portal-public-lead')
	sheet:list('ul', {
		{ 'portal-public-line' }, { 'portal-public-works' }, { 'portal-public-sums' },
	})
	sheet:say('line-is-public')
	sheet:say('portal-public-not')
	sheet:say('portal-public-history')
	sheet:heading('portal-choose')
	sheet:say('portal-choose-lead')
	sheet:list('ul', {
		{ 'portal-choose-score' }, { 'portal-choose-one' }, { 'portal-choose-all' },
		{ 'portal-choose-goal' }, { 'portal-choose-wall', sheet.root }, { 'portal-choose-paid' },
	})
	sheet:say('portal-choose-history')
end

local function tellWhatPointsAre(sheet)
	sheet:heading('portal-points')
	sheet:say('portal-points-lead')
	sheet:list('ul', {
		{ 'portal-points-difficulty' }, { 'portal-points-impact' }, { 'portal-points-share' },
	})
	sheet:say('portal-points-estimate')
	sheet:say('portal-points-reviews', sheet.root)
	sheet:say('portal-points-more', sheet.root)
	sheet:heading('portal-meaning')
	sheet:say('portal-meaning-lead')
end

local function tellHowToLeave(sheet)
	sheet:heading('portal-leave')
	sheet:say('portal-leave-own', sheet:address(sheet.c.config.root .. '/Registry', 'action=edit'))
	sheet:say('portal-leave-other', 14)
end

local function tellWhoHelps(sheet)
	sheet:heading('portal-wrong')
	sheet:list('ul', {
		{ 'portal-wrong-entry', sheet.root },
		{ 'portal-wrong-work', sheet.root },
		{ 'portal-wrong-wish', sheet.root },
		{ 'portal-wrong-talk', foot.talk(sheet.c) },
		{ 'portal-wrong-rules' },
		{ 'portal-wrong-stop', sheet.bot },
	})
end

-- Write the portal.
function portal.write(sheet)
	sheet:say('portal-lead')
	sheet:say('portal-lead-bot', sheet.bot)
	sheet:button(sheet:form('Registry'), 'join-button')
	tellHowToJoin(sheet)
	tellWhatIsPublic(sheet)
	tellWhatPointsAre(sheet)
	tellHowToLeave(sheet)
	tellWhoHelps(sheet)
end

return portal
