"""One writer at a time."""

import os
import socket
import subprocess
import sys
import time

import pytest

from bot.errors import Busy
from bot.ledger import Ledger
from bot.lock import LEASE_SECONDS, locked


def test_a_second_round_says_so_and_ends(scene):
    second = Ledger.open(f"sqlite:///{scene.path}")
    with (
        locked(scene.ledger),
        pytest.raises(Busy, match="Another round is running"),
        locked(second),
    ):
        pass
    with locked(second):
        pass


def test_a_dead_holder_on_this_machine_cannot_keep_the_lock(scene):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    holder = f"{socket.gethostname()} {dead.pid} x"
    assert scene.ledger.notes.take_lock(holder, int(time.time()), LEASE_SECONDS)

    with locked(scene.ledger):
        pass


def test_a_living_or_distant_holder_keeps_it_until_the_lease_ends(scene):
    now = int(time.time())
    for holder in (f"{socket.gethostname()} {os.getppid()} x", "elsewhere 1 x"):
        assert scene.ledger.notes.take_lock(holder, now, LEASE_SECONDS)
        with pytest.raises(Busy), locked(scene.ledger):
            pass
        scene.ledger.notes.free_lock(holder)
    assert scene.ledger.notes.take_lock("elsewhere 1 x", now - LEASE_SECONDS - 1, LEASE_SECONDS)
    with locked(scene.ledger):
        pass


def test_an_earlier_start_with_our_own_number_is_dead(scene):
    """In a container every start has the same host name and process number."""
    holder = f"{socket.gethostname()} {os.getpid()} x"
    assert scene.ledger.notes.take_lock(holder, int(time.time()), LEASE_SECONDS)

    with locked(scene.ledger):
        pass


def test_the_lock_is_given_back_when_a_round_fails(scene):
    with pytest.raises(RuntimeError), locked(scene.ledger):
        raise RuntimeError

    assert scene.ledger.notes.lock_holder() == ""
