"""A wiki, a ledger and sources that are put back to the same moment again and again, for rounds that die."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.ledger.engine import make_engine
from bot.ledger.tables import lock, metadata
from scripts.local.api import Client
from tests.databases import Database
from tests.wiki.conftest import Wiki
from tests.wiki.practice import HERE, Practice

CLEAR = "<?php apcu_clear_cache(); echo 'cleared';"
CLOCKS = {"rounds", "turns"}
"""Memos of when rounds began and ended, and of which did: they tell of the killed ones, too."""


@dataclass(frozen=True)
class State:
    """The wiki and the ledger as they once were, in a folder. *sql*: of MariaDB."""

    folder: Path
    sql: bytes | None


class Mortal:
    """The bot on a wiki of its own; its commands are done by a process that can kill them."""

    def __init__(self, wiki: Wiki, practice: Practice, database: Database) -> None:
        self.wiki, self.practice, self.database = wiki, practice, database
        self.today = datetime.now(UTC).replace(microsecond=0)
        self.log = practice.folder / "bot.log"
        self.left_open = 0
        """How often a killed process left SQLite's log behind."""
        (wiki.home / "html" / "clear.php").write_text(CLEAR, "utf-8")
        environment = practice.environment(BADGES_DATABASE_URL=database.url)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.wiki.killing"],
            cwd=HERE, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def close(self) -> None:
        """End the process that does the commands."""
        self._process.communicate()

    def do(
        self,
        *arguments: str,
        kill: tuple[int, float] | None = None,
        broken: bool = False,
        **changed: str,
    ) -> dict[str, Any]:
        """Do a command, or begin it; see ``tests.wiki.killing``."""
        changed = {"BADGES_NOW": self.today.isoformat(), **changed}
        order = {
            "arguments": arguments, "environment": changed, "log": str(self.log),
            "kill": kill, "broken": broken,
        }  # fmt: skip
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        self.left_open += bool(answer["code"] == -9 and self._files("-wal"))
        return answer

    def _files(self, end: str = "*") -> list[Path]:
        return sorted(self.practice.folder.glob(f"ledger.sqlite{end}"))

    # To one moment, and back to it

    def keep(self, name: str) -> State:
        """Copy wiki and ledger as they are now."""
        self.quiet()
        folder = self.practice.folder / name
        shutil.copytree(self.wiki.home / "data", folder / "data")
        shutil.copytree(self.practice.folder, folder / "bot", ignore=_not_of_the_bot)
        sql = None if self.database.kind == "sqlite" else self.database.dump()
        return State(folder, sql)

    def put_back(self, state: State) -> None:
        """Make wiki, caches, ledger and pywikibot's files what they were."""
        self.quiet()
        for old in (*(self.wiki.home / "data").glob("*.sqlite*"), *self._files()):
            old.unlink()
        shutil.copytree(state.folder / "data", self.wiki.home / "data", dirs_exist_ok=True)
        for old in self.practice.folder.glob("pywikibot-*.lwp"):
            old.unlink()
        shutil.copytree(state.folder / "bot", self.practice.folder, dirs_exist_ok=True)
        if state.sql is not None:
            self.database.lose()
            self.database.load(state.sql)
        with urllib.request.urlopen(self.wiki.api.replace("w/api.php", "clear.php")) as answer:
            assert answer.read() == b"cleared"
        self.log.unlink(missing_ok=True)

    def quiet(self) -> None:
        """Wait until the wiki has done what somebody asked who may be dead now."""
        end = time.monotonic() + 30
        while self._busy():
            assert time.monotonic() < end, "the wiki is busy with something"
            time.sleep(0.002)

    def _busy(self) -> bool:
        port = f":{int(self.wiki.url.split(':')[2].split('/')[0]):04X}"
        rows = [one.split() for one in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        # The server's end of a connection: open, or closed by the other end alone.
        return any(row[1].endswith(port) and row[3] in ("01", "08") for row in rows)

    # What is there

    def pages(self) -> list[str]:
        """Every revision, recent change and log entry of the wiki but for the time of day."""
        self.quiet()
        found = Client(self.wiki.api).api(
            action="query", list="allrevisions|recentchanges|logevents",
            arvprop="ids|flags|user|comment|sha1|size", arvlimit="max", arvdir="newer",
            rcprop="ids|flags|title|user|comment|sizes", rclimit="max", rcdir="newer",
            leprop="ids|title|type|user|comment|details", lelimit="max", ledir="newer",
        )  # fmt: skip
        assert "continue" not in found
        query = found["query"]
        revisions = [
            {"title": page["title"], **one}
            for page in query["allrevisions"]
            for one in page["revisions"]
        ]
        rows = [*revisions, *query["recentchanges"], *query["logevents"]]
        return sorted(
            json.dumps({key: one[key] for key in one if key != "timestamp"}, ensure_ascii=False)
            for one in rows
        )

    def rows(self) -> list[str]:
        """Every row of the ledger but for what the clock says, and no lock."""
        engine = make_engine(self.database.url)
        try:
            with engine.connect() as db:
                assert not db.execute(select(lock)).all(), "somebody holds the lock"
                found = {
                    table.name: [dict(row) for row in db.execute(select(table)).mappings()]
                    for table in metadata.sorted_tables
                }
        finally:
            engine.dispose()
        if self.database.kind == "mariadb":
            _renumber(found)
        found["memo"] = [_timeless(row) for row in found["memo"] if row["name"] not in CLOCKS]
        return sorted(
            f"{name} {json.dumps(row, ensure_ascii=False, sort_keys=True)}"
            for name, rows in found.items()
            for row in rows
        )


def _timeless(row: dict[str, Any]) -> dict[str, Any]:
    """A memo without the moment, by the wiki's clock, until which its logs of accounts were read."""
    if row["name"] != "accounts":
        return row
    value = json.loads(row["value"])
    for one in value.get("logs", {}).values():
        one["until"] = one["until"] and "a moment"
    return {**row, "value": json.dumps(value)}


NUMBERED = ("proofs", "choices", "hit by lists")
"""Memos that know people by their numbers: keys like ``7`` and ``7:wiki:Ada``."""


def _renumber(found: dict[str, list[dict[str, Any]]]) -> None:
    """Count people and accounts in the order of their numbers.

    MariaDB never gives again a number that an undone transaction took: gaps stay, and mean nothing.
    """
    ranks = {
        name: {one: rank for rank, one in enumerate(sorted(row["id"] for row in found[name]), 1)}
        for name in ("person", "account")
    }
    for table in metadata.sorted_tables:
        for column in table.columns:
            targets = [key.column for key in column.foreign_keys] or [column]
            if targets[0].name == "id":
                for row in found[table.name]:
                    number = row[column.name]
                    row[column.name] = ranks[targets[0].table.name].get(number, number)
    for row in found["memo"]:
        value = json.loads(row["value"])
        if row["name"] in NUMBERED:
            row["value"] = json.dumps(_with_ranks(value, ranks["person"]))
        elif row["name"] == "accounts" and value:
            after = ranks["person"].get(value["after"])
            row["value"] = json.dumps({**value, "after": after})


def _with_ranks(value: Any, ranks: dict[int, int]) -> Any:
    if not isinstance(value, dict):
        return value
    return {_ranked(key, ranks): _with_ranks(one, ranks) for key, one in value.items()}


def _ranked(key: str, ranks: dict[int, int]) -> str:
    number, colon, rest = key.partition(":")
    return f"{ranks.get(int(number), number)}{colon}{rest}" if number.isdigit() else key


def _not_of_the_bot(folder: str, names: list[str]) -> list[str]:
    return [one for one in names if not re.match(r"ledger\.sqlite|pywikibot-.*\.lwp", one)]
