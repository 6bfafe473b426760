"""How hard a work was: Size, Spread, Review, Chain, or what humans said."""

from __future__ import annotations

import math

from scoring.measure import Measure, logarithmic
from scoring.model import Reason, Work
from scoring.rules import Rules


def difficulty_of(
    work: Work, measured: Measure, rules: Rules
) -> tuple[list[tuple[float, Reason]], bool]:
    """The terms of difficulty with their weights, and whether one of them is not known."""
    if work.task is not None and work.task.points is not None:
        # Promise 5: small in lines is not small in value, and a human has looked.
        points = work.task.points
        value = [level for line, level in rules.labels if points >= line][-1:] or [0.05]
        return [(1.0, Reason("label", value[0], "task-points", (points,)))], False
    if not work.parts:
        return [(0.0, Reason("size", 0.0, "no-change"))], True
    review, unknown = _review(work, rules)
    return [
        (rules.size, _size(measured, rules)),
        (rules.spread, _spread(measured, rules)),
        (rules.review, review),
        (rules.chain, _chain(work, rules)),
        *_set_aside(measured),
    ], unknown


def _size(measured: Measure, rules: Rules) -> Reason:
    if not measured.files:
        return Reason("size", 0.0, "nothing-effective")
    if measured.mechanical:
        value = logarithmic(measured.files, rules.lines_cap) * rules.mechanical_factor
        return Reason("size", value, "mechanical", (measured.files, round(measured.median)))
    value = logarithmic(measured.lines, rules.lines_cap)
    return Reason("size", value, "effective-lines", (math.ceil(measured.lines), measured.files))


def _spread(measured: Measure, rules: Rules) -> Reason:
    evenness = measured.evenness * (rules.mechanical_factor if measured.mechanical else 1.0)
    directories = min(measured.directories, 1) if measured.mechanical else measured.directories
    value = 0.5 * evenness + 0.5 * min(1.0, max(0, directories - 1) / 5)
    return Reason("spread", value, "spread", (measured.files, measured.directories))


def _review(work: Work, rules: Rules) -> tuple[Reason, bool]:
    known = [change.rounds for change, _ in work.parts if change.rounds is not None]
    if not known:
        return Reason("review", rules.unknown_rounds, "rounds-unknown"), True
    rounds = max(known)
    return Reason(
        "review", min(1.0, max(0, rounds - 1) / rules.rounds_cap), "rounds", (rounds,)
    ), False


def _chain(work: Work, rules: Rules) -> Reason:
    days = len({change.merged.date() for change, _ in work.parts})
    return Reason("chain", min(1.0, (days - 1) / rules.chain_cap), "chain", (days,))


def _set_aside(measured: Measure) -> list[tuple[float, Reason]]:
    if not measured.set_aside:
        return []
    return [(0.0, Reason("set-aside", 0.0, "set-aside", (measured.set_aside,)))]
