"""Read from our own data pages which tiers people hold: for a ledger that lost its memory."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from scoring.tiers import Held
from wikitext.data_pages import Json

HIGHEST = 4
"""No badge has more tiers."""
LARGEST = 1e9
_ID = re.compile(r"[a-z0-9-]{1,64}")


def tiers_on_page(page: Json | None, rules: str) -> tuple[Held, ...]:
    """What a person's data page says of the tiers they hold, taken as held under *rules*.

    What is not as we write it is left out: administrators may edit the page.
    """
    badges = page.get("badges") if page and page.get("state") == "ready" else None
    found: dict[tuple[str, int], Held] = {}
    for badge in badges if isinstance(badges, list) else ():
        if not isinstance(badge, dict) or not _ID.fullmatch(str(badge.get("id"))):
            continue
        name, since, taken = badge["id"], _day_of(badge.get("since")), badge.get("taken")
        tier, line = _tier_of(badge.get("tier")), _count_of(badge.get("line"))
        if tier and since and line is not None:
            found[name, tier] = Held(name, tier, since, line, rules)
        if isinstance(taken, dict):
            tier, line = _tier_of(taken.get("tier")), _count_of(taken.get("line"))
            value = _count_of(taken.get("value"))
            if tier and line is not None and value is not None:
                found.setdefault((name, tier), Held(name, tier, date.min, line, rules, taken=value))
    return tuple(found[key] for key in sorted(found))


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
