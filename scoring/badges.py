"""What a record has earned of the badges, since when, and how much is missing to the next tier."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from fnmatch import translate
from functools import lru_cache
from itertools import accumulate
from operator import attrgetter, itemgetter
from typing import Any

from scoring.badge import Award, Badge, Condition
from scoring.catalogue import CATALOGUE
from scoring.model import Grant, Record
from scoring.traits import FIELDS, UNKNOWN

Row = tuple[Any, ...]
"""An event: the values of FIELDS, in their order."""
Choose = Callable[[Sequence[Row]], Sequence[Row]]

PLACE = {name: place for place, name in enumerate(FIELDS)}
SEEN, DAY, COUNTED, ISSUE = (PLACE[name] for name in ("seen", "day", "counted", "issue"))
LATELY = 11
"""Ten gaps between days tell how often a badge's rule fits (``scoring.silence``)."""
EXAMPLE_DAY = date(2025, 1, 1)
_NOTHING = {"number": UNKNOWN, "flag": False, "texts": (), "day": EXAMPLE_DAY}
_BLANK = tuple(_NOTHING[field.holds] for field in FIELDS.values())

# Where a field has no path it is filled in below. One call reads a whole row: that is what is fast.
_PATHS = [field.path or "paid" for field in FIELDS.values()]
_of_credit = attrgetter(*_PATHS)
_OF_TRAITS = [name for name, field in FIELDS.items() if field.path.startswith("traits.")]
_of_patch = attrgetter(*(FIELDS[name].path for name in _OF_TRAITS))
_AFTER_TRAITS = _BLANK[len(_OF_TRAITS) : DAY]


def awards(record: Record, badges: tuple[Badge, ...] = CATALOGUE) -> tuple[Award, ...]:
    """What the record has earned, in the order of *badges*, by the facts and the rules alone.

    Which tiers are held, once rules have changed, is for ``scoring.tiers``.
    """
    events = _events(record)
    found = []
    for badge, choose in _compiled(badges):
        rows = _given(record, badge) if badge.counts == "given" else events[badge.counts]
        found.append(_award(badge, choose(rows)))
    return tuple(found)


def check_examples(badges: Iterable[Badge]) -> list[str]:
    """One sentence for each example that comes out wrong, and for each badge that has too few."""
    wrong = []
    for badge in badges:
        wanted = {example.tier > 0 for example in badge.examples}
        if wanted != {True, False}:
            wrong.append(f"{badge.id}: needs an example who gets it, and one who does not.")
        for number, example in enumerate(badge.examples, 1):
            tier = tier_of_example(badge, example.has)
            if tier != example.tier:
                wrong.append(
                    f"{badge.id}, example {number}: tier {tier} comes out instead of {example.tier}."
                    f" {example.says}".rstrip()
                )
    return wrong


def _events(record: Record) -> Mapping[str, Sequence[Row]]:
    """The rows of each of COUNTS, by day: of paid work none, nor of what nobody else looked at."""
    works = [_of_credit(one) for one in record.credits if not one.paid]
    issues = [
        (*row[:-_FILLED], nth, *row[1 - _FILLED :])
        for nth, row in enumerate((row for row in works if row[ISSUE]), 1)
    ]
    seen = {one.work.key for one in record.credits if one.traits.seen}
    works = [row for row in works if row[SEEN]]
    return {
        "works": works,
        "points": works,
        "issues": [row for row in issues if row[SEEN]],
        "patches": [
            (*_of_patch(one), *_AFTER_TRAITS, one.day) for one in record.patches if one.traits.seen
        ],
        "wishes": [_of_grant(one) for one in record.grants if _is_seen(one, seen)],
        "helped-wishes": [_of_grant(one) for one in record.helped if _is_seen(one, seen)],
        "reviews": [(*_BLANK[:DAY], day) for day in record.review_days],
    }


_FILLED = len(FIELDS) - PLACE["nth"]
"""``nth`` and what comes after it stand at the end of a row."""


def _is_seen(grant: Grant, seen: set[str]) -> bool:
    """Whether anything of what granted it was looked at; a reviewer's own word needs no more."""
    return not grant.works or not seen.isdisjoint(grant.works)


def _of_grant(grant: Grant) -> Row:
    return _row({"share": grant.share, "day": grant.day})


def _given(record: Record, badge: Badge) -> Sequence[Row]:
    return [(*_BLANK[:DAY], day) for given, day, _ in record.given if given == badge.id]


def _row(values: Mapping[str, object]) -> Row:
    return tuple(values.get(name, blank) for name, blank in zip(FIELDS, _BLANK, strict=True))


@lru_cache(maxsize=8)
def _compiled(badges: tuple[Badge, ...]) -> list[tuple[Badge, Choose]]:
    return [(badge, _choosing(badge)) for badge in badges]


def _choosing(badge: Badge) -> Choose:
    tests = [test for condition in badge.where for test in _tests(condition)]
    if any(badge.counts not in FIELDS[one.field].counts for one in badge.where):
        # What such events do not tell is not known, and fits nothing.
        tests = [lambda _rows: ()]

    def choose(rows: Sequence[Row]) -> Sequence[Row]:
        for test in tests:
            rows = test(rows)
        return rows

    return choose


def _tests(condition: Condition) -> Iterable[Choose]:
    at = PLACE[condition.field]
    if condition.among:
        fits = _fitting(condition.among)
        yield lambda rows: [row for row in rows if fits(row[at])]
    if condition.least is not None or condition.most is not None:
        # No field is below 0 but one that is not known.
        least = max(0.0, condition.least or 0.0)
        most = math.inf if condition.most is None else condition.most
        yield lambda rows: [row for row in rows if least <= row[at] <= most]


def _fitting(patterns: Sequence[str]) -> Callable[[tuple[str, ...]], bool]:
    fits = re.compile("|".join(translate(one.casefold()) for one in patterns)).match

    @lru_cache(maxsize=4096)
    def any_fits(texts: tuple[str, ...]) -> bool:
        return any(fits(text.casefold()) for text in texts)

    return any_fits


def _award(badge: Badge, rows: Sequence[Row]) -> Award:
    values = _values(badge, rows)
    value = values[-1] if values else 0.0
    if badge.counts == "points" and not (badge.distinct or badge.highest):
        value = math.fsum(row[COUNTED] for row in rows)
    # As it is shown: nobody reads 50.0 and is told that 50 is still to be reached.
    shown = values if isinstance(values, range) else [_as_shown(one) for one in values]
    places = [bisect_left(shown, line) for line in badge.tiers]
    days = tuple(rows[place][DAY] for place in places if place < len(rows))
    tier = len(days)
    following = next_line(badge, tier)
    heights: tuple[float, ...] = ()
    times = None
    if badge.highest:
        heights = tuple(_as_shown(row[PLACE[badge.highest]]) for row in rows)
        times = reaching(heights, badge.tiers[max(0, tier - 1)])
    more = None if following is None or badge.highest else missing(value, following)
    return Award(
        badge.id, tier, value, days[-1] if days else None, following, more, times, days,
        len(rows), tuple(row[DAY] for row in rows[-LATELY:]), state=badge.state, name=badge.name,
        heights=heights,
    )  # fmt: skip


def next_line(badge: Badge, tier: int) -> int | None:
    """The line above *tier*, None where there is none, or none that one could work towards."""
    return badge.tiers[tier] if tier < len(badge.tiers) and badge.counts != "given" else None


def reaching(heights: Iterable[float], line: float) -> int:
    """How many of the values reach *line*."""
    return sum(one >= line for one in heights)


def missing(value: float, line: float) -> int:
    """How many more it takes from *value* to *line*, both as they are shown, rounded up."""
    return math.ceil(round(line - _as_shown(value), 1))


def _as_shown(value: float) -> float:
    return round(value, 1)


def _values(badge: Badge, rows: Sequence[Row]) -> Sequence[float]:
    """Where the badge stands after each event; it never falls."""
    if badge.highest:
        values = accumulate(map(itemgetter(PLACE[badge.highest]), rows), max)
        return [max(0.0, value) for value in values]
    if badge.distinct:
        return _distinct(rows, PLACE[badge.distinct])
    if badge.counts == "points":
        return list(accumulate(row[COUNTED] for row in rows))
    return range(1, len(rows) + 1)


def _distinct(rows: Iterable[Row], at: int) -> list[float]:
    known: set[object] = set()
    values = []
    for row in rows:
        value = row[at]
        if isinstance(value, tuple):
            known.update(value)
        elif value != UNKNOWN:
            known.add(value)
        values.append(float(len(known)))
    return values


def tier_of_example(badge: Badge, has: Sequence[Mapping[str, object]]) -> int:
    """The tier that somebody made up reaches (``Example``), whatever the state of the badge."""
    rows: list[Row] = []
    for event in has:
        for _ in range(int(str(event.get("times", 1)))):
            rows.append(_made_up(event, EXAMPLE_DAY + timedelta(days=len(rows))))
    rows.sort(key=itemgetter(DAY))
    if badge.counts == "issues":
        rows = [row for row in rows if row[ISSUE]]
        rows = [(*row[:-_FILLED], n, *row[1 - _FILLED :]) for n, row in enumerate(rows, 1)]
    chosen = _choosing(badge)([row for row in rows if row[SEEN]])
    return _award(badge, chosen).tier


def _made_up(event: Mapping[str, object], day: date) -> Row:
    """An event of an example. What it does not say is not known; but it is an issue of one's own."""
    told: dict[str, object] = {"seen": True, "issue": True, "share": 1.0, "day": day}
    for name, value in event.items():
        if name == "day":
            told[name] = date.fromisoformat(str(value))
        elif name != "times":
            told[name] = tuple(map(str, value)) if isinstance(value, list | tuple) else value
    return _row(told)
