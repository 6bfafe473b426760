"""A person's works as pages: one a year; where a year is too large for a page one a month, then parts.

A page is cut by days, so that one more work changes the page of its day and, as a rule, no other. Where
it splits a part of a month in two, the later parts of that month are numbered anew and change, too.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from scoring.assess import main_change, names_of
from scoring.credits import reasons_of
from scoring.model import Assessment, Credit, Reason, Work
from wikitext.hidden import NOTHING_HIDDEN, Hidden
from wikitext.json_text import MOST_BYTES, Json, clean, number, size_of

SCHEMA = 1
ABOUT_CHARACTERS = 200
"""How much of a first line is shown: git allows any length, a table does not."""
MOST_REVIEWS = 200
"""How many reviews of a work are shown, the newest."""
LAST_DAY = 31

NO_REVIEWS: Mapping[str, Sequence[Json]] = {}


class _Item(NamedTuple):
    """Something that stands on a page: where (``works`` or ``corrected``), its day, what, its size."""

    place: str
    day: date
    value: Json
    size: int


def work_pages(
    credits_: Sequence[Credit],
    me: str,
    first_lines: Mapping[str, str],
    reviews: Mapping[str, Sequence[Json]] = NO_REVIEWS,
    corrected: Iterable[Assessment] = (),
    hidden: Hidden = NOTHING_HIDDEN,
) -> dict[str, Json]:
    """The pages with a person's works, by name (``2025``, ``2025-03``, ``2025-03-2``), oldest first.

    *first_lines* are those of the person's own changes; *reviews* what is shown of reviews, by the
    key of their work; *corrected* the works that accepted ones corrected away.
    """
    if hidden.most:
        return {}
    own = {credit.work.key for credit in credits_} if reviews else set()
    items = []
    for credit in credits_:
        if not hidden.work(credit.work.work):
            shown = _credit(credit, me, first_lines, hidden)
            shown |= _reviews(reviews, credit.work.work, own, hidden)
            items.append(_Item("works", credit.work.day, shown, size_of(shown)))
    for one in corrected:
        if not hidden.work(one.work):
            gone = {"work": one.key, "day": one.day.isoformat()}
            gone |= _reviews(reviews, one.work, own, hidden)
            items.append(_Item("corrected", one.day, gone, size_of(gone)))
    return {name: _page(name, part) for name, part in _cut(items)}


def _page(name: str, items: Iterable[_Item]) -> Json:
    by: dict[str, list[Json]] = {"works": []}
    for one in items:
        by.setdefault(one.place, []).append(one.value)
    year, _, rest = name.partition("-")
    page: Json = {"schema": SCHEMA, "year": int(year), **by}
    return {**page, "name": name} if rest else page


def _cut(items: Iterable[_Item]) -> Iterator[tuple[str, Sequence[_Item]]]:
    """Items by the name of their page, oldest first."""
    for year, of_year in _sorted_by(items, lambda one: one.day.year):
        if _fits(of_year):
            yield str(year), of_year
            continue
        for month, of_month in _sorted_by(of_year, lambda one: one.day.month):
            name = f"{year}-{month:02}"
            parts = list(_by_days(of_month, 1, LAST_DAY))
            if len(parts) == 1:
                yield name, parts[0]
            else:
                yield from ((f"{name}-{nth}", part) for nth, part in enumerate(parts, 1))


def _sorted_by(
    items: Iterable[_Item], which: Callable[[_Item], int]
) -> list[tuple[int, list[_Item]]]:
    found: dict[int, list[_Item]] = defaultdict(list)
    for one in items:
        found[which(one)].append(one)
    return sorted(found.items())


def _fits(items: Collection[_Item]) -> bool:
    return len(items) < 2 or sum(one.size for one in items) <= MOST_BYTES


def _by_days(items: Sequence[_Item], first: int, last: int) -> Iterator[Sequence[_Item]]:
    """Halves of a month, halves of these, … until each fits on a page; a day by its works' keys."""
    if _fits(items):
        if items:
            yield items
        return
    if first == last:
        yield from _by_keys(items, 0)
        return
    middle = (first + last) // 2
    yield from _by_days([one for one in items if one.day.day <= middle], first, middle)
    yield from _by_days([one for one in items if one.day.day > middle], middle + 1, last)


def _by_keys(items: Sequence[_Item], bit: int) -> Iterator[Sequence[_Item]]:
    """Two parts by one bit of the digests of the works' keys, … : no part depends on another."""
    if _fits(items):
        if items:
            yield items
        return
    for side in (0, 1):
        part = [one for one in items if _bit(one.value["work"], bit) == side]
        yield from _by_keys(part, bit + 1)


def _bit(key: str, bit: int) -> int:
    return int.from_bytes(hashlib.sha256(key.encode()).digest()) >> bit & 1


def _reviews(
    reviews: Mapping[str, Sequence[Json]], work: Work, own: Collection[str], hidden: Hidden
) -> Json:
    """The reviews of a work by all its names, the oldest first; nothing if there are none.

    *own* are the keys of all works.
    """
    keys = names_of(work, own) if reviews else []
    found = [one for key in keys for one in reviews.get(key, ())]
    if not found:
        return {}
    ordered = sorted(found, key=lambda one: int(one["revision"]))[-MOST_REVIEWS:]
    return {
        "reviews": [{**one, "value": ""} if hidden.key(one["value"]) else one for one in ordered]
    }


def _credit(credit: Credit, me: str, first_lines: Mapping[str, str], hidden: Hidden) -> Json:
    work = credit.work
    main = main_change(work.work, me)
    if hidden.key(main):
        main = ""  # The change belongs to a hidden work, too.
    shown: Json = {
        "work": work.key,
        "day": work.day.isoformat(),
        "main": main,
        "about": clean(hidden.text(first_lines.get(main, "")))[:ABOUT_CHARACTERS],
        "share": number(credit.share, 2),
        "issue": credit.issue,
    }
    if not hidden.score:
        shown |= {
            "points": number(work.points, 1),
            "difficulty": number(work.difficulty, 2),
            "impact": number(work.impact, 2),
            "estimate": work.estimate,
            "credit": number(credit.credit, 1),
            "counted": number(credit.counted, 1),
            "reasons": [_reason(reason) for reason in reasons_of(credit)],
        }
    return {**shown, "paid": True} if credit.paid else shown


def _reason(reason: Reason) -> list[Any]:
    values = [number(v, 2) if isinstance(v, float) else v for v in reason.values]
    return [reason.term, number(reason.value, 2), reason.fact, *values]
