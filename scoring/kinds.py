"""What kind of file a path is: code, tests, translation, vendored, …"""

from __future__ import annotations

import re
from functools import lru_cache

from scoring.rules import Rules

CODE = "code"


@lru_cache(maxsize=8)
def _pattern(kinds: tuple[tuple[str, str], ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in kinds))


@lru_cache(maxsize=65536)
def kind_of(path: str, rules: Rules) -> str:
    """The kind of the file at *path*, by the first pattern of the rules that fits."""
    match = _pattern(rules.kinds).search(path)
    return match.lastgroup or CODE if match else CODE


@lru_cache(maxsize=65536)
def line_weight(path: str, rules: Rules) -> float:
    """What a line of the file at *path* counts, 0 to 1."""
    return dict(rules.line_weights).get(kind_of(path, rules), 0.0)
