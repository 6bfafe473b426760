"""Under which names the pages of people stand on the wiki: after a rename these still are the old ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from bot.ledger import Ledger
from bot.ledger.people import Person

PAGES = "names"
"""The memo of the names under which pages of those who are shown may stand, by the number of the person."""


def names_on_pages(ledger: Ledger) -> Mapping[int, frozenset[str]]:
    """The names under which pages of people may stand, by the number of the person."""
    known = ledger.notes.recall(PAGES) or {}
    return {int(number): frozenset(names) for number, names in known.items()}


def renamed(ledger: Ledger, people: Iterable[Person]) -> list[Person]:
    """Whose pages stand under another name, or may: they have none under their own until it is made."""
    known = names_on_pages(ledger)
    return [one for one in people if known.get(one.id, {one.name}) != {one.name}]


def first_borne(ledger: Ledger, people: Iterable[Person]) -> list[Person]:
    """Of whom no page may stand under any name: what we saved under theirs is another's."""
    known = names_on_pages(ledger)
    return [one for one in people if one.id not in known]


def heirs(ledger: Ledger, people: Iterable[Person]) -> list[Person]:
    """Who bears a name under which somebody else's pages stand: they would be taken for theirs."""
    known = names_on_pages(ledger)
    return [
        one
        for one in people
        if any(one.name in names for number, names in known.items() if number != one.id)
    ]


def note_names(ledger: Ledger, having: Collection[int], standing: Collection[int] = ()) -> None:
    """Note today's names of all *having* pages, or about to, and of whom they were noted before.

    Beside the former ones, but for those whose pages all are *standing*: nothing of theirs stands under
    another name. Both are numbers of people.
    """
    known = names_on_pages(ledger)
    before = {one: names for one, names in known.items() if one not in standing}
    now = {
        str(one.id): sorted({one.name, *before.get(one.id, ())})
        for one in ledger.people.all()
        if one.id in having or one.id in known
    }
    if now != (ledger.notes.recall(PAGES) or {}):
        ledger.notes.remember(PAGES, now)


def forget_names(ledger: Ledger, people: Iterable[Person]) -> None:
    """Forget the names of people who left: nothing keeps their pages any more."""
    ledger.notes.take_out(PAGES, (one.id for one in people))
