"""Read from our own data pages which tiers people hold: for a ledger that lost its memory."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from scoring.tiers import Held
from wikitext.json_text import Json

HIGHEST = 4
"""No badge has more tiers."""
LARGEST = 1e9
_ID = re.compile(r"[a-z0-9-]{1,64}")


def tiers_on_page(page: Json | None) -> tuple[Held, ...]:
    """What a person's data page says of the tiers they hold, under rules that nobody remembers.

    A value on it below the line of a tier was noted as such, on a day that nobody remembers. What is
    not as we write it is left out: administrators may edit the page.
    """
    badges = page.get("badges") if page and page.get("state") == "ready" else None
    found: dict[tuple[str, int], Held] = {}
    for badge in badges if isinstance(badges, list) else ():
        if not isinstance(badge, dict) or not _ID.fullmatch(str(badge.get("id"))):
            continue
        name, taken, below = badge["id"], badge.get("taken"), badge.get("below")
        stood = _count_of(badge.get("value"))
        for row in (badge, *(below if isinstance(below, list) else ())):
            if isinstance(row, dict) and (one := _held(name, row, stood)) is not None:
                found.setdefault((name, one.tier), one)
        if isinstance(taken, dict):
            tier, line = _tier_of(taken.get("tier")), _count_of(taken.get("line"))
            value = _count_of(taken.get("value"))
            if tier and line is not None and value is not None:
                found.setdefault((name, tier), Held(name, tier, date.min, line, taken=value))
    return tuple(found[key] for key in sorted(found))


def _held(name: str, row: Json, stood: float | None) -> Held | None:
    tier, since, line = (
        _tier_of(row.get("tier")),
        _day_of(row.get("since")),
        _count_of(row.get("line")),
    )
    if not tier or since is None or line is None:
        return None
    gone = stood is not None and stood < line
    return Held(name, tier, since, line, noted=date.min if gone else None)


def _tier_of(value: Any) -> int:
    return value if type(value) is int and 0 < value <= HIGHEST else 0


def _count_of(value: Any) -> float | None:
    is_number = type(value) is int or type(value) is float
    return value if is_number and 0 <= value < LARGEST else None


def _day_of(value: Any) -> date | None:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None
