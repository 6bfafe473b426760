"""Score facts from files: ``python -m bot score FILE…``, by the very code a round uses.

Input: newline-delimited JSON, gzip or not; a line is a change or a task (docs/scoring.md).
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from io import BufferedReader
from pathlib import Path
from typing import Any, TypeVar

from bot.errors import BadgesError
from scoring.assess import assessed
from scoring.model import Assessment, Change, File, Task
from wikitext.words import in_words

GZIP = b"\x1f\x8b"
LARGEST = 10**12
"""No number of a change or a task is near this; what is, was made to break something."""
T = TypeVar("T")


class ScoreFileError(BadgesError):
    """A file cannot be read, or a line of it makes no sense."""


def score_files(paths: Iterable[Path]) -> Iterator[str]:
    """One JSON line a work, by key.

    Raises:
        ScoreFileError: before anything is yielded; the message names file and line.

    """
    changes: list[Change] = []
    tasks: list[Task] = []
    words: dict[str, str] = {}  # Each path and name is kept once, however often it comes.
    for path in paths:
        for one in _read(path, words):
            if isinstance(one, Task):
                tasks.append(one)
            elif one.reverts or not (one.is_bot or one.is_translation):
                changes.append(one)  # The others earn nothing, and are a quarter of all.
    words.clear()
    for work in assessed(changes, tasks):
        line = json.dumps(_line(work), ensure_ascii=False)
        yield line.encode("utf-8", "replace").decode("utf-8")  # Half characters cannot be printed.


def _line(work: Assessment) -> dict[str, Any]:
    return {
        "work": work.key,
        "difficulty": round(work.difficulty, 2),
        "impact": round(work.impact, 2),
        "points": round(work.points, 1),
        "estimate": work.estimate,
        "reasons": [[one.term, round(one.value, 2), in_words(one)] for one in work.reasons],
        "shares": {author: round(share, 4) for author, share in work.shares.items()},
    }


def _read(path: Path, words: dict[str, str]) -> Iterator[Change | Task]:
    number = 0
    try:
        with path.open("rb") as file:
            for number, line in enumerate(_unpacked(file), 1):
                text = line.decode("utf-8-sig" if number == 1 else "utf-8")
                if not text.isspace():
                    yield _understand(json.loads(text), words)
    except (OSError, EOFError, zlib.error) as error:
        raise ScoreFileError(
            f"{path}: cannot be read ({error}); is it the file you mean, and is it whole?"
        ) from None
    except (ValueError, RecursionError) as error:
        raise ScoreFileError(
            f"{path}, line {number or 1}: {_why(error)}. A line is a change or a task as JSON; see docs/scoring.md."
        ) from None


def _unpacked(file: BufferedReader) -> Iterable[bytes]:
    return gzip.open(file) if file.peek(2)[:2] == GZIP else file


def _why(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError | UnicodeDecodeError):
        return "this is no JSON"
    return str(error) if isinstance(error, _Wrong) else "this makes no sense"


class _Wrong(ValueError):
    """A field is missing or has a value that it cannot have."""


def _understand(row: Any, words: dict[str, str]) -> Change | Task:
    if not isinstance(row, dict):
        raise _Wrong("not an object")
    if "task" in row and "number" not in row:
        return _task(row)
    return _change(row, words)


def _field(
    row: Mapping[str, Any], name: str, kind: Callable[[Any], T], default: T | None = None
) -> T:
    value = row.get(name)
    if value is None:
        if default is None:
            raise _Wrong(f"“{name}” is missing")
        return default
    try:
        return kind(value)
    except (TypeError, ValueError, AttributeError, KeyError, OverflowError):
        raise _Wrong(f"“{name}” cannot be {str(value)[:40]!r}") from None


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


def _files(value: Any, words: dict[str, str]) -> tuple[File, ...]:
    found = []
    for one in _list(value):
        path = _text(one["path"])
        came, went = _lines(one.get("lines_inserted")), _lines(one.get("lines_deleted"))
        found.append(File(words.setdefault(path, path), came, went, one.get("renamed") is True))
    return tuple(found)


def _change(row: Mapping[str, Any], words: dict[str, str]) -> Change:
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
