"""One writer at a time: a lease in the ledger that a dead holder cannot keep, and a living one does.

A thread renews the lease while the round goes on. Who loses it all the same (suspended, or cut off from
the database, for longer than the lease) writes no more: each transaction of the ledger asks at its end
whether the lock is still ours, in itself, and each edit renews it before.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from bot.errors import Busy, LedgerError, LockLost
from bot.holder import Holder, this_process
from bot.ledger import Ledger

LEASE_SECONDS = 600
"""A holder that died on this machine is seen at once; one elsewhere when its lease is over."""
BEAT = 60.0
"""Seconds between two renewals; after one that failed, it is tried again in RETRY seconds."""
RETRY = 5.0
SILENCE = 3 * 3600
"""Seconds without any step of the ledger after which a round hangs: then nothing renews its lease."""
FAREWELL = 5.0
"""Seconds to wait for the thread's end; more than it waits for the database."""


@contextmanager
def locked(ledger: Ledger) -> Iterator[Callable[[], None]]:
    """Hold the ledger's lock; yield what renews it, to be called before whatever the ledger cannot undo.

    Raises:
        Busy: another round is alive.
        LockLost: within: our lease was over, and another round has begun.

    """
    holder = _taken(ledger)
    heart = _Heart(ledger, holder)

    def renew() -> None:
        if not ledger.notes.renew_lock(holder, LEASE_SECONDS):
            raise LockLost

    try:
        with ledger.guarded(holder):
            heart.start()
            try:
                yield renew
            finally:
                heart.stop()
    finally:
        ledger.notes.free_lock(holder)
        # Nothing stays open between rounds; and SQLite's log, which may tell of who left, goes.
        ledger.close()


def _taken(ledger: Ledger) -> str:
    holder = this_process(ledger.notes.moment())
    if not ledger.notes.take_lock(holder, LEASE_SECONDS):
        other = ledger.notes.lock_holder()
        if not Holder.of(other).dead:
            raise Busy("Another round is running: this one ends without doing anything.")
        ledger.notes.free_lock(other)
        if not ledger.notes.take_lock(holder, LEASE_SECONDS):
            raise Busy("Another round has just begun: this one ends without doing anything.")
    return holder


class _Heart:
    """Renews the lease of *holder*, by a connection of its own, from ``start`` to ``stop``."""

    def __init__(self, ledger: Ledger, holder: str) -> None:
        self._ledger = ledger
        self._holder = holder
        self._ended = Event()
        self._thread = Thread(target=self._beat, name="lease", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join(FAREWELL)

    def _beat(self) -> None:
        # Signals are for the main thread: there they cut off what waits.
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        beside = self._ledger.beside()
        if beside is None:  # In this process's memory: nobody else can want it.
            return
        steps, since, pause = self._ledger.steps, time.monotonic(), BEAT
        while not self._ended.wait(pause):
            if self._ledger.steps != steps:
                steps, since = self._ledger.steps, time.monotonic()
            elif time.monotonic() - since > SILENCE:
                return
            try:
                if not beside.renew_lock(self._holder, LEASE_SECONDS):
                    return  # Lost; whoever writes finds out.
                pause = BEAT
            except (LedgerError, Busy):
                pause = RETRY  # The lease is longer than one failure, or ten.
