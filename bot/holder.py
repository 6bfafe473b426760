"""Who holds the lock: a process, told so that another can see whether it is still there."""

from __future__ import annotations

import os
import secrets
import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_UNKNOWN = "-"


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that holds the lock, or held it, and since when; None where its text does not tell.

    ``place`` is the host's name and what tells it from others of the same name, ``number`` the
    process's on it.
    """

    place: str
    number: str
    began: str
    since: datetime | None

    @classmethod
    def of(cls, text: str) -> Holder:
        """Read what ``this_process`` wrote."""
        place, number, began, since, *_ = [*text.split(" "), "", "", "", ""]
        moment = datetime.fromtimestamp(int(since), UTC) if since.isdecimal() else None
        return cls(place, number, began, moment)

    @property
    def spoken(self) -> str:
        """For people: the host, and the number of the process."""
        return f"{self.place.partition('/')[0]}, process {self.number or '?'}"

    @property
    def dead(self) -> bool:
        """Whether it was a process of this machine that is no more."""
        if self.place != _here() or not self.number.isdecimal():
            return False
        try:
            os.kill(int(self.number), 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            pass
        # A number is given anew.
        now = _began(int(self.number))
        return _UNKNOWN not in (self.began, now) and self.began != now


def this_process(moment: int) -> str:
    """What tells of us as the holder from *moment* (epoch seconds) on: of each call another text."""
    number = os.getpid()
    return f"{_here()} {number} {_began(number)} {moment} {secrets.token_hex(4)}"


def _here() -> str:
    """Where numbers of processes mean the same: hosts, and containers, may bear the same name."""
    try:
        start = Path("/proc/sys/kernel/random/boot_id").read_text("ascii")[:8]
        numbers = os.readlink("/proc/self/ns/pid").strip("pid:[]")
    except OSError:
        return socket.gethostname()
    return f"{socket.gethostname()}/{start}-{numbers}"


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
