"""What kind of file a path is (code, tests, translation, vendored, …), and what its lines count."""

from __future__ import annotations

from functools import lru_cache
from sys import intern
from typing import NamedTuple

from scoring.globs import GlobTable
from scoring.rules import Rules

CODE = "code"
TRANSLATION = "translation"
VENDORED = "vendored"


class Place(NamedTuple):
    """What is remembered of a path: itself, its kind, what a line of it counts (0 to 1), its first folder."""

    path: str
    kind: str
    weight: float
    top: str


class Places(dict[str, Place]):
    """Every path met so far with its place; the same ones come again and again."""

    def __init__(self, rules: Rules) -> None:
        super().__init__()
        self._table = GlobTable(rules.kinds)
        self._weights = dict(rules.line_weights)

    def __missing__(self, path: str) -> Place:
        kind = self._table.find(path) or CODE
        top, slash, _ = path.partition("/")
        place = self[path] = Place(
            path, kind, self._weights.get(kind, 0.0), intern(top) if slash else ""
        )
        return place


@lru_cache(maxsize=4)
def places(rules: Rules) -> Places:
    """The paths met so far under *rules*."""
    return Places(rules)


def kind_of(path: str, rules: Rules) -> str:
    """The kind of the file at *path*, by the first pattern of the rules that fits."""
    return places(rules)[path].kind
