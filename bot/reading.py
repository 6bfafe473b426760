"""How a source is read: the histories of newcomers in slices, then its feed from where it was left.

Each slice is stored by itself, with the mark that these histories were read: a reading that fails or
is cut off goes on from there, and no more than a slice is in memory at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TypeVar

from bot.ledger import Ledger
from bot.ledger.people import ProvedAccount
from bot.progress import progress
from sources.port import SourceChanged, SourceError

OVERLAP = timedelta(minutes=10)
"""Feeds are read from a little before the last reading: a source's clock and index lag behind."""

ACCOUNTS = 20
"""A slice ends after so many histories: what a round that is cut off reads anew is some minutes' work, and
the questions that are asked once a slice (what takes these changes back) are few."""
FACTS = 5_000
"""Or once so many changes or tasks came together, some MiB, in the middle of a history, too: there are people
with ten thousand."""

T = TypeVar("T")
Save = Callable[[], None]


class Unread(SourceChanged):
    """The source makes no sense about some newcomers' accounts; all else of the reading is stored."""


@contextmanager
def swept_though_it_fails(ledger: Ledger, stored: Callable[[], bool]) -> Iterator[None]:
    """Within it slices are stored, and the last sweeps; where a source fails before, sweep what is *stored*.

    It may fail at the same place for long, and facts of nobody do not stay meanwhile.
    """
    try:
        yield
    except SourceError:
        if stored():
            ledger.facts.sweep()
        raise


class Histories:
    """Reads the histories of *newcomers* at a source; ``told`` counts what they hold.

    An account about which the source makes no sense stays unread and costs nobody else anything.
    """

    def __init__(
        self, ledger: Ledger, source: str, newcomers: Sequence[ProvedAccount], now: datetime
    ) -> None:
        self._ledger, self._source, self._newcomers, self._now = ledger, source, newcomers, now
        self._read: list[ProvedAccount] = []
        self._trouble: Unread | None = None
        self.told = 0

    def each(
        self, ask: Callable[[str], Iterable[T]], prepare: Callable[[Sequence[T]], Save]
    ) -> None:
        """Store what *ask* tells of each newcomer, in slices; one is in memory at a time.

        *prepare* may ask the source what else belongs to a slice, and returns what stores it all: that is
        done together with the mark that these histories were read. One that is longer than a slice
        is stored in parts; who is cut off before the last reads it anew from its start.

        Raises SourceError; LockLost where another round has begun meanwhile.
        """
        with swept_though_it_fails(self._ledger, lambda: self.told > 0):
            self._each(ask, prepare)

    def _each(
        self, ask: Callable[[str], Iterable[T]], prepare: Callable[[Sequence[T]], Save]
    ) -> None:
        found: list[T] = []
        for account in progress(self._newcomers, f"{self._source}: histories", " accounts"):
            # A step of the ledger each: those of many people take hours, and that is no silence.
            self._ledger.notes.moment()
            for one in self._history(ask, account):
                if len(found) >= FACTS:
                    self._store(found, prepare)
                found.append(one)
            last = account is self._newcomers[-1]
            if last or len(self._read) >= ACCOUNTS or len(found) >= FACTS:
                self._store(found, prepare, last=last)

    def _history(self, ask: Callable[[str], Iterable[T]], account: ProvedAccount) -> Iterator[T]:
        """Yield what *ask* tells of this account, and remember whether it was told to its end."""
        try:
            yield from ask(account.key)
            self._read.append(account)
        except SourceChanged as error:
            self._trouble = Unread(*error.args)

    def _store(
        self, found: list[T], prepare: Callable[[Sequence[T]], Save], *, last: bool = False
    ) -> None:
        """Store what was *found* since the last slice, and forget it."""
        save = prepare(found)
        with self._ledger.together():
            save()
            for account in self._read:
                self._ledger.people.history_read(account)
            self._ledger.notes.begun(self._source, self._now)
            # It looks at the whole ledger, so once. Who is cut off before has this still to do.
            if last:
                self._ledger.facts.sweep()
        self.told += len(found)
        found.clear()
        self._read.clear()

    def complain(self) -> None:
        """Raise Unread if some account stays unread."""
        if self._trouble is not None:
            raise self._trouble


class Feed:
    """Listens whether a feed says anything at all: one that falls silent may be broken."""

    def __init__(self) -> None:
        self.asked, self.rows = False, 0

    def listen(self, rows: Iterable[T]) -> Iterator[T]:
        """Let *rows* pass, and count them."""
        self.asked = True
        for row in rows:
            self.rows += 1
            yield row


def note(ledger: Ledger, source: str, now: datetime, feed: Feed, *, news: bool) -> None:
    """All of a reading is stored: move the cursor, and after *news* keep nothing that nobody shares."""
    first = ledger.notes.source(source).heard is None
    ledger.notes.reached(source, now)
    # The days of silence count from the first reading, whether or not the same day brings another.
    if feed.asked or first:
        ledger.notes.asked(source, now.date(), told=feed.rows > 0)
    if news:
        ledger.facts.sweep()


def accounts_at(ledger: Ledger, source: str) -> tuple[set[str], list[ProvedAccount]]:
    """The keys of all our accounts at *source*, and those whose history was not read yet."""
    accounts = ledger.people.accounts(source=source)
    return {one.key for one in accounts}, [one for one in accounts if not one.read]


def start_of_feed(ledger: Ledger, source: str, now: datetime) -> datetime | None:
    """From when on to read the feed; None where it was never read: histories then reach to now."""
    reached = ledger.notes.source(source).reached
    return None if reached is None else min(reached, now) - OVERLAP
