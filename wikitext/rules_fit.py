"""Whether the rule of a badge on the rules' page can be followed, and its examples come out as they say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from scoring.badges import tier_of_example
from scoring.model import Badge, Condition
from scoring.traits import FIELDS
from wikitext.rules_json import Path, Wrong, shown

MANY_EVENTS = 5_000
"""The most events of one example; no line of ours is so high."""
MANY_EVENTS_OF_ALL = 20_000
"""The most events of all examples together: a round plays every one of them."""
TELLS = {
    "where": ("number", "flag", "texts"),
    "distinct": ("number", "texts", "day"),
    "highest": ("number",),
}


def check_rule(badge: Badge, path: Path, left: int = MANY_EVENTS_OF_ALL) -> int:
    """Raise Wrong where the rule asks for what its events do not tell, or an example comes out otherwise.

    So many events are *left* of those that all examples may tell of; return how many then are.
    """
    for at, condition in enumerate(badge.where):
        place = (*path, "where", at)
        _check_field(badge, condition.field, "where", (*place, "field"))
        _check_limits(condition, place)
    for name in ("distinct", "highest"):
        if field := getattr(badge, name):
            _check_field(badge, field, name, (*path, name))
    for at, example in enumerate(badge.examples):
        place = (*path, "examples", at)
        left -= _check_events(example.has, (*place, "has"))
        if left < 0:
            raise Wrong((*place, "has"), "rules-many-events", MANY_EVENTS_OF_ALL)
        tier = tier_of_example(badge, example.has)
        if tier != example.tier:
            raise Wrong(place, "rules-example", tier, example.tier)
    return left


def _check_field(badge: Badge, field: str, where: str, path: Path) -> None:
    told = [
        name
        for name, one in FIELDS.items()
        if badge.counts in one.counts and one.holds in TELLS[where]
    ]
    if field not in told:
        raise Wrong(path, "rules-field", shown(field), badge.counts, ", ".join(told))


def _check_limits(condition: Condition, path: Path) -> None:
    """Texts are asked with ``among``, all else with ``least`` and ``most``."""
    numbers = (condition.least, condition.most) != (None, None)
    if FIELDS[condition.field].holds == "texts":
        if numbers or not condition.among:
            raise Wrong(path, "rules-ask-texts", condition.field)
    elif condition.among or not numbers:
        raise Wrong(path, "rules-ask-number", condition.field)


def _check_events(events: Iterable[Mapping[str, object]], path: Path) -> int:
    """Raise Wrong for an event that cannot be; return how many there are."""
    many = 0
    for at, event in enumerate(events):
        times = event.get("times", 1)
        if not isinstance(times, int) or isinstance(times, bool) or times < 1:
            raise Wrong((*path, at), "rules-whole", "times", 1, MANY_EVENTS)
        many += times
        for name, value in event.items():
            if name != "times" and not _tells(name, value):
                raise Wrong((*path, at, name), "rules-event", shown(name))
    if many > MANY_EVENTS:
        raise Wrong(path, "rules-whole", "times", 1, MANY_EVENTS)
    return many


def _tells(name: str, value: object) -> bool:
    """Whether a made-up event may say this of a field."""
    holds = FIELDS[name].holds if name in FIELDS else ""
    if holds == "texts":
        return isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)
    if holds == "day":
        return isinstance(value, str) and _is_day(value)
    return holds != "" and isinstance(value, int | float)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
