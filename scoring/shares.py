"""Whose part of a work is how large."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping

from scoring.measure import logarithmic, measure
from scoring.model import Work
from scoring.rules import Rules


def shares_of(work: Work, rules: Rules) -> Mapping[str, float]:
    """Each author's part of *work*; together 1, or nobody's where no change is known.

    A part is the Size terms of one's changes over those of all (capped and logarithmic, so padding
    pays little); authors of one change divide it equally.
    """
    sizes = {
        change.key: logarithmic(measure([(change, fraction)], rules).lines, rules.lines_cap)
        for change, fraction in work.parts
    }
    if not math.fsum(sizes.values()):
        sizes = dict.fromkeys(sizes, 1.0)
    total = math.fsum(sizes.values())
    parts: dict[str, list[float]] = defaultdict(list)
    for change, _ in work.parts:
        for author in change.authors:
            parts[author].append(sizes[change.key] / len(change.authors))
    sums = {author: math.fsum(sorted(parts[author])) for author in sorted(parts)}
    return {author: part / total for author, part in sums.items() if part}
