"""What must be the same on SQLite and MariaDB, and what each does when it is in trouble."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.errors import Busy, LedgerError
from bot.ledger import Ledger
from bot.ledger.background import Background
from bot.ledger.tiers import Holding
from scoring.model import File
from scoring.tiers import Held
from tests.builders import a_change, a_task
from tests.databases import sqlite_in

HERE = Path(__file__).parents[2]
ALIKE = ("Ada", "ada", "Áda", "Ada ", "Ёлка 木 🦄", "Ёлка 木 🦅", "ß", "ss")
mariadb_only = pytest.mark.mariadb


@pytest.fixture
def ledger(database):
    ledger = database.open()
    yield ledger
    ledger.close()


@pytest.fixture
def ada(scene):
    scene.exists("Ada", "Ёлка 木 🦄")
    scene.registers("Ada")
    scene.registers("Ёлка 木 🦄")
    scene.merges(
        a_change(1, "gerrit:Ada", tasks=(100,)), a_change(2, "gerrit:Ёлка 木 🦄", tasks=(100, 101))
    )
    scene.task(a_task(100))
    scene.task(a_task(101))
    scene.round()
    assert scene.page("Ёлка 木 🦄")["total"]["patches"] == 1
    return scene


def test_names_that_look_alike_are_different_names(ledger):
    day = date(2026, 1, 2)
    for number, name in enumerate(ALIKE, 1):
        ledger.notes.remember(f"memo {name}", name)
        person = ledger.people.join(number, number, name, name, "digest")
        assert ledger.people.prove(person, "github", name, name, "link", day)

    assert [one.name for one in ledger.people.all()] == list(ALIKE)
    assert [one.key for one in ledger.people.accounts()] == list(ALIKE)
    assert [ledger.notes.recall(f"memo {name}") for name in ALIKE] == list(ALIKE)
    assert not ledger.people.prove(person, "github", "Ada", "Ada", "link", day)


def test_numbers_come_back_to_the_last_digit(ledger):
    ada = ledger.people.join(2**40, 2**40, "Ada", "", "digest")
    held = Held("task-tamer", 1, date(2026, 1, 2), 1 / 3, "rules", None, 12345.678901234567)
    ledger.tiers.keep(ada.id, Holding((held,), {"task-tamer": 20_000_003}))

    assert ledger.tiers.of(ada).held == (held,)
    assert ledger.tiers.of(ada).counts["task-tamer"] == 20_000_003


def test_values_far_over_64_kib_are_kept_whole(ledger):
    large = ["🦄" * 1000] * 300
    ledger.notes.remember("large", large)
    ada = ledger.people.join(1, 1, "Ada", "", "digest")
    ledger.people.prove(ada, "gerrit", "gerrit:Ada", "Ada", "link", date(2026, 1, 2))
    files = tuple(File(f"{'folder/' * 30}{n}.py", 1, n) for n in range(3000))
    ledger.facts.store_changes("gerrit", [a_change(1, "gerrit:Ada", files=files)])

    assert ledger.notes.recall("large") == large
    (change,) = ledger.views.of(ada, Background()).changes
    assert change.files == files


def test_a_change_whose_key_no_column_takes_is_left_out_and_stops_nobody(ada):
    project = "group/" * 60
    ada.merges(
        a_change(9, "gerrit:Ada", project=project, merged=ada.now),
        a_change(10, "gerrit:Ada", merged=ada.now),
    )
    done = ada.round()

    assert not done.partly
    assert ada.page("Ada")["total"]["patches"] == 2


def test_a_ledger_restored_from_its_backup_makes_the_next_round_edit_nothing(ada, tmp_path):
    """By the commands of docs/operating.md, made while the ledger is open."""
    if ada.database.kind == "sqlite":
        path = ada.database.url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("VACUUM INTO ?", (str(tmp_path / "backup"),))
    else:
        backup = ada.database.dump()
    ada.ledger.close()
    ada.database.lose()
    if ada.database.kind == "sqlite":
        (tmp_path / "backup").rename(path)
    else:
        ada.database.load(backup)
    ada.ledger = ada.database.open()
    requests = len(ada.wiki.pages)

    assert ada.round().outcome.saved == []
    assert ada.round(full=True).outcome.saved == []
    assert len(ada.wiki.pages) == requests


def test_an_empty_ledger_finds_everything_again_and_edits_nothing(ada):
    """Facts at the sources, entries in the registry, and tiers on the bot's own pages."""
    before = {title: ada.wiki.text(title) for title in ada.wiki.pages}
    ada.ledger.close()
    ada.database.lose()
    ada.ledger = ada.database.open()

    assert ada.round().outcome.saved == []
    assert {title: ada.wiki.text(title) for title in ada.wiki.pages} == before
    assert ada.round(full=True).outcome.saved == []
    assert any(one.held for one in ada.ledger.tiers.all().values())


def test_what_locks_the_database_is_waited_for_and_then_said_calmly(database, monkeypatch):
    monkeypatch.setattr("bot.ledger.engine.PATIENCE", 1)
    monkeypatch.setattr("bot.ledger.store.PAUSES", (0.1,))
    one, other = database.open(), database.open()
    one.notes.remember("x", 1)
    with one.together():
        one.notes.remember("x", 2)
        with pytest.raises(Busy, match="holds the ledger"):
            other.notes.remember("x", 3)

    assert other.notes.recall("x") == 2


@mariadb_only
def test_who_waited_too_long_for_a_lock_asks_again(mariadb, monkeypatch):
    monkeypatch.setattr("bot.ledger.engine.PATIENCE", 1)
    one, other = mariadb.open(), mariadb.open()
    one.notes.remember("x", 1)
    with one.together():
        one.notes.remember("x", 2)
        waiting = threading.Thread(target=other.notes.remember, args=("x", 3))
        waiting.start()
        time.sleep(1.5)
    waiting.join()

    assert one.notes.recall("x") == 3


@pytest.fixture
def breaks(server):
    """Have the server cut the connection of a ledger after its next statement of a kind."""

    def once(ledger, begin):
        def cut(connection, _cursor, statement, *_more):
            if statement.startswith(begin):
                event.remove(ledger._store._engine, "after_cursor_execute", cut)
                number = connection.connection.driver_connection.thread_id()
                server.ask(f"KILL {number}")

        event.listen(ledger._store._engine, "after_cursor_execute", cut)

    return once


@mariadb_only
@pytest.mark.parametrize("begin", ["DELETE", "INSERT"])
def test_what_a_lost_connection_undid_is_done_again(mariadb, breaks, begin):
    ledger = mariadb.open()
    breaks(ledger, begin)
    ledger.notes.remember("x", 1)

    assert ledger.notes.recall("x") == 1


@mariadb_only
def test_what_can_be_read_only_once_is_all_there_the_second_time(mariadb, breaks):
    ledger = mariadb.open()
    ada = ledger.people.join(1, 1, "Ada", "", "digest")
    ledger.people.prove(ada, "gerrit", "gerrit:Ada", "Ada", "link", date(2026, 1, 2))
    breaks(ledger, "INSERT INTO naming")
    ledger.facts.store_changes(
        "gerrit", (a_change(n, "gerrit:Ada", tasks=(n,)) for n in range(1, 4))
    )

    assert ledger.facts.shared_tasks() == {1, 2, 3}


@mariadb_only
def test_of_what_belongs_together_a_lost_connection_leaves_nothing(mariadb, breaks):
    ledger = mariadb.open()
    breaks(ledger, "INSERT")

    def both():
        with ledger.together():
            ledger.notes.remember("x", 1)
            ledger.notes.remember("y", 1)

    with pytest.raises(LedgerError, match="the next round goes on from here"):
        both()

    assert (ledger.notes.recall("x"), ledger.notes.recall("y")) == (None, None)


@mariadb_only
def test_a_server_that_is_started_anew_is_waited_for(mariadb, server, careless_driver):
    ledger = mariadb.open()
    ledger.notes.remember("x", 1)
    server.stop()
    again = threading.Timer(0.5, server.start)
    again.start()

    assert ledger.notes.recall("x") == 1
    again.join()


def test_a_rehearsal_that_is_killed_leaves_no_copy_of_the_ledger(database, tmp_path, monkeypatch):
    folder = tmp_path / "temporary"
    folder.mkdir()
    for name in ("TMPDIR", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(folder))
    ledger = database.open()
    for number in range(20):  # More than what is kept in memory.
        ledger.notes.remember(f"much {number}", "Ada Example " * 50_000)
    code = (
        "import os, sys; from bot.ledger import Ledger; ledger = Ledger.open(sys.argv[1])\n"
        "with ledger.rehearsal(): ledger.notes.remember('x', 1); os.kill(os.getpid(), 9)"
    )
    killed = subprocess.run([sys.executable, "-c", code, database.url], cwd=HERE, check=False)

    assert killed.returncode == -signal.SIGKILL
    assert list(folder.iterdir()) == []
    assert ledger.notes.recall("x") is None
    ledger.close()


def test_the_file_of_the_ledger_and_its_log_are_for_their_owner_alone(tmp_path):
    before = os.umask(0o022)
    try:
        ledger = sqlite_in(tmp_path).open()
        ledger.notes.remember("x", 1)
        files = ledger.cells.files()
        assert [stat.S_IMODE(one.stat().st_mode) for one in files] == [0o600, 0o600]
        ledger.close()
    finally:
        os.umask(before)


@mariadb_only
def test_no_connection_is_kept_between_steps_nor_during_a_preview(mariadb, server):
    ledger = mariadb.open()
    ledger.notes.remember("x", 1)
    idle = "SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'badges'"
    with ledger.rehearsal():
        ledger.notes.remember("x", 2)
        assert ledger.notes.recall("x") == 2
        assert server.ask(idle).strip() == "0"

    assert ledger.notes.recall("x") == 1
    assert server.ask(idle).strip() == "0"


@mariadb_only
def test_a_server_that_cuts_what_is_too_long_is_told_not_to(mariadb, server):
    strict = server.ask("SELECT @@GLOBAL.sql_mode").strip()
    server.ask("SET GLOBAL sql_mode = ''")
    try:
        ledger = mariadb.open()
        with pytest.raises(LedgerError, match="nothing of this step was stored"):
            ledger.people.join(1, 1, "x" * 300, "", "digest")
        assert ledger.people.all() == []
    finally:
        server.ask(f"SET GLOBAL sql_mode = '{strict}'")


@mariadb_only
@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (
            lambda url, password: url.replace(password, "hunter2"),
            "refuses the user or the password",
        ),
        (lambda url, _: url.replace("/ledger?", "/nowhere?"), "create it first"),
        (lambda url, _: url.replace("unix_socket=", "unix_socket=/no"), "no database answers"),
        (lambda url, _: url.partition("?")[0].replace("localhost", "127.0.0.1:1"), "no database"),
    ],
)
def test_what_is_wrong_with_the_address_is_said_without_the_password(
    mariadb, server, careless_driver, wrong, says
):
    with pytest.raises(LedgerError, match=says) as error:
        Ledger.open(wrong(mariadb.url, server.password))

    assert server.password not in str(error.value)
    assert "hunter2" not in str(error.value)
    assert error.value.__cause__ is None
