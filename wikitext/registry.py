"""Read the registry: one line a person, each line on its own, so that no line can harm another.

The only module that knows mwparserfromhell. It sees one line of at most ``MAX_BYTES`` at a time:
its parser is quadratic on hostile input, and unclosed markup in it swallows what follows.
"""

from __future__ import annotations

import hashlib
import re
import sys
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

import mwparserfromhell
from mwparserfromhell.nodes import Template, Text

MAX_BYTES = 1000
TEMPLATE = "Developer badges/Person"
OPTIONS = frozenset({"1", "user", "developer"})
LATER = frozenset({"hide", "wall", "goal", "paid", "github", "gitlab"})
"""Options that the design knows and this version does not."""
LONGEST_DEVELOPER = 128
"""Characters: no developer account has a longer name."""
LONGEST_NAME = 170
"""Bytes: so that the titles of a person's pages stay below MediaWiki's 255."""

_LOOKS_LIKE_ENTRY = re.compile(r"\{\{\s*(?:template\s*:\s*)?developer[ _]badges/person\b", re.I)
_ENTRY_LINE = re.compile(r"\*\s*(\{\{.*\}\})\s*")
# Characters nobody sees: they make one name look like another.
_INVISIBLE = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_NO_TITLE = re.compile(r"[#<>\[\]{}|/\ufffd]|%[0-9A-Fa-f]{2}|&[^;\s]+;|~~~")
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
class Entry:
    """A line of the registry that is, or wants to be, an entry.

    ``line`` counts from 1. ``digest`` stands for the exact text. ``problem`` says what is wrong
    with the line itself (a ``report-…`` message and its texts), None where it can be read.
    """

    line: int
    digest: str
    name: str = ""
    developer: str = ""
    problem: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class RegistryText:
    """What one version of the registry says. ``unclosed`` are the lines of unclosed comments."""

    entries: tuple[Entry, ...] = ()
    unclosed: tuple[tuple[int, str], ...] = ()
    blank: bool = False


def parse_registry(text: str) -> RegistryText:
    """Read the text of the registry. Never raises: what cannot be read is an entry with a problem."""
    lines, unclosed = _entry_lines(text)
    return RegistryText(
        entries=tuple(_parse_line(number, line) for number, line in lines),
        unclosed=unclosed,
        blank=not text.strip(),
    )


def entry_digests(text: str) -> frozenset[str]:
    """The digests of all entries of the registry, readable or not, without parsing them."""
    lines, _ = _entry_lines(text)
    return frozenset(entry_digest(line) for _, line in lines)


def entry_digest(line: str) -> str:
    """A name for the exact text of an entry (NFC, as MediaWiki stores it; outer blanks apart)."""
    normal = unicodedata.normalize("NFC", line.strip())
    return hashlib.sha256(normal.encode("utf-8", "surrogatepass")).hexdigest()


def _entry_lines(text: str) -> tuple[list[tuple[int, str]], tuple[tuple[int, str], ...]]:
    """The lines that look like entries and do not lie in a comment, with their numbers."""
    covered, unclosed = _covered(text)
    found = []
    start = 0
    for number, line in enumerate(text.split("\n"), 1):
        entry = _LOOKS_LIKE_ENTRY.search(line)
        if entry and not _lies_in(covered, start + entry.start()):
            found.append((number, line.strip()))
        start += len(line) + 1
    return found, unclosed


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


def _parse_line(number: int, line: str) -> Entry:
    digest = entry_digest(line)

    def wrong(*problem: str) -> Entry:
        return Entry(number, digest, problem=problem)

    if len(line.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        return wrong("too-long", str(MAX_BYTES))
    match = _ENTRY_LINE.fullmatch(re.sub(r"<!--.*?-->", "", line))
    if not match:
        return wrong("bad-line")
    if "<" in match.group(1):
        return wrong("nested")  # No name holds it, and the parser is slow on tags that never end.
    nodes = mwparserfromhell.parse(match.group(1), skip_style_tags=True).nodes
    if len(nodes) != 1 or not isinstance(nodes[0], Template):
        return wrong("bad-line")
    return _parse_template(number, digest, nodes[0])


def _parse_template(number: int, digest: str, template: Template) -> Entry:
    options: dict[str, str] = {}
    for param in template.params:
        if not all(isinstance(node, Text) for node in (*param.name.nodes, *param.value.nodes)):
            return Entry(number, digest, problem=("nested",))
        key, value = str(param.name).strip().casefold(), str(param.value).strip()
        if key in options:
            return Entry(number, digest, problem=("option-twice", key))
        if key not in OPTIONS:
            # Somebody who wants a thing hidden must not be shown because we misread the word. A word
            # that is not known is not repeated: anybody can write anybody's name there.
            return Entry(number, digest, problem=("unknown-option", key if key in LATER else "…"))
        options[key] = value
    name = canonical_name(options.get("user") or options.get("1", ""))
    developer = unicodedata.normalize("NFC", options.get("developer", ""))
    if name is None or ("user" in options and "1" in options):
        return Entry(number, digest, problem=("bad-name",))
    if _INVISIBLE.search(developer):
        return Entry(number, digest, problem=("invisible-characters",))
    if len(developer) > LONGEST_DEVELOPER:
        return Entry(number, digest, problem=("bad-option", "developer"))
    return Entry(number, digest, name, developer)


def canonical_name(text: str) -> str | None:
    """The user name meant by *text*, or None where no account can bear it.

    First letters are the wiki's to change (it knows its language): ask it for the true name.
    """
    name = unicodedata.normalize("NFC", text).replace("_", " ")
    name = re.sub(r"^\s*:?\s*user\s*:", "", name, flags=re.I)
    if _INVISIBLE.search(name):
        return None
    name = " ".join(name.split())
    if not name or _NO_TITLE.search(name) or len(name.encode()) > LONGEST_NAME:
        return None
    return name
