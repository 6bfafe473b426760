"""What is left of a change's files when what does not count is set aside; made once for each change."""

from __future__ import annotations

from collections.abc import Iterable

from scoring.kinds import TRANSLATION, VENDORED, places
from scoring.model import Change, File, Sketch
from scoring.rules import Rules


def sketched(change: Change, rules: Rules) -> Change:
    """*change* with its sketch."""
    if change.sketch is not None:
        return change
    return change._replace(sketch=sketch_of_change(change, rules))


def sketch_of_change(change: Change, rules: Rules) -> Sketch:
    """The sketch of *change*; if nobody told its files, of one of unknown name with all its lines."""
    return sketch_of(change.files or (File("", change.inserted, change.deleted),), rules)


def sketch_of(files: Iterable[tuple[str, int | None, int | None, bool]], rules: Rules) -> Sketch:
    """The sketch of a change to *files*."""
    known, moved, small = places(rules), rules.moved_lines, rules.small_file
    paths: list[str] = []
    lines: list[int] = []
    libraries: list[str] = []
    aside = others = 0
    own = False
    for name, came, went, renamed in files:
        came, went = came or 0, went or 0
        both = came + went
        path, kind, weight, _ = known[name]  # The same text is kept but once.
        if not weight:
            others += kind != TRANSLATION
            aside += both
            if kind == VENDORED and came and not went and path.endswith(rules.brought):
                libraries.append(path[: path.rfind("/") + 1])
        elif renamed and both <= moved:
            others += 1
            aside += both
        else:
            others += 1
            if both:
                paths.append(path)
                lines += (came, went)
                own = own or (both > small and not is_even(came, went, rules))
    if libraries and all(libraries):
        aside += _set_aside(tuple(libraries), paths, lines)
    # Vendored or generated files were chosen and reviewed, too; translations come by themselves.
    patch = others > 0 and (own or len(paths) < rules.mechanical_files)
    return Sketch(tuple(paths), tuple(lines), aside, patch)


def _set_aside(libraries: tuple[str, ...], paths: list[str], lines: list[int]) -> int:
    """Take the files of libraries that came with their own licence out of *paths* and *lines*; count their lines."""
    kept = [place for place, path in enumerate(paths) if not path.startswith(libraries)]
    gone = sum(lines)
    paths[:] = [paths[place] for place in kept]
    lines[:] = [count for place in kept for count in lines[2 * place : 2 * place + 2]]
    return gone - sum(lines)


def is_even(came: float, went: float, rules: Rules) -> bool:
    """Whether a file has about as many lines in as out: reindented, renamed in or moved about in."""
    both = came + went
    return both > rules.even_file and abs(came - went) <= rules.even_ratio * both
