"""The tiers of a round: what people held before, what no change of rules may take, who fell silent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.errors import NeedsAcceptance
from bot.ledger import Ledger
from bot.ledger.tiers import Holding
from bot.ports import Wiki
from bot.registry import MANY_PEOPLE, MANY_SHARE
from bot.world import Round
from scoring.badge import ACTIVE
from scoring.badges import awards
from scoring.decides import name_of, names_of, other_badges
from scoring.model import Award, Record
from scoring.rules import RULES, Rules
from scoring.silence import Matches, silent
from scoring.tiers import Check, Held, settle, shown
from sources.batch import batches
from wikitext.held import tiers_on_page
from wikitext.json_text import loads

SILENT = "silent-badges"
"""The memo of badges whose rule went blind, each with the newest day on which it fitted."""
GIVEN_BY = "badges"
"""The memo of the rules that last gave badges: their name, and the ids of the badges."""
TITLES = 50


@dataclass(frozen=True, slots=True)
class Terms:
    """By which rules tiers are given. ``before`` are those that were last in force for 14 days, part by
    part, None where all in force are that old (``bot.before``); ``weekly``: a full check in
    which every source answered, and told all of this person.
    """

    rules: Rules = RULES
    before: Rules | None = None
    today: date = date.min
    weekly: bool = False
    accept: bool = False

    @property
    def check(self) -> Check:
        """What deciding about tiers needs to know of it."""
        return Check(names_of(self.rules), self.today, self.weekly)


@dataclass(frozen=True, slots=True)
class Settled:
    """A person's awards as pages show them, the tiers held, and all that fits under the rules."""

    awards: tuple[Award, ...]
    held: tuple[Held, ...]
    fitting: tuple[Award, ...]


def settle_tiers(
    record: Record, record_before: Record | None, held: Sequence[Held], terms: Terms
) -> Settled:
    """Give a person their awards. *record_before* is their record under the rules before."""
    badges = terms.rules.badges
    now = awards(record, badges)
    old: dict[str, Award | None] = {}
    if terms.before is not None and (young := other_badges(terms.rules, terms.before)):
        old.update(dict.fromkeys(young))
        then = awards(record_before or record, terms.before.badges)
        old.update((award.badge, award) for award in then if award.badge in young)
    kept = settle(held, badges, now, old, terms.check)
    return Settled(shown(kept, badges, now), kept, now)


def holdings(
    wiki: Wiki, ledger: Ledger, titles: Mapping[int, str], others: Collection[str] = ()
) -> dict[int, Holding]:
    """What the people hold whose data pages have these *titles*, by person.

    Of whom the ledger never noted anything, their own data page is asked, once; where that is one of
    *others*, who bore the name before, they hold nothing yet.
    """
    known = ledger.tiers.all()
    found = {
        one: known.get(one, Holding(())) for one in titles if one in known or titles[one] in others
    }
    unknown = {title: person for person, title in titles.items() if person not in found}
    for batch in batches(sorted(unknown), TITLES):
        for page in wiki.texts(batch):
            found[unknown[page.title]] = Holding(tiers_on_page(loads(page.text)))
    return found


def keep_tiers(
    ledger: Ledger,
    done: Round,
    before: Mapping[int, Holding],
    settled: Mapping[int, tuple[Settled, Record]],
    terms: Terms,
) -> None:
    """Note what is held now, and which badges fell silent.

    Raises:
        NeedsAcceptance: other rules would take badges from many, and nobody accepted it.

    """
    memo, name = ledger.notes.recall(GIVEN_BY), name_of(terms.rules)
    if memo is not None and memo["rules"] != name and not terms.accept:
        _guard(before, settled, memo["badges"])
    matches = Matches()
    for person, (one, record) in settled.items():
        matches.add(person, one.fitting, record.patch_days)
    counts = {person: before[person].counts for person in settled if before[person].counts}
    known = ledger.notes.recall(SILENT) or {}
    active = [badge.id for badge in terms.rules.badges if badge.state == ACTIVE]
    quiet = silent(matches, counts, known, active)
    for badge in sorted(quiet.keys() - known.keys()):
        done.troubles.append(("badges", _says(badge, quiet[badge])))
    with ledger.together():
        for person, (one, _) in settled.items():
            now = Holding(one.held, matches.counts[person])
            if now != before[person] or not before[person].counts:
                ledger.tiers.keep(person, now)
        if quiet != known:
            ledger.notes.remember(SILENT, quiet)
        ids = [badge.id for badge in terms.rules.badges]
        given_by = {"rules": name, "badges": ids}
        if given_by != memo:
            ledger.notes.remember(GIVEN_BY, given_by)


def silent_notes(ledger: Ledger) -> list[dict[str, object]]:
    """What the report says of badges whose rule fits no more."""
    found = ledger.notes.recall(SILENT) or {}
    return [{"says": [["badge-silent", badge]]} for badge in sorted(found)]


def _says(badge: str, last: str) -> str:
    since = f"since {last}" if last else "any more"
    return (
        f"the rule of {badge} has fitted nothing {since}, or far less than before, though patches go"
        " on. Look at the rule and at what its fields are told; pause the badge if that is as it should be."
    )


def _guard(
    before: Mapping[int, Holding],
    settled: Mapping[int, tuple[Settled, Record]],
    offered: Iterable[str],
) -> None:
    """Stop before other rules take badges from many people. What a weekly check takes is no rule's doing."""
    ids = set(offered)
    lost: dict[int, set[str]] = {}
    for person, (one, _) in settled.items():
        tiers = {award.badge: award.tier for award in one.awards}
        taken = {row.badge for row in one.held if row.taken is not None}
        for row in before[person].held:
            if (
                row.badge in ids - taken
                and row.taken is None
                and row.tier > tiers.get(row.badge, 0)
            ):
                lost.setdefault(person, set()).add(row.badge)
    if len(lost) > MANY_PEOPLE and len(lost) > MANY_SHARE * len(settled):
        names = ", ".join(sorted(set().union(*lost.values())))
        raise NeedsAcceptance(
            f"The rules in force would take badges from {len(lost)} of {len(settled)} people ({names}):"
            " nothing was edited. Mend the rules (a badge can be retired), or accept it with `run --accept`."
        )
