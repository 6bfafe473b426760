"""What a person has chosen to hide, as it bears on their pages: it is written on none of them.

What is hidden still counts in the numbers. A work is hidden by any of its names, so that it does not
come back under another: the task it is merged into, or the series it becomes when its task is reopened.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from scoring.assess import names_of
from scoring.badge import Badge
from scoring.catalogue import CATALOGUE
from scoring.model import Change, Work
from wikitext.choices import ALL, BADGE, COUNTS, OTHER_WISH, SCORE, Choices, Goal

POINTS = frozenset({"points", "difficulty", "impact", "credit", "counted"})
"""What of a work tells its points: badges that show such a value go with the score."""

_CHANGE = re.compile(r".*[~!#:](\d+)")


@dataclass(frozen=True, slots=True)
class Hidden:
    """What stands on no page of one person.

    ``most``: everything but the count is hidden. ``badges`` are ids; ``asked`` the works and wishes
    as the person named them, ``names`` those and all other names of the hidden works, all casefolded.
    """

    score: bool = False
    most: bool = False
    badges: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    _mentioned: re.Pattern[str] | None = field(default=None, compare=False)
    _evident: re.Pattern[str] | None = field(default=None, compare=False)

    def badge(self, badge: str) -> bool:
        """Whether the badge with this id is hidden."""
        return self.most or badge in self.badges

    def key(self, key: str) -> bool:
        """Whether this is a name of a hidden work, or a hidden wish."""
        return key.casefold() in self.names

    def work(self, work: Work) -> bool:
        """Whether a work is hidden."""
        return self.most or _is_among(work, self.asked)

    def goal(self, goal: Goal | None) -> Goal | None:
        """The goal, where what it counts is shown."""
        if goal is None or (self.score and goal.field == SCORE):
            return None
        return None if self.most and goal.field not in COUNTS else goal

    def text(self, text: str) -> str:
        """*text*, or ``""`` where it names a hidden work or wish."""
        return "" if self._mentioned and self._mentioned.search(text) else text

    def evident(self, address: str) -> bool:
        """Whether an address may lead to a hidden work or wish: it holds its name, or its number."""
        return bool(self._evident and self._evident.search(address))


NOTHING_HIDDEN = Hidden()


def hidden_of(
    choices: Choices, badges: Iterable[Badge], works: Iterable[Work], wishes: Iterable[str] = ()
) -> Hidden:
    """What *choices* hide, where *badges* are those of the rules, and *works* all of the person's.

    *wishes* are the keys of all wishes that are known.
    """
    if not choices.hide:
        return NOTHING_HIDDEN
    badges = tuple(badges)
    words = frozenset(choices.hide)
    score = SCORE in words
    ids = {word for word in words if BADGE.fullmatch(word)} - {SCORE, ALL}
    if score:
        ids |= {badge.id for badge in badges if tells_points(badge)}
    asked = frozenset(word.casefold() for word in words if not BADGE.fullmatch(word))
    names = set(asked)
    for work in works:
        if _is_among(work, asked):
            names |= {name.casefold() for name in names_of(work)}
        # A change for a hidden task may be part of another work, which does not name it then.
        names |= {change.key.casefold() for change, _ in work.parts if _tasks(change) & asked}
    most = ALL in words or is_misread(choices, badges, wishes)
    numbers = {found[1] for name in names if (found := _CHANGE.fullmatch(name))}
    return Hidden(
        score or most, most, frozenset(ids), asked, frozenset(names),
        _any_of(names), _any_of(names | numbers),
    )  # fmt: skip


def is_misread(choices: Choices, badges: Iterable[Badge], wishes: Iterable[str]) -> bool:
    """Whether a hidden word is no badge, of the rules or as shipped, and no wish: nobody knows what
    was meant by it.
    """
    ids = {word for word in choices.hide if BADGE.fullmatch(word)} - {SCORE, ALL}
    others = {word for word in choices.hide if OTHER_WISH.fullmatch(word)}
    if ids and not ids <= {badge.id for badge in (*CATALOGUE, *badges)}:
        return True
    return bool(others) and not others <= {key.casefold() for key in wishes}


def tells_points(badge: Badge) -> bool:
    """Whether what a page shows of a badge tells points: a sum of them, or those of the largest work."""
    return badge.counts == "points" or bool({badge.highest, badge.distinct} & POINTS)


def _is_among(work: Work, asked: Collection[str]) -> bool:
    if not asked:
        return False
    names = set(names_of(work))
    if work.task is None:
        # A series is what remains of a task that is open again, or that only gathers others.
        names.update(*(_tasks(change) for change, _ in work.parts))
        if work.umbrella is not None:
            names.add(work.umbrella.key)
    return any(name.casefold() in asked for name in names)


def _tasks(change: Change) -> set[str]:
    return {f"t{number}" for number in change.tasks}


def _any_of(names: Iterable[str]) -> re.Pattern[str] | None:
    ordered = sorted(names)
    if not ordered:
        return None
    words = "|".join(map(re.escape, ordered))
    return re.compile(rf"(?<![0-9A-Za-z])(?:{words})(?![0-9A-Za-z])", re.I)
