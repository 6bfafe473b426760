"""Pairs of works of which any experienced developer says the same was harder.

Made by ``scripts/make-judgements`` from the real history of 69 Wikimedia repositories, judged by three
readers who did not know the score: one half was tuned on, the other was not.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from math import fsum, log1p
from pathlib import Path
from typing import Any

from scoring.assess import assess
from scoring.model import Change, File, Task
from scoring.rules import RULES, Rules
from tests.builders import START

FILE = Path(__file__).parents[1] / "data" / "judgements.json.gz"
TIE = 1e-9


@dataclass(frozen=True)
class Pair:
    """Two works, each as its changes; which half; whether raw lines point the wrong way; and why."""

    harder: tuple[Change, ...]
    easier: tuple[Change, ...]
    half: str
    topic: str
    why: str
    lines_mislead: bool


@lru_cache(maxsize=1)
def pairs() -> tuple[Pair, ...]:
    """All of them."""
    with gzip.open(FILE, "rt", encoding="utf-8") as lines:
        return tuple(_pair(json.loads(line)) for line in lines)


def agreement(measure: Callable[[tuple[Change, ...]], float], judged: Iterable[Pair]) -> float:
    """The part of *judged* in which *measure* says the same, 0 to 1; where it cannot tell, a half."""
    said = [_says(measure(one.harder), measure(one.easier)) for one in judged]
    return fsum(said) / len(said)


def difficulty(changes: tuple[Change, ...], rules: Rules = RULES) -> float:
    """The difficulty of the work that *changes* are, in 0..1."""
    (work,) = assess(changes, [Task(9)], rules)
    return work.difficulty


def lines(changes: tuple[Change, ...]) -> float:
    """All lines that came or went."""
    return fsum(one.inserted + one.deleted for one in changes)


BASELINES: Mapping[str, Callable[[tuple[Change, ...]], float]] = {
    "lines": lines,
    "log of lines": lambda changes: log1p(lines(changes)),
    "files": lambda changes: len({(c.project, f.path) for c in changes for f in c.files}),
    "changes": len,
}


def _says(harder: float, easier: float) -> float:
    if abs(harder - easier) <= TIE:
        return 0.5
    return float(harder > easier)


def _pair(row: Mapping[str, Any]) -> Pair:
    harder, easier = (tuple(_changes(row[side])) for side in ("harder", "easier"))
    return Pair(harder, easier, row["half"], row["topic"], row["why"], row["lines_mislead"])


def _changes(work: Iterable[Mapping[str, Any]]) -> Iterator[Change]:
    for number, one in enumerate(work, 1):
        files = tuple(
            File(path, came, went, bool(moved)) for path, came, went, moved in one["files"]
        )
        yield Change(
            project=f"project {one['project']}",
            number=number,
            merged=START + timedelta(days=one["day"]),
            authors=(f"author {one['author']}",),
            tasks=(9,),
            files=files,
            files_count=len(files),
            inserted=sum(file.inserted or 0 for file in files),
            deleted=sum(file.deleted or 0 for file in files),
        )
