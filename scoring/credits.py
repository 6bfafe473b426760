"""One person's part of works, and what of it enters their score."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from scoring.alone import Alone, alone
from scoring.model import Assessment, Credit
from scoring.rules import Rules

TOLERANCE = 1e-9
"""A share of exactly 20 % is one, whatever the last digit of the sum that made it."""

Paid = Callable[[date], bool]
"""Whether what was done on a day was done for pay."""


class _Earned(NamedTuple):
    """What somebody earned by a work: a part that counts as it is, and a part that is capped."""

    work: Assessment
    free: float
    capped: float


def credits_of(
    author: str, works: Iterable[Assessment], rules: Rules, paid: Paid
) -> tuple[Credit, ...]:
    """The credits of *author*, by day. What was *paid* is among them, and nothing of it counts."""
    mine = sorted(
        (work for work in works if work.shares.get(author)), key=lambda work: (work.day, work.key)
    )
    earned = [_earned(work, author, rules) for work in mine]
    unpaid = [one for one in earned if not paid(one.work.day)]
    sums = small_sums([(one.work.day, one.capped) for one in unpaid], rules)
    counted = {o.work.key: o.free + part for o, part in zip(unpaid, sums, strict=True)}
    issues = _issues([one.work for one in unpaid], author, rules)
    return tuple(
        Credit(
            work,
            work.shares[author],
            free + capped,
            counted.get(work.key, 0.0),
            work.key in issues,
            paid=work.key not in counted,
        )
        for work, free, capped in earned
    )


def _earned(work: Assessment, author: str, rules: Rules) -> _Earned:
    """Points × share; or, if that is more, what the author's own changes would earn without the task.

    Small works are capped, and so is what nobody else has looked at.
    """
    credit = work.points * work.shares[author]
    by_itself = alone(work.work, author, rules) if work.issue else Alone()
    if by_itself.small + by_itself.large > credit + TOLERANCE:
        free, capped = by_itself.large, by_itself.small
    else:
        small = work.points < rules.small_points
        free, capped = (0.0, credit) if small else (credit, 0.0)
    return _Earned(work, 0.0, free + capped) if is_unseen(work) else _Earned(work, free, capped)


def is_unseen(work: Assessment) -> bool:
    """Whether nobody but its authors merged or voted for any change of a work, as far as that is known."""
    parts = work.work.parts
    return bool(parts) and all(change.reviewed is False for change, _ in parts)


def _issues(works: Sequence[Assessment], author: str, rules: Rules) -> frozenset[str]:
    """The keys of those of *works*, by day, that are issues of the author.

    Of works that nobody else has looked at, only so many in any 30 days: anybody can file tasks for
    themselves and merge a line for each into a repository of their own.
    """
    window: deque[date] = deque()
    found = set()
    for work in works:
        if not is_issue(work, author, rules):
            continue
        if is_unseen(work):
            _leave(window, work.day - timedelta(days=rules.small_days))
            if len(window) >= rules.unseen_issues:
                continue
            window.append(work.day)
        found.add(work.key)
    return frozenset(found)


def _leave(window: deque[date], last: date) -> None:
    while window and window[0] <= last:
        window.popleft()


def is_issue(work: Assessment, author: str, rules: Rules) -> bool:
    """Whether a task counts as an issue of the author: 20 %, or 1/n of n equal authors if less."""
    share = work.shares.get(author, 0.0)
    if not work.issue or not share:
        return False
    equal = 1 / len(work.shares)
    # Of n *equal* authors: else ten names on one line would lower the bar for everybody.
    if max(work.shares.values()) > equal * rules.about_equal:
        equal = 1.0
    return share >= min(rules.share_of_issue, equal) - TOLERANCE


def small_sums(works: Sequence[tuple[date, float]], rules: Rules) -> list[float]:
    """What counts of each of *works*, which are capped: at most so much in any 30 days of their own.

    *works* are day and credit, by day.
    """
    window: deque[tuple[date, float]] = deque()
    counted = []
    for day, credit in works:
        while window and (day - window[0][0]).days >= rules.small_days:
            window.popleft()
        room = max(0.0, rules.small_sum - math.fsum(part for _, part in window))
        part = min(credit, room)
        window.append((day, part))
        counted.append(part)
    return counted
