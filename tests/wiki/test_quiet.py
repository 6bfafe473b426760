"""The wiki's row of DESIGN 10: what a round without news asks a real wiki, counted on the way there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from bot.ledger import Ledger
from tests.wiki.conftest import Wiki
from tests.wiki.counting import Counting, counting
from tests.wiki.crowd import crowd, disperse
from tests.wiki.practice import HOME, Practice

pytestmark = [pytest.mark.wiki, pytest.mark.long]

MOST = 6
"""So many requests after login a round without news may cost."""
FEW, MANY = 10, 100


@pytest.fixture
def way(wiki: Wiki, practice: Practice) -> Iterator[Counting]:
    """The bot's way to the wiki. It asks no source: those are counted in tests/bot/test_requests.py."""
    practice.servers = dict.fromkeys(practice.servers, "")
    with counting(practice.api) as way:
        practice.configure(api=way.api)
        yield way
    disperse(wiki.home)


def asked(practice: Practice, way: Counting, *arguments: str) -> Counter[str]:
    """What a round asks of the wiki after login, by kind; it edits nothing."""
    way.asked.clear()
    assert practice.run(*arguments) == 0
    return way.kinds


def test_a_round_without_news_asks_the_wiki_as_little_for_a_hundred_people_as_for_ten(
    wiki: Wiki, practice: Practice, way: Counting
):
    always = Counter({"userinfo": 1, "info": 1, "logevents renameuser": 1, "users": 1})
    wiki.admin.edit(f"{HOME}/stop", " ")  # A page to read: nobody has stopped the bot.
    always["revisions"] = 1
    for people in (FEW, MANY):
        url = f"sqlite:///{practice.folder / 'ledger.sqlite'}"
        for file in practice.folder.glob("ledger.sqlite*"):
            file.unlink()
        ledger = Ledger.open(url)
        crowd(wiki.home, wiki.admin, ledger, people)
        ledger.close()
        assert practice.run() >= people
        assert way.kinds["edit"] >= people

        hourly = asked(practice, way, "--hourly")
        assert hourly == always
        # CentralAuth has two logs where this wiki has one.
        assert hourly.total() + 1 <= MOST
        assert way.login == {"who are we": 1, "siteinfo": 1}, "the session was kept"
        # Which pages stand as they were published is asked for 500 of them at a time.
        for kind in ((), ("--full",)):
            looked = asked(practice, way, *kind)
            assert looked["info"] == 2
            assert looked.total() <= MOST

        for file in practice.folder.glob("pywikibot-*.lwp"):
            file.unlink()
        assert asked(practice, way, "--hourly") == always
        assert way.login["clientlogin"] == 1
        assert way.login.total() <= MOST + 1
