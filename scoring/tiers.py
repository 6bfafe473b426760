"""Which tiers a person holds: what they have earned, and what no rule may take from them.

Promise 8: a tier held stays when a threshold rises or a rule changes. A tier reached only under rules
that are not yet old enough waits. Only evidence that is gone takes a tier, and only in a weekly
check that finds it still gone after an earlier day noted it. Nothing here knows of other people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from scoring.badge import ACTIVE, Award, Badge
from scoring.badges import missing, next_line, reaching


@dataclass(frozen=True, slots=True)
class Held:
    """One tier of a badge that a person holds, or held: ``taken`` is then the value that was found.

    ``since`` is the day of the event that crossed the line. ``line`` is the value that keeps the tier,
    measured under ``rules`` ("": under some that nobody remembers); ``noted`` the day on which the
    value was first found below it.
    """

    badge: str
    tier: int
    since: date
    line: float
    rules: str = ""
    noted: date | None = None
    taken: float | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A round, as far as tiers care: by which rules, the day, and whether it may take.

    ``rules`` are the names of those in force, by badge (``scoring.decides.names_of``). ``weekly`` is for
    a full check in which every source answered.
    """

    rules: Mapping[str, str] = field(hash=False)
    today: date
    weekly: bool = False


def settle(
    held: Iterable[Held],
    badges: Sequence[Badge],
    now: Sequence[Award],
    before: Mapping[str, Award | None],
    check: Check,
) -> tuple[Held, ...]:
    """What is held now, given what was *held*, by badge and tier; the same again if nothing changed.

    *now* is what the facts give under the rules in force (in the order of *badges*). *before* has the
    badges whose rules are not in force for long enough, by id, each with what the facts give under
    those that last were; None where it had none. A badge that the rules do not have (any more) keeps
    its tiers, shown to nobody.
    """
    by: dict[str, dict[int, Held]] = defaultdict(dict)
    for one in held:
        by[one.badge][one.tier] = one
    found: list[Held] = []
    for badge, award in zip(badges, now, strict=True):
        rows = by.pop(badge.id, {})
        judge = _Judge(badge, award, badge.id in before, before.get(badge.id), check)
        found += judge.all(rows)
    found += (row for rows in by.values() for row in rows.values())
    return tuple(sorted(found, key=lambda one: (one.badge, one.tier)))


@dataclass(frozen=True, slots=True)
class _Judge:
    """Judges the tiers of one badge. ``young``: the rules in force are not old enough to give any."""

    badge: Badge
    now: Award
    young: bool
    before: Award | None
    check: Check

    @property
    def rules(self) -> str:
        """The name of all that decides about the badge now."""
        return self.check.rules[self.badge.id]

    def all(self, rows: Mapping[int, Held]) -> Iterable[Held]:
        """The tiers from the highest down: who keeps one, keeps those below it."""
        above = False
        for tier in range(max((len(self.badge.tiers), *rows)), 0, -1):
            row = rows.get(tier)
            if row is None or row.taken is not None:
                fresh = self._reached(tier)
                above = above or fresh is not None
                if (now := fresh or row) is not None:
                    yield now
                continue
            kept = self._kept(tier, row)
            stands = kept.noted is None and kept.taken is None
            yield replace(row, noted=None, rules=self.rules) if above and not stands else kept
            above = above or stands

    def _reached(self, tier: int) -> Held | None:
        """The tier, if it is reached now, and was under the rules before."""
        if self.now.state != ACTIVE or tier > self.now.tier or not self._was_reached(tier):
            return None
        return Held(self.badge.id, tier, self._day(tier), self.badge.tiers[tier - 1], self.rules)

    def _was_reached(self, tier: int) -> bool:
        if not self.young:
            return True
        before = self.before
        return before is not None and before.state == ACTIVE and tier <= before.tier

    def _day(self, tier: int) -> date:
        """The day of the event that crossed the line: by the rules that gave the tier."""
        if self.before is not None and tier <= self.before.tier:
            return self.before.days[tier - 1]
        return self.now.days[tier - 1]

    def _kept(self, tier: int, row: Held) -> Held:
        rules = self.rules
        if tier <= self.now.tier:
            # Reached by itself. A line that the rules lowered for good is the line from now on.
            line = row.line if self.young else min(row.line, self.badge.tiers[tier - 1])
            since = min(row.since, self._day(tier))
            return replace(row, line=line, since=since, rules=rules, noted=None)
        value = round(self.now.value, 1)
        if value >= row.line:
            return replace(row, rules=rules, noted=None)
        if row.rules != rules and row.noted is None and not self._gone_before(tier, row):
            # Other rules see less in the same facts: what they see is what keeps the tier.
            return replace(row, line=value, rules=rules, noted=None)
        noted = row.noted or self.check.today
        if self.check.weekly and noted < self.check.today:
            return replace(row, rules=rules, noted=None, taken=value)
        return replace(row, rules=rules, noted=noted)

    def _gone_before(self, tier: int, row: Held) -> bool:
        """Whether the evidence is known to be gone under the rules before, too."""
        before = self.before
        if before is None:
            return False
        return tier > before.tier and round(before.value, 1) < row.line


def shown(held: Iterable[Held], badges: Sequence[Badge], now: Sequence[Award]) -> tuple[Award, ...]:
    """The awards as a page shows them: *now*, with the tiers that are *held*.

    What is not active is shown to those who hold it, and offered to nobody.
    """
    by: dict[str, list[Held]] = defaultdict(list)
    for one in held:
        by[one.badge].append(one)
    awards = (_shown(b, a, by.get(b.id, ())) for b, a in zip(badges, now, strict=True))
    return tuple(one for one in awards if one.state == ACTIVE or one.tier or one.taken)


def _shown(badge: Badge, award: Award, rows: Sequence[Held]) -> Award:
    stand = sorted((one for one in rows if one.taken is None), key=_tier)
    kept = stand[-1] if stand else None
    tier = kept.tier if kept else 0
    lost = max((one for one in rows if one.taken is not None), key=_tier, default=None)
    waits = award.tier if award.state == ACTIVE and award.tier > tier else 0
    following = next_line(badge, tier) if award.state == ACTIVE and not waits else None
    # Of the line that keeps the tier, which another one may have followed in the rules.
    times = reaching(award.heights, kept.line) if kept and badge.highest else award.times
    more = None if following is None or badge.highest else missing(award.value, following)
    return replace(
        award,
        tier=tier,
        since=kept.since if kept else None,
        line=kept.line if kept else None,
        next=following,
        more=more,
        times=times,
        waits=waits,
        taken=(lost.tier, lost.line, lost.taken or 0.0) if lost and lost.tier > tier else None,
        below=tuple((one.tier, one.since, one.line) for one in stand[:-1]),
    )


def _tier(one: Held) -> int:
    return one.tier
