"""Central ids that come later: of an account attached since, or because the wiki has CentralAuth now.

On this wiki the local id is who somebody is, and never changes. The central one may be missing at first
(``WikiUser``), or for a while; nobody is another person, or two, for that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.leaving import forget_people
from bot.ledger import Ledger
from bot.ledger.people import Person
from bot.onwiki import asked_as
from bot.ports import WikiUser
from bot.registry import MEMO, Reading, Verdict


def follow_centrals(ledger: Ledger, users: Iterable[WikiUser]) -> Mapping[int, int]:
    """Bring the central ids of people up to date with their accounts; say them by the ids here.

    A real one stays where the wiki tells none. Of somebody who was taken for two the shown one stays.
    """
    people: dict[int, list[Person]] = {}
    for person in ledger.people.all():
        people.setdefault(person.user, []).append(person)
    known = {}
    for user in users:
        mine = people.get(user.id, ())
        if mine:
            real = user.central > 0
            known[user.id] = user.central if real else max(one.central for one in mine)
            _know_as(ledger, mine, known[user.id])
    return known


def by_known_centrals(ledger: Ledger, reading: Reading) -> Reading:
    """The same reading, each account with the central id by which the ledger knows it from now on."""
    known = follow_centrals(ledger, [one.user for one in reading.verdicts if one.user is not None])

    def as_known(one: Verdict) -> Verdict:
        user = one.user
        if user is None:
            return one
        return replace(one, user=replace(user, central=known.get(user.id, user.central)))

    return replace(reading, verdicts=tuple(as_known(one) for one in reading.verdicts))


def _know_as(ledger: Ledger, mine: Iterable[Person], central: int) -> None:
    """Make one person of *mine*, with this central id."""
    stays, *doubles = sorted(mine, key=lambda one: (not one.shown, one.central != central, one.id))
    old = {one.central for one in (stays, *doubles)} - {central}
    if not old:
        return
    with ledger.together():
        if doubles:  # First: what is remembered by the id of a double is soon that of who stays.
            forget_people(ledger, doubles)
        _rename_in_memos(ledger, old, central)
        ledger.people.know_as(stays, central)


def _rename_in_memos(ledger: Ledger, old: set[int], central: int) -> None:
    """Whatever is remembered of people by their central ids is so by the new one."""
    memo = ledger.notes.recall(MEMO)
    if memo is not None:
        entries = [
            {**one, "central": central} if one["central"] in old else one for one in memo["entries"]
        ]
        lately = [central if one in old else one for one in memo.get("lately", ())]
        ledger.notes.remember(MEMO, {**memo, "entries": entries, "lately": lately})
    asked_as(ledger, old, central)
