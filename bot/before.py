"""The rules before: which parts of the rules are not yet old enough, and what stood in their places."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from scoring.decides import HOLD, SCORE, parts_of
from scoring.rules import Rules
from wikitext.rules_badges import MANY_BADGES


@dataclass(frozen=True, slots=True)
class Before:
    """``rules`` are those in force with what stood in the place of each part that is too young.

    ``since`` is the first day of each such part (``scoring.decides``); None and nothing where all are
    old enough. They decide as those did; what decides nothing may be left out.
    """

    rules: Rules | None = None
    since: Mapping[str, date] = field(default_factory=dict)


def before_of(now: Rules, last: Rules, known: Before, day: date) -> Before:
    """What is before the rules of *day*, where those of the *last* round had *known* before them.

    A part is old enough after ``hold_days``: those in force, or those before if these were more.
    Only a change of the part itself makes it young again; what is taken back is as if it had never been.
    """
    before = known.rules or last
    here, there, then = parts_of(now), parts_of(last), parts_of(before)
    hold = timedelta(days=max(now.hold_days, before.hold_days))
    since = {}
    for part in sorted(here.keys() | then.keys()):
        if here.get(part) == then.get(part):
            continue
        same = here.get(part) == there.get(part)
        first = known.since.get(part, day) if same else day
        if day < first + hold:
            since[part] = first
    return Before(_mixed(now, before, since), since) if since else Before()


def _mixed(now: Rules, before: Rules, young: Collection[str]) -> Rules:
    old = {badge.id: badge for badge in before.badges if badge.id in young}
    badges = [badge for badge in now.badges if badge.id not in young]
    badges += old.values()
    return replace(
        before if SCORE in young else now,
        hold_days=(before if HOLD in young else now).hold_days,
        # Without examples: together they might be more than a page may tell of.
        badges=tuple(replace(badge, examples=()) for badge in badges[:MANY_BADGES]),
    )
