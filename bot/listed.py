"""Stop before a list of the community takes pages or tiers from many people at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.errors import NeedsAcceptance
from bot.lately import lately_gone
from bot.ledger import Ledger
from bot.ledger.people import Person
from bot.registry import MANY_PEOPLE, MANY_SHARE
from bot.rulebook import Rulebook
from wikitext.registry import Period
from wikitext.rules_page import TITLE

MEMO = "hit by lists"
"""The numbers of those whom the lists hit lately, each with the day."""


def guard_lists(
    ledger: Ledger,
    before: Rulebook,
    now: Rulebook,
    people: Sequence[Person],
    today: date,
    *,
    accept: bool,
) -> None:
    """Compare the lists of the last round with those of now, as far as they concern *people*.

    Who was hit lately counts, too, until a human agrees (*accept*).

    Raises:
        NeedsAcceptance: many of them are newly excluded, or newly paid.

    """
    excluded = {one.id for one in people if now.excludes(one) and not before.excludes(one)}
    paid = {one.id for one in people if _adds(before.paid(one), now.paid(one))}
    free = {str(one.id) for one in people if not (now.excludes(one) or now.paid(one))}
    known = ledger.notes.recall(MEMO) or {}
    noted = {one: day for one, day in known.items() if int(one) in {p.id for p in people}}
    hit = lately_gone(noted, map(str, excluded | paid), free, today)
    if accept:  # Also where it is few today: these are agreed to.
        hit = {}
    elif (excluded or paid) and len(hit) > MANY_PEOPLE and len(hit) > MANY_SHARE * len(people):
        raise NeedsAcceptance(_says(len(hit), len(people), len(excluded), len(paid)))
    if hit != known:
        ledger.notes.remember(MEMO, hit)


def _says(hit: int, people: int, excluded: int, paid: int) -> str:
    sooner = hit - excluded - paid
    lately = f"; {sooner} more were hit in the last days" if sooner > 0 else ""
    return (
        f"The lists on [[{TITLE}]] would exclude {excluded} of {people} people, and take work as paid"
        f" from {paid}{lately}: nothing was edited. Mend the page, or accept it with `run --accept`."
    )


def _adds(before: Sequence[Period], now: Sequence[Period]) -> bool:
    """Whether some period of *now* lies in none of those *before*."""
    return any(not any(_within(one, other) for other in before) for one in now)


def _within(one: Period, other: Period) -> bool:
    (first, last), (begin, end) = one, other
    return begin <= first and (end is None or (last is not None and last <= end))
