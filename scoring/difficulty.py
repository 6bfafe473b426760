"""How hard a work was: Size, Spread, Review, Chain, or what people said."""

from __future__ import annotations

from functools import lru_cache

from scoring.measure import Measure
from scoring.model import Reason, Ruling, Work
from scoring.rules import Rules

Term = tuple[float, Reason]
"""A weight, and the reason whose value it weighs."""

NOTHING = Reason("size", 0.0, "nothing-effective")
NO_CHANGE = Reason("size", 0.0, "no-change")
NO_RULING = Ruling()


def difficulty_of(
    work: Work, measured: Measure, rules: Rules, ruling: Ruling = NO_RULING
) -> tuple[list[Term], bool]:
    """The terms of difficulty with their weights, and whether one of them is not known."""
    if ruling.size:
        return [(1.0, label_of(ruling.size, "review-size", rules))], False
    if work.task is not None and work.task.points is not None and _is_seen(work):
        # Small in lines is not small in value: whoever set the points has looked.
        return [(1.0, _label(work.task.points, rules))], False
    if not work.parts:
        return [(0.0, NO_CHANGE)], True
    review, unknown = _review(work, rules)
    size, spread, *remarks = _of_files(measured, rules)
    chain = (rules.chain, _chain(_days(work), rules.chain_cap))
    return [size, spread, (rules.review, review), chain, *remarks], unknown


def _is_seen(work: Work) -> bool:
    """Whether somebody else looked at one of its changes, as far as that is known."""
    return not work.parts or any(change.reviewed is not False for change, _ in work.parts)


def label_of(word: str, fact: str, rules: Rules) -> Reason:
    """What a reviewer said of a work: a word of ``rules.sizes``, printed by its place among them."""
    words = [name for name, _ in rules.sizes]
    return Reason("label", dict(rules.sizes)[word], fact, (words.index(word) + 1,))


def _label(points: float, rules: Rules) -> Reason:
    value = max((value for least, value in rules.labels if points >= least), default=0.0)
    return Reason("label", value, "task-points", (_plain(points),))


@lru_cache(maxsize=1 << 14)
def _of_files(measured: Measure, rules: Rules) -> list[Term]:
    return [
        (rules.size, _size(measured)),
        (rules.spread, _spread(measured)),
        *_remarks(measured, rules),
    ]


def _size(measured: Measure) -> Reason:
    if not measured.files:
        return NOTHING
    lines = max(1, round(measured.lines))
    return Reason("size", measured.size, "effective-lines", (lines, measured.files))


def _spread(measured: Measure) -> Reason:
    return Reason("spread", measured.spread, "spread", (measured.files, measured.directories))


def _review(work: Work, rules: Rules) -> tuple[Reason, bool]:
    """Rounds of the change with the most: cutting a patch must not add them up."""
    known = [change.rounds for change, _ in work.parts if change.rounds is not None]
    if not known:
        return _rounds_unknown(rules.unknown_rounds), True
    return _rounds(max(known), rules.rounds_cap), False


def _days(work: Work) -> int:
    if len(work.parts) == 1:
        return 1
    return len({change.merged.date() for change, _ in work.parts})


@lru_cache(maxsize=8)
def _rounds_unknown(value: float) -> Reason:
    return Reason("review", value, "rounds-unknown")


@lru_cache(maxsize=256)
def _rounds(rounds: int, cap: int) -> Reason:
    value = min(1.0, max(0, rounds - 1) / cap)
    return Reason("review", value, "rounds", (rounds,))


@lru_cache(maxsize=256)
def _chain(days: int, cap: int) -> Reason:
    return Reason("chain", min(1.0, (days - 1) / cap), "chain", (days,))


def _remarks(measured: Measure, rules: Rules) -> list[Term]:
    """Facts that explain the size, and count nothing themselves."""
    remarks: list[Term] = []
    if measured.swept:
        files = (measured.swept, round(measured.swept_median))
        remarks.append((0.0, Reason("mechanical", 0.0, "mechanical", files)))
    elif measured.replaced >= rules.even_file:
        lines = round(measured.replaced)
        remarks.append((0.0, Reason("replaced", 0.0, "replaced", (lines,))))
    if measured.set_aside >= 1:
        lines = round(measured.set_aside)
        remarks.append((0.0, Reason("set-aside", 0.0, "set-aside", (lines,))))
    return remarks


def _plain(value: float) -> float | int:
    """5.0 as 5, as people write points."""
    return int(value) if value == int(value) else value
