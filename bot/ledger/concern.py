"""Which tasks concern somebody: their own, what these were merged with, and the wishes behind them.

Pure: from what Phabricator and the wishlists say of tasks, and from the tasks somebody has a part in.
The same function says what the ledger keeps (for everybody together) and what one person's view holds;
so nobody's view depends on who else joined.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, select

from bot.ledger.tables import kin, task, wish
from scoring.rules import RULES

MOST_CHILDREN = RULES.umbrella_subtasks
"""A task with more subtasks gathers them, whatever they are: none of them is looked at."""
CHAIN = 20
"""Longer chains of duplicates were never seen."""

NONE = frozenset[int]()


@dataclass(frozen=True, slots=True)
class Kinship:
    """What is known of how tasks hang together. ``wishes`` are the tasks behind each granted wish.

    ``wished`` are, for each of those tasks, the wishes behind which it stands.
    """

    children: Mapping[int, frozenset[int]] = field(default_factory=dict)
    into: Mapping[int, int] = field(default_factory=dict)
    """For a task merged into another, that one."""
    merged: Mapping[int, frozenset[int]] = field(default_factory=dict)
    """For a task, those merged into it."""
    wishes: Mapping[str, frozenset[int]] = field(default_factory=dict)
    wished: Mapping[int, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Concern:
    """The tasks that concern somebody.

    ``works`` are those whose changes count for them; ``kids`` those of which only matters whether
    they have changes of their own; ``wishes`` the keys of the granted wishes they have a part in.
    """

    works: frozenset[int]
    kids: frozenset[int]
    wishes: frozenset[str]


def concern_of(own: Iterable[int], known: Kinship) -> Concern:
    """What concerns somebody with a part in the tasks *own*."""
    mine = frozenset(own)
    works = same(mine, known)
    kids = {child for one in works for child in _few(one, known)}
    wishes = frozenset(key for one in works for key in known.wished.get(one, ()))
    works = works.union(*(known.wishes[key] for key in wishes))
    return Concern(works, frozenset(kids) - works, wishes)


def behind_wish(tasks: Iterable[int], known: Kinship) -> frozenset[int]:
    """The tasks of a wish, their subtasks, and what these were merged with."""
    named = same(tasks, known)
    return same(named | {child for one in named for child in _few(one, known)}, known)


def same(tasks: Iterable[int], known: Kinship) -> frozenset[int]:
    """*tasks* with all that were merged into them, or they into; circles included."""
    found: set[int] = set()
    waiting = set(tasks)
    for _ in range(CHAIN):
        if not waiting:
            break
        found |= waiting
        further = {known.into[one] for one in waiting if one in known.into}
        further |= {other for one in waiting for other in known.merged.get(one, NONE)}
        waiting = further - found
    return frozenset(found)


def _few(number: int, known: Kinship) -> frozenset[int]:
    children = known.children.get(number, NONE)
    return children if len(children) <= MOST_CHILDREN else NONE


def told_kinship(db: Connection, same_as: Iterable[tuple[int, int]] = ()) -> Kinship:
    """What Phabricator tells of how tasks hang together, and that some are the *same_as* others."""
    ties: dict[str, dict[int, set[int]]] = {"subtask": {}, "merged": {}}
    for one, other, kind in db.execute(select(kin.c.task, kin.c.other, kin.c.kind)):
        ties[kind].setdefault(one, set()).add(other)
    merged_into = select(task.c.number, task.c.duplicate_of).where(task.c.duplicate_of.is_not(None))
    granted: dict[str, tuple[int, ...]] = {}
    query = select(wish.c.key, wish.c.tasks).where(wish.c.status.in_(sorted(RULES.granted)))
    for key, tasks in db.execute(query):
        granted[key] = granted.get(key, ()) + numbers(tasks)
    into = {row.number: row.duplicate_of for row in db.execute(merged_into)}
    for one, other in same_as:
        into[one] = other
        ties["merged"].setdefault(other, set()).add(one)
    known = Kinship(
        {one: frozenset(others) for one, others in ties["subtask"].items()},
        into,
        {one: frozenset(others) for one, others in ties["merged"].items()},
    )
    return with_wishes(known, granted)


def with_wishes(known: Kinship, granted: Mapping[str, Iterable[int]]) -> Kinship:
    """*known*, and the tasks behind each *granted* wish, by its key."""
    wishes = {key: behind_wish(tasks, known) for key, tasks in granted.items()}
    wished: dict[int, set[str]] = {}
    for key, tasks in wishes.items():
        for one in tasks:
            wished.setdefault(one, set()).add(key)
    return replace(
        known, wishes=wishes, wished={one: frozenset(keys) for one, keys in wished.items()}
    )


def numbers(text: str) -> tuple[int, ...]:
    """Read the numbers of tasks as the ledger keeps them: ``12 13``."""
    return tuple(int(one) for one in text.split())
