"""A small world to tell stories in: a wiki in memory, two sources, a ledger on disk."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.rehearsal import MemoryWiki
from bot.round import Round, World, run_round
from scoring.model import Change, Task
from sources.port import Account, FoundTask
from tests.databases import Database, sqlite_in
from tests.fakes import FakeGerrit, FakePhabricator
from wikitext.json_text import loads

ROOT = "Project:Developer badges"
REGISTRY = f"{ROOT}/Registry"
HOME = "User:BadgeBot/Developer badges"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def entry(name: str, developer: str | None = None) -> str:
    """The line that a person adds; by default their developer name is their own."""
    who = f"user={name}" if "=" in name else name  # As in any template.
    return f"* {{{{Developer badges/Person|{who}|developer={developer or name}}}}}"


class Scene:
    """People called by their names; everybody's accounts exist, and are linked as they should be."""

    def __init__(self, folder: Path, database: Database | None = None) -> None:
        self.database = database or sqlite_in(folder)
        self.wiki = MemoryWiki()
        self.gerrit = FakeGerrit()
        self.phabricator = FakePhabricator()
        self.ledger = self.database.open()
        self.now = NOW
        self.wiki.edit(REGISTRY, "People:", "Operator")

    def exists(self, *names: str) -> None:
        """People with a wiki account, a Phabricator account, and a developer account at Gerrit."""
        for name in names:
            self.wiki.accounts.setdefault(name, len(self.wiki.accounts) + 1)
            account = Account(f"PHID-USER-{name}", f"phab-{name}")
            self.phabricator.wiki[name] = (account,)
            self.phabricator.developers[name] = (account,)
            self.gerrit.names[name] = f"gerrit:{name}"

    def registers(self, name: str, by: str | None = None, developer: str | None = None) -> None:
        """Somebody's entry is added, by themselves unless said otherwise."""
        text = self.wiki.text(REGISTRY)
        self.wiki.edit(REGISTRY, f"{text}\n{entry(name, developer)}", by or name, self.now)

    def chooses(self, name: str, options: str) -> None:
        """A person changes their own line: ``"hide=score|wall=yes"``."""
        before = entry(name).removesuffix("}}")
        kept = [
            line for line in self.wiki.text(REGISTRY).split("\n") if not line.startswith(before)
        ]
        text = "\n".join([*kept, f"{before}|{options}}}}}"])
        self.wiki.edit(REGISTRY, text, name, self.now)

    def unregisters(self, name: str, by: str | None = None) -> None:
        """Somebody's entry is removed, by themselves unless said otherwise."""
        text = self.wiki.text(REGISTRY).replace(f"\n{entry(name)}", "")
        self.wiki.edit(REGISTRY, text, by or name, self.now)

    def is_free_and_taken(self, name: str) -> None:
        """Who was called so is "Countess" now; Mallory makes an account of the name, and registers it."""
        self.wiki.accounts["Countess"] = self.wiki.accounts.pop(name)
        self.wiki.accounts[name] = 900
        account = Account("PHID-USER-Mallory", "phab-Mallory")
        self.phabricator.wiki[name] = self.phabricator.developers["Mallory"] = (account,)
        self.gerrit.names["Mallory"] = "gerrit:Mallory"
        self.registers(name, developer="Mallory")

    def merges(self, *changes: Change) -> None:
        self.gerrit.changes += changes

    def task(self, task: Task, owner: str | None = None, touched: datetime | None = None) -> None:
        """Phabricator has this task, assigned to a person by name."""
        phid = f"PHID-USER-{owner}" if owner else None
        shown = task if task.public else None
        found = FoundTask(task.number, shown, phid)
        self.phabricator.set(found, touched or NOW - timedelta(days=100))

    def world(self, **changed: Any) -> World:
        world = World(
            self.wiki, self.ledger, self.phabricator, (self.gerrit,), ROOT, self.now,
            farewell="{{Delete}}",
        )  # fmt: skip
        return replace(world, **changed)

    def round(
        self, *, accept: bool = False, full: bool = False, hourly: bool = False, **changed: Any
    ) -> Round:
        """One round; an hour passes."""
        done = run_round(self.world(**changed), accept=accept, full=full, hourly=hourly)
        self.now += timedelta(hours=1)
        return done

    def page(self, name: str) -> dict[str, Any]:
        """Somebody's data page."""
        value = loads(self.wiki.text(f"{HOME}/people/{name}.json"))
        assert value is not None
        return value

    def works(self, name: str, year: int = 2025) -> dict[str, dict[str, Any]]:
        """The works on somebody's work page, by key."""
        value = loads(self.wiki.text(f"{HOME}/people/{name}/work-{year}.json"))
        assert value is not None
        return {work["work"]: work for work in value.get("works", ())}

    def bytes_of(self, name: str) -> dict[str, str]:
        """Everything the wiki has about somebody."""
        start = f"{HOME}/people/{name}"
        titles = [
            t for t in self.wiki.pages if t in (f"{start}.json",) or t.startswith(f"{start}/")
        ]
        return {title: self.wiki.text(title) for title in titles}

    def report(self) -> list[dict[str, Any]]:
        """The entries of the report."""
        value = loads(self.wiki.text(f"{HOME}/report.json"))
        assert value is not None
        entries: list[dict[str, Any]] = value["entries"]
        return entries

    def raw_ledger(self) -> bytes:
        """Every byte of the ledger; of a file, deleted rows included."""
        return self.database.dump()
