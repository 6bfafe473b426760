"""The catalogue, and what a record earns of it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.assess import assess
from scoring.badge import Badge, Condition, Example
from scoring.badges import awards, check_examples
from scoring.catalogue import CATALOGUE
from scoring.model import File, Wish
from scoring.record import record_of
from scoring.traits import COUNTS, FIELDS
from tests.builders import a_change, a_task

ADA = "ada"


def earned(changes, tasks=(), wishes=(), badges=CATALOGUE, **more):
    """The awards of Ada by badge."""
    record = record_of(ADA, assess(changes, tasks), wishes, **more)
    return {award.badge: award for award in awards(record, badges)}


def a_badge(counts="issues", tiers=(1, 3), **more):
    return Badge("a-badge", counts, tiers, "A Badge", **more)


@pytest.mark.parametrize("badge", CATALOGUE, ids=lambda badge: badge.id)
def test_whoever_must_get_a_badge_gets_it_and_nobody_else(badge):
    assert check_examples([badge]) == []


def test_the_catalogue_is_sound():
    assert len({badge.id for badge in CATALOGUE}) == len(CATALOGUE) == 27
    for badge in CATALOGUE:
        assert badge.counts in COUNTS
        assert badge.tiers == tuple(sorted(set(badge.tiers)))
        for one in (*(c.field for c in badge.where), badge.distinct, badge.highest):
            assert not one or badge.counts in FIELDS[one].counts


def test_an_example_that_comes_out_wrong_is_told_with_its_reason():
    wrong = a_badge(examples=(Example(({},), 2, "One is not three."), Example((), 0)))

    assert check_examples([wrong]) == [
        "a-badge, example 1: tier 1 comes out instead of 2. One is not three."
    ]
    assert check_examples([a_badge()]) == [
        "a-badge: needs an example who gets it, and one who does not."
    ]


def test_what_nobody_else_looked_at_earns_points_and_no_badge():
    changes = [a_change(n, ADA, tasks=(n,), reviewed=False) for n in range(1, 20)]
    wish = Wish("W1", "done", (1,))
    record = record_of(ADA, assess(changes, []), [wish])

    assert record.total.issues > 0
    assert (record.total.patches, record.total.wishes) == (19, 0)
    assert record.total.score > 0
    assert all(award.value == 0 and award.matched == 0 for award in awards(record))


def test_a_patch_that_nobody_looked_at_is_none_even_beside_others_that_were_looked_at():
    changes = [a_change(n, ADA, tasks=(9,), reviewed=n == 1) for n in range(1, 20)]

    assert earned(changes, [a_task(9)])["patch-quilter"].value == 1


def test_paid_work_is_in_no_badge():
    changes = [a_change(n, ADA, tasks=(n,)) for n in range(1, 20)]

    assert all(one.value == 0 for one in earned(changes, paid=lambda day: True).values())


def test_nobody_becomes_a_polyglot_by_what_others_wrote():
    def files(ending):
        return tuple(File(f"src/{n}.{ending}", 150, 20) for n in range(6))

    changes = [
        a_change(1, ADA, tasks=(9,), files=files("php"), project="mediawiki/core"),
        a_change(2, "bert", tasks=(9,), files=files("lua"), project="pywikibot/core"),
    ]
    found = earned(changes, [a_task(9)])

    assert found["polyglot-programmer"].value == 1
    assert found["across-the-stack"].value == 1


def test_a_duet_is_sung_by_two():
    both = [a_change(1, authors=(ADA, "bert"), tasks=(9,)), a_change(2, "bert", tasks=(9,))]
    apart = [a_change(1, ADA, tasks=(9,)), a_change(2, "bert", tasks=(9,))]

    assert earned(both, [a_task(9)])["duet"].tier == 1
    assert earned(apart, [a_task(9)])["duet"].tier == 0


def test_the_largest_value_decides_where_the_rule_says_so_and_it_is_told_how_often():
    changes = [a_change(n, ADA, tasks=(n,)) for n in (1, 2, 3)]
    tasks = [
        a_task(n, created=date(year, 1, 1), closed=date(2025, 1, 10))
        for n, year in ((1, 2019), (2, 2024), (3, 2012))
    ]
    found = earned(changes, tasks)["archaeologist"]

    assert (found.tier, found.next, found.more, found.times) == (2, 15, None, 1)
    assert round(found.value, 1) == 13.0


def test_small_fixes_of_one_day_are_one():
    changes = [a_change(n, ADA, tasks=(n,), files=(File("src/a.php", 1, 1),)) for n in range(1, 13)]
    one_day = [a_task(n, closed=date(2025, 6, 1)) for n in range(1, 13)]
    many = [a_task(n, closed=date(2025, 6, n)) for n in range(1, 13)]

    assert earned(changes, one_day)["gnome-at-work"].value == 1
    assert earned(changes, many)["gnome-at-work"].value == 12


def test_any_part_in_a_wish_makes_it_come_true_and_a_fifth_grants_it():
    files = tuple(File(f"src/{n}.php", 190, 0) for n in range(9))
    changes = [
        a_change(1, ADA, tasks=(8,), files=(File("x.php", 1, 0),)),
        a_change(2, "bert", tasks=(9,), files=files),
    ]
    tasks = [a_task(8, priority="lowest"), a_task(9, priority="unbreak", wish_votes=150, points=13)]
    found = earned(changes, tasks, [Wish("W1", "done", (8, 9))])

    assert (found["wish-come-true"].tier, found["wish-granter"].tier) == (1, 0)


def test_what_is_not_known_fits_no_condition():
    low = a_badge("works", where=(Condition("rounds", most=9),))
    absent = a_badge("reviews", where=(Condition("share", most=1),))
    facts = {"changes": [a_change(1, ADA)], "reviews": [date(2025, 1, 1)]}

    for badge in (low, absent):
        assert earned(badges=(badge,), **facts)["a-badge"].value == 0


def test_patterns_fit_whole_texts_in_any_case():
    rule = a_badge(where=(Condition("tags", among=("wiki*", "Cite")),))
    tasks = [a_task(1, projects=("CITE",)), a_task(2, projects=("Citoid", "My Wiki"))]
    changes = [a_change(n, ADA, tasks=(n,)) for n in (1, 2)]

    assert earned(changes, tasks, badges=(rule,))["a-badge"].value == 1


def test_a_given_badge_comes_by_its_own_name_only():
    given_ = [("laureate", date(2025, 5, 5), "proof"), ("hello-world", date(2025, 5, 5), "")]
    found = earned([], given=given_)

    assert (found["laureate"].tier, found["laureate"].since) == (1, date(2025, 5, 5))
    assert found["hello-world"].tier == 0
    assert earned([])["laureate"].next is None  # Nothing that one could work towards.


@given(st.lists(st.integers(0, 40), min_size=1, max_size=40))
def test_how_many_more_is_what_is_missing_to_the_next_line_as_it_is_shown(days):
    changes = [a_change(n, ADA, project=f"p{n}", merged=a_change(d).merged) for n, d in enumerate(days)]  # fmt: skip
    for award in earned(changes).values():
        if award.more is not None:
            left = award.next - round(award.value, 1)
            assert 0 < left <= award.more < left + 1


@given(st.lists(st.integers(0, 60), max_size=30), st.integers(0, 29))
def test_less_evidence_never_makes_more_of_any_badge(days, dropped):
    changes = [
        a_change(n, ADA, tasks=(n,), merged=a_change(day).merged) for n, day in enumerate(days, 1)
    ]
    fewer = [one for n, one in enumerate(changes) if n != dropped]
    whole, part = earned(changes), earned(fewer)

    for badge, award in part.items():
        assert award.value <= whole[badge].value + 1e-9


def test_the_days_of_an_award_are_those_on_which_its_lines_were_crossed():
    first = date(2025, 1, 2)
    found = earned([a_change(n, ADA, project=f"p{n}") for n in range(1, 61)])["patch-quilter"]

    assert found.days == (first + timedelta(days=4), first + timedelta(days=49))
    assert (found.matched, found.lately[-1]) == (60, first + timedelta(days=59))
