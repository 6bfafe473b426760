"""Wishes of the wishlists: public, and nobody's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Row, delete, insert, select

from bot.ledger.concern import numbers
from bot.ledger.store import Store, repeating
from bot.ledger.tables import wish
from scoring.model import Wish
from scoring.rules import RULES

LONGEST = 255


@dataclass(frozen=True, slots=True)
class Credited:
    """A wish as a reviewer accepted it: whom it names, and who the reviewer is, by ids on this wiki.

    ``people`` are those among the named who have an account here, ``others`` counts the rest.
    """

    wish: Wish
    people: tuple[int, ...] = ()
    others: int = 0
    reviewer: int | None = None


@repeating
class Wishes:
    """The wishes in the ledger."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def store(self, source: str, found: Iterable[Credited], *, whole: bool = False) -> None:
        """Keep wishes of *source*; if they are the *whole* list, what is not among them goes.

        A grant is a fact: while its status stands, the day once seen stays, whoever asks again.
        """
        with self._store.transaction() as db:
            before = {
                row.key: row for row in db.execute(select(wish).where(wish.c.source == source))
            }
            seen = set()
            for one in found:
                if one.wish.key not in seen:  # Two lines of a table may claim one key: the first.
                    seen.add(one.wish.key)
                    values = _values(source, one, before.get(one.wish.key))
                    same = (wish.c.source == source) & (wish.c.key == one.wish.key)
                    db.execute(delete(wish).where(same))
                    db.execute(insert(wish).values(values))
            for key in (before.keys() - seen) if whole else ():
                db.execute(delete(wish).where(wish.c.source == source, wish.c.key == key))

    def keys(self, source: str) -> set[str]:
        """The keys of all wishes of one source."""
        with self._store.transaction() as db:
            return set(db.execute(select(wish.c.key).where(wish.c.source == source)).scalars())

    def all(self) -> list[Credited]:
        """Every wish, by key; of one that two sources tell of, all that both say."""
        with self._store.transaction() as db:
            found: dict[str, Credited] = {}
            for row in db.execute(select(wish).order_by(wish.c.key, wish.c.source)):
                one = _credited(row)
                before = found.get(row.key)
                found[row.key] = one if before is None else _both(before, one)
            return list(found.values())


def _both(one: Credited, other: Credited) -> Credited:
    """One wish out of two tellings: that of the wishlist itself, and an accepted row about it.

    Where the wishlist says that it was granted, the row only adds who did it: nobody is named in a
    row that they accepted themselves. Else the row, which a reviewer accepted, is what granted it.
    """
    row, told = (one, other) if one.reviewer is not None else (other, one)
    if told.wish.status in RULES.granted:
        return replace(told, people=row.people, others=row.others)
    tasks = tuple(dict.fromkeys(row.wish.tasks + told.wish.tasks))
    return replace(row, wish=replace(row.wish, tasks=tasks, votes=told.wish.votes))


def _values(source: str, one: Credited, before: Row[Any] | None) -> dict[str, Any]:
    day = one.wish.granted
    status = one.wish.status
    if before is not None and before.status in RULES.granted and before.granted:
        # It was shown who granted it. That the log is out of reach today does not undo it.
        status = before.status if status == "claimed" else status
        same = status == before.status and day is None
        day = date.fromisoformat(before.granted) if same else day
    return {
        "key": one.wish.key[:LONGEST],
        "source": source,
        "list": one.wish.list[:LONGEST],
        "title": one.wish.title,
        "status": status[:LONGEST],
        "votes": one.wish.votes,
        "granted": day.isoformat() if day else None,
        "tasks": " ".join(map(str, one.wish.tasks)),
        "by": " ".join(map(str, (one.others, *one.people))),
        "reviewer": one.reviewer,
    }


def _credited(row: Row[Any]) -> Credited:
    others, *people = numbers(row.by)
    found = Wish(
        key=row.key,
        status=row.status,
        tasks=numbers(row.tasks),
        granted=date.fromisoformat(row.granted) if row.granted else None,
        votes=row.votes,
        title=row.title,
        list=row.list,
    )
    return Credited(found, tuple(people), others, row.reviewer)
