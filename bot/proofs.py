"""Ask the sources for proofs of accounts, seldom and a bounded number of times (DESIGN 4).

First way: wiki account → Phabricator; the developer name of the entry → the same Phabricator account;
that developer's accounts at Gerrit and GitLab; at GitHub a link to the person's user page. Second way:
a one-time code, posted where only the account itself can write. What is proved is not asked again but
by the weekly check, and a proof never ends because an answer is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from bot.accounts import BY_DEVELOPER, BY_WIKI, Book, by_person, question, renew_codes
from bot.ledger import Ledger
from bot.ledger.people import Person
from bot.ports import Wiki, WikiUser
from bot.questions import MANY, ask_each, is_due
from sources.port import Account, ChangeSource, SourceRefused, TaskSource

PHABRICATOR_BEGAN = date(2014, 1, 1)
"""No link is older; that of an account whose age is not told is taken to be as old."""
DEVELOPERS = frozenset({"gerrit", "gitlab"})
"""Where one logs in with a developer account."""

Linked = Mapping[str, tuple[Account, ...]]


def prove_at_phabricator(
    ledger: Ledger, people: Sequence[Person], phabricator: TaskSource, wiki: Wiki, day: date
) -> None:
    """Prove what is due: whose Phabricator account is whose, and which developer names are true.

    Where the server does not tell its links (SourceRefused), codes are looked for all the same.

    Raises:
        SourceError: what was proved before stands; what was not answered is asked again.
        WikiError: the wiki does not say since when newcomers bear their names.

    """
    book = Book.of(ledger)
    _prove_linked(ledger, people, phabricator, wiki, day, book)
    _prove_developers(ledger, people, phabricator, day, book)
    with ledger.together():
        renew_codes(ledger, book, people, day)
        book.keep(ledger)
    ask_each(ledger, people, phabricator, day)


def prove_at_forge(
    ledger: Ledger, people: Sequence[Person], source: ChangeSource, wiki: Wiki, day: date
) -> None:
    """Find the accounts of proved developer names there, and look for codes and links.

    Gerrit comes first: it tells the shell name by which GitLab knows a developer.

    Raises:
        SourceError: what was proved before stands; what was not answered is asked again.

    """
    book = Book.of(ledger)
    with ledger.together():
        renew_codes(ledger, book, people, day)
        book.keep(ledger)
    links = wiki.user_page_urls if source.name == "github" else None
    named = source.account_named if source.name in DEVELOPERS else None
    ask_each(ledger, people, source, day, links, named)


def _prove_linked(
    ledger: Ledger,
    people: Sequence[Person],
    phabricator: TaskSource,
    wiki: Wiki,
    day: date,
    book: Book,
) -> None:
    """Wiki account → Phabricator account, unless the link may be older than the name's bearer."""
    source, mine = phabricator.name, by_person(ledger)
    known = {
        person.id: {one.key for one in mine.get(person.id, ()) if one.source == source}
        for person in people
    }
    asked = book.asked.setdefault(source, {})
    due = [
        person
        for person in people
        if is_due(asked, question(person, "wiki", person.name), day, again=not known[person.id])
    ]
    due.sort(key=lambda one: asked.get(question(one, "wiki", one.name), ""))  # Longest ago first.
    linked = _links("wiki", phabricator.linked_to_wiki, (person.name for person in due), book)
    fresh: dict[int, list[Account]] = {}
    newcomers = 0
    for person in due:
        accounts = linked.get(person.name, ())
        newcomers += any(one.key not in known[person.id] for one in accounts)
        if newcomers > MANY:  # Each costs the wiki a question or two: the rest in the next round.
            break
        fresh[person.id] = [
            one for one in accounts if one.key in known[person.id] or _is_fresh(wiki, person, one)
        ]
    with ledger.together():
        for person in (one for one in due if one.id in fresh):
            asked[question(person, "wiki", person.name)] = day.isoformat()
            for one in fresh[person.id]:
                ledger.people.prove(person, source, one.key, one.name, BY_WIKI, day)
            book.older.pop(str(person.id), None)
            if len(fresh[person.id]) < len(linked.get(person.name, ())):
                book.older[str(person.id)] = person.name
        book.keep(ledger)


def _is_fresh(wiki: Wiki, person: Person, linked: Account) -> bool:
    """Whether the link must be that of this wiki account: Phabricator keeps the name alone."""
    user = WikiUser(person.user, person.central, person.name)
    return wiki.bears_since(user, linked.created or PHABRICATOR_BEGAN)


def _prove_developers(
    ledger: Ledger, people: Sequence[Person], phabricator: TaskSource, day: date, book: Book
) -> None:
    """Developer name → the same Phabricator account; another's account is proof of the contrary."""
    asked = book.asked.setdefault(phabricator.name, {})
    disputed = ledger.people.disputed()
    holders = {
        one.key: one.person
        for one in ledger.people.accounts(source=phabricator.name)
        if one.id not in disputed
    }
    linked = set(holders.values())
    due = [
        person
        for person in people
        if person.developer and person.id in linked
        and is_due(asked, question(person, "developer", person.developer), day,
                    again=not book.owns(person))
    ]  # fmt: skip
    found = _links(
        "developer", phabricator.linked_to_developer, (one.developer for one in due), book
    )
    with ledger.together():
        for person in due:
            asked[question(person, "developer", person.developer)] = day.isoformat()
            keys = {one.key for one in found.get(person.developer, ())}
            owners = {holders[key] for key in keys if key in holders}
            if person.id in owners:
                book.owned[str(person.id)] = person.developer
            elif owners and book.owns(person):
                del book.owned[str(person.id)]
                _end_developer(ledger, person)
        book.keep(ledger)


def _end_developer(ledger: Ledger, person: Person) -> None:
    """The developer name is somebody else's: what was proved by it alone ends."""
    for account in (*ledger.people.accounts(person), *ledger.people.claimants(person)):
        if account.way == BY_DEVELOPER:
            ledger.people.drop_account(account)
    ledger.facts.sweep()


def _links(
    kind: str, ask: Callable[[Iterable[str]], Linked], names: Iterable[str], book: Book
) -> Linked:
    """Ask for links, if there is anybody to ask for; a server may lack the method, or forbid it."""
    wanted = sorted(set(names))
    if not wanted:
        return {}
    try:
        found = ask(wanted)
    except SourceRefused:
        book.blind = sorted({*book.blind, kind})
        return {}
    book.blind = [one for one in book.blind if one != kind]
    return found
