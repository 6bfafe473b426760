"""What of the rules decides who holds a badge, part by part.

Names, links, examples, and the order of badges decide nothing: they may change at any time, and nobody's
tier waits for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields
from functools import lru_cache
from typing import Any

from scoring.badge import ACTIVE, Badge
from scoring.rules import Rules

MODEL = 1
"""To be raised when the program comes to value the same facts otherwise under the same rules."""
SCORE = ""
"""The part that all fields of the score are together. Each badge is a part of its own, by its id."""
HOLD = "hold_days"
"""How long new rules wait is a part, too: whoever lowers it must wait as long as it was."""
_TABLES = ("line_weights", "priorities", "sizes")
"""Whose rows have no order."""


@lru_cache(maxsize=8)
def parts_of(rules: Rules) -> Mapping[str, str]:
    """A short name for exactly what each part of *rules* decides."""
    score = [
        (one.name, sorted(value) if one.name in _TABLES else value)
        for one in fields(rules)
        if one.name not in ("badges", HOLD)
        for value in (_plain(getattr(rules, one.name)),)
    ]
    badges = {badge.id: _name(_decides(badge)) for badge in rules.badges}
    return {SCORE: _name(score), HOLD: _name(rules.hold_days), **badges}


@lru_cache(maxsize=8)
def names_of(rules: Rules) -> Mapping[str, str]:
    """For each badge a short name for all that decides about it: its own rule, and the score."""
    parts = parts_of(rules)
    return {badge.id: _name((parts[SCORE], parts[badge.id])) for badge in rules.badges}


def name_of(rules: Rules) -> str:
    """A short name for all that decides in these rules."""
    return _name(sorted(parts_of(rules).items()))


def same_scores(one: Rules, other: Rules) -> bool:
    """Whether a record is the same under both rules."""
    return parts_of(one)[SCORE] == parts_of(other)[SCORE]


def other_badges(rules: Rules, before: Rules) -> frozenset[str]:
    """The badges of *rules* about which those *before* decided otherwise, or not at all."""
    now, then = names_of(rules), names_of(before)
    return frozenset(badge for badge in now if now[badge] != then.get(badge))


def _decides(badge: Badge) -> Any:
    where = [(one.field, one.least, one.most, one.among) for one in badge.where]
    rule = (badge.counts, badge.tiers, where, badge.distinct, badge.highest)
    return _plain((*rule, badge.state == ACTIVE))


def _plain(value: Any) -> Any:
    """1.0 as 1 and sets in an order, whichever way somebody wrote them."""
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _name(told: object) -> str:
    return hashlib.sha256(repr((MODEL, told)).encode()).hexdigest()[:16]
