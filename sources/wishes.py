"""Understand what a wiki with a Community Wishlist says: its list, its log, the history of a page.

Facts: https://www.mediawiki.org/wiki/Extension:CommunityRequests and the replies recorded in
``tests/data/wishes``. Accounts are named in ``Step`` alone, to be asked for their groups; no name
goes on from there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NoReturn

from sources.shape import Shape, find

GRANTED = frozenset({"done", "delivered"})
"""Statuses of a wish that came true: today's word, and that of 2024 and 2025."""

MOST_TASKS = 50
"""More tasks than the form takes are no list of tasks."""

MIGRATION = "Migrating to CommunityRequests"
"""How the summaries of autumn 2025 begin, when a script rewrote every page: it granted nothing."""

_SHAPE = Shape("Wishlist")
_PAGE = re.compile(r"/W(\d{1,9})(?=/|$)")
_TASK = re.compile(r"T([1-9]\d{0,6})")
# What would end a line, or turn the writing direction of what stands beside it.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")
# Today's call and the template of 2024 and 2025. The form writes the status first.
_STATUS = re.compile(
    r"\{\{\s*(?:#CommunityRequests:\s*wish|Community[ _]Wishlist/Wish)\s*\|"
    r"(?:[^{}]*?\|)??\s*status\s*=\s*([^|{}\n]*)"
)


@dataclass(frozen=True, slots=True)
class Row:
    """A wish as the list has it. ``page`` is where it is written, without a language."""

    number: int
    page: str
    status: str
    title: str
    tasks: tuple[int, ...]
    votes: int
    created: str
    updated: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """An entry of the log about a wish: ``step`` is None where it says nothing of the status."""

    number: int
    step: Step | None


@dataclass(frozen=True, slots=True)
class Step:
    """A change of a status. ``user`` is "" where it is hidden; ``moved``: by the script of 2025."""

    when: datetime
    user: str
    old: str
    new: str
    moved: bool = False


def parse_rows(rows: Iterable[object]) -> Iterator[Row]:
    """Understand the rows of ``list=communityrequests-wishes``. Raises SourceChanged."""
    for row in rows:
        place = _place(_SHAPE.text(row, "crwtitle")) or _wrong("crwtitle")
        yield Row(
            number=place[0],
            page=place[1],
            status=_SHAPE.text(row, "status"),
            title=clean_title(_SHAPE.optional_text(row, "title")),
            tasks=parse_task_names(_SHAPE.rows(row, "phabtasks")),
            votes=_SHAPE.number(row, "votecount"),
            created=_SHAPE.text(row, "created"),
            updated=_moment(row, "updated"),
        )


def parse_events(rows: Iterable[object]) -> Iterator[Event]:
    """Understand the rows of ``list=logevents``: those about wishes, in order. Raises SourceChanged."""
    for row in rows:
        place = _place(_SHAPE.optional_text(row, "title"))
        if place is None:
            continue  # a focus area, or a title that is hidden
        step = None
        if _SHAPE.optional_text(row, "action") == "wish-status-change":
            step = Step(
                _moment(row, "timestamp"),
                _user(row),
                _SHAPE.optional_text(row, "params", "old"),
                _SHAPE.optional_text(row, "params", "new"),
            )
        yield Event(place[0], step)


def steps_of(revisions: Iterable[object]) -> list[Step]:
    """The steps that led to today's granted status, from revisions of the page, newest first.

    Reads no further than to where the status was another. Empty where it is another now. Who
    changed what is not to be known where a revision's text is hidden: nobody. Raises SourceChanged.
    """
    run: list[tuple[object, str | None]] = []
    for revision in revisions:
        status = _written_status(revision)
        run.append((revision, status))
        if status is not None and status not in GRANTED:
            break
    steps: list[Step] = []
    old, hidden = "", False
    for revision, status in reversed(run):
        if status is not None and status != old:
            moved = _SHAPE.optional_text(revision, "comment").startswith(MIGRATION)
            user = "" if hidden else _user(revision)
            steps.append(Step(_moment(revision, "timestamp"), user, old, status, moved))
        old, hidden = (old, True) if status is None else (status, False)
    return steps


def granting(status: str, steps: Sequence[Step]) -> list[Step]:
    """Of *steps*, oldest first, those that gave the granted *status* that still stands.

    Empty where the last of them did not lead to *status*: then they are not the whole story.
    """
    if not steps or steps[-1].new != status:
        return []
    run: list[Step] = []
    for step in steps:
        if step.new not in GRANTED:
            run = []
        elif step.old not in GRANTED:
            run = [step]
        elif not step.moved:
            run.append(step)  # from one word for it to another: said once more
    return run


def granted_on(run: Iterable[Step], entitled: Callable[[Step], bool]) -> tuple[bool, date | None]:
    """Whether anybody *entitled* gave the status in *run*, and the day of the first who did.

    The day is None where all that is known is that the script of 2025 found it so.
    """
    for step in run:
        if step.user and entitled(step):
            return True, None if step.moved else step.when.date()
    return False, None


def groups_of(rows: Iterable[object]) -> Mapping[str, frozenset[str]]:
    """The groups of each account in ``list=users``; who is missing or hidden has none."""
    return {
        _SHAPE.text(row, "name"): _texts(row, "groups")
        for row in rows
        if find(row, "groups") is not None
    }


def groups_then(rows: Iterable[object], when: datetime) -> frozenset[str]:
    """The groups an account was in at *when*, from its entries in the log of rights, oldest first.

    Empty where that log says nothing of groups. Raises SourceChanged.
    """
    groups: frozenset[str] = frozenset()
    for row in rows:
        if find(row, "params", "newgroups") is None:
            continue  # hidden, or older than the log's present form
        if _moment(row, "timestamp") > when:
            return _texts(row, "params", "oldgroups")
        groups = _texts(row, "params", "newgroups")
    return groups


def clean_title(text: str) -> str:
    """A title in one line. It may still look like anything: whoever shows it must escape it."""
    return _CONTROL.sub(" ", text).strip()


def parse_task_names(names: Iterable[object]) -> tuple[int, ...]:
    """The numbers in ``["T12", "T15"]``, each once, in their order; what is no task is left out."""
    found = (_TASK.fullmatch(name) for name in names if isinstance(name, str))
    return tuple(dict.fromkeys(int(match[1]) for match in found if match))[:MOST_TASKS]


def _place(title: str) -> tuple[int, str] | None:
    match = _PAGE.search(title)
    return (int(match[1]), title[: match.end(1)]) if match else None


def _user(row: object) -> str:
    return _SHAPE.optional_text(row, "user")


def _texts(row: object, *path: str) -> frozenset[str]:
    return frozenset(text for text in _SHAPE.rows(row, *path) if isinstance(text, str))


def _written_status(revision: object) -> str | None:
    """The status in the text of a revision, "" where there is none, None where the text is hidden."""
    content = find(revision, "slots", "main", "content")
    if not isinstance(content, str):
        return None
    match = _STATUS.search(content)
    return match[1].strip() if match else ""


def _moment(row: object, *path: str) -> datetime:
    try:
        moment = datetime.fromisoformat(_SHAPE.text(row, *path))
    except ValueError:
        moment = None
    return moment.astimezone(UTC) if moment and moment.tzinfo else _wrong(*path, wanted="a moment")


def _wrong(*path: str, wanted: str = "the title of a wish") -> NoReturn:
    _SHAPE.wrong(wanted, *path)
