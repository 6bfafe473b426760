"""Comparisons of works with the terms of both: accepted reviews of the ledger, or judgements of a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bot.describe import describe_person, seen_against
from bot.fact_rows import WrongRow, understand
from bot.holdout import Comparison
from bot.ledger import Ledger
from bot.reviews import accepted_comparisons
from bot.rulebook import known_rules
from bot.score import read_lines
from scoring.assess import assess
from scoring.model import Assessment, Change, Task
from scoring.rules import Rules
from wikitext.rules_shapes import DIFFICULTY

START = datetime(2000, 1, 1, tzinfo=UTC)
LONGEST = 36_525
"""Days of a judged work: a century."""
TASK = Task(1)
HINT = "A line is a comparison as JSON; see docs/reviews.md."
FORM = "a change has “day”, “project”, “author” and “files” of [path, came, went, moved]"


@dataclass(frozen=True, slots=True)
class Gathered:
    """The comparisons that can be used, and how many cannot.

    ``missing`` name a work in which nobody who takes part has a part, or one work twice. ``worded``
    name one whose difficulty is somebody's word, or that has no patch: it has no terms to weigh.
    """

    comparisons: tuple[Comparison, ...] = ()
    missing: int = 0
    worded: int = 0


def of_ledger(ledger: Ledger) -> Gathered:
    """What accepted reviews compare, by the rules in force and as those see it who did the works."""
    said = accepted_comparisons(ledger)
    works = _works(ledger, {key for pair in said for key in pair}) if said else {}
    return _gathered((works.get(harder), works.get(easier)) for harder, easier in said)


def of_file(path: Path, rules: Rules) -> Gathered:
    """The judgements of a file. Raises ScoreFileError; the message names file and line."""
    return _gathered(read_lines(path, partial(_judged, rules=rules, words={}), HINT))


Side = tuple[str, tuple[float, ...] | None]
"""The key of a work, and its terms if it has any."""


def _gathered(pairs: Iterable[tuple[Side | None, Side | None]]) -> Gathered:
    found: list[Comparison] = []
    missing = worded = 0
    for harder, easier in pairs:
        if harder is None or easier is None or harder[0] == easier[0]:
            missing += 1
        elif harder[1] is None or easier[1] is None:
            worded += 1
        else:
            apart = tuple(a - b for a, b in zip(harder[1], easier[1], strict=True))
            found.append(Comparison(harder[0], easier[0], apart))
    return Gathered(tuple(found), missing, worded)


def _works(ledger: Ledger, wanted: set[str]) -> Mapping[str, Side]:
    """The works of everybody who takes part, by every key that they answer to."""
    background, book = seen_against(ledger), known_rules(ledger)
    found: dict[str, Side] = {}
    for person in ledger.people.all():
        for credit in describe_person(ledger, person, background, book).record.credits:
            work = credit.work
            for key in wanted & {work.key, *(f"T{number}" for number in work.also)}:
                found.setdefault(key, (work.key, _terms(work)))
    return found


def _terms(work: Assessment) -> tuple[float, ...] | None:
    """The terms of difficulty in the order of their weights; None where it is not made of them."""
    values = {reason.term: reason.value for reason in work.reasons}
    if not values.keys() >= set(DIFFICULTY):
        return None
    return tuple(values[term] for term in DIFFICULTY)


def _judged(row: Any, rules: Rules, words: dict[Any, Any]) -> tuple[Side, Side]:
    if not isinstance(row, dict):
        raise WrongRow("not an object")
    harder, easier = (_side(row, name, rules, words) for name in ("harder", "easier"))
    return harder, easier


def _side(row: Mapping[str, Any], name: str, rules: Rules, words: dict[Any, Any]) -> Side:
    made = row.get(name)
    if not isinstance(made, list) or not made:
        raise WrongRow(f"“{name}” has to be a list of changes")
    (work,) = assess(list(_changes(made, rules, words)), [TASK], rules)
    # A work that is in several lines is found again by what it is: it has no name.
    return json.dumps(made, sort_keys=True), _terms(work)


def _changes(made: list[Any], rules: Rules, words: dict[Any, Any]) -> Iterator[Change]:
    for number, one in enumerate(made, 1):
        try:
            day = one["day"]
            files = [
                {
                    "path": path,
                    "lines_inserted": came,
                    "lines_deleted": went,
                    "renamed": bool(moved),
                }
                for path, came, went, moved in one["files"]
            ]
            fact = {
                "project": f"project {one['project']}", "number": number,
                "author": f"author {one['author']}", "bugs": [TASK.number], "files": files,
                "committed": (START + timedelta(days=day)).isoformat(),
                "insertions": sum(file["lines_inserted"] or 0 for file in files),
                "deletions": sum(file["lines_deleted"] or 0 for file in files),
            }  # fmt: skip
        except (KeyError, TypeError, ValueError, OverflowError):
            raise WrongRow(FORM) from None
        if not 0 <= day <= LONGEST:
            raise WrongRow(FORM)
        change = understand(fact, rules, words)
        if isinstance(change, Change):
            yield change
