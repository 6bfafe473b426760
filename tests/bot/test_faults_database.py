"""The fault matrix of the database: whatever becomes of it in the middle of a round, one round makes it good.

docs/faults.md has the table; tests/bot/test_databases.py and test_migrations.py have what happens to single
steps, at the start, and to upgrades.
"""

import re
import shutil
import sqlite3
from copy import deepcopy

import pytest

from bot.cli import _explain_error
from bot.errors import Busy, LedgerError
from bot.ledger import Ledger
from bot.logs import logging_to
from tests.bot.scene import Scene
from tests.builders import a_change, a_task
from tests.databases import Database, mariadb_at

FAILED = 1
PASSWORD = "sesame-open"
NEVER = 10**9
PEOPLE = ("Ada", "Bert")


@pytest.fixture
def quick(monkeypatch):
    """Whoever waits for the database has waited at once."""
    monkeypatch.setattr("bot.ledger.store.PAUSES", (0, 0))
    monkeypatch.setattr("bot.ledger.engine.PATIENCE", 1)


def tell(scene):
    """Ada and Bert joined and were read; then something new happened to both."""
    scene.exists(*PEOPLE, "Zoe")
    for name in PEOPLE:
        scene.registers(name)
    scene.merges(a_change(1, "gerrit:Ada", tasks=(100,)), a_change(2, "gerrit:Bert", tasks=(100,)))
    scene.task(a_task(100), owner="Ada")
    scene.round()
    scene.merges(
        a_change(11, "gerrit:Ada", tasks=(101,), merged=scene.now),
        a_change(12, "gerrit:Zoe", tasks=(100,), merged=scene.now),
        a_change(13, "gerrit:Bert", merged=scene.now),
    )
    scene.task(a_task(101), owner="Ada", touched=scene.now)
    scene.registers("Zoe")
    return scene


def pages(scene):
    return {title: scene.wiki.text(title) for title in scene.wiki.pages}


def calm(error, capsys, *secrets):
    """Whether an error ends the command with one sentence, without a secret and without a traceback."""
    capsys.readouterr()
    with logging_to("json", "debug"):
        code = _explain_error(error)
    said = capsys.readouterr().err
    assert code == error.exit_code
    assert said.count("\n") == 1
    assert "traceback" not in said
    assert not any(secret in said for secret in secrets)
    return said


def mend(scene):
    """The database is well again, and the process that met the fault has ended."""
    scene.ledger.close()
    scene.ledger = scene.database.open()
    scene.ledger.notes.free_lock(scene.ledger.notes.lock_holder())
    return scene


class FaultyFile:
    """SQLite's file, in whose steps something goes wrong from the *start*-th on."""

    def __init__(self):
        self.steps, self.start, self.fault = 0, NEVER, ""

    def connect(self, *args, **named):
        faulty = self

        class Cursor(sqlite3.Cursor):
            def execute(self, sql, *more):
                faulty.before(sql)
                return super().execute(sql, *more)

            def executemany(self, sql, *more):
                faulty.before(sql)
                return super().executemany(sql, *more)

        class Connection(sqlite3.Connection):
            def cursor(self, _factory=None):
                return super().cursor(Cursor)

        return _connect(*args, **{**named, "factory": Connection})

    def before(self, sql):
        self.steps += sql.startswith("BEGIN")
        every, error = FILE_FAULTS.get(self.fault, ("", None))
        if self.steps >= self.start and re.match(every, sql):
            raise error


_connect = sqlite3.connect
WRITING = r"(INSERT|UPDATE|DELETE)\b"
FILE_FAULTS = {
    "the disk is full": (WRITING, sqlite3.OperationalError("database or disk is full")),
    "the file is read-only": (
        WRITING,
        sqlite3.OperationalError("attempt to write a readonly database"),
    ),
    "the disk fails": ("", sqlite3.OperationalError("disk I/O error")),
    "the file is damaged": ("", sqlite3.DatabaseError("database disk image is malformed")),
    "the file is gone": ("", sqlite3.OperationalError("unable to open database file")),
}


def test_a_file_that_fails_at_any_step_costs_nobody_anything(tmp_path, monkeypatch, quick, capsys):
    """The faults take turns, step by step. It ends calmly, and one round makes it good."""
    file = FaultyFile()
    monkeypatch.setattr(sqlite3.dbapi2, "connect", file.connect)
    (tmp_path / "start").mkdir()
    start = tell(Scene(tmp_path / "start"))
    start.ledger.close()

    def again(name):
        folder = tmp_path / name
        folder.mkdir()
        shutil.copy(tmp_path / "start" / "ledger.sqlite", folder / "ledger.sqlite")
        scene = Scene(folder)
        scene.wiki, scene.now = deepcopy(start.wiki), start.now
        scene.gerrit, scene.phabricator = start.gerrit, start.phabricator
        return scene

    unharmed = again("unharmed")
    file.steps = 0
    unharmed.round()
    steps = file.steps
    unharmed.round()
    assert steps > 40

    for step in range(1, steps + 1, 6):
        scene = again(str(step))
        file.fault = list(FILE_FAULTS)[step // 6 % len(FILE_FAULTS)]
        file.steps, file.start = 0, step
        try:
            scene.round()
        except LedgerError as error:
            said = calm(error, capsys, str(tmp_path))
            assert "nothing of this step was stored" in said, file.fault
        else:
            assert step > steps - 3 or re.match(WRITING, FILE_FAULTS[file.fault][0]), step
        file.start = NEVER

        mend(scene).round()
        assert pages(scene) == pages(unharmed), (step, file.fault)
        assert len(scene.wiki.edits) == len(unharmed.wiki.edits), (step, file.fault)
        scene.ledger.close()
    start.ledger.close()
    unharmed.ledger.close()


@pytest.fixture
def told(tmp_path):
    """Ada and Bert in a file of SQLite."""
    scene = tell(Scene(tmp_path))
    yield scene
    scene.ledger.close()


def pragma(scene, text):
    """Set something on the connection that the ledger keeps."""
    with scene.ledger.together():
        answer = scene.ledger._store._connection.exec_driver_sql(f"PRAGMA {text}")
        return answer.scalar() if answer.returns_rows else None


def test_a_disk_that_is_really_full_ends_the_round_before_any_edit(told, quick, capsys):
    told.merges(*(a_change(n, "gerrit:Ada", merged=told.now) for n in range(1000, 1800)))
    pragma(told, f"max_page_count={pragma(told, 'page_count')}")
    before = pages(told)

    with pytest.raises(LedgerError) as caught:
        told.round()

    assert "Check the database and its disk" in calm(caught.value, capsys, told.database.url)
    assert pages(told) == before
    mend(told).round()
    assert told.page("Ada")["total"]["patches"] == 802


def test_a_file_that_is_really_read_only_ends_the_round_before_any_edit(told, quick, capsys):
    pragma(told, "query_only=ON")
    before = pages(told)

    with pytest.raises(LedgerError) as caught:
        told.round()

    calm(caught.value, capsys, told.database.url)
    assert pages(told) == before
    mend(told).round()
    assert told.page("Ada")["total"]["patches"] == 2


def test_a_file_that_is_really_damaged_is_said_and_a_new_one_finds_everything_again(
    told, quick, capsys
):
    told.round()
    expected = pages(told)
    told.ledger.close()
    path = told.database.url.removeprefix("sqlite:///")
    with open(path, "r+b") as file:
        file.seek(2 * 4096)
        file.write(b"\xa5" * 4096 * 20)
    caught = None
    try:
        told.ledger = told.database.open()
        told.round()
    except LedgerError as error:
        caught = error

    assert caught is not None
    calm(caught, capsys, path)
    assert pages(told) == expected
    told.ledger.close()
    told.database.lose()
    told.ledger = told.database.open()
    assert told.round().outcome.saved == []
    assert pages(told) == expected


@pytest.fixture
def tool(server, tmp_path, quick, careless_driver):
    """Ada and Bert in a MariaDB, by a user who has the rights that a tool has there: in its own database."""
    mariadb_at(server, "tooldb")
    server.ask(
        f"CREATE OR REPLACE USER tool@localhost IDENTIFIED BY '{PASSWORD}';"
        " GRANT ALL ON tooldb.* TO tool@localhost"
    )
    url = f"mysql+pymysql://tool:{PASSWORD}@localhost/tooldb?unix_socket={server.socket}"
    database = Database("mariadb", url, bytes, lambda: None, lambda sql: None)
    scene = tell(Scene(tmp_path, database))
    yield scene
    scene.ledger.close()
    server.ask("DROP USER tool@localhost; DROP DATABASE tooldb")


def asks(question, strike):
    """Do *strike* when a source is asked: in the middle of a round, before anything is edited."""

    def ask(*args):
        strike()
        return question(*args)

    return ask


def failing(number, state="HY000"):
    """The server fails with *number* whenever a change is to be stored."""
    return (
        "CREATE TRIGGER tooldb.failing BEFORE INSERT ON tooldb.change FOR EACH ROW"
        f" SIGNAL SQLSTATE '{state}' SET MYSQL_ERRNO = {number}",
        "DROP TRIGGER tooldb.failing",
    )


SERVER_FAULTS = {
    "its tables are full": (*failing(1114), "the database is full"),
    "its disk is full": (*failing(1021), "the disk of the database is full"),
    "a deadlock that comes again": (*failing(1213, "40001"), "Another round holds the ledger"),
    "a lock that is not given": (*failing(1205), "Another round holds the ledger"),
    "read-only": (
        "SET GLOBAL read_only = 1",
        "SET GLOBAL read_only = 0",
        "the database is read-only for now",
    ),
    "a right is gone": (
        "REVOKE ALL ON tooldb.* FROM tool@localhost; GRANT SELECT ON tooldb.* TO tool@localhost",
        "GRANT ALL ON tooldb.* TO tool@localhost",
        "this user may not do that",
    ),
    "another password": (
        "ALTER USER tool@localhost IDENTIFIED BY 'new'",
        f"ALTER USER tool@localhost IDENTIFIED BY '{PASSWORD}'",
        "refuses the user or the password",
    ),
    "locked account": (
        "ALTER USER tool@localhost ACCOUNT LOCK",
        "ALTER USER tool@localhost ACCOUNT UNLOCK",
        "has locked the account of this user",
    ),
    "a table is gone": (
        "CREATE DATABASE aside; RENAME TABLE tooldb.person TO aside.person",
        "RENAME TABLE aside.person TO tooldb.person; DROP DATABASE aside",
        "The ledger failed",
    ),
}


@pytest.mark.mariadb
def test_a_server_that_refuses_in_the_middle_of_a_round_costs_nobody_anything(tool, server, capsys):
    """One fault after the other, in one database: each round ends before its first edit."""
    before = pages(tool)
    feed = tool.gerrit.merged_since
    for name, (strike, heal, says) in SERVER_FAULTS.items():
        tool.gerrit.merged_since = asks(feed, lambda strike=strike: server.ask(strike))
        try:
            with pytest.raises((LedgerError, Busy)) as caught:
                tool.round()
        finally:
            server.ask(heal)
            tool.gerrit.merged_since = feed
        assert says in calm(caught.value, capsys, PASSWORD, server.socket), name
        assert pages(tool) == before, name
        mend(tool)

    tool.round()

    assert (tool.page("Ada")["total"]["patches"], tool.page("Bert")["total"]["patches"]) == (2, 2)
    assert tool.round().outcome.saved == []


@pytest.mark.mariadb
def test_a_server_that_is_away_for_longer_than_we_wait_ends_the_round(tool, server, capsys):
    before = pages(tool)
    tool.gerrit.merged_since = asks(tool.gerrit.merged_since, server.stop)

    with pytest.raises(LedgerError, match="no database answers at that place") as caught:
        tool.round()

    del tool.gerrit.merged_since
    calm(caught.value, capsys, PASSWORD, server.socket)
    assert pages(tool) == before
    with pytest.raises(LedgerError, match="no database answers at that place"):
        Ledger.open(tool.database.url)
    server.start()
    mend(tool).round()
    assert tool.page("Ada")["total"]["patches"] == 2


@pytest.mark.mariadb
def test_connections_that_are_killed_all_through_a_round_are_made_anew(tool, server):
    """Every third time that the round writes something, its connection is cut (2006, 2013)."""
    from sqlalchemy import event

    engine, count = tool.ledger._store._engine, iter(range(NEVER))

    def cut(connection, _cursor, statement, *_more):
        if re.match(WRITING, statement) and next(count) % 7 == 3:
            number = connection.connection.driver_connection.thread_id()
            server.ask(f"KILL {number}")

    event.listen(engine, "after_cursor_execute", cut)
    errors = 0
    for _ in range(40):
        try:
            tool.round()
        except (LedgerError, Busy):  # Within a step of several parts: the next round does it again.
            errors += 1
            tool.ledger.notes.free_lock(tool.ledger.notes.lock_holder())
        else:
            break
    event.remove(engine, "after_cursor_execute", cut)

    assert next(count) > 10
    tool.round()
    assert (tool.page("Ada")["total"]["patches"], tool.page("Bert")["total"]["patches"]) == (2, 2)
    assert tool.round().outcome.saved == []
