"""Badges on the rules' page: a whole catalogue, or changes to single badges of the one we ship."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from scoring.badge import STATES
from scoring.model import Badge, Condition, Example
from scoring.traits import COUNTS
from wikitext.rules_fit import MANY_EVENTS_OF_ALL, check_rule
from wikitext.rules_json import Path, Wrong, shown
from wikitext.shapes import (
    Shape,
    an_object,
    known_keys,
    listing,
    maybe,
    name_of,
    number,
    one_of,
    record,
    rising,
    text,
    whole,
)

MANY_BADGES = 200
LARGEST = 10**9

_ID = text(1, 64, r"[a-z0-9][a-z0-9-]*", "task-tamer")
_FIELD = text(1, 40, r"[a-z][a-z0-9_]*", "difficulty")
_MAYBE_FIELD = text(0, 40, r"(?:[a-z][a-z0-9_]*)?", "project")
_ADDRESS = text(9, 500, r"https://[^\s<>\[\]{}|\"]+", "https://meta.wikimedia.org/wiki/…")
_SENTENCE = text(0, 500)


def _event(value: object, path: Path) -> Mapping[str, object]:
    """A made-up event: fields with numbers, truths, texts, or lists of texts."""
    found: dict[str, object] = {}
    for key, one in an_object(value, path).items():
        _FIELD(key, (*path, key))
        if isinstance(one, list):
            found[key] = listing(text(0, 200), 0, 50)(one, (*path, key))
        elif isinstance(one, str):
            found[key] = text(0, 200)(one, (*path, key))
        else:
            found[key] = one if isinstance(one, bool) else _amount(one, (*path, key))
    return found


def _amount(value: object, path: Path) -> float | int:
    found: float = number(-LARGEST, LARGEST)(value, path)
    return int(found) if found.is_integer() else found


_CONDITION = record(
    Condition,
    {
        "field": _FIELD,
        "least": maybe(number(-LARGEST, LARGEST)),
        "most": maybe(number(-LARGEST, LARGEST)),
        "among": listing(text(1, 200), 0, 200),
    },
)
_EXAMPLE = record(Example, {"has": listing(_event, 0, 50), "tier": whole(0, 4), "says": _SENTENCE})
BADGE: Mapping[str, Shape] = {
    "id": _ID,
    "counts": one_of(*COUNTS),
    "tiers": rising(whole(1, LARGEST), 4),
    "name": text(1, 100),
    "where": listing(_CONDITION, 0, 20),
    "distinct": _MAYBE_FIELD,
    "highest": _MAYBE_FIELD,
    "discussion": _ADDRESS,
    "state": one_of(*STATES),
    "examples": listing(_EXAMPLE, 0, 20),
}
_BADGE = record(Badge, BADGE)
RULE = frozenset({"counts", "tiers", "where", "distinct", "highest"})
"""What decides who gets a badge."""


def read_badges(shipped: tuple[Badge, ...]) -> Shape:
    """The catalogue: a list of all badges, or an object with changes, by id, to those *shipped*.

    What a change does not name stays; an id that is new is a new badge, behind the others.
    """

    def read(value: object, path: Path) -> tuple[Badge, ...]:
        if isinstance(value, dict):
            return _patched(value, shipped, path)
        found: tuple[Badge, ...] = listing(_BADGE, 0, MANY_BADGES)(value, path)
        seen: set[str] = set()
        left = MANY_EVENTS_OF_ALL
        for at, badge in enumerate(found):
            if badge.id in seen:
                raise Wrong((*path, at, "id"), "rules-same-id", shown(badge.id))
            left = check_rule(badge, (*path, at), left)
            seen.add(badge.id)
        return found

    return read


def _patched(
    value: Mapping[str, object], shipped: tuple[Badge, ...], path: Path
) -> tuple[Badge, ...]:
    found = {badge.id: badge for badge in shipped}
    left = MANY_EVENTS_OF_ALL
    for key, one in value.items():
        _ID(key, (*path, key))
        change: dict[str, Any] = {}
        given = an_object(one, (*path, key))
        known_keys(given, BADGE, (*path, key))
        for name, part in given.items():
            change[name] = BADGE[name](part, (*path, key, name))
        if change.setdefault("id", key) != key:
            raise Wrong((*path, key, "id"), "rules-other-id", shown(key))
        if change.keys() & RULE:
            change.setdefault("examples", ())  # Those of another rule do not speak of this one.
        for needed in () if key in found else ("name", "counts", "tiers"):
            if needed not in change:
                raise Wrong((*path, key), "rules-missing", needed)
        found[key] = replace(found[key], **change) if key in found else Badge(**change)
        left = check_rule(found[key], (*path, key), left)
    if len(found) > MANY_BADGES:
        raise Wrong(path, "rules-list", name_of(path), 0, MANY_BADGES)
    return tuple(found.values())
