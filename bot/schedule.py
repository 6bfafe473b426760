"""When which round is due. Pure: the time and what was noted go in, a kind of round comes out.

Everything is UTC: no hour is missing and none comes twice where people change their clocks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

MINUTE, HOUR, WEEKDAY = 17, 3, 0
"""Rounds begin at this minute; the daily ones in this hour (UTC); the weekly ones on Mondays."""
PAUSE = timedelta(minutes=5)
"""How long a round that could not be done waits for its next try; then twice as long, and so on."""
TRIES = 8


class Kind(StrEnum):
    """The kinds of rounds, the larger first: a round does all that the smaller ones do."""

    WEEKLY = "weekly"
    DAILY = "daily"
    HOURLY = "hourly"

    @property
    def covers(self) -> tuple[Kind, ...]:
        """Itself and all smaller kinds."""
        kinds = tuple(Kind)
        return kinds[kinds.index(self) :]


EVERY: Mapping[Kind, timedelta] = {
    Kind.WEEKLY: timedelta(weeks=1),
    Kind.DAILY: timedelta(days=1),
    Kind.HOURLY: timedelta(hours=1),
}


@dataclass(frozen=True, slots=True)
class Turn:
    """The last turn of a kind: for which moment, how often it was tried, whether that is settled.

    Where it is not, the round was cut off or could not begin, and is tried again from ``again`` on.
    """

    slot: datetime
    tries: int
    ended: bool
    again: datetime

    @property
    def waits(self) -> bool:
        """Whether it is to be tried again."""
        return not self.ended and self.tries < TRIES


Turns = Mapping[Kind, Turn]


def slot(kind: Kind, now: datetime) -> datetime:
    """The last moment, not after *now*, at which a round of this *kind* was due."""
    now = now.astimezone(UTC)
    last = now.replace(minute=MINUTE, second=0, microsecond=0)
    if kind is not Kind.HOURLY:
        last = last.replace(hour=HOUR)
    if kind is Kind.WEEKLY:
        last -= timedelta(days=(last.weekday() - WEEKDAY) % 7)
    return last if last <= now else last - EVERY[kind]


def due(now: datetime, turns: Turns) -> Kind | None:
    """The one kind of round that is to be done now, or None. However many were missed: one of them."""
    return next((kind for kind in Kind if _is_due(now, kind, turns.get(kind))), None)


def _is_due(now: datetime, kind: Kind, turn: Turn | None) -> bool:
    here = slot(kind, now)
    if turn is None or turn.slot < here:
        return True
    if turn.slot > here + EVERY[kind]:
        return True  # Noted by a clock that ran far ahead: it shall not silence us until then.
    return turn.waits and turn.again <= now


def next_look(now: datetime, turns: Turns) -> datetime:
    """The next moment after *now* at which something may be due."""
    waiting = (turn.again for turn in turns.values() if turn.waits and turn.again > now)
    return min([slot(Kind.HOURLY, now) + EVERY[Kind.HOURLY], *waiting])


def next_runs(now: datetime) -> dict[Kind, datetime]:
    """When each kind comes next by the rhythm, for whoever wants to know."""
    return {kind: slot(kind, now) + EVERY[kind] for kind in Kind}


def begun(kind: Kind, now: datetime, turns: Turns) -> dict[Kind, Turn]:
    """The turns after a round of this *kind* began: not settled, but not to be begun again at once."""
    noted = dict(turns)
    for one in kind.covers:
        here, old = slot(one, now), turns.get(one)
        tries = old.tries + 1 if old is not None and old.slot == here and not old.ended else 1
        noted[one] = Turn(here, tries, False, now + _pause(tries))
    return noted


def settled(kind: Kind, turns: Turns) -> dict[Kind, Turn]:
    """The turns after a round of this *kind* came to an end, good or bad: the next comes at its time."""
    return {**turns, **{one: replace(turns[one], ended=True) for one in kind.covers}}


def put_off(kind: Kind, now: datetime, turns: Turns) -> dict[Kind, Turn]:
    """The turns after a round of this *kind* could not be done now: it is tried again in a while."""
    again = {one: replace(turns[one], again=now + _pause(turns[one].tries)) for one in kind.covers}
    return {**turns, **again}


def _pause(tries: int) -> timedelta:
    return PAUSE * (1 << (tries - 1))
