"""What kind of file a path is (code, tests, translation, vendored, …), and what its lines count."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from scoring.rules import Rules, Table

CODE = "code"
TRANSLATION = "translation"
REMEMBERED = 1 << 14
"""How many paths are remembered for each table; the same ones come again and again."""


def kind_of(path: str, rules: Rules) -> str:
    """The kind of the file at *path*, by the first pattern of the rules that fits."""
    return _finder(rules.kinds)(path)


def line_weight(path: str, rules: Rules) -> float:
    """What a line of the file at *path* counts, 0 to 1."""
    return line_weights(rules)(path)


def line_weights(rules: Rules) -> Callable[[str], float]:
    """``line_weight`` for many paths."""
    return _weigher(rules.kinds, rules.line_weights)


@lru_cache(maxsize=8)
def _finder(kinds: Table) -> Callable[[str], str]:
    rows = [(kind, re.compile(pattern).search) for kind, pattern in kinds]

    @lru_cache(maxsize=REMEMBERED)
    def find(path: str) -> str:
        return next((kind for kind, search in rows if search(path)), CODE)

    return find


@lru_cache(maxsize=8)
def _weigher(kinds: Table, line_weights: tuple[tuple[str, float], ...]) -> Callable[[str], float]:
    find, weights = _finder(kinds), dict(line_weights)

    @lru_cache(maxsize=REMEMBERED)
    def weigh(path: str) -> float:
        return weights.get(find(path), 0.0)

    return weigh
