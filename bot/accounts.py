"""Prove accounts: an entry is a claim, a link that both sides keep is a proof (DESIGN 4).

The way: wiki account → Phabricator by ``user.mediawikiquery``; the developer name of the entry →
the same Phabricator account by ``user.ldapquery``; then that developer account's name at Gerrit.
A proof is a fact with a day. It never ends because an answer is missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from bot.ledger import Ledger
from bot.ledger.people import Person
from sources.port import Account, ChangeSource, TaskSource

BY_WIKI = "user.mediawikiquery"
BY_DEVELOPER = "user.ldapquery"

Says = tuple[tuple[str, ...], ...]


def prove_accounts(
    ledger: Ledger,
    people: Sequence[Person],
    phabricator: TaskSource | None,
    gerrit: ChangeSource | None,
    day: date,
) -> Mapping[int, Says]:
    """Try to prove what is not proved yet; return what to tell each person, by person id.

    Raises:
        SourceError: a source could not be asked; what was proved before stands.

    """
    if phabricator is None or not people:
        return {}
    linked = phabricator.linked_to_wiki(sorted({person.name for person in people}))
    names = sorted({person.developer for person in people if person.developer})
    developers = phabricator.linked_to_developer(names) if names else {}
    return {
        person.id: _prove(
            ledger,
            person,
            linked.get(person.name, ()),
            developers.get(person.developer, ()),
            gerrit,
            day,
        )
        for person in people
    }


def drop_disowned(ledger: Ledger, person: Person, developer: str) -> None:
    """The entry names another developer account now: what was proved by the old name ends."""
    if person.developer == developer:
        return
    for account in ledger.people.accounts(person):
        if account.way == BY_DEVELOPER:
            ledger.people.drop_account(account)


def _prove(
    ledger: Ledger,
    person: Person,
    linked: Sequence[Account],
    developers: Sequence[Account],
    gerrit: ChangeSource | None,
    day: date,
) -> Says:
    if not linked:
        return (("not-linked-phabricator",),)
    says: list[tuple[str, ...]] = []
    for account in linked:
        if not ledger.people.prove(person, "phabricator", account.key, account.name, BY_WIKI, day):
            says.append(("disputed",))
    if not person.developer:
        return (*says, ("no-developer-name",))
    # Both names must lead to the same Phabricator account: that is the proof.
    if not {account.key for account in linked} & {account.key for account in developers}:
        return (*says, ("developer-not-proved",))
    if gerrit is None:
        return tuple(says)
    owner = gerrit.account_named(person.developer)
    if owner is None:
        return (*says, ("no-gerrit-account",))
    if not ledger.people.prove(person, gerrit.name, owner.key, owner.name, BY_DEVELOPER, day):
        says.append(("disputed",))
    return tuple(says)
