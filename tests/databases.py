"""The two databases that a ledger can lie in, for tests: SQLite, and a real MariaDB."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

from bot.ledger import Ledger
from scripts.local.mariadb_site import Server


@dataclass(frozen=True)
class Database:
    """A database: its address, ``dump`` for every byte in it, ``lose`` to empty it,
    ``load`` to fill it with SQL.
    """

    kind: str
    url: str
    dump: Callable[[], bytes]
    lose: Callable[[], object]
    load: Callable[[bytes], object]

    def open(self) -> Ledger:
        """One more ledger of it."""
        return Ledger.open(self.url)


def sqlite_in(folder: Path, name: str = "ledger") -> Database:
    """A file that is not there yet."""
    path = folder / f"{name}.sqlite"

    def dump() -> bytes:
        """Every byte of the files, deleted rows included."""
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        files = (path, path.with_name(f"{path.name}-wal"))  # Beside them: which page is where.
        return b"".join(file.read_bytes() for file in files if file.exists())

    def lose() -> None:
        for file in folder.glob(f"{name}.sqlite*"):
            file.unlink()

    def load(sql: bytes) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(sql.decode())

    return Database("sqlite", f"sqlite:///{path}", dump, lose, load)


def mariadb_at(server: Server, name: str) -> Database:
    """An empty database of this name."""
    url = server.create(name)
    return Database(
        "mariadb",
        url,
        lambda: dumped(server, name),
        lambda: server.create(name),
        lambda sql: server.ask(sql.decode(), name),
    )


def dumped(server: Server, name: str) -> bytes:
    """What ``mariadb-dump`` writes, as docs/operating.md says to call it."""
    options = ["--single-transaction", "--user=root", f"--socket={server.socket}"]
    command = [server.programs.path("bin/mariadb-dump"), "--no-defaults", *options, name]
    return subprocess.run(
        command, env=server.programs.environment, capture_output=True, check=True
    ).stdout


def unavailable(reason: str) -> NoReturn:
    """Skip, or fail where every test has to run."""
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
