"""What two sides made of one text, brought together: the wiki's editors and a new version of the kit.

Texts merge by lines, JSON by the keys of its object. What both sides changed in different ways is a
conflict, and a text with one is never made.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from merge3 import Merge3


@dataclass(frozen=True, slots=True)
class Hunk:
    """What both sides changed: where it stands on the wiki, its lines there, and those of the kit."""

    place: str
    here: tuple[str, ...]
    kit: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """The text of both sides; with ``conflicts`` there is none (``""``)."""

    text: str
    conflicts: tuple[Hunk, ...] = ()


def same_text(one: str, other: str) -> bool:
    """Whether MediaWiki would store the same: JSON is laid out anew, blanks at the end are cut."""
    if plain(one) == plain(other):
        return True
    ours, theirs = _parsed(one), _parsed(other)
    return ours is not None and theirs is not None and _canonical(ours) == _canonical(theirs)


def plain(text: str) -> str:
    """*text* as MediaWiki stores it."""
    return text.replace("\r\n", "\n").rstrip()


def laid_out(text: str) -> str:
    """*text* in the one layout in which versions of it can be compared by lines."""
    value = _parsed(text)
    return plain(text) if value is None else _json(value)


def merge(base: str, here: str, kit: str) -> Merged:
    """*here* with what changed from *base* to *kit*; JSON by keys where all three are objects."""
    values = [_parsed(text) for text in (base, here, kit)]
    objects = [value for value in values if isinstance(value, dict)]
    if len(objects) == len(values):
        return _merge_objects(*objects)
    if isinstance(values[2], dict):
        # Lines of JSON that was broken, or of something else, cannot give a page that is right.
        return Merged("", differing(here, kit))
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
    was, ours, theirs = (plain(text).split("\n") for text in (base, here, kit))
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
    return Merged("", tuple(conflicts)) if conflicts else Merged("\n".join(lines))


def _merge_objects(base: dict[str, Any], here: dict[str, Any], kit: dict[str, Any]) -> Merged:
    found: dict[str, Any] = {}
    conflicts: list[Hunk] = []
    for key in (*kit, *(key for key in here if key not in kit)):
        was, ours, theirs = (_value(one, key) for one in (base, here, kit))
        if ours in (was, theirs):
            chosen = kit
        elif (
            theirs == was or not theirs
        ):  # What the kit gave up stays where somebody made it theirs.
            chosen = here
        else:
            conflicts.append(
                Hunk(f'key "{key}"', tuple(_lines(here, key)), tuple(_lines(kit, key)))
            )
            continue
        if key in chosen:
            found[key] = chosen[key]
    return Merged("", tuple(conflicts)) if conflicts else Merged(_json(found))


def _value(one: Mapping[str, Any], key: str) -> str:
    """The value of a key as text, for 1 and true are equal to Python; empty where there is none."""
    return _canonical(one[key]) if key in one else ""


def _lines(one: Mapping[str, Any], key: str) -> Iterator[str]:
    if key in one:
        yield from _json({key: one[key]}).split("\n")[1:-1]


def _parsed(text: str) -> Any:
    """The value of an object or a list in JSON, None for every other text."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict | list) else None


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent="\t")
