"""Code on the wiki itself, tools, and the news: sources that say less than a forge does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.onwiki import MEMO
from bot.tools import repositories
from scoring.model import File
from sources.port import Account, SourceUnreachable, Tool
from tests.builders import a_change, a_task
from tests.fakes import FakeTechNews, FakeToolhub, FakeWikiOfCode

DAY = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def code():
    return FakeWikiOfCode()


@pytest.fixture
def ada(scene, code):
    """Ada has registered; code on the wiki counts."""
    scene.exists("Ada", "Zoe")
    scene.registers("Ada")
    code.accounts[-scene.wiki.accounts["Ada"]] = Account("onwiki:metawiki:7", "Ada")
    return scene


def an_edit(number, account="onwiki:metawiki:7", title="Module:Example", **facts):
    given = {"source": "onwiki", "project": "metawiki", "change_id": "", "commit": "", "branch": ""}
    return a_change(number, account, **{**given, "files": (File(title, 60, 0),), **facts})


def test_code_on_the_wiki_counts_only_where_it_is_turned_on(ada, code):
    code.changes.append(an_edit(1))

    ada.round()
    assert ada.page("Ada")["works"] == []

    ada.round(onwiki=(code,))
    assert ada.works("Ada").keys() == {"metawiki:1"}
    assert ["reach", "reach-used-by", 120] in [
        [term, fact, *values]
        for term, _, fact, *values in ada.works("Ada")["metawiki:1"]["reasons"]
    ]


def test_whoever_has_no_account_there_is_asked_for_once_and_again_by_the_weekly_check(ada, code):
    code.accounts.clear()
    ada.round(onwiki=(code,))
    ada.round(onwiki=(code,))
    assert code.asked["account"] == 1

    ada.round(onwiki=(code,), full=True)

    assert code.asked["account"] == 2


def test_an_edit_taken_back_later_goes_with_the_weekly_check(ada, code):
    code.changes += [an_edit(1), an_edit(40, title="Module:Other")]
    ada.round(onwiki=(code,))
    code.gone.add("metawiki:1")
    code.changes.pop(0)

    ada.round(onwiki=(code,), full=True)

    assert ada.works("Ada").keys() == {"metawiki:40"}


def test_a_feed_that_does_not_reach_back_far_enough_is_made_good_by_histories(ada, code):
    ada.round(onwiki=(code,))
    code.changes.append(an_edit(1))
    code.merged_since = lambda start: iter(())  # A wiki forgets its recent changes.
    ada.now += timedelta(days=40)

    ada.round(onwiki=(code,))

    assert ada.works("Ada").keys() == {"metawiki:1"}


def test_others_edits_leave_nothing_in_the_ledger(ada, code):
    ada.round(onwiki=(code,))
    code.changes.append(
        an_edit(1, "onwiki:metawiki:9", title="User:Zoe/gadget.js", subject="User:Zoe/gadget.js", merged=ada.now)
    )  # fmt: skip

    ada.round(onwiki=(code,))

    assert b"Zoe" not in ada.raw_ledger()


def test_repositories_that_tools_name_are_found_and_their_authors_forgotten(ada):
    tool = Tool("t", "A tool", "bot", "https://github.com/o/r", "", ("Zoe",))
    nowhere = replace(tool, name="u", repository="")
    toolhub = FakeToolhub([(DAY, tool), (DAY, nowhere)])

    ada.round(toolhub=toolhub)

    assert list(repositories(ada.ledger)) == [("github", "o/r", "")]
    assert b"Zoe" not in ada.raw_ledger()
    toolhub.tools = [(ada.now, replace(tool, repository="https://git.example.org/r"))]
    ada.round(toolhub=toolhub)
    assert list(repositories(ada.ledger)) == [("elsewhere", "https://git.example.org/r", "")]


def test_a_task_that_tech_news_listed_stays_wanted_when_the_page_forgets_it(ada):
    ada.task(a_task(100))
    ada.merges(a_change(1, "gerrit:Ada", tasks=(100,)))
    ada.round()
    before = ada.works("Ada")["T100"]["impact"]
    news = FakeTechNews({100})

    ada.round(technews=news, full=True)
    listed = ada.works("Ada")["T100"]
    news.tasks = {5}
    ada.round(technews=news, full=True)

    assert listed["impact"] > before
    assert ada.works("Ada")["T100"] == listed
    assert listed["share"] == 1


def test_a_long_outage_of_a_wiki_of_code_withdraws_nothing(ada, code):
    code.changes.append(an_edit(1))
    ada.round(onwiki=(code,))
    before = ada.bytes_of("Ada")
    code.trouble = SourceUnreachable("The wiki does not answer.")
    ada.now += timedelta(days=40)

    done = ada.round(onwiki=(code,))

    assert [name for name, _ in done.troubles] == ["onwiki metawiki"]
    assert ada.bytes_of("Ada") == before


def test_a_wiki_that_suddenly_shows_no_old_edits_changes_nothing(ada, code):
    code.changes += [an_edit(number, title=f"Module:M{number}") for number in range(1, 10)]
    ada.round(onwiki=(code,))
    before = ada.bytes_of("Ada")
    code.standing = lambda keys: iter(())

    done = ada.round(onwiki=(code,), full=True)

    assert "onwiki metawiki" in [name for name, _ in done.troubles]
    assert ada.bytes_of("Ada") == before


def test_whoever_leaves_is_forgotten_where_they_had_no_account_too(ada, code):
    code.accounts.clear()
    ada.round(onwiki=(code,))
    assert ada.ledger.notes.recall(MEMO) == {"onwiki metawiki": [-ada.wiki.accounts["Ada"]]}

    ada.unregisters("Ada")
    ada.round(onwiki=(code,))

    assert ada.ledger.notes.recall(MEMO) == {"onwiki metawiki": []}
