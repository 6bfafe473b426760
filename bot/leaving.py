"""Forgetting people: everything in the ledger that is theirs alone, and who they were."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import replace

from bot.accounts import forget_proofs
from bot.choices import forget_choices
from bot.ledger import Ledger
from bot.ledger.people import Person
from bot.listed import MEMO as HIT
from bot.names import forget_names
from bot.onwiki import forget_on_wiki
from bot.registry import MEMO

LEFT = "left"
"""The memo whether somebody left of whom the wiki may still tell."""


def forget_people(ledger: Ledger, gone: Sequence[Person]) -> None:
    """Forget people who left, and every fact that nobody else shares."""
    note_left(ledger)
    for person in gone:
        ledger.people.forget(person)
    forget_proofs(ledger, gone)
    forget_on_wiki(ledger, gone)
    forget_choices(ledger, gone)
    forget_names(ledger, gone)
    ledger.notes.take_out(HIT, (person.id for person in gone))  # A number may come again.
    _forget_reading(ledger, {person.central for person in gone})
    ledger.facts.sweep()


def note_left(ledger: Ledger) -> None:
    """Note that the wiki may tell of somebody whom it is not to tell of."""
    ledger.notes.remember(LEFT, True)


def has_anybody_left(ledger: Ledger) -> bool:
    """Whether the wiki may tell of somebody whom it is not to tell of."""
    return bool(ledger.notes.recall(LEFT))


def note_gone(ledger: Ledger) -> None:
    """Note that the wiki tells of nobody any more who left."""
    if has_anybody_left(ledger):
        ledger.notes.remember(LEFT, False)


def _forget_reading(ledger: Ledger, gone: Set[int]) -> None:
    """Take people, by their central ids, out of what is remembered of the registry."""
    memo = ledger.notes.recall(MEMO)
    if memo is not None:
        entries = [one for one in memo["entries"] if one["central"] not in gone]
        lately = [one for one in memo.get("lately", ()) if one not in gone]
        ledger.notes.remember(MEMO, {**memo, "entries": entries, "lately": lately})


def unsign(ledger: Ledger, ids: Set[int]) -> None:
    """Take these accounts from the entries they brought.

    Those still on the page stay, as nobody's: the next reading must not take them for what somebody
    else brought.
    """
    kept = {}
    for digest, one in ledger.people.entries().items():
        adders = one.adders - ids
        if adders == one.adders or adders or one.removed is None:
            kept[digest] = replace(one, adders=adders)
    ledger.people.keep_entries(kept)


def end_entries(ledger: Ledger, gone: Iterable[Person], says: str = "account-ended") -> None:
    """Their lines may still stand on the page: nobody is taken for the author of them any more.

    The report *says* why.
    """
    gone = list(gone)
    unsign(ledger, {person.user for person in gone})
    memo = ledger.notes.recall(MEMO)
    if memo is not None:
        ended = {person.central for person in gone}
        entries = [
            {**one, "central": None, "says": [[says]]} if one["central"] in ended else one
            for one in memo["entries"]
        ]
        ledger.notes.remember(MEMO, {**memo, "entries": entries})
