"""On-wiki code: which account of another wiki is whose, by the id that all wikis share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from bot.gather import Feed, Tell, accounts_at, histories, note, start_of_feed
from bot.ledger import Ledger
from bot.ledger.people import Person
from scoring.model import Change
from sources.port import Account

BY_CENTRAL_ID = "centralids"
"""Way: that wiki says that its account belongs to the same global account."""
REACH_OF_FEED = timedelta(days=25)
"""Recent changes are kept for 30 days at least, and nothing says where they end."""


class OnWikiSource(Protocol):
    """A wiki on which code is written. Who else had a hand in a page cannot be asked there."""

    name: str

    def merged_since(self, start: datetime) -> Iterator[Change]:
        """Yield every substantial edit made at or after *start*. Raises SourceError."""

    def merged_by(self, account: str) -> Iterator[Change]:
        """Yield all substantial edits of the account with this key. Raises SourceError."""

    def account_of(self, name: str, central: int) -> Account | None:
        """The account of this name there, if its central id is *central*. Raises SourceError."""

    def standing(self, keys: Iterable[str]) -> Iterator[str]:
        """Yield those of the changes *keys* that still stand. Raises SourceError."""

    def with_usage(self, changes: Iterable[Change]) -> Iterator[Change]:
        """Yield the same changes with how much their pages are used. Raises SourceError."""


def prove_on_wiki(
    ledger: Ledger, people: Sequence[Person], source: OnWikiSource, day: date
) -> None:
    """Find the accounts on this wiki of those who have none proved yet. Raises SourceError.

    Nobody is asked for twice: whoever has no account there today is asked for by the weekly check.
    """
    asked = set(ledger.notes.recall(source.name) or ())
    known = {one.person for one in ledger.people.accounts() if one.source == source.name}
    due = [p for p in people if p.id not in known and p.central not in asked]
    if not due:
        return
    found = [(person, source.account_of(person.name, person.central)) for person in due]
    with ledger.together():
        for person, account in found:
            if account is not None:
                ledger.people.prove(
                    person, source.name, account.key, account.name, BY_CENTRAL_ID, day
                )
        missing = sorted(person.central for person, account in found if account is None)
        ledger.notes.remember(source.name, sorted({*asked, *missing}))


def check_on_wiki(ledger: Ledger, source: OnWikiSource) -> None:
    """Drop edits that were taken back since, hidden or deleted (the weekly check). Raises SourceError.

    Who had no account there is asked for again: they may have one now, or have left us.
    """
    known = ledger.facts.keys(source.name)
    gone = known - set(source.standing(known)) if known else set()
    with ledger.together():
        ledger.facts.drop(gone)
        ledger.notes.remember(source.name, [])


def catch_up(ledger: Ledger, source: OnWikiSource, now: datetime) -> None:
    """Where its feed does not reach back to our last reading, read everybody's history instead."""
    reached = ledger.notes.source(source.name).reached
    if reached is not None and now - reached > REACH_OF_FEED:
        ledger.people.histories_to_read(source.name)


def gather_edits(ledger: Ledger, source: OnWikiSource, now: datetime, tell: Tell) -> None:
    """Bring our people's edits up to date. Raises SourceError; then the next round repeats it."""
    ours, newcomers = accounts_at(ledger, source.name)
    found, read, trouble = histories(newcomers, source.merged_by)
    start = start_of_feed(ledger, source.name, now)
    feed = Feed()
    if start is not None and ours:
        heard = feed.listen(source.merged_since(start))
        mine = [one for one in heard if ours & set(one.authors)]
        found += source.with_usage(ledger.facts.news(mine))
        tell(f"{source.name}: {len(found)} edits concern us")
    with ledger.together():
        ledger.facts.store_changes(source.name, found)
        note(ledger, source.name, read, now, feed, news=bool(found))
    if trouble is not None:
        raise trouble
