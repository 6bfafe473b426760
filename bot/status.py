"""``python -m bot status``: what the ledger knows of how the bot is doing. No names of people in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.account_news import ABSENT, MUTE, REFUSED, UNREACHABLE, log_states
from bot.health import illness
from bot.holder import Holder
from bot.ledger import Ledger
from bot.rounds import last_rounds, turns_of
from bot.rulebook import rules_trouble
from bot.schedule import next_look, next_runs

SHOWN = 5
"""How many of the last rounds are told of to people."""
Status = dict[str, Any]

OUTCOMES: Mapping[str, str] = {
    "done": "done",
    "partly": "done, but for what follows",
    "unreachable": "the wiki was not to be reached",
    "refused": "the wiki refused: run `python -m bot doctor`",
    "acceptance": "too much at once: a human has to look, then `run --accept`",
    "stopped": "stopped by the stop page",
    "interrupted": "asked to stop",
    "ledger": "the ledger failed: run `python -m bot doctor`",
    "settings": "a setting is wrong: run `python -m bot doctor`",
    "fault": "a fault of the program: see the log",
}
TROUBLES: Mapping[str, str] = {
    "unreachable": "cannot be reached",
    "refused": "refuses to answer: its token or its rights",
    "changed": "answers in a way we do not know",
    "silent": "answers, but tells nothing",
    "told": "has something to say: see the log",
}

LOGS: Mapping[str, str] = {
    ABSENT: "there is none here: who is renamed or gone is found in turn, and by the weekly check.",
    MUTE: "MUTE, its events name nobody that we understand: see `python -m bot doctor`.",
    REFUSED: "the wiki does not let the bot read it: who is renamed or gone is found in turn, and by"
    " the weekly check.",
    UNREACHABLE: "the wiki did not give it this time: the next round reads it from where it was.",
}
"""How a log of accounts does that tells us nothing; see ``bot.account_news``."""


def status_of(
    ledger: Ledger, now: datetime, hours: int, messages: bool | None, wiki: str = ""
) -> Status:
    """Everything ``status`` tells, as it becomes JSON; moments are ISO 8601 in UTC.

    *messages*: whether the bot's talk page has unread ones; None where the wiki was not asked,
    or (*wiki* says why) did not answer. *hours* is as old as the last good round may be.
    """
    rounds = last_rounds(ledger)
    lying, lock = ledger.census.lying(), _lock(ledger)
    last = rounds[-1] if rounds else {}
    runs = next_runs(now)
    again = next_look(now, turns_of(ledger))
    ill = illness(ledger, now, hours)
    return {
        "healthy": not ill,
        "ill": ill,
        "running": lock is not None and not lock["over"],
        "lock": lock,
        "rounds": rounds,
        "errors": last.get("troubles", {}),
        "over_budget": last.get("later", 0),
        "next": {kind.value: moment.isoformat() for kind, moment in runs.items()},
        "again": again.isoformat() if again < min(runs.values()) else None,
        "sources": _sources(ledger),
        "logs": log_states(ledger),
        "rules": rules_trouble(ledger),
        "counts": ledger.census.counts(),
        "ledger": {"kind": lying.kind, "schema": lying.schema, "bytes": lying.bytes},
        "belongs_to": ledger.notes.recall("wiki"),
        "messages": messages,
        "wiki": wiki,
    }


def _lock(ledger: Ledger) -> Status | None:
    held = ledger.census.held()
    if held is None:
        return None
    holder = Holder.of(held.holder)
    return {
        "holder": holder.spoken,
        "since": holder.since.isoformat() if holder.since else None,
        "until": held.until.isoformat(),
        "over": held.left <= 0,
    }


def _sources(ledger: Ledger) -> list[Status]:
    found = []
    for note in ledger.notes.sources():
        found.append(
            {
                "source": note.source,
                "reached": note.reached.isoformat() if note.reached else None,
                "stale_since": note.stale_since.isoformat() if note.stale_since else None,
                "trouble": note.trouble,
                "heard": note.heard.isoformat() if note.heard else None,
            }
        )
    return found


def status_lines(status: Status) -> Iterator[str]:
    """The same in lines for people."""
    yield "well" if status["healthy"] else f"NOT WELL: {status['ill']}"
    yield from _lock_lines(status["lock"])
    yield ""
    yield from _round_lines(status)
    yield ""
    yield "sources:" if status["sources"] else "No source was read yet."
    yield from (f"  {_source_line(one)}" for one in status["sources"])
    for log, state in status["logs"].items():
        if state in LOGS:
            yield f"log {log} of the wiki: {LOGS[state]}"
    if status["rules"]:
        yield f"rules: {status['rules']}"
    yield ""
    counts = status["counts"]
    yield (
        f"{counts['people']} people ({counts['waiting']} more wait to be forgotten),"
        f" {counts['changes']} changes, {counts['tasks']} tasks, {counts['wishes']} wishes,"
        f" {counts['pages']} pages on the wiki"
    )
    ledger = status["ledger"]
    size = f"{ledger['bytes'] / 2**20:.1f} MiB"
    yield f"ledger: {ledger['kind']}, {size}, schema {ledger['schema']}"
    yield _message_line(status)


def _lock_lines(lock: Status | None) -> Iterator[str]:
    if lock is None:
        return
    since = f" since {_moment(lock['since'])}" if lock["since"] else ""
    until = _moment(lock["until"])
    if lock["over"]:
        yield (
            f"A round hangs, or died: {lock['holder']}, at work{since}, held the lock until {until} and"
            " did not give it back. The next round takes it."
        )
    else:
        yield (
            f"A round is running now: {lock['holder']}, at work{since}. It holds the lock until {until},"
            " and renews it."
        )


def _round_lines(status: Status) -> Iterator[str]:
    rounds = status["rounds"]
    yield f"last rounds ({len(rounds)} noted):" if rounds else "No round came to an end yet."
    for one in rounds[-SHOWN:]:
        yield (
            f"  {_moment(one['start'])} {one['kind']}: {OUTCOMES.get(one['outcome'], one['outcome'])};"
            f" {one['edits']} edits, {one['people']} people, {_seconds(one)} s"
        )
    if rounds and rounds[-1]["refused"]:
        yield f"  {rounds[-1]['refused']} pages were refused in the last round: see the log."
    for source, word in status["errors"].items():
        yield f"  {source} {TROUBLES.get(word, word)}."
    if status["over_budget"]:
        yield f"  {status['over_budget']} edits are over the budget and wait, or came after too many refusals."
    yield "next, if `serve` runs or jobs come by its clock:"
    if status["again"]:
        yield f"  {_moment(status['again'])} again, what could not be done"
    yield from (f"  {_moment(moment)} {kind}" for kind, moment in status["next"].items())


def _source_line(one: Status) -> str:
    reached = f"read up to {_moment(one['reached'])}" if one["reached"] else "not read yet"
    if not one["trouble"]:
        return f"{one['source']}: {reached}"
    why = TROUBLES.get(one["trouble"], one["trouble"])
    return f"{one['source']}: STALE since {one['stale_since']}, {why}; {reached}"


def _message_line(status: Status) -> str:
    if status["messages"] is None:
        return f"talk page: not asked{': ' if status['wiki'] else ''}{status['wiki']}"
    if status["messages"]:
        return "talk page: UNREAD MESSAGES on the bot's talk page; read and answer them."
    return "talk page: nothing unread"


def _moment(text: str) -> str:
    return f"{text[:16].replace('T', ' ')} UTC"


def _seconds(one: Status) -> int:
    took = datetime.fromisoformat(one["end"]) - datetime.fromisoformat(one["start"])
    return int(took.total_seconds())
