"""Questions about single names: the account of a developer, and what a claimed account posted.

Each is asked at most once a day, and each source so many in a round; anybody can claim names. People
have their turns one after the other, however many names they claim and however often they edit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.accounts import (
    BY_CODE,
    BY_DEVELOPER,
    BY_LINK,
    Book,
    by_person,
    claim,
    codes_of,
    open_names,
    question,
    renew_codes,
)
from bot.ledger import Ledger
from bot.ledger.people import Person
from sources.port import Account, ChangeSource, SourceChanged, SourceError, TaskSource

MANY = 50
"""Questions about single names that one source is asked in one round; the rest come in the next."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question about one name: the account of a developer, or what a claimed account posted."""

    person: Person
    kind: str
    name: str
    claim: str
    place: int
    login: str = ""
    words: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What the question is called in the book; to know the login is a reason to ask anew."""
        name = f"{self.name}:{self.login}" if self.login else self.name
        return question(self.person, self.kind, name)


_Answer = tuple[Question, Account | None, str]
"""A question, the account that it proves, and the way."""


def ask_each(
    ledger: Ledger,
    people: Sequence[Person],
    source: TaskSource | ChangeSource,
    day: date,
    links: Callable[[str], tuple[str, ...]] | None = None,
    named: Callable[[str, str], Account | None] | None = None,
) -> None:
    """Ask *source* what is due about single names, and note what that proves.

    *links* are forms of a link to the user page of a wiki name, each as good as a code; *named* finds
    the account of a developer name that is proved, with its shell name.

    Raises:
        SourceError: what was answered before is noted.

    """
    book = Book.of(ledger)
    asked = book.asked.setdefault(source.name, {})
    questions: list[Question] = []
    if named is not None:
        questions += _about_developers(ledger, people, source.name, book)
    questions += _about_claims(ledger, people, source.name, links, book)
    due = [
        one
        for one in questions
        # No account at GitLab is nothing to worry about: that is asked again by the weekly check.
        if is_due(asked, one.key, day, again=one.kind == "posted" or source.name == "gerrit")
    ]
    turns = book.turns.setdefault(source.name, {})
    turn = max(turns.values(), default=0) + 1
    answers, trouble = _answers(_in_turn(due, turns, asked)[:MANY], source, named)
    with ledger.together():
        for one, account, way in answers:
            asked[one.key] = day.isoformat()
            turns[str(one.person.id)] = turn
            if account is not None:
                _note_proof(ledger, book, one, account, source.name, way, day)
        if named is not None:
            _forget_answered(ledger, people, source.name, book)
        renew_codes(ledger, book, people, day)
        book.keep(ledger)
    if trouble is not None:
        raise trouble


def _in_turn(
    due: Iterable[Question], turns: dict[str, int], asked: Mapping[str, str]
) -> list[Question]:
    """First one question of everybody, then a second one; those first whose turn was longest ago.

    Who comes in stands behind all who wait, and before all whose turn comes until theirs. So nobody
    waits for more than one turn of each other person, and nobody comes first by leaving and joining.
    """
    latest = max(turns.values(), default=0)
    of: dict[int, list[Question]] = {}
    for one in sorted(due, key=lambda one: (asked.get(one.key, ""), one.place)):
        turns.setdefault(str(one.person.id), latest)
        of.setdefault(one.person.id, []).append(one)
    placed = [
        (place, turns[str(number)], number, one)
        for number, questions in of.items()
        for place, one in enumerate(questions)
    ]
    return [one for *_, one in sorted(placed, key=lambda row: row[:3])]


def _about_developers(
    ledger: Ledger, people: Iterable[Person], source: str, book: Book
) -> Iterator[Question]:
    """The accounts of developers whose names are proved."""
    known = {
        (one.person, one.claim)
        for accounts in by_person(ledger).values()
        for one in accounts
        if one.source == source
    }
    for person in people:
        said = claim("developer", person.developer)
        if book.owns(person) and (person.id, said) not in known:
            login = book.logins.get(str(person.id), "") if source != "gerrit" else ""
            yield Question(person, "named", person.developer, said, 0, login)


def _forget_answered(ledger: Ledger, people: Sequence[Person], source: str, book: Book) -> None:
    """Forget when those developers were asked about whose account is known: nobody asks for it again.

    The weekly check forgets it as well; so one that was cut off and done again leaves the same.
    """
    open_ = {one.key for one in _about_developers(ledger, people, source, book)}
    numbers = {str(person.id) for person in people}
    for key in book.asked[source].keys() - open_:
        number, kind, _ = key.split(":", 2)
        if kind == "named" and number in numbers:
            del book.asked[source][key]


def _about_claims(
    ledger: Ledger,
    people: Sequence[Person],
    source: str,
    links: Callable[[str], tuple[str, ...]] | None,
    book: Book,
) -> Iterator[Question]:
    """The claimed accounts that are not proved, and what would prove each."""
    mine = by_person(ledger)
    option = "developer" if source == "gerrit" else source
    codes = codes_of(ledger, book, people)
    for person in people:
        for place, name in enumerate(open_names(person, source, mine.get(person.id, ()), book)):
            words = (
                *([codes[person.id]] if person.id in codes else ()),
                *(links(person.name) if links else ()),
            )
            yield Question(person, "posted", name, claim(option, name), place, words=words)


def _answers(
    questions: Iterable[Question],
    source: TaskSource | ChangeSource,
    named: Callable[[str, str], Account | None] | None,
) -> tuple[list[_Answer], SourceError | None]:
    """What the source answers, up to where it fails; one name that it cannot read costs no other."""
    answers: list[_Answer] = []
    trouble: SourceError | None = None
    for one in questions:
        try:
            if one.kind == "named" and named is not None:
                answers.append((one, named(one.name, one.login), BY_DEVELOPER))
            else:
                answers.append((one, *_posted(one, source)))
        except SourceChanged as error:
            answers.append((one, None, ""))
            trouble = error
        except SourceError as error:
            return answers, error
    return answers, trouble


def _posted(one: Question, source: TaskSource | ChangeSource) -> tuple[Account | None, str]:
    """The account that posted what proves the claim, if it bears exactly the claimed name."""
    found = source.posted(one.name, one.words)
    if found is None or one.name not in (found[0].name, found[0].login):
        return None, ""
    return found[0], BY_LINK if "://" in found[1] else BY_CODE


def _note_proof(
    ledger: Ledger,
    book: Book,
    one: Question,
    account: Account,
    source: str,
    way: str,
    day: date,
) -> None:
    number = str(one.person.id)
    ledger.people.prove(one.person, source, account.key, account.name, way, day, one.claim)
    if source != "gerrit" or account.name != one.person.developer:
        return
    # One logs in at Gerrit with the developer account: who proved the one by a code has the other.
    book.owned[number] = one.person.developer
    if account.login:
        book.logins[number] = account.login


def is_due(asked: Mapping[str, str], one: str, day: date, *, again: bool) -> bool:
    """Whether to ask: for the first time, or *again* where it was not today."""
    last = asked.get(one)
    return last is None or (again and last != day.isoformat())
