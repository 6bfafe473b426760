"""One writer at a time."""

import os
import signal
import socket
import subprocess
import sys
import textwrap

import pytest

from bot.errors import Busy
from bot.lock import LEASE_SECONDS, locked

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


def process(code, *args):
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


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
    parent = f"{socket.gethostname()} {os.getppid()}"
    with open(f"/proc/{os.getppid()}/stat", encoding="utf-8") as stat:
        began = stat.read().rpartition(")")[2].split()[19]
    for holder in (f"{parent} {began} x", f"{parent} - x", "elsewhere 1 1 x"):
        assert notes.take_lock(holder, LEASE_SECONDS)
        with pytest.raises(Busy), locked(scene.ledger):
            pass
        notes.free_lock(holder)
    assert notes.take_lock("elsewhere 1 1 x", -1)
    with locked(scene.ledger):
        pass


def test_a_number_that_was_given_anew_is_no_holder(scene):
    """After a start of the machine, and in a container whose every start has the same number."""
    for number in (os.getpid(), os.getppid()):
        assert scene.ledger.notes.take_lock(f"{socket.gethostname()} {number} 1 x", LEASE_SECONDS)
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


def test_a_round_that_took_longer_than_its_lease_ends_when_another_has_begun(scene):
    with locked(scene.ledger) as renew:
        mine = scene.ledger.notes.lock_holder()
        renew()
        assert scene.ledger.notes.take_lock(mine, -1)
        renew()  # The lease is over, and nobody took it.
        assert scene.ledger.notes.take_lock(mine, -1)
        assert scene.ledger.notes.take_lock("elsewhere 1 1 x", LEASE_SECONDS)
        with pytest.raises(Busy, match="took so long"):
            renew()

    assert scene.ledger.notes.lock_holder() == "elsewhere 1 1 x"


def test_the_lock_is_given_back_when_a_round_fails(scene):
    with pytest.raises(RuntimeError), locked(scene.ledger):
        raise RuntimeError

    assert scene.ledger.notes.lock_holder() == ""
