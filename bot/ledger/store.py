"""A database, and transactions in it."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, insert, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import Busy, LedgerError
from bot.ledger.tables import SCHEMA, memo, metadata
from sources.batch import batches

T = TypeVar("T")
CHUNK = 500
"""How many rows or keys one statement takes: far below every database's limit."""


class Store:
    """One database connection at a time; transactions nest into the outermost."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    @classmethod
    def open(cls, url: str) -> Store:
        """Connect, make missing tables, refuse a newer schema. Raises LedgerError."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # They quote parts of the URL.
                engine = _engine(url)
            with engine.begin() as connection:
                metadata.create_all(connection)
                _check_schema(connection)
        except (SQLAlchemyError, ImportError, ValueError) as error:
            raise LedgerError(
                f"The ledger cannot be opened ({type(error).__name__}): check BADGES_DATABASE_URL,"
                " and that the database runs and may be written to."
            ) from None
        return cls(engine)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """The transaction we are in, or a new one that ends here."""
        if self._connection is not None:
            yield self._connection
            return
        try:
            with self._engine.connect() as connection, connection.begin():
                self._connection = connection
                yield connection
        except SQLAlchemyError as error:
            raise _translated(error) from None
        finally:
            self._connection = None

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """Whatever is done inside is undone at the end, and keeps no round from its work."""
        if self._engine.dialect.name == "sqlite":
            # One writer at a time there: so on a copy, which goes with its folder.
            with TemporaryDirectory() as folder, _copied(self._engine, Path(folder)) as copy:
                real, self._engine = self._engine, copy
                try:
                    yield
                finally:
                    self._engine = real
            return
        try:
            with self._engine.connect() as connection:
                outer = connection.begin()
                self._connection = connection
                try:
                    yield
                finally:
                    outer.rollback()
        except SQLAlchemyError as error:
            raise _translated(error) from None
        finally:
            self._connection = None

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def _engine(url: str) -> Engine:
    # NullPool: Toolforge forbids idle connections, and one round is one user.
    engine = create_engine(make_url(url), poolclass=NullPool, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def _copied(engine: Engine, folder: Path) -> Iterator[Engine]:
    copy = _engine(f"sqlite:///{folder / 'rehearsal.sqlite'}")
    source, target = engine.raw_connection(), copy.raw_connection()
    try:
        source.driver_connection.backup(target.driver_connection)  # type: ignore[union-attr]  # it is sqlite3's own
    finally:
        source.close()
        target.close()
    try:
        yield copy
    finally:
        copy.dispose()


def _translated(error: SQLAlchemyError) -> LedgerError | Busy:
    if "locked" in str(error):
        return Busy("Another round holds the ledger: this one ends without doing anything.")
    return LedgerError(
        f"The ledger failed ({type(error).__name__}); nothing of this step was stored. Check the"
        " database and its disk; the next round goes on from here."
    )


def _check_schema(connection: Connection) -> None:
    found = connection.execute(select(memo.c.value).where(memo.c.name == "schema")).scalar()
    if found is None:
        connection.execute(insert(memo).values(name="schema", value=str(SCHEMA)))
    elif int(found) < SCHEMA:
        raise LedgerError(
            f"This ledger was written before the first release (schema {found}, ours is {SCHEMA}):"
            " point BADGES_DATABASE_URL to a new one; the next round fills it."
        )
    elif int(found) > SCHEMA:
        raise LedgerError(
            f"This ledger was written by a newer version of the program (schema {found}, ours is"
            f" {SCHEMA}): install that version, or point BADGES_DATABASE_URL elsewhere."
        )


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # We begin transactions ourselves, see _begin_sqlite.
    for pragma in ("foreign_keys=ON", "busy_timeout=5000", "secure_delete=ON"):
        # secure_delete: what a person leaves behind is overwritten, not only unlinked.
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE: two writers then wait for each other instead of failing half-way.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def chunks(items: Iterable[T]) -> Iterator[list[T]]:
    """Cut *items* into lists that one statement can take."""
    return batches(items, CHUNK)
