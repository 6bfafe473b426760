"""How long a task was open."""

from __future__ import annotations

from datetime import date

DAYS_OF_A_YEAR = 365.25


def years_open(
    created: date | None, closed: date | None, last_merge: date | None = None
) -> float | None:
    """Years from *created* to *closed*, else to the last merge; None where that is not known."""
    ended = closed or last_merge
    if created is None or ended is None:
        return None
    return max(0.0, (ended - created).days / DAYS_OF_A_YEAR)
