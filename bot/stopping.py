"""To stop when asked to: between two edits or two questions, and well within the time one is given."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any

from bot.errors import Interrupted

PATIENCE = 10.0
"""Seconds until whatever still goes on is cut off. Toolforge's Kubernetes kills after 30."""


@contextmanager
def terminable() -> Iterator[None]:
    """Within it SIGTERM is what Ctrl-C is, a KeyboardInterrupt: so whatever was begun is cleaned up."""
    before = signal.signal(signal.SIGTERM, _cut)
    try:
        yield
    finally:
        if (
            signal.getsignal(signal.SIGTERM) is _cut
        ):  # Else we were asked to stop already, see below.
            signal.signal(signal.SIGTERM, before)


class Stopping:
    """Within it, SIGTERM and SIGINT only note that we are to stop; ``look`` then does so.

    Who waits for an answer for longer than PATIENCE is interrupted (KeyboardInterrupt): that costs
    what a death costs, and locks are still given back. Outside it is Interrupted, too. A second
    signal changes nothing.
    """

    def __init__(self, tell: Callable[[], Any] = lambda: None) -> None:
        """*tell* is called by the handler of the signal: to wake who sleeps."""
        self.asked = False
        self._tell = tell
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Stopping:
        self._before = {
            signal.SIGALRM: signal.signal(signal.SIGALRM, _cut),
            **{one: signal.signal(one, self._ask) for one in (signal.SIGTERM, signal.SIGINT)},
        }
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in self._before.items():
            # Once asked, the process is about to end: not even a further signal shall break that.
            signal.signal(number, signal.SIG_IGN if self.asked else handler)
        if isinstance(error, KeyboardInterrupt):
            self.look()

    def look(self) -> None:
        """Raise Interrupted if somebody asked us to stop."""
        if self.asked:
            raise Interrupted("Asked to stop, and stopped: the next round goes on from here.")

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        if not self.asked:
            self.asked = True
            signal.setitimer(signal.ITIMER_REAL, PATIENCE)
            self._tell()


def _cut(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
