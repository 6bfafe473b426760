"""Patterns that administrators write: they must compile, be short, and never run for long."""

from __future__ import annotations

import re
import warnings

# The regular expression as Python itself reads it. Private, but the one description that says what
# will run; a reader of our own would be wrong wherever it differed. Held by tests on each Python.
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

LONGEST = 1000
"""Characters of one pattern."""
FEW = 8
"""A repetition that may go on for longer is open: it can take any part of a name."""
MOST_OPEN = 3
"""So many open repetitions may follow each other: each multiplies the time by the length of a name."""
MOST_WAYS = 1000
"""So many ways to fit may come from alternatives and optional parts together."""

_REPEATS = frozenset({_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT})
_BACK = frozenset({_constants.GROUPREF, _constants.GROUPREF_EXISTS, _constants.GROUPREF_IGNORE})


class SlowPattern(ValueError):
    """The pattern could run for longer than a round has time."""


class _Cost(NamedTuple):
    """Of a part of a pattern: open repetitions in a row, ways to fit, and whether it always takes the same."""

    open: int = 0
    ways: int = 1
    steady: bool = True

    def then(self, other: _Cost) -> _Cost:
        """Both parts, one behind the other."""
        cost = _Cost(self.open + other.open, self.ways * other.ways, self.steady and other.steady)
        if cost.open > MOST_OPEN or cost.ways > MOST_WAYS:
            raise SlowPattern
        return cost


def check_pattern(pattern: str) -> None:
    """Do nothing if *pattern* is a regular expression that is quick on every name.

    The check is of its structure, and careful: it refuses some that would be quick. Inside a
    repetition nothing may vary: ``(a+)+`` takes a time that doubles with each letter.

    Raises:
        SlowPattern: it may take very long.
        ValueError: it is too long, or no regular expression.

    """
    if len(pattern) > LONGEST:
        raise ValueError("too long")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "error"
            )  # What will be read otherwise one day is not clear today.
            re.compile(pattern)
            parsed = _parser.parse(pattern)
        _of_all(parsed)
    except (re.error, OverflowError, RecursionError, Warning) as error:
        raise ValueError(str(error)) from None


def _of_all(parts: Any) -> _Cost:
    cost = _Cost()
    for operation, argument in parts:
        cost = cost.then(_of(operation, argument))
    return cost


def _of(operation: Any, argument: Any) -> _Cost:
    if operation in _BACK:
        raise SlowPattern
    if operation in _REPEATS:
        return _of_repeat(*argument)
    if operation is _constants.BRANCH:
        ways = [_of_all(one) for one in argument[1]]
        return _Cost().then(
            _Cost(max(one.open for one in ways), sum(one.ways for one in ways), steady=False)
        )
    if operation is _constants.SUBPATTERN:
        return _of_all(argument[3])
    if operation is _constants.ATOMIC_GROUP:
        return _of_all(argument)
    if operation in (_constants.ASSERT, _constants.ASSERT_NOT):
        return _of_all(argument[1])
    return _Cost()


def _of_repeat(least: int, most: int, body: Any) -> _Cost:
    inner = _of_all(body)
    if most > 1 and not inner.steady:
        raise SlowPattern
    if least == most:
        return inner
    if most - least > FEW:
        return _Cost(inner.open + 1, inner.ways, steady=False)
    # Each number of times is a way to fit.
    return _Cost().then(_Cost(inner.open, inner.ways * (most - least + 1), steady=False))
