"""A database, and transactions in it."""

from __future__ import annotations

import time
import warnings
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from types import FunctionType
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import Busy, LedgerError, LockLost
from bot.ledger.engine import (
    NO_ENTRY,
    is_mariadb,
    make_engine,
    make_file,
    make_nameless_engine,
    may_repeat,
    number_of,
    translated,
    unopened,
)
from bot.ledger.migrations import is_outdated, prepare, upgrade
from bot.ledger.tables import ROUND, lock, metadata
from sources.batch import batches

T = TypeVar("T")
CHUNK = 500
"""How many rows or keys one statement takes: far below every database's limit."""
PAUSES = (0.1, 1.0, 5.0, 15.0)
"""Seconds before each further attempt: a server that is started anew is there again by then."""
HASTE = 2
"""Seconds to wait for anything, where trying again later is better."""


class Store:
    """One database connection at a time; transactions nest into the outermost."""

    def __init__(
        self, engine: Engine, *, outdated: bool = False, pauses: Sequence[float] | None = None
    ) -> None:
        self._engine = engine
        self._pauses = pauses
        self._connection: Connection | None = None
        self._undone = False  # Whether what failed last may be done again.
        self._rehearses = False
        # Who forgets to close it has it closed at the end.
        weakref.finalize(self, engine.dispose)
        self.outdated = outdated
        """Whether an earlier release wrote it: nothing may be done with it before ``upgrade``."""
        self.holder = ""
        """Who must hold the lock at the end of every transaction; "": whoever likes."""
        self.steps = 0
        """How many transactions were begun."""

    @classmethod
    def open(cls, url: str) -> Store:
        """Connect, make the tables of an empty database, refuse a newer one. Raises LedgerError."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # They quote parts of the URL.
                make_file(url)
                engine = make_engine(url)
            with engine.connect() as connection:
                prepare(connection)
                outdated = is_outdated(connection)
        except (SQLAlchemyError, ImportError, ValueError) as error:
            raise unopened(error) from None
        return cls(engine, outdated=outdated)

    @property
    def path(self) -> Path | None:
        """The file of SQLite; None where a server keeps the database."""
        url = self._engine.url
        return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None

    def beside(self) -> Store | None:
        """The same database by a connection of its own, kept for no longer than a transaction.

        It waits for nothing long. None for a database in the memory of this process.
        """
        url = self._engine.url
        if not is_mariadb(url.get_backend_name()) and self.path is None:
            return None
        return Store(make_engine(url, patience=HASTE, keep=False), pauses=())

    def upgrade(self) -> None:
        """Bring the tables of an earlier release up to date. Raises LedgerError.

        Cut off anywhere, it is done by the next call.
        """
        try:
            with self._connected() as connection:
                upgrade(connection)
        except SQLAlchemyError as error:
            raise translated(error) from None
        self.outdated = False

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """The transaction we are in, or a new one that ends here."""
        if self._connection is not None:
            yield self._connection
            return
        self.steps += 1
        try:
            with self._connected() as connection, connection.begin():
                self._connection = connection
                yield connection
                self._check_lock(connection)
        except SQLAlchemyError as error:
            self._undone = may_repeat(error)
            raise translated(error) from None
        finally:
            self._connection = None

    def repeat(self, step: Callable[[], T]) -> T:
        """Do *step*, and all of it again where the database undid it or broke off.

        Within a transaction it is done once: what came before would be missing.
        """
        if self._connection is not None:
            return step()
        for pause in self._all_pauses():
            self._undone = False
            try:
                return step()
            except (LedgerError, Busy):
                if not self._undone:
                    raise
            time.sleep(pause)
        return step()

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """Whatever is done inside is undone at the end, and keeps no round from its work."""
        # So on a copy: a transaction that long would hold what a round wants to write.
        copy = make_nameless_engine()
        try:
            self._copy_to(copy)
            real, self._engine, self._rehearses = self._engine, copy, True
            try:
                yield
            finally:
                self._engine, self._rehearses = real, False
        finally:
            copy.dispose()

    def close(self) -> None:
        """Close every connection. SQLite then writes its log into the file, and removes it."""
        if not self._rehearses:  # The copy is gone with its connection.
            self._engine.dispose()

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        """A connection, waited for where there is none to be had just now."""
        for pause in self._all_pauses():
            try:
                connection = self._engine.connect()
                break
            except SQLAlchemyError as error:
                if number_of(error) not in NO_ENTRY:
                    raise
                time.sleep(pause)
        else:
            connection = self._engine.connect()
        with connection:
            yield connection

    def _all_pauses(self) -> Sequence[float]:
        return PAUSES if self._pauses is None else self._pauses

    def _check_lock(self, connection: Connection) -> None:
        """Raise LockLost if the lock is not ``holder``'s any more; it stays so until we have stored."""
        if not self.holder:
            return
        # Read to share: what is so now, not when the transaction began; whoever would take it waits.
        held = select(lock.c.holder).where(lock.c.name == ROUND).with_for_update(read=True)
        if connection.execute(held).scalar() != self.holder:
            raise LockLost

    def _copy_to(self, copy: Engine) -> None:
        """Copy every row, as at one moment."""
        with copy.connect() as target, target.begin():
            metadata.create_all(target)
            with self.transaction() as db:
                for table in metadata.sorted_tables:
                    rows = db.execute(select(table)).mappings()
                    for chunk in chunks(dict(row) for row in rows):
                        target.execute(insert(table), chunk)


def repeating(part: type[T]) -> type[T]:
    """A part of the ledger whose every question and answer is a transaction done again where it was undone.

    Each must leave the same whether it is done once or twice: where a connection breaks at the very
    end, nobody knows whether it was done.
    """
    for name, method in list(vars(part).items()):
        if isinstance(method, FunctionType) and not name.startswith("_"):
            setattr(part, name, _repeated(method))
    return part


def _repeated(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def again(self: Any, *args: Any, **named: Any) -> Any:
        # What can be read only once would be missing the second time.
        kept = [list(one) if isinstance(one, Iterator) else one for one in args]
        store: Store = self._store
        return store.repeat(lambda: method(self, *kept, **named))

    return again


def chunks(items: Iterable[T]) -> Iterator[list[T]]:
    """Cut *items* into lists that one statement can take."""
    return batches(items, CHUNK)
