"""What stands beside a task at Phabricator: tokens, duplicates, parents and subtasks.

Both methods are marked unstable by their makers; a server may lack them, or know them otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sources.batch import batches
from sources.conduit import Conduit, Value
from sources.shape import Shape

BATCH = 100
"""How many tasks one question names."""

MOST_EDGES = 1000
"""The most rows that ``edge.search`` gives at once; it takes a larger number for this one."""

DUPLICATE, MERGED = "task.duplicate", "task.merged-in"
PARENT, SUBTASK = "task.parent", "task.subtask"
KINDS = [DUPLICATE, MERGED, PARENT, SUBTASK]

_SHAPE = Shape("Phabricator")


class Edge(NamedTuple):
    """That the task *source* has the task *target* as its *kind*; both are PHIDs."""

    source: str
    kind: str
    target: str


def count_tokens(conduit: Conduit, tasks: Iterable[str]) -> Counter[str]:
    """Count the tokens that each of *tasks* (PHIDs) was given. Raises SourceError."""
    counted: Counter[str] = Counter()
    for batch in batches(tasks, BATCH):
        rows = _SHAPE.rows(conduit.call("token.given", {"objectPHIDs": batch}))
        counted.update(parse_tokens(rows))
    return counted


def edges_of(conduit: Conduit, tasks: list[str], limit: int) -> set[Edge]:
    """The edges from *tasks* (at most 100 PHIDs), *limit* on a page. Raises SourceError.

    ``Rejected``, too, where our token may not see one of *tasks*.
    """
    asked: dict[str, Value] = {"sourcePHIDs": tasks, "types": KINDS, "limit": limit}
    return {edge for rows in conduit.pages("edge.search", asked) for edge in parse_edges(rows)}


def parse_tokens(rows: Iterable[object]) -> Iterator[str]:
    """Understand ``token.given``: whose token each is, any kind of token. Raises SourceChanged."""
    return (_SHAPE.text(row, "objectPHID") for row in rows)


def parse_edges(rows: Iterable[object]) -> Iterator[Edge]:
    """Understand the rows of ``edge.search``. Raises SourceChanged."""
    for row in rows:
        yield Edge(
            _SHAPE.text(row, "sourcePHID"),
            _SHAPE.text(row, "edgeType"),
            _SHAPE.text(row, "destinationPHID"),
        )
