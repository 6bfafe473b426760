"""Series: changes without a task that belong together because of who, where, when and what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scoring.measure import Part
from scoring.model import OTHER, Change, Task, Work
from scoring.rules import Rules
from scoring.sketch import sketched

Loose = tuple[Change, float, Task | None]
"""A change without a task, the fraction of it that is loose, the umbrella it comes from, if any."""


@dataclass(slots=True, eq=False)
class _Series:
    """A series that may still grow: its changes, and what a further one has to share."""

    parts: list[Part]
    marks: set[str]

    @property
    def begun(self) -> datetime:
        """When its first change was merged."""
        return self.parts[0][0].merged


def series_of(loose: Iterable[Loose], rules: Rules) -> list[Work]:
    """The series of *loose*, which comes by day of merge.

    By the same authors in one project, within some days of the first, sharing a file or the topic; or
    merged so soon after one another that they are taken for a chain, which no source tells of a change.
    """
    groups: dict[object, list[Loose]] = defaultdict(list)
    for one in loose:
        change, _, umbrella = one
        number = None if umbrella is None else umbrella.number
        groups[change.project, _same_authors(change), number].append(one)
    works: list[Work] = []
    for group in groups.values():
        works += _series_in(group, rules)
        group.clear()
    return works


def _series_in(group: Sequence[Loose], rules: Rules) -> Iterator[Work]:
    """The series of changes by the same authors in one project, under the same umbrella."""
    window, soon = timedelta(days=rules.series_days), timedelta(hours=rules.chain_hours)
    growing: list[_Series] = []
    umbrella = group[0][2]
    for change, fraction, _ in group:
        if growing and change.merged - growing[0].begun > window:
            late = [one for one in growing if change.merged - one.begun > window]
            yield from (_work(one, umbrella) for one in late)
            growing = [one for one in growing if one not in late]
        sketched_change = sketched(change, rules)
        growing = _joined(growing, (sketched_change, fraction), _marks(sketched_change), soon)
    yield from (_work(one, umbrella) for one in growing)


def _work(one: _Series, umbrella: Task | None) -> Work:
    return Work(one.parts[0][0].key, tuple(one.parts), None, umbrella)


def _marks(change: Change) -> set[str]:
    """What a change may share with others: its files that count, and its topic (no path ends in /)."""
    marks = set(change.sketch.paths) if change.sketch else set()
    if change.topic:
        marks.add(f"{change.topic}/")
    return marks


def _joined(there: list[_Series], part: Part, marks: set[str], soon: timedelta) -> list[_Series]:
    """The growing series, the oldest first, with *part*: it may join two that were apart."""
    early = part[0].merged - soon
    joining = [
        one for one in there if one.parts[-1][0].merged >= early or not marks.isdisjoint(one.marks)
    ]
    if not joining:
        return [*there, _Series([part], marks)]
    first, *others = joining
    for other in others:
        first.parts += other.parts
        first.marks |= other.marks
    first.parts.sort(key=lambda one: (one[0].merged, one[0].number))
    first.parts.append(part)
    first.marks |= marks
    return [one for one in there if one not in others] if others else there


def _same_authors(change: Change) -> tuple[tuple[str, ...], int]:
    """Who made it. "Other 1" of one work is not that of the next: of others only the number counts."""
    authors = change.authors
    if len(authors) == 1 and not authors[0].startswith(OTHER):
        return authors, 0
    known = tuple(sorted(key for key in authors if not key.startswith(OTHER)))
    return known, len(authors) - len(known)
