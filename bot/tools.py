"""What Toolhub and Tech News tell: where else software is made, and which requests were wanted.

Neither says who made anything. Toolhub's authors are anybody's word and are not kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from bot.ledger import Ledger
from bot.reading import OVERLAP
from sources.port import NewsSource, ToolSource
from sources.toolhub import forge_of

TOOLS = "tools"
NEWS = "technews tasks"
BEGINNING = datetime(2001, 1, 1, tzinfo=UTC)


def gather_tools(ledger: Ledger, source: ToolSource, now: datetime, *, full: bool = False) -> None:
    """Note the repositories of tools that were touched. Raises SourceError."""
    reached = ledger.notes.source(source.name).reached
    start = BEGINNING if full or reached is None else reached - OVERLAP
    found = {one.name: [one.repository, one.tracker] for one in source.changed_since(start)}
    with ledger.together():
        if found:
            before = {} if full else ledger.notes.recall(TOOLS) or {}
            kept = {name: places for name, places in {**before, **found}.items() if places[0]}
            ledger.notes.remember(TOOLS, kept)
        ledger.notes.asked(source.name, now.date(), told=bool(found))
        ledger.notes.reached(source.name, now)


def repositories(ledger: Ledger) -> Iterator[tuple[str, str, str]]:
    """Every repository that a tool names, as (forge, project, address of its bug tracker), each once."""
    tools: Mapping[str, tuple[str, str]] = ledger.notes.recall(TOOLS) or {}
    trackers: dict[tuple[str, str], str] = {}
    for repository, tracker in tools.values():
        place = forge_of(repository)
        if place is not None:
            trackers[place] = max(tracker, trackers.get(place, ""))
    yield from sorted((*place, tracker) for place, tracker in trackers.items())


def gather_news(ledger: Ledger, source: NewsSource, now: datetime) -> None:
    """Note which tasks Tech News lists as resolved requests of the community. Raises SourceError.

    The page forgets old weeks; a task once listed was wanted.
    """
    found = source.resolved()
    with ledger.together():
        ledger.notes.remember(NEWS, sorted({*in_news(ledger), *found}))
        ledger.notes.asked(source.name, now.date(), told=bool(found))
        ledger.notes.reached(source.name, now)


def in_news(ledger: Ledger) -> frozenset[int]:
    """The tasks that Tech News listed."""
    return frozenset(ledger.notes.recall(NEWS) or ())
