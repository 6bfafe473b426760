from datetime import date

import pytest

from sources.port import SourceChanged
from sources.shape import Shape, find

SHAPE = Shape("Somewhere")


def test_a_missing_field_is_named():
    with pytest.raises(SourceChanged, match=r"^Somewhere has changed: a\.b should be a text\."):
        SHAPE.text({"a": {}}, "a", "b")


def test_a_list_on_the_way_is_an_empty_map_of_php():
    assert find({"boards": []}, "boards", "x") is None


@pytest.mark.parametrize("value", ["7", 7])
def test_a_number_may_come_in_digits(value):
    assert SHAPE.number({"n": value}, "n") == 7


@pytest.mark.parametrize("value", [True, -1, 1.5, "x", "", "٣", "1" * 5000, 10**30, [], None])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(SourceChanged, match="n should be a number"):
        SHAPE.number({"n": value}, "n")


def test_half_a_surrogate_pair_becomes_a_sign_that_can_be_kept():
    assert SHAPE.text({"t": "a\ud800b"}, "t") == "a?b"


@pytest.mark.parametrize("reading", [SHAPE.text, SHAPE.rows, SHAPE.fields])
def test_the_wrong_type_is_refused(reading):
    with pytest.raises(SourceChanged):
        reading({"x": 5}, "x")


def test_a_moment_becomes_its_day_in_utc():
    assert SHAPE.optional_day({"d": 1767225599}, "d") == date(2025, 12, 31)
    assert SHAPE.optional_day({"d": None}, "d") is None


def test_a_moment_after_the_end_of_time_is_refused():
    with pytest.raises(SourceChanged, match="a moment"):
        SHAPE.optional_day({"d": 10**14}, "d")


@pytest.mark.parametrize("said", [None, 1, "true", []])
def test_yes_and_no_are_told_and_never_guessed(said):
    with pytest.raises(SourceChanged, match=r"page\.more should be true or false"):
        Shape("Source").flag({"page": {"more": said}}, "page", "more")


def test_null_is_told_and_a_missing_field_is_not():
    assert Shape("Source").told({"page": {"after": None}}, "page", "after") is None
    with pytest.raises(SourceChanged, match=r"page\.after should be there"):
        Shape("Source").told({"page": {}}, "page", "after")
