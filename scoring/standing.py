"""Which changes stand: nothing that was taken back, no bots, each change once over all branches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache

from scoring.globs import fits
from scoring.model import Change
from scoring.rules import Patterns, Rules


def standing(changes: Iterable[Change], rules: Rules) -> list[Change]:
    """The changes that count, by day of merge; the same in any order of arrival.

    A revert takes back what it names and earns nothing itself; reverting the revert gives it again.
    Changes of one Change-Id in a project are one: the earliest that stands where it was made, and none if it was
    taken back where it was made, be there backports or not.
    """
    projects: dict[tuple[str, str], list[Change]] = defaultdict(list)
    for change in changes:
        projects[change.project, change.source].append(change)
    found: list[Change] = []
    for project in projects.values():
        found += _standing_there(sorted(_each_once(project), key=_moment), rules)
    return sorted(_once_anywhere(found, rules), key=_moment)


def _standing_there(ordered: Sequence[Change], rules: Rules) -> Iterator[Change]:
    """Those of the changes of one project, by day of merge, that stand in it."""
    back = _taken_back(ordered, rules)
    by_id: dict[str, Change] = {}
    several: dict[str, list[Change]] = {}
    for change in ordered:
        if change.is_bot or change.is_translation or change.reverts:
            continue
        name = change.change_id or change.key
        first = by_id.setdefault(name, change)
        if first is not change:
            several.setdefault(name, [first]).append(change)
    for name, change in by_id.items():
        if name in several:
            yield from _at_home(several[name], back, rules)
        elif change.number not in back:
            yield change


def _at_home(same: list[Change], back: Container[int], rules: Rules) -> list[Change]:
    """Of several changes with one Change-Id, the one that counts, if one does; *back* were taken back."""
    # Anybody may push a known Change-Id to a branch of their own, and merge it there first.
    same.sort(key=lambda one: (not _is(one.branch, rules.main_branches), _moment(one)))
    alive = [one for one in same if one.number not in back]
    at_home = [one for one in same if not _is(one.branch, rules.backports)]
    if alive and (not at_home or any(one.number not in back for one in at_home)):
        return [next((one for one in alive if one in at_home), alive[0])]
    return []


@lru_cache(maxsize=1024)
def _is(branch: str, patterns: Patterns) -> bool:
    return fits(branch, patterns)


def _once_anywhere(found: list[Change], rules: Rules) -> Iterable[Change]:
    """A commit that is told of twice is one change: mirrored, or its repository bears a new name.

    Not the earlier one is the true one: whoever mirrors a commit before it is merged would have it. Nor
    one that nobody else looked at.
    """
    if not any(one.commit for one in found):
        yield from found
        return
    seen: set[str] = set()
    for one in sorted(found, key=lambda one: _trust(one, rules)):
        name = one.commit
        if not name:
            yield one
        elif name not in seen:
            seen.add(name)
            yield one


def _trust(one: Change, rules: Rules) -> tuple[bool, int, tuple[datetime, str, int]]:
    return one.reviewed is False, rules.sources.index(one.source), _moment(one)


def _each_once(changes: Iterable[Change]) -> Iterable[Change]:
    """One change a number. Should two disagree, which one it is must not depend on their order."""
    found: dict[int, Change] = {}
    for change in changes:
        before = found.setdefault(change.number, change)
        if before is not change:
            found[change.number] = min(before, change, key=repr)
    return found.values()


def _moment(change: Change) -> tuple[datetime, str, int]:
    return change.merged, change.project, change.number


def _taken_back(ordered: Sequence[Change], rules: Rules) -> frozenset[int]:
    """The numbers of the changes that a standing revert names, in one project.

    On a branch of its own a revert says nothing of the change elsewhere: anybody has such branches.
    """
    wanted = {one.reverts for one in ordered} - {""}
    if not wanted:
        return frozenset()
    named: dict[str, list[int]] = defaultdict(list)
    for place, change in enumerate(ordered):
        for name in {change.key, change.change_id, change.commit} & wanted:
            named[name].append(place)
    back: set[int] = set()
    # From the youngest: whether a revert was itself taken back is then known.
    for place in range(len(ordered) - 1, -1, -1):
        revert = ordered[place]
        if not revert.reverts or revert.number in back:
            continue
        before = [ordered[one] for one in named[revert.reverts] if one < place]
        here = [one for one in before if one.branch == revert.branch]
        if here or (before and _is(revert.branch, rules.main_branches)):
            back.add((here or before)[-1].number)
    return frozenset(back)
