"""The fault matrix of the sources and of the way to them: every source × every fault, in whole rounds.

docs/faults.md has the table. A round meets the fault, the next one does not; then wiki and ledger must
be those of a run that never met it.
"""

import json
import shutil
import sqlite3
from contextlib import closing
from copy import deepcopy
from datetime import timedelta
from types import SimpleNamespace

import pytest

from bot import wiring
from bot.accounts import MEMO as PROOFS
from bot.gather import MISSING
from bot.ledger import Ledger
from bot.logs import logging_to
from bot.output import round_ended
from bot.rehearsal import MemoryWiki
from bot.rounds import ROUNDS, TURNS, noted_round
from bot.schedule import Kind
from bot.setting_kinds import Secret
from bot.settings import Settings
from tests.bot.everywhere import NOW, REPOSITORY, SOURCES, TOKENS, WIKI, WIKIS, WORDS, Everywhere
from tests.bot.misbehaving import FAULTS, Clock, Way
from tests.bot.scene import HOME, REGISTRY
from wikitext.json_text import loads

HOUR = timedelta(hours=1)
FAULTY, MENDED = NOW + 24 * HOUR, NOW + 25 * HOUR
PARTLY = 3
HALVES = (
    ("gerrit", "github", "toolhub", "wishlist"),
    ("gitlab", "phabricator", "technews", "onwiki"),
)  # fmt: skip
UNSEEN = {(source, "words for numbers") for source in ("technews", "toolhub")}
"""These tell us no number that is written as one."""
GONE = {("github", "null for every value")}
"""A repository that is not said to be public is held to be gone: named, and read again when it is back."""
QUESTIONS = {"phabricator": 3, "onwiki": 4, "gitlab": 4}
"""A source that fails is asked so much at most; others twice: for proofs, and for what is new."""
POLITE = 0.5
"""Seconds between two requests to the same source, whatever happens."""
PEOPLE = ("Ada Example", "Bert Example")
LINES = (
    "* {{Developer badges/Person|Ada Example|developer=Ada Example|github=exampledev}}",
    "* {{Developer badges/Person|Bert Example|developer=Bert Example}}",
)


class Story:
    """A wiki in memory, a ledger on disk, and the sources that the settings name."""

    def __init__(self, folder, way, wiki=None):
        self.path, self.way = folder / "ledger.sqlite", way
        self.wiki = wiki or _registered()

    def round(self, now, kind=Kind.WEEKLY, **settings):
        """One round at *now*, as a command would do it; its exit code."""
        ledger = Ledger.open(f"sqlite:///{self.path}")
        with closing(ledger):
            world = wiring.build_world(self.settings(now, **settings), self.wiki, ledger, _say)
            done = noted_round(world, kind)
            return round_ended(kind, done), done

    def settings(self, now, **changed):
        urls = {f"{name}_url": f"{self.way.server.url}/{name}/w/api.php" for name in WIKIS}
        urls |= {f"{name}_url": f"{self.way.server.url}/{name}" for name in SOURCES - WIKIS}
        urls["onwiki_url"] = frozenset({f"{WIKI}={urls['onwiki_url']}"})
        tokens = {f"{name}_token": Secret(token) for name, token in TOKENS.items()}
        given = {"gitlab_groups": frozenset({"repos"}), **urls, **tokens, **changed}
        return Settings(now=now, github_repositories=frozenset({REPOSITORY}), **given)

    def at(self, folder):
        """The same story, going on elsewhere."""
        folder.mkdir(exist_ok=True)
        shutil.copy(self.path, folder / "ledger.sqlite")
        return Story(folder, self.way, deepcopy(self.wiki))

    def raw(self):
        """All that the ledger holds, as text."""
        with closing(sqlite3.connect(self.path)) as db:
            return "\n".join(db.iterdump())


def cursors(path):
    """How far each source was read."""
    with closing(sqlite3.connect(path)) as db:
        return dict(db.execute("SELECT source, reached FROM cursor"))


def _say(line):
    return None


def _registered():
    wiki = MemoryWiki(accounts={"A": 1, "B": 2, "C": 3, "Ada Example": 4, "Bert Example": 5})
    wiki.edit(REGISTRY, "People:", "Operator")
    for number, name in enumerate(PEOPLE, 1):
        wiki.edit(REGISTRY, "\n".join(("People:", *LINES[:number])), name)
    return wiki


@pytest.fixture(scope="module")
def way():
    way = Way(Everywhere(), Clock())
    yield way
    way.close()


@pytest.fixture(scope="module")
def before(way, tmp_path_factory):
    """Everybody joined and was read; since then each source has something new to tell."""
    story = Story(tmp_path_factory.mktemp("before"), way)
    with way.clock.passing():
        assert story.round(NOW)[0] == 0
    way.everywhere.news()
    return story


@pytest.fixture(scope="module")
def unharmed(before, tmp_path_factory):
    """What it comes to where nothing ever goes wrong, and what was asked for that."""
    story = before.at(tmp_path_factory.mktemp("unharmed"))
    with before.way.clock.passing():
        before.way.mend()
        assert story.round(FAULTY)[0] == 0
        asked = {name: before.way.asked(name) for name in SOURCES}
        assert story.round(MENDED)[0] == 0
    return SimpleNamespace(wiki=pages(story.wiki), ledger=rows(story.path), asked=asked)


@pytest.fixture
def story(before, unharmed, tmp_path):
    """The story from just before the fault, on a way where nothing goes wrong yet."""
    before.way.mend()
    with before.way.clock.passing():
        yield before.at(tmp_path / "story")
    before.way.mend()


def pages(wiki):
    """All that the bot has written, as it stands."""
    return {title: wiki.text(title) for title in wiki.pages if title.startswith(HOME)}


def rows(path):
    """Every row of the ledger, by what it means: numbers are given out in the order of arrival."""
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        names = [
            row["name"] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        tables = {
            name: [dict(row) for row in db.execute(f'SELECT * FROM "{name}"')] for name in names
        }
    accounts = {row["id"]: row["key"] for row in tables["account"]}
    for row in (row for rows in tables.values() for row in rows):
        row.pop("id", None)
        if row.get("account"):
            row["account"] = accounts[row["account"]]
    for row in tables["task"]:
        row["owner"] = accounts.get(row["owner"])
    for row in tables["page"]:
        del row["revision"]  # Who was told in two steps has two revisions.
    # What is noted of the fault itself: the rounds, and whose turn it was.
    memos = {row["name"]: json.loads(row["value"]) for row in tables["memo"]}
    memos[PROOFS] = {key: one for key, one in memos[PROOFS].items() if key != "turns"}
    tables["memo"] = [pair for pair in memos.items() if pair[0] not in (ROUNDS, TURNS, MISSING)]
    return {name: sorted(map(repr, rows)) for name, rows in tables.items()}


def has(wiki, name):
    """What somebody has: numbers, tiers and works. No score: others' news may divide a work anew."""
    page = loads(wiki.text(f"{HOME}/people/{name}.json"))
    total = {what: number for what, number in page["total"].items() if what != "score"}
    works = {
        one["work"] for year in page["works"]
        for one in loads(wiki.text(f"{HOME}/people/{name}/work-{year}.json"))["works"]
    }  # fmt: skip
    held = {(one["id"], tier) for one in page["badges"] for tier in range(1, one["tier"] + 1)}
    return total, held, works


def is_all_there(before, now):
    total, held, works = before
    fewer = {what: number for what, number in total.items() if now[0][what] < number}
    return not fewer and held <= now[1] and works <= now[2]


def states(wiki):
    """What the report says of each source."""
    told = loads(wiki.text(f"{HOME}/report.json"))["sources"]
    return {one["source"]: {key: one[key] for key in one if key != "source"} for one in told}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("places", HALVES, ids=" ".join)
def test_sources_that_fail_cost_nobody_anything(story, unharmed, places, fault, capsys):
    """Half of the sources meet the fault, each of them; the others are read as ever."""
    way, meets = story.way, FAULTS[fault]
    way.meets(meets, *places)
    had = {name: has(story.wiki, name) for name in PEOPLE}
    reached = cursors(story.path)

    with logging_to("json", "debug"), way.impatient():
        code, done = story.round(FAULTY, **way.addresses())
    said = capsys.readouterr().err

    failed = {WORDS.get(one, one): one for one in places if (one, fault) not in UNSEEN | GONE}
    assert (code, done.failures) == (PARTLY, failed.keys())
    named = {one for one in places if (one, fault) in GONE}
    assert {one for one, _ in done.troubles} == failed.keys() | named
    for person, before in had.items():
        assert is_all_there(before, has(story.wiki, person)), person
    assert states(story.wiki) == {
        one: {"state": "stale", "since": f"{FAULTY:%Y-%m-%d}", "says": [[meets.word]]}
        if one in failed.values()
        else {"state": "fresh"}
        for one in SOURCES
    }
    assert cursors(story.path) == {
        one: moment if one in failed else int(FAULTY.timestamp()) for one, moment in reached.items()
    }
    for one in failed.values():
        assert len(way.asked(one)) <= meets.tries * QUESTIONS.get(one, 2), one
    waits = len(failed) * meets.waits + POLITE * len(way.server.requests)
    assert sum(way.clock.slept) <= waits
    assert way.stranger.requests == []
    for told in (said, repr(done), *pages(story.wiki).values(), story.raw()):
        assert not any(token in told for token in TOKENS.values())

    way.mend()
    code, done = story.round(MENDED)

    assert (code, done.troubles) == (0, [])
    assert pages(story.wiki) == unharmed.wiki
    assert rows(story.path) == unharmed.ledger
