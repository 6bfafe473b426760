"""Read and write the curated table of wishes: one line a wish, of any wishlist.

``* {{Developer badges/Wish|list=…|wish=…|title=…|status=…|tasks=T1, T2|implementers=Name; Name
|date=2024-05-01|evidence=https://…|accepted=yes}}``. Who may accept one is not for a text to say.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from wikitext.lines import entry_lines
from wikitext.parser import Call, parse_free_call
from wikitext.registry import MAX_BYTES, canonical_name, entry_digest

Value = TypeVar("Value")

TEMPLATE = "Developer badges/Wish"

WISHLIST = "community-wishlist"
"""The list that the wiki keeps itself. Its wishes are called ``W463``, and a line may add to one."""

GRANTED = frozenset({"done", "delivered", "completed", "resolved", "erledigt"})
"""What lists kept by hand call a wish that came true; here all of it is ``done``."""

LONGEST_TITLE = 255
"""Bytes: no wishlist lets a wish have a longer one."""

MOST_TASKS = 50
MOST_IMPLEMENTERS = 20

_LOOKS_LIKE_ENTRY = re.compile(r"\{\{\s*(?:template\s*:\s*)?developer[ _]badges/wish\b", re.I)
_ENTRY_LINE = re.compile(r"\*\s*(\{\{.*\}\})\s*")
_ROW = re.compile(r"\*\s*\{\{.*\}\}")
_NAME = re.compile(r"(?:template\s*:\s*)?developer[ _]badges/wish", re.I)
_LIST = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_WISH = re.compile(r"[^\W_][\w.-]{0,59}")
_OWN_WISH = re.compile(r"[Ww]?([1-9][0-9]{0,8})")
_STATUS = re.compile(r"[^\W_][\w -]{0,39}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TASK = re.compile(r"[Tt]([1-9][0-9]{0,6})")
_EVIDENCE = re.compile(r"https://[!-;=?-Z\\^-z~]{1,400}")
_ANSWERS = {"": False, "no": False, "yes": True}
_OPTIONS = frozenset(
    ("list", "wish", "title", "status", "tasks", "implementers", "date", "evidence", "accepted")
)
# What ends a line, stands for nothing, or turns the writing direction.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
# What wikitext would take for more than text: markup, signatures, switches such as __TOC__.
_MARKUP = re.compile(r"[&<>{}\[\]|~_'=]")


@dataclass(frozen=True, slots=True)
class WishRow:
    """A wish as the table has it. ``implementers`` are user names, ``evidence`` an address.

    ``status`` is ``done`` where the list says so in any of its words, "" where nothing is said.
    """

    list: str
    wish: str
    title: str = ""
    status: str = ""
    tasks: tuple[int, ...] = ()
    implementers: tuple[str, ...] = ()
    date: datetime.date | None = None
    evidence: str = ""
    accepted: bool = False

    @property
    def key(self) -> str:
        """What the wish is called: ``W463``, or list and number of another list."""
        return self.wish if self.list == WISHLIST else f"{self.list} {self.wish}"


@dataclass(frozen=True, slots=True)
class WishEntry:
    """A line that is, or wants to be, a row. ``digest`` stands for its exact text.

    ``row`` is None where the line cannot be read; then ``problem`` says why (the key of a message
    and its texts).
    """

    line: int
    digest: str
    row: WishRow | None = None
    problem: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class WishesText:
    """What one version of the table says. ``unclosed`` are the lines of unclosed comments."""

    entries: tuple[WishEntry, ...] = ()
    unclosed: tuple[tuple[int, str], ...] = ()


class _Wrong(ValueError):
    """A line that cannot be read: the key of a message and its texts."""


def parse_wishes(text: str) -> WishesText:
    """Read the table. Never raises: what cannot be read is an entry with a problem."""
    lines = entry_lines(text, _LOOKS_LIKE_ENTRY)
    entries = tuple(_parse_line(number, line) for number, line in lines.entries)
    return WishesText(entries, lines.unclosed)


def wish_digests(text: str) -> frozenset[str]:
    """The digests of all rows in *text*, readable or not, in comments or not.

    Whoever takes the marks of a comment away has not written what it covered.
    """
    lines = [line.strip() for line in text.split("\n") if _LOOKS_LIKE_ENTRY.search(line)]
    rows = [found[0] for line in lines if (found := _ROW.search(line))]
    return frozenset(entry_digest(one) for one in (*lines, *rows))


def as_line(row: WishRow) -> str:
    """Write *row* so that ``parse_wishes`` reads the same. Raises ValueError where it cannot be."""
    values = {
        "list": row.list,
        "wish": row.wish,
        "title": _escape(row.title),
        "status": row.status,
        "tasks": ", ".join(f"T{number}" for number in row.tasks),
        "implementers": "; ".join(map(_escape, row.implementers)),
        "date": row.date.isoformat() if row.date else "",
        "evidence": row.evidence,
        "accepted": "yes" if row.accepted else "",
    }
    told = "".join(f"|{name}={value}" for name, value in values.items() if value)
    line = f"* {{{{{TEMPLATE}{told}}}}}"
    [*entries] = parse_wishes(line).entries
    if [entry.row for entry in entries] != [row]:
        raise ValueError("This wish cannot be written as one line of the table.")
    return line


def clean_title(text: str) -> str:
    """A title as a row holds it: in one line, NFC, no longer than a title can be."""
    line = unicodedata.normalize("NFC", _CONTROL.sub(" ", text)).strip()
    return line.encode("utf-8", "replace")[:LONGEST_TITLE].decode("utf-8", "ignore").strip()


def wish_status(word: str) -> str:
    """The status that a list means by *word*: ``done`` for all words of ``GRANTED``."""
    status = " ".join(word.casefold().split())
    return "done" if status in GRANTED else status


def _escape(text: str) -> str:
    return _MARKUP.sub(lambda found: f"&#{ord(found[0])};", text)


def _parse_line(number: int, line: str) -> WishEntry:
    digest = entry_digest(line)
    try:
        return WishEntry(number, digest, row=_row(_parameters(line)))
    except _Wrong as wrong:
        return WishEntry(number, digest, problem=wrong.args)


def _parameters(line: str) -> dict[str, str]:
    if len(line.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise _Wrong("too-long", str(MAX_BYTES))
    match = _ENTRY_LINE.fullmatch(re.sub(r"<!--.*?-->", "", line))
    if not match:
        raise _Wrong("bad-wish-line")
    if "<" in match[1]:
        raise _Wrong("nested")  # Write it &lt;: the parser is slow on tags that never end.
    call = parse_free_call(match[1])
    if call is None or not _NAME.fullmatch(call.name):
        raise _Wrong("bad-wish-line")
    return _unique(call)


def _unique(call: Call) -> dict[str, str]:
    values: dict[str, str] = {}
    for parameter in call.parameters:
        if parameter is None:
            raise _Wrong("nested")
        name, value = parameter[0].casefold(), parameter[1]
        if name in values:
            raise _Wrong("option-twice", name if name in _OPTIONS else "…")
        if name not in _OPTIONS:
            # A word that is not known is not repeated: anybody can write anybody's name there.
            raise _Wrong("unknown-option", "…")
        values[name] = value
    return values


def _row(values: Mapping[str, str]) -> WishRow:
    for name in ("list", "wish"):
        if not values.get(name):
            raise _Wrong("missing-option", name)
    if any(_CONTROL.search(value) for value in values.values()):
        raise _Wrong("invisible-characters")

    def read(name: str, understand: Callable[[str], Value]) -> Value:
        try:
            return understand(values.get(name, ""))
        except (ValueError, KeyError):
            pass
        raise _Wrong("bad-option", name)

    wishlist = read("list", _list)
    return WishRow(
        list=wishlist,
        wish=read("wish", _own_wish if wishlist == WISHLIST else _wish),
        title=read("title", _title),
        status=read("status", _status),
        tasks=read("tasks", _tasks),
        implementers=_implementers(values.get("implementers", "")),
        date=read("date", _date),
        evidence=read("evidence", _evidence),
        accepted=read("accepted", lambda word: _ANSWERS[word.casefold()]),
    )


def _list(text: str) -> str:
    return _fitting(_LIST, text.casefold())


def _wish(text: str) -> str:
    return _fitting(_WISH, unicodedata.normalize("NFC", text))


def _own_wish(text: str) -> str:
    match = _OWN_WISH.fullmatch(text)
    if not match:
        raise ValueError
    return f"W{match[1]}"


def _title(text: str) -> str:
    title = clean_title(text)
    if title != unicodedata.normalize("NFC", text):
        raise ValueError  # too long: half a title may say something else
    return title


def _status(text: str) -> str:
    return wish_status(_fitting(_STATUS, text)) if text else ""


def _tasks(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    numbers = tuple(dict.fromkeys(int(_fitting(_TASK, part)[1:]) for part in parts))
    if len(numbers) > MOST_TASKS:
        raise ValueError
    return numbers


def _implementers(text: str) -> tuple[str, ...]:
    names = [canonical_name(part) for part in text.split(";") if part.strip()]
    known = tuple(dict.fromkeys(name for name in names if name is not None))
    if None in names:
        raise _Wrong("bad-implementer")  # Not repeated: it may be anything.
    if len(known) > MOST_IMPLEMENTERS:
        raise _Wrong("bad-option", "implementers")
    return known


def _date(text: str) -> datetime.date | None:
    if not text:
        return None
    return datetime.date.fromisoformat(_fitting(_DAY, text))


def _evidence(text: str) -> str:
    return _fitting(_EVIDENCE, text) if text else ""


def _fitting(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError
    return text
