"""Ask every source in turn. One that fails is noted, leaves what is known standing, and costs nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from bot import gather
from bot.ledger.people import Person
from bot.onwiki import ask_again, gather_edits, prove_on_wiki
from bot.proofs import prove_at_forge, prove_at_phabricator
from bot.reading import Unread
from bot.tools import gather_news, gather_tools
from bot.wishes import gather_wishes
from bot.world import Round, World
from sources.port import (
    ChangeSource,
    SourceChanged,
    SourceError,
    SourceRefused,
    SourceUnreachable,
    TaskSource,
)

PASSES = 5
"""What a task tells may concern further tasks, and these others: so often is asked in one round."""

QUIET_DAYS: Mapping[str, int] = {"gerrit": 3, "phabricator": 3, "gitlab": 14}
QUIET_DAYS_ELSEWHERE = 60
"""Asked on more days than this, and told nothing of anybody: the source is broken, or its feed."""

WORDS = {
    SourceUnreachable: "unreachable",
    SourceRefused: "refused",
    SourceChanged: "changed",
}


def gather_all(world: World, done: Round, *, full: bool) -> None:
    """Ask what is new; *full* asks again for all tasks, wishes and proofs."""
    people = [person for person in world.ledger.people.all() if person.shown]
    done.stale |= {
        one.source: one.stale_since
        for one in world.ledger.notes.sources()
        if one.stale_since is not None
    }
    _prove(world, done, people, full=full)
    _gather_once(world, done, full=full)
    done.unfinished = set(done.failures)
    for _ in range(PASSES):
        if not _complete(world, done):
            break
    for phabricator in _willing(world, done) if full else ():
        with forgiving(world, done, phabricator.name):
            gather.check_tasks(world.ledger, phabricator, world.tell)
    for name in world.sources():
        _listen(world, done, name)


def _prove(world: World, done: Round, people: list[Person], *, full: bool) -> None:
    ledger, day = world.ledger, world.now.date()
    if world.phabricator is not None:
        with forgiving(world, done, world.phabricator.name, proving=True):
            prove_at_phabricator(ledger, people, world.phabricator, world.wiki, day)
    for forge in world.forges:
        with forgiving(world, done, forge.name, proving=True):
            prove_at_forge(ledger, people, forge, world.wiki, day)
    for place in world.onwiki:
        with forgiving(world, done, place.name, proving=True):
            if full:
                ask_again(ledger, place)
            prove_on_wiki(ledger, people, place, day)


def _gather_once(world: World, done: Round, *, full: bool) -> None:
    ledger, now, tell = world.ledger, world.now, world.tell
    if world.wishlist is not None:
        with forgiving(world, done, world.wishlist.name):
            gather_wishes(ledger, world.wishlist, now, tell, full=full)
    if world.toolhub is not None:
        with forgiving(world, done, world.toolhub.name):
            gather_tools(ledger, world.toolhub, now, full=full)
    if world.technews is not None and full:
        with forgiving(world, done, world.technews.name):
            gather_news(ledger, world.technews, now)
    for phabricator in _willing(world, done):
        with forgiving(world, done, phabricator.name):
            gather.gather_tasks(ledger, phabricator, now, tell)
    for forge in world.forges:
        if not done.failed(forge.name):
            with forgiving(world, done, forge.name):
                gather.gather_changes(ledger, forge, now, tell)
                _say_what_is_missing(done, forge)
    for place in world.onwiki:
        if not done.failed(place.name):
            with forgiving(world, done, place.name):
                gather_edits(ledger, place, now, tell, full=full)


def _say_what_is_missing(done: Round, forge: ChangeSource) -> None:
    if forge.missing:
        names = ", ".join(forge.missing)
        done.troubles.append(
            (forge.name, f"{forge.name} does not show {names}. Mend the settings, or its rights.")
        )


def _complete(world: World, done: Round) -> bool:
    """Ask for what turned out to concern us; say whether there was anything to ask."""
    asked = False
    for phabricator in _willing(world, done):
        with forgiving(world, done, phabricator.name):
            asked |= gather.ask_unknown_tasks(world.ledger, phabricator, world.tell)
    for forge in world.forges:
        if not done.failed(forge.name):
            with forgiving(world, done, forge.name):
                asked |= gather.complete_works(world.ledger, forge, world.tell)
    return asked


def _willing(world: World, done: Round) -> Iterator[TaskSource]:
    if world.phabricator is not None and not done.failed(world.phabricator.name):
        yield world.phabricator


def _listen(world: World, done: Round, name: str) -> None:
    """Raise an alarm over a source that answers, and has had nothing to say for too long."""
    note = world.ledger.notes.source(name)
    if note.trouble is not None or note.heard is None:
        return
    if note.vain > QUIET_DAYS.get(name, QUIET_DAYS_ELSEWHERE):
        world.ledger.notes.stale(name, note.heard, "silent")
        done.troubles.append(
            (
                name,
                f"{name} answers, but has told nothing of anybody since {note.heard}. Look at its"
                " page: its feed may be broken, or its address another one now.",
            )
        )


@contextmanager
def forgiving(world: World, done: Round, source: str, *, proving: bool = False) -> Iterator[None]:
    """Note that *source* failed, and go on without it.

    An answer that we cannot read may be about one account only: surely where that is said, and maybe
    while *proving*. Then the source is asked still.
    """
    try:
        yield
    except SourceError as error:
        kind = next((word for cls, word in WORDS.items() if isinstance(error, cls)), "unreachable")
        # A feed that could be read does not end a trouble that the same round meets again.
        since = done.stale.get(source, world.now.date())
        world.ledger.notes.stale(source, since, kind)
        done.troubles.append((source, str(error)))
        if not isinstance(error, SourceChanged if proving else Unread):
            done.failures.add(source)
