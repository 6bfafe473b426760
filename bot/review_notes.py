"""What the report says of reviews: lines that wait, are wrong, were refused, or do nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from bot.acceptance import SHOWN
from bot.ledger import Ledger
from bot.ledger.rulings import (
    ACCEPTED,
    NOT_ACCEPTED,
    OWN,
    PENDING,
    SUPERSEDED,
    TOO_EARLY,
    JudgedReview,
    KeptReview,
    Reviewed,
    task_number,
)
from bot.ledger.views import View
from bot.reviewed import CORRECTIONS
from bot.reviews import REVIEWS
from scoring.rules import Rules

_WORDS = {
    PENDING: "review-waits",
    NOT_ACCEPTED: "review-not-accepted",
    OWN: "review-own",
    SUPERSEDED: "review-superseded",
    TOO_EARLY: "review-too-early",
}
_LAST = (NOT_ACCEPTED, PENDING)
"""Anybody can write any number of these: they come after what a reviewer wrote."""


def works_in(reviews: Reviewed, view: View) -> set[str]:
    """The keys by which reviews name a work of this view: of its changes, and of its closed tasks."""
    closed = {one.key for one in view.tasks if one.public and one.status in _CLOSED}
    return reviews.by_work.keys() & (closed | {one.key for one in view.changes})


_CLOSED = ("resolved", "duplicate")


def review_notes(
    ledger: Ledger, reviews: Reviewed, rules: Rules, works: Collection[str]
) -> list[dict[str, Any]]:
    """Notes on lines, by page and line; where they are too many for a page, reviewers' own first.

    *works* are the keys of works that are somebody's (``works_in``).
    """
    notes = [(_rank(one), _note(one, says)) for one, says in _said(ledger, reviews, rules, works)]
    notes += [
        (len(_LAST), {"page": int(year), "line": line, "revision": 0, "says": [says]})
        for year, memo in (ledger.notes.recall(REVIEWS) or {}).items()
        for line, says in memo.get("notes", ())
    ]
    first = sorted(notes, key=lambda one: (one[0], *_place(one[1])))[:SHOWN]
    return sorted((note for _, note in first), key=_place)


def _said(
    ledger: Ledger, reviews: Reviewed, rules: Rules, works: Collection[str]
) -> Iterator[tuple[JudgedReview, list[str]]]:
    given = sorted(one.id for one in rules.badges if one.counts == "given")
    shown = ledger.tasks.shown()
    for of_work in reviews.by_work.values():
        for one in of_work:
            says = [_WORDS[one.state]] if one.state in _WORDS else None
            if one.state == ACCEPTED:
                says = _in_vain(one.review, works, shown, given)
            if says:
                yield one, says


def _in_vain(
    one: KeptReview, works: Collection[str], shown: Collection[int], given: Collection[str]
) -> list[str] | None:
    """Why an accepted review does nothing, or not what it seems to."""
    if one.kind == "badge":
        return None if one.value in given else ["review-not-given", ", ".join(given) or "–"]
    if one.kind in CORRECTIONS and one.work not in works:
        return ["review-no-work"]
    if one.kind == "same" and task_number(one.value) not in shown:
        return ["review-same-unknown"]
    return None


def _rank(one: JudgedReview) -> int:
    return _LAST.index(one.state) if one.state in _LAST else -1


def _note(one: JudgedReview, says: list[str]) -> dict[str, Any]:
    review = one.review
    return {"page": review.page, "line": review.line, "revision": review.revision, "says": [says]}


def _place(note: Mapping[str, Any]) -> tuple[int, int]:
    return note["page"], note["line"]
