"""Gather changes and tasks into works: what was achieved, each thing once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from scoring.globs import fits
from scoring.measure import Part
from scoring.model import Change, Task, Work
from scoring.rules import Rules
from scoring.series import Loose, series_of
from scoring.sketch import sketched
from scoring.standing import standing

RESOLVED = "resolved"
WHOLE = 1.0


def gather_works(
    changes: Iterable[Change], tasks: Iterable[Task] | Mapping[int, Task], rules: Rules
) -> list[Work]:
    """The works that *changes* and *tasks* make, by key.

    A task of which nothing is said is taken as public and resolved. A change on tasks that do not
    count (open, secret, duplicates of nothing known) is part of a series until one does.
    """
    stand = [sketched(change, rules) for change in standing(changes, rules)]
    board = _board(stand, tasks, rules)
    parts: dict[int, list[Part]] = defaultdict(list)
    loose: list[Loose] = []
    for change in stand:
        if not change.tasks:
            loose.append((change, WHOLE, None))
            continue
        named = board.named(change)[: rules.tasks_of_a_change]
        own = [n for n in named if board.counts(n) and board.belongs(change, n)]
        part = 1 / len(named) if len(named) > 1 else WHOLE
        for number in own:
            parts[number].append((change, part))
        if len(own) < len(named):
            # What is left of a change is in one series: two would bear the same name.
            mine = [board.umbrella(n) for n in named if board.belongs(change, n)]
            umbrella = next(filter(None, mine), None)
            loose.append((change, 1 - len(own) / len(named), umbrella))
    alone = [number for number in board.known if number not in parts and board.is_alone(number)]
    works = [
        Work(
            f"T{number}", tuple(parts.get(number, ())), board.task(number), also=board.also(number)
        )
        for number in (*parts, *alone)
    ]
    return sorted((*works, *series_of(loose, rules)), key=lambda work: work.key)


@dataclass(frozen=True, slots=True)
class _Board:
    """The tasks, as far as they are known."""

    known: Mapping[int, Task]
    survivors: Mapping[int, int]
    """For each duplicate, the task that stands for it."""
    umbrellas: frozenset[int]
    seen: frozenset[int]
    """The tasks on which there are changes that somebody else merged or voted for, as far as that is known."""
    grace: int
    """Days after the closing of a task within which a change may still have to do with it."""

    def belongs(self, change: Change, number: int) -> bool:
        """Whether a change that names a task may have a part in it.

        Anybody can merge into a repository of their own and name any task. So what nobody else has
        looked at has no part in a task with changes that were looked at, whoever made these: not even
        a name on it is proof. And what comes long after a task was closed did not close it.
        """
        task = self.known.get(number)
        closed = None if task is None else task.closed
        if closed is not None and (change.merged.date() - closed).days > self.grace:
            return False
        return change.reviewed is not False or number not in self.seen

    def task(self, number: int) -> Task:
        """The task of this number, also where nothing is known of it."""
        return self.known.get(number) or Task(number)

    def named(self, change: Change) -> list[int]:
        """The tasks that a change names, each once, duplicates by their survivor."""
        return list(dict.fromkeys([self.survivors.get(one, one) for one in change.tasks]))

    def umbrella(self, number: int) -> Task | None:
        """The task of this number if it is an umbrella that may be named."""
        task = self.task(number)
        return task if number in self.umbrellas and task.public else None

    def counts(self, number: int) -> bool:
        """Whether this task is a work: public, resolved, and more than a collection."""
        return number not in self.umbrellas and _is_done(self.known.get(number))

    def is_alone(self, number: int) -> bool:
        """Whether a task that no change names is a work, too."""
        return self.survivors.get(number, number) == number and self.counts(number)

    def also(self, number: int) -> tuple[int, ...]:
        """The tasks merged into this one."""
        merged = (one for one, into in self.survivors.items() if into == number != one)
        return tuple(sorted(merged)) if self.survivors else ()


def _board(
    changes: Iterable[Change], tasks: Iterable[Task] | Mapping[int, Task], rules: Rules
) -> _Board:
    known: dict[int, Task] = {}
    for task in tasks.values() if isinstance(tasks, Mapping) else tasks:
        # Said twice: which one stands must not depend on their order.
        known[task.number] = min(known.get(task.number, task), task, key=repr)
    changes = list(changes)
    naming = Counter(number for change in changes for number in set(change.tasks))
    looked_at = [change for change in changes if change.reviewed is not False]
    all_seen = len(looked_at) == len(changes)
    busy: dict[int, date] = {}
    if any(task.subtasks for task in known.values()):
        for change in looked_at:
            day = change.merged.date()
            busy |= {number: min(day, busy.get(number, day)) for number in change.tasks}
    survivors = {
        number: _survivor(number, known, naming)
        for number, task in known.items()
        if task.duplicate_of is not None
    }
    for number, into in survivors.items():
        if into == number and known[number].duplicate_of not in known:
            # Merged into a task of which nothing is known: no work until something is.
            known[number] = replace(known[number], status="duplicate")
    many = {n for n, count in naming.items() if count > rules.umbrella_changes and n not in known}
    told = {task.number for task in known.values() if _gathers(task, busy, rules)}
    seen = frozenset(
        survivors.get(number, number)
        for change in (() if all_seen else looked_at)
        for number in change.tasks
    )
    return _Board(
        known,
        survivors,
        frozenset(many | told),
        seen,
        rules.late_days,
    )


def _gathers(task: Task, busy: Mapping[int, date], rules: Rules) -> bool:
    """Whether a task only gathers others: its tags say so, or its subtasks have changes of their own.

    *busy* is when the first change of each task was merged. After a task was closed anybody could make
    a subtask of it, and merge a line for that.
    """
    if task.umbrella or len(task.subtasks) > rules.umbrella_subtasks:
        return True
    if any(fits(tag.casefold(), rules.umbrella_tags) for tag in task.projects):
        return True
    last = task.closed or date.max
    return any(busy.get(one, date.max) < last for one in task.subtasks)


def _is_done(task: Task | None) -> bool:
    return task is None or (task.public and task.status == RESOLVED)


def _survivor(number: int, known: Mapping[int, Task], named: Mapping[int, int]) -> int:
    """Where a chain of duplicates ends; of a circle, the first that counts."""
    path: list[int] = []
    while number not in path:
        path.append(number)
        task = known.get(number)
        if task is None or task.duplicate_of is None:
            return number
        # A task that nobody named and of which nothing is known may be secret: not for a page.
        if task.duplicate_of not in known and task.duplicate_of not in named:
            return number
        number = task.duplicate_of
    circle = sorted(path[path.index(number) :])
    return next((one for one in circle if _is_done(known.get(one))), circle[0])
