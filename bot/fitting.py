"""Fit weights to comparisons: the only module that knows scipy, which is imported when a fit begins.

The model is that of Bradley and Terry (Biometrika 39, 1952) with terms: the chance that a work is
called the harder one is the logistic of the sum of slope × difference over all terms. The weights are
the slopes divided by their sum; that sum only says how clear such judgements are.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from bot.errors import BadgesError, SettingsError

Terms = Sequence[float]
"""A number for each term of difficulty, always in one order: weights, slopes, or differences."""

THOUSAND = 1000
"""Weights are proposed in thousandths."""
RIDGE = 1.0
"""How firmly slopes are held to the ratio of the weights in force: a normal prior, one wide.

Where judgements are clear, slopes add up to 20 or 40; then one of them is 0.03 to 0.05 of weight. A
comparison tells difference² × p × (1 − p) of a slope: 0.008 for a difference of 0.3 that was to be
foreseen at nine to one. So some hundred such count as much as the weights in force, and ten move little.
"""
FLATTEST, STEEPEST = 1.0, 60.0
"""What slopes may add up to: what contradicts itself has weights, too, and what nothing contradicts an end."""
PRECISION = 1e-9
ROUNDS = 500


class NoFit(BadgesError):
    """The solver came to no end."""


def minimizer() -> Callable[..., Any]:
    """The ``minimize`` of scipy. Raises SettingsError where it is not installed, with what to do."""
    try:
        from scipy.optimize import minimize
    except ImportError:
        raise SettingsError(
            "`calibrate` needs scipy, which is not installed here; `pip install .[calibrate]` brings it."
        ) from None
    return cast("Callable[..., Any]", minimize)


def fit(differences: Sequence[Terms], before: Terms, most: Terms) -> tuple[float, ...]:
    """The weights that agree best with *differences*, in thousandths, adding up to 1.

    Each of *differences* is the terms of the harder work less those of the easier one. *before* are the
    weights in force, *most* what each may be at most. A term in which no two works differ keeps
    its weight: nobody said anything of it.

    Raises:
        SettingsError: scipy is not installed.
        NoFit: the solver came to no end.

    """
    start = within(before, most)
    told = [at for at in range(len(start)) if any(one[at] for one in differences)]
    whole = math.fsum(start[at] for at in told)
    if len(told) < 2 or not whole:
        return _in_thousandths(start, most)
    slopes = _slopes(
        [[one[at] for at in told] for one in differences],
        [start[at] / whole for at in told],
        [min(1.0, most[at] / whole) for at in told],
    )
    found = list(start)
    for at, slope in zip(told, slopes, strict=True):
        found[at] = whole * slope / math.fsum(slopes)
    return _in_thousandths(found, most)


def within(weights: Terms, most: Terms) -> list[float]:
    """*weights* with none above *most*; what that leaves over goes to those that may be anything."""
    held = [min(weight, limit) for weight, limit in zip(weights, most, strict=True)]
    free = [at for at, limit in enumerate(most) if limit >= 1]
    left, free_now = 1.0 - math.fsum(held), math.fsum(held[at] for at in free)
    for at in free:
        part = held[at] / free_now if free_now else 1 / len(free)
        held[at] += left * part
    return held


def _slopes(differences: Sequence[Terms], start: Terms, most: Terms) -> list[float]:
    """The likeliest slopes: the one minimum of a convex, smooth cost under a few straight limits.

    SLSQP is made for just this; the gradient is given, so that nothing is guessed by steps.
    """
    places = range(len(start))

    def cost(slopes: Terms) -> float:
        surprise = math.fsum(_surprise(_product(slopes, one)) for one in differences)
        return surprise + RIDGE / 2 * math.fsum(one**2 for one in _astray(slopes, start))

    def gradient(slopes: Terms) -> list[float]:
        doubts = [1.0 - _chance(_product(slopes, one)) for one in differences]
        astray = _astray(slopes, start)
        back = _product(astray, start)
        told = [
            math.fsum(doubt * one[at] for doubt, one in zip(doubts, differences, strict=True))
            for at in places
        ]
        return [RIDGE * (astray[at] - back) - told[at] for at in places]

    limits = [_limit([1.0 for _ in places], -FLATTEST), _limit([-1.0 for _ in places], STEEPEST)]
    limits += [
        _limit([most[at] - (at == place) for place in places]) for at in places if most[at] < 1
    ]
    found = minimizer()(
        cost,
        [STEEPEST / 4 * one for one in start],
        method="SLSQP",
        jac=gradient,
        bounds=[(0.0, None) for _ in places],
        constraints=limits,
        options={"ftol": PRECISION, "maxiter": ROUNDS},
    )
    slopes = [max(0.0, float(one)) for one in found.x]
    if not found.success or not math.fsum(slopes) > 0:
        raise NoFit(
            "The fit came to no end, so nothing is proposed; please report the comparisons."
        )
    return slopes


def _limit(row: Terms, plus: float = 0.0) -> Mapping[str, object]:
    """That *row* × slopes + *plus* must not fall below 0."""
    return {
        "type": "ineq",
        "fun": lambda slopes: _product(row, slopes) + plus,
        "jac": lambda _: row,
    }


def _product(one: Terms, other: Terms) -> float:
    return math.fsum(a * b for a, b in zip(one, other, strict=True))


def _chance(x: float) -> float:
    """The logistic of *x*."""
    return 0.5 * (1.0 + math.tanh(x / 2))


def _surprise(x: float) -> float:
    """−log of the logistic of *x*."""
    return max(-x, 0.0) + math.log1p(math.exp(-abs(x)))


def _astray(slopes: Terms, start: Terms) -> list[float]:
    """How far *slopes* are from those in the ratio of *start* that add up to as much."""
    total = math.fsum(slopes)
    return [slope - total * weight for slope, weight in zip(slopes, start, strict=True)]


def _in_thousandths(weights: Terms, most: Terms) -> tuple[float, ...]:
    """*weights* rounded so that they add up to 1 still: what is left over goes to the largest rests."""
    parts = [math.floor(THOUSAND * weight + PRECISION) for weight in weights]
    by_rest = sorted(range(len(parts)), key=lambda at: (parts[at] - THOUSAND * weights[at], at))
    room = [at for at in by_rest if parts[at] + 1 <= THOUSAND * most[at]]
    for at in room[: THOUSAND - sum(parts)]:
        parts[at] += 1
    return tuple(part / THOUSAND for part in parts)
