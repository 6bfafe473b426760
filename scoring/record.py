"""What a person has: their credits, and the numbers for all time and by year."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from scoring.model import Assessment, Credit, Record, Tally, Wish
from scoring.rules import RULES, Rules

GRANTED = frozenset({"done", "delivered"})


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
    years = sorted(
        {credit.work.day.year for credit in credits_}
        | {day.year for day in patches.values()}
        | {day.year for _, day in granted}
    )
    return Record(
        total=_tally(credits_, granted, patches),
        years={
            year: _tally(
                [credit for credit in credits_ if credit.work.day.year == year],
                [(wish, day) for wish, day in granted if day.year == year],
                {key: day for key, day in patches.items() if day.year == year},
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
    return share >= min(rules.share_of_issue, 1 / len(work.shares)) - 1e-9


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
) -> list[tuple[Wish, date]]:
    """The granted wishes of whose credit over its tasks the author has at least 20 %."""
    by_task = {work.task: work for work in works if work.task is not None}
    found = []
    for wish in wishes:
        done = [by_task[number] for number in dict.fromkeys(wish.tasks) if number in by_task]
        whole = math.fsum(work.points for work in done if work.shares)
        mine = math.fsum(work.points * work.shares.get(author, 0.0) for work in done)
        if wish.status in GRANTED and whole and mine / whole >= rules.share_of_issue - 1e-9:
            found.append((wish, wish.granted or max(work.day for work in done)))
    return sorted(found, key=lambda one: (one[1], one[0].key))


def _tally(
    credits_: Sequence[Credit], granted: Sequence[tuple[Wish, date]], patches: Mapping[str, date]
) -> Tally:
    issues = {credit.work.task for credit in credits_ if credit.issue}
    apart = [wish for wish, _ in granted if not issues & set(wish.tasks)]
    return Tally(
        issues=len(issues),
        wishes=len(granted),
        together=len(issues) + len(apart),
        patches=len(patches),
        score=math.fsum(credit.counted for credit in credits_),
    )
