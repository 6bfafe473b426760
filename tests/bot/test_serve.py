"""The process that serves: its bell, its signals, and that no round ends it."""

import os
import signal
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import Busy, Interrupted, LedgerError
from bot.rounds import last_rounds, noted_round
from bot.schedule import Kind
from bot.serve import Bell, serve, serving
from bot.stopping import Stopping
from tests.bot.clockwork import Clockwork
from tests.builders import a_change

NOON = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _handlers_as_before():
    known = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM)}
    yield
    for number, handler in known.items():
        signal.signal(number, handler)


def signalled(number, after=0.0):
    threading.Timer(after, os.kill, (os.getpid(), number)).start()


def test_a_signal_only_notes_that_we_are_to_stop_and_a_second_one_changes_nothing():
    with Stopping() as stopping:
        stopping.look()
        for number in (signal.SIGTERM, signal.SIGTERM, signal.SIGINT):
            os.kill(os.getpid(), number)
        with pytest.raises(Interrupted, match="Asked to stop"):
            stopping.look()
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0
    os.kill(os.getpid(), signal.SIGTERM)  # Not even now, on the way out.


def test_without_a_signal_all_is_as_before():
    before = signal.getsignal(signal.SIGTERM)
    with Stopping():
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) is before


def test_who_waits_for_an_answer_is_cut_off_when_patience_ends(monkeypatch):
    monkeypatch.setattr("bot.stopping.PATIENCE", 0.2)
    signalled(signal.SIGTERM, 0.2)
    with pytest.raises(Interrupted), Stopping():
        threading.Event().wait(60)
    with pytest.raises(KeyboardInterrupt), Stopping():
        raise KeyboardInterrupt  # Nobody asked us to stop: so it is something else.


def test_the_bell_rings_at_the_moment_it_was_asked_for():
    bell = Bell()
    bell.start()
    try:
        moment = datetime.now(UTC) + timedelta(seconds=0.3)
        bell.wait(moment)
        assert moment <= datetime.now(UTC) < moment + timedelta(minutes=1)
        bell.ring()
        bell.ring()
        bell.wait(None)
        bell.wait(datetime.now(UTC) - timedelta(minutes=1))  # What is past rings at once.
    finally:
        bell.stop()


def test_a_signal_wakes_who_sleeps(scene):
    with serving() as (stopping, wait):
        signalled(signal.SIGTERM, 0.3)
        serve(scene.ledger, lambda _kind: None, pytest.fail, stopping, wait, lambda: NOON)

    assert stopping.asked


def test_rounds_for_real_go_on_after_one_failed_and_make_up_for_what_was_missed(scene):
    """A scene's wiki and sources; only the clock is ours."""
    scene.exists("Ada")
    scene.registers("Ada")
    scene.merges(a_change(1, "gerrit:Ada"))
    time_ = [NOON]
    began, errors = [], []
    stopping = Stopping()

    def do_round(kind):
        began.append(kind)
        if len(began) == 2:
            raise Busy("Another round is running.")
        if len(began) == 3:
            scene.wiki.edit("User:BadgeBot/Developer badges/stop", "stop", "Bert")
        noted_round(scene.world(), kind, clock=clock)

    def wait(moment):
        time_[0] = moment or time_[0].replace(minute=19) + timedelta(hours=1)
        stopping.asked = len(began) == 4

    def clock():
        return time_[0]

    serve(scene.ledger, do_round, errors.append, stopping, wait, clock)

    assert began == [Kind.WEEKLY, Kind.HOURLY, Kind.HOURLY, Kind.HOURLY]
    assert [type(one).__name__ for one in errors] == ["Busy", "Stopped", "Stopped"]
    told = [(one["kind"], one["outcome"], one["start"][11:16]) for one in last_rounds(scene.ledger)]
    assert told == [
        ("weekly", "done", "12:30"),
        ("hourly", "stopped", "13:24"),
        ("hourly", "stopped", "14:19"),
    ]


def test_a_ledger_that_cannot_be_reached_is_asked_again_after_a_pause_not_at_once():
    work = Clockwork(NOON)
    recall = work.ledger.recall

    def away(name):
        if work.now < NOON + timedelta(minutes=32):
            raise LedgerError("away")
        return recall(name)

    work.ledger.recall = away
    work.live(NOON + timedelta(minutes=40))

    assert len(work.errors) == 7  # At half past, and every five minutes.
    assert [one.kind for one in work.rounds] == [Kind.WEEKLY]
    assert work.rounds[0].start == NOON + timedelta(minutes=35)


def test_a_round_that_takes_longer_than_the_grace_is_cut_and_the_process_ends(scene, monkeypatch):
    monkeypatch.setattr("bot.stopping.PATIENCE", 0.3)
    errors = []

    def do_round(kind):
        world = scene.world(look=stopping.look)
        scene.wiki.check = lambda: signalled(signal.SIGTERM) or time.sleep(60)
        noted_round(world, kind)

    with pytest.raises(Interrupted), serving() as (stopping, wait):
        serve(scene.ledger, do_round, errors.append, stopping, wait)

    assert errors == []
    assert last_rounds(scene.ledger)[0]["outcome"] == "interrupted"
    assert scene.ledger.notes.lock_holder() == ""
