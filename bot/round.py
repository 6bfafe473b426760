"""One round, told from beginning to end: ask, derive, describe, and make the wiki so."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import replace

from bot.account_news import follow_account_logs, follow_accounts, let_ended_leave
from bot.accounts import prove_again
from bot.ask import gather_all
from bot.choices import chose_anew, note_choices
from bot.control import Pages, control_pages, read_accepted, read_rules, recognise_wiki
from bot.describe import (
    data_page,
    describe_person,
    member,
    pages_of,
    person_pages,
    seen_against,
    terms_of,
)
from bot.errors import NeedsAcceptance, WikiError
from bot.farewell import farewell, farewells, shared_pages, whose
from bot.hourly import hourly_part
from bot.leaving import has_anybody_left, note_gone
from bot.ledger.people import Person
from bot.lock import locked
from bot.membership import follow_registry, let_leave
from bot.names import first_borne, heirs, names_on_pages, note_names, renamed
from bot.own_pages import awaited, forget_changed, look_at_pages
from bot.progress import progress
from bot.publisher import Publisher, StopPage, Wanted, differences
from bot.report import report
from bot.review_notes import review_notes, works_in
from bot.rulebook import known_rules
from bot.tiers import Settled, Terms, holdings, keep_tiers
from bot.world import Round, World
from scoring.model import Record
from sources.batch import batches
from wikitext.json_text import Json
from wikitext.rules_page import TITLE
from wikitext.statistics_page import Member, statistics_page

__all__ = ["Round", "World", "run_round"]

PEOPLE_AT_ONCE = 50
"""So many are described in one step of the ledger."""


def run_round(
    world: World,
    *,
    accept: bool = False,
    full: bool = False,
    hourly: bool = False,
    noted: AbstractContextManager[Round] | None = None,
) -> Round:
    """Do one round. *accept* goes on where a human must agree; *full* asks again for everything.

    *hourly* publishes only what cannot wait for the day's round. *noted* (``bot.rounds``) notes under
    the lock that the round began and how it ended.

    Raises:
        BadgesError: nothing (more) was edited; the message says why and what to do.

    """
    with locked(world.ledger) as renew, noted or nullcontext(Round()) as done:
        recognise_wiki(world)
        stop = StopPage(world.wiki, f"{world.home}/stop")
        pages = control_pages(world, stop)
        if pages[stop.title].exists:
            stop.look()
        summary = f"[[{world.root}|Developer badges]]"
        publisher = Publisher(
            world.wiki, world.ledger, stop, summary, world.tell, renew, world.look
        )
        if not (hourly or full):  # The weekly check looks for more.
            forget_changed(world)
        try:
            world = _follow(world, done, pages, accept=accept, full=full)
        except NeedsAcceptance as error:
            _let_leave(world, done, pages)
            _publish(world, publisher, done, farewells(world))
            raise _but_leavers(error, done) from None
        except WikiError:  # What the wiki does not answer now keeps nobody who left.
            with suppress(WikiError):
                _publish(world, publisher, done, farewells(world))
            raise
        left = has_anybody_left(world.ledger)
        if left:
            # Before any source is asked: one that is slow, or ends the round, keeps nobody there.
            _publish(world, publisher, done, farewells(world))
        try:
            desired = _describe(world, done, accept=accept, full=full)
        except NeedsAcceptance as error:
            raise _but_leavers(error, done) from None
        people = world.ledger.people.all()
        wanted = _wanted(world, people, desired, left=left, hourly=hourly)
        _publish(world, publisher, done, wanted)
        if not done.outcome.later:
            refused = {title for title, _ in done.outcome.refused}
            _note_standing(world, people, refused)
            if not (refused - desired.keys() or refused.intersection(shared_pages(world.home))):
                note_gone(world.ledger)
        done.people = len(_taking_part(world))
    return done


def _publish(world: World, publisher: Publisher, done: Round, wanted: Sequence[Wanted]) -> None:
    """Save what this round has not tried yet, within what is left of its edit budget."""
    tried = {title for title, _ in done.outcome.refused}
    done.outcome.later = 0  # What waited before is wanted still, and counted now.
    rest = [one for one in wanted if one.title not in tried]
    publisher.publish(rest, world.edit_budget, done.outcome)


def _note_standing(world: World, people: Sequence[Person], refused: Collection[str]) -> None:
    """Note whose pages all stand as they should: everybody's but for those who have a *refused* page."""
    names = {whose(world.home, title) for title in refused}
    stand = names_on_pages(world.ledger)
    standing = {one.id for one in people if names.isdisjoint({one.name, *stand.get(one.id, ())})}
    # While a page that lists people is refused, it may tell what somebody hides.
    note_choices(world.ledger, people, () if None in names else standing)
    note_names(world.ledger, (), standing)


def _follow(world: World, done: Round, pages: Pages, *, accept: bool, full: bool) -> World:
    """Read what the wiki says of rules and people; the same world with the rules of today.

    Raises:
        NeedsAcceptance: too much would change at once.

    """
    world = read_rules(world, done, pages[TITLE], accept=accept)
    ledger, limits = world.ledger, replace(world.limits, accept=accept)
    follow_registry(world.wiki, ledger, world.registry, pages[world.registry], limits)
    if full:
        follow_accounts(world.wiki, ledger, limits)
        prove_again(ledger)
    else:
        follow_account_logs(world.wiki, ledger, limits)
    if full or not ledger.notes.pages():
        look_at_pages(world, _taking_part(world), accept=accept)
    read_accepted(world, done, pages, accept=accept)  # Now that it is known who takes part.
    return world


def _describe(world: World, done: Round, *, accept: bool, full: bool) -> dict[str, Json]:
    """Gather everything, and say how every page should be.

    Raises:
        NeedsAcceptance: as ``describe_all``.

    """
    gather_all(world, done, full=full)
    world.ledger.rulings.recuse()
    weekly = full and not done.failures
    terms = terms_of(world.book, world.now.date(), weekly=weekly, accept=accept)
    return describe_all(world, done, terms)


def _wanted(
    world: World,
    people: Sequence[Person],
    desired: Mapping[str, Json],
    *,
    left: bool,
    hourly: bool,
) -> list[Wanted]:
    """What is to be saved in this round, in its order; *left*: somebody is shown no more."""
    ledger = world.ledger
    anew = [*chose_anew(ledger, people), *renamed(ledger, people)]
    urgent = pages_of(world.home, anew, desired)
    # A page that shows another's badges under a name is no better than one that names a leaver.
    others = pages_of(world.home, heirs(ledger, people), desired)
    shared = [*shared_pages(world.home), *others]
    note_names(ledger, {one.id for one in people if data_page(world.home, one) in desired})
    waiting = awaited(world, _taking_part(world), desired)
    wanted = differences(ledger, desired, farewell(world), urgent, shared, waiting, left=left)
    return hourly_part(world.wiki, ledger, world.home, wanted, urgent) if hourly else wanted


def _let_leave(world: World, done: Round, pages: Pages) -> None:
    """Forget who left by themselves or whose account ended, although all else waits for a human."""
    info = pages[world.registry]
    let_leave(world.wiki, world.ledger, world.registry, info, world.limits)
    with suppress(NeedsAcceptance, WikiError):  # What is not believed or told is for a whole round.
        let_ended_leave(world.wiki, world.ledger, world.limits)
    known = replace(world, book=known_rules(world.ledger))
    read_accepted(known, done, pages, accept=False)


def _but_leavers(error: NeedsAcceptance, done: Round) -> NeedsAcceptance:
    """The same error; where pages of people who had left were changed all the same, it says so."""
    saved = len(done.outcome.saved)
    more = f" (But for {saved} edits for people who are shown no more.)" if saved else ""
    return NeedsAcceptance(f"{error}{more}")


def describe_all(world: World, done: Round, terms: Terms) -> dict[str, Json]:
    """Every page as it should be now: those of people who are shown, the statistics, the report.

    The tiers that people hold are noted.

    Raises:
        NeedsAcceptance: other rules would take badges from many, and nobody accepted it.

    """
    ledger, book = world.ledger, world.book
    people = _taking_part(world)
    others = _others_pages(world, people)
    ready = _ready(world, done, people, others)
    titles = {person.id: data_page(world.home, person) for person in ready}
    before = holdings(world.wiki, ledger, titles, others)
    background = seen_against(ledger)
    pages: dict[str, Json] = {}
    works: set[str] = set()
    members: list[Member] = []
    settled: dict[int, tuple[Settled, Record]] = {}
    # Of whom an account could not be read no tier is taken; it costs nobody else theirs, nor saves them.
    asked = set(world.sources())
    accounts = ledger.people.accounts()
    unread = {one.person for one in accounts if one.source in asked and not one.read}
    for group in batches(progress(ready, "scoring", " people"), PEOPLE_AT_ONCE):
        with ledger.together():  # One connection for all of them.
            for person in group:
                held = before[person.id].held
                own = replace(terms, weekly=False) if person.id in unread else terms
                described = describe_person(ledger, person, background, book, own, held)
                settled[person.id] = described.settled, described.record
                pages |= person_pages(world.home, person, described)
                works |= works_in(background.reviews, described.view)
                members.append(member(person, described))
    keep_tiers(ledger, done, before, settled, terms)
    notes = review_notes(ledger, background.reviews, terms.rules, works)
    pages[f"{world.home}/statistics.json"] = statistics_page(members, terms.rules.badges)
    pages[f"{world.home}/report.json"] = report(ledger, sorted(world.sources()), book, notes)
    return pages


def _ready(
    world: World, done: Round, people: Sequence[Person], others: Collection[str]
) -> list[Person]:
    """Who of *people* has a page; a data page of *others* under their name is none of theirs.

    A newcomer's first page waits for their histories, and for what else is to be read of their tasks.
    For a source that failed it waits only if they have an account there, and its news is not all
    stored; or if the page may stand already: then the ledger does not know all of it.
    """
    ledger = world.ledger
    accounts = ledger.people.accounts()
    read = {account.person for account in accounts if account.read}
    unread = {account.person for account in accounts if not account.read}
    published, stand = ledger.notes.pages(), names_on_pages(ledger)
    left = _left_to_read(world, done)
    places = {(one.person, one.source) for one in accounts}
    found = []
    for person in people:
        if person.id not in read:
            continue
        # A newcomer's first page waits for their whole history; a page that stands does not go.
        names = (person.name, *stand.get(person.id, ()))
        titles = {data_page(world.home, replace(person, name=name)) for name in names}
        pages = [published[one] for one in titles.difference(others) if one in published]
        new = not any(page.stands for page in pages)
        if new and (person.id in unread or (pages and done.failures)):
            continue
        # Asked last, and of newcomers only: it is a step of the ledger each.
        tasks = ledger.views.tasks_of(person) if new else ()
        waits = [name for name, more in left.items() if not more.isdisjoint(tasks)]
        if all(name in done.failures and (person.id, name) not in places for name in waits):
            found.append(person)
    return found


def _left_to_read(world: World, done: Round) -> dict[str, set[int]]:
    """Of which tasks more is to be read, by source; not at those that failed once all news was stored."""
    ledger = world.ledger
    asked = [one.name for one in world.forges if one.name not in done.failures - done.unfinished]
    left = {name: ledger.facts.unheld_works(name) for name in asked}
    if world.phabricator is not None and world.phabricator.name in done.unfinished:
        left[world.phabricator.name] = ledger.tasks.unknown()
    return left


def _others_pages(world: World, people: Iterable[Person]) -> set[str]:
    """The data pages under the names of *people* that we saved for somebody else, who bore the name."""
    pages = world.ledger.notes.pages()
    titles = {data_page(world.home, one) for one in first_borne(world.ledger, people)}
    return {title for title in titles if title in pages and pages[title].stands}


def _taking_part(world: World) -> list[Person]:
    """Everybody who is shown, and not excluded by the rules."""
    people = world.ledger.people.all()
    return [one for one in people if one.shown and not world.book.excludes(one)]
