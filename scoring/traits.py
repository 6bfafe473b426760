"""What the rules of badges may ask of a work or an event; ``FIELDS`` says all of it, once.

What a person did is told of their own changes in the work, and of the task: nobody becomes a
polyglot by what somebody else wrote. Numbers that are not known are ``UNKNOWN``: no rule fits them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from scoring.kinds import CODE, Places, places
from scoring.rules import Rules
from scoring.years import years_open

if TYPE_CHECKING:  # The model holds what is made here.
    from scoring.model import Change, Reason, Sketch, Work

UNKNOWN = -1
TESTS = "tests"
PROGRAM = frozenset({CODE, "style", "template"})
"""The kinds of files that are the program itself."""
LANGUAGE_LINES = 10
"""A language is used where so many lines of it changed, or half of all lines that have one."""
LANGUAGES: Mapping[str, str] = {
    ending: language
    for language, endings in (
        ("c", "c h cc cpp hpp"), ("css", "css less scss"), ("csharp", "cs"), ("go", "go"),
        ("java", "java"), ("javascript", "js mjs jsx ts tsx vue"), ("kotlin", "kt kts"),
        ("lua", "lua"), ("perl", "pl pm"), ("php", "php"), ("puppet", "pp"), ("python", "py"),
        ("ruby", "rb"), ("rust", "rs"), ("shell", "sh bash"), ("sql", "sql"), ("swift", "swift"),
    )
    for ending in endings.split()
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Traits:
    """One person's part of a work, as rules may ask for it; ``FIELDS`` says what each means."""

    changes: int = 0
    days: int = 0
    rounds: int = UNKNOWN
    project: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    lines: int = 0
    code: int = 0
    removed: int = 0
    tests: float = 0.0
    together: bool = False
    seen: bool = True
    task: int = UNKNOWN
    priority: tuple[str, ...] = ()
    subtype: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    supporters: int = UNKNOWN
    watchers: int = UNKNOWN
    years_open: float = UNKNOWN
    reach: float = UNKNOWN
    news: bool = False
    unseen: frozenset[str] = frozenset()
    """The keys of changes of which it is known that nobody but their authors looked at them."""


NOTHING_TOLD = Traits()


class Patch(NamedTuple):
    """A patch of a person: its day, its key, and what they did in the work it belongs to."""

    day: date
    key: str
    traits: Traits


class Field(NamedTuple):
    """A field that rules may ask for: what it holds, where it is found in a credit, for which events."""

    holds: str
    """``number``, ``flag`` (0 or 1), ``texts``, or ``day``, which can only be told apart."""
    path: str
    counts: tuple[str, ...]
    means: str


COUNTS: Mapping[str, str] = {
    "issues": "issues of the person",
    "works": "works the person has a part in, issues and series",
    "patches": "merged patches; translations and mechanical changes are none",
    "wishes": "granted wishes of whose credit the person has at least 20 %",
    "helped-wishes": "granted wishes in which the person has any part",
    "reviews": "merged changes of others that the person voted on",
    "points": "points that entered the score, summed over works",
    "given": "times that a reviewer gave this badge, with evidence",
}
"""What a badge may count. Paid work is in none of them, nor is what nobody else looked at."""

_WORKS = ("issues", "works", "points")
_PARTS = (*_WORKS, "patches")
_SHARED = (*_WORKS, "wishes", "helped-wishes")
FIELDS: Mapping[str, Field] = {
    "changes": Field("number", "traits.changes", _PARTS, "own merged changes in the work"),
    "days": Field("number", "traits.days", _PARTS, "days from the first to the last of them"),
    "rounds": Field("number", "traits.rounds", _PARTS, "rounds of review of the own change with the most"),
    "project": Field("texts", "traits.project", _PARTS, "repositories of the own changes"),
    "language": Field("texts", "traits.language", _PARTS, "programming languages, by the endings of files: at least 10 lines of it, or half of all"),
    "source": Field("texts", "traits.source", _PARTS, "where the changes were merged: gerrit, gitlab, github, onwiki"),
    "lines": Field("number", "traits.lines", _PARTS, "lines that came and went, of files that count"),
    "code": Field("number", "traits.code", _PARTS, "lines of code, styles and templates that came and went (no tests, docs, configuration)"),
    "removed": Field("number", "traits.removed", _PARTS, "lines of code that went, less those that came; at least 0"),
    "tests": Field("number", "traits.tests", _PARTS, "part of the lines of code and tests that are tests, 0 to 1"),
    "together": Field("flag", "traits.together", _PARTS, "a change with a co-author"),
    "seen": Field("flag", "traits.seen", _PARTS, "somebody else merged or voted for a change, or nothing is known of that; asked of everything"),
    "task": Field("number", "traits.task", _PARTS, "the number of the task"),
    "priority": Field("texts", "traits.priority", _PARTS, "the task's priority: unbreak, high, medium, low, lowest"),
    "subtype": Field("texts", "traits.subtype", _PARTS, "the task's subtype"),
    "tags": Field("texts", "traits.tags", _PARTS, "names of the task's projects"),
    "supporters": Field("number", "traits.supporters", _PARTS, "votes for the wish that names the task, or tokens if more"),
    "watchers": Field("number", "traits.watchers", _PARTS, "subscribers of the task"),
    "years_open": Field("number", "traits.years_open", _PARTS, "years from the task's creation to its closing"),
    "reach": Field("number", "traits.reach", _PARTS, "reach of the work, 0 to 1 (docs/scoring.md)"),
    "news": Field("flag", "traits.news", _PARTS, "Tech News listed the task as a resolved request"),
    "points": Field("number", "work.points", _WORKS, "points of the work, 1 to 100"),
    "difficulty": Field("number", "work.difficulty", _WORKS, "difficulty of the work, 0 to 1"),
    "impact": Field("number", "work.impact", _WORKS, "impact of the work, 0 to 1"),
    "credit": Field("number", "credit", _WORKS, "points × share"),
    "counted": Field("number", "counted", _WORKS, "what of the credit entered the score"),
    "share": Field("number", "share", _SHARED, "the person's share, 0 to 1"),
    "issue": Field("flag", "issue", _WORKS, "the work is one of the person's issues"),
    "nth": Field("number", "", ("issues",), "the how-manieth issue of the person it is"),
    "newcomer": Field("flag", "", ("reviews",), "it was its author's first merged change; no source tells that yet, so nothing fits"),
    "day": Field("day", "work.day", tuple(COUNTS), "the day it counts for"),
}  # fmt: skip
"""Every field a rule may ask for. ``where`` takes numbers, flags and texts; ``distinct`` anything but
flags; ``highest`` numbers."""


def traits_of(work: Work, author: str, rules: Rules, reasons: Iterable[Reason] = ()) -> Traits:
    """What rules may ask of the *author's* part of *work*; the *reasons* of its points tell its reach."""
    reach = next((one.value for one in reasons if one.term == "reach"), UNKNOWN)
    told = replace(_of_task(work), reach=reach)
    changes = [change for change, _ in work.parts if author in change.authors]
    return _of_changes(changes, told, rules) if changes else told


def _of_task(work: Work) -> Traits:
    task = work.task
    if task is None:
        return NOTHING_TOLD
    merged = max((change.merged.date() for change, _ in work.parts), default=None)
    years = years_open(task.created, task.closed, merged)
    told = [number for number in (task.wish_votes, task.tokens) if number is not None]
    return Traits(
        task=task.number,
        priority=(task.priority,) if task.priority else (),
        subtype=(task.subtype,) if task.subtype else (),
        tags=task.projects,
        supporters=max(told, default=UNKNOWN),
        watchers=UNKNOWN if task.subscribers is None else task.subscribers,
        years_open=UNKNOWN if years is None else years,
        news=task.in_news,
    )


def _of_changes(changes: Sequence[Change], of_task: Traits, rules: Rules) -> Traits:
    known = places(rules)
    lines = _Lines()
    for change in changes:
        lines.add(change.sketch, known)
    days = [change.merged.date() for change in changes]
    return replace(
        of_task,
        changes=len(changes),
        days=(max(days) - min(days)).days,
        rounds=max((UNKNOWN if one.rounds is None else one.rounds) for one in changes),
        project=tuple(sorted({one.project for one in changes})),
        language=lines.languages(),
        source=tuple(sorted({one.source for one in changes})),
        lines=lines.all,
        code=lines.came + lines.went,
        removed=max(0, lines.went - lines.came),
        tests=lines.tests / max(1, lines.tests + lines.came + lines.went),
        together=any(len(one.authors) > 1 for one in changes),
        seen=any(one.reviewed is not False for one in changes),
        unseen=frozenset(one.key for one in changes if one.reviewed is False),
    )


class _Lines:
    """Sums over the files of changes."""

    def __init__(self) -> None:
        self.all = self.came = self.went = self.tests = 0
        self._by_language: dict[str, int] = defaultdict(int)

    def add(self, sketch: Sketch | None, known: Places) -> None:
        """Add the files that count. Where nobody told files, only how many lines there are is known."""
        paths, lines, _, _ = sketch or ((), (), 0, False)
        for path, came, went in zip(paths, lines[::2], lines[1::2], strict=True):
            kind = known[path].kind
            self.all += came + went
            if not path or not (kind == TESTS or kind in PROGRAM):
                continue
            if kind in PROGRAM:
                self.came += came
                self.went += went
            else:
                self.tests += came + went
            language = LANGUAGES.get(path.rpartition(".")[2].lower())
            if language:
                self._by_language[language] += came + went

    def languages(self) -> tuple[str, ...]:
        """The languages that were used enough to say so."""
        enough = min(LANGUAGE_LINES, sum(self._by_language.values()) / 2)
        return tuple(sorted(one for one, n in self._by_language.items() if n and n >= enough))
