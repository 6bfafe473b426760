"""Read the registry: one line a person, each line on its own, so that no line can harm another.

The only module that knows mwparserfromhell. It sees one line of at most ``MAX_BYTES`` at a time:
its parser is quadratic on hostile input, and unclosed markup in it swallows what follows.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field

import mwparserfromhell
from mwparserfromhell.nodes import Template, Text

MAX_BYTES = 1000
TEMPLATE = "Developer badges/Person"
OPTIONS = frozenset({"1", "user", "developer"})
LATER = frozenset({"hide", "wall", "goal", "paid", "github", "gitlab"})
"""Options that the design knows and this version does not."""
LONGEST_NAME = 170
"""Bytes: so that the titles of a person's pages stay below MediaWiki's 255."""

_LOOKS_LIKE_ENTRY = re.compile(r"\{\{\s*(?:template\s*:\s*)?developer[ _]badges/person\b", re.I)
_ENTRY_LINE = re.compile(r"\*\s*(\{\{.*\}\})\s*")
# Characters nobody sees: they make one name look like another.
_INVISIBLE = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)
_NO_TITLE = re.compile(r"[#<>\[\]{}|/\ufffd]|%[0-9A-Fa-f]{2}|&[^;\s]+;|~~~")
_OPEN = re.compile(r"<!--|<nowiki\s*>", re.I)
_CLOSE = {"<!--": re.compile(r"-->"), "<nowiki>": re.compile(r"</nowiki\s*>", re.I)}


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
    digests: frozenset[str] = field(default_factory=frozenset)


def parse_registry(text: str) -> RegistryText:
    """Read the text of the registry. Never raises: what cannot be read is an entry with a problem."""
    covered, unclosed = _covered_lines(text)
    entries = tuple(
        _parse_line(number, line.strip())
        for number, line in enumerate(text.split("\n"), 1)
        if number not in covered and _LOOKS_LIKE_ENTRY.search(line)
    )
    return RegistryText(
        entries=entries,
        unclosed=unclosed,
        blank=not text.strip(),
        digests=frozenset(entry.digest for entry in entries),
    )


def entry_digest(line: str) -> str:
    """A name for the exact text of an entry (NFC, as MediaWiki stores it; outer blanks apart)."""
    normal = unicodedata.normalize("NFC", line.strip())
    return hashlib.sha256(normal.encode("utf-8", "surrogatepass")).hexdigest()


def _covered_lines(text: str) -> tuple[frozenset[int], tuple[tuple[int, str], ...]]:
    """The lines that begin inside a closed comment or nowiki, and where one is not closed.

    Linear: once a closing mark is not found, none is looked for again.
    """
    covered: set[int] = set()
    unclosed: list[tuple[int, str]] = []
    missing: set[str] = set()
    position, line, counted = 0, 1, 0
    while opening := _OPEN.search(text, position):
        kind = "<!--" if opening.group() == "<!--" else "<nowiki>"
        line += text.count("\n", counted, opening.start())
        counted = opening.start()
        closing = None if kind in missing else _CLOSE[kind].search(text, opening.end())
        if closing is None:
            if kind not in missing:
                unclosed.append((line, "unclosed-comment" if kind == "<!--" else "unclosed-nowiki"))
            missing.add(kind)
            position = opening.end()
            continue
        covered.update(_inside(text, opening.start(), closing.end(), line))
        position = closing.end()
    return frozenset(covered), tuple(unclosed)


def _inside(text: str, start: int, end: int, line: int) -> range:
    """The lines whose entry lies between *start* and *end*; *line* is the line of *start*."""
    before = text[text.rfind("\n", 0, start) + 1 : start]
    # A comment behind an entry ("* {{…}} <!-- note -->") does not cover the entry itself.
    first = line + 1 if _LOOKS_LIKE_ENTRY.search(before) else line
    return range(first, line + text.count("\n", start, end) + 1)


def _parse_line(number: int, line: str) -> Entry:
    digest = entry_digest(line)

    def wrong(*problem: str) -> Entry:
        return Entry(number, digest, problem=problem)

    if len(line.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        return wrong("too-long", str(MAX_BYTES))
    match = _ENTRY_LINE.fullmatch(re.sub(r"<!--.*?-->", "", line))
    if not match:
        return wrong("bad-line")
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
