"""Read and write reviews: one line each, on a page a year; docs/reviews.md has every kind.

``* {{Developer badges/Review|work=T123|size=large|reason=…|evidence=https://…|accepted=yes}}``.
Who may accept one is not for a text to say.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from wikitext.registry import entry_digest
from wikitext.rows import (
    ANSWERS,
    Form,
    WrongRow,
    escape,
    evidence,
    fitting,
    read_value,
    user_names,
    whole_text,
)

WORDS = ("tiny", "small", "medium", "large", "massive")
"""What a size or an impact can be, from the least to the most."""
MOST_NAMES = 20

_TASK = re.compile(r"[Tt]([1-9][0-9]{0,6})")
_CHANGE = re.compile(r"[A-Za-z0-9][\w.-]*(?:/[\w.-]+)*[~!#:][1-9][0-9]{0,11}", re.ASCII)
_LONGEST_KEY = 200
_BADGE = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _task(text: str) -> str:
    found = _TASK.fullmatch(text)
    if not found:
        raise ValueError
    return f"T{found[1]}"


def _work(text: str) -> str:
    if _TASK.fullmatch(text):
        return _task(text)
    if len(text) > _LONGEST_KEY:
        raise ValueError
    return fitting(_CHANGE, text)


def _word(text: str) -> str:
    return WORDS[WORDS.index(text.casefold())]


def _answer(wanted: str) -> Callable[[str], str]:
    return lambda text: {wanted: wanted}[text.casefold()]


def _badge(text: str) -> str:
    return fitting(_BADGE, text)


NAMING = frozenset({"by", "not-by", "badge"})
"""The kinds that name somebody."""

_KINDS: Mapping[str, Callable[[str], str]] = {
    "size": _word,
    "impact": _word,
    "fix": _answer("no"),
    "split": _answer("yes"),
    "same": _task,
    "by": lambda _: "",
    "not-by": lambda _: "",
    "harder-than": _work,
    "badge": _badge,
}
KINDS = tuple(_KINDS)
OF_TASKS = frozenset({"split", "same", "by"})
"""The kinds that can be said of a task only."""

_FORM = Form(
    "Review",
    frozenset(("work", "person", "date", "reason", "evidence", "accepted", *KINDS)),
    "bad-review-line",
)


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A review as its line says it: one of ``KINDS``, of the work with the key ``work``.

    ``value`` is a word of ``WORDS``, ``no``, ``yes``, the key of another work, or the id of a badge;
    "" where the kind says ``names`` (user names). A badge has no work, but a day and evidence.
    """

    kind: str
    work: str = ""
    value: str = ""
    names: tuple[str, ...] = ()
    date: datetime.date | None = None
    reason: str = ""
    evidence: str = ""
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class ReviewEntry:
    """A line that is, or wants to be, a review. ``digest`` stands for its exact text.

    ``row`` is None where the line cannot be read; then ``problem`` says why (the key of a message
    and its texts).
    """

    line: int
    digest: str
    row: ReviewRow | None = None
    problem: tuple[str | int, ...] | None = None


@dataclass(frozen=True, slots=True)
class ReviewsText:
    """What one version of a page says. ``unclosed`` are the lines of unclosed comments."""

    entries: tuple[ReviewEntry, ...] = ()
    unclosed: tuple[tuple[int, str], ...] = ()


def parse_reviews(text: str) -> ReviewsText:
    """Read a page of reviews. Never raises: what cannot be read is an entry with a problem."""
    lines = _FORM.lines(text)
    entries = tuple(_parse_line(number, line) for number, line in lines.entries)
    return ReviewsText(entries, lines.unclosed)


def review_digests(text: str) -> frozenset[str]:
    """The digests of all reviews in *text*, readable or not, in comments or not."""
    return _FORM.digests(text)


def as_line(row: ReviewRow) -> str:
    """Write *row* so that ``parse_reviews`` reads the same. Raises ValueError where it cannot be."""
    names = "; ".join(map(escape, row.names))
    line = _FORM.line(
        {
            "work": row.work,
            row.kind: row.value or names,
            "person": names if row.kind == "badge" else "",
            "date": row.date.isoformat() if row.date else "",
            "reason": escape(row.reason),
            "evidence": row.evidence,
            "accepted": "yes" if row.accepted else "",
        }
    )
    if [entry.row for entry in parse_reviews(line).entries] != [row]:
        raise ValueError("This review cannot be written as one line.")
    return line


def _parse_line(number: int, line: str) -> ReviewEntry:
    digest = entry_digest(line)
    try:
        return ReviewEntry(number, digest, row=_row(_FORM.values(line)))
    except WrongRow as wrong:
        return ReviewEntry(number, digest, problem=wrong.args)


def _row(values: Mapping[str, str]) -> ReviewRow:
    kinds = [kind for kind in KINDS if values.get(kind)]
    if len(kinds) != 1:
        raise WrongRow("review-one-kind")
    (kind,) = kinds
    of_badge = kind == "badge"
    _holds_what_it_needs(values, ("person", "date", "evidence") if of_badge else ("work",))
    _holds_nothing_else(values, ("work",) if of_badge else ("person", "date"))
    row = ReviewRow(
        kind,
        work=read_value(values, "work", _task if kind in OF_TASKS else _work)
        if not of_badge
        else "",
        value=read_value(values, kind, _KINDS[kind]),
        names=_names(kind, values),
        date=read_value(values, "date", _date),
        reason=read_value(values, "reason", whole_text),
        evidence=read_value(values, "evidence", evidence),
        accepted=read_value(values, "accepted", lambda word: ANSWERS[word]),
    )
    if row.value == row.work:
        raise WrongRow("bad-option", kind)  # Nothing is the same as itself, or harder.
    return row


def _names(kind: str, values: Mapping[str, str]) -> tuple[str, ...]:
    if kind not in NAMING:
        return ()
    option = "person" if kind == "badge" else kind
    many = WrongRow("bad-option", option)
    names = user_names(
        values[option], MOST_NAMES if kind == "by" else 1, WrongRow("bad-reviewed-name"), many
    )
    if not names:
        raise many
    return names


def _holds_what_it_needs(values: Mapping[str, str], names: tuple[str, ...]) -> None:
    for name in names:
        if not values.get(name):
            raise WrongRow("missing-option", name)


def _holds_nothing_else(values: Mapping[str, str], names: tuple[str, ...]) -> None:
    for name in names:
        if values.get(name):
            raise WrongRow("bad-option", name)


def _date(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(fitting(_DAY, text)) if text else None
