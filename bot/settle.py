"""Write down what a reviewer decided of an account that several people proved to be theirs."""

from __future__ import annotations

from bot.errors import BadgesError
from bot.explain import find_person
from bot.ledger import Ledger
from bot.ledger.people import ProvedAccount


class NothingToSettle(BadgesError):
    """There is no such dispute, or the person is not part of it."""


def settle_account(ledger: Ledger, source: str, name: str, who: str) -> list[str]:
    """The account called *name* at *source*, or with this key, is *who*'s; return what happened, in lines.

    A decision can be changed by another. The caller holds the lock.

    Raises:
        NotFoundInLedger: nobody of the name *who* takes part.
        NothingToSettle: what was asked for cannot be; nothing was written.

    """
    person = find_person(ledger, who)
    account, claimants = _find(ledger, source, name)
    if not claimants:
        raise NothingToSettle(
            f"Only one person proved {source}: {account.name}, so there is nothing to settle."
        )
    if not ledger.people.settle(account.id, person.id):
        raise NothingToSettle(
            f"{person.name} did not prove {source}: {account.name}, so it cannot be theirs."
            " `explain PERSON` lists what somebody proved."
        )
    names = {one.id: one.name for one in ledger.people.all()}
    others = sorted({account.person, *claimants} - {person.id})
    return [
        f"{source}: {account.name} ({account.key}) is {person.name}'s, by decision.",
        *(f"{names[number]} proved it, too, and earns nothing by it." for number in others),
        "The next round says so on the wiki.",
    ]


def _find(ledger: Ledger, source: str, name: str) -> tuple[ProvedAccount, list[int]]:
    """The one account that is meant, and the ids of those who proved it beside its holder."""
    held = ledger.people.accounts(source=source)
    others: dict[int, list[int]] = {}
    for one in ledger.people.claimants():
        others.setdefault(one.id, []).append(one.person)
    found = [one for one in held if name in (one.key, one.name)]
    # A name may have changed hands: where several were called so, the one in dispute is meant.
    found = [one for one in found if one.id in others] or found
    if not found:
        raise NothingToSettle(
            f"Nobody proved an account “{name}” at {source}, as far as the ledger knows."
        )
    if len(found) > 1:
        keys = ", ".join(one.key for one in found)
        raise NothingToSettle(
            f"Several accounts at {source} are called “{name}”: give one of the keys {keys}."
        )
    return found[0], others.get(found[0].id, [])
