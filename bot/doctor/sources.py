"""Every source: one cheap question each, as a round asks it, with the credentials that a round has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from itertools import islice

from bot.doctor.findings import Check, Finding, Patient, fail, found_by, ok, warn
from bot.onwiki import OnWikiSource
from bot.world import World
from sources.port import (
    ChangeSource,
    SourceChanged,
    SourceError,
    SourceRefused,
    TaskSource,
)

AWAY = "Check its address in the settings, and the network; try again later."
REFUSED = "Make a new token, and check what it may do."
CHANGED = "Its answers changed, or the address is not that of the API: look, and report it."
FEW = 1


def sources(patient: Patient) -> Iterator[Finding]:
    """Whether each source answers us."""
    world = patient.find_world(patient.wiki, patient.ledger)
    if not list(world.sources()):
        yield warn("sources", "all are switched off: there is nothing to count.", "Set an address.")
    for name, ask in _questions(world):
        yield from found_by(name, partial(_answered, name, ask))


def _answered(name: str, ask: Callable[[], object]) -> Iterator[Finding]:
    try:
        told = ask()
    except SourceError as error:
        remedy = AWAY
        if isinstance(error, SourceRefused):
            remedy = REFUSED
        elif isinstance(error, SourceChanged):
            remedy = CHANGED
        yield fail(name, str(error), remedy)
        return
    if isinstance(told, tuple) and told:
        missing = ", ".join(map(str, told))
        yield warn(
            name, f"does not show {missing}.", "Mend the settings, or the rights of its token."
        )
    else:
        yield ok(name, "answers.")


def _questions(world: World) -> Iterator[tuple[str, Callable[[], object]]]:
    now = world.now
    for forge in world.forges:
        yield forge.name, partial(_ask_forge, forge, now)
    for place in world.onwiki:
        yield place.name, partial(_ask_place, place, now)
    if world.phabricator is not None:
        name = world.phabricator.name
        yield name, partial(_first, world.phabricator, now)
        yield (
            f"{name}: links to wiki accounts",
            partial(_ask_links, world.phabricator, world.wiki.bot),
        )
        yield (
            f"{name}: links to developer accounts",
            partial(_ask_developers, world.phabricator, world.wiki.bot),
        )
    if world.wishlist is not None:
        yield world.wishlist.name, partial(_few, world.wishlist.changed_since, now)
    if world.toolhub is not None:
        yield world.toolhub.name, partial(_few, world.toolhub.changed_since, now)
    if world.technews is not None:
        yield world.technews.name, partial(_nothing, world.technews.resolved)


def _ask_forge(forge: ChangeSource, now: datetime) -> tuple[str, ...]:
    _few(forge.merged_since, now)
    return tuple(forge.missing)


def _ask_place(place: OnWikiSource, now: datetime) -> None:
    _few(place.merged_since, now)


def _first(phabricator: TaskSource, now: datetime) -> None:
    _few(phabricator.modified_since, now)


def _ask_links(phabricator: TaskSource, bot: str) -> None:
    phabricator.linked_to_wiki([bot])


def _ask_developers(phabricator: TaskSource, bot: str) -> None:
    phabricator.linked_to_developer([bot])


def _few(ask: Callable[[datetime], Iterable[object]], now: datetime) -> None:
    """Ask for what is newer than now: the answer is short, and is one."""
    list(islice(ask(now), FEW))


def _nothing(ask: Callable[[], object]) -> None:
    ask()


CHECKS = (Check("sources", sources),)
