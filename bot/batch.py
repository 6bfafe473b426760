"""Cut what is long into pieces that one request or statement can take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of at most *size* items, in order."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
