"""Where anything still tells of somebody: a search through the ledger, and through texts of pages."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.ledger import Ledger
from bot.ledger.people import Person

Columns = Mapping[tuple[str, str], int]
"""Columns with ids of accounts here, and how many other numbers stand before them."""

PARTS: Columns = {
    ("person", "user"): 0,
    ("entry", "adders"): 0,
    ("wish", "by"): 1,
    ("ruling", "people"): 1,
}
HANDS: Columns = {("wish", "reviewer"): 0, ("ruling", "reviewers"): 0, ("recusal", "reviewer"): 0}
"""Of those who accepted what others earn by: that is a fact of the history of a page, and counts on."""
SHORTEST = 4
"""Bytes of a word that is looked for in a file, where shorter ones stand by chance."""
_NUMBER = re.compile(r"-?\d+")


@dataclass(frozen=True, slots=True)
class Traces:
    """What tells of somebody: words (names, accounts, keys), and their ids here and everywhere."""

    words: frozenset[str]
    user: int | None = None
    central: int | None = None

    def in_text(self, text: str) -> bool:
        """Whether any of the words stands in *text*, by itself."""
        low = text.casefold()
        words = (word for word in self.words if word.casefold() in low)
        return any(re.search(rf"(?<!\w){re.escape(one)}(?!\w)", text, re.I) for one in words)


def traces_of(ledger: Ledger, who: Person) -> Traces:
    """Everything the ledger knows that tells of *who*."""
    accounts = (*ledger.people.accounts(who), *ledger.people.claimants(who))
    words = {who.name, who.developer, who.digest}
    words |= {name for names in who.claims.values() for name in names}
    words |= {word for one in accounts for word in (one.key, one.name)}
    return Traces(frozenset(words - {""}), who.user, who.central)


@dataclass(slots=True)
class Found:
    """Where the ledger tells of somebody, how often by place; ``hands``: only of what they accepted.

    ``values`` counts what was searched; ``spoken`` are words that stand there, be it within longer ones.
    """

    places: Counter[str] = field(default_factory=Counter)
    hands: Counter[str] = field(default_factory=Counter)
    values: int = 0
    spoken: set[str] = field(default_factory=set)


def search_ledger(ledger: Ledger, traces: Traces) -> Found:
    """Search every value of every table."""
    found = Found()
    for table, row in ledger.cells.all():
        for column, value in row.items():
            found.values += 1
            place = f"{table}.{column}"
            if table == "memo" and column == "value":
                place = f"memo “{row['name']}”"
                _look_in_memo(found, place, str(row["name"]), json.loads(value), traces)
            _look(found, place, (table, column), value, traces)
    return found


def _look(found: Found, place: str, column: tuple[str, str], value: Any, traces: Traces) -> None:
    text = value if isinstance(value, str) else ""
    found.spoken |= {word for word in traces.words if word in text}
    if column == ("entry", "digest"):
        return  # Of a line that may still stand on the page; it is nobody's.
    theirs = column == ("person", "central") and value == traces.central
    if theirs or traces.in_text(text) or traces.user in _ids(column, value, PARTS):
        found.places[place] += 1
    elif traces.user in _ids(column, value, HANDS):
        found.hands[place] += 1


def _look_in_memo(found: Found, place: str, name: str, value: Any, traces: Traces) -> None:
    if name in ("registry", "asked on wikis") and traces.central in set(_numbers(value)):
        found.places[place] += 1
    for memo in {"wishes table": [value], "reviews": _rows(value)}.get(name, ()):
        if traces.user in memo.get("people", ()):
            found.places[place] += 1
        written = (one[1] + one[3] + one[4] for one in memo.get("standing", {}).values())
        found.hands[place] += sum(traces.user in hands for hands in written)


def _rows(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else []


def search_files(ledger: Ledger, traces: Traces, spoken: Collection[str]) -> tuple[list[str], int]:
    """The files of the ledger in which words stand that no table holds, and how many bytes they have.

    What is *spoken* in some table must stand in the file.
    """
    words = [word.encode() for word in traces.words if word not in spoken]
    found, size = [], 0
    for path in ledger.cells.files():
        raw = path.read_bytes()
        size += len(raw)
        if any(word in raw for word in words if len(word) >= SHORTEST):
            found.append(path.name)
    return found, size


def _ids(column: tuple[str, str], value: Any, columns: Columns) -> list[int]:
    skip = columns.get(column)
    return [] if skip is None else [int(one) for one in _NUMBER.findall(str(value))[skip:]]


def _numbers(value: Any) -> Iterator[int]:
    if isinstance(value, int):
        yield value
    elif isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _numbers(one)
