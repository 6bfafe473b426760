"""Gather changes and tasks into works: what was achieved, each thing once (DESIGN 8)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from scoring.model import OTHER, Change, Task, Work
from scoring.rules import Rules

RESOLVED = "resolved"
Part = tuple[Change, float]


def gather_works(changes: Iterable[Change], tasks: Iterable[Task], rules: Rules) -> list[Work]:
    """The works that *changes* and *tasks* make, by key.

    A task of which nothing is said is taken as public and resolved.
    """
    known = {task.number: task for task in tasks}
    of_tasks: dict[int, dict[str, Part]] = defaultdict(dict)
    loose: list[tuple[Change, float, Task | None]] = []
    counted = counting_changes(changes, rules)
    numbers = {change.key: _tasks_of(change, known, rules) for change in counted}
    gathering = _umbrellas(numbers, known, rules)
    for change in counted:
        named = numbers[change.key]
        if not named:
            loose.append((change, 1.0, None))
        for number in named:
            task = known.get(number, Task(number))
            if number in gathering:
                loose.append((change, 1 / len(named), task))
            elif _counts(task):
                of_tasks[number][change.key] = (change, 1 / len(named))
            else:
                loose.append((change, 1 / len(named), None))
    works = [
        Work(f"T{number}", tuple(parts.values()), known.get(number, Task(number)))
        for number, parts in of_tasks.items()
    ]
    works += _series(loose, rules)
    works += [
        Work(task.key, (), task)
        for task in known.values()
        if _counts(task) and task.number not in of_tasks.keys() | gathering
        if task.duplicate_of is None
    ]
    return sorted(works, key=lambda work: work.key)


def counting_changes(changes: Iterable[Change], rules: Rules) -> list[Change]:
    """The changes that count, by merge: no bots, nothing that was taken back, each Change-Id once."""
    ordered = sorted(
        {change.key: change for change in changes}.values(),
        key=lambda change: (change.merged, change.project, change.number),
    )
    cancelled = _cancelled(ordered)
    chosen: dict[tuple[str, str], Change] = {}
    for change in ordered:
        if change.is_bot or change.is_translation or change.reverts or change.key in cancelled:
            continue
        identity = (change.project, change.change_id or change.key)
        before = chosen.get(identity)
        if before is None or (_is_backport(before, rules) and not _is_backport(change, rules)):
            chosen[identity] = change
    return sorted(chosen.values(), key=lambda c: (c.merged, c.project, c.number))


def _cancelled(ordered: Sequence[Change]) -> set[str]:
    """Changes that were taken back, and not given again by a revert of the revert."""
    marks: dict[str, Change] = {}
    takers: dict[str, list[str]] = defaultdict(list)
    for change in ordered:
        target = marks.get(change.reverts) or marks.get(f"{change.project} {change.reverts}")
        if change.reverts and target is not None:
            takers[target.key].append(change.key)
        for mark in (change.key, change.commit, f"{change.project} {change.change_id}"):
            if mark:
                marks[mark] = change
    cancelled: set[str] = set()
    # From the youngest back: whether a revert itself still stands is then already known.
    for change in reversed(ordered):
        if any(taker not in cancelled for taker in takers[change.key]):
            cancelled.add(change.key)
    return cancelled


def _is_backport(change: Change, rules: Rules) -> bool:
    return re.match(rules.backports, change.branch) is not None


def _tasks_of(change: Change, known: Mapping[int, Task], rules: Rules) -> list[int]:
    """The tasks a change names, duplicates led to their survivor, at most three."""
    led = (_survivor(number, known) for number in change.tasks)
    return list(dict.fromkeys(led))[: rules.tasks_of_a_change]


def _survivor(number: int, known: Mapping[int, Task]) -> int:
    seen = {number}
    while (task := known.get(number)) and task.duplicate_of is not None:
        if task.duplicate_of in seen:
            return min(seen)  # A cycle: any of them, but always the same one.
        number = task.duplicate_of
        seen.add(number)
    return number


def _counts(task: Task) -> bool:
    return task.public and task.status == RESOLVED


def _umbrellas(
    numbers: Mapping[str, Sequence[int]], known: Mapping[int, Task], rules: Rules
) -> set[int]:
    """Tasks that only gather others, or of which we know nothing but that they have very many changes."""
    many: dict[int, int] = defaultdict(int)
    for named in numbers.values():
        for number in named:
            many[number] += 1
    told = {task.number for task in known.values() if task.umbrella}
    return told | {
        n for n, count in many.items() if count > rules.umbrella_changes and n not in known
    }


@dataclass(slots=True)
class _Series:
    """A series that is still growing."""

    first: Change
    umbrella: Task | None
    parts: dict[str, Part] = field(default_factory=dict)
    paths: set[str] = field(default_factory=set)
    topics: set[str] = field(default_factory=set)

    def takes(self, change: Change, days: int) -> bool:
        """Whether *change* belongs: soon enough, and with a file or the topic in common."""
        if change.key in self.parts:
            return True
        if change.merged - self.first.merged > timedelta(days=days):
            return False
        return change.topic in self.topics or any(file.path in self.paths for file in change.files)

    def add(self, change: Change, fraction: float) -> None:
        """Add (a further part of) a change."""
        _, before = self.parts.get(change.key, (change, 0.0))
        self.parts[change.key] = (change, before + fraction)
        self.paths |= {file.path for file in change.files}
        if change.topic:
            self.topics.add(change.topic)


def _series(loose: Iterable[tuple[Change, float, Task | None]], rules: Rules) -> list[Work]:
    groups: dict[object, list[_Series]] = defaultdict(list)
    for change, fraction, umbrella in loose:
        group = groups[(change.project, _same_authors(change), umbrella and umbrella.number)]
        fitting = (one for one in reversed(group) if one.takes(change, rules.series_days))
        series = next(fitting, None)
        if series is None:
            series = _Series(change, umbrella)
            group.append(series)
        series.add(change, fraction)
    return [
        Work(series.first.key, tuple(series.parts.values()), None, series.umbrella)
        for group in groups.values()
        for series in group
    ]


def _same_authors(change: Change) -> tuple[frozenset[str], int]:
    """Who made it. "Other 1" of one work is not that of the next: of others only the number counts."""
    known = frozenset(key for key in change.authors if not key.startswith(OTHER))
    return known, len(change.authors) - len(known)
