"""Trouble that lasts is told to the operator on their talk page: each at most once a week, else nothing.

This is the one exception to the allow-list of the running bot (``bot.pages.talk``), and off by default:
``BADGES_DIGEST=on`` and ``BADGES_OPERATOR``. What is said names no person and no page of one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.errors import WikiError
from bot.ledger import Ledger
from bot.logs import trouble
from bot.ports import TalkingWiki
from bot.publisher import StopPage
from bot.rounds import last_rounds
from bot.rulebook import rules_trouble
from bot.status import TROUBLES

MEMO = "digest"
"""What the ledger remembers by trouble: ``since``, its first day, and ``told``, the day of the last message."""
AGAIN = timedelta(days=7)
SOURCE_LASTS, RULES_LAST = timedelta(days=2), timedelta(days=1)
ROUNDS_LAST = 3
"""So many rounds one after the other ended badly, or had pages refused: that mends itself no more."""
QUIET = frozenset({"stopped", "unreachable", "interrupted"})
"""Ends of rounds after which nothing is written: somebody said stop, or nobody would hear it."""

ENDS: Mapping[str, str] = {
    "acceptance": "Too much would change at once, and the bot edits nothing until a human has looked:"
    " read its log, then mend the cause, or run <code>python -m bot run --accept</code>.",
    "refused": "The wiki refuses the bot's rounds: run <code>python -m bot doctor</code>.",
    "ledger": "The ledger fails: run <code>python -m bot doctor</code>.",
    "settings": "A setting is wrong: run <code>python -m bot doctor</code>.",
    "fault": "Rounds end by a fault of the program: its log has the lines to report.",
}
AT_ONCE = frozenset({"acceptance"})
"""The end of a single round that is told at once: nothing goes on without a human."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A trouble by a key of its own, and what to say of it; *due* if it has lasted long enough."""

    key: str
    says: str
    due: bool


def after_round(ledger: Ledger, wiki: TalkingWiki, operator: str, home: str, today: date) -> bool:
    """Tell *operator* of what lasts, if there is something and it is time; say whether we did.

    What goes wrong in telling is logged, and ends no round.
    """
    rounds = last_rounds(ledger)
    found = troubles(ledger, rounds, today)
    memo: dict[str, dict[str, Any]] = ledger.notes.recall(MEMO) or {}
    due = [one for one in found if one.due and _is_time(memo.get(one.key, {}), today)]
    quiet = not rounds or rounds[-1]["outcome"] in QUIET
    if quiet or not due:
        _remember(ledger, memo, found, (), today)
        return False
    try:
        StopPage(wiki, f"{home}/stop").look()
        # Noted first: whoever dies in between says it once too seldom, not once too often.
        _remember(ledger, memo, found, due, today)
        wiki.tell(operator, "Developer Badges needs you", _message(due))
    except WikiError as error:
        trouble(f"The operator could not be told on their talk page. {error}", "digest")
        return False
    return True


def troubles(ledger: Ledger, rounds: list[dict[str, Any]], today: date) -> list[Trouble]:
    """Everything that is wrong now, whether or not it has lasted."""
    since = {key: one["since"] for key, one in (ledger.notes.recall(MEMO) or {}).items()}
    found = []
    for note in ledger.notes.sources():
        if note.trouble is not None and note.stale_since is not None:
            says = (
                f"The source ''{note.source}'' {TROUBLES.get(note.trouble, note.trouble)}, since"
                f" {note.stale_since}. What was known stands. <code>python -m bot doctor</code> asks it."
            )
            lasts = today - note.stale_since > SOURCE_LASTS
            found.append(Trouble(f"source {note.source}", says, lasts))
    if rules_trouble(ledger) is not None:
        first = date.fromisoformat(since.get("rules", today.isoformat()))
        says = "The page of rules cannot be used; the last good rules are in force. The report names the line."
        found.append(Trouble("rules", says, today - first > RULES_LAST))
    return [*found, *_of_rounds(rounds)]


def _of_rounds(rounds: list[dict[str, Any]]) -> list[Trouble]:
    last = rounds[-ROUNDS_LAST:]
    found = []
    if last and (word := last[-1]["outcome"]) in ENDS:
        lasts = len(last) == ROUNDS_LAST and all(one["outcome"] in ENDS for one in last)
        found.append(Trouble(f"rounds {word}", ENDS[word], lasts or word in AT_ONCE))
    if last and (count := last[-1]["refused"]):
        lasts = len(last) == ROUNDS_LAST and all(one["refused"] for one in last)
        says = f"The wiki refuses to save {count} pages, round after round. The log says why."
        found.append(Trouble("pages refused", says, lasts))
    return found


def _is_time(noted: Mapping[str, Any], today: date) -> bool:
    told = noted.get("told")
    return told is None or today - date.fromisoformat(told) >= AGAIN


def _remember(
    ledger: Ledger,
    memo: Mapping[str, Mapping[str, Any]],
    found: list[Trouble],
    told: list[Trouble] | tuple[()],
    today: date,
) -> None:
    """Note what there is. What ended is kept for a week if it was told: it may come and go."""
    now: dict[str, dict[str, Any]] = {
        key: {**one, "since": today.isoformat()}
        for key, one in memo.items()
        if not _is_time(one, today)
    }
    for one in found:
        before = memo.get(one.key, {})
        now[one.key] = {"since": today.isoformat(), **before}
    for one in told:
        now[one.key]["told"] = today.isoformat()
    if now != memo:
        ledger.notes.remember(MEMO, now)


def _message(due: list[Trouble]) -> str:
    lines = "\n".join(f"* {one.says}" for one in due)
    return (
        f"{lines}\n\n<code>python -m bot status</code> says more. Each trouble is told at most once"
        " a week; <code>BADGES_DIGEST=off</code> ends these messages. ~~~~"
    )
