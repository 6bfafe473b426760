"""Read and write the curated table of wishes: one line a wish, of any wishlist.

``* {{Developer badges/Wish|list=…|wish=…|title=…|status=…|tasks=T1, T2|implementers=Name; Name
|date=2024-05-01|evidence=https://…|accepted=yes}}``. Who may accept one is not for a text to say.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from wikitext.registry import entry_digest
from wikitext.rows import (
    ANSWERS,
    LONGEST_TEXT,
    Form,
    WrongRow,
    clean_text,
    escape,
    evidence,
    fitting,
    read_value,
    user_names,
    whole_text,
)

WISHLIST = "community-wishlist"
"""The list that the wiki keeps itself. Its wishes are called ``W463``, and a line may add to one."""

GRANTED = frozenset({"done", "delivered", "completed", "resolved", "erledigt"})
"""What lists kept by hand call a wish that came true; here all of it is ``done``."""

LONGEST_TITLE = LONGEST_TEXT
"""Bytes: no wishlist lets a wish have a longer one."""

MOST_TASKS = 50
MOST_IMPLEMENTERS = 20

_LIST = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_WISH = re.compile(r"[^\W_][\w.-]{0,59}")
_OWN_WISH = re.compile(r"[Ww]?([1-9][0-9]{0,8})")
_STATUS = re.compile(r"[^\W_][\w -]{0,39}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TASK = re.compile(r"[Tt]([1-9][0-9]{0,6})")
_FORM = Form(
    "Wish",
    frozenset(
        ("list", "wish", "title", "status", "tasks", "implementers", "date", "evidence", "accepted")
    ),
    "bad-wish-line",
)


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
    problem: tuple[str | int, ...] | None = None


@dataclass(frozen=True, slots=True)
class WishesText:
    """What one version of the table says. ``unclosed`` are the lines of unclosed comments."""

    entries: tuple[WishEntry, ...] = ()
    unclosed: tuple[tuple[int, str], ...] = ()


def parse_wishes(text: str) -> WishesText:
    """Read the table. Never raises: what cannot be read is an entry with a problem."""
    lines = _FORM.lines(text)
    entries = tuple(_parse_line(number, line) for number, line in lines.entries)
    return WishesText(entries, lines.unclosed)


def wish_digests(text: str) -> frozenset[str]:
    """The digests of all rows in *text*, readable or not, in comments or not."""
    return _FORM.digests(text)


def as_line(row: WishRow) -> str:
    """Write *row* so that ``parse_wishes`` reads the same. Raises ValueError where it cannot be."""
    values = {
        "list": row.list,
        "wish": row.wish,
        "title": escape(row.title),
        "status": row.status,
        "tasks": ", ".join(f"T{number}" for number in row.tasks),
        "implementers": "; ".join(map(escape, row.implementers)),
        "date": row.date.isoformat() if row.date else "",
        "evidence": row.evidence,
        "accepted": "yes" if row.accepted else "",
    }
    line = _FORM.line(values)
    [*entries] = parse_wishes(line).entries
    if [entry.row for entry in entries] != [row]:
        raise ValueError("This wish cannot be written as one line of the table.")
    return line


def clean_title(text: str) -> str:
    """A title as a row holds it: in one line, NFC, no longer than a title can be."""
    return clean_text(text)


def wish_status(word: str) -> str:
    """The status that a list means by *word*: ``done`` for all words of ``GRANTED``."""
    status = " ".join(word.casefold().split())
    return "done" if status in GRANTED else status


def _parse_line(number: int, line: str) -> WishEntry:
    digest = entry_digest(line)
    try:
        return WishEntry(number, digest, row=_row(_FORM.values(line)))
    except WrongRow as wrong:
        return WishEntry(number, digest, problem=wrong.args)


def _row(values: Mapping[str, str]) -> WishRow:
    for name in ("list", "wish"):
        if not values.get(name):
            raise WrongRow("missing-option", name)
    wishlist = read_value(values, "list", _list)
    return WishRow(
        list=wishlist,
        wish=read_value(values, "wish", _own_wish if wishlist == WISHLIST else _wish),
        title=read_value(values, "title", whole_text),
        status=read_value(values, "status", _status),
        tasks=read_value(values, "tasks", _tasks),
        implementers=user_names(
            values.get("implementers", ""),
            MOST_IMPLEMENTERS,
            WrongRow("bad-implementer"),
            WrongRow("bad-option", "implementers"),
        ),
        date=read_value(values, "date", _date),
        evidence=read_value(values, "evidence", evidence),
        accepted=read_value(values, "accepted", lambda word: ANSWERS[word]),
    )


def _list(text: str) -> str:
    return fitting(_LIST, text.casefold())


def _wish(text: str) -> str:
    return fitting(_WISH, unicodedata.normalize("NFC", text))


def _own_wish(text: str) -> str:
    match = _OWN_WISH.fullmatch(text)
    if not match:
        raise ValueError
    return f"W{match[1]}"


def _status(text: str) -> str:
    return wish_status(fitting(_STATUS, text)) if text else ""


def _tasks(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    numbers = tuple(dict.fromkeys(int(fitting(_TASK, part)[1:]) for part in parts))
    if len(numbers) > MOST_TASKS:
        raise ValueError
    return numbers


def _date(text: str) -> datetime.date | None:
    if not text:
        return None
    return datetime.date.fromisoformat(fitting(_DAY, text))
