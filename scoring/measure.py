"""How large and how scattered changes are, seen together as one piece of work.

Lines are summed by file over the whole work before anything is capped, so cutting a patch into
slices measures the same. Of lines that only replace others (renamed in, reindented, moved from one
file to another) git tells no more than that as many came as went; they count little, wherever
they stand, so that padding gains next to nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from statistics import median
from typing import NamedTuple

from scoring.kinds import Places, places
from scoring.model import Change, Sketch
from scoring.rules import Rules
from scoring.sketch import is_even, sketch_of_change

Part = tuple[Change, float]
"""A change, and the fraction of it that belongs to the work."""
Row = tuple[str, float, float, float]
"""A file: its top-level directory, what a line of it counts, lines that came, lines that went."""


NO_LINES: Row = ("", 0.0, 0.0, 0.0)


class Measure(NamedTuple):
    """What changes amount to. ``size`` and ``spread`` are in 0..1, the rest are numbers."""

    size: float
    spread: float
    lines: float
    """Effective lines, 0 to thousands."""
    files: int
    directories: int
    set_aside: float
    """Lines of files that do not count: translated, generated, vendored, moved …"""
    replaced: float
    """Lines that came for others that went, and did not count."""
    swept: int
    """Files of a mechanical change: many, with few lines or as many in as out."""
    swept_median: float
    gone: float
    """Lines that went for good."""


def logarithmic(value: float, cap: float) -> float:
    """log2(1 + value) / log2(1 + cap), in 0..1: the first steps count most."""
    return min(1.0, math.log2(1.0 + max(0.0, value)) / math.log2(1.0 + cap))


def measure(parts: Sequence[Part], rules: Rules) -> Measure:
    """Measure changes together, each with the fraction of it that belongs here."""
    known = places(rules)
    sketches = [(_sketch(change, rules), fraction) for change, fraction in parts]
    set_aside = sum([sketch.aside * fraction for sketch, fraction in sketches])
    if len(parts) == 1:
        ((paths, lines, _, _), fraction) = sketches[0]
        if len(paths) == 1:  # Every second work is so, and many of them are alike.
            weight = known[paths[0]].weight
            return _of_one_file(weight, lines[0] * fraction, lines[1] * fraction, set_aside, rules)
        rows = [
            (known[path].top, known[path].weight, came * fraction, went * fraction)
            for path, came, went in zip(paths, lines[::2], lines[1::2], strict=True)
        ]
    else:
        several = len({change.project for change, _ in parts}) > 1
        names = [change.project if several else "" for change, _ in parts]
        rows = _summed(names, sketches, known)
    return _measured(rows, set_aside, rules)


@lru_cache(maxsize=1 << 14)
def _of_one_file(
    weight: float, came: float, went: float, set_aside: float, rules: Rules
) -> Measure:
    return _measured([("", weight, came, went)], set_aside, rules)


def _measured(rows: list[Row], set_aside: float, rules: Rules) -> Measure:
    if not rows:
        return Measure(0.0, 0.0, 0.0, 0, 0, set_aside, 0.0, 0, 0.0, 0.0)
    plain, even, small = _sorted_out(rows, rules)
    sizes, came, went, rewritten, net = _capped(plain + even, rules)
    swept = even + small
    same = sum([w * (i + d) for _, w, i, d in small]) / 2
    lasting = min(came, max(0.0, came - went, net))
    gone = min(went, max(0.0, went - came, -net))
    replacing = min(came - lasting, went - gone) + same
    lasting += rewritten * rules.rewritten_part
    lasting += min(gone * rules.deleted_part, float(rules.deleted_lines))
    allowed = max(rules.replaced_lines - lasting, lasting * rules.replaced_part)
    counted = min(replacing, allowed)
    lines = lasting + counted
    size = logarithmic(lines, rules.lines_cap)
    return Measure(
        size=size,
        spread=min(size, _spread(plain, sizes[: len(plain)], lines, rules))
        if len(plain) > 1
        else 0.0,
        lines=lines,
        files=len(rows),
        directories=len({row[0] for row in plain}) or 1,
        set_aside=set_aside,
        replaced=replacing - counted,
        swept=len(swept),
        swept_median=median(i + d for _, _, i, d in swept) if swept else 0.0,
        gone=gone,
    )


def _sketch(change: Change, rules: Rules) -> Sketch:
    return change.sketch or sketch_of_change(change, rules)


def _summed(
    projects: Sequence[str], sketches: Sequence[tuple[Sketch, float]], known: Places
) -> list[Row]:
    """Every file once, with its lines over all changes; *projects* are "" where all have one."""
    sums: dict[str, Row] = {}
    for project, (sketch, fraction) in zip(projects, sketches, strict=True):
        paths, lines, _, _ = sketch
        for path, came, went in zip(paths, lines[::2], lines[1::2], strict=True):
            _, _, weight, top = known[path]
            if project:
                path, top = f"{project}:{path}", f"{project}:{top}"
            _, _, more, less = sums.get(path, NO_LINES)
            sums[path] = (top, weight, more + came * fraction, less + went * fraction)
    return list(sums.values())


def _sorted_out(rows: list[Row], rules: Rules) -> tuple[list[Row], list[Row], list[Row]]:
    """Files that were worked on; and, if there is a sweep, its files: even ones, and small ones."""
    if len(rows) < rules.mechanical_files:
        return rows, [], []
    plain: list[Row] = []
    even: list[Row] = []
    small: list[Row] = []
    for row in rows:
        _, _, came, went = row
        if came + went <= rules.small_file:
            small.append(row)
        else:
            (even if is_even(came, went, rules) else plain).append(row)
    swept = len(even) + len(small) >= rules.mechanical_files
    return (plain, even, small) if swept else (rows, [], [])


def _capped(rows: Iterable[Row], rules: Rules) -> tuple[list[float], float, float, float, float]:
    """The lines of each file, capped; and, by what they count, how many came, went, and were rewritten.

    A file in which lines both came and went, but not as many, was worked on: what came for what went
    there is rewritten. Where only one of both happened, lines may have been moved from file to file; the
    last number is how many more came than went before anything was capped.
    """
    cap, full = float(rules.lines_of_a_file), rules.rewritten_from
    sizes: list[float] = []
    came = went = rewritten = net = 0.0
    for _, weight, more, less in rows:
        both = more + less
        net += (more - less) * weight
        if both > cap:
            weight *= cap / both
            both = cap
        sizes.append(both)
        if more and less:
            uneven = abs(more - less) / (more + less)
            kept = min(more, less) * min(1.0, uneven / full)
            rewritten += kept * weight
            more, less = more - kept, less - kept
        came += more * weight
        went += less * weight
    return sizes, came, went, rewritten, net


def _spread(rows: list[Row], sizes: list[float], lines: float, rules: Rules) -> float:
    """Half Shannon entropy of lines over files (Hassan 2009), half the number of directories.

    Entropy is in bits over a fixed maximum, not over that of as many files: two files with one
    line each would else be as scattered as can be.
    """
    total = math.fsum(sizes)
    bits = math.log2(total) - math.fsum([one * math.log2(one) for one in sizes]) / total
    entropy = min(1.0, max(0.0, bits) / rules.entropy_bits)
    tops: dict[str, float] = {}
    for top, weight, _, _ in rows:
        tops[top] = max(weight, tops.get(top, 0.0))
    # A folder of configuration is not as far away as one of code.
    breadth = min(1.0, max(0.0, sum(tops.values()) - 1) / (rules.directories_cap - 1))
    # Where most lines did not count, neither does where they stand.
    return min(1.0, rules.spread_of_counted * lines / total) * (entropy + breadth) / 2
