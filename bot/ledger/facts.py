"""Changes, kept so that nobody who did not join can be found in them.

An author is an account of ours or nobody: beside a shared change stands an ordinal, "the second
of this work", and no name, no account id, no address. Ordinals are counted over all authors of a
work at one source in the order of their first merge, joined or not; so nobody's joining or leaving
moves them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update

from bot.ledger.concern import concern_of
from bot.ledger.reverts import known_among, taking_back
from bot.ledger.rows import LONGEST, change_row
from bot.ledger.rulings import kinship
from bot.ledger.store import Store, chunks, repeating
from bot.ledger.tables import account, authorship, change, held, naming, review
from bot.ledger.tasks import own_changes, own_tasks, sweep_tasks
from scoring.model import Change

WITH_CHANGE = 0
"""The "task" under which a change's authors stand by themselves."""


@repeating
class Facts:
    """The facts in the ledger. Storing the same thing twice is the same as storing it once."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def store_changes(self, source: str, changes: Iterable[Change]) -> None:
        """Keep *changes* as they are now; authors in them are account keys of *source*."""
        with self._store.transaction() as db:
            ours = _accounts(db, source)
            for chunk in chunks(_once(changes)):
                _store_rows(db, source, chunk, ours)
                _store_namings(db, chunk)
                rows = [
                    {
                        "change": one.key,
                        "task": WITH_CHANGE,
                        "slot": n,
                        "ordinal": n,
                        "account": ours.get(key),
                    }
                    for one in chunk
                    for n, key in enumerate(one.authors, 1)
                ]
                _replace_authors(db, [one.key for one in chunk], WITH_CHANGE, rows)

    def store_works(self, source: str, tasks: Iterable[int], changes: Iterable[Change]) -> None:
        """Keep all changes of *tasks* at *source* as a set: others' that are no longer in it go."""
        found = _once(changes)
        members: dict[int, list[Change]] = {number: [] for number in sorted(set(tasks))}
        for one in found:
            for number in (set(one.tasks) - set(one.aside)) & members.keys():
                members[number].append(one)
        self.store_changes(source, found)
        with self._store.transaction() as db:
            ours = _accounts(db, source)
            for chunk in chunks(members):
                named = _named_at(db, source, chunk)
                _drop_strangers(db, named, {number: members[number] for number in chunk})
                of_works = [{"of": task, "by": key} for task, key in sorted(named)]
                _delete(db, authorship, of_works)
                _insert(db, authorship, _authors_of(chunk, members, ours))
                db.execute(delete(held).where(held.c.task.in_(chunk), held.c.source == source))
                _insert(db, held, [{"task": number, "source": source} for number in chunk])

    def release(self, source: str, tasks: Iterable[int]) -> None:
        """The changes of these tasks at *source* have to be read as sets again."""
        with self._store.transaction() as db:
            for chunk in chunks(sorted(set(tasks))):
                db.execute(delete(held).where(held.c.task.in_(chunk), held.c.source == source))

    def store_reviews(self, source: str, changes: Iterable[Change]) -> None:
        """Keep which of *changes* our accounts voted on: a key and a day, and nothing of the change."""
        with self._store.transaction() as db:
            ours = _accounts(db, source)
            found = {
                (one.key, ours[key]): int(one.merged.timestamp())
                for one in changes
                if not one.is_bot
                for key in one.reviewers
                if key in ours and key not in one.authors
            }
            for (key, reviewer), merged in sorted(found.items()):
                same = (review.c.change == key) & (review.c.account == reviewer)
                db.execute(delete(review).where(same))
                db.execute(insert(review).values(change=key, account=reviewer, merged=merged))

    def shared_tasks(self) -> set[int]:
        """The tasks whose changes we keep, whoever made them."""
        with self._store.transaction() as db:
            return _shared(db)

    def keys(self, source: str = "") -> set[str]:
        """The keys of all known changes, or of those of one source."""
        query = select(change.c.key)
        if source:
            query = query.where(change.c.source == source)
        with self._store.transaction() as db:
            return set(db.execute(query).scalars())

    def members(self, source: str, tasks: Iterable[int]) -> set[str]:
        """The keys of the changes of *source* that name one of *tasks*."""
        with self._store.transaction() as db:
            return {
                key
                for chunk in chunks(sorted(set(tasks)))
                for _, key in _named_at(db, source, chunk)
            }

    def known_among(self, names: Iterable[str]) -> set[str]:
        """Those of *names* by which a revert may call one of the changes that we know."""
        with self._store.transaction() as db:
            return known_among(db, names)

    def drop(self, keys: Iterable[str]) -> None:
        """Forget changes that are no more: taken back, hidden or deleted where they were made."""
        with self._store.transaction() as db:
            _drop(db, keys)

    def news(self, changes: Iterable[Change]) -> list[Change]:
        """Those of *changes* that are not stored exactly so: a feed repeats what it said lately."""
        given = _once(changes)
        with self._store.transaction() as db:
            same = set()
            for chunk in chunks(given):
                keys = [one.key for one in chunk]
                rows = db.execute(
                    select(change.c.key, change.c.commit, change.c.merged).where(
                        change.c.key.in_(keys)
                    )
                )
                stored = {tuple(row) for row in rows}
                facts = {
                    one.key: (one.key, one.commit, int(one.merged.timestamp())) for one in chunk
                }
                same |= {key for key, fact in facts.items() if fact in stored}
        return [one for one in given if one.key not in same]

    def unheld_works(self, source: str) -> set[int]:
        """Shared tasks whose changes at *source* were never read as a set."""
        with self._store.transaction() as db:
            read = select(held.c.task).where(held.c.source == source)
            return _shared(db) - set(db.execute(read).scalars())

    def sweep(self) -> None:
        """Drop what nobody who joined has a part in, and words of changes that are no longer theirs."""
        with self._store.transaction() as db:
            shared = _shared(db)
            gone = set(db.execute(select(change.c.key)).scalars()) - _kept_changes(db, shared)
            _drop(db, gone)
            unshared = set(db.execute(select(held.c.task)).scalars()) - shared
            for chunk in chunks(sorted(unshared)):
                db.execute(delete(held).where(held.c.task.in_(chunk)))
            sweep_tasks(db)
            strangers = change.c.key.not_in(own_changes())
            db.execute(update(change).where(strangers).values(subject="", topic=""))


def _once(changes: Iterable[Change]) -> list[Change]:
    found = {one.key: one for one in changes}
    return [one for key, one in found.items() if len(key) <= LONGEST]  # A column's width.


def _accounts(db: Connection, source: str) -> Mapping[str, int]:
    rows = db.execute(select(account.c.key, account.c.id).where(account.c.source == source))
    return {row.key: row.id for row in rows}


def _drop(db: Connection, keys: Iterable[str]) -> None:
    for chunk in chunks(sorted(keys)):
        db.execute(delete(naming).where(naming.c.change.in_(chunk)))
        db.execute(delete(authorship).where(authorship.c.change.in_(chunk)))
        db.execute(delete(change).where(change.c.key.in_(chunk)))


def _shared(db: Connection) -> set[int]:
    concern = concern_of(own_tasks(db), kinship(db))
    return {*concern.works, *concern.kids}


def _kept_changes(db: Connection, shared: set[int]) -> set[str]:
    """People's own changes, all changes of their tasks, and whatever takes one of these back."""
    kept = set(db.execute(own_changes()).scalars())
    for chunk in chunks(sorted(shared)):
        named = naming.c.task.in_(chunk) & ~naming.c.aside
        kept |= set(db.execute(select(naming.c.change).where(named)).scalars())
    return kept | taking_back(db, kept)


def _store_rows(
    db: Connection, source: str, changes: Sequence[Change], ours: Mapping[str, int]
) -> None:
    rows = [
        change_row(one, source, mine=any(key in ours for key in one.authors)) for one in changes
    ]
    keys = [row["key"] for row in rows]
    there = set(db.execute(select(change.c.key).where(change.c.key.in_(keys))).scalars())
    fresh = [row for row in rows if row["key"] not in there]
    if fresh:
        db.execute(insert(change), fresh)
    if there:
        old = [
            {f"new_{name}": value for name, value in row.items()}
            for row in rows
            if row["key"] in there
        ]
        values: dict[str, Any] = {
            name: bindparam(f"new_{name}") for name in rows[0] if name != "key"
        }
        db.execute(update(change).where(change.c.key == bindparam("new_key")).values(values), old)


def _store_namings(db: Connection, changes: Sequence[Change]) -> None:
    db.execute(delete(naming).where(naming.c.change.in_([one.key for one in changes])))
    rows = [
        {"change": one.key, "task": number, "position": position, "aside": number in one.aside}
        for one in changes
        for position, number in enumerate(dict.fromkeys(one.tasks))
    ]
    _insert(db, naming, rows)


def _replace_authors(
    db: Connection, keys: list[str], number: int, rows: list[dict[str, Any]]
) -> None:
    db.execute(delete(authorship).where(authorship.c.change.in_(keys), authorship.c.task == number))
    _insert(db, authorship, rows)


def _insert(db: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    for chunk in chunks(rows):
        db.execute(insert(table), list(chunk))


def _delete(db: Connection, table: Table, pairs: Sequence[Mapping[str, Any]]) -> None:
    """Delete the rows of these pairs of a task (*of*) and a change (*by*)."""
    one = (table.c.task == bindparam("of")) & (table.c.change == bindparam("by"))
    for chunk in chunks(pairs):
        db.execute(delete(table).where(one), list(chunk))


def _named_at(db: Connection, source: str, tasks: Sequence[int]) -> set[tuple[int, str]]:
    """Which of these tasks are named by which changes of *source*, where a search looks."""
    shown = naming.c.task.in_(tasks) & ~naming.c.aside
    query = select(naming.c.task, naming.c.change).where(shown)
    named = {(task, key) for task, key in db.execute(query)}
    there: set[str] = set()
    for chunk in chunks(sorted({key for _, key in named})):
        of_source = change.c.key.in_(chunk) & (change.c.source == source)
        there |= set(db.execute(select(change.c.key).where(of_source)).scalars())
    return {(task, key) for task, key in named if key in there}


def _drop_strangers(
    db: Connection, named: set[tuple[int, str]], members: Mapping[int, Sequence[Change]]
) -> None:
    """Unlink changes that no longer name these tasks, if no account of ours made them."""
    lost = named - {(task, one.key) for task, found in members.items() for one in found}
    own: set[str] = set()
    for chunk in chunks(sorted({key for _, key in lost})):
        ours = authorship.c.change.in_(chunk) & authorship.c.account.is_not(None)
        own |= set(db.execute(select(authorship.c.change).where(ours)).scalars())
    gone = [{"of": task, "by": key} for task, key in sorted(lost) if key not in own]
    _delete(db, naming, gone)


def _authors_of(
    tasks: Iterable[int], members: Mapping[int, Sequence[Change]], ours: Mapping[str, int]
) -> list[dict[str, Any]]:
    return [row for number in tasks for row in _authors_in_order(number, members[number], ours)]


def _authors_in_order(
    number: int, members: Sequence[Change], ours: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Ordinals of a work's authors by their first merge; account keys are used here and not kept."""
    ordinals: dict[str, int] = {}
    rows = []
    for one in sorted(members, key=lambda one: (one.merged, one.project, one.number)):
        for slot, key in enumerate(one.authors, 1):
            rows.append(
                {
                    "change": one.key,
                    "task": number,
                    "slot": slot,
                    "ordinal": ordinals.setdefault(key, len(ordinals) + 1),
                    "account": ours.get(key),
                }
            )
    return rows
