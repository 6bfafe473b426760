"""One writer at a time."""

import os
import signal
import socket

import pytest

from bot.errors import Busy, LockLost
from bot.holder import this_process
from bot.lock import LEASE_SECONDS, locked
from tests.bot.processes import process

RACER = """
    import os, sys, time
    from bot.errors import Busy
    from bot.ledger import Ledger
    from bot.lock import locked

    url, flag, until = sys.argv[1], sys.argv[2], time.monotonic() + float(sys.argv[3])
    ledger, wins = Ledger.open(url), 0
    while time.monotonic() < until:
        try:
            with locked(ledger) as renew:
                # The file is there only while somebody is inside: two at once would find it.
                os.close(os.open(flag, os.O_CREAT | os.O_EXCL))
                renew()
                os.unlink(flag)
                wins += 1
        except Busy:
            pass
    print(wins)
"""
HOLDER = """
    import sys, time
    from bot.ledger import Ledger
    from bot.lock import locked

    with locked(Ledger.open(sys.argv[1])):
        print("holding", flush=True)
        time.sleep(600)
"""


def test_a_second_round_says_so_and_ends(scene):
    second = scene.database.open()
    with (
        locked(scene.ledger),
        pytest.raises(Busy, match="Another round is running"),
        locked(second),
    ):
        pass
    with locked(second):
        pass


def test_of_three_processes_that_race_for_it_never_two_are_inside(database, tmp_path):
    database.open().close()
    racers = [process(RACER, database.url, str(tmp_path / "flag"), "5") for _ in range(3)]
    said = [one.communicate(timeout=120) for one in racers]

    assert [one.returncode for one in racers] == [0, 0, 0], said
    assert sum(int(out) for out, _ in said) > 20, said


def test_who_is_killed_while_holding_it_cannot_keep_it(scene):
    holder = process(HOLDER, scene.database.url)
    assert holder.stdout.readline() == "holding\n"
    with pytest.raises(Busy), locked(scene.ledger):
        pass
    os.kill(holder.pid, signal.SIGKILL)
    os.waitid(os.P_PID, holder.pid, os.WEXITED | os.WNOWAIT)  # Dead, and nobody asked how.

    with locked(scene.ledger):
        pass
    holder.communicate()


def test_a_living_or_distant_holder_keeps_it_until_the_lease_ends(scene):
    notes = scene.ledger.notes
    here, number, *_ = this_process(0).split(" ")
    # A machine or container of the same name is another one still: it has processes of its own.
    twin = f"{socket.gethostname()}/00000000-1 {number} 1 0 x"
    for holder in (this_process(0), f"{here} {number} - 0 x", twin, "elsewhere 1 1 0 x"):
        assert notes.take_lock(holder, LEASE_SECONDS)
        with pytest.raises(Busy), locked(scene.ledger):
            pass
        notes.free_lock(holder)
    assert notes.take_lock("elsewhere 1 1 0 x", -1)
    with locked(scene.ledger):
        pass


def test_a_number_that_was_given_anew_is_no_holder(scene):
    here = this_process(0).split(" ")[0]
    for number in (os.getpid(), os.getppid()):
        assert scene.ledger.notes.take_lock(f"{here} {number} 1 0 x", LEASE_SECONDS)
        with locked(scene.ledger):
            pass


@pytest.mark.parametrize("off", [-1, 1])
def test_a_host_whose_clock_is_wrong_neither_steals_a_lease_nor_keeps_it_longer(
    scene, monkeypatch, off
):
    """The database's clock counts; that of a host may be days ahead, or behind."""
    import time

    real = time.time
    notes = scene.ledger.notes
    assert notes.take_lock("elsewhere 1 1 x", 60)
    monkeypatch.setattr(time, "time", lambda: real() + off * 7 * 86400)
    assert not notes.take_lock("here 2 2 y", 60)
    notes.free_lock("elsewhere 1 1 x")
    assert notes.take_lock("here 2 2 y", -1)
    monkeypatch.undo()

    assert notes.take_lock("elsewhere 1 1 x", 60)


def test_a_round_that_was_held_up_for_longer_than_its_lease_goes_on_unless_another_has_begun(scene):
    other = scene.database.open()
    with locked(scene.ledger) as renew:
        mine = other.notes.lock_holder()
        renew()
        assert other.notes.take_lock(mine, -1)
        renew()  # The lease is over, and nobody took it.
        scene.ledger.notes.remember("x", 1)
        assert other.notes.take_lock(mine, -1)
        assert other.notes.take_lock("elsewhere 1 1 0 x", LEASE_SECONDS)
        for step in (renew, lambda: scene.ledger.notes.remember("x", 2), scene.ledger.people.all):
            with pytest.raises(LockLost, match="another has begun"):
                step()

    assert other.notes.lock_holder() == "elsewhere 1 1 0 x"
    assert other.notes.recall("x") == 1


def test_a_lock_that_another_took_and_gave_back_stays_lost(scene):
    other = scene.database.open()
    with locked(scene.ledger) as renew:
        other.notes.free_lock(other.notes.lock_holder())
        for step in (renew, scene.ledger.people.all):
            with pytest.raises(LockLost):
                step()

    assert other.notes.lock_holder() == ""


@pytest.mark.mariadb
def test_what_was_begun_before_the_lock_was_lost_is_not_stored_after(mariadb):
    """On SQLite nobody can take it meanwhile: there one transaction keeps all others waiting."""
    ledger, other = mariadb.open(), mariadb.open()

    def step(take):
        with ledger.together():
            ledger.notes.remember("x", 1)
            take()

    with locked(ledger) as renew:
        mine = other.notes.lock_holder()
        step(renew)
        step(lambda: other.notes.renew_lock(mine, 60))  # As the heart does, in between.
        assert other.notes.recall("x") == 1
        assert other.notes.take_lock(mine, -1)
        ledger.notes.remember("x", 0)
        with pytest.raises(LockLost):
            step(lambda: other.notes.take_lock("elsewhere 1 1 0 x", 60))

    assert other.notes.recall("x") == 0


def test_the_lock_is_given_back_when_a_round_fails(scene):
    with pytest.raises(RuntimeError), locked(scene.ledger):
        raise RuntimeError

    assert scene.ledger.notes.lock_holder() == ""


def test_each_history_that_is_read_is_a_step_of_the_ledger(scene):
    """Those of many people take hours: a round that reads them does not hang."""
    names = [f"Person {number}" for number in range(5)]
    scene.exists(*names)
    for name in names:
        scene.registers(name)
    steps = []
    for source, read in ((scene.gerrit, "merged_by"), (scene.phabricator, "resolved_by")):
        real = getattr(source, read)

        def noting(key, real=real):
            steps.append(scene.ledger.steps)
            return real(key)

        setattr(source, read, noting)
    scene.round()

    assert len(steps) == len(set(steps)) == 2 * len(names)
