"""What every source looks like to the rest of the program, and how it fails.

A source yields values of ``scoring.model``. Authors in them are *account keys* of that source
(``"gerrit:1234"``, ``"PHID-USER-…"``); who they are is for the ledger to know.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from scoring.model import Change, Task


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
    """An account at a source: its permanent key, and the name it bears today."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class FoundTask:
    """A task as a feed brings it. ``task`` is None where it may not be shown (or is no more).

    ``owner`` is the account key of today's assignee, None where there is none.
    """

    number: int
    task: Task | None
    owner: str | None = None


class ChangeSource(Protocol):
    """A place where changes are merged."""

    name: str

    def merged_since(self, start: datetime) -> Iterator[Change]:
        """Yield every public change merged at or after *start*. Raises SourceError."""

    def merged_by(self, account: str) -> Iterator[Change]:
        """Yield the whole merged history of the account with this key. Raises SourceError."""

    def merged_for(self, tasks: Iterable[int]) -> Iterator[Change]:
        """Yield every merged change that names one of *tasks*. Raises SourceError."""

    def reverts_of(self, numbers: Iterable[int]) -> Iterator[Change]:
        """Yield the merged changes that take back one of the changes *numbers*. Raises SourceError."""

    def account_named(self, name: str) -> Account | None:
        """The one account with exactly this developer name, None if there is none. Raises SourceError."""


class TaskSource(Protocol):
    """A place where tasks are tracked, and where accounts are linked to wiki accounts."""

    name: str

    def modified_since(self, start: datetime) -> Iterator[FoundTask]:
        """Yield every task touched at or after *start*. Raises SourceError."""

    def tasks(self, numbers: Iterable[int]) -> Iterator[FoundTask]:
        """Yield each of *numbers*; what may not be shown comes with ``task=None``. Raises SourceError."""

    def resolved_by(self, account: str) -> Iterator[FoundTask]:
        """Yield the resolved tasks assigned to the account with this key. Raises SourceError."""

    def linked_to_wiki(self, names: Iterable[str]) -> Mapping[str, tuple[Account, ...]]:
        """Accounts linked to wiki accounts of exactly these names; unlinked ones are left out. Raises SourceError."""

    def linked_to_developer(self, names: Iterable[str]) -> Mapping[str, tuple[Account, ...]]:
        """Accounts linked to developer accounts of exactly these names. Raises SourceError."""
