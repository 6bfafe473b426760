"""What a record has earned of the badges, and since when."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from scoring.catalogue import CATALOGUE
from scoring.model import Award, Badge, Record


def awards(record: Record, catalogue: Sequence[Badge] = CATALOGUE) -> tuple[Award, ...]:
    """What the record has earned, in the order of the catalogue."""
    events = {
        "issues": [(credit.work.day, 1.0) for credit in record.credits if credit.issue],
        "points": [(credit.work.day, credit.counted) for credit in record.credits],
        "patches": [(day, 1.0) for day in record.patch_days],
        "works": [(credit.work.day, 1.0) for credit in record.credits if not credit.paid],
        "wishes": [(grant.day, 1.0) for grant in record.grants],
        "reviews": [(day, 1.0) for day in record.review_days],
    }
    return tuple(_award(badge, sorted(events.get(badge.counts, []))) for badge in catalogue)


def _award(badge: Badge, events: Sequence[tuple[date, float]]) -> Award:
    value, tier, since = 0.0, 0, None
    for day, step in events:
        value += step
        # As it is shown: nobody reads 50.0 and is told that 50 is still to be reached.
        while tier < len(badge.tiers) and round(value, 1) >= badge.tiers[tier]:
            tier, since = tier + 1, day
    following = badge.tiers[tier] if tier < len(badge.tiers) else None
    return Award(badge.id, tier, math.fsum(step for _, step in events), since, following)
