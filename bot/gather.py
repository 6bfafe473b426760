"""Ask each source what is new, and keep it: feeds for everybody, histories for newcomers only.

Each source is stored in one transaction, together with its cursor: a reading that fails anywhere
leaves nothing behind, and is repeated from its start by the next round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from bot.ledger import Ledger
from bot.ledger.people import ProvedAccount
from scoring.model import Change
from sources.port import ChangeSource, FoundTask, SourceChanged, SourceError, TaskSource

OVERLAP = timedelta(minutes=10)
"""Feeds are read from a little before the last reading: a source's clock and index lag behind."""

MANY_TASKS = 3
MANY_SHARE = 0.20
"""More known tasks than both of these vanish together only where something else is wrong."""

Tell = Callable[[str], None]
T = TypeVar("T")


def gather_tasks(ledger: Ledger, source: TaskSource, now: datetime, tell: Tell) -> None:
    """Bring the tasks of the ledger up to date. Raises SourceError; then the next round repeats it."""
    ours, newcomers = _accounts(ledger, source.name)
    found, read, trouble = _histories(newcomers, source.resolved_by)
    if newcomers:
        tell(f"{source.name}: {len(found)} tasks in the histories of newcomers")
    start = _start(ledger, source.name, now)
    shared = ledger.facts.shared_tasks()
    if start is not None and (ours or shared):
        found += _relevant(source.modified_since(start), shared, ours)
    with ledger.together():
        ledger.facts.store_tasks(source.name, found)
        _note(ledger, source.name, read, now, news=bool(found))
    if trouble is not None:
        raise trouble


def ask_unknown_tasks(ledger: Ledger, source: TaskSource, tell: Tell) -> None:
    """Ask by number for tasks that changes named: none is shown before. Raises SourceError."""
    unknown = ledger.facts.unknown_tasks()
    if not unknown:
        return
    found = list(source.tasks(sorted(unknown)))
    tell(f"{source.name}: asked for {len(unknown)} tasks by number")
    with ledger.together():
        ledger.facts.store_tasks(source.name, found)
        ledger.facts.sweep()


def check_tasks(ledger: Ledger, source: TaskSource, tell: Tell) -> None:
    """Ask again for every task of the ledger by its number (the weekly check).

    Raises:
        SourceError: it could not be asked, or does not show so many known tasks any more that
            something else must be wrong; nothing was stored.

    """
    shown = ledger.facts.shown_tasks()
    found = list(source.tasks(sorted(ledger.facts.shared_tasks())))
    tell(f"{source.name}: asked again for {len(found)} tasks")
    lost = shown & {one.number for one in found if one.task is None}
    if len(lost) > MANY_TASKS and len(lost) > MANY_SHARE * len(shown):
        raise SourceChanged(
            f"{source.name} does not show {len(lost)} of {len(shown)} known tasks any more: nothing"
            " was changed. Look whether the token still sees public tasks."
        )
    with ledger.together():
        ledger.facts.store_tasks(source.name, found)
        ledger.facts.sweep()


def gather_changes(ledger: Ledger, source: ChangeSource, now: datetime, tell: Tell) -> None:
    """Bring the changes of the ledger up to date. Raises SourceError; then the next round repeats it."""
    ours, newcomers = _accounts(ledger, source.name)
    news, read, trouble = _histories(newcomers, source.merged_by)
    if newcomers:
        tell(f"{source.name}: {len(news)} changes in the histories of newcomers")
    start = _start(ledger, source.name, now)
    shared = ledger.facts.shared_tasks()
    if start is not None and (ours or shared):
        news += ledger.facts.news(_feed(ledger, source, start, ours, shared, tell))
    shared |= {number for one in news if ours & set(one.authors) for number in one.tasks}
    touched = {number for one in news for number in one.tasks} & shared
    touched |= ledger.facts.unheld_works()
    together = list(source.merged_for(sorted(touched))) if touched else []
    if touched:
        tell(f"{source.name}: {len(together)} changes on {len(touched)} tasks")
    # Our own news counts as part of the set, should the source's index lag behind.
    members = [*news, *together]
    reverts = _reverts(source, {one.number for one in members})
    with ledger.together():
        ledger.facts.store_works(source.name, touched, members)
        ledger.facts.store_changes(source.name, reverts)
        _note(ledger, source.name, read, now, news=bool(members or touched))
    if trouble is not None:
        raise trouble


def _note(
    ledger: Ledger, source: str, read: Iterable[ProvedAccount], now: datetime, *, news: bool
) -> None:
    """All of a reading is stored: move the cursor, and after *news* keep nothing that nobody shares."""
    for account in read:
        ledger.people.history_read(account)
    ledger.notes.reached(source, now)
    if news:
        ledger.facts.sweep()


def _histories(
    newcomers: Iterable[ProvedAccount], ask: Callable[[str], Iterable[T]]
) -> tuple[list[T], list[ProvedAccount], SourceError | None]:
    """What newcomers have done, whose history that is, and what went wrong with one of them.

    An account about which the source makes no sense stays unread and costs nobody else anything.
    """
    found: list[T] = []
    read: list[ProvedAccount] = []
    trouble: SourceError | None = None
    for account in newcomers:
        try:
            found += list(ask(account.key))
            read.append(account)
        except SourceChanged as error:
            trouble = error
    return found, read, trouble


def _accounts(ledger: Ledger, source: str) -> tuple[set[str], list[ProvedAccount]]:
    """The keys of all our accounts at *source*, and those whose history was not read yet."""
    accounts = [one for one in ledger.people.accounts() if one.source == source]
    return {one.key for one in accounts}, [one for one in accounts if not one.read]


def _start(ledger: Ledger, source: str, now: datetime) -> datetime | None:
    """From when on to read the feed; None where it was never read: histories then reach to now."""
    reached = ledger.notes.source(source).reached
    return None if reached is None else min(reached, now) - OVERLAP


def _feed(
    ledger: Ledger,
    source: ChangeSource,
    start: datetime,
    ours: set[str],
    shared: set[int],
    tell: Tell,
) -> list[Change]:
    """What is new and concerns us: by our people, on a known task, or taking back a known change."""
    keys = ledger.facts.keys()
    found = [
        one
        for one in source.merged_since(start)
        if ours & set(one.authors) or shared & set(one.tasks) or one.reverts in keys
    ]
    tell(f"{source.name}: {len(found)} changes of the feed concern us")
    return found


def _reverts(source: ChangeSource, numbers: set[int]) -> list[Change]:
    """What takes back the changes *numbers*, and what takes that back, and so on."""
    found: list[Change] = []
    seen: set[int] = set()
    while ask := sorted(numbers - seen):
        seen |= numbers
        more = list(source.reverts_of(ask))
        found += more
        numbers = {one.number for one in more}
    return found


def _relevant(found: Iterable[FoundTask], shared: set[int], ours: set[str]) -> Iterable[FoundTask]:
    for one in found:
        resolved = one.task is not None and one.task.status == "resolved"
        if one.number in shared or (resolved and one.owner in ours):
            yield one
