"""The statistics of the community, and the wall of thanks. Nobody is ranked.

Made of the very records that people's pages show: what somebody hides is in no number here that would
tell it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from scoring.badge import ACTIVE, Badge
from scoring.model import Grant, Record
from wikitext.hidden import Hidden
from wikitext.json_text import Json, clean
from wikitext.words import is_message
from wikitext.work_pages import ABOUT_CHARACTERS, SCHEMA

ENOUGH_PEOPLE = 20
"""How badges are doing is told from so many people on: of fewer, it would tell of each."""
WALL = 2000
"""How many people the wall shows: a page has to bear it."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who has a page: their record as it is shown, what they hide, whether they want the wall."""

    name: str
    record: Record
    hidden: Hidden
    wall: bool = False


def statistics_page(members: Sequence[Member], badges: Iterable[Badge]) -> Json:
    """The page: each issue, wish and patch counts once, however many people have a part in it."""
    total, open_ = _Sums(), _Sums()
    told = [one for one in members if not one.hidden.most]
    for one in members:
        total.add_counts(one.record)
    for one in told:
        open_.add_counts(one.record)
        open_.add_rest(one.record)
    page: Json = {
        "schema": SCHEMA,
        "people": len(members),
        # Who hides all but the count is in no year: it would tell when they did what.
        "total": {**total.counts(), **open_.rest()},
        "years": [
            {"year": year, **open_.counts(year), **open_.rest(year)} for year in open_.years()
        ],
    }
    if len(told) >= ENOUGH_PEOPLE:
        page["badges"] = list(_badges(told, badges))
        page["shown"] = len(told)  # Of so many the badges are told, not of all people.
    wall = sorted((one for one in members if one.wall), key=lambda m: (m.name.casefold(), m.name))
    page["wall"] = [_thanks(one) for one in wall[:WALL]]
    return {**page, "more": len(wall) - WALL} if len(wall) > WALL else page


@dataclass(slots=True)
class _Sums:
    """The days of what was done, each thing once."""

    issues: dict[str, date] = field(default_factory=dict)
    wishes: dict[str, Grant] = field(default_factory=dict)
    patches: dict[str, date] = field(default_factory=dict)
    reviews: Counter[int] = field(default_factory=Counter)

    def add_counts(self, record: Record) -> None:
        for credit in record.credits:
            if credit.issue and not credit.paid:
                self.issues.setdefault(credit.work.key, credit.work.day)
        for grant in record.grants:
            self.wishes.setdefault(grant.wish.key, grant)

    def add_rest(self, record: Record) -> None:
        for patch in record.patches:
            self.patches.setdefault(patch.key, patch.day)
        # A change that two people looked at was reviewed twice.
        self.reviews.update(day.year for day in record.review_days)

    def years(self) -> list[int]:
        days = (*self.issues.values(), *self.patches.values())
        granted = (one.day for one in self.wishes.values())
        return sorted({*(day.year for day in days), *(day.year for day in granted), *self.reviews})

    def counts(self, year: int | None = None) -> Json:
        issues = sum(year in (None, day.year) for day in self.issues.values())
        granted = [one for one in self.wishes.values() if year in (None, one.day.year)]
        apart = sum(one.works.isdisjoint(self.issues) for one in granted)
        return {"issues": issues, "wishes": len(granted), "together": issues + apart}

    def rest(self, year: int | None = None) -> Json:
        return {
            "patches": sum(year in (None, day.year) for day in self.patches.values()),
            "reviews": self.reviews.total() if year is None else self.reviews[year],
        }


def _badges(members: Iterable[Member], badges: Iterable[Badge]) -> Iterator[Json]:
    """How many people hold each tier, and none above it."""
    held: Counter[tuple[str, int]] = Counter()
    for one in members:
        held.update((a.badge, a.tier) for a in one.record.awards if not one.hidden.badge(a.badge))
    for badge in badges:
        highest = max([len(badge.tiers), *(t for b, t in held if b == badge.id)])
        tiers = [held[badge.id, tier] for tier in range(1, highest + 1)]
        if badge.state != ACTIVE and not any(tiers):
            continue
        page: Json = {"id": badge.id, "tiers": tiers}
        if not is_message(f"badge-{badge.id}-name"):
            page["name"] = clean(badge.name)[:ABOUT_CHARACTERS]
        yield page


def _thanks(one: Member) -> Json:
    page: Json = {"person": one.name, "together": one.record.total.together}
    if one.hidden.most:
        return page
    held = sum(a.tier > 0 and not one.hidden.badge(a.badge) for a in one.record.awards)
    return {**page, "badges": held}
