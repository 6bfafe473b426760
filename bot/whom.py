"""Whom ``forget NAME`` means: who bears the name on the wiki today, not who bore it once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.errors import BadgesError
from bot.ledger import Ledger
from bot.ledger.people import Person
from bot.names import names_on_pages
from bot.ports import Wiki, WikiUser


class NotSure(BadgesError):
    """The name was one person's when the ledger last looked, and is another's today."""


@dataclass(frozen=True, slots=True)
class Meant:
    """The person in the ledger, if there is one; the account on the wiki, as far as it could be asked.

    ``names`` are those under which pages may tell of them.
    """

    person: Person | None
    account: WikiUser | None
    names: frozenset[str]


def find_meant(ledger: Ledger, wiki: Wiki | None, name: str) -> Meant:
    """Who is called *name*; by the ledger alone where there is no *wiki* to ask.

    Raises:
        NotSure: the wiki means somebody else than the ledger, which has noted today's names since.
        WikiError: the wiki does not tell.

    """
    people = ledger.people.all()
    named = [one for one in people if one.name == name]
    account = wiki.users([name]).get(name) if wiki is not None else None
    if account is None:
        # Nobody is called so (any more), as far as we can see: then it is who was.
        if len(named) > 1:
            raise NotSure(
                f"{len(named)} people were called “{name}” when the ledger last looked, and the wiki does"
                " not say who is today: nobody is forgotten. Say it again once a round has gone through."
            )
        return _meant(ledger, named[0] if named else None, None, name)
    bearer = next((one for one in people if one.user == account.id), None)
    if wiki is not None and named and bearer not in named:
        raise NotSure(_who_is_who(ledger, wiki, account, named, bearer))
    return _meant(ledger, bearer, account, name)


def _meant(ledger: Ledger, person: Person | None, account: WikiUser | None, name: str) -> Meant:
    if person is None:
        return Meant(None, account, frozenset({name}))
    stand = names_on_pages(ledger).get(person.id, frozenset())
    return Meant(person, account, frozenset({name, person.name, *stand}))


def _who_is_who(
    ledger: Ledger, wiki: Wiki, account: WikiUser, named: Sequence[Person], bearer: Person | None
) -> str:
    """Say whose the name was and is, and note today's names."""
    asked = [*named, bearer] if bearer else named
    today = wiki.users_with([one.user for one in asked])
    lines = [
        f"“{account.name}” is the name of somebody else today than when the ledger last looked: nobody is"
        " forgotten.",
        *_told(account.name, named, bearer, {one.id: one.name for one in today.values()}),
        "The ledger knows today's names now: say `forget` again, with the name that the person you mean"
        " bears today.",
    ]
    with ledger.together():
        for one in asked:
            if one.user in today:
                ledger.people.rename(one, today[one.user].name)
    return " ".join(lines)


def _told(
    name: str, named: Sequence[Person], bearer: Person | None, today: dict[int, str]
) -> Iterator[str]:
    for one in named:
        now = today.get(one.user)
        yield (
            f"Who was called so is “{now}” today."
            if now
            else "Who was called so has no account any more: the next round forgets them."
        )
    yield (
        f"Who is called so today was “{bearer.name}”."
        if bearer
        else f"Who is called “{name}” today does not take part."
    )
