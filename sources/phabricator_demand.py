"""Complete tasks with what further questions tell: tokens, duplicates, parents and subtasks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from scoring.model import Task
from sources.batch import batches
from sources.conduit import Conduit, Lacks, Rejected, Value
from sources.maniphest import Row
from sources.phabricator_edges import (
    BATCH,
    DUPLICATE,
    MERGED,
    MOST_EDGES,
    PARENT,
    SUBTASK,
    Edge,
    count_tokens,
    edges_of,
)
from sources.port import FoundTask

Search = Callable[[Mapping[str, Value]], Iterator[Row]]
"""Ask ``maniphest.search`` with these constraints."""

Edges = dict[str, set[Edge]]
"""The edges of each task about which they could be had; of the others nothing is known."""


class Demand:
    """What stands beside the tasks of one server."""

    def __init__(self, conduit: Conduit) -> None:
        self._conduit = conduit

    def complete(
        self, rows: list[Row], search: Search, known: Mapping[str, int]
    ) -> Iterator[FoundTask]:
        """Yield the task of each row in full; what turned secret meanwhile with ``task=None``.

        *known* are numbers of public tasks by PHID, beside those of *rows*. Raises SourceError.
        """
        phids = sorted({row.phid for row in rows if row.phid})
        tokens = self._tokens(phids)
        edges, gone = self._edges(phids, search)
        numbers = {**known, **{row.phid: row.found.number for row in rows}}
        numbers = {phid: number for phid, number in numbers.items() if phid not in gone}
        numbers |= _ask_numbers(_kin(edges) - numbers.keys(), search)
        for row in rows:
            if row.found.task is None or row.phid in gone:
                yield FoundTask(row.found.number, None)
                continue
            task = row.found.task
            if tokens is not None and row.phid:
                task = replace(task, tokens=tokens[row.phid])
            if row.phid in edges:
                task = _with_edges(task, edges[row.phid], numbers)
            yield replace(row.found, task=task)

    def _tokens(self, phids: list[str]) -> Counter[str] | None:
        try:
            return count_tokens(self._conduit, phids)
        except (Lacks, Rejected):
            return None

    def _edges(self, phids: list[str], search: Search) -> tuple[Edges, set[str]]:
        """The edges of *phids*, and which of these are not public any more."""
        edges: Edges = {}
        gone: set[str] = set()
        for batch in batches(phids, BATCH):
            try:
                public, found = batch, self._ask(batch)
                if found is None:
                    # One task that our token may not see makes the whole call fail.
                    public = [row.phid for row in search({"phids": batch}) if row.phid]
                    gone |= set(batch) - set(public)
                    # Where it is not that, a page of usual length may be more to its liking.
                    limit = MOST_EDGES if len(public) < len(batch) else BATCH
                    found = self._ask(public, limit) if public else None
            except Lacks:
                break
            if found is None and public:
                break  # This server knows edges otherwise, and is left alone.
            edges |= {phid: set() for phid in public}
            for edge in found or ():
                edges.get(edge.source, set()).add(edge)
        return edges, gone

    def _ask(self, phids: list[str], limit: int = MOST_EDGES) -> set[Edge] | None:
        try:
            return edges_of(self._conduit, phids, limit)
        except Rejected:
            return None


def _kin(edges: Edges) -> set[str]:
    return {edge.target for found in edges.values() for edge in found}


def _ask_numbers(phids: Iterable[str], search: Search) -> dict[str, int]:
    """The numbers of *phids*; what is not public has none."""
    return {
        row.phid: row.found.number
        for batch in batches(sorted(phids), BATCH)
        for row in search({"phids": batch})
        if row.phid
    }


def _with_edges(task: Task, edges: Iterable[Edge], numbers: Mapping[str, int]) -> Task:
    def kin(kind: str) -> tuple[int, ...]:
        found = {numbers.get(edge.target, 0) for edge in edges if edge.kind == kind}
        return tuple(sorted(found - {0}))

    # A task that was reopened after its merge keeps the edge, and is no duplicate.
    into = kin(DUPLICATE) if task.status == "duplicate" else ()
    merged = kin(MERGED)
    return replace(
        task,
        duplicates=len(merged),
        duplicate_of=into[0] if into else None,
        parents=kin(PARENT),
        merged=merged,
        subtasks=kin(SUBTASK),
    )
