"""How large and how scattered changes are, seen together as one piece of work.

Lines are summed by file over the whole work before anything is capped, so cutting a patch into
slices measures the same. Of lines that only replace others (renamed in, reindented, moved from one
file to another) git tells no more than that as many came as went; they count little, wherever
they stand, so that padding gains next to nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from statistics import median
from typing import NamedTuple

from scoring.kinds import Places, places
from scoring.model import Change, Sketch
from scoring.rules import Rules
from scoring.sketch import is_even, sketched

Part = tuple[Change, float]
"""A change, and the fraction of it that belongs to the work."""
Row = tuple[str, float, float, float]
"""A file: its top-level directory, what a line of it counts, lines that came, lines that went."""


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
    sketches = [(sketched(change, rules), fraction) for change, fraction in parts]
    rows = _rows(sketches, places(rules))
    set_aside = sum([_sketch(change).aside * fraction for change, fraction in sketches])
    if not rows:
        return Measure(0.0, 0.0, 0.0, 0, 0, set_aside, 0.0, 0, 0.0, 0.0)
    plain, even, swept = _sorted_out(rows, rules)
    sizes, came, went, rewritten = _capped(plain, rules)
    same = sum([w * (i + d) for _, w, i, d in (*even, *swept)]) / 2
    gone = max(0.0, went - came)
    replacing = min(came, went) + same
    lasting = max(0.0, came - went) + rewritten * rules.rewritten_part
    lasting += min(gone * rules.deleted_part, float(rules.deleted_lines))
    counted = min(replacing, max(float(rules.replaced_lines), lasting * rules.replaced_part))
    lines = lasting + counted
    size = logarithmic(lines, rules.lines_cap)
    return Measure(
        size=size,
        spread=min(size, _spread(plain, sizes, lines, rules)),
        lines=lines,
        files=len(rows),
        directories=len({top for top, _, _, _ in plain}) or 1,
        set_aside=set_aside,
        replaced=replacing - counted,
        swept=len(swept),
        swept_median=median(i + d for _, _, i, d in swept) if swept else 0.0,
        gone=gone,
    )


def _sketch(change: Change) -> Sketch:
    return change.sketch or Sketch((), ())


def _rows(parts: Sequence[Part], known: Places) -> list[Row]:
    """Every file that counts once, with its lines over all parts."""
    if len(parts) == 1:
        change, fraction = parts[0]
        return [row for _, row in _files(change, fraction, known)]
    several = len({change.project for change, _ in parts}) > 1
    sums: dict[str, Row] = {}
    for change, fraction in parts:
        for path, (top, weight, came, went) in _files(change, fraction, known):
            if several:
                path, top = f"{change.project}:{path}", f"{change.project}:{top}"
            before = sums.get(path)
            if before is not None:
                came, went = came + before[2], went + before[3]
            sums[path] = (top, weight, came, went)
    return list(sums.values())


def _files(change: Change, fraction: float, known: Places) -> Iterable[tuple[str, Row]]:
    paths, lines, _, _ = _sketch(change)
    counts = iter(lines)
    for path, came, went in zip(paths, counts, counts, strict=False):
        _, weight, top = known[path]
        yield path, (top, weight, came * fraction, went * fraction)


def _sorted_out(rows: list[Row], rules: Rules) -> tuple[list[Row], list[Row], list[Row]]:
    """Plain files; files with as many lines in as out; the files of a sweep, if there is one."""
    if len(rows) < rules.mechanical_files and all(i + d <= rules.even_file for _, _, i, d in rows):
        return rows, [], []
    plain: list[Row] = []
    little: list[Row] = []
    even: list[Row] = []
    for row in rows:
        _, _, came, went = row
        if came + went <= rules.small_file:
            little.append(row)
        elif is_even(came, went, rules):
            even.append(row)
        else:
            plain.append(row)
    if len(little) + len(even) >= rules.mechanical_files:
        return plain, [], little + even
    return plain + little, even, []


def _capped(rows: Iterable[Row], rules: Rules) -> tuple[list[float], float, float, float]:
    """The lines of each file, capped; and, by what they count, how many came, went, and were rewritten.

    A file in which lines both came and went, but not as many, was worked on: what came for what went
    there is rewritten. Where only one of both happened, lines may have been moved from file to file.
    """
    sizes: list[float] = []
    came = went = rewritten = 0.0
    for _, weight, more, less in rows:
        both = more + less
        if both > rules.lines_of_a_file:
            weight *= rules.lines_of_a_file / both
        sizes.append(min(both, float(rules.lines_of_a_file)))
        kept = 0.0 if abs(more - less) <= rules.even_ratio * both else min(more, less)
        rewritten += kept * weight
        came += (more - kept) * weight
        went += (less - kept) * weight
    return sizes, came, went, rewritten


def _spread(rows: list[Row], sizes: list[float], lines: float, rules: Rules) -> float:
    """Half Shannon entropy of lines over files (Hassan 2009), half the number of directories.

    Entropy is in bits over a fixed maximum, not over that of as many files: two files with one
    line each would else be as scattered as can be.
    """
    if len(sizes) < 2:
        return 0.0
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
