"""The facts as one person sees them: their own part by name of ``ME``, everybody else as "other 1".

Whether somebody else joined makes no difference here. So their joining or leaving cannot change
a byte of this person's pages: what is computed from a view does not contain it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from bot.ledger.people import Person
from bot.ledger.store import Store, chunks
from bot.ledger.tables import account, authorship, change, naming, task
from scoring.model import OTHER, Change, File, Task

ME = "me"


@dataclass(frozen=True, slots=True)
class View:
    """What one person has a part in. ``owned`` are the resolved tasks assigned to them."""

    changes: tuple[Change, ...]
    tasks: tuple[Task, ...]
    owned: frozenset[int]


class Views:
    """Views of the facts, one person at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, who: Person) -> View:
        """The facts of *who*, in an order that does not depend on when they arrived."""
        with self._store.transaction() as db:
            mine = set(db.execute(select(account.c.id).where(account.c.person == who.id)).scalars())
            # Only resolved ones: of others we learn by chance, and that must not change a page.
            theirs = task.c.owner.in_(mine) & (task.c.status == "resolved")
            owned = set(db.execute(select(task.c.number).where(theirs)).scalars())
            own = set(
                db.execute(
                    select(authorship.c.change).where(authorship.c.account.in_(mine))
                ).scalars()
            )
            named = _named(db, own)
            shared = owned | {number for numbers in named.values() for number in numbers}
            keys = own | _of_tasks(db, shared)
            keys |= _reverts(db, keys)
            changes = _changes(db, keys, shared, mine)
            known = _tasks(db, shared)
        # A task that may not be shown (or of which Phabricator was not asked yet) earns nothing.
        secret = [Task(number, public=False) for number in sorted(shared - known.keys())]
        tasks = sorted([*known.values(), *secret], key=lambda one: one.number)
        return View(tuple(changes), tuple(tasks), frozenset(owned))


def _named(db: Connection, keys: Iterable[str]) -> Mapping[str, list[int]]:
    """The tasks that each of these changes names, in the change's own order."""
    found: dict[str, list[int]] = defaultdict(list)
    for chunk in chunks(sorted(keys)):
        query = select(naming).where(naming.c.change.in_(chunk)).order_by(naming.c.position)
        for row in db.execute(query):
            found[row.change].append(row.task)
    return found


def _of_tasks(db: Connection, numbers: Iterable[int]) -> set[str]:
    found: set[str] = set()
    for chunk in chunks(sorted(numbers)):
        found |= set(db.execute(select(naming.c.change).where(naming.c.task.in_(chunk))).scalars())
    return found


def _reverts(db: Connection, keys: Iterable[str]) -> set[str]:
    """What takes back one of these changes, and what takes that back, by their public numbers.

    Reverts that only their text gives away count where they name a task of the view: of others
    we learn by chance, and whether somebody joined must not decide.
    """
    found: set[str] = set()
    targets = set(keys)
    while targets:
        more: set[str] = set()
        for chunk in chunks(sorted(targets)):
            query = select(change.c.key).where(change.c.reverts.in_(chunk))
            more |= set(db.execute(query).scalars())
        targets = more - found
        found |= more
    return found


def _changes(db: Connection, keys: set[str], shared: set[int], mine: set[int]) -> list[Change]:
    named = _named(db, keys)
    authors = _authors(db, keys, shared, mine)
    found = []
    for chunk in chunks(sorted(keys)):
        for row in db.execute(select(change).where(change.c.key.in_(chunk))):
            found.append(_change(row, authors[row.key], tuple(named.get(row.key, ()))))
    return sorted(found, key=lambda one: (one.merged, one.project, one.number))


def _authors(
    db: Connection, keys: set[str], shared: set[int], mine: set[int]
) -> Mapping[str, tuple[str, ...]]:
    """The authors of each change: ``ME``, and a name for each other that means them throughout.

    An ordinal counts within one work only; a change that names two works tells which two ordinals
    are the same person. So works joined by changes are numbered together.
    """
    slots: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    holders: dict[tuple[str, int], int | None] = {}
    for chunk in chunks(sorted(keys)):
        for row in db.execute(select(authorship).where(authorship.c.change.in_(chunk))):
            holders[row.change, row.slot] = row.account
            if row.task in shared:
                slots[row.change, row.slot].append((row.task, row.ordinal))
    groups = _Groups()
    for ordinals in slots.values():
        groups.join(ordinals)
    found: dict[str, list[str]] = defaultdict(list)
    for place in sorted(holders):
        key, slot = place
        if holders[place] in mine:
            found[key].append(ME)
        elif place in slots:
            number, ordinal = groups.least(slots[place][0])
            found[key].append(f"{OTHER}{number}.{ordinal}")
        else:
            found[key].append(f"{OTHER}{slot}")
    return {key: tuple(dict.fromkeys(names)) for key, names in found.items()}


class _Groups:
    """Which ordinals of which works mean the same person; each group answers by its least one."""

    def __init__(self) -> None:
        self._above: dict[tuple[int, int], tuple[int, int]] = {}

    def least(self, one: tuple[int, int]) -> tuple[int, int]:
        """The least ordinal of the group of *one*."""
        while (above := self._above.get(one, one)) != one:
            one = above
        return one

    def join(self, ordinals: Iterable[tuple[int, int]]) -> None:
        """All of *ordinals* are one person."""
        tops = sorted({self.least(one) for one in ordinals})
        for top in tops:
            self._above[top] = tops[0]


def _tasks(db: Connection, numbers: Iterable[int]) -> Mapping[int, Task]:
    found = {}
    for chunk in chunks(sorted(numbers)):
        for row in db.execute(select(task).where(task.c.number.in_(chunk))):
            found[row.number] = _task(row)
    return found


def _change(row: Row[Any], authors: tuple[str, ...], tasks: tuple[int, ...]) -> Change:
    return Change(
        project=row.project,
        number=row.number,
        merged=datetime.fromtimestamp(row.merged, UTC),
        authors=authors,
        tasks=tasks,
        files=tuple(File(path, i, d, bool(moved)) for path, i, d, moved in json.loads(row.files)),
        files_count=row.files_count,
        inserted=row.inserted,
        deleted=row.deleted,
        change_id=row.change_id,
        commit=row.commit,
        branch=row.branch,
        topic=row.topic,
        subject=row.subject,
        reverts=row.reverts,
        is_bot=row.is_bot,
        is_translation=row.is_translation,
        rounds=row.rounds,
    )


def _task(row: Row[Any]) -> Task:
    return Task(
        number=row.number,
        status=row.status,
        public=True,
        priority=row.priority,
        subtype=row.subtype,
        points=row.points,
        subscribers=row.subscribers,
        tokens=row.tokens,
        duplicates=row.duplicates,
        wish_votes=row.wish_votes,
        created=date.fromisoformat(row.created) if row.created else None,
        closed=date.fromisoformat(row.closed) if row.closed else None,
        projects=tuple(json.loads(row.projects)),
        umbrella=row.umbrella,
        duplicate_of=row.duplicate_of,
    )
