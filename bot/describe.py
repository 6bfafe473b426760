"""Describe the pages as they should be, from the ledger and the rules; the wiki is not asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from bot.accounts import is_staff
from bot.ledger import Ledger
from bot.ledger.background import ME, Background, background_of
from bot.ledger.people import Person
from bot.ledger.views import View
from bot.reviewed import Shown, decided_tasks, given_to, rulings_for, shown_reviews
from bot.rulebook import Rulebook, known_rules
from bot.tiers import Settled, Terms, settle_tiers
from bot.tools import in_news
from scoring.assess import assess, names_of
from scoring.decides import same_scores
from scoring.model import Assessment, Record, Ruling
from scoring.record import record_of
from scoring.rules import Rules
from scoring.rulings import ruled
from scoring.tiers import Held
from wikitext.data_pages import person_page
from wikitext.hidden import NOTHING_HIDDEN, Hidden, hidden_of
from wikitext.json_text import Json
from wikitext.registry import Period
from wikitext.statistics_page import Member
from wikitext.work_pages import work_pages


@dataclass(frozen=True, slots=True)
class Described:
    """A person's record, and the facts that made it. ``staff``: all of it was done for pay.

    ``reviews`` are those of the works in the view; ``corrected`` the works that were the person's
    before accepted reviews corrected them away; ``hidden`` is what the person's pages leave out.
    """

    record: Record
    view: View
    unconfirmed: int
    settled: Settled
    staff: bool = False
    hidden: Hidden = NOTHING_HIDDEN
    reviews: Shown = field(default_factory=dict)
    corrected: tuple[Assessment, ...] = ()


def describe_person(
    ledger: Ledger,
    who: Person,
    background: Background | None = None,
    book: Rulebook | None = None,
    terms: Terms | None = None,
    held: Sequence[Held] | None = None,
) -> Described:
    """Compute a person's record from the facts they have a part in, and the tiers they *held* before.

    *background* is that of ``seen_against``, *book* that of ``known_rules``; who describes many
    people reads them once, and all tiers. *terms* are those of a round, by the book.
    """
    book = book or known_rules(ledger)
    terms = terms or terms_of(book)
    rules = terms.rules
    background = background or seen_against(ledger)
    view = ledger.views.of(who, background)
    rulings = rulings_for(who.user, background.reviews, view)
    given = given_to(who.user, background.reviews)
    record = _record(who, view, rulings, book, rules, given)
    before = None
    if terms.before is not None and not same_scores(rules, terms.before):
        before = _record(who, view, rulings, book, terms.before, given)
    if held is None:
        held = ledger.tiers.of(who).held
    settled = settle_tiers(record, before, held, terms)
    named = {number for change in view.changes for number in change.tasks}
    gone = _corrected_away(view, rulings, record, rules)
    works = [one.work for one in (*(credit.work for credit in record.credits), *gone)]
    return Described(
        replace(record, awards=settled.awards),
        view,
        len(view.owned - named - decided_tasks(background.reviews)),
        settled,
        is_staff(who.name, rules.staff_names),
        hidden_of(who.choices, rules.badges, works, background.wishes),
        shown_reviews(background.reviews, view),
        gone,
    )


def terms_of(
    book: Rulebook, today: date = date.min, *, weekly: bool = False, accept: bool = False
) -> Terms:
    """The terms of a round by this book; without a day: of one that notes nothing."""
    before = book.before.rules if book.before else None
    return Terms(book.rules, before, today, weekly, accept)


def _record(
    who: Person,
    view: View,
    rulings: Mapping[str, Ruling],
    book: Rulebook,
    rules: Rules,
    given: Sequence[tuple[str, date, str]],
) -> Record:
    changes, tasks = (
        ruled(view.changes, view.tasks, rulings, rules) if rulings else (view.changes, view.tasks)
    )
    staff = is_staff(who.name, rules.staff_names)
    return record_of(
        ME,
        assess(changes, tasks, rules, rulings),
        view.wishes,
        rules,
        reviews=view.reviews,
        paid=(lambda _day: True) if staff else partial(is_paid, book.paid(who)),
        given=given,
    )


def _corrected_away(
    view: View, rulings: Mapping[str, Ruling], record: Record, rules: Rules
) -> tuple[Assessment, ...]:
    """The works that would be the person's without *rulings*, and are not with them, by key."""
    if not rulings:
        return ()
    left = {credit.work.key for credit in record.credits}
    left |= {f"T{number}" for credit in record.credits for number in credit.work.also}
    before = assess(view.changes, view.tasks, rules)
    own = {one.key for one in before}
    return tuple(
        one
        for one in before
        if one.key not in left
        and one.shares.get(ME)
        and not rulings.keys().isdisjoint(names_of(one.work, own))
    )


def seen_against(ledger: Ledger) -> Background:
    """What everybody's view is seen against."""
    return background_of(
        ledger.views.kinship(), ledger.wishes.all(), ledger.people.disputed(), in_news(ledger),
        ledger.rulings.judged(),
    )  # fmt: skip


def is_paid(periods: Sequence[Period], day: date) -> bool:
    """Whether *day* lies in one of *periods* (first and last month, both included)."""
    month = f"{day:%Y-%m}"
    return any(first <= month and (last is None or month <= last) for first, last in periods)


def data_page(home: str, who: Person) -> str:
    """The title of a person's data page."""
    return f"{home}/people/{who.name}.json"


def pages_of(home: str, people: Iterable[Person], titles: Iterable[str]) -> set[str]:
    """Those of the *titles* that are pages of these people."""
    data = {data_page(home, who) for who in people}
    works = tuple(f"{title.removesuffix('.json')}/" for title in data)
    return {title for title in titles if title in data or title.startswith(works)}


def person_pages(home: str, who: Person, described: Described) -> dict[str, Json]:
    """The data page and the work pages of a person, by title below *home*."""
    base = f"{home}/people/{who.name}"
    lines = {change.key: change.subject for change in described.view.changes}
    record, hidden = described.record, described.hidden
    works = work_pages(record.credits, ME, lines, described.reviews, described.corrected, hidden)
    page = person_page(
        record, described.unconfirmed, works, staff=described.staff, goal=who.choices.goal,
        hidden=hidden,
    )  # fmt: skip
    return {
        data_page(home, who): page,
        **{f"{base}/work-{name}.json": one for name, one in works.items()},
    }


def member(who: Person, described: Described) -> Member:
    """A person as the statistics know them."""
    return Member(who.name, described.record, described.hidden, who.choices.wall)
