"""The words we think in, as frozen values. Read this first.

An *author* is an opaque key: scoring never learns who that is. Keys of people who did not
join begin with ``OTHER``; such a key means something within one work only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from scoring.badge import Award as Award
from scoring.badge import Badge as Badge
from scoring.badge import Condition as Condition
from scoring.badge import Example as Example
from scoring.traits import NOTHING_TOLD, Patch, Traits

MARKS = {"gerrit": "~", "gitlab": "!", "github": "#", "onwiki": ":"}
"""What stands between project and number in the key of a change: its source's own way to write it."""

OTHER = "other "
"""How the key of an author begins who did not join: ``"other 1"``, an ordinal within a work."""


class File(NamedTuple):
    """One file of a change: its new path and how many lines came and went.

    ``None`` lines: not known (binary, or too large to count).
    """

    path: str
    inserted: int | None = 0
    deleted: int | None = 0
    renamed: bool = False


class Sketch(NamedTuple):
    """What is left of a change's files when what does not count is set aside (``scoring.measure``).

    ``lines`` are, for each of ``paths``, how many came and how many went; ``aside`` counts the lines
    of all other files. ``patch``: whether the change is neither mechanical nor a translation.
    """

    paths: tuple[str, ...]
    lines: tuple[int, ...]
    aside: int = 0
    patch: bool = True


class Change(NamedTuple):
    """A merged patch.

    ``source`` is where it was merged; ``number`` is unique there (Gerrit) or within ``project``.
    ``files`` may be cut short; ``files_count``, ``inserted`` and ``deleted`` speak of the whole.
    ``reverts`` names the change that this one takes back: its key, its Change-Id or its commit;
    ``"?"`` where it is a revert of something not named. ``rounds`` are rounds of review (an
    upload that followed another human's words), None where not known. ``reviewers`` are others
    who voted on it; ``reviewed`` says whether anybody but its authors merged it or voted for it, None
    where not known. ``usage`` is how many pages or people use what it made, None where not known.
    """

    project: str
    number: int
    merged: datetime
    authors: tuple[str, ...]
    tasks: tuple[int, ...] = ()
    aside: tuple[int, ...] = ()
    """Those of ``tasks`` that are named where no search of the source looks, in a commit message."""
    files: tuple[File, ...] = ()
    files_count: int = 0
    inserted: int = 0
    deleted: int = 0
    change_id: str = ""
    commit: str = ""
    branch: str = ""
    topic: str = ""
    subject: str = ""
    reverts: str = ""
    is_bot: bool = False
    is_translation: bool = False
    rounds: int | None = None
    source: str = "gerrit"
    reviewers: tuple[str, ...] = ()
    reviewed: bool | None = None
    usage: int | None = None
    sketch: Sketch | None = None
    """Its files as they are measured, where these need not be kept."""

    @property
    def key(self) -> str:
        """What this change is called on every page: ``project~number``, ``project!number``, …"""
        return f"{self.project}{MARKS[self.source]}{self.number}"


@dataclass(frozen=True, slots=True)
class Task:
    """What Phabricator says of a task; a task of which nothing is said is public and resolved.

    ``priority`` is Phabricator's word in lower case (``unbreak``, ``high``, ``medium``, ``low``,
    ``lowest``), ``""`` where nobody decided or nothing is known. ``None`` means "not known",
    0 means "none". ``projects`` are the names of its tags. ``umbrella`` is True for a task that
    only gathers others. ``parents``, ``merged`` and ``subtasks`` are numbers of tasks that may be secret.
    """

    number: int
    status: str = "resolved"
    public: bool = True
    priority: str = ""
    subtype: str = ""
    points: float | None = None
    subscribers: int | None = None
    tokens: int | None = None
    duplicates: int | None = None
    wish_votes: int | None = None
    created: date | None = None
    closed: date | None = None
    projects: tuple[str, ...] = ()
    umbrella: bool = False
    duplicate_of: int | None = None
    in_news: bool = False
    """Whether Tech News listed it among the community's requests that were resolved."""
    parents: tuple[int, ...] = ()
    merged: tuple[int, ...] = ()
    """The tasks that were merged into this one."""
    subtasks: tuple[int, ...] = ()
    done_by: tuple[str, ...] = ()
    """Who resolved it, by a reviewer's word, where no change names it: authors, in equal parts."""

    @property
    def key(self) -> str:
        """``T123``."""
        return f"T{self.number}"


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish of a wishlist: granted where ``status`` is ``done`` or ``delivered``.

    ``key`` is ``W463``, or ``<list> <number>`` of another list. A wish that says it is done, but
    by nobody who was entitled to say so, has the status ``claimed``. ``granted`` is the day from
    which it has been so.
    """

    key: str
    status: str
    tasks: tuple[int, ...] = ()
    granted: date | None = None
    votes: int | None = None
    title: str = ""
    list: str = ""
    by: tuple[str, ...] = ()
    """Who granted it, as authors: a reviewer's word, for wishes that no known task granted."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What accepted reviews say of one work. ``size`` and ``impact`` are words of ``Rules.sizes``."""

    size: str = ""
    impact: str = ""
    void: bool = False
    """Not a real fix: it earns nothing, and is no issue."""
    split: bool = False
    """This task only gathers others: its changes form series."""
    into: int | None = None
    """This task is the same as that one."""
    not_by: tuple[str, ...] = ()
    """Authors who have no part in it."""
    done_by: tuple[str, ...] = ()
    """Who resolved a task that names no change."""


class Reason(NamedTuple):
    """One term of a score: its name, its value in 0..1, and the fact behind it.

    ``fact`` is the key of a message (``reason-<fact>`` in ``wikitext/onwiki/i18n``), ``values`` fill
    its ``$1``, ``$2``, …; so a reason is a fact in any language, never a sentence of ours.
    """

    term: str
    value: float
    fact: str
    values: tuple[int | float | str, ...] = ()


class Work(NamedTuple):
    """What was achieved: a task with all its changes, a series, or a task without a change.

    ``key`` is ``T123``, or the key of the first change of a series. ``parts`` pairs each change
    that counts with the fraction of its evidence that belongs here (a change naming two tasks
    gives each one half). ``umbrella`` is the task whose reach the series has, if it came from one.
    ``also`` are the tasks that were merged into this one.
    """

    key: str
    parts: tuple[tuple[Change, float], ...]
    task: Task | None = None
    umbrella: Task | None = None
    also: tuple[int, ...] = ()


class Assessment(NamedTuple):
    """A work with its points and the reasons for them.

    ``day`` is when the work counted: the task's closing, or the last merge. ``shares`` add up
    to 1 over all authors (empty where nobody is known to have done it).
    """

    work: Work
    day: date
    difficulty: float
    impact: float
    points: float
    estimate: bool
    reasons: tuple[Reason, ...]
    shares: Mapping[str, float]

    @property
    def key(self) -> str:
        """What the work is called."""
        return self.work.key

    @property
    def also(self) -> tuple[int, ...]:
        """The tasks that were merged into it."""
        return self.work.also

    @property
    def issue(self) -> bool:
        """Whether the work is a resolved, public task, and so may count as an issue."""
        return self.work.task is not None

    @property
    def tasks(self) -> frozenset[int]:
        """The tasks it stands for: its own, those merged into it, or the one a series gathers under."""
        of = (self.work.task, self.work.umbrella)
        return frozenset({*self.work.also, *(one.number for one in of if one is not None)})


@dataclass(frozen=True, slots=True)
class Credit:
    """One person's part of a work: credit = points × share, and what of it entered the score.

    ``counted`` is below ``credit`` only where the cap on small works cut it. What was ``paid`` is
    shown and counts nothing: these are the numbers of volunteers.
    """

    work: Assessment
    share: float
    credit: float
    counted: float
    issue: bool
    paid: bool = False
    traits: Traits = NOTHING_TOLD
    """What the rules of badges may ask of the person's own part."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One person's part of a granted wish: their share of its credit, the day, its works."""

    wish: Wish
    share: float
    day: date
    works: frozenset[str]


@dataclass(frozen=True, slots=True)
class Tally:
    """The numbers of a person, for all time or for one calendar year."""

    issues: int = 0
    wishes: int = 0
    together: int = 0
    patches: int = 0
    reviews: int = 0
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Record:
    """All that is derived about one person. ``helped`` are granted wishes with any part of theirs."""

    total: Tally
    years: Mapping[int, Tally] = field(default_factory=dict)
    credits: tuple[Credit, ...] = ()
    grants: tuple[Grant, ...] = ()
    patch_days: tuple[date, ...] = ()
    review_days: tuple[date, ...] = ()
    awards: tuple[Award, ...] = ()
    patches: tuple[Patch, ...] = ()
    helped: tuple[Grant, ...] = ()
    given: tuple[tuple[str, date, str], ...] = ()
    """The badges that people gave, by day: id, day, the address of what shows it."""
