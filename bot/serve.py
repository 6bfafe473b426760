"""Rounds by the clock, in one process that is asked to stop. Alone knows APScheduler.

The scheduler only rings; what is due is decided by ``bot.schedule`` from what the ledger notes, and
done here, one round after the other. So a round missed while nobody was there is made up for, once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger

from bot.errors import Interrupted
from bot.ledger import Ledger
from bot.rounds import turns_of, utc_now
from bot.schedule import MINUTE, PAUSE, Kind, due, next_look
from bot.stopping import Stopping

JITTER = 120
"""Seconds by which a round may begin later: not everybody shall knock at the same moment."""
GRACE = timedelta(hours=6)
LONGEST_SLEEP = timedelta(hours=1)
"""Even if nobody rings: clocks are set back, machines sleep."""

RHYTHM = CronTrigger(minute=MINUTE, timezone=UTC, jitter=JITTER)
"""Daily and weekly rounds are due at moments of the hourly ones, and take their place."""


class Bell:
    """Rings by the rhythm, and once when asked to; between ``start`` and ``stop``."""

    def __init__(self) -> None:
        # Of all queues this one may be put into by the handler of a signal.
        self._rung: SimpleQueue[None] = SimpleQueue()
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={
                "coalesce": True,
                "max_instances": 1,
                "misfire_grace_time": int(GRACE.total_seconds()),
            },
        )
        self._scheduler.add_job(self.ring, RHYTHM, id="rhythm")

    def ring(self) -> None:
        """Wake whoever waits, now."""
        self._rung.put(None)

    def start(self) -> None:
        """Begin to watch the clock."""
        self._scheduler.start()

    def stop(self) -> None:
        """Ring no more."""
        self._scheduler.shutdown(wait=False)

    def wait(self, until: datetime | None) -> None:
        """Wait for the bell, which rings at *until* too, if that is a moment of its own."""
        if until is not None:
            self._scheduler.add_job(
                self.ring, DateTrigger(until), id="again", replace_existing=True
            )
        with suppress(Empty):
            self._rung.get(timeout=LONGEST_SLEEP.total_seconds())
            while True:
                self._rung.get_nowait()  # However often it rang: one look.


@contextmanager
def serving() -> Iterator[tuple[Stopping, Callable[[datetime | None], None]]]:
    """Within it signals only ask us to stop, and the bell rings: what ``serve`` needs."""
    bell = Bell()
    with Stopping(bell.ring) as stopping:
        bell.start()
        try:
            yield stopping, bell.wait
        finally:
            bell.stop()


def serve(
    ledger: Ledger,
    do_round: Callable[[Kind], None],
    explain: Callable[[Exception], object],
    stopping: Stopping,
    wait: Callable[[datetime | None], None],
    clock: Callable[[], datetime] = utc_now,
) -> None:
    """Do what is due, and wait for more, until somebody asks us to stop.

    *do_round* does one round under ``bot.rounds.noted``. Whatever it raises ends that round only: it
    goes to *explain*, and the next round comes at its time; what is noted as not done, after a pause.
    """
    rest: datetime | None = None
    while not stopping.asked:
        now = clock()
        if rest is not None and now < rest <= now + PAUSE:
            wait(rest)
            continue
        try:
            turns = turns_of(ledger)
            kind = due(now, turns)
            if kind is not None:
                do_round(kind)
        except Interrupted:
            return
        except Exception as error:  # A fault of one round is no reason to do none tomorrow.
            explain(error)
            rest = clock() + PAUSE
            continue
        if kind is None:
            moment = next_look(now, turns)
            wait(None if moment == next_look(now, {}) else moment)
