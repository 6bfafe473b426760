"""Prove accounts: an entry is a claim, a link that both sides keep is a proof (DESIGN 4).

The way: wiki account → Phabricator by ``user.mediawikiquery``; the developer name of the entry →
the same Phabricator account by ``user.ldapquery``; then that developer account's name at Gerrit.
A proof is a fact with a day. It never ends because an answer is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from bot.ledger import Ledger
from bot.ledger.people import Person
from sources.port import ChangeSource, TaskSource

BY_WIKI = "user.mediawikiquery"
BY_DEVELOPER = "user.ldapquery"
MEMO = "proofs"

Says = tuple[tuple[str, ...], ...]


def prove_again(ledger: Ledger) -> None:
    """Note that proofs are due: kept until every source that has a part in them has answered."""
    ledger.notes.remember(MEMO, {**_memo(ledger), "due": ["phabricator", "gerrit"]})


def unproved(ledger: Ledger) -> dict[int, list[list[str]]]:
    """What to tell people about accounts that are not proved, by the id of the person."""
    memo = _memo(ledger)
    found: dict[int, list[list[str]]] = {}
    for source in ("phabricator", "gerrit"):
        for number, words in memo[source].items():
            found.setdefault(int(number), []).extend(words)
    return found


def prove_at_phabricator(
    ledger: Ledger, people: Sequence[Person], phabricator: TaskSource, day: date
) -> None:
    """Prove what is due: whose Phabricator account is whose, and which developer names are true.

    Raises:
        SourceError: what was proved before stands, and proofs stay due.

    """
    if "phabricator" not in _memo(ledger)["due"]:
        return
    names = sorted({person.name for person in people})
    linked = phabricator.linked_to_wiki(names) if names else {}
    developers = sorted({person.developer for person in people if person.developer})
    found = phabricator.linked_to_developer(developers) if developers else {}
    says: dict[str, Says] = {}
    owned: list[int] = []
    with ledger.together():
        for person in people:
            accounts = linked.get(person.name, ())
            words: list[tuple[str, ...]] = [] if accounts else [("not-linked-phabricator",)]
            for one in accounts:
                if not ledger.people.prove(
                    person, phabricator.name, one.key, one.name, BY_WIKI, day
                ):
                    words.append(("disputed",))
            keys = {one.key for one in accounts}
            # Both names must lead to the same Phabricator account: that is the proof.
            if keys & {one.key for one in found.get(person.developer, ())}:
                owned.append(person.id)
            elif accounts:
                words.append(("developer-not-proved" if person.developer else "no-developer-name",))
            says[str(person.id)] = tuple(words)
        _done(ledger, "phabricator", says, owned)


def prove_at_gerrit(
    ledger: Ledger, people: Sequence[Person], gerrit: ChangeSource, day: date
) -> None:
    """Find the Gerrit accounts of proved developer names.

    Raises:
        SourceError: what was proved before stands, and proofs stay due.

    """
    memo = _memo(ledger)
    if memo["due"] != [gerrit.name]:
        return  # Nothing is due, or it is not known yet which developer names are true.
    known = {
        account.person for account in ledger.people.accounts() if account.source == gerrit.name
    }
    asked = [p for p in people if p.id in memo["owned"] and p.id not in known]
    found = {person.id: gerrit.account_named(person.developer) for person in asked}
    says: dict[str, Says] = {}
    with ledger.together():
        for person in asked:
            owner = found[person.id]
            if owner is None:
                says[str(person.id)] = (("no-gerrit-account",),)
            elif not ledger.people.prove(
                person, gerrit.name, owner.key, owner.name, BY_DEVELOPER, day
            ):
                says[str(person.id)] = (("disputed",),)
        _done(ledger, gerrit.name, says, memo["owned"])


def forget_proofs(ledger: Ledger, people: Iterable[Person]) -> None:
    """Drop what was noted about people who left: their numbers may be given to others."""
    memo = _memo(ledger)
    gone = {person.id for person in people}
    kept = {
        source: {number: words for number, words in memo[source].items() if int(number) not in gone}
        for source in ("phabricator", "gerrit")
    }
    owned = [number for number in memo["owned"] if number not in gone]
    ledger.notes.remember(MEMO, {**memo, **kept, "owned": owned})


def drop_disowned(ledger: Ledger, person: Person, developer: str) -> None:
    """The entry names another developer account now: what was proved by the old name ends."""
    if person.developer == developer:
        return
    for account in ledger.people.accounts(person):
        if account.way == BY_DEVELOPER:
            ledger.people.drop_account(account)


def _memo(ledger: Ledger) -> dict[str, Any]:
    empty: dict[str, Any] = {"due": [], "owned": [], "phabricator": {}, "gerrit": {}}
    return {**empty, **(ledger.notes.recall(MEMO) or {})}


def _done(ledger: Ledger, source: str, says: dict[str, Says], owned: list[int]) -> None:
    memo = _memo(ledger)
    due = [one for one in memo["due"] if one != source]
    ledger.notes.remember(MEMO, {**memo, "due": due, "owned": owned, source: says})
