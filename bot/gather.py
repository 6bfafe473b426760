"""Ask each source what is new, and keep it: feeds for everybody, histories for newcomers only.

A feed is stored in one transaction, together with its cursor: a reading of it that fails anywhere
leaves nothing behind, and is repeated from its start by the next round. Histories come before it, in
slices (``bot.reading``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import chain, zip_longest

from bot.ledger import Ledger
from bot.progress import progress
from bot.reading import (
    Feed,
    Histories,
    Save,
    accounts_at,
    note,
    start_of_feed,
    swept_though_it_fails,
)
from scoring.model import Change
from sources.batch import batches
from sources.port import ChangeSource, FoundTask, SourceChanged, TaskSource

MANY_TASKS = 3
MANY_SHARE = 0.20
"""More known tasks than both of these vanish together only where something else is wrong."""

MISSING = "missing places"
"""The name of the memo with the repositories and groups that a source does not show."""
LONGEST_AWAY = timedelta(days=92)
"""What comes back later than this is read from then on only: who may say what it is by now."""

SLICES = 4
SLICE = 20
SLICE_AT: Mapping[str, int] = {"gerrit": 500}
"""Of so many tasks the changes are read at once: Gerrit names many in one request, others search for
each of them."""

TASKS = 1_000
"""So many are asked for by number at once: ten pages, and some minutes that a round cut off does again."""

Tell = Callable[[str], None]


def gather_tasks(ledger: Ledger, source: TaskSource, now: datetime, tell: Tell) -> None:
    """Bring the tasks of the ledger up to date. Raises SourceError; then the next round goes on."""
    ours, newcomers = accounts_at(ledger, source.name)
    start = start_of_feed(ledger, source.name, now)
    histories = Histories(ledger, source.name, newcomers, now)
    histories.each(
        source.resolved_by, lambda tasks: partial(ledger.tasks.store, source.name, tasks)
    )
    if newcomers:
        tell(f"{source.name}: {histories.told} tasks in the histories of newcomers")
    known = ledger.tasks.known()
    feed = Feed()
    found: list[FoundTask] = []
    if start is not None and (ours or known):
        touched = list(_relevant(feed.listen(source.modified_since(start)), known, ours))
        found += source.with_demand(touched)
    with ledger.together():
        ledger.tasks.store(source.name, found)
        note(ledger, source.name, now, feed, news=bool(found))
    histories.complain()


def ask_unknown_tasks(ledger: Ledger, source: TaskSource, tell: Tell) -> bool:
    """Ask by number for tasks that changes and wishes named; say whether there were any.

    None is shown before it was asked for. In slices, each stored by itself. Raises SourceError.
    """
    unknown = sorted(ledger.tasks.unknown())
    stored = False
    with swept_though_it_fails(ledger, lambda: stored):
        for numbers in batches(unknown, TASKS):
            found = list(source.tasks(numbers))
            with ledger.together():
                ledger.tasks.store(source.name, found)
                # At the end only, as with histories: whoever is cut off before comes here again.
                if numbers[-1] == unknown[-1]:
                    ledger.facts.sweep()
            stored = True
    if unknown:
        tell(f"{source.name}: asked for {len(unknown)} tasks by number")
    return bool(unknown)


def check_tasks(ledger: Ledger, source: TaskSource, tell: Tell) -> None:
    """Ask again for every task of the ledger by its number (the weekly check).

    Raises:
        SourceError: it could not be asked, or does not show so many known tasks any more that
            something else must be wrong; nothing was stored.

    """
    shown = ledger.tasks.shown()
    found = list(source.tasks(sorted(ledger.tasks.known())))
    tell(f"{source.name}: asked again for {len(found)} tasks")
    lost = shown & {one.number for one in found if one.task is None}
    if len(lost) > MANY_TASKS and len(lost) > MANY_SHARE * len(shown):
        raise SourceChanged(
            f"{source.name} does not show {len(lost)} of {len(shown)} known tasks any more: nothing"
            " was changed. Look whether the token still sees public tasks."
        )
    with ledger.together():
        ledger.tasks.store(source.name, found)
        ledger.facts.sweep()


def gather_changes(ledger: Ledger, source: ChangeSource, now: datetime, tell: Tell) -> None:
    """Bring the changes of our people up to date. Raises SourceError; then the next round goes on.

    Tasks that were touched are then unheld: ``complete_works`` reads all changes on them.
    """
    ours, newcomers = accounts_at(ledger, source.name)
    start = start_of_feed(ledger, source.name, now)
    histories = Histories(ledger, source.name, newcomers, now)
    histories.each(
        lambda key: chain(source.merged_by(key), source.reviewed_by(key)),
        partial(_with_reverts, ledger, source, ours),
    )
    if newcomers:
        tell(f"{source.name}: {histories.told} changes in the histories of newcomers")
    shared = ledger.facts.shared_tasks()
    feed = Feed()
    heard: list[Change] = []
    news: list[Change] = []
    gone = _places(ledger, source.name)
    if start is not None and (ours or shared):
        heard = _heard(source, start, feed, gone, now)
        gone = {place: gone.get(place, start) for place in source.missing}
        news = ledger.facts.news(_concerning(ledger, heard, ours, shared))
        tell(f"{source.name}: {len(news)} changes concern us")
    shared |= {number for one in news if ours & set(one.authors) for number in one.tasks}
    touched = {number for one in news for number in one.tasks} & shared
    reverts = _reverts(source, {one.key for one in news})
    with ledger.together():
        ledger.facts.store_changes(source.name, [*news, *reverts])
        ledger.facts.release(source.name, touched)
        ledger.facts.store_reviews(source.name, heard)
        _note_places(ledger, source.name, gone)
        note(ledger, source.name, now, feed, news=bool(news))
    histories.complain()


def complete_works(ledger: Ledger, source: ChangeSource, tell: Tell) -> bool:
    """Read all changes of tasks that concern us as sets; say whether there were any such tasks.

    In slices, each stored by itself: what a source can answer before it fails is not asked again.
    A few slices at a time; pages of newcomers wait for theirs. Raises SourceError.
    """
    size = SLICE_AT.get(source.name, SLICE)
    unheld = _in_turns(ledger, ledger.facts.unheld_works(source.name), SLICES * size)
    for tasks in progress(list(batches(unheld, size)), f"{source.name}: shared works", " slices"):
        together = list(source.merged_for(tasks))
        # What the feed told, and the source's own search does not show, or not yet.
        if lost := ledger.facts.members(source.name, tasks) - {one.key for one in together}:
            together += source.merged(sorted(lost))
        reverts = _reverts(source, {one.key for one in together})
        with ledger.together():
            ledger.facts.store_works(source.name, tasks, together)
            ledger.facts.store_changes(source.name, reverts)
        tell(f"{source.name}: {len(together)} changes on {len(tasks)} tasks")
    if unheld:
        ledger.facts.sweep()
    return bool(unheld)


def _with_reverts(
    ledger: Ledger, source: ChangeSource, ours: set[str], told: Sequence[Change]
) -> Save:
    """Ask what takes back what our people did of what histories *told*; return what stores both."""
    own = [one for one in told if ours & set(one.authors)]
    reverts = _reverts(source, {one.key for one in own})

    def save() -> None:
        ledger.facts.store_changes(source.name, [*own, *reverts])
        ledger.facts.release(source.name, {number for one in own for number in one.tasks})
        ledger.facts.store_reviews(source.name, told)

    return save


def _in_turns(ledger: Ledger, tasks: set[int], most: int) -> list[int]:
    """At most so many of these *tasks*, everybody's in turn: who works on very many keeps no other waiting."""
    if len(tasks) <= most:
        return sorted(tasks)
    queues = [sorted(tasks & ledger.views.tasks_of(one)) for one in ledger.people.all()]
    queues.append(sorted(tasks.difference(*queues)))
    turns = chain.from_iterable(zip_longest(*queues))
    return list(dict.fromkeys(one for one in turns if one is not None))[:most]


def _heard(
    source: ChangeSource,
    start: datetime,
    feed: Feed,
    gone: Mapping[str, datetime],
    now: datetime,
) -> list[Change]:
    """What the feed tells since *start*; where a place is back that was *gone*, since it went."""
    heard = list(feed.listen(source.merged_since(start)))
    back = [since for place, since in gone.items() if place not in source.missing]
    if back:
        # Not later than the feed itself: what the other places merged is read all the same.
        since = min(start, max(min(back), now - LONGEST_AWAY))
        heard = list(feed.listen(source.merged_since(since)))
    return heard


def _places(ledger: Ledger, source: str) -> dict[str, datetime]:
    """The repositories and groups that *source* did not show when last asked, and since when."""
    noted = (ledger.notes.recall(MISSING) or {}).get(source, {})
    return {place: datetime.fromisoformat(since) for place, since in noted.items()}


def _note_places(ledger: Ledger, source: str, gone: Mapping[str, datetime]) -> None:
    if gone == _places(ledger, source):
        return
    told = {place: since.isoformat() for place, since in gone.items()}
    ledger.notes.remember(MISSING, {**(ledger.notes.recall(MISSING) or {}), source: told})


def _concerning(
    ledger: Ledger, heard: Sequence[Change], ours: set[str], shared: set[int]
) -> list[Change]:
    """What concerns us: by our people, on a known task, or taking back a known change."""
    taken_back = ledger.facts.known_among(one.reverts for one in heard if one.reverts)
    return [
        one
        for one in heard
        if ours & set(one.authors)
        or shared & (set(one.tasks) - set(one.aside))
        or one.reverts in taken_back
    ]


def _reverts(source: ChangeSource, keys: set[str]) -> list[Change]:
    """What takes back the changes *keys*, and what takes that back, and so on."""
    found: list[Change] = []
    seen: set[str] = set()
    while ask := sorted(keys - seen):
        seen |= keys
        more = list(source.reverts_of(ask))
        found += more
        keys = {one.key for one in more}
    return found


def _relevant(found: Iterable[FoundTask], shared: set[int], ours: set[str]) -> Iterable[FoundTask]:
    for one in found:
        resolved = one.task is not None and one.task.status == "resolved"
        if one.number in shared or (resolved and one.owner in ours):
            yield one
