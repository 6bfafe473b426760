"""Joining, leaving, being removed: make the people of the ledger those of the registry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.accounts import drop_disowned
from bot.centrals import by_known_centrals
from bot.errors import NeedsAcceptance, WikiRefused
from bot.leaving import forget_people, note_left, unsign
from bot.ledger import Ledger
from bot.ledger.people import Person
from bot.ports import PageInfo, Wiki
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
    reading = _read(wiki, ledger, title, info, limits)
    people = ledger.people.all()
    changes = Changes()
    lately: list[int] = []
    standing = ledger.people.entries()
    if reading is not None:
        changes = changes_of(reading, people)
        lately = [] if limits.accept else _lately(ledger)
        _may_go_on(reading, changes, people, title, lately, accept=limits.accept)
        lately = [] if limits.accept else [*lately, *(one.central for one in changes.hide)]
        reading, changes = _without_closed(wiki, reading, changes, people)
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


def _read(wiki: Wiki, ledger: Ledger, title: str, info: PageInfo, limits: Limits) -> Reading | None:
    reading = read_registry(wiki, ledger, title, info, limits.waiting)
    return None if reading is None else by_known_centrals(ledger, reading)


def _without_closed(
    wiki: Wiki, reading: Reading, changes: Changes, people: Sequence[Person]
) -> tuple[Reading, Changes]:
    """Refuse newcomers whose account was locked everywhere since they wrote their line."""
    known = {person.central for person in people}
    users = [one.user for one in changes.join if one.user is not None]
    closed = wiki.closed(one for one in users if one.central not in known)
    if not closed:
        return reading, changes
    verdicts = tuple(
        replace(one, user=None, says=(("account-ended",),))
        if one.user is not None and one.user.central in closed
        else one
        for one in reading.verdicts
    )
    join = tuple(one for one in verdicts if one.user is not None)
    return replace(reading, verdicts=verdicts), replace(changes, join=join)


def let_leave(wiki: Wiki, ledger: Ledger, title: str, info: PageInfo, limits: Limits) -> None:
    """Forget those who took their own entry away, although the round ends here for a human to look.

    The registry counts as unread all the same: the next round reads it again, from where it stood.

    Raises:
        WikiError: the registry cannot be read.

    """
    reading = _read(wiki, ledger, title, info, limits)
    left = () if reading is None else changes_of(reading, ledger.people.all()).left
    if left:
        with ledger.together():
            unsign(ledger, {person.user for person in left})
            forget_people(ledger, left)


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
        guard_ended(changes.vanished, people, "run --accept")


def guard_ended(gone: Sequence[Person], asked: Sequence[Person], command: str) -> None:
    """Stop before the wiki is believed that the accounts of many have ended, of those *asked* about.

    Raises:
        NeedsAcceptance: a human has to look first; *command* goes on.

    """
    if len(gone) > MANY_PEOPLE and len(gone) > MANY_SHARE * len(asked):
        raise NeedsAcceptance(
            f"The accounts of {len(gone)} of {len(asked)} people are gone from the wiki, or locked:"
            f" nothing was edited. If that is so, `{command}` goes on."
        )


def _apply(
    ledger: Ledger, people: Sequence[Person], changes: Changes, gone: Sequence[Person]
) -> None:
    before = {person.central: person for person in people}
    for verdict in changes.join:
        _join(ledger, before, verdict)
    for person in changes.hide:
        ledger.people.hide(person)
    if changes.hide:
        note_left(ledger)
    if gone:
        unsign(ledger, {person.user for person in gone})  # A line may outlast the account.
        forget_people(ledger, gone)
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
