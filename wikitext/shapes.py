"""What a value on the rules' page may look like: small checkers that fit together.

A shape reads a value of JSON, found at a path, and returns the value that the program uses; it raises
``Wrong`` with the path and what is expected there. ``as_json`` is the way back for all of them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from difflib import get_close_matches
from itertools import pairwise
from typing import Any, TypeGuard
from urllib.parse import urlsplit

from scoring.globs import MOST_STARS, GlobError, TooManyStars, spread_out
from wikitext.registry import canonical_name
from wikitext.rules_json import Path, Wrong, shown

Shape = Callable[[object, Path], Any]
MANY = 10_000
"""The most rows of any list."""
LONGEST_GLOB = 500


def name_of(path: Path) -> str:
    """What a value is called in a sentence: the keys that lead to it."""
    return " → ".join(shown(one) for one in path if isinstance(one, str)) or "…"


def number(least: float, most: float) -> Shape:
    """A number in a range, both ends included."""

    def read(value: object, path: Path) -> float:
        if not _is_number(value) or not least <= value <= most:
            raise Wrong(path, "rules-number", name_of(path), least, most)
        return float(value)

    return read


def whole(least: int, most: int) -> Shape:
    """A whole number in a range; 5.0 is one, too."""

    def read(value: object, path: Path) -> int:
        if not _is_number(value) or value != int(value) or not least <= value <= most:
            raise Wrong(path, "rules-whole", name_of(path), least, most)
        return int(value)

    return read


def text(least: int, most: int, pattern: str = "", example: str = "") -> Shape:
    """A text of so many characters that can be seen; all of it fits *pattern*, as *example* does."""

    def read(value: object, path: Path) -> str:
        if not isinstance(value, str) or not least <= len(value) <= most or not _is_plain(value):
            raise Wrong(path, "rules-text", name_of(path), least, most)
        if pattern and not re.fullmatch(pattern, value):
            raise Wrong(path, "rules-like", name_of(path), example)
        return value

    return read


def one_of(*words: str) -> Shape:
    """One of some words."""

    def read(value: object, path: Path) -> str:
        if not isinstance(value, str) or value not in words:
            raise Wrong(path, "rules-one-of", name_of(path), ", ".join(words))
        return value

    return read


def glob(value: object, path: Path) -> str:
    """A pattern of ``scoring.globs``, with few stars: each may multiply the time that fitting takes."""
    found: str = text(1, LONGEST_GLOB)(value, path)
    try:
        spread_out(found)
    except TooManyStars:
        raise Wrong(path, "rules-stars", name_of(path), MOST_STARS) from None
    except GlobError:
        raise Wrong(path, "rules-glob", name_of(path)) from None
    return found


def user_name(value: object, path: Path) -> str:
    """The name of an account on the wiki. It is not repeated in what is said of it."""
    name = canonical_name(value) if isinstance(value, str) else None
    name = name and name[:1].upper() + name[1:]
    if name is None or canonical_name(name) != name:
        raise Wrong(path, "rules-user", name_of(path))
    return name


def api_address(value: object, path: Path) -> str:
    """``name=address`` of another wiki's api.php: in public, for the bot fetches what stands there."""
    name, _, url = value.partition("=") if isinstance(value, str) else ("", "", "")
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        public = parts.scheme == "https" and re.fullmatch(r"[a-z0-9.-]+\.[a-z]{2,}", host)
        plain = parts.netloc == host and parts.path.endswith("/api.php")
        fits = public and plain and not parts.query and not parts.fragment
    except ValueError:
        fits = False
    if not fits or not re.fullmatch(r"[a-z][a-z0-9_]{0,30}", name):
        raise Wrong(
            path, "rules-like", name_of(path), "metawiki=https://meta.wikimedia.org/w/api.php"
        )
    return f"{name}={url}"


def listing(of: Shape, least: int = 0, most: int = MANY) -> Shape:
    """A list, in its order."""

    def read(value: object, path: Path) -> tuple[Any, ...]:
        if not isinstance(value, list) or not least <= len(value) <= most:
            raise Wrong(path, "rules-list", name_of(path), least, most)
        return tuple(of(one, (*path, at)) for at, one in enumerate(value))

    return read


def several(of: Shape) -> Shape:
    """A list whose order says nothing, and in which nothing stands twice."""
    read_list = listing(of)

    def read(value: object, path: Path) -> frozenset[Any]:
        return frozenset(read_list(value, path))

    return read


def maybe(of: Shape) -> Shape:
    """What may be ``null``: nothing is said."""
    return lambda value, path: None if value is None else of(value, path)


def row(*of: Shape) -> Shape:
    """A list of so many values, each of its own shape."""

    def read(value: object, path: Path) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) != len(of):
            raise Wrong(path, "rules-row", name_of(path), len(of))
        return tuple(
            one(part, (*path, at)) for at, (one, part) in enumerate(zip(of, value, strict=True))
        )

    return read


def rising(of: Shape, most: int) -> Shape:
    """A list of numbers, or of rows that begin with one, each larger than that before."""
    read_list = listing(of, 1, most)

    def read(value: object, path: Path) -> tuple[Any, ...]:
        found: tuple[Any, ...] = read_list(value, path)
        firsts = [one[0] if isinstance(one, tuple) else one for one in found]
        if any(one >= other for one, other in pairwise(firsts)):
            raise Wrong(path, "rules-rising", name_of(path))
        return found

    return read


def table(key: Shape, of: Shape) -> Shape:
    """An object from *key* to *of*; the program keeps it as rows."""

    def read(value: object, path: Path) -> tuple[tuple[Any, Any], ...]:
        pairs = an_object(value, path).items()
        return tuple((key(name, (*path, name)), of(one, (*path, name))) for name, one in pairs)

    return read


def complete(words: Sequence[str], of: Shape) -> Shape:
    """An object that says something of each of *words*; kept in their order, whatever the page's is."""
    read_table = table(one_of(*words), of)

    def read(value: object, path: Path) -> tuple[tuple[str, Any], ...]:
        found = dict(read_table(value, path))
        for word in words:
            if word not in found:
                raise Wrong(path, "rules-missing", word)
        return tuple((word, found[word]) for word in words)

    return read


def an_object(value: object, path: Path) -> Mapping[str, object]:
    """An object of JSON, whatever is in it."""
    if not isinstance(value, dict):
        raise Wrong(path, "rules-object", name_of(path))
    return value


def known_keys(value: Mapping[str, object], known: Mapping[str, object], path: Path) -> None:
    """Refuse a key that means nothing, and name the one that is nearest to it."""
    for key in value:
        if key not in known:
            near = get_close_matches(shown(key), known, 1, 0.0)
            raise Wrong((*path, key), "rules-unknown", shown(key), *near)


def record(
    kind: type[Any], shapes: Mapping[str, Shape], names: Mapping[str, str] | None = None
) -> Shape:
    """An object that becomes a dataclass; keys are its fields, but for those *names* calls otherwise."""
    needed = {one.name for one in fields(kind) if _is_needed(one)}
    called = names or {}

    def read(value: object, path: Path) -> Any:
        given = an_object(value, path)
        known_keys(given, shapes, path)
        found = {called.get(k, k): shapes[k](one, (*path, k)) for k, one in given.items()}
        for key in shapes:
            if called.get(key, key) in needed - found.keys():
                raise Wrong(path, "rules-missing", key)
        return kind(**found)

    return read


def as_json(value: Any, names: Mapping[str, str] | None = None) -> Any:
    """*value* as JSON says it, whole numbers without a point, fields at their defaults left out."""
    if is_dataclass(value) and not isinstance(value, type):
        called = {own: key for key, own in (names or {}).items()}
        return {
            called.get(one.name, one.name): as_json(getattr(value, one.name))
            for one in fields(value)
            if _is_needed(one) or getattr(value, one.name) != one.default
        }
    if isinstance(value, frozenset):
        return sorted(as_json(one) for one in value)
    if isinstance(value, list | tuple):
        return [as_json(one) for one in value]
    if isinstance(value, Mapping):
        return {key: as_json(one) for key, one in value.items()}
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _is_needed(one: Field[Any]) -> bool:
    return one.default is MISSING and one.default_factory is MISSING


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_plain(value: str) -> bool:
    """Whether a text has nothing that cannot be seen, or stored."""
    return value.isprintable()
