"""Which changes stand: nothing that was taken back, no bots, each change once over all branches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
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
    ordered = sorted(_each_once(changes), key=_moment)
    back = _taken_back(ordered, rules)
    by_id: dict[tuple[str, str], list[Change]] = defaultdict(list)
    found: list[Change] = []
    for change in ordered:
        if change.is_bot or change.is_translation or change.reverts:
            continue
        if change.change_id:
            by_id[change.project, change.change_id].append(change)
        elif change.key not in back:
            found.append(change)
    for same in by_id.values():
        if len(same) > 1:
            found += _at_home(same, back, rules)
        elif same[0].key not in back:
            found += same
    return sorted(_once_anywhere(found, rules), key=_moment)


def _at_home(same: list[Change], back: frozenset[str], rules: Rules) -> list[Change]:
    """Of several changes with one Change-Id, the one that counts, if one does."""
    # Anybody may push a known Change-Id to a branch of their own, and merge it there first.
    same.sort(key=lambda one: (not _is(one.branch, rules.main_branches), _moment(one)))
    alive = [one for one in same if one.key not in back]
    at_home = [one for one in same if not _is(one.branch, rules.backports)]
    if alive and (not at_home or any(one.key not in back for one in at_home)):
        return [next((one for one in alive if one in at_home), alive[0])]
    return []


@lru_cache(maxsize=1024)
def _is(branch: str, patterns: Patterns) -> bool:
    return fits(branch, patterns)


def _once_anywhere(found: list[Change], rules: Rules) -> Iterable[Change]:
    """A commit that is told of twice is one change: mirrored, or its repository bears a new name.

    Not the earlier one is the true one: whoever mirrors a commit before it is merged would have it.
    """
    seen: set[str] = set()
    for one in sorted(found, key=lambda one: (rules.sources.index(one.source), _moment(one))):
        name = one.commit
        if not name:
            yield one
        elif name not in seen:
            seen.add(name)
            yield one


def _each_once(changes: Iterable[Change]) -> Iterable[Change]:
    """One change a key. Should two disagree, which one it is must not depend on their order."""
    found: dict[str, Change] = {}
    for change in changes:
        key = change.key
        before = found.setdefault(key, change)
        if before is not change:
            found[key] = min(before, change, key=repr)
    return found.values()


def _moment(change: Change) -> tuple[datetime, str, int]:
    return change.merged, change.project, change.number


def _taken_back(ordered: Sequence[Change], rules: Rules) -> frozenset[str]:
    """The keys of the changes that a standing revert names.

    On a branch of its own a revert says nothing of the change elsewhere: anybody has such branches.
    """
    wanted = {(one.project, one.reverts) for one in ordered if one.reverts}
    if not wanted:
        return frozenset()
    named: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, change in enumerate(ordered):
        for name in (change.key, change.change_id, change.commit):
            if name and (change.project, name) in wanted:
                named[change.project, name].append(place)
    back: set[str] = set()
    # From the youngest: whether a revert was itself taken back is then known.
    for place in range(len(ordered) - 1, -1, -1):
        revert = ordered[place]
        if not revert.reverts or revert.key in back:
            continue
        before = [ordered[one] for one in named[revert.project, revert.reverts] if one < place]
        here = [one for one in before if one.branch == revert.branch]
        if here or (before and _is(revert.branch, rules.main_branches)):
            back.add((here or before)[-1].key)
    return frozenset(back)
