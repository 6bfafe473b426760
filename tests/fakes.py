"""Sources in memory. The real ones are tried against recordings and servers in tests/sources.

Each counts the questions it is asked, and can be told to fail.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from scoring.model import Change, Wish
from sources.patches import posted_word
from sources.port import Account, FoundTask, SourceError, Tool


@dataclass
class FakeGerrit:
    """Changes in a list."""

    changes: list[Change] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    posts: dict[str, tuple[Account, str]] = field(default_factory=dict)
    """By the name of an account: the account, and all that it has written about itself."""
    trouble: SourceError | None = None
    asked: Counter[str] = field(default_factory=Counter)
    name: str = "gerrit"
    missing: tuple[str, ...] = ()

    def merged_since(self, start: datetime) -> Iterator[Change]:
        return self._answer("feed", (one for one in self.changes if one.merged >= start))

    def merged_by(self, account: str) -> Iterator[Change]:
        return self._answer("history", (one for one in self.changes if account in one.authors))

    def merged_for(self, tasks: Iterable[int]) -> Iterator[Change]:
        wanted = set(tasks)
        shown = (one for one in self.changes if wanted & (set(one.tasks) - set(one.aside)))
        return self._answer("tasks", shown)

    def reviewed_by(self, account: str) -> Iterator[Change]:
        return self._answer("reviews", (one for one in self.changes if account in one.reviewers))

    def merged(self, keys: Iterable[str]) -> Iterator[Change]:
        wanted = set(keys)
        return self._answer("again", (one for one in self.changes if one.key in wanted))

    def reverts_of(self, keys: Iterable[str]) -> Iterator[Change]:
        wanted = set(keys)
        return self._answer("reverts", (one for one in self.changes if one.reverts in wanted))

    def account_named(self, name: str, login: str = "") -> Account | None:
        self.asked["account"] += 1
        if self.trouble:
            raise self.trouble
        if name not in self.names:
            return None
        return Account(self.names[name], name, name.lower().replace(" ", ""))

    def posted(self, name: str, words: Iterable[str]) -> tuple[Account, str] | None:
        self.asked["posted"] += 1
        if self.trouble:
            raise self.trouble
        return _posted(self.posts.get(name), words)

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
    posts: dict[str, tuple[Account, str]] = field(default_factory=dict)
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

    def with_demand(self, found: Iterable[FoundTask]) -> Iterator[FoundTask]:
        given = list(found)
        if given:
            self._ask("demand")
        return iter(given)

    def posted(self, name: str, words: Iterable[str]) -> tuple[Account, str] | None:
        self._ask("posted")
        return _posted(self.posts.get(name), words)

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


@dataclass
class FakeWishlist:
    """Wishes by key, with the time of their last touch."""

    found: dict[str, tuple[datetime, Wish]] = field(default_factory=dict)
    trouble: SourceError | None = None
    asked: Counter[str] = field(default_factory=Counter)
    name: str = "wishlist"

    def wishes(self) -> Iterator[Wish]:
        return self._answer("all", datetime(2001, 1, 1, tzinfo=UTC))

    def changed_since(self, start: datetime) -> Iterator[Wish]:
        return self._answer("feed", start)

    def _answer(self, question: str, start: datetime) -> Iterator[Wish]:
        self.asked[question] += 1
        if self.trouble:
            raise self.trouble
        return iter([one for touched, one in self.found.values() if touched >= start])


def _posted(post: tuple[Account, str] | None, words: Iterable[str]) -> tuple[Account, str] | None:
    if post is None:
        return None
    account, text = post
    word = posted_word(text, words)
    return (account, word) if word else None


@dataclass
class FakeWikiOfCode(FakeGerrit):
    """Edits of one wiki; accounts there by central id."""

    name: str = "onwiki metawiki"
    accounts: dict[int, Account] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    def account_of(self, name: str, central: int) -> Account | None:
        self.asked["account"] += 1
        found = self.accounts.get(central)
        return found if found and found.name == name else None

    def standing(self, keys: Iterable[str]) -> Iterator[str]:
        return iter(sorted(set(keys) - self.gone))

    def merged_by(self, account: str) -> Iterator[Change]:
        return self.with_usage(super().merged_by(account))

    def with_usage(self, changes: Iterable[Change]) -> Iterator[Change]:
        return (one._replace(usage=120) for one in changes)


@dataclass
class FakeToolhub:
    """Tools, each touched on a day."""

    tools: list[tuple[datetime, Tool]] = field(default_factory=list)
    name: str = "toolhub"

    def changed_since(self, start: datetime) -> Iterator[Tool]:
        return (tool for touched, tool in self.tools if touched >= start)


@dataclass
class FakeTechNews:
    """The tasks on the page."""

    tasks: set[int] = field(default_factory=set)
    name: str = "technews"

    def resolved(self) -> frozenset[int]:
        return frozenset(self.tasks)
