"""From the tables of one release to those of the next, on both databases.

A change of tables is three things: the tables (``bot.ledger.tables``) with ``SCHEMA`` one higher, one
function at the end of ``STEPS`` that makes the old tables so, and a ledger of the release before in
``tests/data/ledger`` (``scripts/make-ledger``), which the tests upgrade on both databases.

MariaDB stores every change of a table at once, whatever transaction it stands in. So a step may be cut
off anywhere, and is then done again from its beginning: each must do only what is not done yet. The
version is written last. A step says in its own words what it needs; it does not use ``bot.ledger.tables``,
which goes on changing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Column, Connection, insert, inspect, literal, select, text, update
from sqlalchemy.schema import CreateColumn

from bot.errors import Busy, LedgerError
from bot.ledger.engine import is_mariadb
from bot.ledger.tables import SCHEMA, memo, metadata

Step = Callable[[Connection], None]

FIRST = 4
"""The tables of the first release. Ledgers of earlier ones hold nothing that a round cannot find again."""
STEPS: tuple[Step, ...] = ()
"""The first leads from ``FIRST`` to the next version, and so on."""
PATIENCE = 60
"""Seconds to wait for another process that makes or upgrades the tables."""


def prepare(connection: Connection) -> None:
    """Make the tables of an empty database; leave those of an earlier release as they are.

    Raises:
        LedgerError: a newer version of the program wrote them, or one from before the first release.
        Busy: another process makes or upgrades them.

    """
    found = version(connection)
    connection.rollback()
    if found is None:
        with _alone(connection), connection.begin():
            if version(connection) is None:
                metadata.create_all(connection)
                connection.execute(insert(memo).values(name="schema", value=str(SCHEMA)))
        found = version(connection)
        connection.rollback()
    _check(found or SCHEMA)


def is_outdated(connection: Connection) -> bool:
    """Whether an earlier release made the tables."""
    found = version(connection)
    connection.rollback()
    return found is not None and found < SCHEMA


def upgrade(connection: Connection) -> None:
    """Do the steps that are missing, each with its version. Cut off anywhere, it goes on from there."""
    with _alone(connection):
        while is_outdated(connection):
            with connection.begin():
                found = version(connection)
                if found is not None and found < SCHEMA:  # Nobody else was faster.
                    STEPS[found - FIRST](connection)
                    same = memo.c.name == "schema"
                    connection.execute(update(memo).where(same).values(value=str(found + 1)))


def version(connection: Connection) -> int | None:
    """The version of the tables; None where they were not made, or not all of them."""
    if not inspect(connection).has_table(memo.name):
        return None
    found = connection.execute(select(memo.c.value).where(memo.c.name == "schema")).scalar()
    return None if found is None else int(found)


def add_column(connection: Connection, table: str, column: Column[object], filled: object) -> None:
    """Add a column that is not there yet, *filled* with one value in the rows that are."""
    there = {one["name"] for one in inspect(connection).get_columns(table)}
    if column.name in there:
        return
    dialect = connection.dialect
    quoted = dialect.identifier_preparer.quote(table)
    column = column._copy()
    column.server_default = None
    made = CreateColumn(column).compile(dialect=dialect)
    value = literal(filled, column.type).compile(
        dialect=dialect, compile_kwargs={"literal_binds": True}
    )
    connection.exec_driver_sql(f"ALTER TABLE {quoted} ADD COLUMN {made} DEFAULT {value}")


def _check(found: int) -> None:
    if found < FIRST:
        raise LedgerError(
            f"This ledger was written before the first release (schema {found}, ours is {SCHEMA}):"
            " point BADGES_DATABASE_URL to a new one; the next round fills it."
        )
    if found > SCHEMA:
        raise LedgerError(
            f"This ledger was written by a newer version of the program (schema {found}, ours is"
            f" {SCHEMA}): install that version, or point BADGES_DATABASE_URL elsewhere."
        )


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """Keep other processes from making or upgrading the same tables; SQLite's transactions do that."""
    if not is_mariadb(connection.dialect.name):
        yield
        return
    # Of the connection, not of a transaction; and a process that dies gives it back.
    name = "CONCAT('ledger ', SHA1(DATABASE()))"
    if connection.execute(text(f"SELECT GET_LOCK({name}, {PATIENCE})")).scalar() != 1:
        raise Busy("Another process is upgrading the ledger: this one ends without doing anything.")
    connection.rollback()
    try:
        yield
    finally:
        connection.rollback()
        connection.execute(text(f"DO RELEASE_LOCK({name})"))
        connection.rollback()
