"""One writer at a time: a lease in the ledger that a dead holder cannot keep."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import Busy
from bot.ledger import Ledger

LEASE_SECONDS = 3 * 3600
"""Renewed with every page that is saved; a holder that died on this machine is seen at once."""
_UNKNOWN = "-"


@contextmanager
def locked(ledger: Ledger) -> Iterator[Callable[[], None]]:
    """Hold the ledger's lock; yield what renews it.

    Raises:
        Busy: another round is alive; or, when renewing, has taken the lock because the lease was over.

    """
    number = os.getpid()
    holder = f"{socket.gethostname()} {number} {_began(number)} {secrets.token_hex(4)}"
    if not ledger.notes.take_lock(holder, LEASE_SECONDS):
        other = ledger.notes.lock_holder()
        if not _dead(other):
            raise Busy("Another round is running: this one ends without doing anything.")
        ledger.notes.free_lock(other)
        if not ledger.notes.take_lock(holder, LEASE_SECONDS):
            raise Busy("Another round has just begun: this one ends without doing anything.")

    def renew() -> None:
        if not ledger.notes.take_lock(holder, LEASE_SECONDS):
            raise Busy("This round took so long that another has begun: it ends here.")

    try:
        yield renew
    finally:
        ledger.notes.free_lock(holder)
        # Nothing stays open between rounds; and SQLite's log, which may tell of who left, goes.
        ledger.close()


def _dead(holder: str) -> bool:
    """Whether the holder was a process of this machine that is no more."""
    host, number, began, *_ = [*holder.split(" "), "", "", ""]
    if host != socket.gethostname() or not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    # A number is given anew: after a start of the machine, and in a container with every start.
    return _UNKNOWN not in (began, now := _began(int(number))) and began != now


def _began(number: int) -> str:
    """When the process of this number began, as the system counts; a dash where it does not tell.

    "" for one that ended and whose parent did not yet ask how.
    """
    try:
        told = Path(f"/proc/{number}/stat").read_text("utf-8", "replace")
    except OSError:
        return _UNKNOWN
    # The program's name stands in brackets, and may hold anything.
    state, *more = told.rpartition(")")[2].split()
    return "" if state in "ZX" else more[18]
