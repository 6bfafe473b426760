"""A line of a file of facts as a change or a task; docs/scoring.md has the form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from scoring.model import Change, File, Sketch, Task
from scoring.rules import Rules
from scoring.sketch import sketch_of, sketched

LARGEST = 10**12
"""No number of a change or a task is near this; what is, was made to break something."""
NOTHING = Sketch((), ())
T = TypeVar("T")


class WrongRow(ValueError):
    """A field is missing or has a value that it cannot have."""


def understand(row: Any, rules: Rules, words: dict[Any, Any]) -> Change | Task:
    """The change or the task of a line; *words* keeps each name once, however often it comes.

    Raises:
        WrongRow: the line is neither; the message says which field is wrong.

    """
    return _quick_change(row, rules, words) or _carefully(row, rules, words)


def _quick_change(row: Any, rules: Rules, words: dict[Any, Any]) -> Change | None:
    """A change of the usual form. Of any other form None: then it is looked at field by field."""
    try:
        project, author, change_id = row["project"], row["author"], row["change_id"]
        number, inserted, deleted = row["number"], row["insertions"], row["deletions"]
        tasks, merged = tuple(row["bugs"]), datetime.fromisoformat(row["committed"])
        is_bot, is_export, is_revert = row["is_bot"], row["is_l10n"], row["is_revert"]
        reverts = (row["revert_of"] or "?") if is_revert else ""
        # What bots made earns nothing, and is a quarter of all.
        sketch = NOTHING if is_bot or is_export else _sketch(row["files"], rules, words)
        others = row["co_authors"]
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    if {type(project), type(author), type(change_id), type(reverts)} != {str}:
        return None
    numbers = (number, inserted, deleted, *tasks, *(sketch.lines if sketch else ()))
    if set(map(type, numbers)) != {int} or min(numbers) < 0 or max(numbers) >= LARGEST:
        return None
    if {type(is_bot), type(is_export), type(is_revert)} != {bool} or merged.tzinfo is not UTC:
        return None
    if others or not project or not author:
        return None
    return Change(
        project=words.setdefault(project, project),
        number=number,
        merged=merged,
        authors=words.setdefault((author,), (author,)),
        tasks=words.setdefault(tasks, tasks),
        inserted=inserted,
        deleted=deleted,
        change_id=change_id,
        reverts=reverts,
        is_bot=is_bot,
        is_translation=is_export,
        sketch=sketch,
    )


def _sketch(files: list[Any], rules: Rules, words: dict[Any, Any]) -> Sketch | None:
    """The sketch of files as they stand in a row, None if there are none."""
    if not files:
        return None
    paths, lines, aside, patch = sketch_of(
        [
            (one["path"], one["lines_inserted"], one["lines_deleted"], one.get("renamed") is True)
            for one in files
        ],
        rules,
    )
    if type(aside) is not int or aside < 0:
        raise ValueError
    # The same few files are changed again and again.
    return Sketch(words.setdefault(paths, paths), words.setdefault(lines, lines), aside, patch)


def _carefully(row: Any, rules: Rules, words: dict[Any, Any]) -> Change | Task:
    if not isinstance(row, dict):
        raise WrongRow("not an object")
    if "task" in row and "number" not in row:
        return _task(row)
    return sketched(_change(row, words), rules)._replace(files=())


def _field(
    row: Mapping[str, Any], name: str, kind: Callable[[Any], T], default: T | None = None
) -> T:
    value = row.get(name)
    if value is None:
        if default is None:
            raise WrongRow(f"“{name}” is missing")
        return default
    try:
        return kind(value)
    except (TypeError, ValueError, AttributeError, KeyError, OverflowError):
        raise WrongRow(f"“{name}” cannot be {str(value)[:40]!r}") from None


def _number(value: Any) -> int:
    # type, not isinstance: true is no number.
    if type(value) is not int or not 0 <= value < LARGEST:
        raise ValueError
    return value


def _lines(value: Any) -> int | None:
    return None if value is None else _number(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _name(value: Any) -> str:
    if not _text(value):
        raise ValueError
    return _text(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _day(value: Any) -> date:
    return _moment(value).date()


def _numbers(value: Any) -> tuple[int, ...]:
    return tuple([_number(one) for one in _list(value)])


def _texts(value: Any) -> tuple[str, ...]:
    return tuple([_text(one) for one in _list(value)])


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _files(value: Any, words: dict[Any, Any]) -> tuple[File, ...]:
    found = []
    for one in _list(value):
        path = _text(one["path"])
        came, went = _lines(one.get("lines_inserted")), _lines(one.get("lines_deleted"))
        found.append(File(words.setdefault(path, path), came, went, one.get("renamed") is True))
    return tuple(found)


def _change(row: Mapping[str, Any], words: dict[Any, Any]) -> Change:
    project = _field(row, "project", _name)
    author = _field(row, "author", _name)
    others: tuple[str, ...] = _field(row, "co_authors", _texts, default=())
    revert = _field(row, "is_revert", _flag, default=False)
    files: tuple[File, ...] = _field(row, "files", lambda rows: _files(rows, words), default=())
    return Change(
        project=words.setdefault(project, project),
        number=_field(row, "number", _number),
        merged=_field(row, "committed", _moment),
        authors=tuple([words.setdefault(one, one) for one in dict.fromkeys((author, *others))]),
        tasks=_field(row, "bugs", _numbers, default=()),
        files=files,
        files_count=_field(row, "files_count", _number, default=len(files)),
        inserted=_field(row, "insertions", _number, default=0),
        deleted=_field(row, "deletions", _number, default=0),
        change_id=_field(row, "change_id", _text, default=""),
        reverts=_field(row, "revert_of", _text, default="?") if revert else "",
        is_bot=_field(row, "is_bot", _flag, default=False),
        is_translation=_field(row, "is_l10n", _flag, default=False),
    )


def _task(row: Mapping[str, Any]) -> Task:
    known: dict[str, Any] = {"number": _field(row, "task", _number)}
    kinds: dict[str, Callable[[Any], Any]] = {
        "status": _text, "priority": _priority, "subscribers": _number, "tokens": _number,
        "duplicates": _number, "created": _day, "closed": _day, "points": _points,
        "projects": _texts, "wish_votes": _number, "public": _flag, "umbrella": _flag,
        "duplicate_of": _number,
    }  # fmt: skip
    for name, kind in kinds.items():
        if row.get(name) is not None:
            known[name] = _field(row, name, kind)
    return Task(**known)


def _priority(value: Any) -> str:
    word = _text(value).casefold()
    return {"unbreak now!": "unbreak", "needs triage": "", "triage": ""}.get(word, word)


def _points(value: Any) -> float:
    points = float(value)
    if isinstance(value, bool) or not 0 <= points < 10**6:
        raise ValueError
    return points
