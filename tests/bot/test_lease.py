"""The lease is kept by whoever lives, and by nobody else: suspended, killed, cut off."""

import os
import signal
import threading
import time

import pytest

from bot import lock
from bot.errors import Busy, LedgerError, LockLost
from bot.ledger import Ledger
from bot.ledger.notes import Notes
from bot.lock import locked
from tests.bot.processes import process

ROUND = """
    import socket, sys, threading, time
    from pathlib import Path
    from bot import lock
    from bot.errors import Busy
    from bot.stopping import Stopping
    from tests.bot.scene import Scene
    from tests.databases import Database

    url, folder, host, lock.BEAT = sys.argv[1], Path(sys.argv[2]), sys.argv[3], float(sys.argv[4])
    lock.LEASE_SECONDS = 2
    socket.gethostname = lambda: host or "here"
    scene = Scene(folder, Database("", url, None, None, None))
    for name in ("Ada", "Bert", "Cleo"):
        scene.exists(name)
        scene.registers(name)
    save = scene.wiki.save

    def saved(*arguments):
        done = save(*arguments)
        print("saved", flush=True)
        while not Path(folder, "go").exists():
            time.sleep(0.05)
        return done

    scene.wiki.save = saved
    try:
        with Stopping() as stopping:
            scene.round(look=stopping.look)
    except Exception as error:
        print(type(error).__name__, error)
    scene.ledger.close()
    print("threads:", [one.name for one in threading.enumerate() if one.name == "lease"])
"""


@pytest.fixture
def begun(database, tmp_path):
    """A round in a process of its own, begun and waiting after its first edit for the file ``go``."""
    begun = []

    def begin(host="", beat=60):
        one = process(ROUND, database.url, str(tmp_path), host, str(beat))
        begun.append(one)
        assert one.stdout.readline() == "saved\n", one.communicate()
        return one

    yield begin
    for one in begun:
        one.kill()
        one.communicate()


def taken_over(ledger):
    """Try until the lock is ours; how often it was not."""
    tries = 0
    while True:
        try:
            with locked(ledger):
                return tries
        except Busy:
            tries += 1
            time.sleep(0.1)


def wait_for(what):
    end = time.monotonic() + 60
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_who_is_suspended_and_wakes_after_another_took_over_edits_and_stores_nothing_more(
    begun, database, tmp_path
):
    first = begun()
    os.kill(first.pid, signal.SIGSTOP)
    second = database.open()
    assert taken_over(second) > 3  # Its lease counts: nobody sees whether it will ever wake.
    before, pages = database.dump(), second.notes.pages()
    (tmp_path / "go").touch()
    os.kill(first.pid, signal.SIGCONT)
    out, err = first.communicate(timeout=60)

    assert "saved" not in out, out
    assert "LockLost This round was held up so long that another has begun" in out, out + err
    assert (second.notes.pages(), second.notes.lock_holder()) == (pages, "")
    assert not any(one.stands for one in pages.values())
    if database.kind == "mariadb":
        assert [*_rows(before)] == [*_rows(database.dump())]


def _rows(dump):
    return (line for line in dump.split(b"\n") if line.startswith(b"INSERT"))


def test_who_is_suspended_and_wakes_while_the_lock_is_still_theirs_goes_on(
    begun, database, tmp_path
):
    first = begun(beat=0.2)
    os.kill(first.pid, signal.SIGSTOP)
    time.sleep(2.5)
    (tmp_path / "go").touch()
    os.kill(first.pid, signal.SIGCONT)
    out, err = first.communicate(timeout=60)

    assert (out.count("saved"), "LockLost" in out) == (4, False), out + err
    assert len(database.open().notes.pages()) == 5


def test_a_round_that_lives_keeps_the_lock_for_longer_than_the_lease(begun, database):
    first = begun(beat=0.2)
    second = database.open()
    end = time.monotonic() + 3
    while time.monotonic() < end:
        with pytest.raises(Busy), locked(second):
            pass
        time.sleep(0.1)
    assert first.poll() is None


@pytest.mark.parametrize(("host", "tries"), [("", 0), ("elsewhere", 3)])
def test_who_is_killed_keeps_the_lock_no_longer_than_the_lease_and_on_this_machine_not_at_all(
    begun, database, monkeypatch, host, tries
):
    first = begun(host, beat=0.2)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    monkeypatch.setattr("socket.gethostname", lambda: "here")
    second = database.open()

    assert (taken_over(second) > tries) is bool(tries)


def test_who_is_asked_to_stop_gives_the_lock_back_and_leaves_no_thread(begun, database, tmp_path):
    first = begun(beat=0.05)
    os.kill(first.pid, signal.SIGTERM)
    (tmp_path / "go").touch()
    out, err = first.communicate(timeout=30)

    assert "Interrupted Asked to stop" in out, out + err
    assert "threads: []" in out
    assert database.open().notes.lock_holder() == ""


def test_no_thread_outlives_the_lock_however_it_ends(scene, monkeypatch):
    monkeypatch.setattr(lock, "BEAT", 0.01)

    def fail():
        with locked(scene.ledger):
            assert _hearts()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not _hearts()

    memory = Ledger.open("sqlite://")  # Nobody else can see it, nor want its lock.
    with locked(memory):
        wait_for(lambda: not _hearts())
        memory.notes.remember("x", 1)


def _hearts():
    return [one for one in threading.enumerate() if one.name == "lease"]


def test_a_renewal_that_fails_is_tried_again_and_ends_nothing(scene, monkeypatch):
    monkeypatch.setattr(lock, "BEAT", 0.01)
    monkeypatch.setattr(lock, "RETRY", 0.01)
    renew, failed = Notes.renew_lock, []

    def often_failing(self, holder, seconds):
        if len(failed) < 5:
            failed.append(holder)
            raise (LedgerError, Busy)[len(failed) % 2]("Not now.")
        return renew(self, holder, seconds)

    with locked(scene.ledger):
        mine = scene.ledger.notes.lock_holder()
        scene.ledger.notes.take_lock(mine, 1)
        monkeypatch.setattr(Notes, "renew_lock", often_failing)
        wait_for(lambda: scene.ledger.census.held().left > 100)

    assert failed == [mine] * 5


def test_a_database_that_a_long_step_keeps_busy_costs_nobody_the_lock(scene, monkeypatch):
    """SQLite lets one write at a time: the heart waits its two seconds, in vain, and tries again."""
    monkeypatch.setattr(lock, "BEAT", 0.01)
    monkeypatch.setattr(lock, "RETRY", 0.01)
    with locked(scene.ledger):
        with scene.ledger.together():
            scene.ledger.notes.remember("x", 1)
            time.sleep(3)
        mine = scene.ledger.notes.lock_holder()
        scene.ledger.notes.take_lock(mine, 1)
        wait_for(lambda: scene.ledger.census.held().left > 100)


def test_a_round_that_hangs_loses_the_lock_and_one_that_does_anything_does_not(scene, monkeypatch):
    monkeypatch.setattr(lock, "BEAT", 0.01)
    monkeypatch.setattr(lock, "SILENCE", 0.5)
    with locked(scene.ledger):
        for step in range(20):
            scene.ledger.notes.remember("x", step)
            time.sleep(0.05)
        assert _hearts()
        wait_for(lambda: not _hearts())


def test_a_lock_taken_by_another_ends_the_heart_and_is_not_taken_back(scene, monkeypatch):
    monkeypatch.setattr(lock, "BEAT", 0.01)
    other = scene.database.open()
    with locked(scene.ledger):
        other.notes.free_lock(other.notes.lock_holder())
        other.notes.take_lock("elsewhere 1 1 0 x", 60)
        wait_for(lambda: not _hearts())
        with pytest.raises(LockLost):
            scene.ledger.people.all()

    assert other.notes.lock_holder() == "elsewhere 1 1 0 x"
