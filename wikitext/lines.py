"""Cut a page into lines first, so that no line can harm another: only then is one parsed."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from dataclasses import dataclass

_CLOSE = {
    "": re.compile("-->"),
    **{
        name: re.compile(rf"</{name}\s*>", re.I)
        for name in ("nowiki", "pre", "syntaxhighlight", "source")
    },
}
# What stands inside these is shown as text, or not at all: it is no entry.
_OPEN = re.compile(r"<!--|<(nowiki|pre|syntaxhighlight|source)\b[^<>]*(?<!/)>", re.I)


@dataclass(frozen=True, slots=True)
class EntryLines:
    """The lines of a page that look like entries, numbered from 1, without outer blanks.

    ``unclosed`` are the lines of comments and nowikis that never end: they cover nothing.
    """

    entries: tuple[tuple[int, str], ...]
    unclosed: tuple[tuple[int, str], ...]


def entry_lines(text: str, looks_like: re.Pattern[str]) -> EntryLines:
    """The lines of *text* where *looks_like* is found outside of comments and nowikis."""
    covered, unclosed = _covered(text)
    found = []
    start = 0
    for number, line in enumerate(text.split("\n"), 1):
        entry = looks_like.search(line)
        if entry and not _lies_in(covered, start + entry.start()):
            found.append((number, line.strip()))
        start += len(line) + 1
    return EntryLines(tuple(found), unclosed)


def _lies_in(covered: list[tuple[int, int]], position: int) -> bool:
    place = bisect_right(covered, (position, sys.maxsize)) - 1
    return place >= 0 and position < covered[place][1]


def _covered(text: str) -> tuple[list[tuple[int, int]], tuple[tuple[int, str], ...]]:
    """Where closed comments and nowikis lie, in order, and on which line one is not closed.

    Linear: once a closing mark is not found, none is looked for again.
    """
    covered: list[tuple[int, int]] = []
    unclosed: list[tuple[int, str]] = []
    missing: set[str] = set()
    position, line, counted = 0, 1, 0
    while opening := _OPEN.search(text, position):
        kind = (opening.group(1) or "").lower()
        position = opening.end()
        if kind in missing:
            continue
        closing = _CLOSE[kind].search(text, position)
        if closing is None:
            missing.add(kind)
            line += text.count("\n", counted, opening.start())
            counted = opening.start()
            unclosed.append((line, "unclosed-nowiki" if kind else "unclosed-comment"))
            continue
        position = closing.end()
        covered.append((opening.start(), position))
    return covered, tuple(unclosed)
