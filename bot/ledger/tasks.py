"""Tasks as far as somebody who joined has a part in them, or a granted wish names them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, union

from bot.ledger.concern import concern_of
from bot.ledger.rows import task_row
from bot.ledger.rulings import confirmed, kinship, sweep_rulings
from bot.ledger.store import Store, chunks, repeating
from bot.ledger.tables import account, authorship, kin, naming, task, withheld
from scoring.model import Task
from sources.port import FoundTask


@repeating
class Tasks:
    """The tasks in the ledger. Storing the same thing twice is the same as storing it once."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def store(self, source: str, found: Iterable[FoundTask]) -> None:
        """Keep tasks; of one that may not be shown nothing is kept but that it was asked for."""
        with self._store.transaction() as db:
            rows = db.execute(select(account.c.key, account.c.id).where(account.c.source == source))
            ours = {row.key: row.id for row in rows}
            for one in found:
                before = db.execute(select(task).where(task.c.number == one.number)).first()
                db.execute(delete(task).where(task.c.number == one.number))
                db.execute(delete(withheld).where(withheld.c.task == one.number))
                if one.task is None or not one.task.public:
                    _forget_kin(db, one.number)
                    db.execute(insert(withheld).values(task=one.number))
                else:
                    row = task_row(one.task, one, ours)
                    db.execute(insert(task).values(row | _still_known(row, before)))
                    if one.task.duplicates is not None or before is None:
                        _forget_kin(db, one.number)
                        _store_kin(db, one.task)

    def known(self) -> set[int]:
        """The tasks whose rows we keep, because they concern somebody or a granted wish names them."""
        with self._store.transaction() as db:
            return _wanted(db)

    def unknown(self) -> set[int]:
        """Those of them of which Phabricator has not yet been asked."""
        with self._store.transaction() as db:
            asked = union(select(task.c.number), select(withheld.c.task))
            return _wanted(db) - set(db.execute(asked).scalars())

    def shown(self) -> set[int]:
        """The tasks that are known and may be shown."""
        with self._store.transaction() as db:
            return set(db.execute(select(task.c.number)).scalars())


def own_changes() -> Any:
    """Changes that somebody who joined has made."""
    return select(authorship.c.change).where(authorship.c.account.is_not(None))


def own_tasks(db: Connection) -> set[int]:
    """The tasks that people who joined have a part in.

    Named by their changes, assigned to them, or by a reviewer's word done by them.
    """
    named = select(naming.c.task).where(naming.c.change.in_(own_changes()))
    assigned = select(task.c.number).where(task.c.owner.is_not(None))
    return set(db.execute(union(named, assigned)).scalars()) | confirmed(db)


def sweep_tasks(db: Connection) -> None:
    """Drop tasks that concern nobody any more, and what they told of others; and who left reviews."""
    sweep_rulings(db)
    wanted = _wanted(db)
    for table, column in ((task, task.c.number), (withheld, withheld.c.task)):
        gone = set(db.execute(select(column)).scalars()) - wanted
        for chunk in chunks(sorted(gone)):
            db.execute(delete(table).where(column.in_(chunk)))
            for number in chunk:
                _forget_kin(db, number)


def _still_known(row: Mapping[str, Any], before: Row[Any] | None) -> dict[str, Any]:
    """What was told before and is not told today: an answer that is missing takes nothing away."""
    if before is None:
        return {}
    kept = ["tokens", "duplicates"]
    if row["status"] == "duplicate":
        kept.append("duplicate_of")
    return {name: getattr(before, name) for name in kept if row[name] is None}


def _wanted(db: Connection) -> set[int]:
    known = kinship(db)
    wanted = set(concern_of(own_tasks(db), known).works)
    return wanted.union(*known.wishes.values())


def _forget_kin(db: Connection, number: int) -> None:
    db.execute(delete(kin).where(kin.c.task == number))


def _store_kin(db: Connection, one: Task) -> None:
    # Only what a task says of itself: what another says of it depends on which others we know.
    ties = {(child, "subtask") for child in one.subtasks}
    ties |= {(other, "merged") for other in one.merged}
    rows = [{"task": one.number, "other": other, "kind": kind} for other, kind in sorted(ties)]
    for chunk in chunks(rows):
        db.execute(insert(kin), list(chunk))
