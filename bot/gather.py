"""Ask each source what is new, and keep it: feeds for everybody, histories for newcomers only.

Each source is stored in one transaction, together with its cursor: a reading that fails anywhere
leaves nothing behind, and is repeated from its start by the next round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from bot.ledger import Ledger
from bot.ledger.people import ProvedAccount
from scoring.model import Change
from sources.port import ChangeSource, FoundTask, TaskSource

OVERLAP = timedelta(minutes=10)
"""Feeds are read from a little before the last reading: a source's clock and index lag behind."""

Tell = Callable[[str], None]


def gather_tasks(ledger: Ledger, source: TaskSource, now: datetime, tell: Tell) -> None:
    """Bring the tasks of the ledger up to date. Raises SourceError; then nothing was stored."""
    ours, newcomers = _accounts(ledger, source.name)
    found: list[FoundTask] = []
    for account in newcomers:
        found += source.resolved_by(account.key)
        tell(f"{source.name}: {len(found)} tasks in the histories of newcomers")
    start = _start(ledger, source.name, now)
    if ours and start is not None:
        found += _relevant(source.modified_since(start), ledger.facts.shared_tasks(), ours)
    with ledger.together():
        ledger.facts.store_tasks(source.name, found)
        for account in newcomers:
            ledger.people.history_read(account)
        ledger.notes.reached(source.name, now)
        ledger.facts.sweep()


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


def gather_changes(ledger: Ledger, source: ChangeSource, now: datetime, tell: Tell) -> None:
    """Bring the changes of the ledger up to date. Raises SourceError; then nothing was stored."""
    ours, newcomers = _accounts(ledger, source.name)
    news = _histories(source, newcomers, tell)
    start = _start(ledger, source.name, now)
    if ours and start is not None:
        news += _feed(ledger, source, start, ours, tell)
    shared = ledger.facts.shared_tasks()
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
        for account in newcomers:
            ledger.people.history_read(account)
        ledger.notes.reached(source.name, now)
        ledger.facts.sweep()


def check_tasks(ledger: Ledger, source: TaskSource, tell: Tell) -> None:
    """Ask again for every task of the ledger by its number (the weekly check). Raises SourceError."""
    numbers = sorted(ledger.facts.shared_tasks())
    found = list(source.tasks(numbers))
    tell(f"{source.name}: asked again for {len(numbers)} tasks")
    with ledger.together():
        ledger.facts.store_tasks(source.name, found)
        ledger.facts.sweep()


def _histories(source: ChangeSource, newcomers: list[ProvedAccount], tell: Tell) -> list[Change]:
    found: list[Change] = []
    for account in newcomers:
        found += source.merged_by(account.key)
        tell(f"{source.name}: {len(found)} changes in the histories of newcomers")
    return found


def _accounts(ledger: Ledger, source: str) -> tuple[set[str], list[ProvedAccount]]:
    """The keys of all our accounts at *source*, and those whose history was not read yet."""
    accounts = [one for one in ledger.people.accounts() if one.source == source]
    return {one.key for one in accounts}, [one for one in accounts if not one.read]


def _start(ledger: Ledger, source: str, now: datetime) -> datetime | None:
    """From when on to read the feed; None where it was never read: histories then reach to now."""
    reached = ledger.notes.source(source).reached
    return None if reached is None else min(reached, now) - OVERLAP


def _feed(
    ledger: Ledger, source: ChangeSource, start: datetime, ours: set[str], tell: Tell
) -> list[Change]:
    """What is new and concerns us: by our people, on a known task, or taking back a known change."""
    tasks = ledger.facts.shared_tasks()
    marks = ledger.facts.marks()
    found = []
    for one in source.merged_since(start):
        if ours & set(one.authors) or tasks & set(one.tasks) or one.reverts in marks:
            found.append(one)
    tell(f"{source.name}: {len(found)} new changes concern us")
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
