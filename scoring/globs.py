"""Patterns for paths, as people write them in ``.gitignore``, made fast.

``*`` is anything within a name, ``**`` anything at all, ``{a,b}`` either. A pattern fits at the end of
a path, beginning with a whole name: ``composer.lock``, ``*.min.js``, ``i18n/**.json``. One that ends in
``/`` means everything below such a folder, one that begins with ``/`` is tied to the top.
No pattern can be slow: there are at most three stars in it, and nothing else to try in many ways.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import product

_PLAIN_NAME = re.compile(r"[^*/{},]+")
_PLAIN_ENDING = re.compile(r"\*[^*/{},]+")
_PLAIN_FOLDER = re.compile(r"[^*/{},]+/")
_STARS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*"}
_MOST_CHOICES = 128
_MOST_LEAPS = 2
"""So many ``**``: each may multiply the time that fitting takes by the length of the path."""
_LONGEST_PATH = 500
"""Of a longer path the end is looked at."""
MOST_STARS = 3


_Other = tuple[int, str, Callable[[str], object]]
"""A row's rank, a text without which the pattern cannot fit, and the pattern."""


class GlobError(ValueError):
    """A pattern that means nothing; the message says why."""


class TooManyStars(GlobError):
    """Each star may multiply the time that fitting takes."""


class GlobTable:
    """Rows of (name, patterns): which is the first row of which some pattern fits a path?

    Plain names, folders and endings are looked up; of what is left, only the patterns that end as
    the path does are tried.
    """

    def __init__(self, rows: Iterable[tuple[str, Iterable[str]]]) -> None:
        """Raises GlobError for a pattern that means nothing."""
        self._rows: list[str] = []
        self._names: dict[str, int] = {}
        self._folders: dict[str, int] = {}
        self._endings: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._others: dict[str, list[_Other]] = defaultdict(list)
        for rank, (row, patterns) in enumerate(rows):
            self._rows.append(row)
            for one in (plain for pattern in patterns for plain in spread_out(pattern)):
                self._add(rank, one)

    def _add(self, rank: int, pattern: str) -> None:
        if _PLAIN_NAME.fullmatch(pattern):
            self._names.setdefault(pattern, rank)
        elif _PLAIN_FOLDER.fullmatch(pattern):
            self._folders.setdefault(pattern[:-1], rank)
        elif _PLAIN_ENDING.fullmatch(pattern):
            self._endings[_extension(pattern)].append((rank, pattern[1:]))
        else:
            search = re.compile(_as_regex(pattern), re.S).search
            self._others[_extension(pattern)].append((rank, _guard(pattern), search))

    def find(self, path: str) -> str | None:
        """The name of the first row that fits *path*, None if none does."""
        path = path[-_LONGEST_PATH:]
        *folders, name = path.split("/")
        extension = _extension(name)
        best = self._names.get(name, len(self._rows))
        for folder in folders:
            best = min(best, self._folders.get(folder, best))
        rooted = f"/{path}"
        # A name may have a dot where the pattern has none: "J. Doe (WMF)" ends in "(WMF)".
        for ends in {extension, ""}:
            for rank, ending in self._endings.get(ends, ()):
                if rank < best and name.endswith(ending):
                    best = rank
            for rank, word, search in self._others.get(ends, ()):
                if rank < best and word in rooted and search(rooted):
                    best = rank
        return self._rows[best] if best < len(self._rows) else None


def _extension(name: str) -> str:
    """What stands behind the last dot of *name*; nothing where a pattern leaves that open."""
    _, dot, last = name.rpartition(".")
    return "" if not dot or "*" in last or "/" in last else last


@lru_cache(maxsize=256)
def _table(patterns: tuple[str, ...]) -> GlobTable:
    return GlobTable([("", patterns)])


def fits(text: str, patterns: tuple[str, ...]) -> bool:
    """Whether one of *patterns* fits *text*."""
    return _table(patterns).find(text) is not None


def spread_out(pattern: str) -> list[str]:
    """*pattern* without braces: one for each choice in them. Raises GlobError."""
    # What stands in braces comes at every second place.
    pieces = re.split(r"\{([^{}]*)\}", pattern)
    if any(set(one) & set("{}") for one in pieces[::2]):
        raise GlobError("has a brace without its fellow, or braces within braces")
    ways = [one.split(",") if at % 2 else [one] for at, one in enumerate(pieces)]
    if math.prod(map(len, ways)) > _MOST_CHOICES:
        raise GlobError("has too many choices in braces")
    found = ["".join(way) for way in product(*ways)]
    if not all(one.strip("/*") for one in found):
        raise GlobError("would fit everything")
    if any(len(re.findall(r"\*+", o)) > MOST_STARS or o.count("**") > _MOST_LEAPS for o in found):
        raise TooManyStars("has too many stars")
    return found


def _guard(pattern: str) -> str:
    """The longest plain text of a pattern: where a path lacks it, the pattern cannot fit."""
    return max((one.strip("/") for one in re.split(r"\*+", pattern)), key=len)


def _as_regex(pattern: str) -> str:
    body = pattern.removeprefix("/").removesuffix("/")
    regex = "".join(_translated(body))
    start = "^/" if pattern.startswith("/") else "/"
    return f"{start}{regex}{'/' if pattern.endswith('/') else '$'}"


def _translated(body: str) -> Iterator[str]:
    for piece in re.findall(r"(?<![^/])\*\*/|\*\*|\*|[^*]+", body):
        yield _STARS.get(piece) or re.escape(piece)
