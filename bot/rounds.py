"""What is noted of rounds: the last of them for ``status``, and whose turn it was for ``serve``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from bot.errors import (
    Busy,
    Interrupted,
    LedgerError,
    NeedsAcceptance,
    SettingsError,
    Stopped,
    WikiError,
    WikiUnreachable,
)
from bot.ledger import Ledger
from bot.round import run_round
from bot.schedule import Kind, Turn, Turns, begun, put_off, settled
from bot.world import Round, World

ROUNDS, TURNS = "rounds", "turns"
"""The names of the two memos in the ledger."""
KEPT = 50

WORDS: tuple[tuple[type[BaseException], str], ...] = (
    (WikiUnreachable, "unreachable"),
    (WikiError, "refused"),
    (NeedsAcceptance, "acceptance"),
    (Stopped, "stopped"),
    (Interrupted, "interrupted"),
    (KeyboardInterrupt, "interrupted"),
    (BrokenPipeError, "interrupted"),
    (LedgerError, "ledger"),
    (SettingsError, "settings"),
)
NOT_NOW = ("unreachable", "ledger")
"""Tried again in some minutes; whatever else fails would fail again, and waits for its next time."""


def utc_now() -> datetime:
    """The real time, whatever a rehearsal pretends."""
    return datetime.now(UTC)


def last_rounds(ledger: Ledger) -> list[dict[str, Any]]:
    """The last fifty rounds that came to an end, oldest first. No names and no titles in it::

        {"kind": "hourly" | "daily" | "weekly",
         "start": "2026-11-20T12:17:31+00:00", "end": …,        real time, UTC
         "outcome": "done" | "partly"                            it came to its end
                  | "unreachable" | "refused"                    the wiki
                  | "acceptance" | "stopped" | "interrupted" | "ledger" | "settings" | "fault",
         "edits": 12, "refused": 0, "later": 0, "people": 41,    pages saved, refused, over budget
         "troubles": {"gerrit": "unreachable"}}                  source: how it does, see ``Notes.source``

    A killed round leaves nothing here: its turn in ``turns_of`` is not ended, and no lock is held.
    A round that found another one running is not noted at all.
    """
    return list(ledger.notes.recall(ROUNDS) or ())


def turns_of(ledger: Ledger) -> dict[Kind, Turn]:
    """The last turn of each kind of round that ever began."""
    noted = ledger.notes.recall(TURNS) or {}
    moment = datetime.fromisoformat
    return {
        Kind(kind): Turn(moment(one["slot"]), one["tries"], one["ended"], moment(one["again"]))
        for kind, one in noted.items()
    }


@contextmanager
def noted(ledger: Ledger, kind: Kind, clock: Callable[[], datetime] = utc_now) -> Iterator[Round]:
    """Note that a round of this *kind* begins, and how it ends; give the round. Only under the lock."""
    start, before, done = clock(), turns_of(ledger), Round()
    turns = begun(kind, start, before)
    _keep_turns(ledger, turns)
    try:
        yield done
    except Busy:  # Another round has the ledger now, and notes what it does itself.
        raise
    except BaseException as error:
        word = next((word for cls, word in WORDS if isinstance(error, cls)), "fault")
        if word == "interrupted":
            turns = before  # As if it had never begun: it is made up for at the next start.
        elif word in NOT_NOW:
            turns = put_off(kind, clock(), turns)
        else:
            turns = settled(kind, turns)
        _keep(ledger, turns, _told(ledger, kind, start, clock(), word, done))
        raise
    word = "partly" if done.partly else "done"
    _keep(ledger, settled(kind, turns), _told(ledger, kind, start, clock(), word, done))


def noted_round(
    world: World,
    kind: Kind,
    *,
    accept: bool = False,
    clock: Callable[[], datetime] = utc_now,
) -> Round:
    """Do one round of this *kind*, and note it. Raises BadgesError, see ``bot.round.run_round``."""
    return run_round(
        world,
        accept=accept,
        full=kind is Kind.WEEKLY,
        hourly=kind is Kind.HOURLY,
        noted=noted(world.ledger, kind, clock),
    )


def _told(
    ledger: Ledger, kind: Kind, start: datetime, end: datetime, word: str, done: Round
) -> dict[str, Any]:
    return {
        "kind": kind.value,
        "start": start.isoformat(timespec="seconds"),
        "end": end.isoformat(timespec="seconds"),
        "outcome": word,
        "edits": len(done.outcome.saved),
        "refused": len(done.outcome.refused),
        "later": done.outcome.later,
        "people": done.people,
        "troubles": {
            source: ledger.notes.source(source).trouble or "told" for source, _ in done.troubles
        },
    }


def _keep(ledger: Ledger, turns: Turns, told: dict[str, Any]) -> None:
    with ledger.together():
        _keep_turns(ledger, turns)
        ledger.notes.remember(ROUNDS, [*last_rounds(ledger), told][-KEPT:])


def _keep_turns(ledger: Ledger, turns: Turns) -> None:
    value = {
        kind.value: {
            "slot": one.slot.isoformat(),
            "tries": one.tries,
            "ended": one.ended,
            "again": one.again.isoformat(),
        }
        for kind, one in turns.items()
    }
    ledger.notes.remember(TURNS, value)
