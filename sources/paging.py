"""Notice a paged list that goes in circles."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from sources.port import SourceChanged

PATIENCE = 100
"""How many pages in a row may bring nothing new: a list that grows while we read repeats itself."""


MOST_PAGES = 10_000
"""No list that we read is so long, by far: one that still promises more has no end."""


class Progress:
    """The reading of one list of *source*, page by page."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._cursors: set[str] = set()
        self._seen: set[Hashable] = set()
        self._idle = 0

    def step(self, rows: Iterable[Hashable], cursor: str) -> None:
        """Note that a page brought *rows*, and the next is at *cursor*.

        Raises SourceChanged where we have been there, or where nothing new comes any more.
        """
        before = len(self._seen)
        self._seen.update(rows)
        self._idle = 0 if len(self._seen) > before else self._idle + 1
        if cursor in self._cursors or self._idle > PATIENCE:
            raise SourceChanged(
                f"{self._source} promises more and repeats the same rows. Somebody must look."
            )
        self._cursors.add(cursor)
        if len(self._cursors) > MOST_PAGES:
            raise SourceChanged(f"{self._source} has a list without an end. Somebody must look.")
