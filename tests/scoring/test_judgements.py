"""The score agrees with experienced developers about which of two works was harder."""

import re

import pytest

from tests.scoring.judgements import BASELINES, agreement, difficulty, pairs

HELD_OUT = [one for one in pairs() if one.half == "held out"]
HARD = [one for one in HELD_OUT if one.lines_mislead]


def test_there_are_enough_pairs_and_many_in_which_lines_mislead():
    assert len(pairs()) >= 150
    assert sum(one.lines_mislead for one in pairs()) >= 60
    assert len(HELD_OUT) >= len(pairs()) / 4
    assert len(HARD) >= 60


def test_it_agrees_with_95_of_100_that_it_was_not_tuned_on():
    assert agreement(difficulty, HELD_OUT) >= 0.95


def test_it_agrees_with_90_of_100_where_raw_lines_point_the_wrong_way():
    assert agreement(difficulty, HARD) >= 0.90


@pytest.mark.parametrize("name", BASELINES)
def test_no_plain_count_comes_near(name):
    assert agreement(BASELINES[name], HELD_OUT) < agreement(difficulty, HELD_OUT) - 0.25


def test_each_judgement_has_its_reason_and_names_nothing():
    for one in pairs():
        assert len(one.why) > 20
        assert not re.search(r"\bT\d{3,}|~\d|https?:|dev-\d", one.why)
        for change in (*one.harder, *one.easier):
            assert not any(re.search(r"dev-\d|\bT\d{3,}", file.path) for file in change.files)
