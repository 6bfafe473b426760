"""A badge as data: what it counts, under which conditions, its lines, and who must (not) get it; and an award.

A rule is never code, so that it can stand on a wiki; ``scoring.traits`` says what it may ask for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

DISCUSSION = "https://meta.wikimedia.org/wiki/Community_Wishlist/W463"
ACTIVE = "active"
STATES = (ACTIVE, "paused", "retired")


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a badge's rule: all of them must hold.

    Numbers lie between ``least`` and ``most`` (both included), a flag is asked with ``least=1``. Of
    texts at least one is ``among`` these patterns (``*`` stands for anything; case makes no difference).
    What is not known fits no condition.
    """

    field: str
    least: float | None = None
    most: float | None = None
    among: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """Somebody made up who must reach exactly ``tier`` (0: must not get the badge), and why.

    Each of ``has`` is an event: field → value, and ``times``, how often it happened (on as many days).
    """

    has: tuple[Mapping[str, object], ...]
    tier: int
    says: str = ""


@dataclass(frozen=True, slots=True)
class Badge:
    """A badge. ``tiers`` are one to four lines, each above the last.

    ``counts`` is one of ``scoring.traits.COUNTS``. ``distinct`` names a field whose different values
    are counted instead of events, ``highest`` one whose largest value decides. ``name`` is English; the
    message ``badge-<id>-name`` stands before it. ``state``: ``active``; ``paused``, nobody
    reaches a new tier; ``retired``, as paused, and offered to nobody.
    """

    id: str
    counts: str
    tiers: tuple[int, ...]
    name: str
    where: tuple[Condition, ...] = ()
    distinct: str = ""
    highest: str = ""
    discussion: str = DISCUSSION
    state: str = ACTIVE
    examples: tuple[Example, ...] = field(default=(), hash=False)


@dataclass(frozen=True, slots=True)
class Award:
    """A badge a person holds (tier 1 and up) or is on the way to (tier 0).

    ``since`` is the day of the event that crossed the line of the tier held, ``days`` that of each
    line. ``next`` is the line of the next tier (None where there is none to reach), ``more`` how many
    more it takes. ``times``: where the largest value decides, how many events reach the tier held.
    ``line`` is the value that keeps the tier, ``waits`` the tier that comes once the rules are old enough,
    ``taken`` a tier that was lost with its evidence: tier, line, and the value found (``scoring.tiers``).
    """

    badge: str
    tier: int
    value: float
    since: date | None = None
    next: int | None = None
    more: int | None = None
    times: int | None = None
    days: tuple[date, ...] = ()
    matched: int = 0
    """How many events fit the rule; the days of the last of them are ``lately``."""
    lately: tuple[date, ...] = ()
    line: float | None = None
    waits: int = 0
    taken: tuple[int, float, float] | None = None
    state: str = ACTIVE
    name: str = ""
    below: tuple[tuple[int, date, float], ...] = ()
    """The lower tiers held, too: tier, since, line."""
    heights: tuple[float, ...] = ()
    """Where the largest value decides: that of each event that fits, as it is shown."""
