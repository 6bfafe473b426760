"""The tiers that people hold, and how often the rules of badges fitted when last looked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select

from bot.ledger.people import Person
from bot.ledger.store import Store, repeating
from bot.ledger.tables import tier
from scoring.silence import PATCHES
from scoring.tiers import Held

COUNT = 0
"""The "tier" of a row that counts how often a badge's rule fitted; every person known has one."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What one person holds, and how often each rule fitted (``scoring.silence.Counts``)."""

    held: tuple[Held, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


@repeating
class Tiers:
    """Tiers by person. Whoever is forgotten is forgotten here, too."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> dict[int, Holding]:
        """What everybody holds of whom this was ever noted, by the person's id."""
        with self._store.transaction() as db:
            return _holdings(db.execute(select(tier)))

    def of(self, who: Person) -> Holding:
        """What one person holds."""
        with self._store.transaction() as db:
            found = _holdings(db.execute(select(tier).where(tier.c.person == who.id)))
        return found.get(who.id, Holding())

    def keep(self, person: int, holding: Holding) -> None:
        """Replace what is noted of a person."""
        counts = {PATCHES: 0, **holding.counts}
        rows = [_row(person, badge, COUNT, line=count) for badge, count in sorted(counts.items())]
        rows += [
            _row(
                person, one.badge, one.tier, one.line,
                since=one.since.isoformat(), rules=one.rules, taken=one.taken,
                noted=one.noted.isoformat() if one.noted else None,
            )
            for one in holding.held
        ]  # fmt: skip
        with self._store.transaction() as db:
            db.execute(delete(tier).where(tier.c.person == person))
            db.execute(insert(tier), rows)


def _row(person: int, badge: str, number: int, line: float, **more: Any) -> dict[str, Any]:
    nothing = {"since": "", "rules": "", "noted": None, "taken": None}
    return {"person": person, "badge": badge, "tier": number, "line": line, **nothing, **more}


def _holdings(rows: Iterable[Any]) -> dict[int, Holding]:
    held: dict[int, list[Held]] = defaultdict(list)
    counts: dict[int, dict[str, int]] = {}
    for row in rows:
        if row.tier == COUNT:
            counts.setdefault(row.person, {})[row.badge] = int(row.line)
            continue
        noted = date.fromisoformat(row.noted) if row.noted else None
        since = date.fromisoformat(row.since)
        held[row.person].append(
            Held(row.badge, row.tier, since, row.line, row.rules, noted, row.taken)
        )
    return {
        person: Holding(
            tuple(sorted(held.get(person, ()), key=lambda one: (one.badge, one.tier))), numbers
        )
        for person, numbers in counts.items()
    }
