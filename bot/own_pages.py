"""What stands on the wiki below the bot's own page: whether the ledger knows all of it, and as it is.

A page of somebody who left has to go, though the ledger lost its note of it, or itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from bot.describe import data_page
from bot.errors import NeedsAcceptance
from bot.farewell import whose
from bot.leaving import note_left
from bot.ledger.notes import Published
from bot.ledger.people import Person
from bot.names import note_names
from bot.ports import Wiki
from bot.registry import MANY_PEOPLE, MANY_SHARE
from bot.world import World
from wikitext.data_pages import is_tombstone
from wikitext.json_text import loads


def forget_changed(world: World) -> None:
    """Forget what we know of pages that somebody else changed: they are then looked at again."""
    notes = world.ledger.notes
    known = notes.pages()
    for title, info in world.wiki.info(sorted(known)).items():
        if info.revision != known[title].revision:
            notes.published(replace(known[title], digest=""))


def look_at_pages(world: World, people: Iterable[Person], *, accept: bool) -> None:
    """Look whether the ledger knows all pages there are, and as they are (``forget_changed``).

    Pages that the ledger does not know are noted as promised (``Published``). *people* take part.

    Raises:
        NeedsAcceptance: unknown pages tell of many who take no part, and nobody accepted that they go.

    """
    forget_changed(world)
    notes = world.ledger.notes
    known = notes.pages()
    people = list(people)
    names = {one.name for one in people}
    found = _unknown(world.wiki, world.home, known)
    theirs = [title for title in found if whose(world.home, title) in names]
    others = list(_telling(world.wiki, [title for title in found if title not in theirs]))
    strangers = {whose(world.home, title) for title in others}
    many = len(strangers) > MANY_PEOPLE and len(strangers) > MANY_SHARE * len(strangers | names)
    if many and not accept:
        raise NeedsAcceptance(
            f"There are pages of {len(strangers)} people whom neither ledger nor registry knows: nothing"
            " was edited. Look at the history of the registry; restore it, or empty those pages with"
            " `run --full --accept`."
        )
    with (
        world.ledger.together()
    ):  # All or none: once any page is known, this is for the weekly check.
        for title in [*theirs, *others]:
            notes.published(Published(title))
        if others:
            note_left(world.ledger)
        having = {whose(world.home, title) for title in theirs}
        note_names(world.ledger, {one.id for one in people if one.name in having})


def awaited(world: World, people: Iterable[Person], desired: Collection[str]) -> set[str]:
    """Promised pages of those *people* who are not described yet: what stands there stays meanwhile."""
    titles = ((one.name, data_page(world.home, one)) for one in people)
    names = {name for name, title in titles if title not in desired}
    promised = (one.title for one in world.ledger.notes.pages().values() if not one.stands)
    return {title for title in promised if whose(world.home, title) in names}


def _unknown(wiki: Wiki, home: str, known: Collection[str]) -> list[str]:
    """The titles of people's pages that are not *known*; what is no JSON is none of ours."""
    below = wiki.pages_below(f"{home}/people")
    return [title for title in below if title.endswith(".json") and title not in known]


def _telling(wiki: Wiki, titles: Iterable[str]) -> Iterator[str]:
    """Those pages that are there, and no tombstones."""
    for page in wiki.texts(titles):
        if page.exists and not is_tombstone(loads(page.text)):
            yield page.title
