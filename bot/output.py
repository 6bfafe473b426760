"""What commands print, and the number with which they end (see ``bot.options.EXIT_CODES``)."""

from __future__ import annotations

import json
from collections.abc import Iterable

from bot.logs import redact, say, trouble
from bot.schedule import Kind
from bot.world import Round
from wikitext.json_text import clean

DONE, FAILED, USAGE, PARTLY = 0, 1, 2, 3


def round_ended(kind: Kind, done: Round) -> int:
    """Say what a round did, in one line and one more for each trouble; give the exit code."""
    edits, outcome = len(done.outcome.saved), done.outcome
    say(
        f"{kind}: {done.people} people, {edits} edits", "round", kind=kind.value, people=done.people,
        edits=edits, refused=len(outcome.refused), later=outcome.later, partly=done.partly,
    )  # fmt: skip
    return ending(done)


def ending(done: Round) -> int:
    """Say what troubles a round met; give the exit code."""
    for source, why in done.troubles:
        trouble(f"{source}: {why} What was known still stands.", "source", source=source)
    for title, why in done.outcome.refused:
        trouble(f"[[{title}]]: {why}", "refused")
    if later := done.outcome.later:
        trouble(
            f"{later} edits wait for the next round: they are over this round's budget, or came after"
            " too many that were refused.",
            "later",
            edits=later,
        )
    return PARTLY if done.partly else DONE


def show(lines: Iterable[str]) -> None:
    """Print the result of a command: without secrets, and without what steers a terminal."""
    for line in lines:
        print(clean(redact(line)))


def show_json(value: object) -> None:
    """Print the result of a command for machines, in one line without secrets."""
    print(json.dumps(redact.value(value), ensure_ascii=False))
