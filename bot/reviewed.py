"""What reviews say to one person: rulings on their works, badges given to them, what their pages show.

Nobody else is in it: of those a review names, a person's pages know that person, and a number of others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from bot.ledger.background import ME
from bot.ledger.rulings import (
    ACCEPTED,
    SUPERSEDED,
    JudgedReview,
    KeptReview,
    Reviewed,
    task_number,
)
from bot.ledger.views import View
from scoring.model import OTHER, Ruling

CORRECTIONS = ("size", "impact", "fix", "split", "same", "by", "not-by")
MOST_PENDING = 5
"""Anybody can write any number of lines about any work."""

Shown = Mapping[str, list[dict[str, Any]]]
"""What is shown of the reviews of each work, by its key."""


def rulings_for(user: int, reviews: Reviewed, view: View) -> Mapping[str, Ruling]:
    """What accepted reviews say of the works in the view of the person with this id."""
    there = _keys(view)
    found: dict[str, Ruling] = {}
    for one in reviews.saying(*CORRECTIONS):
        # Phabricator may know the other task: until it was asked, this one is still itself.
        unasked = one.kind == "same" and task_number(one.value) in view.unasked
        if one.work in there and not unasked:
            found[one.work] = _with(found.get(one.work, Ruling()), one, user)
    return {key: ruling for key, ruling in found.items() if ruling != Ruling()}


def given_to(user: int, reviews: Reviewed) -> tuple[tuple[str, date, str], ...]:
    """The badges that people gave to the person with this id, by day: id, day, evidence."""
    found = (
        (one.value, one.day, one.evidence)
        for one in reviews.saying("badge")
        if user in one.people and one.day is not None
    )
    return tuple(sorted(set(found), key=lambda one: (one[1], one[0], one[2])))


def decided_tasks(reviews: Reviewed) -> set[int]:
    """The tasks of which a reviewer confirmed who resolved them."""
    return {task_number(one.work) for one in reviews.saying("by")}


def shown_reviews(reviews: Reviewed, view: View) -> Shown:
    """The reviews of the works in a view: all that are accepted, the first few that wait.

    The other work of a comparison is told only if it is in the view, too: it may be a secret task.
    """
    there = _keys(view)
    public = there - {task.key for task in view.tasks if not task.public}
    return {
        work: [_shown(one, public) for one in _first_few(reviews.by_work[work])]
        for work in sorted(there & reviews.by_work.keys())
    }


def _first_few(reviews: Iterable[JudgedReview]) -> Iterator[JudgedReview]:
    waiting: set[tuple[str, str]] = set()
    for one in reviews:
        says = (one.review.kind, one.review.value)
        if one.state == ACCEPTED:
            yield one
        elif one.state != SUPERSEDED and says not in waiting and len(waiting) < MOST_PENDING:
            waiting.add(says)
            yield one


def _shown(one: JudgedReview, public: set[str]) -> dict[str, Any]:
    return {
        "what": one.review.kind,
        "value": "" if one.review.works - public else one.review.value,
        "state": "accepted" if one.state == ACCEPTED else "pending",
        "revision": one.review.revision,
    }


def _keys(view: View) -> set[str]:
    return {task.key for task in view.tasks} | {change.key for change in view.changes}


def _with(ruling: Ruling, one: KeptReview, user: int) -> Ruling:
    says: dict[str, Any] = {
        "size": {"size": one.value},
        "impact": {"impact": one.value},
        "fix": {"void": True},
        "split": {"split": True},
        "by": {"done_by": _authors(one, user)},
        # Of anybody else's part it makes no difference to this person who has it.
        "not-by": {"not_by": (ME,)} if user in one.people else {},
    }
    if one.kind == "same":
        return replace(ruling, into=task_number(one.value))
    return replace(ruling, **says[one.kind])


def _authors(one: KeptReview, user: int) -> Sequence[str]:
    mine = user in one.people
    others = len(one.people) + one.others - mine
    return (*((ME,) if mine else ()), *(f"{OTHER}{number}" for number in range(1, others + 1)))
