"""What is noted of rounds, and that nothing of it names anybody."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import Busy, Interrupted, WikiUnreachable
from bot.lock import locked
from bot.rounds import KEPT, ROUNDS, TURNS, last_rounds, noted, noted_round, turns_of
from bot.schedule import Kind, due, slot
from sources.port import SourceUnreachable
from tests.builders import a_change

NOON = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)


def test_a_round_leaves_its_kind_its_time_and_what_it_did_and_no_name(ada):
    before = datetime.now(UTC).replace(microsecond=0)
    done = noted_round(ada.world(), Kind.DAILY)

    (told,) = last_rounds(ada.ledger)
    start, end = datetime.fromisoformat(told.pop("start")), datetime.fromisoformat(told.pop("end"))
    assert before <= start <= end <= datetime.now(UTC)
    assert told == {
        "kind": "daily", "outcome": "done", "edits": len(done.outcome.saved), "refused": 0,
        "later": 0, "people": 1, "troubles": {},
    }  # fmt: skip
    assert done.outcome.saved
    assert "Ada" not in json.dumps([ada.ledger.notes.recall(name) for name in (ROUNDS, TURNS)])


def test_the_kinds_do_what_they_are_called(ada):
    noted_round(ada.world(), Kind.DAILY)
    ada.merges(a_change(2, "gerrit:Ada"))
    ada.now += timedelta(hours=1)

    assert noted_round(ada.world(), Kind.HOURLY).outcome.saved == []
    ada.phabricator.asked.clear()
    noted_round(ada.world(), Kind.WEEKLY)
    assert ada.phabricator.asked["numbers"] == 1
    assert [one["kind"] for one in last_rounds(ada.ledger)] == ["daily", "hourly", "weekly"]


def test_a_source_in_trouble_is_noted_by_its_name_and_one_word(ada):
    ada.gerrit.trouble = SourceUnreachable("gerrit could not be reached by Ada")

    noted_round(ada.world(), Kind.HOURLY)

    (told,) = last_rounds(ada.ledger)
    assert (told["outcome"], told["troubles"]) == ("partly", {"gerrit": "unreachable"})


def test_what_was_edited_before_a_round_failed_is_noted_too(ada):
    def look():
        if len(ada.wiki.edits) == 1:
            raise Interrupted("asked")

    with pytest.raises(Interrupted):
        noted_round(ada.world(look=look), Kind.DAILY)

    (told,) = last_rounds(ada.ledger)
    assert (told["outcome"], told["edits"]) == ("interrupted", 1)
    assert turns_of(ada.ledger) == {}  # As if it had never begun.


def test_what_is_cut_off_is_made_up_for_and_the_lock_is_given_back(ada):
    def cut():
        raise KeyboardInterrupt

    ada.wiki.check = cut
    with pytest.raises(KeyboardInterrupt):
        noted_round(ada.world(), Kind.DAILY)

    assert last_rounds(ada.ledger)[0]["outcome"] == "interrupted"
    assert turns_of(ada.ledger) == {}
    assert ada.ledger.notes.lock_holder() == ""


def test_a_round_that_finds_another_one_notes_nothing(ada):
    with locked(ada.ledger), pytest.raises(Busy):
        noted_round(ada.world(), Kind.DAILY)

    assert last_rounds(ada.ledger) == []
    assert turns_of(ada.ledger) == {}


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (WikiUnreachable("away"), "unreachable"),
        (RuntimeError("oh"), "fault"),
        (KeyError(), "fault"),
    ],
)
def test_how_a_round_failed_is_one_word(scene, error, word):
    with pytest.raises(type(error)), noted(scene.ledger, Kind.HOURLY, lambda: NOON):
        raise error

    (told,) = last_rounds(scene.ledger)
    assert (told["outcome"], told["start"]) == (word, "2026-11-20T12:30:00+00:00")
    assert turns_of(scene.ledger)[Kind.HOURLY].ended == (word == "fault")


def test_a_larger_round_is_the_smaller_ones_too(scene):
    with noted(scene.ledger, Kind.WEEKLY, lambda: NOON):
        assert due(NOON, turns_of(scene.ledger)) is None

    turns = turns_of(scene.ledger)
    assert {kind: one.slot for kind, one in turns.items()} == {
        kind: slot(kind, NOON) for kind in Kind
    }
    assert due(NOON, turns) is None
    assert due(NOON + timedelta(hours=1), turns) is Kind.HOURLY


def test_only_the_last_fifty_are_kept(scene):
    for number in range(KEPT + 3):
        with noted(scene.ledger, Kind.HOURLY, lambda: NOON) as done:
            done.people = number

    assert [one["people"] for one in last_rounds(scene.ledger)] == list(range(3, KEPT + 3))
