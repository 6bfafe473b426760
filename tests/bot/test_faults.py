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
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot import wiring
from bot.accounts import MEMO as PROOFS
from bot.ask import gather_all
from bot.gather import MISSING
from bot.ledger import Ledger
from bot.logs import logging_to
from bot.output import round_ended
from bot.rehearsal import MemoryWiki
from bot.rounds import ROUNDS, TURNS, noted_round
from bot.schedule import Kind
from bot.setting_kinds import Secret
from bot.settings import Settings
from bot.world import Round
from tests.bot.everywhere import (
    NOW,
    REPOSITORY,
    SOURCES,
    TOKENS,
    WIKI,
    WIKIS,
    WORDS,
    Everywhere,
    decoded,
)
from tests.bot.misbehaving import (
    CIRCLES,
    FAULTS,
    OWN,
    PAGES,
    Clock,
    Way,
    paths_in,
    place_of,
    without,
)  # fmt: skip
from tests.bot.scene import HOME, REGISTRY
from tests.bot.test_faults_database import FILE_FAULTS, SERVER_FAULTS
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
FACTS = (
    "person", "change", "naming", "authorship", "held", "review", "task", "kin", "wish", "withheld",
)  # fmt: skip
ONE_BY_ONE = (
    "reset in the middle of a body", "web page with status 200", "503", "cut JSON", "401", "null",
)  # fmt: skip
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
    failing = {one for one in places if (one, fault) not in UNSEEN | GONE}
    named = {one for one in places if (one, fault) in GONE}
    meet(story, unharmed, FAULTS[fault], places, failing, named, capsys)


@pytest.mark.parametrize("fault", CIRCLES)
def test_a_list_without_an_end_is_left(story, unharmed, fault, capsys):
    """Every source but one, which has no list: all that it says stands on one page."""
    places = SOURCES - {"technews"}
    meet(story, unharmed, CIRCLES[fault], places, places, set(), capsys)


@pytest.mark.parametrize(("fault", "places"), [(one, own.places) for one, own in OWN.items()])
def test_what_sources_say_in_their_own_ways_is_understood(story, unharmed, fault, places, capsys):
    meet(story, unharmed, OWN[fault].fault, places, set(places), set(), capsys)


def meet(story, unharmed, meets, places, failing, named, capsys):
    """A round meets a fault at *places*; it is noticed at *failing*, told of *named*, and then it is over."""
    way = story.way
    way.meets(meets, *places)
    had = {name: has(story.wiki, name) for name in PEOPLE}
    reached = cursors(story.path)

    with logging_to("json", "debug"), way.impatient():
        code, done = story.round(FAULTY, **way.addresses())
    said = capsys.readouterr().err

    words = {WORDS.get(one, one) for one in failing}
    assert (code, done.failures) == (PARTLY, words)
    assert {one for one, _ in done.troubles} == words | named
    for person, before in had.items():
        assert is_all_there(before, has(story.wiki, person)), person
    stale = {"state": "stale", "since": f"{FAULTY:%Y-%m-%d}", "says": [[meets.word]]}
    assert states(story.wiki) == {
        one: stale if one in failing else {"state": "fresh"} for one in SOURCES
    }
    assert cursors(story.path) == {
        one: moment if one in words else int(FAULTY.timestamp()) for one, moment in reached.items()
    }
    for one in failing:
        assert len(way.asked(one)) <= meets.tries * QUESTIONS.get(one, 2), one
    assert sum(way.clock.slept) <= len(places) * meets.waits + POLITE * len(way.server.requests)
    assert way.stranger.requests == way.untrusted.requests == []
    for told in (said, repr(done), *pages(story.wiki).values(), story.raw()):
        assert not any(token in told for token in TOKENS.values())

    way.mend()
    code, done = story.round(MENDED)

    assert (code, done.troubles) == (0, [])
    assert pages(story.wiki) == unharmed.wiki
    assert rows(story.path) == unharmed.ledger


@pytest.mark.long
@pytest.mark.parametrize("joined", [True, False], ids=["who joined long ago", "newcomers"])
def test_a_single_question_that_fails_costs_nobody_anything(story, tmp_path, joined):
    """Each question of a round (of newcomers' round, every second) fails in its turn, and all others are
    answered; the faults take turns.

    A newcomer's proof that could not be read is asked for again on the next day.
    """
    way, last = story.way, MENDED if joined else FAULTY + 24 * HOUR
    outcome = everything if joined else what_counts
    calm = story.at(tmp_path / "calm") if joined else Story(tmp_path, way)
    assert calm.round(FAULTY)[0] == 0
    questions = [
        (place, one) for place in sorted(SOURCES) for one in dict.fromkeys(way.asked(place))
    ]
    assert calm.round(last)[0] == 0
    expected = outcome(calm)
    assert len(questions) > 60

    for number, (place, one) in enumerate(questions if joined else questions[::2]):
        fault = ONE_BY_ONE[number % len(ONE_BY_ONE)]
        told = f"{number}: {fault} at {' '.join(one)[:200]}"
        folder = tmp_path / str(number)
        folder.mkdir()
        again = story.at(folder) if joined else Story(folder, way)
        had = {name: has(again.wiki, name) for name in PEOPLE if joined}
        way.mend()
        way.meets(FAULTS[fault], place, only=one)

        _, done = again.round(FAULTY)

        assert {source for source, _ in done.troubles} <= {WORDS.get(place, place)}, told
        for person, before in had.items():
            assert is_all_there(before, has(again.wiki, person)), told
        way.mend()
        code, done = again.round(last)
        assert (code, done.troubles) == (0, []), told
        assert outcome(again) == expected, told


@pytest.mark.long
@pytest.mark.parametrize("source", sorted(SOURCES))
def test_a_field_that_is_missing_stops_no_round(story, tmp_path, source):
    """Each field of each answer in its turn. Where nobody needs it, nobody misses it; else it is said."""
    way = story.way
    alone = {f"{one}_url": "" for one in SOURCES - {source}}
    if "onwiki_url" in alone:
        alone["onwiki_url"] = frozenset()
    fields = fields_of(story.at(tmp_path / "calm"), source, alone)
    missed = 0
    for path in fields:
        way.mend()
        way.meets(without(path), source)
        shutil.copy(story.path, tmp_path / "ledger.sqlite")
        done = gathered(tmp_path / "ledger.sqlite", story, alone)
        assert {one for one, _ in done.troubles} <= {WORDS.get(source, source)}, path
        assert len(way.server.requests) < PAGES, path
        missed += bool(done.troubles)
    assert 0 < missed < len(fields)


def fields_of(story, source, alone):
    """Every field in an answer that *source* gives in a round."""
    story.way.mend()
    assert gathered(story.path, story, alone).troubles == []
    requests = [one for one in story.way.server.requests if place_of(one) == source]
    answers = [decoded(story.way.everywhere(one))[1] for one in requests]
    return sorted({path for answer in answers for path in paths_in(answer)})


def gathered(path, story, settings):
    """All that a weekly round asks of the sources, and nothing else of it."""
    done = Round()
    with closing(Ledger.open(f"sqlite:///{path}")) as ledger:
        given = story.settings(FAULTY, **settings)
        gather_all(wiring.build_world(given, story.wiki, ledger, _say), done, full=True)
    return done


def everything(story):
    return pages(story.wiki), rows(story.path)


def what_counts(story):
    """What people have, and every fact. Not when a proof was asked for and given, and no tiers yet:
    a first page does not wait for a source that fails at others' work, and what it says too much goes
    with the weekly checks.
    """
    kept = rows(story.path)
    accounts = [one.split("'proved'")[0] for one in kept["account"]]
    facts = {name: kept[name] for name in FACTS}
    return {name: has(story.wiki, name)[::2] for name in PEOPLE}, facts, accounts


def test_every_fault_of_the_matrix_stands_in_the_table():
    text = (Path(__file__).parents[2] / "docs" / "faults.md").read_text("utf-8")
    for name in (*FAULTS, *CIRCLES, *OWN, *FILE_FAULTS, *SERVER_FAULTS):
        assert f"\n| {name} |" in text, name
