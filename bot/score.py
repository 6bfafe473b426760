"""Score facts from files: ``python -m bot score FILE…``, by the very code a round uses.

Input: newline-delimited JSON, gzip or not; a line is a change or a task (docs/scoring.md).
"""

from __future__ import annotations

import gc
import gzip
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from io import BufferedReader
from pathlib import Path
from typing import Any, TypeVar

from bot.errors import BadgesError
from bot.fact_rows import WrongRow, understand
from bot.progress import progress_through
from scoring.assess import assessed
from scoring.model import Assessment, Change, Reason, Task
from scoring.rules import RULES, Rules
from wikitext.words import in_words

GZIP = b"\x1f\x8b"
HINT = "A line is a change or a task as JSON; see docs/scoring.md."
T = TypeVar("T")


_QUOTED = json.JSONEncoder(ensure_ascii=False).encode


class ScoreFileError(BadgesError):
    """A file cannot be read, or a line of it makes no sense."""


def score_files(paths: Iterable[Path], rules: Rules = RULES) -> Iterator[str]:
    """One JSON line a work, by key.

    Raises:
        ScoreFileError: before anything is yielded; the message names file and line.

    """
    with _no_pauses():
        changes, tasks = read_facts(paths, rules)
        for work in assessed(changes, tasks, rules):
            line = _line(work)
            # Half characters cannot be printed.
            yield line if line.isascii() else line.encode("utf-8", "replace").decode("utf-8")


def read_facts(paths: Iterable[Path], rules: Rules = RULES) -> tuple[list[Change], list[Task]]:
    """The changes (sketched under *rules*) and the tasks of files. Raises ScoreFileError."""
    changes: list[Change] = []
    tasks: list[Task] = []
    words: dict[Any, Any] = {}
    for path in paths:
        for one in read_lines(path, lambda row: understand(row, rules, words), HINT):
            if isinstance(one, Task):
                tasks.append(one)
            elif one.reverts or not (one.is_bot or one.is_translation):
                changes.append(one)  # The others earn nothing, and are a quarter of all.
    return changes, tasks


@contextmanager
def _no_pauses() -> Iterator[None]:
    """Nothing here is in circles: the collector of such would look through all of it for nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _line(work: Assessment) -> str:
    """What ``json.dumps`` would make of it, but that each reason is written once."""
    shares = ", ".join(
        [f"{_quoted(author)}: {round(share, 4)}" for author, share in work.shares.items()]
    )
    reasons = ", ".join(
        [_told(term, round(value, 2), fact, values) for term, value, fact, values in work.reasons]
    )
    return (
        f'{{"work": {_quoted(work.key)}, "difficulty": {round(work.difficulty, 2)},'
        f' "impact": {round(work.impact, 2)}, "points": {round(work.points, 1)},'
        f' "estimate": {"true" if work.estimate else "false"},'
        f' "reasons": [{reasons}], "shares": {{{shares}}}}}'
    )


@lru_cache(maxsize=1 << 14)
def _told(term: str, value: float, fact: str, values: tuple[int | float | str, ...]) -> str:
    words = _QUOTED(in_words(Reason(term, value, fact, values)))
    return f'["{term}", {value}, {words}]'


@lru_cache(maxsize=1 << 12)
def _quoted(text: str) -> str:
    return _QUOTED(text)


def read_lines(path: Path, reads: Callable[[Any], T], hint: str) -> Iterator[T]:
    """What *reads* makes of each line of a file of JSON, gzip or not.

    Raises:
        ScoreFileError: the message names file and line; *hint* says what a line has to be.

    """
    number = 0
    try:
        with path.open("rb") as file:
            for number, line in enumerate(progress_through(_unpacked(file), file, path.name), 1):
                text = line.decode("utf-8-sig" if number == 1 else "utf-8")
                if not text.isspace():
                    yield reads(json.loads(text))
    except (OSError, EOFError, zlib.error) as error:
        raise ScoreFileError(
            f"{path}: cannot be read ({error}); is it the file you mean, and is it whole?"
        ) from None
    except (ValueError, RecursionError) as error:
        raise ScoreFileError(f"{path}, line {number or 1}: {_why(error)}. {hint}") from None


def _unpacked(file: BufferedReader) -> Iterable[bytes]:
    return gzip.open(file) if file.peek(2)[:2] == GZIP else file


def _why(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError | UnicodeDecodeError):
        return "this is no JSON"
    return str(error) if isinstance(error, WrongRow) else "this makes no sense"
