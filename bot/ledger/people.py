"""Who joined: the standing entries, the people, and their proved accounts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from bot.ledger.store import Store, repeating
from bot.ledger.tables import account, claimant, entry, person
from wikitext.choices import NO_CHOICES, Choices, Goal
from wikitext.history import Standing
from wikitext.registry import Period


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who joined. ``central`` is the id that survives renames, ``user`` that on this wiki.

    ``shown`` is False while an entry that somebody else removed waits. ``claims`` are the names of
    accounts that the entry claims, by source; ``paid`` the periods it tells (``wikitext.registry``),
    ``choices`` what it hides and shows.
    """

    id: int
    central: int
    user: int
    name: str
    developer: str
    digest: str
    shown: bool
    claims: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    paid: tuple[Period, ...] = ()
    choices: Choices = NO_CHOICES


@dataclass(frozen=True, slots=True)
class ProvedAccount:
    """An account proved to be a person's: by which way, on which day, and whether its history was read.

    ``claim`` is what of the entry it was proved by (``"github=ada"``), "" where nothing was needed.
    ``settled``: several people proved it to be theirs, and a reviewer decided.
    """

    id: int
    person: int
    source: str
    key: str
    name: str
    way: str
    proved: date
    read: bool
    claim: str = ""
    settled: bool = False


@repeating
class People:
    """The people in the ledger. Nobody else is ever named in it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def entries(self) -> dict[str, Standing]:
        """The registry's entries as they stand, by digest."""
        with self._store.transaction() as db:
            return {row.digest: _standing(row) for row in db.execute(select(entry))}

    def keep_entries(self, standing: Mapping[str, Standing]) -> None:
        """Replace all entries; what is not in *standing* is gone for good."""
        rows = [
            {
                "digest": one.digest,
                "revision": one.revision,
                "adders": json.dumps(sorted(one.adders)),
                "removed": int(one.removed.timestamp()) if one.removed else None,
            }
            for one in standing.values()
        ]
        with self._store.transaction() as db:
            db.execute(delete(entry))
            if rows:
                db.execute(insert(entry), rows)

    def all(self) -> Sequence[Person]:
        """Everybody who joined, by id."""
        with self._store.transaction() as db:
            return [_person(row) for row in db.execute(select(person).order_by(person.c.id))]

    def join(
        self,
        central: int,
        user: int,
        name: str,
        developer: str,
        digest: str,
        claims: Mapping[str, tuple[str, ...]] | None = None,
        paid: Sequence[Period] = (),
        choices: Choices = NO_CHOICES,
    ) -> Person:
        """Add a person, or bring their name and entry up to date and show them."""
        values = {
            "user": user, "name": name, "developer": developer, "digest": digest, "shown": True,
            "claims": json.dumps(dict(claims or {}), sort_keys=True), "paid": json.dumps(paid),
            "choices": _written(choices),
        }  # fmt: skip
        with self._store.transaction() as db:
            same = person.c.central == central
            if not db.execute(update(person).where(same).values(**values)).rowcount:
                db.execute(insert(person).values(central=central, **values))
            return _person(db.execute(select(person).where(same)).one())

    def rename(self, who: Person, name: str) -> None:
        """The person's account bears another name now."""
        with self._store.transaction() as db:
            db.execute(update(person).where(person.c.id == who.id).values(name=name))

    def know_as(self, who: Person, central: int) -> None:
        """The person's account has this central id now."""
        with self._store.transaction() as db:
            db.execute(update(person).where(person.c.id == who.id).values(central=central))

    def hide(self, who: Person) -> None:
        """Show the person on no page; their facts stay for now."""
        with self._store.transaction() as db:
            db.execute(update(person).where(person.c.id == who.id).values(shown=False))

    def forget(self, who: Person) -> None:
        """Forget the person and their accounts; shared changes keep an ordinal in their place."""
        with self._store.transaction() as db:
            for one in self.accounts(who):
                _give_up(db, one.id)
            db.execute(delete(claimant).where(claimant.c.person == who.id))
            db.execute(delete(person).where(person.c.id == who.id))

    def accounts(
        self, who: Person | None = None, *, source: str | None = None
    ) -> Sequence[ProvedAccount]:
        """The proved accounts of a person, or of everybody, disputed ones with who held them first.

        Those at *source* only, where one is given.
        """
        query = select(account).order_by(account.c.id)
        if source is not None:
            query = query.where(account.c.source == source)
        if who is not None:
            query = query.where(account.c.person == who.id)
        with self._store.transaction() as db:
            return [_proved(row) for row in db.execute(query)]

    def claimants(self, who: Person | None = None) -> Sequence[ProvedAccount]:
        """The accounts that a person, or anybody, proved although another person holds them."""
        parts = [c for c in account.c if c.name not in ("person", "way", "proved", "claim")]
        query = select(
            *parts, claimant.c.person, claimant.c.way, claimant.c.proved, claimant.c.claim
        )
        query = query.join(claimant).order_by(account.c.id, claimant.c.person)
        if who is not None:
            query = query.where(claimant.c.person == who.id)
        with self._store.transaction() as db:
            return [_proved(row) for row in db.execute(query)]

    def disputed(self) -> frozenset[int]:
        """The ids of accounts that several people proved to be theirs: nobody earns by them."""
        query = select(account.c.id).join(claimant).where(~account.c.settled)
        with self._store.transaction() as db:
            return frozenset(db.execute(query).scalars())

    def prove(
        self, who: Person, source: str, key: str, name: str, way: str, day: date, claim: str = ""
    ) -> bool:
        """Note a proof; False if the account is another person's as well, or by a decision.

        An account with two owners is disputed, until one of them drops it or a reviewer decides.
        """
        values = {"way": way, "proved": day.isoformat(), "claim": claim}
        with self._store.transaction() as db:
            same = (account.c.source == source) & (account.c.key == key)
            held = db.execute(select(account.c.id, account.c.person).where(same)).first()
            if held is None:
                new = {"person": who.id, "source": source, "key": key, "name": name, **values}
                db.execute(insert(account).values(read=False, settled=False, **new))
                return True
            if held.person == who.id:
                db.execute(update(account).where(same).values(name=name))
                return True
            mine = (claimant.c.account == held.id) & (claimant.c.person == who.id)
            if db.execute(select(claimant.c.account).where(mine)).first() is None:
                db.execute(insert(claimant).values(account=held.id, person=who.id, **values))
            return False

    def settle(self, disputed: int, person_id: int) -> bool:
        """A reviewer decided: the account with the id *disputed* is this person's.

        The others keep their proofs, and earn nothing by them. False, and nothing done, where the
        person did not prove it.
        """
        with self._store.transaction() as db:
            held = db.execute(select(account).where(account.c.id == disputed)).first()
            if held is None:
                return False
            if held.person != person_id:
                mine = (claimant.c.account == disputed) & (claimant.c.person == person_id)
                if db.execute(select(claimant.c.account).where(mine)).first() is None:
                    return False
                _hand_over(db, disputed, person_id)
                before = {"way": held.way, "proved": held.proved, "claim": held.claim}
                db.execute(insert(claimant).values(account=disputed, person=held.person, **before))
            db.execute(update(account).where(account.c.id == disputed).values(settled=True))
            return True

    def drop_account(self, proved: ProvedAccount) -> None:
        """The account is no longer this person's: their entry says so, or the contrary was proved."""
        with self._store.transaction() as db:
            holder = select(account.c.person).where(account.c.id == proved.id)
            if db.execute(holder).scalar() == proved.person:
                _give_up(db, proved.id)
            mine = (claimant.c.account == proved.id) & (claimant.c.person == proved.person)
            db.execute(delete(claimant).where(mine))

    def history_read(self, proved: ProvedAccount) -> None:
        """The account's own history is in the ledger; from now on the feed is enough."""
        with self._store.transaction() as db:
            db.execute(update(account).where(account.c.id == proved.id).values(read=True))


def _give_up(db: Connection, number: int) -> None:
    """Take an account from who holds it: it is that of the next who proved it, or nobody's."""
    others = select(claimant.c.person).where(claimant.c.account == number)
    heir = db.execute(others.order_by(claimant.c.proved, claimant.c.person)).scalar()
    if heir is None:
        db.execute(delete(account).where(account.c.id == number))
    else:
        _hand_over(db, number, heir)


def _hand_over(db: Connection, number: int, heir: int) -> None:
    mine = (claimant.c.account == number) & (claimant.c.person == heir)
    row = db.execute(select(claimant).where(mine)).one()
    values = {"person": heir, "way": row.way, "proved": row.proved, "claim": row.claim}
    db.execute(update(account).where(account.c.id == number).values(settled=False, **values))
    db.execute(delete(claimant).where(mine))


def _standing(row: Row[tuple[object, ...]]) -> Standing:
    removed = None if row.removed is None else datetime.fromtimestamp(row.removed, UTC)
    return Standing(row.digest, row.revision, frozenset(json.loads(row.adders)), removed)


def _person(row: Row[tuple[object, ...]]) -> Person:
    claims = {source: tuple(names) for source, names in json.loads(row.claims).items()}
    paid = tuple((first, last) for first, last in json.loads(row.paid))
    return Person(
        row.id, row.central, row.user, row.name, row.developer, row.digest, row.shown, claims, paid,
        _chosen(row.choices),
    )  # fmt: skip


def _written(choices: Choices) -> str:
    goal = choices.goal
    day = goal.day.isoformat() if goal and goal.day else None
    told = [goal.field, goal.target, day] if goal else None
    return json.dumps({"hide": choices.hide, "goal": told, "wall": choices.wall}, sort_keys=True)


def _chosen(text: str) -> Choices:
    told = json.loads(text)
    goal = None
    if told["goal"]:
        field_, target, day = told["goal"]
        goal = Goal(field_, target, date.fromisoformat(day) if day else None)
    return Choices(tuple(told["hide"]), goal, told["wall"])


def _proved(row: Any) -> ProvedAccount:
    return ProvedAccount(
        row.id, row.person, row.source, row.key, row.name, row.way,
        date.fromisoformat(row.proved), row.read, row.claim, row.settled,
    )  # fmt: skip
