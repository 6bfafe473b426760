"""Who joined: the standing entries, the people, and their proved accounts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Row, delete, insert, select, update

from bot.ledger.store import Store
from bot.ledger.tables import account, entry, person
from wikitext.history import Standing


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who joined. ``central`` is the id that survives renames, ``user`` that on this wiki.

    ``shown`` is False while an entry that somebody else removed waits.
    """

    id: int
    central: int
    user: int
    name: str
    developer: str
    digest: str
    shown: bool


@dataclass(frozen=True, slots=True)
class ProvedAccount:
    """An account proved to be a person's: by which way, on which day, and whether its history was read."""

    id: int
    person: int
    source: str
    key: str
    name: str
    way: str
    proved: date
    read: bool


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
            return [Person(*row) for row in db.execute(select(person).order_by(person.c.id))]

    def join(self, central: int, user: int, name: str, developer: str, digest: str) -> Person:
        """Add a person, or bring their name and entry up to date and show them."""
        values = {"user": user, "name": name, "developer": developer, "digest": digest}
        with self._store.transaction() as db:
            same = person.c.central == central
            if not db.execute(update(person).where(same).values(shown=True, **values)).rowcount:
                db.execute(insert(person).values(central=central, shown=True, **values))
            return Person(*db.execute(select(person).where(same)).one())

    def rename(self, who: Person, name: str) -> None:
        """The person's account bears another name now."""
        with self._store.transaction() as db:
            db.execute(update(person).where(person.c.id == who.id).values(name=name))

    def hide(self, who: Person) -> None:
        """Show the person on no page; their facts stay for now."""
        with self._store.transaction() as db:
            db.execute(update(person).where(person.c.id == who.id).values(shown=False))

    def forget(self, who: Person) -> None:
        """Forget the person and their accounts; shared changes keep an ordinal in their place."""
        with self._store.transaction() as db:
            db.execute(delete(account).where(account.c.person == who.id))
            db.execute(delete(person).where(person.c.id == who.id))

    def accounts(self, who: Person | None = None) -> Sequence[ProvedAccount]:
        """The proved accounts of a person, or of everybody."""
        query = select(account).order_by(account.c.id)
        if who is not None:
            query = query.where(account.c.person == who.id)
        with self._store.transaction() as db:
            return [_proved(row) for row in db.execute(query)]

    def prove(self, who: Person, source: str, key: str, name: str, way: str, day: date) -> bool:
        """Note a proof; False (and nothing noted) if the account is already another person's."""
        with self._store.transaction() as db:
            same = (account.c.source == source) & (account.c.key == key)
            holder = db.execute(select(account.c.person).where(same)).scalar()
            if holder is None:
                db.execute(
                    insert(account).values(
                        person=who.id, source=source, key=key, name=name, way=way,
                        proved=day.isoformat(), read=False,
                    )
                )  # fmt: skip
            elif holder == who.id:
                db.execute(update(account).where(same).values(name=name))
            return holder in (None, who.id)

    def drop_account(self, proved: ProvedAccount) -> None:
        """The account is no longer this person's: their entry says so, or the contrary was proved."""
        with self._store.transaction() as db:
            db.execute(delete(account).where(account.c.id == proved.id))

    def history_read(self, proved: ProvedAccount) -> None:
        """The account's own history is in the ledger; from now on the feed is enough."""
        with self._store.transaction() as db:
            db.execute(update(account).where(account.c.id == proved.id).values(read=True))


def _standing(row: Row[tuple[object, ...]]) -> Standing:
    removed = None if row.removed is None else datetime.fromtimestamp(row.removed, UTC)
    return Standing(row.digest, row.revision, frozenset(json.loads(row.adders)), removed)


def _proved(row: Row[tuple[object, ...]]) -> ProvedAccount:
    return ProvedAccount(
        row.id, row.person, row.source, row.key, row.name, row.way,
        date.fromisoformat(row.proved), row.read,
    )  # fmt: skip
