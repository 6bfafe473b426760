"""What each field of the rules may be on their page: one line a field."""

from __future__ import annotations

from collections.abc import Mapping

from scoring.rules import RULES
from wikitext.rules_badges import read_badges
from wikitext.shapes import (
    Shape,
    complete,
    glob,
    listing,
    number,
    one_of,
    rising,
    row,
    table,
    text,
    whole,
)

LINES = 1_000_000
CAP = 1_000_000

DIFFICULTY = ("size", "spread", "review", "chain")
IMPACT = ("demand", "reach", "watchers", "priority", "age")
"""The weights of each add up to 1."""

FIXED = frozenset({"umbrella_subtasks", "granted", "sources"})
"""Fields that say what the ledger keeps: another value would need facts that it did not keep."""

_SHARE = number(0, 1)
_KIND = text(1, 30, r"[a-z][a-z-]*", "code")
_GLOBS = listing(glob, 0, 1000)
_KINDS = listing(row(_KIND, _GLOBS), 0, 200)
_REACHES = listing(
    row(one_of("reach-core", "reach-deployed", "reach-some", "reach-tool"), _SHARE, _GLOBS), 0, 100
)

SHAPES: Mapping[str, Shape] = {
    **dict.fromkeys((*DIFFICULTY, *IMPACT), _SHARE),
    "kinds": _KINDS,
    "line_weights": table(_KIND, _SHARE),
    "lines_cap": whole(1, LINES),
    "lines_of_a_file": whole(1, LINES),
    "replaced_lines": whole(0, LINES),
    "replaced_part": _SHARE,
    "deleted_part": _SHARE,
    "deleted_lines": whole(0, LINES),
    "rewritten_part": _SHARE,
    "rewritten_from": number(0.01, 1),
    "brought": listing(text(1, 60, r"/[^/]+", "/LICENSE"), 0, 50),
    "moved_lines": whole(0, LINES),
    "small_file": whole(0, LINES),
    "even_file": whole(0, LINES),
    "even_ratio": _SHARE,
    "mechanical_files": whole(2, LINES),
    "entropy_bits": number(0.1, 64),
    "directories_cap": whole(2, 1000),
    "spread_of_counted": number(0, 100),
    "rounds_cap": whole(1, 1000),
    "chain_cap": whole(1, 1000),
    "demand_cap": whole(1, CAP),
    "duplicate_weight": whole(0, 1000),
    "watchers_cap": whole(1, CAP),
    "watchers_always": whole(0, 1000),
    "years_cap": number(0.1, 100),
    "priorities": table(one_of("unbreak", "high", "medium", "low", "lowest"), _SHARE),
    "reaches": _REACHES,
    "tags": _REACHES,
    "unknown_rounds": _SHARE,
    "news_weight": whole(0, 1000),
    "usage_cap": whole(1, 10**9),
    "unknown_demand": _SHARE,
    "unknown_reach": _SHARE,
    "unknown_watchers": _SHARE,
    "unknown_priority": _SHARE,
    "unknown_age": _SHARE,
    "labels": rising(row(number(0, 10**6), _SHARE), 100),
    "sizes": complete([word for word, _ in RULES.sizes], _SHARE),
    "tasks_of_a_change": whole(1, 100),
    "umbrella_changes": whole(1, 10**6),
    "umbrella_tags": _GLOBS,
    "series_days": whole(0, 365),
    "chain_hours": whole(0, 8760),
    "backports": _GLOBS,
    "main_branches": _GLOBS,
    "late_days": whole(0, 36500),
    "wish_grace_days": whole(0, 3650),
    "least_part": number(0.0001, 1),
    "share_of_issue": _SHARE,
    "about_equal": number(1, 10),
    "points_without_change": number(0, 100),
    "staff_names": _GLOBS,
    "small_points": number(0, 100),
    "small_sum": number(0, 10**6),
    "small_days": whole(1, 3650),
    "unseen_issues": whole(0, 1000),
    "hold_days": whole(0, 365),
    "badges": read_badges(RULES.badges),
}
"""What each field of ``Rules`` may be on the page: one line a field."""
