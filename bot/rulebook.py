"""The rules in force: those of the wiki's page, else those we ship; and those before, for a while.

Bad rules never stop a round: the last good ones stay in force, and the report says which line is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from bot.before import Before, before_of
from bot.ledger import Ledger
from bot.ledger.people import Person
from bot.ports import PageInfo, Wiki
from scoring.rules import Rules
from wikitext.registry import Period
from wikitext.rules_page import TITLE, RulesError, RulesPage, dump_rules, parse_rules, recall_rules

MEMO = "rules"
"""What the ledger remembers: ``revision`` and ``page`` (the last good text, None: missing) of the wiki's
page, ``wrong`` (line and words) if what stands there now is bad; ``text``, the rules in force
with every default; ``before``, those before them, and ``since``, the first day of each part that is
too young (``bot.before``); ``ids`` of names."""

SHIPPED = RulesPage()


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules in force. ``since`` is the first day of each part that is not ``hold_days`` in force.

    ``before`` have what was in force until then in the place of these; None where there are none. What
    the community decides has no before: a list takes effect at once, but see ``bot.listed``. ``ids`` are those of the
    accounts that the page names, from when it named them first: who is renamed is still meant.
    """

    now: RulesPage = SHIPPED
    before: RulesPage | None = None
    since: Mapping[str, date] = field(default_factory=dict, hash=False)
    ids: Mapping[str, int] = field(default_factory=dict, hash=False)

    @property
    def rules(self) -> Rules:
        """The rules of the score in force."""
        return self.now.rules

    def excludes(self, who: Person) -> bool:
        """Whether this person is excluded: they earn nothing, and have no page."""
        return any(self._means(name, who) for name in self.now.community.excluded)

    def paid(self, who: Person) -> tuple[Period, ...]:
        """The periods in which this person was paid: by their own word, or by reviewers' evidence."""
        told = (one for one in self.now.community.staff if self._means(one.user, who))
        return (*who.paid, *((one.first, one.last) for one in told))

    @property
    def reviewers(self) -> frozenset[int]:
        """The ids here of single users who are trusted reviewers."""
        return frozenset(
            self.ids[name] for name in self.now.community.reviewers if name in self.ids
        )

    def _means(self, name: str, who: Person) -> bool:
        return self.ids.get(name) == who.user if name in self.ids else name == who.name


def known_rules(ledger: Ledger) -> Rulebook:
    """The rules in force as the last round left them; the wiki is not asked."""
    memo = ledger.notes.recall(MEMO)
    return Rulebook() if memo is None else _book(memo, _page(memo)[0])


def known_text(ledger: Ledger) -> str | None:
    """The text of the wiki's page whose rules are in force; None where there is none."""
    text: str | None = (ledger.notes.recall(MEMO) or {}).get("page")
    return text


def follow_rules(wiki: Wiki, ledger: Ledger, info: PageInfo, day: date) -> Rulebook:
    """Bring the rules up to date with the page; its text is read if its revision is new, or was wrong.

    Raises:
        WikiError: the page cannot be read.

    """
    known = ledger.notes.recall(MEMO)
    memo: dict[str, Any] = dict(known or {"page": None})
    # What is wrong by one version of the program may be good by the next.
    if memo.get("revision") != info.revision or memo.get("wrong"):
        _look(wiki, memo, info)
    page, error = _page(memo)
    if error is not None:
        memo["wrong"] = _as_memo(error)
    last = _recalled(memo["text"]).rules if "text" in memo else page.rules
    before = before_of(page.rules, last, _before(memo), day)
    memo["before"] = dump_rules(RulesPage(before.rules)) if before.rules else None
    memo["since"] = {part: first.isoformat() for part, first in before.since.items()}
    memo["text"] = dump_rules(page)
    if memo != known:
        ledger.notes.remember(MEMO, memo)
    return _book(memo, page)


def rules_trouble(ledger: Ledger) -> str | None:
    """One sentence for the operator if the page cannot be used; None if it can, or is not there."""
    wrong = (ledger.notes.recall(MEMO) or {}).get("wrong")
    if not wrong:
        return None
    error = RulesError(wrong["line"], tuple(wrong["says"]))
    return f"[[{TITLE}]], {error} The last good rules stay in force."


def rules_notes(ledger: Ledger) -> list[dict[str, Any]]:
    """What the report says of the page: the line that is wrong, and what is expected there."""
    wrong = (ledger.notes.recall(MEMO) or {}).get("wrong")
    return [{"line": wrong["line"], "says": [["bad-rules"], wrong["says"]]}] if wrong else []


def _look(wiki: Wiki, memo: dict[str, Any], info: PageInfo) -> None:
    """Read the page as it is now into *memo*: its text if it is good, what is wrong if not."""
    text: str | None = None
    memo["revision"] = info.revision
    if info.exists:
        read = next(iter(wiki.texts([info.title])))
        memo["revision"] = read.revision
        text = read.text if read.exists else None
    try:
        names = sorted((_parsed(text) if text is not None else SHIPPED).community.names)
    except RulesError as error:
        memo["wrong"] = _as_memo(error)
        return
    memo["page"], memo["wrong"] = text, None
    before = memo.get("ids", {})
    ids = {name: before[name] for name in names if name in before}
    unknown = [name for name in names if name not in ids]
    found = wiki.users(unknown) if unknown else {}
    memo["ids"] = ids | {name: user.id for name, user in sorted(found.items())}


def _page(memo: Mapping[str, Any]) -> tuple[RulesPage, RulesError | None]:
    """The rules in force; an error where this version of the program refuses a page that was good."""
    text = memo["page"]
    if text is None:
        return SHIPPED, None
    try:
        return _parsed(text), None
    except RulesError as error:
        return _recalled(memo["text"]), error


def _before(memo: Mapping[str, Any]) -> Before:
    if not memo.get("before"):
        return Before()
    # An older program kept one day for all; where it did, 14 days begin anew.
    since = memo["since"] if isinstance(memo["since"], dict) else {}
    days = {part: date.fromisoformat(first) for part, first in since.items()}
    return Before(_recalled(memo["before"]).rules, days)


def _book(memo: Mapping[str, Any], page: RulesPage) -> Rulebook:
    before = _before(memo)
    old = RulesPage(before.rules, page.community) if before.rules else None
    return Rulebook(page, old, before.since, memo.get("ids", {}))


def _as_memo(error: RulesError) -> dict[str, Any]:
    return {"line": error.line, "says": list(error.says)}


@lru_cache(maxsize=4)
def _parsed(text: str) -> RulesPage:
    """The same text gives the very same rules: what is remembered for them is found again."""
    return parse_rules(text)


@lru_cache(maxsize=4)
def _recalled(text: str) -> RulesPage:
    return recall_rules(text)
