"""A ledger of every release is upgraded, wherever the upgrade is cut off; a newer one is refused."""

import re
from pathlib import Path

import pytest
from sqlalchemy import Column, String, inspect, text

from bot.errors import Busy, LedgerError
from bot.ledger import Ledger, migrations
from bot.ledger.migrations import FIRST, STEPS, add_column
from bot.ledger.tables import SCHEMA, metadata
from bot.lock import LEASE_SECONDS
from tests.bot.scene import Scene
from tests.builders import a_change, a_task
from tests.old_ledgers import FOLDER, restore


class Died(BaseException):
    """What happens to a process where it is killed."""


@pytest.fixture
def ada(scene):
    scene.exists("Ada", "Bert")
    scene.registers("Ada")
    scene.merges(a_change(1, "gerrit:Ada", tasks=(100,)), a_change(2, "gerrit:Bert", tasks=(100,)))
    scene.task(a_task(100))
    scene.round()
    return scene


def give_a_mood(db):
    """A made-up change of tables, of two parts: a column, and what stands in it for some."""
    add_column(db, "person", Column("mood", String(40), nullable=False), "it's 100% good")
    db.execute(text("UPDATE person SET mood = 'fine' WHERE name = 'Ada'"))


def make_diary(db):
    db.execute(text("CREATE TABLE IF NOT EXISTS diary (day VARCHAR(10) PRIMARY KEY)"))


@pytest.fixture
def release(monkeypatch):
    """A version of the program with these steps more."""

    def make(*steps):
        monkeypatch.setattr(migrations, "STEPS", (*STEPS, *steps))
        monkeypatch.setattr(migrations, "SCHEMA", SCHEMA + len(steps))

    return make


def engine_of(scene):
    return scene.ledger._store._engine


def told(scene, query):
    with scene.ledger.together():
        return scene.ledger._store._connection.execute(text(query)).scalar()


def test_every_step_has_a_version():
    assert FIRST + len(STEPS) == SCHEMA


def test_a_filled_ledger_is_upgraded_and_the_next_round_edits_nothing(ada, release):
    release(give_a_mood, make_diary)
    ada.ledger.close()
    ada.ledger = ada.database.open()

    assert told(ada, "SELECT mood FROM person") == "fine"
    assert told(ada, "SELECT COUNT(*) FROM diary") == 0
    assert ada.ledger.notes.recall("schema") == SCHEMA + 2
    assert ada.ledger.notes.lock_holder() == ""
    assert ada.round().outcome.saved == []


@pytest.mark.parametrize("point", range(8))
def test_an_upgrade_that_died_anywhere_is_done_by_the_next_start(ada, release, monkeypatch, point):
    """MariaDB keeps what was done to a table; so each step finds what is done already."""
    from sqlalchemy import event

    release(give_a_mood, make_diary)
    ada.ledger.close()
    left = point

    def die(_connection, _cursor, statement, *_more):
        nonlocal left
        if re.match(r"ALTER|CREATE|UPDATE (person|memo)", statement):
            left -= 1
            if left < 0:
                raise Died

    made = migrations.upgrade

    def upgrade(connection):
        moment = "before" if point % 2 else "after"
        event.listen(connection, f"{moment}_cursor_execute", die)
        made(connection)

    monkeypatch.setattr("bot.ledger.store.upgrade", upgrade)
    try:
        ada.database.open()
    except Died:
        pass
    else:
        assert point >= 5  # There are five statements.
    monkeypatch.setattr("bot.ledger.store.upgrade", made)
    ada.ledger = ada.database.open()

    assert told(ada, "SELECT mood FROM person") == "fine"
    assert ada.ledger.notes.recall("schema") == SCHEMA + 2
    assert told(ada, "SELECT COUNT(*) FROM diary") == 0


def test_a_newer_ledger_is_refused_calmly_and_left_as_it_is(ada, release):
    ada.ledger.notes.remember("schema", SCHEMA + 1)
    with pytest.raises(LedgerError, match="newer version") as error:
        ada.database.open()
    assert "install that version" in str(error.value)
    assert ada.ledger.notes.recall("schema") == SCHEMA + 1


def test_one_from_before_the_first_release_is_refused_calmly(ada):
    ada.ledger.notes.remember("schema", FIRST - 1)
    with pytest.raises(LedgerError, match="before the first release"):
        ada.database.open()


def test_no_upgrade_while_a_round_of_the_release_before_is_running(ada, release):
    release(give_a_mood)
    assert ada.ledger.notes.take_lock("elsewhere 1 1 x", LEASE_SECONDS)
    with pytest.raises(Busy):
        ada.database.open()
    assert ada.ledger.notes.recall("schema") == SCHEMA

    ada.ledger.notes.free_lock("elsewhere 1 1 x")
    assert ada.database.open().notes.recall("schema") == SCHEMA + 1


def test_making_the_tables_that_died_half_way_is_done_by_the_next_start(database, monkeypatch):
    real = metadata.create_all

    def die(connection):
        real(connection, tables=metadata.sorted_tables[:7])
        raise Died

    monkeypatch.setattr(metadata, "create_all", die)
    with pytest.raises(Died):
        database.open()
    monkeypatch.undo()
    ledger = database.open()

    assert ledger.notes.recall("schema") == SCHEMA
    assert ledger.people.all() == []
    ledger.close()


@pytest.mark.parametrize("schema", range(FIRST, SCHEMA + 1))
def test_a_ledger_of_every_release_has_todays_tables_after_its_upgrade(database, tmp_path, schema):
    """And the people, facts and tiers that were in it; see scripts/make-ledger."""
    restore(database, schema)
    scene = Scene(tmp_path, database)

    assert {one.name for one in scene.ledger.people.all()} == {"Ada Example", "Ёлка 木 🦄"}
    assert any(one.held for one in scene.ledger.tiers.all().values())
    found = inspect(engine_of(scene))
    for table in metadata.sorted_tables:
        there = {one["name"]: one["nullable"] for one in found.get_columns(table.name)}
        assert there == {column.name: column.nullable for column in table.columns}, table.name
    scene.ledger.close()


def test_there_is_a_ledger_of_every_release_in_both_databases():
    kept = {path.name for path in Path(FOLDER).iterdir()}
    assert kept == {
        f"schema-{schema}-{kind}.sql.gz"
        for schema in range(FIRST, SCHEMA + 1)
        for kind in ("sqlite", "mariadb")
    }


def test_only_ledgers_open(tmp_path):
    (tmp_path / "x.sqlite").write_text("This is no database.\n" * 100)
    with pytest.raises(LedgerError, match="cannot be opened"):
        Ledger.open(f"sqlite:///{tmp_path / 'x.sqlite'}")
