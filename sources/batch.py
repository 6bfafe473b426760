"""Cut a long list of questions into requests of a fair size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield *items* in lists of at most *size*, none of them empty."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
