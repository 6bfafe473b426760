"""The pages that decide what a round does, and who wrote them: stop page, rules, wishes table, reviews."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.acceptance import Accepting
from bot.ask import forgiving
from bot.errors import WikiRefused
from bot.ledger import Ledger
from bot.listed import guard_lists
from bot.ports import PageInfo
from bot.publisher import StopPage
from bot.reviews import REVIEWS, read_reviews
from bot.rulebook import follow_rules, known_rules, rules_trouble
from bot.wishes import TABLE, read_table
from bot.world import Round, World
from wikitext.rules_page import TITLE

Pages = Mapping[str, PageInfo]
"""What ``control_pages`` found, by title."""


def recognise_wiki(world: World) -> None:
    """Keep a ledger from being used on another wiki: it would withdraw pages that are not its own."""
    keep_to_wiki(world.ledger, world.wiki.check())


def keep_to_wiki(ledger: Ledger, here: str) -> None:
    """The same of a wiki that has just said who it is. Raises WikiRefused where it is not the ledger's."""
    known = ledger.notes.recall("wiki")
    if known is None:
        ledger.notes.remember("wiki", here)
    elif known != here:
        raise WikiRefused(
            f"This ledger belongs to the wiki {known}, and user-config.py leads to {here}:"
            " mend user-config.py, or set BADGES_DATABASE_URL to another ledger."
        )


def control_pages(world: World, stop: StopPage) -> Pages:
    """Whether each of the pages that decide is there, and in which revision, in one request."""
    titles = [world.registry, stop.title, world.wishes_table, TITLE, *world.review_pages.values()]
    return world.wiki.info(titles)


def read_rules(world: World, done: Round, info: PageInfo, *, accept: bool) -> World:
    """The world under the rules of today; where their page is bad, under the last good ones.

    Raises:
        NeedsAcceptance: its lists hit many people; it is then read again by the next round.

    """
    ledger = world.ledger
    before = known_rules(ledger)
    with ledger.together():
        book = follow_rules(world.wiki, ledger, info, world.now.date())
        people = [one for one in ledger.people.all() if one.shown]
        guard_lists(ledger, before, book, people, world.now.date(), accept=accept)
    trouble = rules_trouble(ledger)
    if trouble is not None:
        done.troubles.append(("The rules", trouble))
    return replace(world, book=book)


def read_accepted(world: World, done: Round, pages: Pages, *, accept: bool) -> None:
    """Bring the ledger up to date with what reviewers accepted: rows of the wishes table, reviews.

    Where so many acceptances are gone that a human has to agree, that page's stay as they were.
    """
    ledger, community, today = world.ledger, world.book.now.community, world.now.date()
    groups = community.reviewer_groups
    trusted = world.reviewers if groups is None else groups
    accepting = Accepting(world.wiki, trusted, world.book.reviewers)
    with forgiving(world, done, TABLE):
        table = world.wishes_table
        read_table(ledger, accepting, table, pages[table], today, accept=accept)
    with forgiving(world, done, REVIEWS):
        read_reviews(ledger, accepting, world.review_pages, pages, today, accept=accept)
