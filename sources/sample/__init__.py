"""Invented changes and tasks of invented people, to look at badges without any network.

The files hold what Gerrit and Phabricator would answer, and are understood by the same functions.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.resources import files

from scoring.model import Change
from sources.changeinfo import parse_changes
from sources.maniphest import parse_tasks
from sources.port import Account, FoundTask
from sources.shape import Shape

_SHAPE = Shape("The sample")


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """Somebody who does not exist: their names and ids; None where they have no account."""

    wiki: str | None
    developer: str | None
    phabricator: str | None
    phid: str | None
    gerrit: int | None
    gerrit_username: str | None
    joins: bool = True


def sample_people() -> tuple[SamplePerson, ...]:
    """Return everybody of the sample, in the order of the file."""
    return tuple(SamplePerson(**person) for person in json.loads(_read("people.json")))


def sample_wishes() -> str:
    """Return two granted wishes, as lines of the wishes table that a reviewer accepted."""
    return _read("wishes.wikitext").decode("utf-8")


class SampleChanges:
    """The changes of the sample; a ChangeSource that never fails."""

    name = "gerrit"
    missing: tuple[str, ...] = ()

    def merged_since(self, start: datetime) -> Iterator[Change]:
        """Yield every public change merged at or after *start*."""
        return (change for change in self._changes() if change.merged >= start)

    def merged_by(self, account: str) -> Iterator[Change]:
        """Yield the whole merged history of the account with this key."""
        return (change for change in self._changes() if account in change.authors)

    def merged_for(self, tasks: Iterable[int]) -> Iterator[Change]:
        """Yield every merged change that names one of *tasks*."""
        wanted = frozenset(tasks)
        return (change for change in self._changes() if not wanted.isdisjoint(change.tasks))

    def reviewed_by(self, account: str) -> Iterator[Change]:
        """Yield the merged changes of others that the account with this key voted on."""
        return (change for change in self._changes() if account in change.reviewers)

    def merged(self, keys: Iterable[str]) -> Iterator[Change]:
        """Yield the merged changes of these keys."""
        wanted = frozenset(keys)
        return (change for change in self._changes() if change.key in wanted)

    def reverts_of(self, keys: Iterable[str]) -> Iterator[Change]:
        """Yield the merged changes that take back one of the changes *keys*."""
        wanted = frozenset(keys)
        return (change for change in self._changes() if change.reverts in wanted)

    def posted(self, name: str, words: Iterable[str]) -> None:
        """Nobody of the sample has posted anything."""

    def account_named(self, name: str, login: str = "") -> Account | None:
        """The one account with exactly this developer name, None if there is none."""
        found = [person for person in sample_people() if person.developer == name]
        if len(found) != 1 or found[0].gerrit is None:
            return None
        return Account(f"gerrit:{found[0].gerrit}", name)

    def _changes(self) -> Iterator[Change]:
        return parse_changes(json.loads(_read("changes.json.gz")), look_up=_accounts().get)


class SampleTasks:
    """The tasks of the sample; a TaskSource that never fails."""

    name = "phabricator"

    def modified_since(self, start: datetime) -> Iterator[FoundTask]:
        """Yield every task touched at or after *start*."""
        return _in_full(row for row in self._rows() if _modified(row) >= start)

    def tasks(self, numbers: Iterable[int]) -> Iterator[FoundTask]:
        """Yield each of *numbers*; what may not be shown comes with ``task=None``."""
        known = {found.number: found for found in _in_full(self._rows())}
        for number in sorted(set(numbers)):
            yield known.get(number, FoundTask(number, None))

    def resolved_by(self, account: str) -> Iterator[FoundTask]:
        """Yield the resolved tasks assigned to the account with this key."""
        for found in _in_full(self._rows()):
            if found.owner == account and found.task and found.task.status == "resolved":
                yield found

    def with_demand(self, found: Iterable[FoundTask]) -> Iterator[FoundTask]:
        """Yield the same tasks: the sample tells all it knows at once."""
        return iter(found)

    def posted(self, name: str, words: Iterable[str]) -> None:
        """Nobody of the sample has posted anything."""

    def linked_to_wiki(self, names: Iterable[str]) -> Mapping[str, tuple[Account, ...]]:
        """Accounts linked to wiki accounts of exactly these names."""
        return _linked(names, {person.wiki: person for person in sample_people()})

    def linked_to_developer(self, names: Iterable[str]) -> Mapping[str, tuple[Account, ...]]:
        """Accounts linked to developer accounts of exactly these names."""
        return _linked(names, {person.developer: person for person in sample_people()})

    def _rows(self) -> list[object]:
        return _SHAPE.rows(json.loads(_read("tasks.json.gz")))


def _accounts() -> dict[str, object]:
    """The AccountInfos of everybody at Gerrit, by address."""
    return {
        f"{person.gerrit_username}@example.org": {
            "_account_id": person.gerrit,
            "name": person.developer,
        }
        for person in sample_people()
        if person.gerrit is not None
    }


def _in_full(rows: Iterable[object]) -> Iterator[FoundTask]:
    """Tasks with all that there is to know: nobody of the sample gave a token or filed a duplicate."""
    for found in parse_tasks(rows):
        task = found.task and replace(found.task, tokens=0, duplicates=0)
        yield replace(found, task=task)


def _read(name: str) -> bytes:
    content = files(__name__).joinpath(name).read_bytes()
    return gzip.decompress(content) if name.endswith(".gz") else content


def _modified(row: object) -> datetime:
    return datetime.fromtimestamp(_SHAPE.number(row, "fields", "dateModified"), UTC)


def _linked(
    names: Iterable[str], people: Mapping[str | None, SamplePerson]
) -> dict[str, tuple[Account, ...]]:
    return {
        name: (Account(person.phid, person.phabricator),)
        for name in names
        if (person := people.get(name)) and person.phid and person.phabricator
    }
