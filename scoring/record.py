"""What a person has: their credits, and the numbers for all time and by year."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta

from scoring.assess import patches
from scoring.credits import TOLERANCE, Paid, credits_of
from scoring.model import Assessment, Credit, Grant, Record, Tally, Wish
from scoring.rules import RULES, Rules


def never(_day: date) -> bool:
    """A volunteer's answer."""
    return False


def record_of(
    author: str,
    assessments: Iterable[Assessment],
    wishes: Iterable[Wish] = (),
    rules: Rules = RULES,
    *,
    reviews: Iterable[date] = (),
    paid: Paid = never,
) -> Record:
    """The record of *author*: credits by day, sums that depend on no other person.

    *reviews* are the days on which changes were merged that the author voted on. What was *paid*
    is among the credits, and in no number.
    """
    works = list(assessments)
    credits_ = credits_of(author, works, rules, paid)
    grants = _grants(author, works, wishes, rules, paid)
    found = {
        key: day
        for work in works
        if author in work.shares
        for key, day in patches(work.work, author)
    }
    days_of_patches = sorted(day for day in found.values() if not paid(day))
    reviewed = sorted(day for day in reviews if not paid(day))
    days = (
        [one.work.day for one in credits_]
        + [one.day for one in grants]
        + days_of_patches
        + reviewed
    )
    issues = frozenset(credit.work.key for credit in credits_ if credit.issue)
    tally = _Tallying(credits_, grants, days_of_patches, reviewed, issues)
    return Record(
        total=tally.over(lambda _: True),
        years={year: tally.of(year) for year in sorted({day.year for day in days})},
        credits=credits_,
        grants=grants,
        patch_days=tuple(days_of_patches),
        review_days=tuple(reviewed),
    )


def _grants(
    author: str, works: Iterable[Assessment], wishes: Iterable[Wish], rules: Rules, paid: Paid
) -> tuple[Grant, ...]:
    """The granted wishes of whose credit over its tasks the author has at least 20 %.

    Wishes that the same works granted (split, merged, or naming one task) are one wish: of two,
    the one that took more works stands, else the earlier.
    """
    of = _by_task(works)
    grace = timedelta(days=rules.wish_grace_days)
    found = [
        grant
        for wish in wishes
        if wish.status in rules.granted
        and (grant := _grant(author, wish, of, grace, paid)) is not None
        and grant.share >= rules.share_of_issue - TOLERANCE
    ]
    standing: list[Grant] = []
    for one in sorted(found, key=lambda one: (-len(one.works), one.day, one.wish.key)):
        if not one.works or not any(one.works <= other.works for other in standing):
            standing.append(one)
    return tuple(sorted(standing, key=lambda one: (one.day, one.wish.key)))


def _by_task(works: Iterable[Assessment]) -> Mapping[int, list[Assessment]]:
    """The works of each task: its own, or the series that gather under it."""
    of: dict[int, list[Assessment]] = defaultdict(list)
    for work in works:
        for number in work.tasks:
            of[number].append(work)
    return of


def _grant(
    author: str,
    wish: Wish,
    of: Mapping[int, list[Assessment]],
    grace: timedelta,
    paid: Paid,
) -> Grant | None:
    done = {work.key: work for n in wish.tasks for work in of.get(n, ()) if work.shares}
    if wish.granted is not None:
        # Tasks can be added to a wish at any time: what came long after its grant did not grant it.
        last = wish.granted + grace
        done = {key: work for key, work in done.items() if work.day <= last}
    if done:
        whole = math.fsum(work.points for work in done.values())
        free = [work for work in done.values() if not paid(work.day)]
        mine = math.fsum(work.points * work.shares.get(author, 0.0) for work in free)
        day = wish.granted or max(work.day for work in done.values())
        return Grant(wish, mine / whole, day, frozenset(done))
    if author in wish.by and wish.granted is not None and not paid(wish.granted):
        return Grant(wish, 1 / len(wish.by), wish.granted, frozenset())
    return None


class _Tallying:
    """Counts what lies within some days."""

    def __init__(
        self,
        credits_: Sequence[Credit],
        grants: Sequence[Grant],
        patches: Sequence[date],
        reviews: Sequence[date],
        issues: frozenset[str],
    ) -> None:
        self._credits, self._grants = [one for one in credits_ if not one.paid], grants
        self._patches, self._reviews, self._issues = patches, reviews, issues

    def of(self, year: int) -> Tally:
        """The numbers of one calendar year."""
        return self.over(lambda day: day.year == year)

    def over(self, within: Callable[[date], bool]) -> Tally:
        """The numbers of the days that *within* accepts."""
        credits_ = [one for one in self._credits if within(one.work.day)]
        granted = [one for one in self._grants if within(one.day)]
        solved = sum(1 for credit in credits_ if credit.issue)
        apart = sum(1 for one in granted if self._issues.isdisjoint(one.works))
        return Tally(
            issues=solved,
            wishes=len(granted),
            together=solved + apart,
            patches=sum(map(within, self._patches)),
            reviews=sum(map(within, self._reviews)),
            score=math.fsum(credit.counted for credit in credits_),
        )
