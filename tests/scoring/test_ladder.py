"""With the evidence of task and wish present, the ladder is that of experienced developers."""

from itertools import pairwise

import pytest

from tests.scoring.ladder import LADDER


@pytest.mark.parametrize("rung", LADDER, ids=lambda rung: rung.name)
def test_each_rung_is_where_everybody_would_put_it(rung):
    work = rung.assessed()

    assert rung.least <= work.points <= rung.most
    assert not work.estimate


def test_a_typo_is_not_dark_mode():
    typo, *_, dark_mode = LADDER

    assert dark_mode.assessed().points > 30 * typo.assessed().points


def test_no_rung_stands_below_the_one_before_by_much():
    points = [rung.assessed().points for rung in LADDER]

    assert all(upper > 0.7 * lower for lower, upper in pairwise(points))
