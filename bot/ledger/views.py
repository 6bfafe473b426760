"""The facts as one person sees them: their own part by name of ``ME``, everybody else as "other 1".

Whether somebody else joined makes no difference here. So their joining or leaving cannot change
a byte of this person's pages: what is computed from a view does not contain it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from sqlalchemy import Connection, func, select

from bot.ledger.background import ME, Background
from bot.ledger.concern import Concern, Kinship, concern_of
from bot.ledger.people import Person
from bot.ledger.reverts import taking_back
from bot.ledger.rows import change_of, task_of
from bot.ledger.rulings import kinship
from bot.ledger.store import Store, chunks, repeating
from bot.ledger.tables import account, authorship, change, naming, review, task, withheld
from scoring.model import OTHER, Change, Task, Wish

Ordinal = tuple[int, int, str]
"""A task, the number of an author among those of the task, and at which source."""


@dataclass(frozen=True, slots=True)
class View:
    """What one person has a part in. ``owned`` are the resolved tasks assigned to them.

    ``wishes`` are the granted ones behind which they stand, each with all its tasks and subtasks;
    ``reviews`` the days on which changes were merged that they voted on. ``unasked`` are the tasks of
    which Phabricator was not asked yet; they are among ``tasks`` as secret ones.
    """

    changes: tuple[Change, ...]
    tasks: tuple[Task, ...]
    owned: frozenset[int]
    wishes: tuple[Wish, ...] = ()
    reviews: tuple[date, ...] = ()
    unasked: frozenset[int] = frozenset()


@repeating
class Views:
    """Views of the facts, one person at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def kinship(self) -> Kinship:
        """How all tasks of the ledger hang together."""
        with self._store.transaction() as db:
            return kinship(db)

    def tasks_of(self, who: Person) -> set[int]:
        """The tasks that the person's own changes name."""
        with self._store.transaction() as db:
            mine = set(db.execute(select(account.c.id).where(account.c.person == who.id)).scalars())
            return {n for numbers in _named(db, _own(db, mine)).values() for n in numbers}

    def of(self, who: Person, background: Background) -> View:
        """The facts of *who*, in an order that does not depend on when they arrived."""
        known = background.kinship
        with self._store.transaction() as db:
            theirs = select(account.c.id).where(account.c.person == who.id)
            mine = set(db.execute(theirs).scalars()) - background.disputed
            owned = _owned(db, mine)
            own = _own(db, mine)
            named = _named(db, own)
            tasks = {n for numbers in named.values() for n in numbers}
            tasks |= background.reviews.tasks_done_by(who.user)
            concern = concern_of(owned | tasks, known)
            keys = own | _of_tasks(db, concern.works)
            keys |= taking_back(db, keys)
            changes = _changes(db, keys, concern.works, mine, own)
            shown = _tasks(db, concern, background)
            reviews = _reviews(db, mine, own)
            unasked = _unasked(db, concern.works - shown.keys())
        # A task that may not be shown (or of which Phabricator was not asked yet) earns nothing.
        secret = [Task(number, public=False) for number in concern.works - shown.keys()]
        return View(
            tuple(changes),
            tuple(sorted([*shown.values(), *secret], key=lambda one: one.number)),
            frozenset(owned),
            tuple(background.wishes_of(who.user, concern)),
            tuple(reviews),
            unasked,
        )


def _unasked(db: Connection, numbers: frozenset[int]) -> frozenset[int]:
    """Those of these tasks that are not known to be withheld."""
    asked: set[int] = set()
    for chunk in chunks(sorted(numbers)):
        query = select(withheld.c.task).where(withheld.c.task.in_(chunk))
        asked |= set(db.execute(query).scalars())
    return numbers - asked


def _owned(db: Connection, mine: Collection[int]) -> set[int]:
    # Only resolved ones: of others we learn by chance, and that must not change a page.
    theirs = task.c.owner.in_(mine) & (task.c.status == "resolved")
    return set(db.execute(select(task.c.number).where(theirs)).scalars())


def _own(db: Connection, mine: Collection[int]) -> set[str]:
    query = select(authorship.c.change).where(authorship.c.account.in_(mine))
    return set(db.execute(query).scalars())


def _reviews(db: Connection, mine: Collection[int], own: Collection[str]) -> list[date]:
    """The days of others' changes that the person voted on, by whichever account, each once."""
    rows = db.execute(select(review.c.change, review.c.merged).where(review.c.account.in_(mine)))
    found = {key: merged for key, merged in rows if key not in own}
    return sorted(datetime.fromtimestamp(merged, UTC).date() for merged in found.values())


def _named(
    db: Connection, keys: Iterable[str], own: Collection[str] | None = None
) -> Mapping[str, list[int]]:
    """The tasks that each of these changes names, in the change's own order.

    Of changes that are not among *own* (default: all are), those named aside are left out.
    """
    found: dict[str, list[int]] = defaultdict(list)
    for chunk in chunks(sorted(keys)):
        query = select(naming).where(naming.c.change.in_(chunk)).order_by(naming.c.position)
        for row in db.execute(query):
            if not row.aside or own is None or row.change in own:
                found[row.change].append(row.task)
    return found


def _of_tasks(db: Connection, numbers: Iterable[int]) -> set[str]:
    found: set[str] = set()
    for chunk in chunks(sorted(numbers)):
        named = naming.c.task.in_(chunk) & ~naming.c.aside
        found |= set(db.execute(select(naming.c.change).where(named)).scalars())
    return found


def _changes(
    db: Connection,
    keys: set[str],
    shared: Collection[int],
    mine: set[int],
    own: Collection[str],
) -> list[Change]:
    named = _named(db, keys, own)
    authors = _authors(db, keys, shared, mine)
    found = []
    for chunk in chunks(sorted(keys)):
        for row in db.execute(select(change).where(change.c.key.in_(chunk))):
            found.append(change_of(row, authors[row.key], tuple(named.get(row.key, ()))))
    return sorted(found, key=lambda one: (one.merged, one.project, one.number))


def _authors(
    db: Connection, keys: set[str], shared: Collection[int], mine: set[int]
) -> Mapping[str, tuple[str, ...]]:
    """The authors of each change: ``ME``, and a name for each other that means them throughout.

    An ordinal counts within one work at one source only; a change that names two works tells which
    two ordinals are the same person. So works joined by changes are numbered together.
    """
    slots: dict[tuple[str, int], list[Ordinal]] = defaultdict(list)
    holders: dict[tuple[str, int], int | None] = {}
    columns = (*authorship.c, change.c.source)
    query = select(*columns).join(change, change.c.key == authorship.c.change)
    for chunk in chunks(sorted(keys)):
        for row in db.execute(query.where(authorship.c.change.in_(chunk))):
            holders[row.change, row.slot] = row.account
            if row.task in shared:
                slots[row.change, row.slot].append((row.task, row.ordinal, row.source))
    groups = _Groups()
    for ordinals in slots.values():
        groups.join(ordinals)
    found: dict[str, list[str]] = defaultdict(list)
    for place in sorted(holders):
        key, slot = place
        if holders[place] in mine:
            found[key].append(ME)
        elif place in slots:
            number, ordinal, source = groups.least(slots[place][0])
            found[key].append(f"{OTHER}{number}.{ordinal}.{source}")
        else:
            found[key].append(f"{OTHER}{slot}")
    return {key: tuple(dict.fromkeys(names)) for key, names in found.items()}


class _Groups:
    """Which ordinals of which works mean the same person; each group answers by its least one."""

    def __init__(self) -> None:
        self._above: dict[Ordinal, Ordinal] = {}

    def least(self, one: Ordinal) -> Ordinal:
        """The least ordinal of the group of *one*."""
        while (above := self._above.get(one, one)) != one:
            one = above
        return one

    def join(self, ordinals: Iterable[Ordinal]) -> None:
        """All of *ordinals* are one person."""
        tops = sorted({self.least(one) for one in ordinals})
        for top in tops:
            self._above[top] = tops[0]


def _tasks(db: Connection, concern: Concern, background: Background) -> Mapping[int, Task]:
    busy = _first_changes(db, concern.kids | concern.works)
    found = {}
    for chunk in chunks(sorted(concern.works)):
        for row in db.execute(select(task).where(task.c.number.in_(chunk))):
            number = row.number
            children = background.kinship.children.get(number, frozenset())
            closed = row.closed or "9999"
            early = any(busy.get(child, closed) < closed for child in children)
            one = task_of(row, children, umbrella=early)
            wanted = number in background.in_news
            found[number] = replace(one, wish_votes=background.votes.get(number), in_news=wanted)
    return found


def _first_changes(db: Connection, numbers: Iterable[int]) -> Mapping[int, str]:
    """For those of these tasks that have changes made by humans and looked at by others: the day of the first."""
    first = func.min(change.c.merged)
    query = select(naming.c.task, first).join(change, change.c.key == naming.c.change)
    found: dict[int, str] = {}
    for chunk in chunks(sorted(numbers)):
        # Anybody can make a subtask, and merge one line for it into a repository of their own.
        looked_at = change.c.reviewed.is_(None) | change.c.reviewed
        named = naming.c.task.in_(chunk) & ~naming.c.aside & ~change.c.is_bot & looked_at
        for number, merged in db.execute(query.where(named).group_by(naming.c.task)):
            found[number] = datetime.fromtimestamp(merged, UTC).date().isoformat()
    return found
