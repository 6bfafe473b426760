"""Rounds by the clock, in time that passes as fast as one likes."""

import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import NeedsAcceptance, Stopped, WikiUnreachable
from bot.schedule import EVERY, HOUR, MINUTE, TRIES, Kind, due, next_runs, slot
from bot.serve import JITTER, RHYTHM
from tests.bot.clockwork import Clockwork

HOURLY, DAILY, WEEKLY = Kind.HOURLY, Kind.DAILY, Kind.WEEKLY
SUNDAY = datetime(2026, 3, 1, tzinfo=UTC)
"""In the thirty days from here clocks are changed in America and in Europe."""
MONTH = timedelta(days=30)
ZONES = ("UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu")
"""Lord Howe shifts by half an hour; Kathmandu is 5:45 ahead."""


@pytest.fixture
def month():
    """A bot whose rounds up to SUNDAY were all done."""
    work = Clockwork(SUNDAY - timedelta(hours=1))
    work.live(SUNDAY)
    work.rounds.clear()
    return work


def test_thirty_days_without_trouble(month):
    """Five Mondays; every other day one daily round; every other hour an hourly one."""
    month.live(SUNDAY + MONTH)

    assert month.counts() == (30 * 23, 25, 5)
    weekly = [one.start for one in month.rounds if one.kind is WEEKLY]
    daily = [one.start for one in month.rounds if one.kind is DAILY]
    assert {start.weekday() for start in weekly} == {0}
    assert {(start.hour, start.minute) for start in weekly + daily} == {(HOUR, MINUTE + 2)}
    assert month.waits <= 30 * 24 * 2  # It sleeps; it does not look again and again.
    assert not month.errors


def test_rounds_never_overlap_and_those_missed_by_a_long_one_become_one(month):
    """A weekly round of 26 hours: then one daily round, which is the hourly one too."""
    month.length = lambda kind: timedelta(hours=26) if kind is WEEKLY else timedelta(minutes=90)
    month.live(SUNDAY + timedelta(days=28))

    for before, after in zip(month.rounds, month.rounds[1:], strict=False):
        assert after.start >= before.start + month.length(before.kind)
    first = next(i for i, one in enumerate(month.rounds) if one.kind is WEEKLY)
    assert [one.kind for one in month.rounds[first : first + 3]] == [WEEKLY, DAILY, HOURLY]
    assert month.count(WEEKLY) == 4
    assert month.count(DAILY) == 24
    assert not month.doubled()


def test_after_ten_days_of_silence_one_round_makes_up_for_all_that_was_missed(month):
    month.live(SUNDAY + timedelta(days=2))
    month.rounds.clear()
    month.now = SUNDAY + timedelta(days=12, minutes=30)
    month.live(SUNDAY + timedelta(days=12, hours=1))

    assert [one.kind for one in month.rounds] == [WEEKLY]


@pytest.mark.parametrize(
    ("gap", "made_up"),
    [
        (timedelta(minutes=10), None),
        (timedelta(hours=5), HOURLY),
        (timedelta(hours=20), DAILY),
        (timedelta(days=7), WEEKLY),
    ],
)
def test_a_start_makes_up_for_what_was_missed_and_for_nothing_else(month, gap, made_up):
    month.live(SUNDAY + timedelta(days=1, hours=10))
    month.rounds.clear()
    month.now += gap
    month.live(month.now + timedelta(minutes=5))

    assert [one.kind for one in month.rounds] == ([made_up] if made_up else [])


@pytest.mark.parametrize("kill", [False, True], ids=["asked to stop", "killed"])
def test_a_weekly_round_that_was_cut_off_is_done_after_the_start_and_once(month, kill):
    month.live(SUNDAY + timedelta(days=1, hours=3))
    month.rounds.clear()
    month.length = lambda _kind: timedelta(minutes=30)
    month.live(SUNDAY + timedelta(days=1, hours=3, minutes=40), kill=kill)
    assert [(one.kind, one.ended) for one in month.rounds] == [(WEEKLY, False)]

    month.live(SUNDAY + timedelta(days=1, hours=4, minutes=15))

    assert [(one.kind, one.ended) for one in month.rounds[1:]] == [(WEEKLY, True)]


def test_a_round_that_kills_its_process_every_time_is_given_up_until_its_next_time(month):
    monday = SUNDAY + timedelta(days=1, hours=3)
    month.live(monday)
    month.rounds.clear()
    while month.now < monday + timedelta(days=3):
        before = len(month.rounds)
        month.live(month.now + timedelta(minutes=20), kill=True)
        if len(month.rounds) > before and month.rounds[-1].kind is WEEKLY:
            month.rounds[-1].ended = False
        # A weekly round needs longer than the process ever lives.
        month.length = lambda kind: timedelta(hours=1) if kind is WEEKLY else timedelta(minutes=1)

    begun = [one for one in month.rounds if one.kind is WEEKLY]
    assert 2 <= len(begun) <= TRIES
    assert month.count(HOURLY) > 40  # Meanwhile the rest goes on.
    assert month.count(DAILY) >= 1


def test_a_wiki_that_is_away_is_tried_again_in_minutes_ever_more_seldom_and_nothing_is_lost(month):
    monday = SUNDAY + timedelta(days=1, hours=3)
    back = monday + timedelta(hours=3)

    def fails(_kind):
        if monday <= month.now < back:
            raise WikiUnreachable("away")

    month.fails = fails
    month.live(SUNDAY + timedelta(days=2))

    weekly = [one for one in month.rounds if one.kind is WEEKLY]
    pauses = [b.start - a.start for a, b in itertools.pairwise(weekly)]
    assert timedelta(minutes=5) <= pauses[0] <= timedelta(minutes=15)
    assert all(earlier <= later for earlier, later in itertools.pairwise(pauses))
    assert len(weekly) <= TRIES
    assert [one.ended for one in weekly] == [False] * (len(weekly) - 1) + [True]
    assert not month.doubled()
    assert not month.owes(DAILY)


@pytest.mark.parametrize("error", [Stopped, NeedsAcceptance, RuntimeError])
def test_what_would_fail_again_waits_for_its_time_and_ends_nothing(month, error):
    def fails(_kind):
        raise error("as before")

    month.fails = fails
    month.live(SUNDAY + timedelta(days=1))

    assert len(month.rounds) == len(month.errors) == 24


@pytest.mark.parametrize(
    "jump", [timedelta(days=8), timedelta(hours=5), timedelta(days=-400), timedelta(hours=-5)]
)
def test_a_clock_that_is_set_costs_one_round_at_most_and_silences_nobody(month, jump):
    noon = SUNDAY + timedelta(days=3, hours=12)
    month.live(noon)
    month.jumps[noon] = jump
    month.rounds.clear()

    month.live(noon + timedelta(hours=24))

    assert not month.jumps
    assert 24 <= len(month.rounds) <= 25


def test_a_clock_that_is_set_back_a_little_makes_no_round_come_twice(month):
    month.live(SUNDAY + timedelta(hours=12, minutes=20))
    month.now -= timedelta(minutes=10)
    month.live(month.now + timedelta(minutes=55))

    assert not month.doubled()
    assert month.counts() == (12, 1, 0)


@given(
    st.lists(
        st.tuples(st.integers(0, 2 * 24 * 60), st.integers(0, 9 * 24 * 60), st.booleans()),
        max_size=8,
    ),
    st.integers(1, 300),
    st.integers(0, JITTER),
)
def test_whenever_processes_come_and_go_nothing_is_lost_and_nothing_is_done_twice(
    lives, minutes, late
):
    work = Clockwork(SUNDAY, lambda _kind: timedelta(minutes=minutes))
    work.late = timedelta(seconds=late)

    def idle():
        for kind in Kind:
            assert not work.owes(kind)

    work.idle = idle
    for up, down, kill in lives:
        begun, start = len(work.rounds), work.now
        work.live(work.now + timedelta(minutes=up), kill=kill)
        # However much was missed, one of each kind makes up for it.
        early = [one for one in work.rounds[begun:] if one.start < _next_hour(start)]
        kinds = [one.kind for one in early if one.ended]
        assert len(kinds) == len(set(kinds))
        work.now += timedelta(minutes=down)
    work.live(work.now + timedelta(days=1))

    assert not work.doubled()
    for before, after in zip(work.rounds, work.rounds[1:], strict=False):
        assert after.start >= before.start + (work.length(before.kind) * before.ended)


def _next_hour(moment):
    return slot(HOURLY, moment) + EVERY[HOURLY]


@given(st.integers(0, 15 * 366 * 24 * 3600), st.sampled_from(ZONES))
def test_what_is_due_is_the_same_in_every_time_zone(seconds, zone):
    moment = SUNDAY + timedelta(seconds=seconds)
    for kind in Kind:
        here = slot(kind, moment.astimezone(ZoneInfo(zone)))
        assert here == slot(kind, moment)
        assert here <= moment < here + EVERY[kind]
        assert slot(kind, here) == here
        assert next_runs(moment)[kind] == here + EVERY[kind]
    assert due(moment, {}) is WEEKLY


@pytest.mark.parametrize("zone", ZONES)
def test_the_bell_rings_at_every_hour_of_a_month_in_which_clocks_are_changed(zone):
    now = SUNDAY.astimezone(ZoneInfo(zone))
    fired = None
    for hour in range(30 * 24):
        expected = SUNDAY + timedelta(hours=hour, minutes=MINUTE)
        fired = RHYTHM.get_next_fire_time(fired, now)
        assert timedelta(0) <= fired - expected <= timedelta(seconds=JITTER)
        now = fired
