"""What an author's changes in a task would earn had they named no task.

To name a task must never cost anything; else the honest footer would be left out. Where a task is
shared by many, or was worked on for years in small steps, points × share can be less than what the
very same changes are worth as series.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from scoring.assess import assess_work
from scoring.model import Assessment
from scoring.rules import Rules
from scoring.series import series_of


class Earned(NamedTuple):
    """What something earned: on which day, how many points it is worth, and the author's part of them."""

    day: date
    points: float
    part: float


def alone(work: Assessment, author: str, rules: Rules) -> list[Earned]:
    """What the author's own changes in *work* would earn as series; co-authors divide each equally.

    Nothing where a human said how hard or how useful the work was: that is the better evidence.
    """
    if not work.issue or any(reason.term == "label" for reason in work.reasons):
        return []
    mine = [(change, part) for change, part in work.work.parts if author in change.authors]
    if len(work.work.parts) == len(mine) == 1 and mine[0][1] == 1:
        return []  # The very same change, and nothing to share: what is known of a task only adds.
    parts = {change.key: part for change, part in mine}
    found = []
    for series in series_of(((change, 1.0, None) for change, _ in mine), rules):
        bare = assess_work(series, rules)
        part = max(parts[change.key] for change, _ in series.parts)
        worth = bare.points * part / len(series.parts[0][0].authors)
        found.append(Earned(bare.day, bare.points, worth))
    return found
