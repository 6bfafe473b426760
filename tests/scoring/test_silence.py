"""The alarm over rules that went blind."""

from datetime import date, timedelta

from scoring.badge import Award
from scoring.silence import Matches, silent

START = date(2024, 1, 1)


def days(*numbers):
    return tuple(START + timedelta(days=n) for n in numbers)


def matches(*people):
    """Each of *people* is (days of patches, days on which the badge's rule fitted)."""
    found = Matches()
    for number, (patches, fitted) in enumerate(people):
        award = Award("a-badge", 0, 0.0, matched=len(fitted), lately=days(*fitted)[-11:])
        found.add(number, [award], days(*patches))
    return found


def ask(now, before=None, known=None):
    return silent(now, (before or Matches()).counts, known or {}, ["a-badge"])


USUAL = matches((range(40), range(0, 40, 2)))


def test_a_rule_that_fits_as_before_is_not_silent():
    assert ask(USUAL, USUAL) == {}
    assert ask(matches((range(41), range(0, 40, 4))), USUAL) == {}


def test_a_rule_that_suddenly_fits_half_as_often_or_nothing_is_silent():
    assert ask(matches((range(40), range(0, 40, 5))), USUAL) == {"a-badge": "2024-02-05"}
    assert ask(matches((range(40), ())), USUAL) == {"a-badge": ""}


def test_where_patches_went_too_the_rule_is_not_blind():
    assert ask(matches((range(4), ())), USUAL) == {}


def test_people_who_leave_make_no_rule_blind():
    two = matches((range(40), ()), (range(40), range(0, 40, 2)))

    assert ask(matches((range(40), ())), two) == {}


def test_a_silent_badge_stays_so_until_its_rule_fits_something_newer():
    blind = matches((range(40), range(0, 40, 5)))
    known = ask(blind, USUAL)

    assert ask(blind, blind, known) == known
    assert ask(matches((range(90), range(0, 90, 9))), blind, known) == {}


def test_a_badge_that_is_retired_or_paused_is_not_silent():
    assert silent(matches((range(40), ())), USUAL.counts, {"a-badge": ""}, []) == {}


def crowd(patches, fitted, people=5):
    """So many people with these patches; on the days *fitted* the rule fitted for one or the other."""
    return matches(*((patches, fitted[n::people]) for n in range(people)))


def test_a_rule_that_fitted_often_and_long_ago_is_late_against_the_newest_patch():
    often = tuple(range(0, 44, 4))

    assert ask(crowd(range(0, 200, 5), often)) == {}
    assert ask(crowd(range(0, 300, 5), often)) == {"a-badge": "2024-02-10"}
    assert ask(crowd(range(0, 300, 5), often[:9])) == {}


def test_what_a_few_people_do_has_no_rhythm():
    often = tuple(range(0, 44, 4))

    assert ask(crowd(range(0, 300, 5), often, people=4)) == {}


def test_a_rule_that_fits_seldom_has_longer_to_be_late():
    seldom = tuple(range(0, 1100, 100))

    assert ask(crowd(range(0, 1390, 10), seldom)) == {}
    assert ask(crowd(range(0, 1420, 10), seldom)) == {"a-badge": "2026-09-27"}


def test_the_newest_days_are_those_of_everybody():
    late = tuple(range(0, 44, 4))

    assert ask(crowd(range(0, 300, 5), (*late, 290))) == {}
