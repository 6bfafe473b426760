"""Understand tasks as Phabricator's application Maniphest tells them.

What comes as which type, and when it is null, was seen on a real Phorge; answers of it are in
``tests/data/phabricator``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scoring.model import Task
from sources.port import FoundTask
from sources.shape import Shape, find

PRIORITIES = {100: "unbreak", 80: "high", 50: "medium", 25: "low", 10: "lowest"}
"""Wikimedia's values; 90, "needs triage", is no rank above high: it means nobody decided."""

MOST_POINTS = 10_000
"""More than any team plans with: then it is a slip or a joke, and nothing is known."""

_SHAPE = Shape("Phabricator")


@dataclass(frozen=True, slots=True)
class Row:
    """A task as ``maniphest.search`` tells it, with the PHIDs of itself and of its projects.

    Of a task that is not public there is the number alone.
    """

    found: FoundTask
    phid: str = ""
    projects: tuple[str, ...] = ()


def parse_rows(
    rows: Iterable[object], *, public_spaces: frozenset[str] = frozenset()
) -> Iterator[Row]:
    """Understand the rows of ``maniphest.search``. Raises SourceChanged."""
    for row in rows:
        number = _SHAPE.id(row, "id")
        # A restricted task stays unknown even when our token can read it: a badge must never be
        # how someone learns that it exists.
        if not _is_public(row, public_spaces):
            yield Row(FoundTask(number, None))
            continue
        found = FoundTask(
            number,
            _task(number, row),
            _SHAPE.optional_text(row, "fields", "ownerPHID") or None,
            _SHAPE.optional_text(row, "fields", "closerPHID") or None,
        )
        yield Row(found, _SHAPE.optional_text(row, "phid"), _projects(row))


def parse_tasks(
    rows: Iterable[object], *, public_spaces: frozenset[str] = frozenset()
) -> Iterator[FoundTask]:
    """Understand the rows of ``maniphest.search``, tags and demand apart. Raises SourceChanged."""
    return (row.found for row in parse_rows(rows, public_spaces=public_spaces))


def _task(number: int, row: object) -> Task:
    return Task(
        number=number,
        status=_SHAPE.text(row, "fields", "status", "value"),
        priority=_priority(row),
        subtype=_SHAPE.optional_text(row, "fields", "subtype"),
        points=_points(find(row, "fields", "points")),
        subscribers=_SHAPE.optional_number(row, "attachments", "subscribers", "subscriberCount"),
        created=_SHAPE.optional_day(row, "fields", "dateCreated"),
        closed=_SHAPE.optional_day(row, "fields", "dateClosed"),
    )


def _is_public(row: object, public_spaces: frozenset[str]) -> bool:
    space = _SHAPE.optional_text(row, "fields", "spacePHID")
    if public_spaces and space and space not in public_spaces:
        return False
    return _SHAPE.text(row, "fields", "policy", "view") == "public"


def _priority(row: object) -> str:
    value = find(row, "fields", "priority", "value")
    return PRIORITIES.get(value, "") if isinstance(value, int) else ""


def _points(value: object) -> float | None:
    """Read points: null, or a number that comes as text (``"0.5"``)."""
    if not isinstance(value, (str, int, float)) or isinstance(value, bool):
        return None
    try:
        points = float(value)
    except (ValueError, OverflowError):
        return None
    return points if math.isfinite(points) and 0 <= points < MOST_POINTS else None


def _projects(row: object) -> tuple[str, ...]:
    found = find(row, "attachments", "projects", "projectPHIDs")
    return tuple(sorted(map(str, found))) if isinstance(found, list) else ()
