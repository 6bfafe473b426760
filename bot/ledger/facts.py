"""Changes and tasks, kept so that nobody who did not join can be found in them.

An author is an account of ours or nobody: beside a shared change stands an ordinal, "the second
of this work", and no name, no account id, no address. Ordinals are counted over all authors of a
work in the order of their first merge, joined or not; so nobody's joining or leaving moves them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, union, update

from bot.ledger.store import Store, chunks
from bot.ledger.tables import account, authorship, change, held, naming, task, withheld
from scoring.model import Change, Task
from sources.port import FoundTask

LONGEST = 255
"""Characters that a column takes. What is longer is nobody's honest topic or branch."""
_BRANCH_OF_SOMEBODY = re.compile(r"^(sandbox|user|users|private|personal|dev|wip)/.*", re.I | re.S)
WITH_CHANGE = 0
"""The "task" under which a change's authors stand by themselves."""


class Facts:
    """The facts in the ledger. Storing the same thing twice is the same as storing it once."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def store_changes(self, source: str, changes: Iterable[Change]) -> None:
        """Keep *changes* as they are now; authors in them are account keys of *source*."""
        with self._store.transaction() as db:
            ours = _accounts(db, source)
            for chunk in chunks(_once(changes)):
                _store_rows(db, chunk, ours)
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
        """Keep all changes of *tasks* as a set: others' changes that are no longer in it go."""
        found = list(_once(changes))
        self.store_changes(source, found)
        with self._store.transaction() as db:
            ours = _accounts(db, source)
            for number in sorted(set(tasks)):
                members = [one for one in found if number in one.tasks]
                _drop_strangers(db, number, {one.key for one in members})
                db.execute(delete(authorship).where(authorship.c.task == number))
                rows = _authors_in_order(number, members, ours)
                for chunk in chunks(rows):
                    db.execute(insert(authorship), list(chunk))
                db.execute(delete(held).where(held.c.task == number))
                db.execute(insert(held).values(task=number))

    def store_tasks(self, source: str, found: Iterable[FoundTask]) -> None:
        """Keep tasks; of one that may not be shown nothing is kept but that it was asked for."""
        with self._store.transaction() as db:
            ours = _accounts(db, source)
            for one in found:
                db.execute(delete(task).where(task.c.number == one.number))
                db.execute(delete(withheld).where(withheld.c.task == one.number))
                if one.task is None or not one.task.public:
                    db.execute(insert(withheld).values(task=one.number))
                else:
                    db.execute(insert(task).values(_task_row(one.task, ours.get(one.owner or ""))))

    def shared_tasks(self) -> set[int]:
        """The tasks that people who joined have a part in: named by their changes, or their own."""
        with self._store.transaction() as db:
            return set(db.execute(_shared_tasks()).scalars())

    def unknown_tasks(self) -> set[int]:
        """Shared tasks of which Phabricator has not yet been asked."""
        with self._store.transaction() as db:
            asked = union(select(task.c.number), select(withheld.c.task))
            return set(db.execute(_shared_tasks()).scalars()) - set(db.execute(asked).scalars())

    def shown_tasks(self) -> set[int]:
        """The tasks that are known and may be shown."""
        with self._store.transaction() as db:
            return set(db.execute(select(task.c.number)).scalars())

    def keys(self) -> set[str]:
        """The keys of all known changes."""
        with self._store.transaction() as db:
            return set(db.execute(select(change.c.key)).scalars())

    def news(self, changes: Iterable[Change]) -> list[Change]:
        """Those of *changes* that are not stored exactly so: a feed repeats what it said lately."""
        given = list(_once(changes))
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

    def unheld_works(self) -> set[int]:
        """Shared tasks whose changes were never read as a set."""
        with self._store.transaction() as db:
            read = set(db.execute(select(held.c.task)).scalars())
            return set(db.execute(_shared_tasks()).scalars()) - read

    def sweep(self) -> None:
        """Drop what nobody who joined has a part in, and words of changes that are no longer theirs."""
        with self._store.transaction() as db:
            kept = _kept_changes(db)
            gone = set(db.execute(select(change.c.key)).scalars()) - kept
            for chunk in chunks(sorted(gone)):
                db.execute(delete(naming).where(naming.c.change.in_(chunk)))
                db.execute(delete(authorship).where(authorship.c.change.in_(chunk)))
                db.execute(delete(change).where(change.c.key.in_(chunk)))
            db.execute(delete(task).where(task.c.number.not_in(_shared_tasks())))
            db.execute(delete(held).where(held.c.task.not_in(_shared_tasks())))
            db.execute(delete(withheld).where(withheld.c.task.not_in(_shared_tasks())))
            strangers = change.c.key.not_in(_own_changes())
            db.execute(update(change).where(strangers).values(subject="", topic=""))


def _once(changes: Iterable[Change]) -> Iterable[Change]:
    return {one.key: one for one in changes}.values()


def _accounts(db: Connection, source: str) -> Mapping[str, int]:
    rows = db.execute(select(account.c.key, account.c.id).where(account.c.source == source))
    return {row.key: row.id for row in rows}


def _own_changes() -> Any:
    """Changes that somebody who joined has made."""
    return select(authorship.c.change).where(authorship.c.account.is_not(None))


def _shared_tasks() -> Any:
    named = select(naming.c.task).where(naming.c.change.in_(_own_changes()))
    return union(named, select(task.c.number).where(task.c.owner.is_not(None)))


def _kept_changes(db: Connection) -> set[str]:
    """People's own changes, all changes of their tasks, and whatever takes one of these back."""
    of_tasks = select(naming.c.change).where(naming.c.task.in_(_shared_tasks()))
    kept = set(db.execute(union(_own_changes(), of_tasks)).scalars())
    rows = db.execute(select(change.c.key, change.c.reverts).where(change.c.reverts != ""))
    reverts = [tuple(row) for row in rows]
    while True:
        more = {key for key, target in reverts if target in kept} - kept
        if not more:
            return kept
        kept |= more


def _store_rows(db: Connection, changes: Sequence[Change], ours: Mapping[str, int]) -> None:
    rows = [_change_row(one, mine=any(key in ours for key in one.authors)) for one in changes]
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
        {"change": one.key, "task": number, "position": position}
        for one in changes
        for position, number in enumerate(dict.fromkeys(one.tasks))
    ]
    for chunk in chunks(rows):
        db.execute(insert(naming), list(chunk))


def _replace_authors(
    db: Connection, keys: list[str], number: int, rows: list[dict[str, Any]]
) -> None:
    db.execute(delete(authorship).where(authorship.c.change.in_(keys), authorship.c.task == number))
    for chunk in chunks(rows):
        db.execute(insert(authorship), list(chunk))


def _drop_strangers(db: Connection, number: int, members: set[str]) -> None:
    """Unlink changes that no longer name the task, if no account of ours made them."""
    named = set(db.execute(select(naming.c.change).where(naming.c.task == number)).scalars())
    for chunk in chunks(sorted(named - members)):
        own = set(
            db.execute(
                select(authorship.c.change).where(
                    authorship.c.change.in_(chunk), authorship.c.account.is_not(None)
                )
            ).scalars()
        )
        strangers = [key for key in chunk if key not in own]
        db.execute(delete(naming).where(naming.c.task == number, naming.c.change.in_(strangers)))


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


def _change_row(one: Change, *, mine: bool) -> dict[str, Any]:
    files = [[f.path, f.inserted, f.deleted, int(f.renamed)] for f in one.files]
    return {
        "key": one.key,
        "project": one.project,
        "number": one.number,
        "merged": int(one.merged.timestamp()),
        "change_id": one.change_id[:LONGEST],
        "commit": one.commit[:LONGEST],
        # "sandbox/somebody/…": of such branches the first word is enough.
        "branch": _BRANCH_OF_SOMEBODY.sub(r"\1/…", one.branch)[:LONGEST],
        "topic": one.topic[:LONGEST] if mine else "",
        "subject": one.subject if mine else "",
        "reverts": one.reverts[:LONGEST],
        "is_bot": one.is_bot,
        "is_translation": one.is_translation,
        "rounds": one.rounds,
        "inserted": one.inserted,
        "deleted": one.deleted,
        "files_count": one.files_count,
        "files": json.dumps(files, ensure_ascii=False, separators=(",", ":")),
    }


def _task_row(one: Task, owner: int | None) -> dict[str, Any]:
    return {
        "number": one.number,
        "status": one.status[:LONGEST],
        "priority": one.priority[:LONGEST],
        "subtype": one.subtype[:LONGEST],
        "points": one.points,
        "subscribers": one.subscribers,
        "tokens": one.tokens,
        "duplicates": one.duplicates,
        "wish_votes": one.wish_votes,
        "created": one.created.isoformat() if one.created else None,
        "closed": one.closed.isoformat() if one.closed else None,
        "projects": json.dumps(one.projects),
        "umbrella": one.umbrella,
        "duplicate_of": one.duplicate_of,
        "owner": owner,
    }
