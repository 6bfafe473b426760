"""One round, told from beginning to end: ask, derive, describe, and make the wiki so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot import gather
from bot.accounts import prove_again, prove_at_gerrit, prove_at_phabricator
from bot.describe import data_page, describe_person, person_pages, report
from bot.errors import WikiRefused
from bot.ledger import Ledger
from bot.lock import locked
from bot.membership import Limits, follow_registry
from bot.ports import Wiki
from bot.publisher import Outcome, Publisher, StopPage, differences
from sources.port import (
    ChangeSource,
    SourceChanged,
    SourceError,
    SourceRefused,
    SourceUnreachable,
    TaskSource,
)
from wikitext.data_pages import Json


@dataclass(frozen=True, slots=True)
class World:
    """Everything a round works with. A source that is switched off is None."""

    wiki: Wiki
    ledger: Ledger
    phabricator: TaskSource | None
    gerrit: ChangeSource | None
    root: str
    now: datetime
    waiting_days: int = 14
    edit_budget: int = 500
    farewell: str = ""
    tell: Callable[[str], None] = lambda _line: None

    @property
    def home(self) -> str:
        """The page below which everything we write lies."""
        return f"User:{self.wiki.bot}/Developer badges"

    @property
    def registry(self) -> str:
        """The page on which people register."""
        return f"{self.root}/Registry"


@dataclass(slots=True)
class Round:
    """What a round did: edits, and which sources failed (name and one sentence)."""

    outcome: Outcome = field(default_factory=Outcome)
    troubles: list[tuple[str, str]] = field(default_factory=list)
    people: int = 0

    @property
    def partly(self) -> bool:
        """Whether something is left for the next round."""
        return bool(self.troubles or self.outcome.refused or self.outcome.later)

    def failed(self, source: str) -> bool:
        """Whether this source failed in this round."""
        return any(name == source for name, _ in self.troubles)


def run_round(world: World, *, accept: bool = False, full: bool = False) -> Round:
    """Do one round. *accept* goes on where a human must agree; *full* asks again for everything.

    Raises:
        BadgesError: nothing (more) was edited; the message says why and what to do.

    """
    with locked(world.ledger) as renew:
        _recognise_wiki(world)
        done = Round()
        stop = StopPage(world.wiki, f"{world.home}/stop")
        pages = world.wiki.info([world.registry, stop.title])
        if pages[stop.title].exists:
            stop.look()
        limits = Limits(world.now, timedelta(days=world.waiting_days), accept)
        info = pages[world.registry]
        follow_registry(world.wiki, world.ledger, world.registry, info, limits)
        if full:
            follow_renames(world)
            prove_again(world.ledger)
            look_at_pages(world)
        gather_all(world, done, full=full)
        wanted = differences(world.ledger, describe_all(world), world.farewell)
        summary = f"[[{world.root}|Developer badges]]"
        publisher = Publisher(world.wiki, world.ledger, stop, summary, world.tell, renew)
        done.outcome = publisher.publish(wanted, world.edit_budget)
        done.people = sum(person.shown for person in world.ledger.people.all())
    return done


def gather_all(world: World, done: Round, *, full: bool) -> None:
    """Ask every source; one that fails is noted and leaves what is known standing."""
    ledger, phabricator, gerrit = world.ledger, world.phabricator, world.gerrit
    people = [person for person in ledger.people.all() if person.shown]
    day = world.now.date()
    if phabricator is not None:
        with _forgiving(world, done, phabricator.name):
            prove_at_phabricator(ledger, people, phabricator, day)
    if gerrit is not None:
        with _forgiving(world, done, gerrit.name):
            prove_at_gerrit(ledger, people, gerrit, day)
    if phabricator is not None and not done.failed(phabricator.name):
        with _forgiving(world, done, phabricator.name):
            gather.gather_tasks(ledger, phabricator, world.now, world.tell)
    if gerrit is not None and not done.failed(gerrit.name):
        with _forgiving(world, done, gerrit.name):
            gather.gather_changes(ledger, gerrit, world.now, world.tell)
    if phabricator is not None and not done.failed(phabricator.name):
        with _forgiving(world, done, phabricator.name):
            gather.ask_unknown_tasks(ledger, phabricator, world.tell)
            if full:
                gather.check_tasks(ledger, phabricator, world.tell)


def describe_all(world: World) -> dict[str, Json]:
    """Every page as it should be now: those of people who are shown, and the report."""
    ledger = world.ledger
    people = [person for person in ledger.people.all() if person.shown]
    accounts = ledger.people.accounts()
    read = {account.person for account in accounts if account.read}
    unread = {account.person for account in accounts if not account.read}
    published = ledger.notes.pages()
    pages: dict[str, Json] = {}
    for person in people:
        # A newcomer's first page waits for their whole history; a page that stands does not go.
        new = data_page(world.home, person) not in published
        if person.id in read and not (new and person.id in unread):
            pages |= person_pages(world.home, person, describe_person(ledger, person))
    sources = [one.name for one in (world.gerrit, world.phabricator) if one is not None]
    pages[f"{world.home}/report.json"] = report(ledger, people, sources)
    return pages


def follow_renames(world: World) -> None:
    """Learn today's names by their ids: a proof asked for under an old name may be another's."""
    people = world.ledger.people.all()
    today = world.wiki.users_with(sorted(person.user for person in people))
    for person in people:
        if person.user in today and today[person.user].name != person.name:
            world.ledger.people.rename(person, today[person.user].name)


def look_at_pages(world: World) -> None:
    """Forget what we know of pages that somebody else changed: they are then looked at again."""
    known = world.ledger.notes.pages()
    for title, info in world.wiki.info(sorted(known)).items():
        if info.revision != known[title].revision:
            world.ledger.notes.published(replace(known[title], digest=""))


def _recognise_wiki(world: World) -> None:
    """Keep a ledger from being used on another wiki: it would withdraw pages that are not its own."""
    here = world.wiki.check()
    known = world.ledger.notes.recall("wiki")
    if known is None:
        world.ledger.notes.remember("wiki", here)
    elif known != here:
        raise WikiRefused(
            f"This ledger belongs to the wiki {known}, and user-config.py leads to {here}:"
            " mend user-config.py, or set BADGES_DATABASE_URL to another ledger."
        )


@contextmanager
def _forgiving(world: World, done: Round, source: str) -> Iterator[None]:
    try:
        yield
    except SourceError as error:
        kinds: dict[type, str] = {
            SourceUnreachable: "unreachable", SourceRefused: "refused", SourceChanged: "changed"
        }  # fmt: skip
        kind = next((word for cls, word in kinds.items() if isinstance(error, cls)), "unreachable")
        world.ledger.notes.stale(source, world.now.date(), kind)
        done.troubles.append((source, str(error)))
