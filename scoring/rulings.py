"""Turn what accepted reviews say into facts, before anything is assessed.

Not a real fix: gone. Only gathers others: an umbrella. The same as another: a duplicate of that.
Not by somebody: by nobody in particular. Labels are no facts; ``scoring.assess`` looks at them itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from scoring.model import OTHER, Change, Ruling, Task, Work
from scoring.rules import RULES, Rules
from scoring.works import gather_works

NOBODY = f"{OTHER}0"
"""Who stands in a work for an author who, by a review, has no part in it: counted from 1, no other has it."""

Facts = tuple[tuple[Change, ...], tuple[Task, ...]]


def ruled(
    changes: Iterable[Change],
    tasks: Iterable[Task] | Mapping[int, Task],
    rulings: Mapping[str, Ruling],
    rules: Rules = RULES,
) -> Facts:
    """*changes* and *tasks* as they are by *rulings* (by the keys of works; those unknown say nothing).

    What is void or without an author is found by the works that are there once tasks were split
    and merged as the rulings say. A change that also belongs to another work stays in that.
    """
    found = tuple(changes)
    known = _tasks(tasks.values() if isinstance(tasks, Mapping) else tasks, rulings)
    void = {key for key, one in rulings.items() if one.void}
    not_by = {key: frozenset(one.not_by) for key, one in rulings.items() if one.not_by}
    if void or not_by:
        works = gather_works(found, known, rules)
        found = _without_authors(found, works, not_by)
        found = _without_works(found, works, void)
        known = tuple(
            replace(one, status="invalid") if one.key in void and one.status == "resolved" else one
            for one in known
        )
    return found, known


def _tasks(tasks: Iterable[Task], rulings: Mapping[str, Ruling]) -> tuple[Task, ...]:
    known = {task.key: task for task in tasks}
    for key, ruling in rulings.items():
        if ruling.split or ruling.into is not None or ruling.done_by:
            task = known.get(key) or Task(int(key.removeprefix("T")))
            # Old tasks may have no day of closing; what nobody can date is on no page.
            day = task.closed or (task.created if ruling.done_by else None)
            by = ruling.done_by if day is not None else ()
            known[key] = replace(
                task,
                umbrella=task.umbrella or ruling.split,
                duplicate_of=task.duplicate_of if ruling.into is None else ruling.into,
                closed=day,
                done_by=tuple(NOBODY if one in ruling.not_by else one for one in by),
            )
    return tuple(sorted(known.values(), key=lambda task: task.number))


def _without_authors(
    changes: tuple[Change, ...], works: Iterable[Work], not_by: Mapping[str, frozenset[str]]
) -> tuple[Change, ...]:
    gone: dict[str, set[str]] = defaultdict(set)
    for work in works:
        for change, _ in work.parts if work.key in not_by else ():
            gone[change.key] |= not_by[work.key]
    return tuple(
        one._replace(
            authors=tuple(NOBODY if author in gone[one.key] else author for author in one.authors)
        )
        if one.key in gone
        else one
        for one in changes
    )


def _without_works(
    changes: tuple[Change, ...], works: Iterable[Work], void: set[str]
) -> tuple[Change, ...]:
    """Take from each change the works that are void; one that has no other is gone.

    So are its copies on other branches and in mirrors: they would step into its place.
    """
    inside: set[str] = set()
    elsewhere: dict[str, set[int]] = defaultdict(set)
    for work in works:
        for change, _ in work.parts:
            if work.key in void:
                inside.add(change.key)
            elif work.task is not None:
                elsewhere[change.key] |= {work.task.number, *work.also}
    dropped = [one for one in changes if one.key in inside - elsewhere.keys()]
    copies = {name for one in dropped for name in _names(one)}
    return tuple(
        one._replace(tasks=tuple(n for n in one.tasks if n in elsewhere[one.key]))
        if one.key in inside
        else one
        for one in changes
        if copies.isdisjoint(_names(one))
    )


def _names(change: Change) -> set[tuple[str, str]]:
    """What a change shares with its copies."""
    names = {("", change.key), ("", change.commit), (change.project, change.change_id)}
    return {(place, name) for place, name in names if name}
