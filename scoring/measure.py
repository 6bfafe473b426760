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
Row = tuple[str, float, float]
"""A file: its top-level directory, lines that came, lines that went, each by what a line counts."""


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


def logarithmic(value: float, cap: float) -> float:
    """log2(1 + value) / log2(1 + cap), in 0..1: the first steps count most."""
    return min(1.0, math.log2(1.0 + max(0.0, value)) / math.log2(1.0 + cap))


def measure(parts: Sequence[Part], rules: Rules) -> Measure:
    """Measure changes together, each with the fraction of it that belongs here."""
    sketches = [(sketched(change, rules), fraction) for change, fraction in parts]
    rows = _rows(sketches, places(rules))
    set_aside = math.fsum(_sketch(change).aside * fraction for change, fraction in sketches)
    if not rows:
        return Measure(0.0, 0.0, 0.0, 0, 0, set_aside, 0.0, 0, 0.0)
    plain, even, swept = _sorted_out(rows, rules)
    sizes, came, went = _capped(plain, rules.lines_of_a_file)
    same = sum(c + w for _, c, w in even) / 2 + sum(c + w for _, c, w in swept) / 2
    lasting = abs(came - went)
    replacing = min(came, went) + same
    lines = lasting + min(
        replacing, max(float(rules.replaced_lines), lasting * rules.replaced_part)
    )
    size = logarithmic(lines, rules.lines_cap)
    directories = len({top for top, _, _ in plain}) if len(plain) > 1 else len(plain)
    return Measure(
        size=size,
        spread=min(size, _spread(sizes, directories, lines, rules)),
        lines=lines,
        files=len(rows),
        directories=directories or 1,
        set_aside=set_aside,
        replaced=lasting + replacing - lines,
        swept=len(swept),
        swept_median=median(c + w for _, c, w in swept) if swept else 0.0,
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
        for path, (top, came, went) in _files(change, fraction, known):
            if several:
                path, top = f"{change.project}:{path}", f"{change.project}:{top}"
            before = sums.get(path)
            if before is not None:
                came, went = came + before[1], went + before[2]
            sums[path] = (top, came, went)
    return list(sums.values())


def _files(change: Change, fraction: float, known: Places) -> Iterable[tuple[str, Row]]:
    paths, lines, _, _ = _sketch(change)
    counts = iter(lines)
    for path, came, went in zip(paths, counts, counts, strict=False):
        _, weight, top = known[path]
        weight *= fraction
        yield path, (top, came * weight, went * weight)


def _sorted_out(rows: list[Row], rules: Rules) -> tuple[list[Row], list[Row], list[Row]]:
    """Plain files; files with as many lines in as out; the files of a sweep, if there is one."""
    if len(rows) < rules.mechanical_files and all(c + w <= rules.even_file for _, c, w in rows):
        return rows, [], []
    plain: list[Row] = []
    little: list[Row] = []
    even: list[Row] = []
    for row in rows:
        _, came, went = row
        if came + went <= rules.small_file:
            little.append(row)
        elif is_even(came, went, rules):
            even.append(row)
        else:
            plain.append(row)
    if len(little) + len(even) >= rules.mechanical_files:
        return plain, [], little + even
    return plain + little, even, []


def _capped(rows: Iterable[Row], cap: int) -> tuple[list[float], float, float]:
    """The lines of each file, in proportion no more than *cap*; and how many came and went in all."""
    sizes: list[float] = []
    came = went = 0.0
    for _, more, less in rows:
        both = more + less
        if both > cap:
            more, less, both = more * cap / both, less * cap / both, float(cap)
        sizes.append(both)
        came += more
        went += less
    return sizes, came, went


def _spread(sizes: list[float], directories: int, lines: float, rules: Rules) -> float:
    """Half Shannon entropy of lines over files (Hassan 2009), half the number of directories.

    Entropy is in bits over a fixed maximum, not over that of as many files: two files with one
    line each would else be as scattered as can be.
    """
    if len(sizes) < 2:
        return 0.0
    total = math.fsum(sizes)
    bits = math.log2(total) - math.fsum(one * math.log2(one) for one in sizes) / total
    entropy = min(1.0, max(0.0, bits) / rules.entropy_bits)
    breadth = min(1.0, (directories - 1) / (rules.directories_cap - 1))
    # Where most lines did not count, neither does where they stand.
    return min(1.0, rules.spread_of_counted * lines / total) * (entropy + breadth) / 2
