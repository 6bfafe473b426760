"""Whose choices are new since all pages stood as they should: their pages are made anew first."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from bot.ledger import Ledger
from bot.ledger.people import Person

PUBLISHED = "choices"
"""The memo of the lines of those who hide anything or are on the wall, by the number of the person, when
last nothing of theirs was left to publish."""


def chose_anew(ledger: Ledger, people: Iterable[Person]) -> list[Person]:
    """Everybody whose line is new and hides something, or did or was on the wall: that cannot wait."""
    known = ledger.notes.recall(PUBLISHED) or {}
    return [
        one
        for one in people
        if (one.choices.hide or str(one.id) in known) and one.digest != known.get(str(one.id))
    ]


def note_choices(ledger: Ledger, people: Iterable[Person], standing: Collection[int]) -> None:
    """Note of those whose pages all are *standing* (numbers of people) that they do as they chose."""
    known = ledger.notes.recall(PUBLISHED) or {}
    chosen = {
        str(one.id): one.digest if one.id in standing else known.get(str(one.id))
        for one in people
        if one.choices.hide or one.choices.wall or (one.id not in standing and str(one.id) in known)
    }
    now = {one: digest for one, digest in chosen.items() if digest is not None}
    if now != known:
        ledger.notes.remember(PUBLISHED, now)


def forget_choices(ledger: Ledger, people: Iterable[Person]) -> None:
    """Forget what people who left had chosen."""
    ledger.notes.take_out(PUBLISHED, (one.id for one in people))
