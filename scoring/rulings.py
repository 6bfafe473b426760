"""Turn what accepted reviews say into facts, before anything is assessed.

Not a real fix: gone. Only gathers others: an umbrella. The same as another: a duplicate of that.
Not by somebody: by nobody in particular. Labels are no facts; ``scoring.assess`` looks at them itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from scoring.assess import names_of
from scoring.difficulty import NO_RULING
from scoring.model import OTHER, Change, Ruling, Task, Work
from scoring.rules import RULES, Rules
from scoring.works import gather_works

NOBODY = f"{OTHER}0"
"""Who stands in a work for an author who, by a review, has no part in it: counted from 1, no other has it."""

Spoken = Mapping[str, Mapping[str, frozenset[str]]]
"""For each work by key: the keys of rulings that speak of it, each with the keys of the changes it means."""

Facts = tuple[tuple[Change, ...], tuple[Task, ...]]


def ruled(
    changes: Iterable[Change],
    tasks: Iterable[Task] | Mapping[int, Task],
    rulings: Mapping[str, Ruling],
    rules: Rules = RULES,
) -> Facts:
    """*changes* and *tasks* as they are by *rulings* (by the keys of works; those unknown say nothing).

    What is void or without an author is found by the works that are there once tasks were split
    and merged as the rulings say, by any name they have or had (``scoring.assess.names_of``). A
    change that also belongs to another work stays in that.
    """
    found = tuple(changes)
    named = {number for change in found for number in change.tasks}
    known = _tasks(tasks.values() if isinstance(tasks, Mapping) else tasks, rulings, named)
    void = {key for key, one in rulings.items() if one.void}
    not_by = {key: frozenset(one.not_by) for key, one in rulings.items() if one.not_by}
    if void or not_by:
        works = gather_works(found, known, rules)
        found = _without_authors(found, _spoken_of(works, not_by), not_by)
        spoken = _spoken_of(works, void)
        found = _without_works(found, works, spoken)
        void |= {one.key for one in works if one.parts and _is_whole(one, spoken[one.key])}
        known = tuple(
            replace(one, status="invalid") if one.key in void and one.status == "resolved" else one
            for one in known
        )
    return found, known


def _tasks(
    tasks: Iterable[Task], rulings: Mapping[str, Ruling], named: Collection[int]
) -> tuple[Task, ...]:
    known = {task.number: task for task in tasks}
    there = known.keys() | named
    for key, ruling in rulings.items():
        # The same as a task of which nothing is known: that would be no work at all.
        into = ruling.into if ruling.into in there else None
        if ruling.split or into is not None:
            number = int(key.removeprefix("T"))
            task = known.get(number) or Task(number)
            known[number] = replace(
                task,
                umbrella=task.umbrella or ruling.split,
                duplicate_of=task.duplicate_of if into is None else into,
            )
    # What is said of the task itself comes last: it stands before what is said of one merged into it.
    done = [int(key.removeprefix("T")) for key, one in rulings.items() if one.done_by]
    for number in sorted(done, key=lambda one: (_merged_into(one, known) == one, -one)):
        number_now = _merged_into(number, known)
        task = known.get(number_now) or Task(number_now)
        without = {*rulings[f"T{number}"].not_by, *rulings.get(task.key, NO_RULING).not_by}
        known[number_now] = _done(task, rulings[f"T{number}"].done_by, without)
    return tuple(sorted(known.values(), key=lambda task: task.number))


def _done(task: Task, by: tuple[str, ...], without: Collection[str]) -> Task:
    # Old tasks may have no day of closing; what nobody can date is on no page.
    day = task.closed or task.created
    there = tuple(NOBODY if one in without else one for one in by)
    return replace(task, closed=day, done_by=there if day is not None else ())


def _spoken_of(works: Sequence[Work], rulings: Collection[str]) -> Spoken:
    """For each work, the changes of which each of *rulings* (keys) speaks.

    All, where the key is the work's own, or a series grew around it. Where a task was merged into
    another, or a series came to a task, only what came with it: others' part was never looked at.
    """
    own = {work.key for work in works}
    return {
        work.key: {
            name: frozenset(
                change.key
                for change, _ in work.parts
                if name == work.key or work.task is None or _came_with(change, name, work.task)
            )
            for name in names_of(work, own)
            if name in rulings
        }
        for work in works
    }


def _came_with(change: Change, name: str, task: Task) -> bool:
    if name == change.key:
        return True
    return task.number not in change.tasks and name in {f"T{number}" for number in change.tasks}


def _all(spoken: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*spoken.values())


def _merged_into(number: int, known: Mapping[int, Task]) -> int:
    """Where a chain of known duplicates ends; of a circle, where it began."""
    path: list[int] = []
    while number not in path:
        path.append(number)
        task = known.get(number)
        into = None if task is None else task.duplicate_of
        number = into if into is not None and into in known else number
    return number if number == path[-1] else path[0]


def _without_authors(
    changes: tuple[Change, ...], spoken: Spoken, not_by: Mapping[str, frozenset[str]]
) -> tuple[Change, ...]:
    gone: dict[str, set[str]] = defaultdict(set)
    for by_name in spoken.values():
        for name, keys in by_name.items():
            for key in keys:
                gone[key] |= not_by[name]
    return tuple(
        one._replace(
            authors=tuple(NOBODY if author in gone[one.key] else author for author in one.authors)
        )
        if one.key in gone
        else one
        for one in changes
    )


def _without_works(
    changes: tuple[Change, ...], works: Sequence[Work], void: Spoken
) -> tuple[Change, ...]:
    """Take from each change the works that are void; one that has no other is gone.

    So are its copies on other branches and in mirrors: they would step into its place. What a
    change has in a series, for tasks that do not count yet, is another work, too.
    """
    counting = {number for work in works for number in _numbers(work)}
    inside: set[str] = set()
    elsewhere: dict[str, set[int]] = defaultdict(set)
    for work in works:
        spoken = _all(void[work.key])
        inside |= spoken
        for key, tasks in ((change.key, change.tasks) for change, _ in work.parts):
            if key not in spoken:
                elsewhere[key] |= _numbers(work) or set(tasks) - counting
    dropped = [one for one in changes if one.key in inside - elsewhere.keys()]
    copies = {name for one in dropped for name in _names(one)}
    return tuple(
        one._replace(tasks=tuple(n for n in one.tasks if n in elsewhere[one.key]))
        if one.key in inside
        else one
        for one in changes
        if copies.isdisjoint(_names(one))
    )


def _numbers(work: Work) -> set[int]:
    return set() if work.task is None else {work.task.number, *work.also}


def _is_whole(work: Work, spoken: Mapping[str, frozenset[str]]) -> bool:
    return _all(spoken) >= {change.key for change, _ in work.parts}


def _names(change: Change) -> set[tuple[str, str]]:
    """What a change shares with its copies."""
    names = {("", change.key), ("", change.commit), (change.project, change.change_id)}
    return {(place, name) for place, name in names if name}
