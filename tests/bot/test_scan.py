"""Nothing remains that should not: every page and every byte of the ledger is searched.

Somebody is renamed, somebody vanishes, a task turns secret; with accounts everywhere, a wish, a row of
the wishes table that names them, reviews of patches and of works, and a one-time code.
"""

from datetime import timedelta

import pytest

from scoring.model import Wish
from tests.bot.full_scene import NAMES, full_scene
from tests.builders import a_task


@pytest.fixture
def augusta(tmp_path, database):
    scene = full_scene(tmp_path, database)
    yield scene
    scene.ledger.close()


def test_before_anything_happens_the_person_is_shown_and_no_account_of_theirs(augusta):
    assert augusta.page("Augusta")["total"]["wishes"] == 2
    assert b"github:77" in augusta.raw_ledger()
    text = augusta.pages_text()
    for account in NAMES[1:]:
        assert account not in text
    assert "Zoe" not in text


def test_after_a_rename_no_page_tells_the_old_name(augusta):
    augusta.wiki.accounts["Beatrice"] = augusta.wiki.accounts.pop("Augusta")
    augusta.round(full=True)

    # What the entry and the table say is for people to change; the bot's own pages tell nothing.
    assert augusta.page("Beatrice")["total"]["issues"] == 1
    assert "Augusta" not in augusta.pages_text()


def test_after_vanishing_nothing_remains(augusta):
    augusta.wiki.accounts["Renamed user 4711"] = augusta.wiki.accounts.pop("Augusta")
    augusta.round(full=True)

    text, ledger = augusta.pages_text(), augusta.raw_ledger()
    for name in (*NAMES, "github:77", "PHID-USER-Augusta", "onwiki:metawiki:7", "4711"):
        assert name not in text
        assert name.encode() not in ledger


def test_of_a_task_that_turned_secret_only_its_bare_number_remains(augusta):
    title_of_the_change = augusta.gerrit.changes[0].subject
    augusta.task(a_task(100, public=False, priority="a-word-of-its-own"), touched=augusta.now)
    augusta.round()

    text = augusta.pages_text()
    assert "T100" not in text
    assert '"wish": "W1"' not in text
    assert title_of_the_change in text  # The change is public for ever; it earns as a series.
    assert b"a-word-of-its-own" not in augusta.raw_ledger()
    assert augusta.ledger.tasks.shown() == set()


def test_a_wish_that_names_a_secret_task_shows_nothing_of_it(augusta):
    augusta.wishlist.found["W2"] = (augusta.now, Wish("W2", "done", (666,), title="Other"))
    augusta.now += timedelta(hours=1)
    augusta.round()

    assert "666" not in augusta.pages_text()
    assert "Other" not in augusta.pages_text()
