"""How the ledger itself is doing: how much is in it, and what lies under it. For operators."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, text

from bot.errors import LedgerError
from bot.ledger.engine import is_mariadb, moment
from bot.ledger.migrations import version
from bot.ledger.store import Store, repeating
from bot.ledger.tables import change, lock, memo, metadata, page, person, task, wish

PROBE = "doctor"
_COUNTED = {"changes": change, "tasks": task, "wishes": wish, "pages": page}


@dataclass(frozen=True, slots=True)
class Lying:
    """The database under the ledger.

    ``kind`` is "sqlite" or "mariadb"; ``bytes`` its size; ``schema`` the version of the tables; ``ahead``
    how many seconds its clock is ahead of ours. Of MariaDB ``charset`` and ``collation`` are those of its
    tables (one each, else all of them), ``mode`` is the SQL mode of our connections; of SQLite ``journal``
    is how it keeps its log. ``server`` is the version of the server or the library.
    """

    kind: str
    schema: int
    bytes: int
    ahead: int
    server: str
    charset: str = ""
    collation: str = ""
    mode: str = ""
    journal: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """The lock: ``holder`` (see ``bot.holder``), until when its lease is, and how many seconds are left.

    Both by the database's clock. Below 0 it ran out, and was not given back.
    """

    holder: str
    until: datetime
    left: int


@repeating
class Census:
    """Counts, and looks under the ledger."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def counts(self) -> dict[str, int]:
        """How many people are shown, how many wait to be forgotten, and how much of each kind there is."""
        with self._store.transaction() as db:
            shown = _count(db, person, person.c.shown)
            waiting = _count(db, person, ~person.c.shown)
            rest = {name: _count(db, table) for name, table in _COUNTED.items()}
        return {"people": shown, "waiting": waiting, **rest}

    def held(self) -> Held | None:
        """The lock, while it is not free."""
        with self._store.transaction() as db:
            row = db.execute(select(lock.c.holder, lock.c.expires)).first()
            if row is None:
                return None
            until = datetime.fromtimestamp(row.expires, UTC)
            return Held(row.holder, until, int(row.expires) - moment(db))

    def lying(self) -> Lying:
        """What lies under the ledger."""
        with self._store.transaction() as db:
            ahead = moment(db) - int(time.time())
            schema = version(db) or 0
            if is_mariadb(db.dialect.name):
                return Lying("mariadb", schema, ahead=ahead, **_of_mariadb(db))
            return Lying("sqlite", schema, ahead=ahead, **_of_sqlite(db))

    def write(self) -> None:
        """Write something, and take it back. Raises LedgerError if nothing can be written."""
        with self._store.transaction() as db:
            db.execute(delete(memo).where(memo.c.name == PROBE))
            db.execute(insert(memo).values(name=PROBE, value="1"))
            if db.execute(select(memo.c.value).where(memo.c.name == PROBE)).scalar() != "1":
                raise LedgerError("What is written to the ledger is not there afterwards.")
            db.execute(delete(memo).where(memo.c.name == PROBE))


def _count(db: Connection, table: Any, *which: Any) -> int:
    return int(db.execute(select(func.count()).select_from(table).where(*which)).scalar_one())


def _of_sqlite(db: Connection) -> dict[str, Any]:
    def pragma(name: str) -> Any:
        return db.execute(text(f"PRAGMA {name}")).scalar()

    size = int(pragma("page_count")) * int(pragma("page_size"))
    server = str(db.execute(text("SELECT sqlite_version()")).scalar())
    return {"bytes": size, "journal": str(pragma("journal_mode")), "server": server}


def _of_mariadb(db: Connection) -> dict[str, Any]:
    names = set(metadata.tables)
    found = db.execute(
        text(
            "SELECT TABLE_NAME, TABLE_COLLATION, DATA_LENGTH + INDEX_LENGTH"
            " FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()"
        )
    ).all()
    ours = [one for one in found if one[0] in names]
    collations = sorted({str(one[1]) for one in ours})
    return {
        "bytes": sum(int(one[2] or 0) for one in ours),
        "collation": ", ".join(collations),
        "charset": ", ".join(sorted({one.partition("_")[0] for one in collations})),
        "mode": str(db.execute(text("SELECT @@sql_mode")).scalar()),
        "server": str(db.execute(text("SELECT VERSION()")).scalar()),
    }
