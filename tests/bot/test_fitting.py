"""Fits find the weights that comparisons were made with, and hold on to those in force."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import fitting
from bot.fitting import NoFit, fit
from bot.holdout import Comparison, agreement, held_out, parts_of, says

IN_FORCE = (0.48, 0.30, 0.17, 0.05)
MOST = (1.0, 1.0, 1.0, 0.05)

DIFFERENCE = st.tuples(*[st.floats(-1, 1).map(lambda one: round(one, 3))] * 4)
THOUSANDTHS = st.lists(st.integers(0, 1000), min_size=4, max_size=4).filter(any)
WEIGHTS = THOUSANDTHS.map(lambda parts: tuple(part / sum(parts) for part in parts))


def judged_by(weights, random, number):
    """Differences of *number* pairs, the harder one first, by these weights."""
    pairs = [tuple(random.uniform(-1, 1) for _ in weights) for _ in range(number)]
    return [
        one if sum(a * b for a, b in zip(weights, one, strict=True)) > 0 else tuple(-x for x in one)
        for one in pairs
    ]


@pytest.mark.parametrize(
    "planted", [(0.2, 0.6, 0.17, 0.03), (0.7, 0.1, 0.18, 0.02), (0.3, 0.3, 0.4, 0)]
)
def test_it_finds_the_weights_that_the_comparisons_were_made_with(planted):
    found = fit(judged_by(planted, Random(1), 600), IN_FORCE, MOST)

    assert found == pytest.approx(planted, abs=0.05)


@settings(deadline=None, max_examples=40)
@given(st.lists(DIFFERENCE, max_size=40), WEIGHTS)
def test_weights_add_up_to_1_in_thousandths_and_cutting_never_pays(differences, before):
    found = fit(differences, before, MOST)

    assert sum(round(1000 * one) for one in found) == 1000
    assert all(
        one == round(one, 3) and 0 <= one <= most for one, most in zip(found, MOST, strict=True)
    )


@settings(deadline=None, max_examples=20)
@given(st.lists(DIFFERENCE, min_size=1, max_size=20), st.randoms())
def test_the_order_of_comparisons_makes_no_difference(differences, random):
    other = random.sample(differences, len(differences))

    assert fit(other, IN_FORCE, MOST) == fit(differences, IN_FORCE, MOST)


def test_few_comparisons_move_little_and_many_move_much():
    judged = judged_by((0, 1, 0, 0), Random(2), 500)
    few, many = (fit(judged[:number], IN_FORCE, MOST)[1] for number in (5, 500))

    assert IN_FORCE[1] < few < IN_FORCE[1] + 0.15
    assert many > 0.8


def test_a_term_of_which_nobody_said_anything_keeps_its_weight():
    judged = [(a, b, 0, 0) for a, b, _, _ in judged_by((0.1, 0.9, 0, 0), Random(3), 200)]
    size, spread, review, chain = fit(judged, IN_FORCE, MOST)

    assert (review, chain) == (0.17, 0.05)
    assert spread > 3 * size


def test_nothing_said_is_nothing_moved():
    assert fit([], IN_FORCE, MOST) == IN_FORCE
    assert fit([(0, 0, 0, 0)] * 50, IN_FORCE, MOST) == IN_FORCE


def test_a_chain_that_weighs_too_much_in_force_is_not_proposed_again():
    assert fit([], (0.4, 0.2, 0.2, 0.2), MOST) == (0.475, 0.238, 0.237, 0.05)
    assert fit([], (0, 0, 0, 1), MOST)[3] == 0.05


@settings(deadline=None, max_examples=15)
@given(THOUSANDTHS, st.randoms(use_true_random=False))
def test_weights_are_seldom_worse_on_what_they_were_not_fitted_to(parts, random):
    judged = judged_by([part / sum(parts) for part in (*parts[:3], 0)], random, 120)
    pairs = [Comparison(f"a{n}", f"b{n}", one) for n, one in enumerate(judged)]
    folds = parts_of(pairs)

    def fitted(known):
        return fit([one.difference for one in known], IN_FORCE, MOST)

    after = agreement(right for _, right in held_out(folds, fitted))
    assert after >= agreement(says(IN_FORCE, one) for one in pairs) - 0.05


def test_a_fit_that_comes_to_no_end_is_one_calm_sentence(monkeypatch):
    class Given:
        success, x = False, (1.0, 1.0, 1.0, 1.0)

    monkeypatch.setattr(fitting, "minimizer", lambda: lambda *_, **__: Given)

    with pytest.raises(NoFit, match="nothing is proposed"):
        fit([(0.1, 0.2, 0.3, 0.4)], IN_FORCE, MOST)
