"""What people choose in their line of the registry: what to hide, a goal, the wall of thanks.

Somebody who wants a thing hidden must not be shown because we misread the word: what cannot be
understood is never guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

SCORE = "score"
ALL = "all"
"""Everything but the count: issues, wishes, and both together."""
MOST_HIDDEN = 50
HIGHEST_TARGET = 1_000_000
COUNTS = ("issues", "wishes", "together")
"""What is shown even of those who hide everything else."""
GOALS = (*COUNTS, "patches", "reviews", SCORE)
LONGEST_WORD = 200
"""Characters: no key of a work is longer."""

BADGE = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_TASK_OR_WISH = re.compile(r"[TW][1-9][0-9]{0,8}")
_CHANGE = re.compile(r"[A-Za-z0-9][\w.-]*(?:/[\w.-]+)*[~!#:][1-9][0-9]{0,11}", re.ASCII)
OTHER_WISH = re.compile(r"[a-z0-9][a-z0-9-]{0,39} [^\W_][\w.-]{0,59}")
"""List and number. Two words of anything fit, too: only one that is known is a wish."""
_GOAL = re.compile(rf"({'|'.join(GOALS)})\s*:\s*([0-9]{{1,7}})(?:\s*,\s*([0-9-]{{10}}))?")
_ANSWERS = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Goal:
    """``target`` of what is counted under ``field`` (one of ``GOALS``), until ``day`` if there is one."""

    field: str
    target: int
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices of one person. ``hide`` are words as ``hide_words`` gives them, sorted."""

    hide: tuple[str, ...] = ()
    goal: Goal | None = None
    wall: bool = False


NO_CHOICES = Choices()
CHOOSING = ("hide", "goal", "wall")
"""The options by which people choose."""


def read_choices(options: Mapping[str, str]) -> tuple[Choices, list[str]]:
    """The choices that *options* make, and the names of those whose value cannot be understood."""
    hide = hide_words(options["hide"]) if options.get("hide") else ()
    goal = read_goal(options["goal"]) if options.get("goal") else None
    wall = _ANSWERS.get(options["wall"].casefold()) if options.get("wall") else False
    wrong = [
        name
        for name, found in (("hide", hide is not None), ("wall", wall is not None))
        if not found
    ]
    if options.get("goal") and goal is None:
        wrong.append("goal")
    return Choices(hide or (), goal, bool(wall)), wrong


def hide_words(text: str) -> tuple[str, ...] | None:
    """The things to hide, with commas between them; None where one cannot be understood.

    Each is ``score``, ``all``, the id of a badge, or the key of a work or of a wish.
    """
    words = [_hide_word(" ".join(part.split())) for part in text.split(",")]
    known = sorted({word for word in words if word is not None})
    return None if None in words or len(known) > MOST_HIDDEN else tuple(known)


def _hide_word(text: str) -> str | None:
    if len(text) > LONGEST_WORD:
        return None
    # A task or a wish first: "t123" would fit the id of a badge, too, and is none that anybody means.
    if _TASK_OR_WISH.fullmatch(text.upper()):
        return text.upper()
    if _CHANGE.fullmatch(text):
        return text
    lower = text.casefold()
    return lower if BADGE.fullmatch(lower) or OTHER_WISH.fullmatch(lower) else None


def read_goal(text: str) -> Goal | None:
    """``issues:50`` or ``issues:50, 2026-12-31``; None where it cannot be understood."""
    match = _GOAL.fullmatch(text.strip().casefold())
    if match is None or not 1 <= int(match[2]) <= HIGHEST_TARGET:
        return None
    try:
        day = date.fromisoformat(match[3]) if match[3] else None
    except ValueError:
        return None
    return Goal(match[1], int(match[2]), day)
