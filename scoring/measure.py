"""How large and how scattered changes are, seen together as one piece of work.

Lines are summed by file over all changes of a work before anything is capped: so cutting a patch
into slices measures the same as the whole.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from scoring.kinds import line_weight
from scoring.model import Change
from scoring.rules import Rules


@dataclass(frozen=True, slots=True)
class Measure:
    """Effective lines and files; evenness of lines over files (0..1); top directories; what was set aside.

    ``mechanical``: many files changed alike, so they are counted by files, not by lines.
    """

    lines: float
    files: int
    evenness: float
    directories: int
    set_aside: int
    mechanical: bool
    median: float


def logarithmic(value: float, cap: float) -> float:
    """log2(1 + value) / log2(1 + cap), at most 1: the first steps count most."""
    return min(1.0, math.log2(1.0 + max(0.0, value)) / math.log2(1.0 + cap))


def measure(parts: Iterable[tuple[Change, float]], rules: Rules) -> Measure:
    """Measure changes together, each with the fraction of it that belongs here."""
    lines: dict[str, list[float]] = {}
    set_aside = 0.0
    for change, fraction in parts:
        for file in change.files:
            inserted, deleted = file.inserted or 0, file.deleted or 0
            weight = line_weight(file.path, rules)
            if not weight:
                set_aside += (inserted + deleted) * fraction
                continue
            sums = lines.setdefault(f"{change.project}:{file.path}", [0.0, 0.0, weight])
            sums[0] += inserted * fraction
            sums[1] += deleted * fraction
    touched = {path: sums for path, sums in lines.items() if sums[0] + sums[1] > 0}
    effective = [
        min((i + d) * weight, float(rules.lines_of_a_file)) for i, d, weight in touched.values()
    ]
    sizes = [i + d for i, d, _ in touched.values()]
    return Measure(
        lines=math.fsum(effective),
        files=len(effective),
        evenness=_evenness(effective),
        directories=len({_top(path) for path in touched}),
        set_aside=round(set_aside),
        mechanical=_mechanical(list(touched.values()), sizes, rules),
        median=median(sizes) if sizes else 0.0,
    )


def _top(path: str) -> str:
    project, _, rest = path.partition(":")
    first, slash, _ = rest.partition("/")
    return f"{project}:{first if slash else ''}"


def _evenness(sizes: list[float]) -> float:
    """Shannon entropy of lines over files, over its maximum (Hassan 2009): 0 one file, 1 all alike."""
    total = math.fsum(sizes)
    if len(sizes) < 2 or not total:
        return 0.0
    entropy = -math.fsum((size / total) * math.log2(size / total) for size in sorted(sizes) if size)
    return entropy / math.log2(len(sizes))


def _mechanical(sums: list[list[float]], sizes: list[float], rules: Rules) -> bool:
    if len(sums) < rules.mechanical_even_files:
        return False
    even = sum(1 for inserted, deleted, _ in sums if inserted == deleted)
    if even >= 0.9 * len(sums):
        return True
    inserted = math.fsum(one[0] for one in sums)
    deleted = math.fsum(one[1] for one in sums)
    return (
        len(sums) >= rules.mechanical_files
        and median(sizes) <= rules.mechanical_median
        and abs(inserted - deleted) <= rules.mechanical_balance * (inserted + deleted)
    )
