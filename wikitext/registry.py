"""Read the registry: one line a person, each line on its own, so that no line can harm another.

The parser sees one line of at most ``MAX_BYTES`` at a time.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from wikitext.choices import CHOOSING, NO_CHOICES, Choices, read_choices
from wikitext.lines import entry_lines
from wikitext.parser import Call, parse_call

MAX_BYTES = 1000
TEMPLATE = "Developer badges/Person"
CLAIMS = ("phabricator", "gitlab", "github")
"""Options that name accounts at these sources; ``developer`` names that of Gerrit and GitLab."""
OPTIONS = frozenset({"1", "user", "developer", "paid", *CLAIMS, *CHOOSING})
MANY = 5
"""The most names, or periods, that one option takes."""
LONGEST_DEVELOPER = 128
"""Characters: no developer account has a longer name."""
LONGEST_NAME = 170
"""Bytes: so that the titles of a person's pages stay below MediaWiki's 255."""

_LOOKS_LIKE_ENTRY = re.compile(r"\{\{\s*(?:template\s*:\s*)?developer[ _]badges/person\b", re.I)
_ENTRY_LINE = re.compile(r"\*\s*(\{\{.*\}\})\s*")
# What all three sources allow in the name of an account: no letter that only looks like another.
_LOGIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,63}")
_MONTH = r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])"
_PERIOD = re.compile(rf"({_MONTH})\s*\.\.\s*({_MONTH})?", re.ASCII)
# Characters nobody sees: they make one name look like another.
_INVISIBLE = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_NO_TITLE = re.compile(r"[#<>\[\]{}|/\ufffd]|%[0-9A-Fa-f]{2}|&[^;\s]+;|~~~")
Period = tuple[str, str | None]
"""The first and the last month, ``("2019-03", "2024-06")``; None while it lasts."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the registry that is, or wants to be, an entry.

    ``line`` counts from 1. ``digest`` stands for the exact text. ``claims`` are the names of
    accounts by source, ``paid`` the first and last months (``2019-03``; None: still) of paid work.
    ``choices`` are what the person hides and shows. ``problem`` says what is wrong with the line
    itself (a ``report-…`` message and its texts), None where it can be read.
    """

    line: int
    digest: str
    name: str = ""
    developer: str = ""
    claims: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    paid: tuple[Period, ...] = ()
    choices: Choices = NO_CHOICES
    problem: tuple[str | int, ...] | None = None


@dataclass(frozen=True, slots=True)
class RegistryText:
    """What one version of the registry says. ``unclosed`` are the lines of unclosed comments."""

    entries: tuple[Entry, ...] = ()
    unclosed: tuple[tuple[int, str], ...] = ()
    blank: bool = False


def parse_registry(text: str) -> RegistryText:
    """Read the text of the registry. Never raises: what cannot be read is an entry with a problem."""
    lines = entry_lines(text, _LOOKS_LIKE_ENTRY)
    return RegistryText(
        entries=tuple(_parse_line(number, line) for number, line in lines.entries),
        unclosed=lines.unclosed,
        blank=not text.strip(),
    )


def entry_digests(text: str) -> frozenset[str]:
    """The digests of all entries of the registry, readable or not, without parsing them."""
    return frozenset(entry_texts(text))


def entry_texts(text: str) -> dict[str, str]:
    """The lines of all entries of the registry, readable or not, by digest."""
    lines = entry_lines(text, _LOOKS_LIKE_ENTRY).entries
    return {entry_digest(line): line for _, line in lines}


def mentions(line: str, name: str) -> bool:
    """Whether *name* stands in a line, readable or not, as words of their own."""
    words = re.escape(_folded(name))
    return re.search(rf"(?<!\w){words}(?!\w)", _folded(line)) is not None


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).replace("_", " ").casefold()


def entry_digest(line: str) -> str:
    """A name for the exact text of an entry (NFC, as MediaWiki stores it; outer blanks apart)."""
    normal = unicodedata.normalize("NFC", line.strip())
    return hashlib.sha256(normal.encode("utf-8", "surrogatepass")).hexdigest()


def _parse_line(number: int, line: str) -> Entry:
    digest = entry_digest(line)

    def wrong(*problem: str | int) -> Entry:
        return Entry(number, digest, problem=problem)

    if len(line.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        return wrong("too-long", MAX_BYTES)
    match = _ENTRY_LINE.fullmatch(re.sub(r"<!--.*?-->", "", line))
    if not match:
        return wrong("bad-line")
    if "<" in match.group(1):
        return wrong("nested")  # No name holds it, and the parser is slow on tags that never end.
    call = parse_call(match.group(1))
    return _parse_call(number, digest, call) if call else wrong("bad-line")


def _parse_call(number: int, digest: str, call: Call) -> Entry:
    options: dict[str, str] = {}
    for parameter in call.parameters:
        if parameter is None:
            return Entry(number, digest, problem=("nested",))
        key, value = parameter[0].casefold(), parameter[1]
        if key in options:
            return Entry(number, digest, problem=("option-twice", key))
        if key not in OPTIONS:
            # Somebody who wants a thing hidden must not be shown because we misread the word. A word
            # that is not known is not repeated: anybody can write anybody's name there.
            return Entry(number, digest, problem=("unknown-option", "…"))
        options[key] = value
    name = canonical_name(options.get("user") or options.get("1", ""))
    if name is None or ("user" in options and "1" in options):
        return Entry(number, digest, problem=("bad-name",))
    return _with_options(Entry(number, digest, name), options)


def _with_options(entry: Entry, options: Mapping[str, str]) -> Entry:
    developer = unicodedata.normalize("NFC", options.get("developer", ""))
    claimed = {source: _names(options[source]) for source in CLAIMS if options.get(source)}
    paid = _periods(options["paid"]) if options.get("paid") else ()
    choices, unclear = read_choices(options)
    wrong = [*(source for source, names in claimed.items() if names is None), *unclear]
    if len(developer) > LONGEST_DEVELOPER:
        wrong.append("developer")
    if paid is None:
        wrong.append("paid")
    readable = ("developer", "paid", *CLAIMS, *CHOOSING)
    if any(_INVISIBLE.search(options.get(key, "")) for key in readable):
        return replace(entry, name="", problem=("invisible-characters",))
    if wrong:
        return replace(entry, name="", problem=("bad-option", wrong[0]))
    claims = {source: names for source, names in claimed.items() if names}
    return replace(entry, developer=developer, claims=claims, paid=paid or (), choices=choices)


def _names(text: str) -> tuple[str, ...] | None:
    """Names of accounts, with commas between them; None where one cannot be a name."""
    names = tuple(dict.fromkeys(part.strip() for part in text.split(",")))
    if len(names) > MANY or not all(_LOGIN.fullmatch(name) for name in names):
        return None
    return names


def _periods(text: str) -> tuple[Period, ...] | None:
    """Periods of months, with commas between them; None where one cannot be understood."""
    found: list[Period] = []
    for part in text.split(","):
        match = _PERIOD.fullmatch(part.strip())
        if match is None or (match[2] is not None and match[2] < match[1]):
            return None
        found.append((match[1], match[2]))
    return tuple(sorted(found, key=lambda one: one[0])) if len(found) <= MANY else None


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
