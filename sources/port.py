"""What every source looks like to the rest of the program, and how it fails.

A source yields values of ``scoring.model``. Authors in them are *account keys* of that source
(``"gerrit:1234"``, ``"PHID-USER-…"``); who they are is for the ledger to know.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from scoring.model import Change, Task, Wish


class SourceError(Exception):
    """A source gave no trustworthy answer; what we knew before still stands."""


class SourceUnreachable(SourceError):
    """Nobody answered, or the answer was "not now". Worth another try in the next round."""


class SourceRefused(SourceError):
    """The source knows us and says no: a missing or wrong token, a missing right."""


class SourceChanged(SourceError):
    """The answer no longer has the shape we know. Somebody must look."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account at a source: its permanent key, and the name it bears today.

    ``login`` is the name one logs in with where that is another (Gerrit's username is the shell
    name of a developer account), ``created`` the day of its making; "" and None where not told.
    """

    key: str
    name: str
    login: str = ""
    created: date | None = None


@dataclass(frozen=True, slots=True)
class FoundTask:
    """A task as a feed brings it. ``task`` is None where it may not be shown (or is no more).

    ``owner`` is the account key of today's assignee, ``closer`` that of who closed it first since
    it was last open; None where there is none.
    """

    number: int
    task: Task | None
    owner: str | None = None
    closer: str | None = None


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool as Toolhub lists it. ``authors`` are the wiki names it claims: no proof of anything."""

    name: str
    title: str
    kind: str = ""
    repository: str = ""
    tracker: str = ""
    authors: tuple[str, ...] = ()


class ChangeSource(Protocol):
    """A place where changes are merged.

    ``missing`` are the groups or repositories that it was told to ask for and were not shown to it.
    """

    name: str
    missing: tuple[str, ...]

    def merged_since(self, start: datetime) -> Iterator[Change]:
        """Yield every public change merged at or after *start*. Raises SourceError."""

    def merged_by(self, account: str) -> Iterator[Change]:
        """Yield the whole merged history of the account with this key. Raises SourceError."""

    def reviewed_by(self, account: str) -> Iterator[Change]:
        """Yield the merged changes of others that the account with this key voted on.

        Raises SourceError.
        """

    def merged_for(self, tasks: Iterable[int]) -> Iterator[Change]:
        """Yield every merged change that names one of *tasks*. Raises SourceError."""

    def merged(self, keys: Iterable[str]) -> Iterator[Change]:
        """Yield the merged changes of these keys as they are now; who is gone is left out.

        Raises SourceError.
        """

    def reverts_of(self, keys: Iterable[str]) -> Iterator[Change]:
        """Yield the merged changes that take back one of the changes *keys*. Raises SourceError."""

    def account_named(self, name: str, login: str = "") -> Account | None:
        """The one account of the developer *name* (LDAP cn), None if there is none.

        *login* is that developer's shell name where it is known. Raises SourceError.
        """

    def posted(self, name: str, words: Iterable[str]) -> tuple[Account, str] | None:
        """The account called *name* and the first of *words* that it has posted there.

        Looks only where nobody but the account itself can write. Raises SourceError.
        """


class TaskSource(Protocol):
    """A place where tasks are tracked, and where accounts are linked to wiki accounts."""

    name: str

    def modified_since(self, start: datetime) -> Iterator[FoundTask]:
        """Yield every task touched at or after *start*, without demand. Raises SourceError."""

    def tasks(self, numbers: Iterable[int]) -> Iterator[FoundTask]:
        """Yield each of *numbers*; what may not be shown comes with ``task=None``. Raises SourceError."""

    def resolved_by(self, account: str) -> Iterator[FoundTask]:
        """Yield the resolved tasks assigned to the account with this key. Raises SourceError."""

    def with_demand(self, found: Iterable[FoundTask]) -> Iterator[FoundTask]:
        """Yield the same tasks with what only further questions tell: tokens, duplicates, kin.

        ``tasks`` and ``resolved_by`` have it already. Raises SourceError.
        """

    def linked_to_wiki(self, names: Iterable[str]) -> Mapping[str, tuple[Account, ...]]:
        """Accounts linked to wiki accounts of exactly these names; unlinked ones are left out.

        Each with the day it was created: a link may be older than today's bearer of the name.
        Raises SourceError.
        """

    def linked_to_developer(self, names: Iterable[str]) -> Mapping[str, tuple[Account, ...]]:
        """Accounts linked to developer accounts of exactly these names. Raises SourceError."""

    def posted(self, name: str, words: Iterable[str]) -> tuple[Account, str] | None:
        """As that of ``ChangeSource``."""


class WishSource(Protocol):
    """A place where a community wishes for software, and where wishes are granted."""

    name: str

    def wishes(self) -> Iterator[Wish]:
        """Yield every wish. Raises SourceError."""

    def changed_since(self, start: datetime) -> Iterator[Wish]:
        """Yield every wish touched at or after *start*. Raises SourceError."""


class ToolSource(Protocol):
    """A catalogue of tools."""

    name: str

    def changed_since(self, start: datetime) -> Iterator[Tool]:
        """Yield every tool whose entry was touched at or after *start*. Raises SourceError."""


class NewsSource(Protocol):
    """A page that lists requests of the community that were resolved."""

    name: str

    def resolved(self) -> frozenset[int]:
        """The numbers of the tasks it lists: a sign of demand, never of who did them.

        Raises SourceError.
        """
