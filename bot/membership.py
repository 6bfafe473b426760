"""Joining, leaving, being removed: make the people of the ledger those of the registry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.accounts import drop_disowned, forget_proofs
from bot.errors import NeedsAcceptance, WikiRefused
from bot.ledger import Ledger
from bot.ledger.people import Person
from bot.onwiki import forget_on_wiki
from bot.ports import PageInfo, Wiki, WikiUser
from bot.registry import (
    MANY_PEOPLE,
    MANY_SHARE,
    MEMO,
    Changes,
    Reading,
    Verdict,
    changes_of,
    expired,
    guard,
    has_vanished,
    read_registry,
    to_memo,
    waits,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a round may do to people: how long an entry waits, and whether a human accepted it all."""

    now: datetime
    waiting: timedelta
    accept: bool = False


def follow_registry(wiki: Wiki, ledger: Ledger, title: str, info: PageInfo, limits: Limits) -> None:
    """Bring the people of the ledger up to date with the registry.

    Raises:
        NeedsAcceptance: too many people would vanish by others' hands, and nobody accepted it.
        WikiError: the registry cannot be read.

    """
    people = ledger.people.all()
    reading = read_registry(wiki, ledger, title, info, limits.waiting)
    changes = Changes()
    lately: list[int] = []
    standing = ledger.people.entries()
    if reading is not None:
        changes = changes_of(reading, people)
        lately = [] if limits.accept else _lately(ledger)
        _may_go_on(reading, changes, people, title, lately, accept=limits.accept)
        lately = [] if limits.accept else [*lately, *(one.central for one in changes.hide)]
        standing = dict(reading.standing)
        if reading.missing:
            standing = {
                digest: replace(one, removed=one.removed or limits.now)
                for digest, one in standing.items()
            }
    for digest in expired(standing, limits.now, limits.waiting):
        del standing[digest]
    joining = {verdict.user.central for verdict in changes.join if verdict.user is not None}
    gone = [
        person
        for person in people
        if person in changes.vanished
        or (person.central not in joining and not waits(person, standing))
    ]
    with ledger.together():
        ledger.people.keep_entries(standing)
        if reading is not None:
            ledger.notes.remember(MEMO, {**to_memo(reading), "lately": lately})
        _apply(ledger, people, changes, gone)


def let_leave(wiki: Wiki, ledger: Ledger, title: str, info: PageInfo, limits: Limits) -> None:
    """Forget those who took their own entry away, although the round ends here for a human to look.

    The registry counts as unread all the same: the next round reads it again, from where it stood.

    Raises:
        WikiError: the registry cannot be read.

    """
    reading = read_registry(wiki, ledger, title, info, limits.waiting)
    left = () if reading is None else changes_of(reading, ledger.people.all()).left
    if left:
        with ledger.together():
            _unsign(ledger, {person.user for person in left})
            _forget(ledger, left)


def _unsign(ledger: Ledger, ids: Set[int]) -> None:
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


def follow_accounts(wiki: Wiki, ledger: Ledger, limits: Limits) -> None:
    """Look at everybody's wiki account by its id: who has another name, and whose account has ended.

    Vanished, hidden, locked everywhere: that is leaving, at once. Blocked on this wiki alone is not.

    Raises:
        NeedsAcceptance: too many accounts ended in one go to believe it, and nobody accepted it.
        WikiError: the wiki does not tell.

    """
    people = ledger.people.all()
    today = wiki.users_with(sorted(person.user for person in people))
    closed = wiki.closed(today[person.user] for person in people if person.user in today)
    gone = [person for person in people if _has_ended(today.get(person.user), closed)]
    many = len(gone) > MANY_PEOPLE and len(gone) > MANY_SHARE * len(people)
    if many and not limits.accept:
        raise NeedsAcceptance(
            f"The accounts of {len(gone)} of {len(people)} people are gone from the wiki, or locked:"
            " nothing was edited. If that is so, `run --full --accept` goes on."
        )
    with ledger.together():
        for person in people:
            if person not in gone and today[person.user].name != person.name:
                ledger.people.rename(person, today[person.user].name)
        if gone:
            _end_entries(ledger, gone)
            _forget(ledger, gone)


def _has_ended(user: WikiUser | None, closed: frozenset[int]) -> bool:
    return user is None or user.central in closed or has_vanished(user.name)


def _end_entries(ledger: Ledger, gone: Sequence[Person]) -> None:
    """Their lines may still stand on the page: nobody is taken for the author of them any more."""
    digests = {person.digest for person in gone}
    standing = ledger.people.entries()
    ledger.people.keep_entries({d: one for d, one in standing.items() if d not in digests})
    memo = ledger.notes.recall(MEMO)
    if memo is not None:
        ended = {person.central for person in gone}
        entries = [
            {**one, "central": None, "says": [["account-ended"]]}
            if one["central"] in ended
            else one
            for one in memo["entries"]
        ]
        ledger.notes.remember(MEMO, {**memo, "entries": entries})


def _forget(ledger: Ledger, gone: Sequence[Person]) -> None:
    for person in gone:
        ledger.people.forget(person)
    forget_proofs(ledger, gone)
    forget_on_wiki(ledger, gone)
    _forget_reading(ledger, {person.central for person in gone})
    ledger.facts.sweep()


def _forget_reading(ledger: Ledger, gone: Set[int]) -> None:
    """Take people, by their central ids, out of what is remembered of the registry."""
    memo = ledger.notes.recall(MEMO)
    if memo is not None:
        entries = [one for one in memo["entries"] if one["central"] not in gone]
        lately = [one for one in memo.get("lately", ()) if one not in gone]
        ledger.notes.remember(MEMO, {**memo, "entries": entries, "lately": lately})


def _lately(ledger: Ledger) -> list[int]:
    """Who was hidden by others' hands since a human last agreed, by central id."""
    memo = ledger.notes.recall(MEMO) or {}
    return list(memo.get("lately", ()))


def _may_go_on(
    reading: Reading,
    changes: Changes,
    people: Sequence[Person],
    title: str,
    lately: Sequence[int],
    *,
    accept: bool,
) -> None:
    if reading.missing and not people:
        raise WikiRefused(
            f"There is no page [[{title}]]: install the pages with `publish`, or set BADGES_ROOT"
            " to where they are."
        )
    if not accept:
        guard(reading, changes, people, lately)


def _apply(
    ledger: Ledger, people: Sequence[Person], changes: Changes, gone: Sequence[Person]
) -> None:
    before = {person.central: person for person in people}
    for verdict in changes.join:
        _join(ledger, before, verdict)
    for person in changes.hide:
        ledger.people.hide(person)
    if gone:
        _forget(ledger, gone)
    elif changes.join:  # Who stays may have disowned an account.
        ledger.facts.sweep()


def _join(ledger: Ledger, before: Mapping[int, Person], verdict: Verdict) -> None:
    user = verdict.user
    if user is None:
        return
    if user.central in before:
        drop_disowned(ledger, before[user.central], verdict.developer, verdict.claims)
    ledger.people.join(
        user.central, user.id, user.name, verdict.developer, verdict.digest, verdict.claims,
        verdict.paid, verdict.choices,
    )  # fmt: skip
