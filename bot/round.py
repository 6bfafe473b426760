"""One round, told from beginning to end: ask, derive, describe, and make the wiki so."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import timedelta

from bot.acceptance import Accepting
from bot.accounts import prove_again
from bot.ask import forgiving, gather_all
from bot.choices import chose_anew, note_choices
from bot.describe import (
    data_page,
    describe_person,
    member,
    pages_of,
    person_pages,
    seen_against,
    terms_of,
)
from bot.errors import WikiRefused
from bot.hourly import hourly_part
from bot.ledger.people import Person
from bot.listed import guard_lists
from bot.lock import locked
from bot.membership import Limits, follow_accounts, follow_registry
from bot.ports import PageInfo
from bot.progress import progress
from bot.publisher import Publisher, StopPage, differences
from bot.report import report
from bot.review_notes import review_notes, works_in
from bot.reviews import REVIEWS, read_reviews
from bot.rulebook import follow_rules, known_rules, rules_trouble
from bot.tiers import Settled, Terms, holdings, keep_tiers
from bot.wishes import TABLE, read_table
from bot.world import Round, World
from scoring.model import Record
from sources.batch import batches
from wikitext.json_text import Json
from wikitext.rules_page import TITLE
from wikitext.statistics_page import Member, statistics_page
from wikitext.words import message

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
        _recognise_wiki(world)
        stop = StopPage(world.wiki, f"{world.home}/stop")
        reviews = world.review_pages
        control = [world.registry, stop.title, world.wishes_table, TITLE, *reviews.values()]
        pages = world.wiki.info(control)
        if pages[stop.title].exists:
            stop.look()
        world = _read_rules(world, done, pages[TITLE], accept=accept)
        limits = Limits(world.now, timedelta(days=world.waiting_days), accept)
        info = pages[world.registry]
        before = {one.id for one in world.ledger.people.all() if one.shown}
        follow_registry(world.wiki, world.ledger, world.registry, info, limits)
        groups = world.book.now.community.reviewer_groups
        trusted = world.reviewers if groups is None else groups
        accepting = Accepting(world.wiki, trusted, world.book.reviewers)
        with forgiving(world, done, TABLE):
            read_table(
                world.ledger,
                accepting,
                world.wishes_table,
                pages[world.wishes_table],
                accept=accept,
            )
        with forgiving(world, done, REVIEWS):
            read_reviews(world.ledger, accepting, reviews, pages, world.now.date(), accept=accept)
        if full:
            follow_accounts(world.wiki, world.ledger, limits)
            prove_again(world.ledger)
            look_at_pages(world)
        gather_all(world, done, full=full, renew=renew)
        world.ledger.rulings.recuse()
        weekly = full and not done.failures
        terms = terms_of(world.book, world.now.date(), weekly=weekly, accept=accept)
        desired = describe_all(world, done, terms)
        people = world.ledger.people.all()
        urgent = pages_of(world.home, chose_anew(world.ledger, people), desired)
        shared = [f"{world.home}/statistics.json", f"{world.home}/report.json"]
        left = not before <= {one.id for one in people if one.shown}
        farewell = _farewell(world)
        wanted = differences(world.ledger, desired, farewell, urgent, shared, left=left)
        if hourly:
            wanted = hourly_part(world.wiki, world.ledger, world.home, wanted, urgent)
        summary = f"[[{world.root}|Developer badges]]"
        publisher = Publisher(
            world.wiki, world.ledger, stop, summary, world.tell, renew, world.look
        )
        publisher.publish(wanted, world.edit_budget, done.outcome)
        if not (done.outcome.later or done.outcome.refused):
            note_choices(world.ledger, people)
        done.people = len(_taking_part(world))
    return done


def _farewell(world: World) -> str:
    """What a page that is needed no more says to administrators."""
    why = message("summary-farewell", language=world.wiki.language)
    return world.farewell.replace("$1", why)


def describe_all(world: World, done: Round, terms: Terms) -> dict[str, Json]:
    """Every page as it should be now: those of people who are shown, the statistics, the report.

    The tiers that people hold are noted.

    Raises:
        NeedsAcceptance: other rules would take badges from many, and nobody accepted it.

    """
    ledger, book = world.ledger, world.book
    ready = _ready(world, done.failures)
    titles = {person.id: data_page(world.home, person) for person in ready}
    before = holdings(world.wiki, ledger, titles)
    background = seen_against(ledger)
    pages: dict[str, Json] = {}
    works: set[str] = set()
    members: list[Member] = []
    settled: dict[int, tuple[Settled, Record]] = {}
    for group in batches(progress(ready, "scoring", " people"), PEOPLE_AT_ONCE):
        with ledger.together():  # One connection for all of them.
            for person in group:
                held = before[person.id].held
                described = describe_person(ledger, person, background, book, terms, held)
                settled[person.id] = described.settled, described.record
                pages |= person_pages(world.home, person, described)
                works |= works_in(background.reviews, described.view)
                members.append(member(person, described))
    keep_tiers(ledger, done, before, settled, terms)
    notes = review_notes(ledger, background.reviews, terms.rules, works)
    pages[f"{world.home}/statistics.json"] = statistics_page(members, terms.rules.badges)
    pages[f"{world.home}/report.json"] = report(ledger, sorted(world.sources()), book, notes)
    return pages


def _ready(world: World, failed: Collection[str]) -> list[Person]:
    """Who has a page. A newcomer's first one waits for others' changes on their tasks, but not for
    sources that *failed*.
    """
    ledger = world.ledger
    accounts = ledger.people.accounts()
    read = {account.person for account in accounts if account.read}
    unread = {account.person for account in accounts if not account.read}
    published = ledger.notes.pages()
    asked = [forge.name for forge in world.forges if forge.name not in failed]
    pending = {number for name in asked for number in ledger.facts.unheld_works(name)}
    found = []
    for person in _taking_part(world):
        if person.id not in read:
            continue
        # A newcomer's first page waits for their whole history; a page that stands does not go.
        new = data_page(world.home, person) not in published
        if new and person.id in unread:
            continue
        # Asked last, and of newcomers only: it is a step of the ledger each.
        if new and not pending.isdisjoint(ledger.views.tasks_of(person)):
            continue
        found.append(person)
    return found


def _taking_part(world: World) -> list[Person]:
    """Everybody who is shown, and not excluded by the rules."""
    people = world.ledger.people.all()
    return [one for one in people if one.shown and not world.book.excludes(one)]


def _read_rules(world: World, done: Round, info: PageInfo, *, accept: bool) -> World:
    """The world under the rules of today; where their page is bad, under the last good ones.

    Raises:
        NeedsAcceptance: its lists hit many people; it is then read again by the next round.

    """
    ledger = world.ledger
    before = known_rules(ledger)
    with ledger.together():
        book = follow_rules(world.wiki, ledger, info, world.now.date())
        if not accept:
            guard_lists(before, book, [one for one in ledger.people.all() if one.shown])
    trouble = rules_trouble(ledger)
    if trouble is not None:
        done.troubles.append(("The rules", trouble))
    return replace(world, book=book)


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
