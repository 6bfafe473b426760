"""Nothing remains that should not: every page and every byte of the ledger is searched.

Somebody is renamed, somebody vanishes, a task turns secret; with accounts everywhere, a wish, a row of
the wishes table that names them, reviews of patches and of works, and a one-time code.
"""

from datetime import timedelta

import pytest

from scoring.model import Wish
from sources.port import Account
from tests.bot.scene import HOME, REGISTRY, ROOT, Scene
from tests.builders import a_change, a_task
from tests.fakes import FakeGerrit, FakeTechNews, FakeToolhub, FakeWikiOfCode, FakeWishlist

NAMES = ("Augusta", "augusta-at-github", "phab-Augusta", "gerrit:Augusta", "gitlab:Augusta")


class FullScene(Scene):
    """Everything at once."""

    def __init__(self, folder, database=None):
        super().__init__(folder, database)
        self.gitlab, self.github = FakeGerrit(name="gitlab"), FakeGerrit(name="github")
        self.wishlist, self.news = FakeWishlist(), FakeTechNews({100})
        self.code, self.toolhub = FakeWikiOfCode(), FakeToolhub()

    def world(self, **changed):
        everything = {
            "forges": (self.gerrit, self.gitlab, self.github), "wishlist": self.wishlist,
            "technews": self.news, "toolhub": self.toolhub, "onwiki": (self.code,),
        }  # fmt: skip
        return super().world(**{**everything, **changed})

    def pages_text(self):
        """Every page of ours as it stands today; titles of tombstones bear what they bore."""
        ours = [title for title in self.wiki.pages if title.startswith(HOME)]
        return "\n".join(self.wiki.text(title) for title in ours)


@pytest.fixture
def augusta(tmp_path, database):
    scene = FullScene(tmp_path, database)
    scene.exists("Augusta", "Zoe")
    scene.gitlab.names["Augusta"] = "gitlab:Augusta"
    account = Account("github:77", "augusta-at-github")
    scene.github.posts["augusta-at-github"] = (account, scene.wiki.user_page_urls("Augusta")[0])
    scene.code.accounts[-scene.wiki.accounts["Augusta"]] = Account("onwiki:metawiki:7", "Augusta")
    line = "* {{Developer badges/Person|Augusta|developer=Augusta|github=augusta-at-github}}"
    scene.wiki.edit(REGISTRY, f"{scene.wiki.text(REGISTRY)}\n{line}", "Augusta", scene.now)
    scene.merges(
        a_change(1, "gerrit:Augusta", tasks=(100,)),
        a_change(2, "gerrit:Zoe", tasks=(100,), reviewers=("gerrit:Augusta",)),
    )
    scene.task(a_task(100, subtasks=(101,)), owner="Augusta")
    scene.wishlist.found["W1"] = (scene.now, Wish("W1", "done", (100,), title="A wish"))
    scene.wiki.groups["Root"] = {"sysop"}
    row = "* {{Developer badges/Wish|list=x|wish=1|status=done|date=2025-01-01|implementers=Augusta|accepted=yes}}"
    scene.wiki.edit(f"{ROOT}/Wishes", row, "Root", scene.now)
    reviews = (
        "work=T100|size=large|reason=Augusta told me",
        "work=T100|not-by=Zoe|accepted=yes",
        "work=T101|by=Augusta|accepted=yes",
        "badge=mentor|person=Augusta|date=2026-01-02|evidence=https://x.org/Augusta|accepted=yes",
    )
    lines = "\n".join(f"* {{{{Developer badges/Review|{one}}}}}" for one in reviews)
    scene.wiki.edit(f"{ROOT}/Reviews/2026", lines, "Root", scene.now)
    scene.round(full=True)
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
