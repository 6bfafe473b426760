"""Stop before a list of the community takes pages or tiers from many people at once."""

from __future__ import annotations

from collections.abc import Sequence

from bot.errors import NeedsAcceptance
from bot.ledger.people import Person
from bot.registry import MANY_PEOPLE, MANY_SHARE
from bot.rulebook import Rulebook
from wikitext.registry import Period
from wikitext.rules_page import TITLE


def guard_lists(before: Rulebook, now: Rulebook, people: Sequence[Person]) -> None:
    """Compare the lists of the last round with those of now, as far as they concern *people*.

    Raises:
        NeedsAcceptance: many of them are newly excluded, or newly paid.

    """
    excluded = {one.id for one in people if now.excludes(one) and not before.excludes(one)}
    paid = {one.id for one in people if _adds(before.paid(one), now.paid(one))}
    many = len(excluded | paid)
    if many > MANY_PEOPLE and many > MANY_SHARE * len(people):
        raise NeedsAcceptance(
            f"The lists on [[{TITLE}]] would exclude {len(excluded)} of {len(people)} people, and take"
            f" work as paid from {len(paid)}: nothing was edited. Mend the page, or accept it with"
            " `run --accept`."
        )


def _adds(before: Sequence[Period], now: Sequence[Period]) -> bool:
    """Whether some period of *now* lies in none of those *before*."""
    return any(not any(_within(one, other) for other in before) for one in now)


def _within(one: Period, other: Period) -> bool:
    (first, last), (begin, end) = one, other
    return begin <= first and (end is None or (last is not None and last <= end))
