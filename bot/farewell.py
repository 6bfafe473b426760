"""What stands on the wiki of people who take part no more: tombstones, and lists without them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from bot.ledger import Ledger
from bot.names import names_on_pages
from bot.ports import Wiki
from bot.publisher import Wanted
from bot.world import World
from wikitext.data_pages import tombstone
from wikitext.json_text import loads
from wikitext.words import message

LISTS = ("entries", "wall")
"""The lists in which the report and the statistics name people."""


def farewell(world: World) -> str:
    """What a page that is needed no more says to administrators."""
    why = message("summary-farewell", language=world.wiki.language)
    return world.farewell.replace("$1", why)


def shared_pages(home: str) -> list[str]:
    """The pages that list people: who leaves is taken off them whatever the edit budget."""
    return [f"{home}/statistics.json", f"{home}/report.json"]


def farewells(world: World, also: Iterable[str] = ()) -> list[Wanted]:
    """What is to be saved so that the wiki tells of nobody who is not shown, and nothing else.

    The pages we know of, and *also* these titles. Raises WikiError.
    """
    noted = world.ledger.notes.pages()
    shown = [one for one in world.ledger.people.all() if one.shown]
    stand = names_on_pages(world.ledger)
    # Who was renamed has no other pages yet than those under the former name; what stands under the
    # new one may be a leaver's. So may what we saved under the name of somebody new.
    saved = {name for one in shown for name in stand.get(one.id, ())}
    names = saved | {one.name for one in shown if one.id not in stand}

    def is_to_go(title: str) -> bool:
        ours = title in noted and noted[title].stands
        return whose(world.home, title) not in {None, *(saved if ours else names)}

    gone = filter(is_to_go, sorted({*noted, *also}))
    tomb = tombstone(farewell(world))
    return [
        *(Wanted(title, tomb, "summary-no-longer-shown", gone=True) for title in gone),
        *_without_others(world.wiki, world.ledger, world.home, names),
    ]


def whose(home: str, title: str) -> str | None:
    """The name of the person whose page this is; None if it is nobody's."""
    start = f"{home}/people/"
    if not title.startswith(start):
        return None
    name, slash, _ = title.removeprefix(start).partition("/")
    return name if slash else name.removesuffix(".json")


def _without_others(
    wiki: Wiki, ledger: Ledger, home: str, names: Collection[str]
) -> Iterator[Wanted]:
    """The pages that list people, where they name anybody but *names*."""
    ours = ledger.notes.pages()
    titles = [one for one in shared_pages(home) if one in ours]
    for page in wiki.texts(titles):
        value: Any = loads(page.text)
        if not isinstance(value, dict):
            continue  # Damaged by somebody; the next round makes it anew.
        kept = {key: _kept(value[key], names) for key in LISTS if isinstance(value.get(key), list)}
        # Saved already, and not noted by whoever was cut off just then: it is noted.
        unnoted = page.revision != ours[page.title].revision
        if unnoted or kept != {key: value[key] for key in kept}:
            yield Wanted(page.title, {**value, **kept}, "summary-changed", now=True)


def _kept(rows: Iterable[Any], names: Collection[str]) -> list[Any]:
    return [one for one in rows if not isinstance(one, dict) or one.get("person") in {None, *names}]
