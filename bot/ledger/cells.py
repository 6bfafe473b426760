"""Everything that is in the ledger, for searching: cell by cell, and as it lies on the disk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bot.ledger.store import Store, repeating
from bot.ledger.tables import metadata


class Cells:
    """The ledger without its meaning."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Every row of every table: the name of the table, and its values by column."""
        with self._store.transaction() as db:
            for table in metadata.sorted_tables:
                for row in db.execute(select(table)).mappings():
                    yield table.name, dict(row)

    def files(self) -> tuple[Path, ...]:
        """The files of SQLite, its log among them; none where a server keeps the ledger."""
        path = self._store.path
        beside = () if path is None else (path, path.with_name(f"{path.name}-wal"))
        return tuple(one for one in beside if one.is_file())


@repeating
class Sizes:
    """How many rows each table has."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> dict[str, int]:
        """The number of rows by the name of the table."""
        with self._store.transaction() as db:
            return {
                table.name: db.execute(select(func.count()).select_from(table)).scalar_one()
                for table in metadata.sorted_tables
            }
