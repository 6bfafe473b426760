"""How each of the two databases is opened, and what their errors mean: SQLite and MariaDB."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from bot.errors import Busy, LedgerError

PATIENCE = 10
"""Seconds to wait for a connection, or for what another process has locked."""
SILENCE = 300
"""Seconds until a server that says nothing is given up."""

TOO_BUSY = frozenset({1205, 1213})
"""Waited too long for a lock; two waited for each other. The transaction was undone: do it again."""
GONE = frozenset({2006, 2013, 2014, 2055, 1053, 1927})
"""The connection broke, and whether the last statement was done is not known."""
NO_ENTRY = frozenset({1040, 1203, 1226, 2002, 2003, 2006, 2013, 1053})
"""No connection to be had: too many of them, or nobody answers. Nothing was done: try again."""

REASONS = {
    1044: "the database may not be used by this user",
    1045: "the database refuses the user or the password",
    4151: "the database has locked the account of this user",
    1049: "there is no such database: create it first",
    1040: "the database has too many connections",
    1203: "the database has too many connections of this user",
    1226: "the database has too many connections of this user",
    2002: "no database answers at that place",
    2003: "no database answers at that place",
    1142: "this user may not do that in the database: it needs all rights in its own database",
    1290: "the database is read-only for now",
    1836: "the database is read-only for now",
    1114: "the database is full",
    1021: "the disk of the database is full",
}
"""What MariaDB's numbers mean for an operator."""


def make_engine(url: str | URL, *, patience: int | None = None, keep: bool = True) -> Engine:
    """Make what connects to the database at *url*. Raises what SQLAlchemy raises.

    *patience* are the seconds to wait for anything, in place of PATIENCE and SILENCE.
    On MariaDB no connection is kept for later: Toolforge forbids idle ones on ToolsDB. SQLite keeps
    its own until ``dispose``, unless told not to: closing it means writing everything through to the disk.
    """
    parts = make_url(url)
    wait, silence = (PATIENCE, SILENCE) if patience is None else (patience, patience)
    options: dict[str, Any] = {} if keep else {"poolclass": NullPool}
    if is_mariadb(parts.get_backend_name()):
        options = {
            "connect_args": {
                "connect_timeout": wait,
                "read_timeout": silence,
                "write_timeout": silence,
                "charset": "utf8mb4",
                # On the same machine there is nobody to hide from, and every connection is quicker.
                "ssl_disabled": "unix_socket" in parts.query,
            },
            "isolation_level": "REPEATABLE READ",
            "poolclass": NullPool,
        }
    engine = create_engine(parts, hide_parameters=True, **options)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda *which: _prepare_sqlite(wait, *which))
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", lambda *which: _prepare_mariadb(wait, *which))
    return engine


def make_nameless_engine() -> Engine:
    """Make an empty database of SQLite that nobody else can open: its file has no name.

    What memory does not bear lies on the disk, and goes with the process however that ends. It is
    one connection, and gone with ``dispose``.
    """
    engine = create_engine("sqlite://", creator=_nameless, poolclass=StaticPool)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _nameless() -> sqlite3.Connection:
    connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA foreign_keys=ON")
    return connection


def make_file(url: str) -> None:
    """Make the file of SQLite, where there is none, so that nobody but its owner may read it.

    SQLite gives the log beside it the same mode. Raises what SQLAlchemy raises.
    """
    parts = make_url(url)
    if parts.get_backend_name() == "sqlite" and parts.database and ":" not in parts.database:
        with suppress(OSError):  # It is there; or cannot be, and who opens it says so.
            os.close(os.open(parts.database, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def is_mariadb(dialect: str) -> bool:
    """Whether SQLAlchemy's name of a database means MariaDB; the other one is SQLite."""
    return dialect in ("mysql", "mariadb")


def moment(db: Connection) -> int:
    """What the database's own clock says, in epoch seconds."""
    clock = "UNIX_TIMESTAMP()" if is_mariadb(db.dialect.name) else "strftime('%s', 'now')"
    return int(db.execute(text(f"SELECT {clock}")).scalar_one())


def number_of(error: BaseException) -> int:
    """MariaDB's number of an error; 0 where it has none."""
    if not isinstance(error, DBAPIError) or error.orig is None or not error.orig.args:
        return 0
    number = error.orig.args[0]
    return number if isinstance(number, int) else 0


def may_repeat(error: SQLAlchemyError) -> bool:
    """Whether the same transaction, done again from its beginning, may well succeed."""
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    return lost or number_of(error) in TOO_BUSY | GONE


def translated(error: SQLAlchemyError) -> LedgerError | Busy:
    """The error in calm words. Nothing of the URL is in them, nor of what was to be stored."""
    number = number_of(error)  # SQLite gives none, and says "database is locked".
    if number in TOO_BUSY or (not number and "locked" in str(error.args)):
        return Busy("Another round holds the ledger: this one ends without doing anything.")
    return LedgerError(
        f"The ledger failed ({_reason(error)}); nothing of this step was stored. Check the"
        " database and its disk; the next round goes on from here."
    )


def unopened(error: Exception) -> LedgerError:
    """The error of an attempt to open the ledger, in calm words."""
    return LedgerError(
        f"The ledger cannot be opened ({_reason(error)}): check BADGES_DATABASE_URL,"
        " and that the database runs and may be written to."
    )


def _reason(error: Exception) -> str:
    number = number_of(error)
    name = type(error).__name__
    if number in REASONS:
        return f"{REASONS[number]}; {name} {number}"
    return f"{name} {number}" if number else name


def _prepare_sqlite(wait: int, connection: Any, _record: object) -> None:
    connection.isolation_level = None  # We begin transactions ourselves, see _begin_sqlite.
    # secure_delete: what a person leaves behind is overwritten, not only unlinked. WAL: a process that
    # dies leaves a whole ledger; the log goes when the last connection is closed. NORMAL: if the power
    # fails, the last steps may be undone, each as a whole; the next round does them again.
    for pragma in (
        f"busy_timeout={wait * 1000}",
        "foreign_keys=ON",
        "secure_delete=ON",
        "journal_mode=WAL",
        "synchronous=NORMAL",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE: two writers then wait for each other instead of failing half-way.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _prepare_mariadb(wait: int, connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        # Whatever the server's own settings: a value that does not fit is an error, never cut.
        cursor.execute(
            "SET SESSION sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,"
            "NO_ENGINE_SUBSTITUTION', SESSION foreign_key_checks = 1,"
            f" SESSION innodb_lock_wait_timeout = {wait}"
            # From 11.6.2 on: who looks at the lock before storing wants to see how it is by now.
            " /*M!110602 , SESSION innodb_snapshot_isolation = OFF */"
        )
