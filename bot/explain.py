"""Say in words why somebody has what they have: for ``explain`` and ``preview``."""

from __future__ import annotations

from collections.abc import Iterator

from bot.accounts import (
    BY_CODE,
    BY_DEVELOPER,
    BY_LINK,
    BY_WIKI,
    PLACES,
    Book,
    codes_of,
    open_names,
)
from bot.describe import Described, describe_person, seen_against
from bot.errors import BadgesError
from bot.ledger import Ledger
from bot.ledger.background import ME
from bot.ledger.people import Person
from bot.onwiki import BY_CENTRAL_ID
from bot.rulebook import known_rules
from scoring.assess import main_change, names_of
from scoring.badge import ACTIVE
from scoring.credits import reasons_of
from scoring.model import Assessment, Award, Credit, Tally
from wikitext.registry import canonical_name
from wikitext.words import in_words, is_message, message

WAYS = {
    BY_WIKI: "by Phabricator's link to the wiki account",
    BY_DEVELOPER: "by the developer account, linked to the same Phabricator account",
    BY_CODE: "by the one-time code it posted",
    BY_LINK: "by a link both ways, with the user page",
    BY_CENTRAL_ID: "by the id that all wikis share",
}


class NotFoundInLedger(BadgesError):
    """The person or the work that was asked for is not in the ledger."""


def find_person(ledger: Ledger, name: str) -> Person:
    """The person of this name. Raises NotFoundInLedger."""
    wanted = canonical_name(name)
    for person in ledger.people.all():
        if wanted is not None and person.name in (wanted, wanted[:1].upper() + wanted[1:]):
            return person
    raise NotFoundInLedger(
        f"Nobody of the name “{name}” takes part, as far as the ledger knows. The name is that of the"
        " account on the wiki; who joined since the last round is not in it yet."
    )


def explain_person(ledger: Ledger, person: Person) -> Iterator[str]:
    """Lines about a person: accounts with their proofs, numbers, badges, works."""
    book = known_rules(ledger)
    described = describe_person(ledger, person, book=book)
    yield (
        person.name if person.shown else f"{person.name} (entry removed by somebody else; waiting)"
    )
    if book.excludes(person):
        yield "  excluded by the rules: no page, and nothing counts; what follows is what would"
    yield from explain_accounts(ledger, person)
    yield from card(described)
    yield "  works:"
    for credit in sorted(described.record.credits, key=lambda one: (-one.counted, one.work.key)):
        yield f"    {_line(credit, described)}"


def explain_accounts(ledger: Ledger, person: Person) -> Iterator[str]:
    """Lines about a person's accounts: how each was proved and when, and what is still open."""
    disputed = ledger.people.disputed()
    accounts, others = ledger.people.accounts(person), ledger.people.claimants(person)
    for account in (*accounts, *others):
        state = "" if account.read else "; its history is still to be read"
        if account.id in disputed:
            state = "; disputed: somebody else proved it, too, and a reviewer has to decide"
        elif account in others:
            state = "; a reviewer decided that it is somebody else's"
        way = WAYS.get(account.way, account.way)
        yield f"  {account.source}: {account.name}, proved {way} on {account.proved}{state}"
    if not accounts:
        yield "  no account is proved yet, so nothing is counted; the report says what to do"
    book = Book.of(ledger)
    for source in PLACES:
        for name in open_names(person, source, (*accounts, *others), book):
            yield f"  {source}: {name}, claimed by the entry, not proved"
    for code in codes_of(ledger, book, [person]).values():
        yield f"  code that proves a claim where it is posted: {code}, issued {book.codes[str(person.id)]}"
    for first, last in known_rules(ledger).paid(person):
        whose = "by the entry's own word" if (first, last) in person.paid else "by the rules"
        yield f"  paid from {first} {f'to {last}' if last else 'on'}, {whose}"


def explain_work(ledger: Ledger, person: Person, key: str) -> Iterator[str]:
    """Lines about one work of a person: every term of its points. Raises NotFoundInLedger."""
    described = describe_person(ledger, person)
    for credit in described.record.credits:
        work = credit.work
        if work.key == key:
            yield _line(credit, described)
            yield f"  points {work.points:.1f} = 10^{work.difficulty:.2f} × 10^{work.impact:.2f}"
            for reason in reasons_of(credit):
                yield f"    {reason.term:<10} {reason.value:4.2f}  {in_words(reason)}"
            yield f"  share: {person.name} {credit.share:.2f}, others {1 - credit.share:.2f}"
            yield f"  credit {credit.credit:.1f}, of which {credit.counted:.1f} count"
            yield from _reviews(described, work)
            return
    for work in described.corrected:
        if work.key == key:
            yield f"{work.key}: not a work of {person.name}, by accepted reviews"
            yield from _reviews(described, work)
            return
    raise NotFoundInLedger(
        f"{person.name} has no credited work {key}; `explain PERSON` lists them."
    )


def cards(ledger: Ledger) -> Iterator[str]:
    """Everybody's badge card as lines of text."""
    background, book = seen_against(ledger), known_rules(ledger)
    for person in ledger.people.all():
        if book.excludes(person):
            yield f"{person.name} (excluded by the rules)"
        else:
            yield person.name
            yield from card(describe_person(ledger, person, background, book))
        yield ""


def _reviews(described: Described, work: Assessment) -> Iterator[str]:
    own = {credit.work.key for credit in described.record.credits}
    for key in names_of(work.work, own):
        for one in described.reviews.get(key, ()):
            what = f"{one['what']} {one['value']}".strip()
            yield f"  review ({one['state']}, revision {one['revision']}): {what}"


def card(described: Described) -> Iterator[str]:
    """The badge card as lines of text."""
    record = described.record
    estimate = " (estimate)" if any(c.work.estimate for c in record.credits) else ""
    hidden = described.hidden
    if hidden.most:
        yield "  hides everything but the count: the rest of what follows is on no page"
    elif hidden.score:
        yield "  hides the score: no points are on any page"
    yield f"  {_numbers(record.total)}{estimate}"
    for year, tally in sorted(record.years.items()):
        yield f"    {year}: {_numbers(tally)}"
    for award in record.awards:
        yield f"  {_award(award)}{_mark(hidden.badge(award.badge))}"
    for grant in record.grants:
        mark = _mark(hidden.most or hidden.key(grant.wish.key))
        yield (
            f"  wish {grant.wish.key} ({grant.day}), share {grant.share:.2f}: {grant.wish.title}{mark}"
        )
    if described.staff:
        yield "  a staff account: its works are listed, and count in no number"
    if described.unconfirmed:
        yield (
            f"  {described.unconfirmed} resolved tasks name no change:"
            " they count once a reviewer confirms who did them"
        )


def _numbers(tally: Tally) -> str:
    return (
        f"{tally.together} issues and wishes ({tally.issues} and {tally.wishes}),"
        f" {tally.patches} patches, {tally.reviews} reviews, score {tally.score:.1f}"
    )


def _award(award: Award) -> str:
    name = (
        message(f"badge-{award.badge}-name")
        if is_message(f"badge-{award.badge}-name")
        else award.name
    )
    tier = message(f"tier-{award.tier}") if award.tier else "not yet"
    since = f" since {award.since}" if award.since else ""
    parts = [f"{round(award.value, 1):g}"]
    if award.more is not None:
        parts.append(f"{award.more} more to the next tier")
    if award.times:
        parts.append(f"{award.times} times")
    if award.waits:
        parts.append(f"{message(f'tier-{award.waits}')} once the rules are old enough")
    if award.taken is not None:
        lost, line, value = award.taken
        parts.append(f"{message(f'tier-{lost}')} is no longer held: {value:g} of {line:g} remain")
    if award.state != ACTIVE:
        parts.append(award.state)
    return f"{name}: {tier}{since} ({'; '.join(parts)})"


def _line(credit: Credit, described: Described) -> str:
    work = credit.work
    lines = {change.key: change.subject for change in described.view.changes}
    kind = "paid, not counted" if credit.paid else "issue" if credit.issue else "work"
    about = lines.get(main_change(work.work, ME), "")
    return (
        f"{work.key} ({kind}, {work.day}): {credit.counted:.1f} of {work.points:.1f} points,"
        f" share {credit.share:.2f}. {about}{_mark(described.hidden.work(work.work))}"
    )


def _mark(hidden: bool) -> str:
    """What stands behind a thing that the person has hidden."""
    return " (hidden: on no page)" if hidden else ""
