"""What a round does when the wiki says no, not now, or nothing: the rows of docs/faults.md, "The wiki".

Faults are made on the real wiki at the moment that matters; where it cannot make them, by the proxy
before it. Each round is a full one over pages that an administrator damaged, so it is known which
pages it has to save, and how they are when all is well.
"""

import json

import pytest

from bot.ledger import Ledger
from bot.rounds import last_rounds
from scripts.local.api import APIError
from tests.wiki.between import CUT, LOST, Answer
from tests.wiki.practice import HOME, rename
from tests.wiki.troubled import ADA, CLEO, a_troubled_wiki, answer_at_edit, at_edit

pytestmark = pytest.mark.wiki

DATA, WORK = f"{HOME}/people/{ADA}.json", f"{HOME}/people/{ADA}/work-2021.json"
OTHER, OTHERS_WORK = f"{HOME}/people/{CLEO}.json", f"{HOME}/people/{CLEO}/work-2021.json"
STATISTICS, STOP = f"{HOME}/statistics.json", f"{HOME}/stop"
PAGES = (DATA, WORK, OTHER)
HTML = "<!DOCTYPE html><html><title>Error</title><p>Our servers are under maintenance.</p></html>"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    with a_troubled_wiki(tmp_path_factory.mktemp("faults")) as troubled:
        yield troubled


@pytest.fixture
def wiki(whole):
    """The wiki; whatever happened, one round without the fault makes all well, and the next edits nothing."""
    whole.spoil(*PAGES)
    yield whole
    whole.switch()
    whole.filter("")
    done = whole.round()
    assert (done.returncode, whole.is_well()) == (0, True), done.stderr


def outcome(wiki):
    """How the last round is noted in the ledger: the word, and how many pages were refused."""
    ledger = Ledger.open(wiki.practice.environment()["BADGES_DATABASE_URL"])
    *_, last = last_rounds(ledger)
    ledger.close()
    return last["outcome"], last["refused"]


def protect(wiki, title, level):
    wiki.admin.api(action="protect", title=title, protections=level, token=wiki.admin._token)


def right(wiki, **change):
    wiki.admin.api(action="query", meta="tokens", type="userrights")
    token = wiki.admin.api(action="query", meta="tokens", type="userrights")["query"]["tokens"]
    wiki.admin.api(action="userrights", user="BadgeBot", token=token["userrightstoken"], **change)


def block(wiki, **more):
    wiki.admin.api(
        action="block",
        user="BadgeBot",
        expiry="never",
        reason="It errs",
        token=wiki.admin._token,
        **more,
    )


def unblock(wiki):
    wiki.admin.api(action="unblock", user="BadgeBot", token=wiki.admin._token)


# Single pages are refused -------------------------------------------------------------------------


def test_pages_that_are_refused_are_named_tried_once_a_round_and_cost_no_other(wiki):
    protect(wiki, OTHER, "edit=sysop")
    wiki.filter('page_title contains "Example/work-2021"', "disallow")
    wiki.admin.delete(OTHERS_WORK)
    wiki.admin.edit("MediaWiki:Titleblacklist", ".*Cleo.*/work-2021.*")
    wiki.switch("$wgMaxArticleSize = 9;")  # kB
    big = max(wiki.well, key=lambda title: len(json.dumps(wiki.well[title])))
    wiki.spoil(STATISTICS, big)
    refused = {OTHER: "protectedpage", WORK: "abusefilter-disallowed",
               OTHERS_WORK: "titleblacklist-forbidden", big: "contenttoobig"}  # fmt: skip
    for _ in range(2):
        done = wiki.round()
        assert done.returncode == 3, done.stderr
        for title, code in refused.items():
            (line,) = (one for one in done.stderr.splitlines() if f"[[{title}]]" in one)
            assert code in line
        assert outcome(wiki) == ("partly", 4)
        tried = wiki.between.edits()
        assert sorted(tried) == sorted(set(tried))  # Each once.
        assert set(refused) <= set(tried)
        assert wiki.pages()[DATA] == wiki.well[DATA]
        assert wiki.pages()[STATISTICS] == wiki.well[STATISTICS]
    assert set(tried) == set(refused)
    assert "refused" in wiki.practice.bot("status", "--offline").stdout
    protect(wiki, OTHER, "")
    wiki.admin.delete("MediaWiki:Titleblacklist")


def test_a_captcha_and_a_warning_of_the_abuse_filter_are_no_yes(wiki):
    wiki.switch(
        "$wgCaptchaTriggers['edit'] = true; $wgCaptchaTriggers['create'] = true;"
        "$wgGroupPermissions['bot']['skipcaptcha'] = false;"
    )
    done = wiki.round()
    assert (done.returncode, done.stderr.count("it asks for a captcha")) == (3, 3), done.stderr
    assert sorted(wiki.between.edits()) == sorted(PAGES)

    wiki.switch()
    wiki.filter('page_title contains "Developer badges"', "warn")
    done = wiki.round()
    assert (done.returncode, done.stderr.count("abusefilter-warning")) == (3, 3), done.stderr
    assert sorted(wiki.between.edits()) == sorted(PAGES)


def test_a_page_of_the_wrong_content_model_becomes_data_again(wiki):
    token = wiki.admin._token
    wiki.switch("$wgGroupPermissions['sysop']['editcontentmodel'] = true;")
    wiki.admin.edit(DATA, json.dumps(wiki.well[DATA]), "mended by hand")
    wiki.admin.api(action="changecontentmodel", title=DATA, model="wikitext", token=token)
    assert wiki.admin.info(DATA)["contentmodel"] == "wikitext"

    assert wiki.round().returncode == 0
    assert wiki.admin.info(DATA)["contentmodel"] == "json"

    wiki.admin.api(action="changecontentmodel", title=DATA, model="wikitext", token=token)
    wiki.switch("$wgGroupPermissions['user']['editcontentmodel'] = false;")
    done = wiki.round()
    assert (done.returncode, f"[[{DATA}]]" in done.stderr) == (3, True), done.stderr


# Everything is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["from the whole wiki", "from one page", "by the abuse filter"])
def test_a_block_in_the_middle_of_a_round_ends_it_at_that_edit(wiki, how):
    if how == "by the abuse filter":
        wiki.filter('page_title contains "Example/work-2021"', "block")
        fault = at_edit(9, lambda: None)
    else:
        more = {"partial": 1, "pagerestrictions": WORK} if how == "from one page" else {}
        fault = at_edit(2, lambda: block(wiki, **more))
    before = wiki.edits()
    done = wiki.round(fault)
    unblock(wiki)

    assert done.returncode == 1 if how != "by the abuse filter" else done.returncode in (1, 3), (
        done.stderr
    )
    assert "blocked" in done.stderr
    assert wiki.edits() == before + 1
    assert len(wiki.between.edits()) <= 3


def test_a_bot_right_lost_in_the_middle_of_a_round_ends_it_at_that_edit(wiki):
    before = wiki.edits()
    done = wiki.round(at_edit(2, lambda: right(wiki, remove="bot")))
    assert (done.returncode, "bot right" in done.stderr) == (1, True), done.stderr
    assert (wiki.edits(), len(wiki.between.edits())) == (before + 1, 2)
    assert outcome(wiki) == ("refused", 0)

    again = wiki.round()
    right(wiki, add="bot")
    assert (again.returncode, "bot right" in again.stderr) == (1, True), again.stderr
    assert wiki.between.edits() == []


def test_a_session_that_ends_is_begun_again_once_and_no_page_is_saved_twice(wiki):
    before = wiki.edits()
    end = lambda: wiki.maintenance("invalidateUserSessions.php", "--user", "BadgeBot")  # noqa: E731
    done = wiki.round(at_edit(2, end))
    assert done.returncode == 0, done.stderr
    assert wiki.edits() == before + 3
    assert len(wiki.between.edits()) <= 5


def test_a_password_that_is_changed_in_the_middle_of_a_round_ends_it(wiki):
    def change():
        wiki.maintenance("changePassword.php", "--user", "BadgeBot", "--password", "another one")

    before = wiki.edits()
    done = wiki.round(at_edit(2, change))
    wiki.maintenance(
        "changePassword.php", "--user", "BadgeBot", "--password", wiki.practice.password
    )
    assert (done.returncode, "log in" in done.stderr) == (1, True), done.stderr
    assert wiki.edits() == before + 1
    assert wiki.between.count("clientlogin") + wiki.between.count("login") <= 4


def test_a_bot_account_that_is_renamed_in_the_middle_of_a_round_edits_no_more(wiki):
    before = wiki.edits()
    done = wiki.round(
        at_edit(2, lambda: rename(wiki.practice.wiki_home, "BadgeBot", "Badge Robot"))
    )
    rename(wiki.practice.wiki_home, "Badge Robot", "BadgeBot")
    assert (done.returncode, "log in" in done.stderr) == (1, True), done.stderr
    assert wiki.edits() == before + 1


def test_a_bad_token_is_asked_for_anew(wiki):
    before = wiki.edits()
    wrong = answer_at_edit(2, lambda asked: {**asked.params, "token": "0123456789abcdef+\\"})
    done = wiki.round(wrong)
    assert done.returncode == 0, done.stderr
    assert (wiki.edits(), len(wiki.between.edits())) == (before + 3, 4)


# Not now ------------------------------------------------------------------------------------------


def test_a_wiki_that_turns_read_only_is_asked_a_few_times_and_the_round_says_so(wiki):
    done = wiki.round(at_edit(2, lambda: wiki.switch("$wgReadOnly = 'A new disk';")))
    assert (done.returncode, "readonly" in done.stderr) == (1, True), done.stderr
    assert outcome(wiki) == ("unreachable", 0)
    assert len(wiki.between.edits()) <= 6


def test_a_lag_of_the_databases_is_waited_for_and_a_lasting_one_ends_the_round(wiki):
    lag = lambda asked: {**asked.params, "maxlag": "-1"}  # noqa: E731  (The wiki lags by 0 seconds.)
    before = wiki.edits()
    done = wiki.round(answer_at_edit(1, lag))
    first, second = (one.at for one in wiki.between.asked if one.edit in (1, 2))
    assert second - first >= 5  # What the wiki's Retry-After says.
    assert (done.returncode, wiki.edits()) == (0, before + 3), done.stderr

    wiki.spoil(*PAGES)
    done = wiki.round(answer_at_edit(1, lag, until=99))
    assert (done.returncode, "maxlag" in done.stderr) == (1, True), done.stderr
    assert outcome(wiki) == ("unreachable", 0)
    assert set(wiki.between.edits()) == {sorted(PAGES)[0]}
    assert len(wiki.between.edits()) <= 5


def test_the_wikis_own_limit_of_edits_makes_the_round_slow_and_nothing_else(wiki):
    wiki.switch(
        "$wgRateLimits = [ 'edit' => [ 'user' => [ 2, 4 ] ] ];"
        "$wgGroupPermissions['bot']['noratelimit'] = false;"
    )
    before = wiki.edits()
    done = wiki.round()
    assert (done.returncode, wiki.edits()) == (0, before + 3), done.stderr
    assert len(wiki.between.edits()) <= 6


@pytest.mark.parametrize("status", [503, 429])
def test_retry_after_is_obeyed(wiki, status):
    before = wiki.edits()
    busy = Answer(status, HTML, {"Retry-After": "3"}, "text/html")
    done = wiki.round(answer_at_edit(2, busy))
    times = [one.at for one in wiki.between.asked]
    after = next(n for n, one in enumerate(wiki.between.asked) if one.edit == 2) + 1
    if after < len(times):
        assert times[after] - times[after - 1] >= 3
    assert wiki.edits() <= before + 3
    assert done.returncode == 0 or outcome(wiki) == ("unreachable", 0), done.stderr


def test_whoever_asks_for_an_hour_is_left_alone_at_once(wiki):
    busy = Answer(503, HTML, {"Retry-After": "3600"}, "text/html")
    done = wiki.round(answer_at_edit(2, busy, until=99))
    assert (done.returncode, "3600 seconds" in done.stderr) == (1, True), done.stderr
    assert outcome(wiki) == ("unreachable", 0)
    assert wiki.between.asked[-1].edit == 2


# No answer ----------------------------------------------------------------------------------------


def test_an_answer_that_is_lost_after_the_page_was_saved_costs_no_second_edit(wiki):
    wiki.admin.delete(OTHER)
    before = wiki.edits()
    done = wiki.round(lambda asked: LOST if asked.edit in (1, 3) else None)
    assert done.returncode == 0, done.stderr
    assert wiki.edits() == before + 3
    assert wiki.is_well()


def test_connections_that_are_cut_and_pages_that_are_no_answer_end_a_round_without_harm(wiki):
    before = wiki.edits()
    done = wiki.round(lambda asked: CUT if asked.edit >= 2 else None)
    assert done.returncode == 1, done.stderr
    assert (wiki.edits(), outcome(wiki)) == (before + 1, ("unreachable", 0))
    assert len(wiki.between.edits()) <= 6

    for answer in (Answer(200, HTML, kind="text/html"), Answer(200, '{"edit":'), Answer(200, "[]")):
        done = wiki.round(answer_at_edit(1, answer, until=99))
        assert done.returncode == 1, done.stderr
        assert outcome(wiki) == ("unreachable", 0), answer
        assert len(wiki.between.edits()) <= 6
    assert wiki.edits() == before + 1


# Somebody else edits ------------------------------------------------------------------------------


def test_whoever_edits_deletes_or_moves_a_page_at_the_same_moment_finds_it_right_afterwards(wiki):
    text = json.dumps(wiki.well[DATA] | {"schema": 2}, indent="\t", sort_keys=True)
    wiki.admin.edit(DATA, text)  # One line differs.
    aside = f"{HOME}/aside.json"
    doing = {
        DATA: lambda: wiki.admin.edit(DATA, text.replace('"tier": 1', '"tier": 7')),
        WORK: lambda: wiki.admin.delete(WORK),
        OTHER: lambda: wiki.admin.api(
            action="move", **{"from": OTHER}, to=aside, token=wiki.admin._token
        ),
    }

    def fault(asked):
        if asked.edit and asked.title in doing:
            doing.pop(asked.title)()

    done = wiki.round(fault)
    pages = wiki.pages()
    wiki.admin.delete(aside)
    assert done.returncode == 0, done.stderr
    assert not doing
    assert pages[DATA] == wiki.well[DATA]
    assert wiki.is_well()


def test_a_person_who_is_renamed_in_the_middle_of_a_round_is_followed_by_the_next(wiki):
    home, new = wiki.practice.wiki_home, "Cleo Anew"
    done = wiki.round(at_edit(1, lambda: rename(home, CLEO, new)))
    assert done.returncode == 0, done.stderr
    assert wiki.is_well()
    done = wiki.round()
    pages = wiki.pages()
    rename(home, new, CLEO)
    assert done.returncode == 0, done.stderr
    assert pages[OTHER]["state"] == "left"
    assert new not in json.dumps(pages[OTHER])
    assert pages[f"{HOME}/people/{new}.json"]["state"] == "ready"
    wiki.round()
    for title in wiki.admin.titles(f"{HOME}/people/{new}"):
        wiki.admin.delete(title)


# How much, and no further -------------------------------------------------------------------------


def test_the_edit_budget_leaves_the_rest_for_the_next_round(wiki):
    before = wiki.edits()
    done = wiki.round(BADGES_EDIT_BUDGET="2")
    assert (done.returncode, "1 edits are over" in done.stderr) == (3, True), done.stderr
    assert (wiki.edits(), len(wiki.between.edits())) == (before + 2, 2)


def test_text_on_the_stop_page_ends_a_round_in_its_middle(wiki):
    wiki.spoil(*wiki.well)
    done = wiki.round(at_edit(2, lambda: wiki.admin.edit(STOP, "Stop, please.")))
    still = wiki.round()
    wiki.admin.edit(STOP, "")
    assert (done.returncode, still.returncode) == (5, 5), done.stderr
    assert wiki.between.edits() == []


def test_nobody_but_the_bot_and_administrators_may_edit_its_pages(wiki):
    with pytest.raises(APIError) as refused:
        wiki.practice.account("Mallory").edit(DATA, "{}")
    assert refused.value.code == "customjsonprotected"
