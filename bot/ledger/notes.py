"""Notes on our own doings: how far each source was read, what was published, who holds the lock."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from bot.ledger.engine import moment
from bot.ledger.store import Store, repeating
from bot.ledger.tables import ROUND, cursor, lock, memo, page


@dataclass(frozen=True, slots=True)
class Published:
    """A page of ours as we last saved or found it: the digest of its value, and its revision.

    Without both it is promised: about to be saved, or found on the wiki and not looked at yet.
    """

    title: str
    digest: str = ""
    revision: int = 0

    @property
    def stands(self) -> bool:
        """Whether we have seen it on the wiki as ours."""
        return self.revision > 0


@dataclass(frozen=True, slots=True)
class SourceNote:
    """How a source is doing. ``stale_since`` and ``trouble`` are None while it is fresh.

    ``heard`` is the last day on which its feed brought anything at all, whoever it concerned;
    ``vain`` counts the days on which it was asked since then and had nothing to tell.
    """

    source: str
    reached: datetime | None
    stale_since: date | None
    trouble: str | None
    heard: date | None = None
    vain: int = 0


@repeating
class Notes:
    """Small things the bot keeps by name."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def recall(self, name: str) -> Any:
        """What was remembered under *name*; None if nothing was."""
        with self._store.transaction() as db:
            value = db.execute(select(memo.c.value).where(memo.c.name == name)).scalar()
        return None if value is None else json.loads(value)

    def remember(self, name: str, value: Any) -> None:
        """Keep *value* (anything JSON can say) under *name*."""
        with self._store.transaction() as db:
            db.execute(delete(memo).where(memo.c.name == name))
            db.execute(insert(memo).values(name=name, value=json.dumps(value)))

    def take_out(self, name: str, keys: Iterable[object]) -> None:
        """Take these keys (as texts) out of the map under *name*, if there is one."""
        known, gone = self.recall(name) or {}, {str(key) for key in keys}
        if gone & known.keys():
            self.remember(name, {key: known[key] for key in known if key not in gone})

    def source(self, name: str) -> SourceNote:
        """How the source of this name is doing."""
        with self._store.transaction() as db:
            row = db.execute(select(cursor).where(cursor.c.source == name)).first()
        return SourceNote(name, None, None, None) if row is None else _source_note(row)

    def sources(self) -> list[SourceNote]:
        """How each source is doing that was ever read or failed, by name."""
        with self._store.transaction() as db:
            return [_source_note(row) for row in db.execute(select(cursor).order_by("source"))]

    def reached(self, source: str, until: datetime) -> None:
        """The feed of *source* is stored up to *until*, and the source is well."""
        self._set_cursor(source, reached=int(until.timestamp()), stale_since=None, trouble=None)

    def begun(self, source: str, since: datetime) -> None:
        """Histories of *source* are stored that were read from *since* on: its feed goes on from there.

        Where its feed was read before, it goes on from where it was left.
        """
        with self._store.transaction():
            if self.source(source).reached is None:
                self._set_cursor(source, reached=int(since.timestamp()))

    def asked(self, source: str, day: date, *, told: bool) -> None:
        """The feed of *source* was asked on *day*, and *told* something, or nothing at all."""
        today = day.isoformat()
        with self._store.transaction() as db:
            row = db.execute(select(cursor).where(cursor.c.source == source)).first()
            if told or row is None or row.heard is None:
                self._set_cursor(source, heard=today, asked=today, vain=0)
            elif row.asked != today:
                self._set_cursor(source, asked=today, vain=row.vain + 1)

    def stale(self, source: str, day: date, trouble: str) -> None:
        """*source* failed on *day*; an earlier failure that still lasts keeps its own day."""
        since = self.source(source).stale_since or day
        self._set_cursor(source, stale_since=since.isoformat(), trouble=trouble)

    def _set_cursor(self, source: str, **values: Any) -> None:
        with self._store.transaction() as db:
            if not db.execute(
                update(cursor).where(cursor.c.source == source).values(values)
            ).rowcount:
                db.execute(insert(cursor).values({"source": source, "reached": 0, **values}))

    def pages(self) -> Mapping[str, Published]:
        """Every page that we published or promised and did not withdraw, by title."""
        with self._store.transaction() as db:
            return {row.title: Published(*row) for row in db.execute(select(page))}

    def published(self, note: Published) -> None:
        """Note that this page now stands on the wiki, or is promised."""
        with self._store.transaction() as db:
            db.execute(delete(page).where(page.c.title == note.title))
            db.execute(
                insert(page).values(title=note.title, digest=note.digest, revision=note.revision)
            )

    def withdrawn(self, titles: Iterable[str]) -> None:
        """Forget pages whose tombstones stand: their titles hold names."""
        with self._store.transaction() as db:
            for title in titles:
                db.execute(delete(page).where(page.c.title == title))

    def take_lock(self, holder: str, seconds: int) -> bool:
        """Take the lock for *holder* and so many *seconds*; False if somebody else's lease is not over.

        The database's clock decides, which is the same for everybody: a host whose own clock is wrong
        neither keeps the lock too long nor takes it too early.
        """
        with self._store.transaction() as db:
            now = moment(db)
            values = {"holder": holder, "expires": now + seconds}
            named = lock.c.name == ROUND
            mine = named & or_(lock.c.holder == holder, lock.c.expires <= now)
            if db.execute(update(lock).where(mine).values(values)).rowcount:
                return True
            if db.execute(select(lock.c.name).where(named)).first():
                return False
            try:
                db.execute(insert(lock).values(name=ROUND, **values))
            except IntegrityError:  # Somebody was faster, just now.
                return False
            return True

    def renew_lock(self, holder: str, seconds: int) -> bool:
        """Hold the lock for so many *seconds* from now; False if *holder* has lost it.

        A lease that was over, and that nobody took since, is still its holder's.
        """
        with self._store.transaction() as db:
            mine = (lock.c.name == ROUND) & (lock.c.holder == holder)
            values = {"expires": moment(db) + seconds}
            return bool(db.execute(update(lock).where(mine).values(values)).rowcount)

    def moment(self) -> int:
        """What the database's own clock says, in epoch seconds."""
        with self._store.transaction() as db:
            return moment(db)

    def lock_holder(self) -> str:
        """Who holds the lock; "" if nobody does."""
        with self._store.transaction() as db:
            return db.execute(select(lock.c.holder)).scalar() or ""

    def free_lock(self, holder: str) -> None:
        """Give the lock back."""
        with self._store.transaction() as db:
            db.execute(delete(lock).where(lock.c.name == ROUND, lock.c.holder == holder))


def _source_note(row: Any) -> SourceNote:
    return SourceNote(
        row.source,
        datetime.fromtimestamp(row.reached, UTC) if row.reached else None,
        date.fromisoformat(row.stale_since) if row.stale_since else None,
        row.trouble,
        date.fromisoformat(row.heard) if row.heard else None,
        row.vain,
    )
