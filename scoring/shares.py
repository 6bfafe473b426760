"""Whose part of a work is how large."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
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
    weights = _weights(_patches(work.parts, rules), rules)
    total = math.fsum(weights.values())
    return {author: weight / total for author, weight in weights.items()}


def _weights(patches: Iterable[Sequence[Part]], rules: Rules) -> Mapping[str, float]:
    """What each author's patches weigh together, by author.

    Each patch weighs its Size; but a further one no more than the lines behind it allow. Else many
    little ones, made days apart, would take a work from who did most of it.
    """
    sizes: dict[str, list[float]] = defaultdict(list)
    lines: dict[str, list[float]] = defaultdict(list)
    for patch in patches:
        measured = measure(patch, rules)
        authors = patch[0][0].authors
        for author in authors:
            # Whoever updated a library or drew an icon has a part, too.
            sizes[author].append(max(measured.size, rules.least_part) / len(authors))
            lines[author].append(measured.lines / len(authors))
    return {
        author: math.fsum(found)
        * min(1.0, (1 + math.fsum(lines[author]) / rules.lines_of_a_file) / len(found))
        for author, found in sorted(sizes.items())
    }


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
