"""Tables that editors keep: one line a row, ``* {{Template|name=value|…}}``, of wishes or of reviews.

A row is read by itself, at most ``MAX_BYTES`` of it; whatever is wrong with one is said of that one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TypeVar

from wikitext.lines import EntryLines, entry_lines
from wikitext.parser import Call, parse_free_call
from wikitext.registry import MAX_BYTES, canonical_name, entry_digest

MOST_CALLS, MOST_BARS = 5, 30
"""No row has nearly so many calls within it, or options."""

Value = TypeVar("Value")

LONGEST_TEXT = 255
"""Bytes of a title or a reason."""

ANSWERS: Mapping[str, bool] = {"": False, "no": False, "yes": True}

_ENTRY_LINE = re.compile(r"\*\s*(\{\{.*\}\})\s*")
_ROW = re.compile(r"\*\s*\{\{.*\}\}")
_ACCEPTED = re.compile(r"\|\s*accepted\s*=\s*(?:yes|no|)\s*(?=\||\}\})")
_EVIDENCE = re.compile(r"https://[!-;=?-Z\\^-z~]{1,400}")
# What ends a line, stands for nothing, or turns the writing direction.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
# What wikitext would take for more than text: markup, signatures, switches such as __TOC__.
_MARKUP = re.compile(r"[&<>{}\[\]|~_'=]")


class WrongRow(ValueError):
    """A row that cannot be read: the key of a message and its texts."""


def bare(line: str) -> str:
    """A line without what it says of being accepted, and without outer blanks."""
    return _ACCEPTED.sub("", line).strip()


@dataclass(frozen=True, slots=True)
class Form:
    """How the rows of one table are written: the template's last name, its options.

    ``bad_line`` is the key of the message that says how.
    """

    name: str
    options: Collection[str]
    bad_line: str

    def lines(self, text: str) -> EntryLines:
        """The lines of *text* that are, or want to be, rows."""
        return entry_lines(text, self._looks_like_row())

    def digests(self, text: str) -> frozenset[str]:
        """The digests of all rows in *text*, readable or not, in comments or not.

        Whoever takes the marks of a comment away has not written what it covered.
        """
        looks = self._looks_like_row()
        lines = [line.strip() for line in text.split("\n") if looks.search(line)]
        rows = [found[0] for line in lines if (found := _ROW.search(line))]
        return frozenset(entry_digest(one) for one in (*lines, *rows))

    def values(self, line: str) -> Mapping[str, str]:
        """The options of one line, as written. Raises WrongRow."""
        if len(line.encode("utf-8", "surrogatepass")) > MAX_BYTES:
            raise WrongRow("too-long", MAX_BYTES)
        match = _ENTRY_LINE.fullmatch(re.sub(r"<!--.*?-->", "", line))
        if not match:
            raise WrongRow(self.bad_line)
        if "<" in match[1]:
            raise WrongRow("nested")  # Write it &lt;: the parser is slow on tags that never end.
        if match[1].count("{{") > MOST_CALLS or match[1].count("|") > MOST_BARS:
            raise WrongRow("nested")  # It is slow on very many parts, too, and no row has them.
        call = parse_free_call(match[1])
        if call is None or not re.fullmatch(self._called(), call.name, re.I):
            raise WrongRow(self.bad_line)
        values = self._unique(call)
        if any(_CONTROL.search(value) for value in values.values()):
            raise WrongRow("invisible-characters")
        return values

    def line(self, values: Mapping[str, str]) -> str:
        """The line with these *values*, those that are empty left out."""
        told = "".join(f"|{name}={value}" for name, value in values.items() if value)
        return f"* {{{{Developer badges/{self.name}{told}}}}}"

    def _called(self) -> str:
        return rf"(?:template\s*:\s*)?developer[ _]badges/{self.name}"

    def _looks_like_row(self) -> re.Pattern[str]:
        return re.compile(rf"\{{\{{\s*{self._called()}\b", re.I)

    def _unique(self, call: Call) -> Mapping[str, str]:
        values: dict[str, str] = {}
        for parameter in call.parameters:
            if parameter is None:
                raise WrongRow("nested")
            # As the template sees it: it shows nothing of "Accepted=", and nobody should count it.
            name, value = parameter[0], parameter[1]
            if name in values:
                raise WrongRow("option-twice", name if name in self.options else "…")
            if name not in self.options:
                # A word that is not known is not repeated: anybody can write anybody's name there.
                raise WrongRow("unknown-option", "…")
            values[name] = value
        return values


def read_value(values: Mapping[str, str], name: str, understand: Callable[[str], Value]) -> Value:
    """The value of one option as *understand* reads it. Raises WrongRow."""
    try:
        return understand(values.get(name, ""))
    except WrongRow:
        raise
    except (ValueError, KeyError):
        pass
    raise WrongRow("bad-option", name)


def escape(text: str) -> str:
    """*text* so that wikitext takes it for nothing but text."""
    return _MARKUP.sub(lambda found: f"&#{ord(found[0])};", text)


def clean_text(text: str) -> str:
    """A title or a reason as a row holds it: in one line, NFC, no longer than such may be."""
    line = unicodedata.normalize("NFC", _CONTROL.sub(" ", text)).strip()
    return line.encode("utf-8", "replace")[:LONGEST_TEXT].decode("utf-8", "ignore").strip()


def whole_text(text: str) -> str:
    """A title or a reason. Raises ValueError where it is too long: half of it may say something else."""
    whole = clean_text(text)
    if whole != unicodedata.normalize("NFC", text):
        raise ValueError
    return whole


def user_names(text: str, most: int, wrong: WrongRow, many: WrongRow) -> tuple[str, ...]:
    """User names with semicolons between them. Raises *wrong* for what is none, *many* for too many."""
    names = [canonical_name(part) for part in text.split(";") if part.strip()]
    known = tuple(dict.fromkeys(name for name in names if name is not None))
    if None in names:
        raise wrong  # Not repeated: it may be anything.
    if len(known) > most:
        raise many
    return known


def evidence(text: str) -> str:
    """An address, or ``""``."""
    return fitting(_EVIDENCE, text) if text else ""


def fitting(pattern: re.Pattern[str], text: str) -> str:
    """*text*, where all of it fits *pattern*. Raises ValueError."""
    if not pattern.fullmatch(text):
        raise ValueError
    return text
