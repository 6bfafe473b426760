"""Progress bars at a terminal, and nothing elsewhere. Alone knows tqdm."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from io import BufferedReader
from typing import Any, TypeVar

T = TypeVar("T")
DELAY = 1.0
"""Seconds: what is done sooner needs no bar."""
LINES = 1000
"""After so many lines a bar moves."""

_shown = False


@contextmanager
def bars() -> Iterator[None]:
    """Within it, long work shows how far it is, if somebody sits at the terminal."""
    global _shown
    before, _shown = _shown, sys.stderr is not None and sys.stderr.isatty()
    try:
        yield
    finally:
        _shown = before


def progress(
    items: Iterable[T], what: str, unit: str = " pages", total: int | None = None
) -> Iterable[T]:
    """The same *items*, one by one; *what* says what is done with them. No names belong into it."""
    if total is None and isinstance(items, Collection):
        total = len(items)
    return _bar(items, what, unit, total) if _shown else items


def progress_through(lines: Iterable[T], file: BufferedReader, what: str) -> Iterable[T]:
    """The same *lines*, which are read out of *file*, maybe unpacked on the way."""
    return _through(lines, file, what) if _shown and file.seekable() else lines


def _through(lines: Iterable[T], file: BufferedReader, what: str) -> Iterator[T]:
    bar = _bar((), what, "B", os.fstat(file.fileno()).st_size)
    with bar:
        for number, line in enumerate(lines):
            if number % LINES == 0:
                bar.update(file.tell() - bar.n)
            yield line


def _bar(items: Iterable[T], what: str, unit: str, total: int | None) -> Any:
    from tqdm import tqdm  # Late: most commands have nobody to show it to.

    return tqdm(
        items, what, total, unit=unit, unit_scale=unit == "B", delay=DELAY, leave=False,
        file=sys.stderr, dynamic_ncols=True,
    )  # fmt: skip


def aside(line: str) -> None:
    """Print a line on stderr, above whatever bar is there."""
    if _shown:
        from tqdm import tqdm

        tqdm.write(line, file=sys.stderr)
    else:
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()
