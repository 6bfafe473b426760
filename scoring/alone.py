"""What an author's changes in a task would earn had they named no task.

To name a task must never cost anything; else the honest footer would be left out. Where a task is
shared by many, or was worked on for years in small steps, points × share can be less than what the
very same changes are worth as series.
"""

from __future__ import annotations

from typing import NamedTuple

from scoring.assess import assess_work
from scoring.model import Work
from scoring.rules import Rules
from scoring.series import series_of


class Alone(NamedTuple):
    """Points of the series that changes would form: of small ones, and of all others."""

    small: float = 0.0
    large: float = 0.0


def alone(work: Work, author: str, rules: Rules) -> Alone:
    """What the author's own changes in *work* would earn as series; co-authors divide each equally."""
    mine = [(change, part) for change, part in work.parts if author in change.authors]
    if len(work.parts) == len(mine) == 1:
        return Alone()  # The very same change, and nothing to share: a task only adds to it.
    small = large = 0.0
    for series in series_of(((change, part, None) for change, part in mine), rules):
        points = assess_work(series, rules).points
        part = points / len(series.parts[0][0].authors)
        if points < rules.small_points:
            small += part
        else:
            large += part
    return Alone(small, large)
