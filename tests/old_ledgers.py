"""Filled ledgers as each release wrote them, as SQL text; scripts/make-ledger makes that of today."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

from bot.ledger.tables import SCHEMA
from bot.ledger.tiers import Holding
from scoring.tiers import Held
from tests.bot.scene import Scene
from tests.builders import a_change, a_task
from tests.databases import Database

FOLDER = Path(__file__).parent / "data" / "ledger"
NAMES = ("Ada Example", "Ёлка 木 🦄")


def path_of(schema: int, kind: str) -> Path:
    """The file with a ledger of this version, from a database of this kind."""
    return FOLDER / f"schema-{schema}-{kind}.sql.gz"


def restore(database: Database, schema: int) -> None:
    """Fill an empty database with the ledger of an earlier version."""
    database.load(gzip.decompress(path_of(schema, database.kind).read_bytes()))


def make(database: Database, folder: Path) -> Path:
    """Fill an empty database as today's version does, and keep what is in it."""
    scene = Scene(folder, database)
    scene.exists(*NAMES, "Bert")
    for name in NAMES:
        scene.registers(name)
    scene.merges(
        *(a_change(n, f"gerrit:{NAMES[n % 2]}", tasks=(100 + n // 2,)) for n in range(1, 20)),
        a_change(30, "gerrit:Bert", tasks=(100,)),
    )
    for number in range(100, 110):
        scene.task(a_task(number))
    scene.round()
    for person in scene.ledger.people.all():
        held = Held("task-tamer", 1, date(2026, 1, 2), 1 / 3, "rules", None, None)
        scene.ledger.tiers.keep(person.id, Holding((held,), {"task-tamer": 5}))
    scene.ledger.close()
    target = path_of(SCHEMA, database.kind)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(as_sql(database), mtime=0))
    return target


def as_sql(database: Database) -> bytes:
    """What makes the same database out of an empty one."""
    if database.kind == "mariadb":
        # Neither the day nor the version of the programs: the same ledger is the same file.
        lines = database.dump().splitlines(keepends=True)
        return b"".join(line for line in lines if not line.startswith(b"-- "))
    with closing(sqlite3.connect(database.url.removeprefix("sqlite:///"))) as connection:
        return "\n".join(connection.iterdump()).encode()
