"""Patterns from a page: what could run for long is refused, and what we ship is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.rules import RULES
from wikitext.patterns import LONGEST, SlowPattern, check_pattern


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$",
        "(a*)*",
        "(?:a+)++b",
        "(?>a+)+b",
        "(a|aa)+$",
        "(a|b|ab)*c",
        "((a?)b)*",
        "([a-z]+\\d*)+",
        "(a{1,50}){1,50}",
        "(?=(a+)+b)",
        "(?!(a+)+b)",
        "a?" * 30 + "a" * 30,
        "(a|b|ab)" * 10,
        ".*.*.*.*x",
        "(.*a){5}",
        r"(a)\1",
        r"(?P<n>x)?(?(n)a|b)",
        "(?i:(x+)+)",
    ],
)
def test_a_pattern_that_could_take_for_ever_is_refused(pattern):
    with pytest.raises(SlowPattern):
        check_pattern(pattern)


@pytest.mark.parametrize(
    "pattern", ["(", "a{99999999999}", "*", "[[a]", "(" * 900, "x" * (LONGEST + 1), "(?<=a+)"]
)
def test_what_is_no_pattern_or_too_long_is_refused(pattern):
    with pytest.raises(ValueError):  # noqa: PT011
        check_pattern(pattern)


def test_all_patterns_that_we_ship_are_allowed():
    shipped = [one for _, patterns in RULES.kinds for one in patterns]
    shipped += [pattern for pattern, _, _ in (*RULES.reaches, *RULES.tags)]
    shipped += [RULES.umbrella_tags, RULES.backports, RULES.main_branches, RULES.staff_names]

    for pattern in shipped:
        check_pattern(pattern)


@pytest.mark.parametrize(
    "pattern", ["", r"\d{4}-\d\d", "(abc){3}", "(.*/)?lib/", "[a-z]+-x?", "a|b|c"]
)
def test_what_people_write_is_allowed(pattern):
    check_pattern(pattern)


@given(st.text(st.sampled_from("ab()[]|*+?{},1-9\\.^$:=!<>Pn")))
def test_no_pattern_raises_anything_else(pattern):
    try:
        check_pattern(pattern)
    except ValueError:
        return
