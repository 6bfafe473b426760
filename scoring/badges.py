"""The badges, as a table, and what a record has earned of them, and since when."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from scoring.model import Award, Record

DISCUSSION = "https://meta.wikimedia.org/wiki/Community_Wishlist/W463"


@dataclass(frozen=True, slots=True)
class Badge:
    """A badge: its id (never changed), what it measures, the lines of its tiers, where it was agreed."""

    id: str
    measures: str
    tiers: tuple[int, ...]
    discussion: str = DISCUSSION


CATALOGUE = (
    Badge("task-tamer", "issues", (5, 25, 100, 500)),
    Badge("patch-quilter", "patches", (10, 50, 250, 1000)),
    Badge("barn-raiser", "score", (50, 250, 1000, 5000)),
)


def awards(record: Record, catalogue: Sequence[Badge] = CATALOGUE) -> tuple[Award, ...]:
    """What the record has earned, in the order of the catalogue."""
    events = {
        "issues": [(credit.work.day, 1.0) for credit in record.credits if credit.issue],
        "score": [(credit.work.day, credit.counted) for credit in record.credits],
        "patches": [(day, 1.0) for day in record.patch_days],
    }
    return tuple(_award(badge, sorted(events[badge.measures])) for badge in catalogue)


def _award(badge: Badge, events: Sequence[tuple[date, float]]) -> Award:
    value, tier, since = 0.0, 0, None
    for day, step in events:
        value += step
        # As it is shown: nobody reads 50.0 and is told that 50 is still to be reached.
        while tier < len(badge.tiers) and round(value, 1) >= badge.tiers[tier]:
            tier, since = tier + 1, day
    following = badge.tiers[tier] if tier < len(badge.tiers) else None
    return Award(badge.id, tier, math.fsum(step for _, step in events), since, following)
