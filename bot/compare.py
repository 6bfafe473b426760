"""Who would gain or lose what under other rules, from the ledger alone: ``preview --rules FILE``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.describe import describe_person, seen_against
from bot.errors import SettingsError
from bot.ledger import Ledger
from bot.ledger.background import Background
from bot.ledger.people import Person
from bot.ledger.tiers import Holding
from bot.rulebook import Rulebook, known_rules
from scoring.model import Badge
from scoring.tiers import Held
from wikitext.rules_page import RulesError, RulesPage, differences_of, dump_rules, parse_rules
from wikitext.words import message

LONGEST_SHOWN = 60
"""Characters of a value in a list of differences."""
MOST_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class _Standing:
    """What a person has under some rules: score, issues, wishes, and tiers by badge.

    ``facts`` are the tiers that the facts alone give; ``held`` what is held beside, as in the ledger.
    """

    score: float = 0.0
    issues: int = 0
    wishes: int = 0
    tiers: Mapping[str, int] = field(default_factory=dict)
    facts: Mapping[str, int] = field(default_factory=dict)
    held: tuple[Held, ...] = ()

    def tier(self, badge: str) -> int:
        return self.tiers.get(badge, 0)

    def keeps(self, badge: str) -> bool:
        """Whether the tier is more than the facts alone give."""
        return self.tier(badge) > self.facts.get(badge, 0)


def read_rules(path: Path) -> RulesPage:
    """The rules in a file. Raises SettingsError, with the line and what to do there."""
    try:
        with path.open("rb") as file:
            text = file.read(MOST_BYTES).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read ({type(error).__name__}).") from None
    try:
        return parse_rules(text)
    except RulesError as error:
        raise SettingsError(f"{path}, {error}") from None


def shipped_rules() -> str:
    """The page with every field and its default: the text to start from."""
    return dump_rules(RulesPage())


def checked_rules(path: Path) -> Iterator[str]:
    """Say that the rules in a file are good, and what differs from the defaults. Raises SettingsError."""
    different = list(differences_of(RulesPage(), read_rules(path)))
    yield f"{path}: these rules are good; {_count(len(different), 'field')} not as we ship them."
    for name, shipped, here in different:
        yield f"  {name}: {_short(shipped)} → {_short(here)}"


def compare_rules(ledger: Ledger, page: RulesPage) -> Iterator[str]:
    """Lines on everybody who takes part, and a summary: under the rules in force, and under *page*.

    Tiers are those of the pages: with what is held already, and once *page* is old enough.
    """
    book = known_rules(ledger)
    then = replace(book, now=page, before=None)
    hold = max(book.rules.hold_days, page.rules.hold_days)
    background = seen_against(ledger)
    people = [person for person in ledger.people.all() if person.shown]
    badges = {one.id: one for one in (*page.rules.badges, *book.rules.badges)}
    holdings = ledger.tiers.all()
    gain = lose = down = kept = 0
    for person in people:
        held = holdings.get(person.id, Holding()).held
        old = _standing(ledger, person, background, book, held)
        new = _standing(ledger, person, background, then, old.held or held)
        yield from _lines(person.name, old, new, badges)
        better, worse = _compared(old, new, badges)
        gain += better
        lose += worse
        kept += any(new.keeps(badge) for badge in badges)
        down += any(new.tier(badge) < old.tier(badge) for badge in badges)
    yield (
        f"Tiers are those that would be held once these rules are {hold} days in force; by the facts"
        f" alone, {kept} would keep what they have not reached."
    )
    yield (
        f"{_count(len(people), 'person', 'people')}: {gain} would gain and {lose} would lose something,"
        f" {down} of them a tier{f' ({down / len(people):.0%})' if people else ''}."
    )


def _standing(
    ledger: Ledger, person: Person, background: Background, book: Rulebook, held: Sequence[Held]
) -> _Standing:
    if book.excludes(person):
        return _Standing()
    described = describe_person(ledger, person, background, book, held=held)
    total = described.record.total
    return _Standing(
        round(total.score, 1),
        total.issues,
        total.wishes,
        {award.badge: award.tier for award in described.record.awards},
        {award.badge: award.tier for award in described.settled.fitting},
        described.settled.held,
    )


def _compared(old: _Standing, new: _Standing, badges: Mapping[str, Badge]) -> tuple[bool, bool]:
    """Whether anything is more, and whether anything is less."""
    pairs: list[tuple[float, float]] = [
        (old.score, new.score), (old.issues, new.issues), (old.wishes, new.wishes),
        *((old.tier(badge), new.tier(badge)) for badge in badges),
    ]  # fmt: skip
    return any(b > a for a, b in pairs), any(b < a for a, b in pairs)


def _lines(name: str, old: _Standing, new: _Standing, badges: Mapping[str, Badge]) -> Iterator[str]:
    yield (
        f"{name}: score {old.score:.1f} → {new.score:.1f}, issues {old.issues} → {new.issues},"
        f" wishes {old.wishes} → {new.wishes}"
    )
    for badge in badges.values():
        before, after = old.tier(badge.id), new.tier(badge.id)
        if before or after:
            facts = new.facts.get(badge.id, 0)
            alone = f" (by the facts alone: {_tier(facts)})" if new.keeps(badge.id) else ""
            yield f"  {badge_name(badge)}: {_tier(before)} → {_tier(after)}{alone}"


def badge_name(badge: Badge) -> str:
    """What a badge is called in English: our message, else the name in its own rule."""
    key = f"badge-{badge.id}-name"
    name = message(key)
    return badge.name if name == key else name


def _tier(tier: int) -> str:
    return message(f"tier-{tier}") if tier else "not yet"


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one}" if number == 1 else f"{number} {many or f'{one}s'}"


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"
