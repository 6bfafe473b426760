"""What two sides made of one text, brought together: the wiki's editors and a new version of the kit.

Texts merge by lines, JSON by the keys of its object. What both sides changed in different ways is a
conflict: a text with one is never made, but an object is, for there a conflict concerns only its key.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from merge3 import Merge3


@dataclass(frozen=True, slots=True)
class Hunk:
    """What both sides changed: where it stands on the wiki, its lines there, and those of the kit.

    ``fixed``: it is a key that nobody may change on the wiki.
    """

    place: str
    here: tuple[str, ...]
    kit: tuple[str, ...]
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Merged:
    """The text of both sides (None: there is none), and the conflicts left in it.

    ``base`` is what the next version of the kit is to be compared with, once ``text`` stands on the wiki:
    the kit's text, but with the old value at each key in conflict, for so it is one the next time, too.
    """

    text: str | None
    conflicts: tuple[Hunk, ...] = ()
    base: str = ""


def same_text(one: str, other: str) -> bool:
    """Whether MediaWiki would store the same: JSON is laid out anew, blanks at the end are cut."""
    if as_stored(one) == as_stored(other):
        return True
    ours, theirs = _parsed(one), _parsed(other)
    return ours is not None and theirs is not None and _canonical(ours) == _canonical(theirs)


def as_stored(text: str) -> str:
    """*text* as MediaWiki stores it."""
    return text.replace("\r\n", "\n").rstrip()


def laid_out(text: str) -> str:
    """*text* in the one layout in which versions of it can be compared by lines."""
    value = _parsed(text)
    return as_stored(text) if value is None else _json(value)


def is_object(text: str) -> bool:
    """Whether *text* is an object in JSON as the wiki can keep it."""
    return isinstance(_parsed(text), dict)


def merge(
    base: str, here: str, kit: str, fixed: Collection[str] = (), *, settled: bool = False
) -> Merged:
    """*here* with what changed from *base* to *kit*; JSON by keys where the last two are objects.

    At a key in conflict the value of *here* stays; it is none any more if it is *settled*. A key of *fixed*
    is in conflict as soon as somebody changed it, and cannot be settled so.
    """
    was, ours, theirs = (_parsed(text) for text in (base, here, kit))
    if isinstance(ours, dict) and isinstance(theirs, dict):
        was = was if isinstance(was, dict) else {}  # Then nobody knows who changed what.
        return _merge_objects(was, ours, theirs, fixed, settled)
    if isinstance(theirs, dict):
        # Lines of JSON that was broken, or of something else, cannot give a page that is right.
        return Merged(None, differing(here, kit))
    return _merge_lines(base, here, kit)


def differing(here: str, kit: str) -> tuple[Hunk, ...]:
    """Every difference of two texts, as hunks: for where nothing tells who changed what."""
    ours, theirs = laid_out(here).split("\n"), laid_out(kit).split("\n")
    steps = SequenceMatcher(None, ours, theirs).get_opcodes()
    return tuple(
        Hunk(f"line {start + 1}", tuple(ours[start:end]), tuple(theirs[first:last]))
        for what, start, end, first, last in steps
        if what != "equal"
    )


def _merge_lines(base: str, here: str, kit: str) -> Merged:
    was, ours, theirs = (as_stored(text).split("\n") for text in (base, here, kit))
    sides = {"unchanged": was, "same": ours, "a": ours, "b": theirs}
    lines: list[str] = []
    conflicts: list[Hunk] = []
    for what, *where in Merge3(was, ours, theirs).merge_regions():
        if what == "conflict":
            _, _, start, end, first, last = where
            lines_of = tuple(ours[start:end]), tuple(theirs[first:last])
            conflicts.append(Hunk(f"line {start + 1}", *lines_of))
        else:
            lines += sides[what][slice(*where)]
    return Merged(None, tuple(conflicts)) if conflicts else Merged("\n".join(lines), (), kit)


def _merge_objects(
    base: dict[str, Any],
    here: dict[str, Any],
    kit: dict[str, Any],
    fixed: Collection[str],
    settled: bool,
) -> Merged:
    found: dict[str, Any] = {}
    remembered = dict(kit)
    conflicts: list[Hunk] = []
    for key in (*kit, *(key for key in here if key not in kit)):
        chosen = _chosen(base, here, kit, key, key in fixed)
        if chosen is None:
            chosen = here
            if key in fixed or not settled:
                lines = tuple(_lines(here, key)), tuple(_lines(kit, key))
                conflicts.append(Hunk(f'key "{key}"', *lines, fixed=key in fixed))
                _put(remembered, key, base)
        _put(found, key, chosen)
    return Merged(_json(found), tuple(conflicts), _json(remembered) if conflicts else _json(kit))


def _chosen(
    base: dict[str, Any], here: dict[str, Any], kit: dict[str, Any], key: str, fixed: bool
) -> dict[str, Any] | None:
    """Whose value of a key stands; None: both changed it."""
    was, ours, theirs = (_value(one, key) for one in (base, here, kit))
    if ours in (was, theirs):
        return kit
    if fixed:
        return None
    # What the kit gave up stays where somebody made it theirs.
    return here if theirs == was or not theirs else None


def _put(one: dict[str, Any], key: str, other: Mapping[str, Any]) -> None:
    """Give *one* the value that *other* has at a key, if any."""
    if key in other:
        one[key] = other[key]
    else:
        one.pop(key, None)


def _value(one: Mapping[str, Any], key: str) -> str:
    """The value of a key as text, for 1 and true are equal to Python; empty where there is none."""
    return _canonical(one[key]) if key in one else ""


def _lines(one: Mapping[str, Any], key: str) -> Iterator[str]:
    if key in one:
        yield from _json({key: one[key]}).split("\n")[1:-1]


def _parsed(text: str) -> Any:
    """The value of an object or a list in JSON, None for every other text.

    What no wiki can keep is no JSON: numbers without an end, and halves of a character.
    """
    try:
        value = json.loads(text, parse_constant=_finite, parse_float=_finite, parse_int=_whole)
        _json(value).encode()
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict | list) else None


def _whole(number: str) -> int:
    _finite(number)
    return int(number)


def _finite(number: str) -> float:
    value = float(number)
    if not math.isfinite(value):
        raise ValueError(number)
    return value


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent="\t")
