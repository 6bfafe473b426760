"""Time that passes as fast as one likes: a clock, a ledger's notes, and processes that come and go."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.errors import Interrupted
from bot.rounds import noted, turns_of
from bot.schedule import EVERY, Kind, slot
from bot.serve import JITTER, LONGEST_SLEEP, serve
from bot.stopping import Stopping


class Killed(BaseException):
    """The process is no more."""


class Notes:
    """The notes of a ledger: what is not JSON is not kept, and the dead note nothing."""

    def __init__(self) -> None:
        self.memos: dict[str, str] = {}
        self.dead = False

    @property
    def notes(self) -> Notes:
        return self

    def recall(self, name: str) -> Any:
        return json.loads(self.memos[name]) if name in self.memos else None

    def remember(self, name: str, value: Any) -> None:
        if not self.dead:
            self.memos[name] = json.dumps(value)

    @contextmanager
    def together(self) -> Iterator[None]:
        yield


@dataclass
class Done:
    """A round that began; whether it came to its end."""

    kind: Kind
    start: datetime
    ended: bool = False


@dataclass
class Clockwork:
    """``length`` says how long a round of a kind takes, ``fails`` may raise what ends it."""

    now: datetime
    length: Callable[[Kind], timedelta] = lambda _kind: timedelta(minutes=4)
    fails: Callable[[Kind], None] = lambda _kind: None
    late: timedelta = timedelta(seconds=JITTER)
    ledger: Notes = field(default_factory=Notes)
    rounds: list[Done] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)
    jumps: dict[datetime, timedelta] = field(default_factory=dict)
    """At the first look after this moment, the clock is set forward or back; life goes on as long."""
    idle: Callable[[], None] = lambda: None
    waits: int = 0
    newest: dict[Kind, datetime] = field(default_factory=dict)
    """When the newest round began that did all that one of this kind does, and came to its end."""

    def clock(self) -> datetime:
        return self.now

    def live(self, until: datetime, *, kill: bool = False) -> None:
        """A process starts now, and is asked to stop (or killed) at *until*."""
        stopping = Stopping()

        def pass_to(moment: datetime) -> None:
            nonlocal until
            for at in [at for at in self.jumps if at <= self.now]:
                jump = self.jumps.pop(at)
                until, moment, self.now = until + jump, moment + jump, self.now + jump
            if moment < until:
                self.now = moment
                return
            self.now = until
            if kill:
                self.ledger.dead = True
                raise Killed
            stopping.asked = True

        def wait(moment: datetime | None) -> None:
            self.waits += 1
            self.idle()
            bell = slot(Kind.HOURLY, self.now) + EVERY[Kind.HOURLY] + self.late
            soonest = min(moment or bell, bell, self.now + LONGEST_SLEEP)
            pass_to(max(self.now, soonest))

        def do_round(kind: Kind) -> None:
            with noted(self.ledger, kind, self.clock):
                done = Done(kind, self.now)
                self.rounds.append(done)
                pass_to(self.now + self.length(kind))
                if stopping.asked:
                    raise Interrupted
                self.fails(kind)
                done.ended = True
                self.newest |= dict.fromkeys(kind.covers, done.start)

        try:
            serve(self.ledger, do_round, self.errors.append, stopping, wait, self.clock)
        except Killed:
            self.ledger.dead = False

    def count(self, kind: Kind) -> int:
        """How many rounds of this kind came to their end."""
        return sum(one.ended and one.kind is kind for one in self.rounds)

    def counts(self) -> tuple[int, int, int]:
        """Hourly, daily, weekly rounds that came to their end."""
        return self.count(Kind.HOURLY), self.count(Kind.DAILY), self.count(Kind.WEEKLY)

    def owes(self, kind: Kind) -> bool:
        """Whether a round of this kind was due, is not done, and nobody means to try it again."""
        newest, turn = self.newest.get(kind), turns_of(self.ledger).get(kind)
        if newest is not None and newest >= slot(kind, self.now):
            return False
        return turn is None or turn.slot < slot(kind, self.now)

    def doubled(self) -> list[tuple[Done, Done]]:
        """Pairs of which the second did again what the first had done for the same moment."""
        ended = [one for one in self.rounds if one.ended]
        pairs = []
        for kind in Kind:
            last: dict[datetime, Done] = {}
            for one in ended:
                here = slot(kind, one.start)
                if one.kind is kind and here in last:
                    pairs.append((last[here], one))
                if kind in one.kind.covers:
                    last[here] = one
        return pairs
