"""On-wiki code: which account of another wiki is whose, by the id that all wikis share."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Protocol

from bot.gather import MANY_SHARE, MANY_TASKS, Tell
from bot.ledger import Ledger
from bot.ledger.people import Person
from bot.reading import Feed, Histories, accounts_at, note, start_of_feed
from scoring.model import Change
from sources.port import Account, SourceChanged

BY_CENTRAL_ID = "centralids"
"""Way: that wiki says that its account belongs to the same global account."""
MEMO = "asked on wikis"
MANY = 50
"""So many people are asked for in one round."""
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

    So many a round and no more; nobody is asked for twice before the weekly check.
    """
    asked = _asked(ledger).get(source.name, [])
    known = {one.person for one in ledger.people.accounts(source=source.name)}
    due = [p for p in people if p.id not in known and p.central not in asked]
    for person in due[:MANY]:
        account = source.account_of(person.name, person.central)
        with ledger.together():
            if account is None:
                _note_asked(ledger, source.name, [*asked, person.central])
                asked = _asked(ledger)[source.name]
            else:
                key, name = account.key, account.name
                ledger.people.prove(person, source.name, key, name, BY_CENTRAL_ID, day)


def ask_again(ledger: Ledger, source: OnWikiSource) -> None:
    """Forget who had no account there: they may have one now (the weekly check)."""
    _note_asked(ledger, source.name, [])


def forget_on_wiki(ledger: Ledger, people: Iterable[Person]) -> None:
    """Forget that we asked for people who left."""
    gone = {person.central for person in people}
    for name, asked in _asked(ledger).items():
        _note_asked(ledger, name, [one for one in asked if one not in gone])


def asked_as(ledger: Ledger, old: Collection[int], central: int) -> None:
    """Whom we asked for by *old* central ids is known by another one now."""
    for name, asked in _asked(ledger).items():
        if not set(asked).isdisjoint(old):
            now = dict.fromkeys(central if one in old else one for one in asked)
            _note_asked(ledger, name, list(now))


def gather_edits(
    ledger: Ledger, source: OnWikiSource, now: datetime, tell: Tell, *, full: bool
) -> None:
    """Bring our people's edits up to date. Raises SourceError; then the next round goes on.

    Everybody's history is read where the feed does not reach back to our last reading, and by the
    weekly check (*full*): an edit may be taken back, hidden or deleted long after it was made.
    """
    ours, newcomers = accounts_at(ledger, source.name)
    start = start_of_feed(ledger, source.name, now)
    again = full or (start is not None and now - start > REACH_OF_FEED)
    if full:  # Before the histories: what they tell then is newer.
        _drop_gone(ledger, source)
    due = ledger.people.accounts(source=source.name) if again else newcomers
    histories = Histories(ledger, source.name, due, now)
    histories.each(
        source.merged_by, lambda edits: partial(ledger.facts.store_changes, source.name, edits)
    )
    feed = Feed()
    found: list[Change] = []
    if start is not None and ours and not again:
        heard = feed.listen(source.merged_since(start))
        mine = [one for one in heard if ours & set(one.authors)]
        found += source.with_usage(ledger.facts.news(mine))
    tell(f"{source.name}: {histories.told + len(found)} edits concern us")
    with ledger.together():
        ledger.facts.store_changes(source.name, found)
        note(ledger, source.name, now, feed, news=bool(found))
    histories.complain()


def _drop_gone(ledger: Ledger, source: OnWikiSource) -> None:
    """Forget the edits that stand no more. Raises SourceChanged if these are too many to believe it."""
    known = ledger.facts.keys(source.name)
    gone = known - set(source.standing(sorted(known))) if known else set()
    if len(gone) > MANY_TASKS and len(gone) > MANY_SHARE * len(known):
        raise SourceChanged(
            f"{source.name} does not show {len(gone)} of {len(known)} known edits any more: nothing"
            " was changed. Look whether it still shows old revisions."
        )
    if gone:
        with ledger.together():
            ledger.facts.drop(gone)
            ledger.facts.sweep()


def _asked(ledger: Ledger) -> dict[str, list[int]]:
    """Who had no account on each wiki when we asked, by central id."""
    return dict(ledger.notes.recall(MEMO) or {})


def _note_asked(ledger: Ledger, source: str, asked: list[int]) -> None:
    ledger.notes.remember(MEMO, {**_asked(ledger), source: asked})
