"""How large and how scattered changes are, seen together as one piece of work.

Lines are summed by file over the whole work before anything is capped, so cutting a patch into
slices measures the same. Of lines that only replace others (renamed in, reindented, moved from one
file to another) git tells no more than that as many came as went; they count little, wherever
they stand, so that padding gains next to nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from scoring.kinds import TRANSLATION, kind_of, line_weights
from scoring.model import Change, File
from scoring.rules import Rules

Part = tuple[Change, float]
"""A change, and the fraction of it that belongs to the work."""
Row = tuple[str, float, float]
"""A file: its top-level directory, lines that came, lines that went."""


@dataclass(frozen=True, slots=True)
class Measure:
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
    own: bool
    """Whether anything is left beside the mechanical part."""


def logarithmic(value: float, cap: float) -> float:
    """log2(1 + value) / log2(1 + cap), in 0..1: the first steps count most."""
    return min(1.0, math.log2(1.0 + max(0.0, value)) / math.log2(1.0 + cap))


def measure(parts: Sequence[Part], rules: Rules) -> Measure:
    """Measure changes together, each with the fraction of it that belongs here."""
    rows, set_aside = _rows(parts, line_weights(rules), rules.moved_lines)
    plain, even, swept = _sorted_out(rows, rules)
    sums = [_capped(came, went, rules.lines_of_a_file) for _, came, went in plain]
    came = math.fsum(one for one, _ in sums)
    went = math.fsum(one for _, one in sums)
    same = math.fsum(c + w for _, c, w in (*even, *swept)) / 2
    lasting = abs(came - went)
    replacing = min(came, went) + same
    lines = lasting + min(
        replacing, max(float(rules.replaced_lines), lasting * rules.replaced_part)
    )
    size = logarithmic(lines, rules.lines_cap)
    directories = len({top for top, _, _ in plain})
    return Measure(
        size=size,
        spread=min(size, _spread([c + w for c, w in sums], directories, lines, rules)),
        lines=lines,
        files=len(rows),
        directories=directories or min(1, len(rows)),
        set_aside=set_aside,
        replaced=lasting + replacing - lines,
        swept=len(swept),
        swept_median=median(c + w for _, c, w in swept) if swept else 0.0,
        own=bool(plain or even),
    )


def is_patch(change: Change, rules: Rules) -> bool:
    """Whether a change counts as a patch: it is neither mechanical nor a translation."""
    files = change.files
    weigh = line_weights(rules)
    if files and not any(weigh(file.path) for file in files):
        # Vendored or generated files were chosen and reviewed, too; translations come by themselves.
        return any(kind_of(file.path, rules) != TRANSLATION for file in files)
    if len(files) < rules.mechanical_files:
        return True
    measured = measure([(change, 1.0)], rules)
    return measured.own or not measured.swept


def _rows(
    parts: Sequence[Part], weigh: Callable[[str], float], moved: int
) -> tuple[list[Row], float]:
    """Every file that counts once, with its lines over all parts; and the lines set aside."""
    sums: dict[str, Row] = {}
    set_aside = 0.0
    several = len({change.project for change, _ in parts}) > 1
    for change, fraction in parts:
        for file in change.files or _untold(change):
            came, went = file.inserted or 0, file.deleted or 0
            if not came and not went:
                continue
            path = file.path
            weight = weigh(path) * fraction
            if not weight or (file.renamed and came + went <= moved):
                set_aside += (came + went) * fraction
                continue
            top = path.partition("/")[0] if "/" in path else ""
            if several:
                path, top = f"{change.project}:{path}", f"{change.project}:{top}"
            _, more, less = sums.get(path, ("", 0.0, 0.0))
            sums[path] = (top, more + came * weight, less + went * weight)
    return list(sums.values()), set_aside


def _untold(change: Change) -> tuple[File, ...]:
    """A change whose files nobody told: one file of unknown name with all its lines."""
    return (File("", change.inserted, change.deleted),)


def _sorted_out(rows: list[Row], rules: Rules) -> tuple[list[Row], list[Row], list[Row]]:
    """Plain files; files with as many lines in as out; the files of a sweep, if there is one."""
    plain: list[Row] = []
    little: list[Row] = []
    even: list[Row] = []
    for row in rows:
        _, came, went = row
        if came + went <= rules.small_file:
            little.append(row)
        elif came + went > rules.even_file and abs(came - went) <= rules.even_ratio * (came + went):
            even.append(row)
        else:
            plain.append(row)
    if len(little) + len(even) >= rules.mechanical_files:
        return plain, [], little + even
    return plain + little, even, []


def _capped(came: float, went: float, cap: int) -> tuple[float, float]:
    """The lines of one file, in proportion no more than *cap* together."""
    both = came + went
    return (came, went) if both <= cap else (came * cap / both, went * cap / both)


def _spread(sizes: list[float], directories: int, lines: float, rules: Rules) -> float:
    """Half Shannon entropy of lines over files (Hassan 2009), half the number of directories.

    Entropy is in bits over a fixed maximum, not over that of as many files: two files with one
    line each would else be as scattered as can be.
    """
    total = math.fsum(sizes)
    if len(sizes) < 2 or not total:
        return 0.0
    bits = math.log2(total) - math.fsum(one * math.log2(one) for one in sizes) / total
    entropy = min(1.0, max(0.0, bits) / rules.entropy_bits)
    breadth = min(1.0, (directories - 1) / (rules.directories_cap - 1))
    # Where most lines did not count, neither does where they stand.
    return min(1.0, rules.spread_of_counted * lines / total) * (entropy + breadth) / 2
