"""Sources in memory. The real ones are tried against recordings and servers in tests/sources.

Each counts the questions it is asked, and can be told to fail.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from scoring.model import Change
from sources.port import Account, FoundTask, SourceError


@dataclass
class FakeGerrit:
    """Changes in a list."""

    changes: list[Change] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    trouble: SourceError | None = None
    asked: Counter[str] = field(default_factory=Counter)
    name: str = "gerrit"

    def merged_since(self, start: datetime) -> Iterator[Change]:
        return self._answer("feed", (one for one in self.changes if one.merged >= start))

    def merged_by(self, account: str) -> Iterator[Change]:
        return self._answer("history", (one for one in self.changes if account in one.authors))

    def merged_for(self, tasks: Iterable[int]) -> Iterator[Change]:
        wanted = set(tasks)
        return self._answer("tasks", (one for one in self.changes if wanted & set(one.tasks)))

    def reverts_of(self, numbers: Iterable[int]) -> Iterator[Change]:
        wanted = {str(number) for number in numbers}
        return self._answer(
            "reverts", (one for one in self.changes if one.reverts.rpartition("~")[2] in wanted)
        )

    def account_named(self, name: str) -> Account | None:
        self.asked["account"] += 1
        if self.trouble:
            raise self.trouble
        return Account(self.names[name], name) if name in self.names else None

    def _answer(self, question: str, found: Iterator[object]) -> Iterator:
        self.asked[question] += 1
        for number, one in enumerate(found):
            if self.trouble and number:
                break  # Half an answer, then nothing: the worst way to fail.
            yield one
        if self.trouble:
            raise self.trouble


@dataclass
class FakePhabricator:
    """Tasks by number, with the time of their last touch; links of wiki and developer names."""

    found: dict[int, tuple[datetime, FoundTask]] = field(default_factory=dict)
    wiki: dict[str, tuple[Account, ...]] = field(default_factory=dict)
    developers: dict[str, tuple[Account, ...]] = field(default_factory=dict)
    trouble: SourceError | None = None
    asked: Counter[str] = field(default_factory=Counter)
    name: str = "phabricator"

    def set(self, task: FoundTask, touched: datetime = datetime(2025, 1, 1, tzinfo=UTC)) -> None:
        self.found[task.number] = (touched, task)

    def modified_since(self, start: datetime) -> Iterator[FoundTask]:
        self._ask("feed")
        return iter([one for touched, one in self.found.values() if touched >= start])

    def tasks(self, numbers: Iterable[int]) -> Iterator[FoundTask]:
        self._ask("numbers")
        nothing = datetime(2025, 1, 1, tzinfo=UTC)
        return iter([self.found.get(n, (nothing, FoundTask(n, None)))[1] for n in numbers])

    def resolved_by(self, account: str) -> Iterator[FoundTask]:
        self._ask("history")
        return iter(
            [
                one
                for _, one in self.found.values()
                if one.owner == account and one.task and one.task.status == "resolved"
            ]
        )

    def linked_to_wiki(self, names: Iterable[str]) -> dict[str, tuple[Account, ...]]:
        self._ask("wiki")
        return {name: self.wiki[name] for name in names if name in self.wiki}

    def linked_to_developer(self, names: Iterable[str]) -> dict[str, tuple[Account, ...]]:
        self._ask("developer")
        return {name: self.developers[name] for name in names if name in self.developers}

    def _ask(self, question: str) -> None:
        self.asked[question] += 1
        if self.trouble:
            raise self.trouble
