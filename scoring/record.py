"""What a person has: their credits, and the numbers for all time and by year."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from scoring.model import Assessment, Credit, Record, Tally, Wish
from scoring.rules import RULES, Rules

TOLERANCE = 1e-9
"""A share of exactly 20 % is one, whatever the last digit of the sum that made it."""

Granted = tuple[frozenset[int], date]
"""A granted wish: the tasks that granted it, and the day."""


def record_of(
    author: str,
    assessments: Iterable[Assessment],
    wishes: Iterable[Wish] = (),
    rules: Rules = RULES,
) -> Record:
    """The record of *author*: credits by day, sums that depend on no other person."""
    works = list(assessments)
    credits_ = _credits(author, works, rules)
    granted = _granted(author, works, wishes, rules)
    patches = {key: day for work in works for key, day in work.patches.get(author, ())}
    issues = frozenset(c.work.task for c in credits_ if c.issue and c.work.task)
    years = sorted(
        {credit.work.day.year for credit in credits_}
        | {day.year for day in patches.values()}
        | {day.year for _, day in granted}
    )
    return Record(
        total=_tally(credits_, granted, patches, issues),
        years={
            year: _tally(
                [credit for credit in credits_ if credit.work.day.year == year],
                [one for one in granted if one[1].year == year],
                {key: day for key, day in patches.items() if day.year == year},
                issues,
            )
            for year in years
        },
        credits=credits_,
        patch_days=tuple(sorted(patches.values())),
    )


def is_issue(work: Assessment, author: str, rules: Rules) -> bool:
    """Whether a task counts as an issue of the author: 20 %, or 1/n of n equal authors if less."""
    share = work.shares.get(author, 0.0)
    if not work.issue or not share:
        return False
    return share >= min(rules.share_of_issue, 1 / len(work.shares)) - TOLERANCE


def _credits(author: str, works: Iterable[Assessment], rules: Rules) -> tuple[Credit, ...]:
    mine = sorted(
        (work for work in works if work.shares.get(author)), key=lambda work: (work.day, work.key)
    )
    counted = small_sums([(w.day, w.points, w.points * w.shares[author]) for w in mine], rules)
    return tuple(
        Credit(
            work,
            work.shares[author],
            work.points * work.shares[author],
            part,
            is_issue(work, author, rules),
        )
        for work, part in zip(mine, counted, strict=True)
    )


def small_sums(works: Sequence[tuple[date, float, float]], rules: Rules) -> list[float]:
    """What of each credit counts: small works add at most so much in any 30 days of their own.

    *works* are (day, points of the work, credit), by day.
    """
    window: deque[tuple[date, float]] = deque()
    counted = []
    for day, points, credit in works:
        if points >= rules.small_points:
            counted.append(credit)
            continue
        while window and (day - window[0][0]).days >= rules.small_days:
            window.popleft()
        room = max(0.0, rules.small_sum - math.fsum(part for _, part in window))
        part = min(credit, room)
        window.append((day, part))
        counted.append(part)
    return counted


def _granted(
    author: str, works: Iterable[Assessment], wishes: Iterable[Wish], rules: Rules
) -> list[Granted]:
    """The granted wishes of whose credit over its tasks the author has at least 20 %."""
    of = {number: work for work in works if work.task for number in (work.task, *work.also)}
    found: list[Granted] = []
    for wish in wishes:
        done = {of[n].key: of[n] for n in wish.tasks if n in of and of[n].shares}.values()
        tasks = frozenset(work.task for work in done if work.task)
        whole = math.fsum(work.points for work in done)
        mine = math.fsum(work.points * work.shares.get(author, 0.0) for work in done)
        if wish.status not in rules.granted or not done:
            continue
        if mine / whole >= rules.share_of_issue - TOLERANCE:
            found.append((tasks, wish.granted or max(work.day for work in done)))
    return found


def _tally(
    credits_: Sequence[Credit],
    granted: Sequence[Granted],
    patches: Mapping[str, date],
    issues: frozenset[int],
) -> Tally:
    solved = sum(1 for credit in credits_ if credit.issue)
    apart = sum(1 for tasks, _ in granted if not issues & tasks)
    return Tally(
        issues=solved,
        wishes=len(granted),
        together=solved + apart,
        patches=len(patches),
        score=math.fsum(credit.counted for credit in credits_),
    )
