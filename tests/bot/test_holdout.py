"""What is asked about was never fitted to."""

from hypothesis import given
from hypothesis import strategies as st

from bot.holdout import (
    Comparison,
    agreement,
    by_chance,
    groups_of,
    held_out,
    parts_of,
    says,
)

PAIRS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30))
    .filter(lambda two: two[0] != two[1])
    .map(lambda two: Comparison(f"T{two[0]}", f"T{two[1]}", (1.0, float(two[0])))),
    max_size=40,
)


def works(comparisons):
    return {key for one in comparisons for key in (one.harder, one.easier)}


@given(PAIRS)
def test_no_work_is_in_two_parts_and_no_comparison_is_lost(pairs):
    parts = parts_of(pairs)

    assert sum(len(works(part)) for part in parts) == len(works(pairs))
    assert sorted(map(repr, (one for part in parts for one in part))) == sorted(map(repr, pairs))


@given(PAIRS)
def test_no_weights_are_asked_about_a_work_they_were_fitted_to(pairs):
    parts, seen = parts_of(pairs), []

    def fit(known):
        seen.append(works(known))
        return (1.0, 0.0)

    said = held_out(parts, fit)

    assert len(said) == len(pairs)
    assert all(seen[at].isdisjoint(works(part)) for at, part in enumerate(parts))


@given(PAIRS, st.randoms())
def test_the_parts_do_not_depend_on_the_order_in_which_comparisons_came(pairs, random):
    assert parts_of(random.sample(pairs, len(pairs))) == parts_of(pairs)


@given(PAIRS)
def test_groups_share_no_work_and_cannot_be_cut_further(pairs):
    groups = groups_of(pairs)

    assert sum(len(works(group)) for group in groups) == len(works(pairs))
    for group in groups:
        reached, left = works(group[:1]), group[1:]
        while near := [one for one in left if works([one]) & reached]:
            reached |= works(near)
            left = [one for one in left if one not in near]
        assert not left


def test_where_weights_cannot_tell_it_counts_half():
    same, right, wrong = (Comparison("T1", "T2", (x, 0.0)) for x in (0.0, 0.2, -0.2))

    assert [says((1.0, 0.0), one) for one in (same, right, wrong)] == [0.5, 1.0, 0.0]
    assert agreement([0.5, 1.0, 0.0, 0.5]) == 0.5
    assert agreement([]) == 0


def test_chance_is_that_of_a_coin():
    assert by_chance(0, 0) == 1
    assert by_chance(1, 0) == 0.5
    assert by_chance(5, 0) == 1 / 32
    assert by_chance(0, 5) == 1
