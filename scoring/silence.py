"""The alarm over a badge whose rule used to fit and fits no more: a blind rule looks like nobody's fault.

Fedora's badges missed one for three years. No clock: what is late is late against the newest patch.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from statistics import median

from scoring.badge import Award

ENOUGH = 10
"""Rules that fitted less often than this may well fit nothing for a while."""
MANY_PEOPLE = 5
"""What fewer people do has no rhythm: they may have turned to other things."""
QUIET_DAYS = 180
QUIET_GAPS = 4
LAST = 11
PATCHES = ""
"""Under this name patches are counted beside the badges."""

Counts = Mapping[str, int]
"""How many events of one person fit each badge, and how many patches there are."""


@dataclass(slots=True)
class Matches:
    """How often each badge's rule fits: by person (any key), and the newest days over all people."""

    counts: dict[int, dict[str, int]] = field(default_factory=dict)
    newest: dict[str, list[date]] = field(default_factory=dict)

    def add(self, person: int, awards: Iterable[Award], patches: Iterable[date]) -> None:
        """Add what fits of a person's record."""
        days = list(patches)
        counts = {PATCHES: len(days)} if days else {}
        self._lately(PATCHES, days)
        for award in awards:
            if award.matched:
                counts[award.badge] = award.matched
                self._lately(award.badge, award.lately)
        self.counts[person] = counts

    def total(self, badge: str, people: Iterable[int]) -> int:
        """How often the rule fits for these people."""
        return sum(self.counts.get(person, {}).get(badge, 0) for person in people)

    def _lately(self, badge: str, days: Iterable[date]) -> None:
        self.newest[badge] = heapq.nlargest(LAST, [*self.newest.get(badge, ()), *days])


Silent = Mapping[str, str]
"""The badges that fell silent, each with the newest day on which its rule fitted ("" if on none)."""


def silent(
    now: Matches, before: Mapping[int, Counts], known: Silent, active: Iterable[str]
) -> dict[str, str]:
    """Which of the *active* badges are silent, given those that were *known* to be.

    *before* is how often rules fitted in the round before, by person. A badge that is silent is
    so until its rule fits something newer.
    """
    found = {}
    for badge in active:
        newest = max(now.newest.get(badge, ()), default=None)
        last = newest.isoformat() if newest else ""
        if badge in known:
            if last <= known[badge]:
                found[badge] = known[badge]
        elif _fell(now, before, badge) or _is_late(now, badge):
            found[badge] = last
    return found


def _fell(now: Matches, before: Mapping[int, Counts], badge: str) -> bool:
    """Whether the same people match less than half as often, and have no fewer patches."""
    people = now.counts.keys() & before.keys()
    was = sum(before[person].get(badge, 0) for person in people)
    patches = sum(before[person].get(PATCHES, 0) for person in people)
    if was < ENOUGH or now.total(PATCHES, people) < patches:
        return False
    return 2 * now.total(badge, people) < was


def _is_late(now: Matches, badge: str) -> bool:
    """Whether the newest match lies far back, by the newest patch and the badge's own rhythm."""
    days = sorted(now.newest.get(badge, ()))
    patches = now.newest.get(PATCHES, ())
    people = sum(badge in counts for counts in now.counts.values())
    if len(days) < ENOUGH or not patches or people < MANY_PEOPLE:
        return False
    gap = median((later - earlier).days for earlier, later in pairwise(days))
    return (max(patches) - days[-1]).days > max(QUIET_DAYS, QUIET_GAPS * gap)
