"""One person's part of works, and what of it enters their score."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from scoring.alone import Earned, alone
from scoring.model import Assessment, Credit, Reason
from scoring.rules import Rules

TOLERANCE = 1e-9
"""A share of exactly 20 % is one, whatever the last digit of the sum that made it."""

Paid = Callable[[date], bool]
"""Whether what was done on a day was done for pay."""


AS_WITHOUT_TASK = Reason("credit", 0.0, "as-without-task")


def reasons_of(credit: Credit) -> tuple[Reason, ...]:
    """The reasons of a work's points, and why the credit is not points × share, if it is not."""
    plain = credit.work.points * credit.share
    if credit.credit > plain + TOLERANCE:
        return (*credit.work.reasons, AS_WITHOUT_TASK)
    if credit.credit < plain - TOLERANCE:
        part = round(100 * credit.credit / plain)
        return (*credit.work.reasons, Reason("credit", 0.0, "names-other-tasks", (part,)))
    return credit.work.reasons


def credits_of(
    author: str, works: Iterable[Assessment], rules: Rules, paid: Paid
) -> tuple[Credit, ...]:
    """The credits of *author*, by day. What was *paid* is among them, and nothing of it counts."""
    mine = sorted(
        (work for work in works if work.shares.get(author)), key=lambda work: (work.day, work.key)
    )
    earned = {work.key: _earned(work, author, rules) for work in mine}
    unpaid = [work for work in mine if not paid(work.day)]
    counted = _counted({work.key: (work, earned[work.key]) for work in unpaid}, author, rules)
    issues = _issues(unpaid, author, rules)
    return tuple(
        Credit(
            work,
            work.shares[author],
            math.fsum(one.part for one in earned[work.key]),
            counted.get(work.key, 0.0),
            work.key in issues,
            paid=work.key not in counted,
        )
        for work in mine
    )


def _earned(work: Assessment, author: str, rules: Rules) -> list[Earned]:
    """Points × share; or, if that is more, what the author's own changes would earn without the task.

    Changes that name several tasks earn once: each task has its part of the credit.
    """
    credit = work.points * work.shares[author] * part_of_changes(work, author)
    by_itself = sorted(alone(work, author, rules))
    small = [(one.day, one.part) for one in by_itself if one.points < rules.small_points]
    large = [one.part for one in by_itself if one.points >= rules.small_points]
    # By what it would count: many small parts may be more than a large one, and capped be less.
    if math.fsum(small_sums(small, rules)) + math.fsum(large) > credit + TOLERANCE:
        return by_itself
    return [Earned(work.day, work.points, credit)]


def part_of_changes(work: Assessment, author: str) -> float:
    """The largest part that the work has of one of the author's changes: 1, or less where all name other tasks."""
    parts = (part for change, part in work.work.parts if author in change.authors)
    return max(parts, default=1.0)


def _counted(
    earned: Mapping[str, tuple[Assessment, list[Earned]]], author: str, rules: Rules
) -> Mapping[str, float]:
    """What of each work counts: small ones are capped, and so is what nobody else has looked at."""
    free: dict[str, list[float]] = {key: [] for key in earned}
    capped: list[tuple[date, str, float]] = []
    for key, (work, parts) in earned.items():
        unseen = is_unseen(work)
        for one in parts:
            if unseen:
                # By the day of the merge: the day of an old task's closing is for anybody to choose.
                capped.append((_merged(work, author), key, one.part))
            elif one.points < rules.small_points:
                capped.append((one.day, key, one.part))
            else:
                free[key].append(one.part)
    capped.sort()
    sums = small_sums([(day, part) for day, _, part in capped], rules)
    for (_, key, _), part in zip(capped, sums, strict=True):
        free[key].append(part)
    return {key: math.fsum(parts) for key, parts in free.items()}


def _merged(work: Assessment, author: str) -> date:
    """When the author's last change in the work was merged."""
    days = (change.merged.date() for change, _ in work.work.parts if author in change.authors)
    return max(days, default=work.day)


def is_unseen(work: Assessment) -> bool:
    """Whether nobody but its authors merged or voted for any change of a work, as far as that is known."""
    parts = work.work.parts
    return bool(parts) and all(change.reviewed is False for change, _ in parts)


def _issues(works: Sequence[Assessment], author: str, rules: Rules) -> frozenset[str]:
    """The keys of those of *works* that are issues of the author.

    Of works that nobody else has looked at, only so many in any 30 days: anybody can file tasks for
    themselves and merge a line for each into a repository of their own.
    """
    issues = [work for work in works if is_issue(work, author, rules)]
    unseen = sorted((_merged(work, author), work.key) for work in issues if is_unseen(work))
    found = {work.key for work in issues if not is_unseen(work)}
    window: deque[date] = deque()
    for day, key in unseen:
        while window and (day - window[0]).days >= rules.small_days:
            window.popleft()
        if len(window) < rules.unseen_issues:
            window.append(day)
            found.add(key)
    return frozenset(found)


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
