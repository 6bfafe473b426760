"""The names of Phabricator's projects, which are the tags of its tasks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sources.batch import batches
from sources.conduit import Conduit, Value
from sources.shape import Shape, find

BATCH = 100

OPEN_TO_ALL = ("public", "users")
"""Whoever makes an account sees a project that is for "users"; others are nobody's business."""

_SHAPE = Shape("Phabricator")


class Projects:
    """Names of projects by PHID, each asked for once."""

    def __init__(self, conduit: Conduit, public_spaces: frozenset[str] = frozenset()) -> None:
        self._conduit = conduit
        self._public_spaces = public_spaces
        self._names: dict[str, str] = {}

    def learn(self, phids: Iterable[str]) -> None:
        """Ask for those of *phids* that are not known yet. Raises SourceError."""
        for batch in batches(sorted(set(phids) - self._names.keys()), BATCH):
            # Without the status, archived ones are missing, though asked for by PHID.
            asked: dict[str, Value] = {
                "constraints": {"phids": batch, "status": "all"},
                "limit": BATCH,
            }
            rows = _SHAPE.rows(self._conduit.call("project.search", asked), "data")
            # What does not come is not ours to see; it is not asked for again.
            self._names.update(dict.fromkeys(batch, ""))
            self._names.update(parse_projects(rows, self._public_spaces))

    def names(self, phids: Iterable[str]) -> tuple[str, ...]:
        """The names of those of *phids* that were learnt, sorted."""
        return tuple(sorted({name for phid in phids if (name := self._names.get(phid, ""))}))


def parse_projects(
    rows: Iterable[object], public_spaces: frozenset[str] = frozenset()
) -> Iterator[tuple[str, str]]:
    """Understand the rows of ``project.search``: PHID and name. Raises SourceChanged.

    A milestone has a name that means nothing alone ("Sprint 1"): ``Parent (Sprint 1)``.
    """
    for row in rows:
        phid, name = _SHAPE.text(row, "phid"), _SHAPE.text(row, "fields", "name")
        space = _SHAPE.optional_text(row, "fields", "spacePHID")
        if public_spaces and space and space not in public_spaces:
            continue
        if find(row, "fields", "policy", "view") not in OPEN_TO_ALL:
            continue
        parent = _SHAPE.optional_text(row, "fields", "parent", "name")
        if parent and find(row, "fields", "milestone") is not None:
            name = f"{parent} ({name})"
        yield phid, name
