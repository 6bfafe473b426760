"""Whose part of a work is how large."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta

from scoring.measure import Part, measure
from scoring.model import Work
from scoring.rules import Rules


def shares_of(work: Work, rules: Rules) -> Mapping[str, float]:
    """Each author's part of *work*; together 1, or nobody's where neither change nor reviewer tells.

    A part is the sum of the Size terms of one's patches over that of all; the authors of a patch
    divide it equally. Patches of the same authors merged within days of each other are one patch
    here: else cutting one into ten would raise a share from a half to five sixths.
    """
    if not work.parts and work.task is not None:
        # Nothing but a reviewer's word tells who did it: they did it equally.
        return {author: 1 / len(work.task.done_by) for author in sorted(work.task.done_by)}
    everybody = {author for change, _ in work.parts for author in change.authors}
    if len(everybody) == 1:
        return dict.fromkeys(everybody, 1.0)
    patches = _patches(work.parts, rules)
    # Whoever updated a library or drew an icon has a part, too.
    sizes = [max(measure(patch, rules).size, rules.least_part) for patch in patches]
    parts: dict[str, list[float]] = defaultdict(list)
    for patch, size in zip(patches, sizes, strict=True):
        authors = patch[0][0].authors
        for author in authors:
            parts[author].append(size / len(authors))
    total = math.fsum(sizes)
    return {author: part / total for author in sorted(parts) if (part := math.fsum(parts[author]))}


def _patches(parts: Sequence[Part], rules: Rules) -> list[list[Part]]:
    """The changes by authors and time: a patch lasts *series_days* from its first change on."""
    found: list[list[Part]] = []
    open_: dict[tuple[str, ...], list[Part]] = {}
    window = timedelta(days=rules.series_days)
    for part in parts:
        authors = tuple(sorted(part[0].authors))
        patch = open_.get(authors)
        if patch is None or part[0].merged - patch[0][0].merged > window:
            patch = open_[authors] = []
            found.append(patch)
        patch.append(part)
    return found
