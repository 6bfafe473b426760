"""Kill -9 at any point: one more round, and wiki and ledger are as if nothing had happened."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from scripts.local.mariadb_site import Server
from tests.bot.conftest import server  # noqa: F401 (a fixture)
from tests.databases import Database, mariadb_at, sqlite_in
from tests.wiki.conftest import standing
from tests.wiki.eventful import STAYS, Eventful, eventful
from tests.wiki.practice import HOME

pytestmark = pytest.mark.wiki

COMMANDS = {
    "first": ("run",),
    "leaving": ("run", "--hourly"),
    "waiting": ("run",),
    "hourly": ("run", "--hourly"),
    "daily": ("run",),
    "weekly": ("run", "--full"),
    "forget": ("forget", STAYS),
}
SEED = int(os.environ.get("KILL_SEED", "6"))
KILLS = int(os.environ.get("KILLS", "5" if os.environ.get("TEST_WIKI_VERSION") else "35"))
"""How often each command is killed in the long test: 245 in all, and a few on the other MediaWiki."""
ON_MARIADB = ("first", "leaving", "hourly", "forget")
AT = os.environ.get("KILL_AT", "")
"""Where to kill, and nowhere else, as a failure says it: the command, the database, and for each attempt
the event and the seconds after it, ``daily sqlite 812:0 17:0.021``."""
IN_FLIGHT = 0.06
"""Seconds after an event within which something is still going on."""

Point = tuple[int, float]


@dataclass(frozen=True)
class End:
    """What an uninterrupted command leaves behind, and what happened on its way."""

    code: int
    events: tuple[str, ...]
    pages: list[str]
    rows: list[str]


class Killing:
    """One scene, and how each command ends on it that nobody kills."""

    def __init__(self, scene: Eventful) -> None:
        self.scene = scene
        self._ends: dict[str, End] = {}
        self.kills = 0

    def put_back(self, name: str) -> None:
        self.scene.put_back(getattr(self.scene, name, self.scene.later))

    def end(self, name: str) -> End:
        if name not in self._ends:
            self.put_back(name)
            done = self.scene.do(*COMMANDS[name])
            assert done["code"] == (4 if name == "waiting" else 0), self.scene.log.read_text(
                "utf-8"
            )
            pages, rows = self.scene.pages(), self.scene.rows()
            self._ends[name] = End(done["code"], tuple(done["events"]), pages, rows)
        return self._ends[name]

    def points(self, name: str, count: int) -> Iterator[list[Point]]:
        """*count* times where to kill: most often once, and now and then the next attempts, too."""
        chance = random.Random(f"{SEED} {name} {self.scene.database.kind}")
        events = self.end(name).events
        edits = [number for number, one in enumerate(events, 1) if "edit" in one]
        stored = [number for number in _stored(events) if number < edits[0]]
        for number in range(count):
            # Evenly over the course of the command: at an edit, at what is stored before, at anything.
            among = (edits, stored, range(1, len(events) + 1))[number % 3]
            place = (number + chance.random()) / count
            at = among[int(place * len(among))]
            points = [(at, 0.0 if among is stored else _delay(chance))]
            while len(points) < 3 and chance.random() < 0.25:
                points.append((chance.randrange(1, len(events)), _delay(chance)))
            yield points

    def kill(self, name: str, points: Sequence[Point], *, broken: bool = False) -> str:
        """Kill the command at *points*, let it end, and compare; return what is not as it should be."""
        end, scene = self.end(name), self.scene
        self.put_back(name)
        for point in points:
            died = scene.do(*COMMANDS[name], kill=point, broken=broken)["code"] == -9
            self.kills += died
            if not died:  # It was at its end already.
                break
        code = scene.do(*COMMANDS[name], broken=broken)["code"]
        differs = {f"code {code}"} ^ {f"code {end.code}"}
        differs |= {*scene.pages()} ^ {*end.pages}
        differs |= {*scene.rows()} ^ {*end.rows}
        if not differs:
            return ""
        told = " ".join(f"{number}:{delay:g}" for number, delay in points)
        events = ", ".join(f"“{end.events[number - 1]}”" for number, _ in points)
        again = f"KILL_AT='{name} {scene.database.kind} {told}' ({events})"
        return "\n".join([again, *sorted(differs)[:20], scene.log.read_text("utf-8")])


def _stored(events: Sequence[str]) -> Iterator[int]:
    """The commits after which the ledger is another than before."""
    wrote = False
    for number, one in enumerate(events, 1):
        wrote |= one in ("sql INSERT", "sql UPDATE", "sql DELETE")
        if one == "commit done" and wrote:
            yield number
            wrote = False


def _delay(chance: random.Random) -> float:
    return chance.choice((0.0, round(chance.random() * IN_FLIGHT, 3)))


@contextmanager
def killing(home: Path, database: Database) -> Iterator[Killing]:
    with standing(home / "site") as wiki, eventful(wiki, home / "bot", database) as scene:
        yield Killing(scene)


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killing]:
    home = tmp_path_factory.mktemp("kill")
    with killing(home, sqlite_in(home / "bot")) as found:
        yield found


@pytest.fixture(scope="module")
def mariadb(tmp_path_factory: pytest.TempPathFactory, server: Server) -> Iterator[Killing]:  # noqa: F811
    with killing(tmp_path_factory.mktemp("kill"), mariadb_at(server, "kill")) as found:
        yield found


def kill_often(killing: Killing, name: str, count: int) -> None:
    """Kill the command *count* times in all, or where KILL_AT says."""
    chosen, before = list(killing.points(name, count)), killing.kills
    if AT:
        said, kind, *points = AT.split()
        pairs = [one.split(":") for one in points]
        mine = (said, kind) == (name, killing.scene.database.kind)
        chosen = [[(int(number), float(delay)) for number, delay in pairs]] if mine else []
    wrong = [one for one in (killing.kill(name, points) for points in chosen) if one]
    assert not wrong, f"{len(wrong)} of {len(chosen)}:\n" + "\n\n".join(wrong[:3])
    missed = len(chosen) - (killing.kills - before)
    assert missed <= max(2, len(chosen) // 10), "too many ended before they were killed"
    if chosen and killing.scene.database.kind == "sqlite":
        assert killing.scene.left_open, "no killed process left SQLite's log behind"


def test_who_leaves_is_gone_and_nobody_edits_twice_wherever_the_round_is_killed(sqlite: Killing):
    kill_often(sqlite, "leaving", 8)


def test_a_program_that_notes_a_page_before_it_saves_it_is_found_out(sqlite: Killing):
    sqlite.end("leaving")  # What pywikibot asks a wiki only once is asked by then.
    sqlite.put_back("leaving")
    events = sqlite.scene.do(*COMMANDS["leaving"], broken=True)["events"]
    (*_, changed, _new) = [n for n, one in enumerate(events, 1) if one == "ask POST edit"]

    # Killed just before the edit is sent. What tells of a leaver, or is new, would be looked at again.
    assert f"{HOME}/people/" in sqlite.kill("leaving", [(changed, 0.0)], broken=True)


@pytest.mark.long
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_killed_anywhere_is_made_up_for_by_the_next(sqlite: Killing, name: str):
    kill_often(sqlite, name, KILLS)


@pytest.mark.long
@pytest.mark.mariadb
@pytest.mark.parametrize("name", ON_MARIADB)
def test_so_it_is_on_mariadb_whose_server_lives_on(mariadb: Killing, name: str):
    kill_often(mariadb, name, KILLS // 3)
