"""Reviews of works as the pages of reviews have them, by ids alone; and what became of each.

Who accepted a review and has a part in the work did not accept it: that is judged by the facts that
are here now. So an acceptance ends when its reviewer joins and turns out to share in the work. That is
remembered: it does not begin again when they leave.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from bot.ledger.concern import Kinship, numbers, same, told_kinship
from bot.ledger.store import Store, chunks, repeating
from bot.ledger.tables import account, authorship, claimant, naming, person, recusal, ruling, task

PENDING = "pending"
ACCEPTED = "accepted"
NOT_ACCEPTED = "not-accepted"
"""It says that it is accepted, and no trusted reviewer's edit made it say so."""
OWN = "own"
"""All who accepted it are named in it, or have a part in the work."""
TOO_EARLY = "too-early"
"""It gives a badge on a day that is still to come."""
SUPERSEDED = "superseded"
"""A later one of its kind stands."""


@dataclass(frozen=True, slots=True)
class KeptReview:
    """One review: its ``kind``, ``work`` and ``value`` as in ``wikitext.reviews.ReviewRow``.

    ``revision`` brought its exact words; ``state`` is what its page alone tells. ``people`` are the
    ids on this wiki of those it names who joined, ``others`` counts the rest; both only once it is
    accepted. ``day`` and ``evidence`` are those of a badge given to somebody who joined.
    ``reviewers`` accepted it, and are not named by it.
    """

    page: int
    line: int
    revision: int
    kind: str
    work: str
    value: str
    state: str
    people: tuple[int, ...] = ()
    others: int = 0
    reviewers: tuple[int, ...] = ()
    day: date | None = None
    evidence: str = ""

    @property
    def works(self) -> frozenset[str]:
        """The keys of the works it speaks of."""
        second = self.value if self.kind in ("same", "harder-than") else ""
        return frozenset({self.work, second} - {""})


@dataclass(frozen=True, slots=True)
class JudgedReview:
    """A review, and what became of it."""

    review: KeptReview
    state: str


@dataclass(frozen=True, slots=True)
class Reviewed:
    """All reviews, ordered for reading: by the key of their work ("" for badges), the oldest first.

    ``accepted`` are those that count. Anybody can write any number of the others.
    """

    by_work: Mapping[str, tuple[JudgedReview, ...]] = field(default_factory=dict)
    accepted: tuple[KeptReview, ...] = ()

    def saying(self, *kinds: str) -> Iterator[KeptReview]:
        """Those of these kinds that count."""
        return (one for one in self.accepted if one.kind in kinds)

    def tasks_done_by(self, user: int) -> set[int]:
        """The tasks that a person resolved, by accepted reviews."""
        return {task_number(one.work) for one in self.saying("by") if user in one.people}


def reviewed(reviews: Iterable[JudgedReview]) -> Reviewed:
    """Order *reviews* (the oldest first) for reading."""
    by_work: dict[str, list[JudgedReview]] = defaultdict(list)
    counting = []
    for one in reviews:
        by_work[one.review.work].append(one)
        if one.state == ACCEPTED:
            counting.append(one.review)
    return Reviewed({work: tuple(found) for work, found in by_work.items()}, tuple(counting))


@repeating
class Rulings:
    """The reviews in the ledger."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def store(self, page: int, found: Iterable[KeptReview]) -> None:
        """Keep *found* as all that the page of this year says."""
        rows = [_values(one) for one in found]
        with self._store.transaction() as db:
            db.execute(delete(ruling).where(ruling.c.page == page))
            for chunk in chunks(rows):
                db.execute(insert(ruling), list(chunk))

    def judged(self) -> list[JudgedReview]:
        """Every review with what became of it, the oldest first."""
        with self._store.transaction() as db:
            return _judged(db, _kept(db))

    def recuse(self) -> None:
        """Remember which reviewers have a part in what they accepted, while a page speaks of it."""
        with self._store.transaction() as db:
            kept = _kept(db)
            before = _recusals(db)
            parts = _parts_of_reviewers(db, kept)
            found = {
                (work, user)
                for one in kept
                for user in one.reviewers
                for work in one.works & parts[user]
            }
            named = {work for one in kept for work in one.works}
            for work in sorted({work for work, _ in before} - named):
                db.execute(delete(recusal).where(recusal.c.work == work))
            rows = [{"work": work, "reviewer": user} for work, user in sorted(found - before)]
            for chunk in chunks(rows):
                db.execute(insert(recusal), list(chunk))


def _judged(db: Connection, kept: Sequence[KeptReview]) -> list[JudgedReview]:
    parts = _parts_of_reviewers(db, kept)
    latest: dict[object, int] = {}
    found = []
    for place, one in enumerate(kept):
        state = one.state
        if state == ACCEPTED and all(one.works & parts[user] for user in one.reviewers):
            state = OWN
        if state == ACCEPTED:
            latest[_matter(one)] = place
        found.append(JudgedReview(one, state))
    return [
        JudgedReview(one.review, SUPERSEDED)
        if one.state == ACCEPTED and latest[_matter(one.review)] != place
        else one
        for place, one in enumerate(found)
    ]


def _parts_of_reviewers(db: Connection, kept: Sequence[KeptReview]) -> Mapping[int, frozenset[str]]:
    """For each reviewer, the keys of everything they have a part in, or had when they took part."""
    reviewers = {user for one in kept for user in one.reviewers}
    if not reviewers:
        return {}
    # Whatever may be the same work, is, when it comes to whose own it is.
    known = told_kinship(db, _same_tasks(kept))
    had: dict[int, set[str]] = defaultdict(set)
    for work, user in _recusals(db):
        had[user].add(work)
    return {user: _parts(db, user, known, kept) | had[user] for user in reviewers}


def _recusals(db: Connection) -> set[tuple[str, int]]:
    return {(row.work, row.reviewer) for row in db.execute(select(recusal))}


def kinship(db: Connection) -> Kinship:
    """How tasks hang together, by what Phabricator tells and by accepted reviews."""
    merged = [one.review for one in _judged(db, _accepted(db)) if one.state == ACCEPTED]
    return told_kinship(db, _same_tasks(merged))


def confirmed(db: Connection) -> set[int]:
    """The tasks of which a page of reviews says that somebody who joined resolved them."""
    named = [one for one in _accepted(db) if one.kind == "by" and one.people]
    here = _here(db) if named else frozenset()
    return {task_number(one.work) for one in named if here & set(one.people)}


def sweep_rulings(db: Connection) -> None:
    """Whom reviews name and who left is one of the others again, and nothing more."""
    here = _here(db)
    for one in _accepted(db):
        left = set(one.people) - here
        if left:
            there = tuple(user for user in one.people if user in here)
            kept = replace(one, people=there, others=one.others + len(left))
            if not there:  # Where a badge was given for may name them.
                kept = replace(kept, day=None, evidence="")
            same = (ruling.c.page == one.page) & (ruling.c.line == one.line)
            db.execute(update(ruling).where(same).values(_values(kept)))


def task_number(key: str) -> int:
    """``T123`` → 123."""
    return int(key.removeprefix("T"))


_ALL = select(ruling).order_by(ruling.c.revision, ruling.c.page, ruling.c.line)


def _kept(db: Connection) -> list[KeptReview]:
    return [_review(row) for row in db.execute(_ALL)]


def _accepted(db: Connection) -> list[KeptReview]:
    """Those that were accepted as far as their pages tell."""
    return [_review(row) for row in db.execute(_ALL.where(ruling.c.state == ACCEPTED))]


def _here(db: Connection) -> frozenset[int]:
    """The ids on this wiki of everybody who joined."""
    return frozenset(db.execute(select(person.c.user)).scalars())


def _same_tasks(reviews: Iterable[KeptReview]) -> list[tuple[int, int]]:
    return [
        (task_number(one.work), task_number(one.value))
        for one in reviews
        if one.kind == "same" and one.state == ACCEPTED
    ]


def _matter(one: KeptReview) -> object:
    """What a review decides; of several that decide the same, the latest stands."""
    if one.kind in ("not-by", "badge"):
        # Each is about somebody of their own; who that is must make no difference to others.
        return one.kind, one.page, one.line
    return one.kind, one.work, one.value if one.kind == "harder-than" else ""


def _parts(db: Connection, user: int, known: Kinship, kept: Iterable[KeptReview]) -> frozenset[str]:
    """The keys of everything that the person with this id has a part in, nothing if nobody has it."""
    held = select(account.c.id).join(person).where(person.c.user == user)
    claimed = select(claimant.c.account).join(person).where(person.c.user == user)
    mine = {*db.execute(held).scalars(), *db.execute(claimed).scalars()}
    query = select(authorship.c.change).where(authorship.c.account.in_(mine))
    own = set(db.execute(query).scalars())
    tasks = set(db.execute(select(task.c.number).where(task.c.owner.in_(mine))).scalars())
    for chunk in chunks(sorted(own)):
        named = select(naming.c.task).where(naming.c.change.in_(chunk))
        tasks |= set(db.execute(named).scalars())
    tasks |= {task_number(one.work) for one in kept if one.kind == "by" and user in one.people}
    return frozenset(own) | {f"T{number}" for number in same(tasks, known)}


def _values(one: KeptReview) -> Mapping[str, Any]:
    return {
        "page": one.page,
        "line": one.line,
        "revision": one.revision,
        "kind": one.kind,
        "work": one.work,
        "value": one.value,
        "state": one.state,
        "people": " ".join(map(str, (one.others, *one.people))),
        "reviewers": " ".join(map(str, one.reviewers)),
        "day": one.day.isoformat() if one.day else None,
        "evidence": one.evidence,
    }


def _review(row: Row[Any]) -> KeptReview:
    others, *people = numbers(row.people)
    return KeptReview(
        row.page, row.line, row.revision, row.kind, row.work, row.value, row.state,
        tuple(people), others, numbers(row.reviewers),
        date.fromisoformat(row.day) if row.day else None, row.evidence,
    )  # fmt: skip
