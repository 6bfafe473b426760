"""Look into an answer; where it lacks what matters, say which field has changed.

A path is a row of keys: ``shape.text(row, "fields", "status", "value")``.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NoReturn

from sources.port import SourceChanged


def find(value: object, *path: str) -> object:
    """Return what lies at *path*, None where there is nothing.

    A list on the way counts as nothing: that is how PHP writes an empty map.
    """
    for key in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


@dataclass(frozen=True, slots=True)
class Shape:
    """The readings of one source; each raises ``SourceChanged`` that names source and field."""

    source: str

    def wrong(self, wanted: str, *path: str) -> NoReturn:
        """Raise ``SourceChanged``: *path* should have been *wanted*."""
        where = ".".join(path) or "the answer"
        raise SourceChanged(
            f"{self.source} has changed: {where} should be {wanted}. Somebody must look."
        )

    def text(self, value: object, *path: str) -> str:
        """Return a text that is not empty."""
        found = self.optional_text(value, *path)
        return found if found else self.wrong("a text", *path)

    def optional_text(self, value: object, *path: str) -> str:
        """Return a text, ``""`` for null and where there is none."""
        found = find(value, *path)
        if found is None:
            return ""
        if not isinstance(found, str):
            self.wrong("a text", *path)
        # Half a surrogate pair is valid JSON, but no database and no page can hold it.
        return found.encode("utf-8", "replace").decode("utf-8")

    def number(self, value: object, *path: str) -> int:
        """Return a whole number of 0 or more."""
        found = self.optional_number(value, *path)
        return self.wrong("a number", *path) if found is None else found

    def id(self, value: object, *path: str) -> int:
        """Return a whole number of 1 or more."""
        return self.number(value, *path) or self.wrong("a number from 1 on", *path)

    def optional_number(self, value: object, *path: str) -> int | None:
        """Return a whole number from 0 to 10^15, written so or in digits; None for null."""
        found = find(value, *path)
        if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) < 16:
            found = int(found)
        if found is None or (type(found) is int and 0 <= found <= 10**15):
            return found
        return self.wrong("a number", *path)

    def told(self, value: object, *path: str) -> object:
        """Return what is there, null too. Whether a list goes on must be told, one way or the other."""
        known = self.fields(value, *path[:-1])
        return known[path[-1]] if path[-1] in known else self.wrong("there", *path)

    def flag(self, value: object, *path: str) -> bool:
        """Return true or false, and nothing in between."""
        found = find(value, *path)
        return found if isinstance(found, bool) else self.wrong("true or false", *path)

    def rows(self, value: object, *path: str) -> list[object]:
        """Return a list."""
        found = find(value, *path)
        return found if isinstance(found, list) else self.wrong("a list", *path)

    def fields(self, value: object, *path: str) -> Mapping[str, object]:
        """Return a map."""
        found = find(value, *path)
        return found if isinstance(found, Mapping) else self.wrong("a map", *path)

    def optional_day(self, value: object, *path: str) -> date | None:
        """Return the UTC day of a moment in epoch seconds, None for null."""
        seconds = self.optional_number(value, *path)
        if seconds is None:
            return None
        with suppress(OverflowError, OSError, ValueError):
            return datetime.fromtimestamp(seconds, UTC).date()
        return self.wrong("a moment", *path)
