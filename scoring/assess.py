"""From facts to points: points = 10^difficulty × 10^impact, each with its reasons.

Nothing is rounded here. Who shows a value rounds it: points, credit and score to one decimal,
shares, difficulty, impact and the values of terms to two.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from scoring.difficulty import Term, difficulty_of
from scoring.impact import impact_of
from scoring.measure import is_patch, measure
from scoring.model import Assessment, Change, Task, Work
from scoring.rules import RULES, Rules
from scoring.shares import shares_of
from scoring.traits import traits_of
from scoring.works import gather_works


def assess(
    changes: Iterable[Change],
    tasks: Iterable[Task] | Mapping[int, Task],
    rules: Rules = RULES,
    *,
    traits: bool = True,
) -> list[Assessment]:
    """Assess every work that *changes* and *tasks* make, by key; the same in any order of arrival.

    *traits*: tell with each what the rules of badges may ask of it.
    """
    works = gather_works(changes, tasks, rules)
    return [assess_work(work, rules, traits=traits) for work in works]


def assessed(
    changes: Iterable[Change], tasks: Iterable[Task] | Mapping[int, Task], rules: Rules = RULES
) -> Iterator[Assessment]:
    """``assess``, one work at a time: for more works than one would hold in memory."""
    for work in gather_works(changes, tasks, rules):
        yield assess_work(work, rules)


def assess_work(work: Work, rules: Rules = RULES, *, traits: bool = False) -> Assessment:
    """Difficulty, impact and points (1 to 100) of one work, with the reasons and everybody's share."""
    hard, hard_unknown = difficulty_of(work, measure(work.parts, rules), rules)
    useful, useful_unknown = impact_of(work, rules)
    difficulty, impact = _sum(hard), _sum(useful)
    points = 10.0 ** (difficulty + impact)
    return Assessment(
        key=work.key,
        day=_day(work),
        difficulty=difficulty,
        impact=impact,
        points=points if work.parts else min(points, rules.points_without_change),
        estimate=hard_unknown or useful_unknown,
        reasons=tuple(reason for _, reason in (*hard, *useful)),
        shares=shares_of(work, rules),
        issue=work.task is not None,
        task=work.task.number if work.task else None,
        main=_main(work),
        patches=_patches(work, rules),
        also=work.also,
        umbrella=work.umbrella.number if work.umbrella else None,
        traits=traits_of(work, rules, (one for _, one in useful)) if traits else None,
    )


def _sum(terms: Iterable[Term]) -> float:
    return min(1.0, math.fsum(weight * reason.value for weight, reason in terms))


def _day(work: Work) -> date:
    """The day of a task's closing; else that of the last merge."""
    if work.task is not None and work.task.closed is not None:
        return work.task.closed
    return max((change.merged.date() for change, _ in work.parts), default=date.min)


def _main(work: Work) -> Mapping[str, str]:
    largest: dict[str, tuple[int, int, str]] = {}
    for change, _ in work.parts:
        size = (-(change.inserted + change.deleted), change.number, change.key)
        for author in change.authors:
            largest[author] = min(largest.get(author, size), size)
    return {author: largest[author][2] for author in sorted(largest)}


def _patches(work: Work, rules: Rules) -> Mapping[str, tuple[tuple[str, date], ...]]:
    found: dict[str, list[tuple[str, date]]] = defaultdict(list)
    for change, _ in work.parts:
        if is_patch(change, rules):
            for author in change.authors:
                found[author].append((change.key, change.merged.date()))
    return {author: tuple(sorted(found[author])) for author in sorted(found)}
