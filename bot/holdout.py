"""Agreement with comparisons, and an honest hold-out: no work is both fitted to and asked about."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from bot.progress import progress

PARTS = 5
SEED = "developer badges"
"""Which groups come together is drawn by this, never by the order in which comparisons came."""
TIE = 1e-9


@dataclass(frozen=True, slots=True)
class Comparison:
    """One work that was harder than another: their keys, and by how much each term differs."""

    harder: str
    easier: str
    difference: tuple[float, ...]


Fit = Callable[[Sequence[Comparison]], Sequence[float]]
"""What makes weights of comparisons."""


def says(weights: Sequence[float], one: Comparison) -> float:
    """Whether *weights* say the same: 1, or 0; where they cannot tell, a half."""
    apart = math.fsum(a * b for a, b in zip(weights, one.difference, strict=True))
    return 0.5 if abs(apart) <= TIE else float(apart > 0)


def agreement(said: Iterable[float]) -> float:
    """The part of what was said that is right, 0 to 1; 0 of nothing."""
    known = list(said)
    return math.fsum(known) / len(known) if known else 0.0


def groups_of(comparisons: Iterable[Comparison]) -> list[list[Comparison]]:
    """The comparisons in groups that share no work, in an order that their order does not tell."""
    above: dict[str, str] = {}

    def top(work: str) -> str:
        while (higher := above.get(work, work)) != work:
            above[work] = above.get(higher, higher)
            work = higher
        return work

    known = sorted(comparisons, key=lambda one: (one.harder, one.easier, one.difference))
    for one in known:
        first, second = sorted((top(one.harder), top(one.easier)))
        above[second] = first
    found: dict[str, list[Comparison]] = defaultdict(list)
    for one in known:
        found[top(one.harder)].append(one)
    return sorted(found.values(), key=lambda group: (-len(group), _drawn(group[0])))


def parts_of(comparisons: Iterable[Comparison], parts: int = PARTS) -> list[list[Comparison]]:
    """The comparisons in *parts* of about equal size; no two of them share a work."""
    found: list[list[Comparison]] = [[] for _ in range(parts)]
    for group in groups_of(comparisons):
        min(found, key=len).extend(group)
    return found


def held_out(parts: Sequence[Sequence[Comparison]], fit: Fit) -> list[tuple[Comparison, float]]:
    """What weights say of each comparison that were fitted to all parts but its own."""
    found = []
    for at, part in progress(list(enumerate(parts)), "fitting", " parts"):
        weights = fit([one for other in (*parts[:at], *parts[at + 1 :]) for one in other])
        found += [(one, says(weights, one)) for one in part]
    return found


def by_chance(better: int, worse: int) -> float:
    """How likely so many or more of *better* + *worse* tosses of a coin fall on one given side."""
    tosses = better + worse
    return sum(math.comb(tosses, heads) for heads in range(better, tosses + 1)) / (1 << tosses)


def _drawn(one: Comparison) -> str:
    return sha256(f"{SEED}\n{one.harder}\n{one.easier}".encode("utf-8", "replace")).hexdigest()
