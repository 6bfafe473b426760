"""What a round does when the wiki says no, not now, or nothing: the rows of docs/faults.md, "The wiki".

Faults are made on the real wiki at the moment that matters; where it cannot make them, by the proxy
before it. Each round is a full one over pages that an administrator damaged, so it is known which
pages it has to save, and how they are when all is well.
"""

import json
from itertools import pairwise

import pytest

from bot.ledger import Ledger
from bot.rounds import last_rounds
from tests.wiki.between import CUT, LOST, Answer
from tests.wiki.practice import HOME, rename
from tests.wiki.troubled import (
    ADA,
    BLACKLIST,
    CLEO,
    RETRIES,
    STOP,
    a_troubled_wiki,
    answer_at_edit,
    at_edit,
)

pytestmark = [pytest.mark.wiki, pytest.mark.long]

DATA, WORK = f"{HOME}/people/{ADA}.json", f"{HOME}/people/{ADA}/work-2021.json"
OTHER, OTHERS_WORK = f"{HOME}/people/{CLEO}.json", f"{HOME}/people/{CLEO}/work-2021.json"
STATISTICS = f"{HOME}/statistics.json"
PAGES = [DATA, WORK, OTHER]
"""What a round has to save, in the order in which it does."""
HTML = "<!DOCTYPE html><html><title>Error</title><p>Our servers are under maintenance.</p></html>"
LAG = "-2"
"""A ``maxlag`` at which a wiki without lag says that it lags."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    with a_troubled_wiki(tmp_path_factory.mktemp("faults")) as troubled:
        yield troubled


@pytest.fixture
def wiki(whole):
    """The wiki. Once the fault is gone one round makes all well, whatever happened."""
    whole.spoil(*PAGES)
    yield whole
    whole.calm(OTHER)
    if not whole.is_well():
        done = whole.round()
        assert (done.returncode, whole.is_well()) == (0, True), done.stderr


def noted(wiki):
    """How the last round is noted in the ledger: the word, and how many pages were refused."""
    ledger = Ledger.open(wiki.practice.environment()["BADGES_DATABASE_URL"])
    *_, last = last_rounds(ledger)
    ledger.close()
    return last["outcome"], last["refused"]


# Single pages are refused -------------------------------------------------------------------------


def test_pages_that_are_refused_are_named_tried_once_a_round_and_cost_no_other(wiki):
    wiki.protect(OTHER)
    wiki.filter('page_title contains "Example/work-2021"', "disallow")
    wiki.admin.delete(OTHERS_WORK)
    wiki.admin.edit(BLACKLIST, ".*Cleo.*work-2021.*")
    big = max(wiki.well, key=lambda title: len(json.dumps(wiki.well[title])))
    wiki.spoil(STATISTICS, big)
    wiki.switch("$wgMaxArticleSize = 9;")  # kB
    refused = {
        OTHER: "protectedpage", WORK: "abusefilter-disallowed",
        OTHERS_WORK: "titleblacklist-forbidden", big: "contenttoobig",
    }  # fmt: skip
    for tried in (*refused, DATA, STATISTICS), refused:
        done = wiki.round()
        assert done.returncode == 3, done.stderr
        for title, code in refused.items():
            (line,) = (one for one in done.stderr.splitlines() if one.startswith(f"[[{title}]]"))
            assert code in line
        assert noted(wiki) == ("partly", 4)
        assert sorted(wiki.between.edits()) == sorted(tried)
        pages = wiki.pages()
        assert {title for title in wiki.well if pages.get(title) != wiki.well[title]} == set(
            refused
        )
    assert (
        "4 pages were refused in the last round" in wiki.practice.bot("status", "--offline").stdout
    )


def test_a_captcha_a_warning_of_the_abuse_filter_and_spam_refuse_pages_and_are_not_answered(wiki):
    wiki.switch(
        "$wgCaptchaTriggers['edit'] = $wgCaptchaTriggers['create'] = true;"
        "$wgGroupPermissions['bot']['skipcaptcha'] = false;"
    )
    done = wiki.round()
    assert (done.returncode, done.stderr.count("it asks for a captcha")) == (3, 3), done.stderr
    assert wiki.between.edits() == PAGES

    wiki.switch()
    wiki.filter('page_title contains "Developer badges"', "warn")
    done = wiki.round()
    assert (done.returncode, done.stderr.count("abusefilter-warning")) == (3, 3), done.stderr
    assert wiki.between.edits() == PAGES

    wiki.filter("")
    wiki.switch("$wgGroupPermissions['bot']['sboverride'] = false;")
    wiki.admin.edit("MediaWiki:Spam-blacklist", r"spam\.example")
    done = wiki.round(answer_at_edit(2, a_link))
    (line,) = (one for one in done.stderr.splitlines() if one.startswith(f"[[{WORK}]]"))
    assert (done.returncode, "spamblacklist" in line) == (3, True), done.stderr
    assert wiki.between.edits() == PAGES


def test_where_every_page_is_refused_no_more_are_tried_than_the_edit_budget_allows(wiki):
    wiki.spoil(*wiki.well)
    wiki.filter('page_title contains "Developer badges"', "disallow")
    done = wiki.round(BADGES_EDIT_BUDGET="3")
    assert (done.returncode, len(wiki.between.edits())) == (3, 3), done.stderr
    assert "13 edits wait for the next round" in done.stderr


def test_a_page_of_the_wrong_content_model_becomes_data_again_or_is_refused(wiki):
    wiki.switch("$wgGroupPermissions['sysop']['editcontentmodel'] = true;")
    wiki.admin.edit(DATA, json.dumps(wiki.well[DATA]), "mended by hand")
    wiki.change_model(DATA, "wikitext")
    assert wiki.round().returncode == 0
    assert wiki.admin.info(DATA)["contentmodel"] == "json"

    wiki.change_model(DATA, "wikitext")
    wiki.switch("$wgGroupPermissions['user']['editcontentmodel'] = false;")
    done = wiki.round()
    assert (done.returncode, f"[[{DATA}]]" in done.stderr) == (3, True), done.stderr
    wiki.switch()
    assert wiki.round().returncode == 0
    assert wiki.admin.info(DATA)["contentmodel"] == "json"


def a_link(asked):
    """The edit as one of a page with a link: data pages have none, for the wiki shows JSON as text."""
    left = {"action", "token", "format", "formatversion", "assert", "assertuser", "summary"}
    params = {name: one for name, one in asked.params.items() if name in left}
    return {**params, "title": "User:BadgeBot/Links", "text": "http://spam.example/"}


# The account may no more --------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["wholly", "for one page", "by the abuse filter"])
def test_an_account_that_is_blocked_in_the_middle_of_a_round_edits_no_more(wiki, how):
    partly = {"partial": 1, "pagerestrictions": WORK}
    filtered = 'page_title contains "Example/work-2021"', "block", "disallow"
    do = {
        "wholly": wiki.block,
        "for one page": lambda: wiki.block(**partly),
        "by the abuse filter": lambda: wiki.filter(*filtered),
    }
    before = wiki.edits()
    done = wiki.round(at_edit(2, do[how]))
    assert (done.returncode, "The account is blocked" in done.stderr) == (1, True), done.stderr
    assert wiki.edits() == before + 1
    assert wiki.between.edits() == PAGES[: 3 if how == "by the abuse filter" else 2]
    assert noted(wiki)[0] == "refused"


def test_a_bot_right_lost_in_the_middle_of_a_round_ends_it_and_none_begins_without(wiki):
    before = wiki.edits()
    done = wiki.round(at_edit(2, lambda: wiki.change_right(remove="bot")))
    assert (done.returncode, "has no bot right" in done.stderr) == (1, True), done.stderr
    assert (wiki.edits(), wiki.between.edits()) == (before + 1, PAGES[:2])
    assert noted(wiki) == ("refused", 0)

    again = wiki.round()
    assert (again.returncode, "has no bot right" in again.stderr) == (1, True), again.stderr
    assert wiki.between.edits() == []


@pytest.mark.parametrize("how", ["its password is changed", "it is renamed"])
def test_an_account_that_can_log_in_no_more_ends_the_round(wiki, how):
    home, password = wiki.practice.wiki_home, wiki.practice.password

    def become(word, old, new):
        if how == "it is renamed":
            rename(home, old, new)
        else:
            wiki.maintenance("changePassword.php", "--user", "BadgeBot", "--password", word)
            wiki.maintenance("invalidateUserSessions.php", "--user", "BadgeBot")

    before = wiki.edits()
    done = wiki.round(at_edit(2, lambda: become("another one", "BadgeBot", "Badge Robot")))
    become(password, "Badge Robot", "BadgeBot")
    assert (done.returncode, "did not let" in done.stderr) == (1, True), done.stderr
    assert (wiki.edits(), wiki.between.edits()) == (before + 1, PAGES[:2])
    assert wiki.between.count("clientlogin") + wiki.between.count("login") <= 4


# Not now ------------------------------------------------------------------------------------------


def test_what_passes_by_itself_is_waited_for_and_no_page_is_saved_twice(wiki):
    pages = [*PAGES, OTHERS_WORK, STATISTICS]
    wiki.spoil(*pages[3:])
    wiki.admin.delete(OTHER)
    busy = {3: 503, 5: 429}

    def fault(asked):
        match asked.edit:
            case 1:
                return {**asked.params, "token": "0123456789abcdef+\\"}  # The wiki: badtoken.
            case 2:
                return {**asked.params, "maxlag": LAG}
            case 3 | 5:
                return Answer(busy[asked.edit], HTML, {"Retry-After": "2"}, "text/html")
            case 4:
                wiki.maintenance("invalidateUserSessions.php", "--user", "BadgeBot")
            case 7 | 9:
                return LOST
        return None

    before = wiki.edits()
    done = wiki.round(fault)
    assert done.returncode == 0, done.stderr
    assert wiki.is_well()
    assert wiki.edits() == before + 5
    tried = wiki.between.edits()
    assert list(dict.fromkeys(tried)) == [DATA, WORK, OTHER, OTHERS_WORK, STATISTICS]
    assert 11 <= len(tried) <= 12  # The wiki may notice at another question that the session ended.
    at = {one.edit: one.at for one in wiki.between.asked if one.edit}
    assert at[3] - at[2] >= 5  # What the wiki's Retry-After says to its lag.
    assert min(at[4] - at[3], at[6] - at[5]) >= 2


def test_a_wiki_that_turns_read_only_is_asked_a_few_times_and_the_round_says_so(wiki):
    done = wiki.round(at_edit(2, lambda: wiki.switch("$wgReadOnly = 'A new disk';")))
    assert (done.returncode, "“not now” (readonly)" in done.stderr) == (1, True), done.stderr
    assert noted(wiki) == ("unreachable", 0)
    assert wiki.between.edits() == [DATA, *[WORK] * (1 + RETRIES)]


def test_a_lag_that_lasts_ends_the_round(wiki):
    lagging = answer_at_edit(1, lambda asked: {**asked.params, "maxlag": LAG}, until=99)
    before = wiki.edits()
    done = wiki.round(lagging)
    assert (done.returncode, "“not now” (maxlag)" in done.stderr) == (1, True), done.stderr
    assert (noted(wiki), wiki.edits()) == (("unreachable", 0), before)
    edits = [one.at for one in wiki.between.asked if one.edit]
    assert wiki.between.edits() == [DATA] * (1 + RETRIES)
    assert all(later - one >= 5 for one, later in pairwise(edits))  # The wiki's Retry-After.


def test_a_limit_of_edits_makes_the_round_slow_and_nothing_else(wiki):
    wiki.switch(
        "$wgRateLimits = [ 'edit' => [ 'user' => [ 2, 4 ] ] ];"
        "$wgGroupPermissions['bot']['noratelimit'] = false;"
    )
    before = wiki.edits()
    done = wiki.round()
    assert (done.returncode, wiki.edits()) == (0, before + 3), done.stderr
    assert wiki.is_well()
    assert 3 < len(wiki.between.edits()) <= 3 * (1 + RETRIES)


@pytest.mark.parametrize("status", [503, 429])
def test_a_wiki_that_asks_for_an_hour_is_left_alone_at_once(wiki, status):
    busy = Answer(status, HTML, {"Retry-After": "3600"}, "text/html")
    done = wiki.round(answer_at_edit(2, busy, until=99))
    assert (done.returncode, "left alone for 3600 seconds" in done.stderr) == (1, True), done.stderr
    assert noted(wiki) == ("unreachable", 0)
    assert (wiki.between.edits(), wiki.between.asked[-1].edit) == (PAGES[:2], 2)


# No answer ----------------------------------------------------------------------------------------


NO_ANSWERS = {
    "cut connections": CUT,
    "a page of HTML": Answer(200, HTML, kind="text/html"),
    "half an answer": Answer(200, '{"edit":'),
    "another answer": Answer(200, "[]"),
}


@pytest.mark.parametrize("what", NO_ANSWERS)
def test_what_is_no_answer_ends_the_round_and_harms_nothing(wiki, what):
    before = wiki.edits()
    done = wiki.round(answer_at_edit(2, NO_ANSWERS[what], until=99))
    assert done.returncode == 1, done.stderr
    assert (wiki.edits(), noted(wiki)) == (before + 1, ("unreachable", 0))
    assert len(wiki.between.edits()) <= 2 + RETRIES


# Somebody else edits, and how far we go -----------------------------------------------------------


def test_whoever_edits_deletes_or_moves_a_page_at_the_same_moment_finds_it_right_afterwards(wiki):
    text = json.dumps(wiki.well[DATA] | {"schema": 2}, indent="\t", sort_keys=True)
    wiki.admin.edit(
        DATA, text
    )  # One line differs, and another one will: the wiki merges such edits.
    aside = f"{HOME}/aside.json"
    doing = {
        DATA: lambda: wiki.admin.edit(DATA, text.replace('"hello-world"', '"good-bye"')),
        WORK: lambda: wiki.admin.delete(WORK),
        OTHER: lambda: wiki.move(OTHER, aside),
        OTHERS_WORK: lambda: wiki.admin.edit(OTHERS_WORK, '{"spoilt": "again"}'),
    }
    wiki.spoil(OTHERS_WORK)

    def fault(asked):
        if asked.edit and asked.title in doing:
            doing.pop(asked.title)()

    done = wiki.round(fault)
    wiki.admin.delete(aside)
    assert (done.returncode, doing) == (0, {}), done.stderr
    assert wiki.is_well()


def test_a_person_who_is_renamed_in_the_middle_of_a_round_is_followed_by_the_next(wiki):
    home, new = wiki.practice.wiki_home, "Cleo Anew"
    done = wiki.round(at_edit(1, lambda: rename(home, CLEO, new)))
    assert (done.returncode, wiki.is_well()) == (0, True), done.stderr
    done = wiki.round()
    pages = wiki.pages()
    rename(home, new, CLEO)
    assert done.returncode == 0, done.stderr
    assert pages[OTHER]["state"] == "left"
    assert new not in json.dumps(pages[OTHER])
    assert pages[f"{HOME}/people/{new}.json"]["state"] == "ready"
    assert wiki.round().returncode == 0
    for title in wiki.admin.titles(f"{HOME}/people/{new}"):
        wiki.admin.delete(title)


def test_the_edit_budget_leaves_the_rest_for_the_next_round(wiki):
    done = wiki.round(BADGES_EDIT_BUDGET="2")
    assert (done.returncode, "1 edits wait for the next round" in done.stderr) == (3, True), (
        done.stderr
    )
    assert wiki.between.edits() == PAGES[:2]


def test_text_on_the_stop_page_ends_a_round_in_its_middle_and_none_begins(wiki):
    wiki.spoil(*wiki.well)
    done = wiki.round(at_edit(2, lambda: wiki.admin.edit(STOP, "Stop, please.")))
    assert (done.returncode, len(wiki.between.edits())) == (5, 10), done.stderr
    assert wiki.round().returncode == 5
    assert wiki.between.edits() == []
