"""From facts to points: points = 10^difficulty × 10^impact, each with its reasons.

Nothing is rounded here. Who shows a value rounds it: points, credit and score to one decimal,
shares, difficulty, impact and the values of terms to two.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from scoring.difficulty import NO_RULING, Term, difficulty_of
from scoring.impact import impact_of
from scoring.measure import measure
from scoring.model import Assessment, Change, Reason, Ruling, Task, Work
from scoring.rules import RULES, Rules
from scoring.shares import shares_of
from scoring.works import gather_works

NO_RULINGS: Mapping[str, Ruling] = {}


def assess(
    changes: Iterable[Change],
    tasks: Iterable[Task] | Mapping[int, Task],
    rules: Rules = RULES,
    rulings: Mapping[str, Ruling] = NO_RULINGS,
) -> list[Assessment]:
    """Assess every work that *changes* and *tasks* make, by key; the same in any order of arrival.

    *rulings* are what accepted reviews say, by the keys of works; here their labels count, and
    ``scoring.rulings`` made facts of the rest before.
    """
    return list(assessed(changes, tasks, rules, rulings))


def assessed(
    changes: Iterable[Change],
    tasks: Iterable[Task] | Mapping[int, Task],
    rules: Rules = RULES,
    rulings: Mapping[str, Ruling] = NO_RULINGS,
) -> Iterator[Assessment]:
    """``assess``, one work at a time: for more works than one would hold in memory."""
    works = gather_works(changes, tasks, rules)
    own = {work.key for work in works} if rulings else set()
    for work in works:
        yield assess_work(work, rules, ruling_of(work, rulings, own))


def names_of(work: Work, own: Collection[str] = ()) -> list[str]:
    """What a work is or was called: its key, the tasks merged into it, the keys of its changes.

    A change whose key is the name of another work, one of *own*, lends it to no other.
    """
    changes = [change.key for change, _ in work.parts if change.key not in own]
    return list(dict.fromkeys([work.key, *(f"T{number}" for number in work.also), *changes]))


def ruling_of(
    work: Work, rulings: Mapping[str, Ruling], own: Collection[str] = frozenset()
) -> Ruling:
    """What *rulings* say of a work, by the first of its names of which there is any.

    So a label stays when a task is merged into another, when an earlier change joins a series, and
    when the task of a series is resolved. *own* are the keys of all works.
    """
    if not rulings:
        return NO_RULING
    found = [rulings[name] for name in names_of(work, own) if name in rulings]
    if len(found) < 2:
        return found[0] if found else NO_RULING
    size = next((one.size for one in found if one.size), "")
    impact = next((one.impact for one in found if one.impact), "")
    return replace(found[0], size=size, impact=impact)


def assess_work(work: Work, rules: Rules = RULES, ruling: Ruling = NO_RULING) -> Assessment:
    """Difficulty, impact and points (1 to 100) of one work, with the reasons and everybody's share."""
    hard, hard_unknown = difficulty_of(work, measure(work.parts, rules), rules, ruling)
    useful, useful_unknown = impact_of(work, rules, ruling)
    difficulty, impact = _sum(hard), _sum(useful)
    points = 10.0 ** (difficulty + impact)
    reasons = [reason for _, reason in hard] + [reason for _, reason in useful]
    if not work.parts and points > rules.points_without_change:
        points = rules.points_without_change
        reasons.append(Reason("points", 0.0, "at-most", (points,)))
    return Assessment(
        work,
        _day(work),
        difficulty,
        impact,
        points,
        hard_unknown or useful_unknown,
        tuple(reasons),
        shares_of(work, rules),
    )


def _sum(terms: Iterable[Term]) -> float:
    return min(1.0, math.fsum([weight * reason.value for weight, reason in terms]))


def _day(work: Work) -> date:
    """The day of a task's closing; else that of the last merge."""
    if work.task is not None and work.task.closed is not None:
        return work.task.closed
    # Parts come by day of merge.
    return work.parts[-1][0].merged.date() if work.parts else date.min


def main_change(work: Work, author: str) -> str:
    """The key of the author's largest change in the work, "" if there is none."""
    mine = (change for change, _ in work.parts if author in change.authors)
    sizes = [(-(one.inserted + one.deleted), one.number, one.key) for one in mine]
    return min(sizes)[2] if sizes else ""


def patches(work: Work, author: str) -> list[tuple[str, date]]:
    """Key and day of each of the author's changes in the work that counts as a patch."""
    return [
        (change.key, change.merged.date())
        for change, _ in work.parts
        if author in change.authors and change.sketch is not None and change.sketch.patch
    ]
