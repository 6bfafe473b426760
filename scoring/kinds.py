"""What kind of file a path is (code, tests, translation, vendored, …), and what its lines count."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from scoring.rules import Rules

CODE = "code"
TRANSLATION = "translation"
REMEMBERED = 1 << 16
"""How many paths are remembered for each rules; the same ones come again and again."""


def kind_of(path: str, rules: Rules) -> str:
    """The kind of the file at *path*, by the first pattern of the rules that fits."""
    rooted = f"/{path}"
    return next((kind for kind, search in _searches(rules) if search(rooted)), CODE)


def line_weight(path: str, rules: Rules) -> float:
    """What a line of the file at *path* counts, 0 to 1."""
    return line_weights(rules)(path)


@lru_cache(maxsize=8)
def line_weights(rules: Rules) -> Callable[[str], float]:
    """``line_weight`` for many paths."""
    weights = dict(rules.line_weights)

    @lru_cache(maxsize=REMEMBERED)
    def weigh(path: str) -> float:
        return weights.get(kind_of(path, rules), 0.0)

    return weigh


@lru_cache(maxsize=8)
def _searches(rules: Rules) -> list[tuple[str, Callable[[str], object]]]:
    return [(kind, re.compile(one).search) for kind, patterns in rules.kinds for one in patterns]
