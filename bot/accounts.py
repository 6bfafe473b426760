"""What is proved of people's accounts, and what is still open (DESIGN 4): an entry is no proof.

``bot.proofs`` asks the sources. Here stands what was noted of that, and what people are told. Proofs
themselves lie in ``ledger.people``, each with its day and its way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date

from bot.codes import LASTS, code_of, is_live
from bot.ledger import Ledger
from bot.ledger.people import Person, ProvedAccount
from scoring.globs import fits
from wikitext.registry import CLAIMS

BY_WIKI = "user.mediawikiquery"
"""Way: Phabricator says that the wiki account is linked to this account."""
BY_DEVELOPER = "user.ldapquery"
"""Way: the developer account of this name is linked to the same Phabricator account."""
BY_CODE = "code"
"""Way: the account posted the person's one-time code."""
BY_LINK = "link"
"""Way: the entry names the account, and its profile links to the person's user page."""
MEMO = "proofs"
PLACES = ("phabricator", "gerrit", "gitlab", "github")
"""Where a code can be posted."""

Words = list[list[str]]


@dataclass(slots=True)
class Book:
    """What is noted about proofs. People are known by their ids as text, as JSON wants it.

    ``asked``: the day on which a question was last asked, by source. ``turns``: the number of the round
    in which somebody last had a turn, by source and person; who comes in begins with the latest.
    ``owned``: the developer name that is proved to be the person's; ``logins``: its shell name.
    ``codes``: the day of issue.
    ``older``: the name to which a link may be older than its bearer. ``blind``: the kinds of links that
    Phabricator does not tell (``wiki``, ``developer``).
    """

    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    turns: dict[str, dict[str, int]] = field(default_factory=dict)
    owned: dict[str, str] = field(default_factory=dict)
    logins: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    older: dict[str, str] = field(default_factory=dict)
    blind: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, ledger: Ledger) -> Book:
        """Read what was noted."""
        return cls(**(ledger.notes.recall(MEMO) or {}))

    def keep(self, ledger: Ledger) -> None:
        """Note it, if it is new."""
        if asdict(self) != asdict(Book.of(ledger)):
            ledger.notes.remember(MEMO, asdict(self))

    def owns(self, person: Person) -> bool:
        """Whether the developer name of the entry is proved to be the person's."""
        return bool(person.developer) and self.owned.get(str(person.id)) == person.developer

    def forget_asked(self, numbers: set[int], kinds: frozenset[str] | None = None) -> None:
        """Forget when questions about these people, of these kinds, were asked: they are due."""
        for source, asked in self.asked.items():
            self.asked[source] = {
                question: day
                for question, day in asked.items()
                if int(question.split(":", 2)[0]) not in numbers
                or (kinds is not None and question.split(":", 2)[1] not in kinds)
            }

    def forget_unsaid(
        self, person: Person, developer: str, claims: Mapping[str, tuple[str, ...]]
    ) -> None:
        """Forget when names were asked about that the entry says no more: said again, they are due."""
        for source, asked in self.asked.items():
            said = {*claims.get(source, ()), developer}
            self.asked[source] = {
                question: day
                for question, day in asked.items()
                if _is_said(question, person, said, developer)
            }


def _is_said(question: str, person: Person, said: set[str], developer: str) -> bool:
    """Whether a question is about somebody else, or about what is still to be asked."""
    number, kind, name = question.split(":", 2)
    if int(number) != person.id or kind == "wiki":
        return True
    return name in said or (kind == "named" and name.startswith(f"{developer}:"))


def question(person: Person, kind: str, name: str) -> str:
    """What a question is called in the book: about whom, of which kind, about which name."""
    return f"{person.id}:{kind}:{name}"


def prove_again(ledger: Ledger) -> None:
    """Ask again for every link (the weekly check); codes are looked for once a day anyway."""
    book = Book.of(ledger)
    book.older = {}
    people = {person.id for person in ledger.people.all()}
    book.forget_asked(people, frozenset({"wiki", "developer", "named"}))
    book.keep(ledger)


def forget_proofs(ledger: Ledger, people: Iterable[Person]) -> None:
    """Drop what was noted about people who left: their numbers may be given to others."""
    book = Book.of(ledger)
    for person in people:
        for noted in (book.owned, book.logins, book.codes, book.older):
            noted.pop(str(person.id), None)
        for turns in book.turns.values():
            turns.pop(str(person.id), None)
        book.forget_asked({person.id})
    book.keep(ledger)


def drop_disowned(
    ledger: Ledger, before: Person, developer: str, claims: Mapping[str, tuple[str, ...]]
) -> None:
    """The entry says something else now: what was proved by what it no longer says ends."""
    if before.developer == developer and dict(before.claims) == dict(claims):
        return
    said = {claim(source, name) for source, names in claims.items() for name in names}
    said.add(claim("developer", developer))
    for account in (*ledger.people.accounts(before), *ledger.people.claimants(before)):
        if account.claim and account.claim not in said:
            ledger.people.drop_account(account)
    book = Book.of(ledger)
    if before.developer != developer:
        book.owned.pop(str(before.id), None)
        book.logins.pop(str(before.id), None)
    # Nobody comes to the front by editing: what stays in the entry was asked when it was.
    book.forget_unsaid(before, developer, claims)
    book.keep(ledger)


def claim(option: str, name: str) -> str:
    """How a proof names the part of the entry that it was proved by."""
    return f"{option}={name}"


def by_person(ledger: Ledger) -> dict[int, list[ProvedAccount]]:
    """Every account that a person proved, disputed ones too, by the person's id."""
    found: dict[int, list[ProvedAccount]] = {}
    for account in (*ledger.people.accounts(), *ledger.people.claimants()):
        found.setdefault(account.person, []).append(account)
    return found


def open_names(
    person: Person, source: str, mine: Sequence[ProvedAccount], book: Book
) -> tuple[str, ...]:
    """The names at *source* that the entry claims and nothing proves yet."""
    names = person.claims.get(source, ())
    if source == "gerrit" and person.developer and not book.owns(person):
        names = (person.developer,)
    option = "developer" if source == "gerrit" else source
    known = [one for one in mine if one.source == source]
    proved = {one.claim for one in known} | {claim(option, one.name) for one in known}
    return tuple(name for name in names if claim(option, name) not in proved)


def renew_codes(ledger: Ledger, book: Book, people: Iterable[Person], day: date) -> None:
    """See that everybody who lacks a proof has a code that lives, and nobody else has one."""
    mine = by_person(ledger)
    for person in people:
        number, accounts = str(person.id), mine.get(person.id, ())
        issued = book.codes.get(number)
        if not any(open_names(person, source, accounts, book) for source in PLACES):
            book.codes.pop(number, None)
        elif issued is None or not is_live(date.fromisoformat(issued), day):
            book.codes[number] = day.isoformat()


def codes_of(ledger: Ledger, book: Book, people: Iterable[Person]) -> dict[int, str]:
    """The codes of those who have one, by the person's id."""
    wiki = ledger.notes.recall("wiki") or ""
    issued = {person: book.codes.get(str(person.id)) for person in people}
    return {
        person.id: code_of(wiki, person.central, date.fromisoformat(day))
        for person, day in issued.items()
        if day is not None
    }


def is_staff(name: str, patterns: tuple[str, ...]) -> bool:
    """Whether a user name is that of a staff account by the patterns of the rules (none: nobody is)."""
    return fits(name, patterns)


def proved(ledger: Ledger) -> dict[int, Words]:
    """What to tell people about accounts that they proved, by the id of the person."""
    disputed = ledger.people.disputed()
    found: dict[int, set[tuple[str, str]]] = {}
    for one in ledger.people.accounts():
        word = "disputed" if one.id in disputed else "proved"
        found.setdefault(one.person, set()).add((one.source, word))
    for one in ledger.people.claimants():
        word = "decided-otherwise" if one.settled else "disputed"
        found.setdefault(one.person, set()).add((one.source, word))
    return {
        number: [[word, source] for source, word in sorted(pairs)]
        for number, pairs in found.items()
    }


def unproved(ledger: Ledger) -> dict[int, Words]:
    """What to tell people about accounts that are not proved, by the id of the person."""
    book, mine = Book.of(ledger), by_person(ledger)
    people = ledger.people.all()
    codes = codes_of(ledger, book, people)
    found: dict[int, Words] = {}
    for person in people:
        accounts = mine.get(person.id, [])
        words = _about_links(person, accounts, book) + _about_claims(person, accounts, book)
        if person.id in codes:
            words += _how_to_post(person, accounts, book, codes[person.id])
        if words:
            found[person.id] = words
    return found


def _about_links(person: Person, mine: Sequence[ProvedAccount], book: Book) -> Words:
    asked = book.asked.get("phabricator", {})
    sources = {one.source for one in mine}
    if "phabricator" not in sources:
        if question(person, "wiki", person.name) not in asked:
            return []
        if "wiki" in book.blind:
            return [["links-refused"]]
        return [["link-may-be-older" if str(person.id) in book.older else "not-linked-phabricator"]]
    if not person.developer:
        return [["no-developer-name"]]
    if book.owns(person):
        named = question(person, "named", person.developer)
        is_asked = any(one.startswith(named) for one in book.asked.get("gerrit", ()))
        return [["no-gerrit-account"]] if is_asked and "gerrit" not in sources else []
    if "gerrit" in sources or question(person, "developer", person.developer) not in asked:
        return []
    return [["links-refused" if "developer" in book.blind else "developer-not-proved"]]


def _about_claims(person: Person, mine: Sequence[ProvedAccount], book: Book) -> Words:
    return [["open-claim", source] for source in CLAIMS if open_names(person, source, mine, book)]


def _how_to_post(person: Person, mine: Sequence[ProvedAccount], book: Book, code: str) -> Words:
    until = date.fromisoformat(book.codes[str(person.id)]) + LASTS
    places = [source for source in PLACES if open_names(person, source, mine, book)]
    return [["code", code, until.isoformat()], *([f"post-{source}"] for source in places)]
