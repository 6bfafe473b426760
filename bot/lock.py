"""One writer at a time: a lease in the ledger that a dead holder cannot keep."""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.errors import Busy
from bot.ledger import Ledger

LEASE_SECONDS = 3 * 3600
"""Renewed with every page that is saved; a holder that died on this machine is seen at once."""
_SELF = secrets.token_hex(4)
"""What tells this process from an earlier one of the same number."""


@contextmanager
def locked(ledger: Ledger) -> Iterator[Callable[[], None]]:
    """Hold the ledger's lock; yield what renews it. Raises Busy while another round is alive."""
    holder = f"{socket.gethostname()} {os.getpid()} {_SELF} {secrets.token_hex(4)}"
    now = int(time.time())
    if not ledger.notes.take_lock(holder, now, LEASE_SECONDS):
        other = ledger.notes.lock_holder()
        if not _dead(other):
            raise Busy("Another round is running: this one ends without doing anything.")
        ledger.notes.free_lock(other)
        if not ledger.notes.take_lock(holder, now, LEASE_SECONDS):
            raise Busy("Another round has just begun: this one ends without doing anything.")

    def renew() -> None:
        ledger.notes.take_lock(holder, int(time.time()), LEASE_SECONDS)

    try:
        yield renew
    finally:
        ledger.notes.free_lock(holder)


def _dead(holder: str) -> bool:
    """Whether the holder was a process of this machine that is no more."""
    host, _, rest = holder.partition(" ")
    number = rest.partition(" ")[0]
    if host != socket.gethostname() or not number.isdigit():
        return False
    if int(number) == os.getpid() and _SELF not in rest:
        return True  # In a container every start has the same name and number.
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
