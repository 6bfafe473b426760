"""Promise 8: which tiers are held, through changes of rules, of facts, and of days."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scoring.badge import Award, Badge
from scoring.badges import awards
from scoring.decides import name_of
from scoring.model import Record, Tally
from scoring.rules import Rules
from scoring.tiers import Check, Held, settle, shown

START = date(2025, 1, 1)
OLD_ENOUGH = timedelta(days=14)


def a_badge(*tiers: int, **more: str) -> Badge:
    return Badge(**{"id": "a-badge", "counts": "reviews", "tiers": tiers, "name": "A"} | more)


def a_record(reviews: int, given_: int = 0) -> Record:
    days = tuple(START + timedelta(days=n) for n in range(reviews))
    return Record(
        Tally(), review_days=days, given=tuple(("a-badge", day, "") for day in days[:given_])
    )


@dataclass
class Life:
    """One person with one badge, round by round."""

    badge: Badge = field(default_factory=lambda: a_badge(5, 25))
    reviews: int = 0
    today: date = date(2026, 1, 1)
    held: tuple[Held, ...] = ()
    changed: date | None = None
    old: Badge | None = None

    def rules(self, badge: Badge) -> None:
        """Other rules are in force from today on."""
        if self.old is None:
            self.old = self.badge
        self.badge, self.changed = badge, self.today

    def round(self, *, weekly: bool = False) -> Award | None:
        if self.changed is not None and self.today - self.changed >= OLD_ENOUGH:
            self.old = self.changed = None
        self.held = self.settled(weekly=weekly)
        return self.page()

    def settled(self, *, weekly: bool = False) -> tuple[Held, ...]:
        record = a_record(self.reviews, self.reviews // 2)
        before = {} if self.old is None else {"a-badge": awards(record, (self.old,))[0]}
        now, badges = awards(record, (self.badge,)), (self.badge,)
        check = Check({"a-badge": repr(self.badge)}, self.today, weekly)
        return settle(self.held, badges, now, before, check)

    def page(self) -> Award | None:
        record = a_record(self.reviews, self.reviews // 2)
        found = shown(self.held, (self.badge,), awards(record, (self.badge,)))
        return found[0] if found else None

    def pass_days(self, days: int) -> None:
        self.today += timedelta(days=days)

    @property
    def tier(self) -> int:
        return max((one.tier for one in self.held if one.taken is None), default=0)


def test_a_tier_is_held_since_the_day_that_crossed_its_line():
    life = Life(reviews=6)
    page = life.round()

    assert (page.tier, page.since, page.line, page.next, page.more) == (
        1, START + timedelta(days=4), 5, 25, 19,
    )  # fmt: skip


def test_a_tier_stays_when_its_line_rises_and_says_how_many_more_to_the_next():
    life = Life(reviews=6)
    life.round()
    life.rules(a_badge(10, 50))
    page = life.round(weekly=True)

    assert (page.tier, page.line, page.next, page.more) == (1, 5, 50, 44)


def test_a_tier_stays_when_the_rule_sees_less_in_the_same_facts():
    life = Life(reviews=8)
    life.round()
    life.rules(a_badge(5, 25, counts="given"))
    for _ in range(4):
        page = life.round(weekly=True)
        life.pass_days(10)

    assert (page.tier, page.line, page.value) == (1, 4, 4)
    life.reviews = 6  # Three are seen now: evidence is gone.
    for _ in range(2):
        page = life.round(weekly=True)
        life.pass_days(1)
    assert (page.tier, page.taken) == (0, (1, 4, 3))


def test_what_was_lost_under_old_rules_too_is_not_forgiven_by_new_ones():
    life = Life(reviews=8)
    life.round()
    life.rules(a_badge(5, 25, counts="given"))
    life.reviews = 4
    life.round()
    life.pass_days(1)

    assert life.round(weekly=True).taken == (1, 5, 2)


def test_who_passed_the_line_when_it_was_lower_keeps_that_line_and_that_day():
    life = Life(reviews=12)
    life.round()
    life.rules(a_badge(10, 25))
    life.pass_days(20)
    assert (life.round().line, life.page().since) == (5, START + timedelta(days=4))
    life.reviews = 7
    for _ in range(3):
        page = life.round(weekly=True)
        life.pass_days(7)

    assert (page.tier, page.taken) == (1, None)


def test_a_line_that_fell_for_good_is_the_line_from_then_on():
    life = Life(reviews=12)
    life.round()
    life.rules(a_badge(3, 25))
    assert life.round().line == 5
    life.pass_days(14)

    assert (life.round().line, life.page().since) == (3, START + timedelta(days=2))


def test_a_tier_reached_only_by_new_rules_waits_for_a_fortnight():
    life = Life(reviews=4)
    life.round()
    life.rules(a_badge(3, 25))
    assert (life.round().tier, life.page().waits, life.page().next) == (0, 1, None)
    life.pass_days(13)
    assert life.round(weekly=True).tier == 0
    life.pass_days(1)
    assert (life.round().tier, life.page().waits, life.page().since) == (
        1, 0, START + timedelta(days=2),
    )  # fmt: skip


def test_what_waits_vanishes_if_the_rules_go_back():
    life = Life(reviews=4)
    before = life.round()
    life.rules(a_badge(3, 25))
    life.round()
    life.pass_days(3)
    life.rules(a_badge(5, 25))

    assert life.round() == before


def test_a_tier_reached_by_both_old_and_new_rules_does_not_wait():
    life = Life(reviews=4)
    life.rules(a_badge(4, 25))
    life.reviews = 5

    assert (life.round().tier, life.page().since) == (1, START + timedelta(days=4))


def test_a_new_badge_waits_too():
    record, badges = a_record(9), (a_badge(5),)
    now, check = awards(record, badges), Check({"a-badge": "new"}, START)
    found = settle((), badges, now, {"a-badge": None}, check)

    assert found == ()
    assert shown(found, badges, awards(record, badges))[0].waits == 1


def test_evidence_that_is_gone_is_noted_first_and_taken_by_a_later_weekly_check():
    life = Life(reviews=6)
    life.round()
    life.reviews = 3
    before = life.round(weekly=True)
    assert (before.tier, before.taken) == (1, None)
    life.pass_days(1)
    assert life.round().tier == 1
    page = life.round(weekly=True)
    assert (page.tier, page.since, page.taken) == (0, None, (1, 5, 3))
    life.pass_days(30)
    assert life.round(weekly=True) == page


def test_evidence_that_came_back_in_time_costs_nothing():
    life = Life(reviews=6)
    before = life.round()
    life.reviews = 3
    life.round()
    life.pass_days(3)
    life.reviews = 6

    assert life.round(weekly=True) == before


def test_a_tier_that_was_taken_can_be_earned_again():
    life = Life(reviews=6)
    life.round()
    life.reviews = 3
    for _ in range(2):
        life.round(weekly=True)
        life.pass_days(1)
    life.reviews = 7

    assert (life.round().tier, life.page().taken) == (1, None)


def test_a_paused_badge_keeps_its_tiers_and_gives_no_new_ones():
    for state in ("paused", "retired"):
        life = Life(reviews=6)
        life.round()
        life.rules(a_badge(5, 25, state=state))
        life.reviews = 30
        page = life.round()
        assert (page.tier, page.next, page.waits, page.state) == (1, None, 0, state)

        other = Life(badge=a_badge(5, 25, state=state), reviews=30)
        assert other.round() is None


def test_a_badge_that_is_no_longer_paused_gives_after_a_fortnight():
    life = Life(badge=a_badge(5, state="paused"), reviews=6)
    life.round()
    life.rules(a_badge(5))

    assert (life.round().tier, life.page().waits) == (0, 1)
    life.pass_days(14)
    assert life.round().tier == 1


def test_a_badge_that_the_rules_forgot_is_held_again_when_they_remember():
    life = Life(reviews=6)
    before = life.round()
    forgotten = settle(life.held, (), (), {}, Check({}, life.today))

    assert forgotten == life.held
    assert shown(forgotten, (), ()) == ()
    assert life.round() == before


def test_how_often_the_tier_held_was_reached_is_told_by_the_line_that_keeps_it():
    risen = a_badge(50, counts="issues", highest="supporters")
    now = Award("a-badge", 1, 60.0, times=1, days=(START,), heights=(12.0, 15.0, 60.0))
    held = (Held("a-badge", 1, START, 10),)

    (page,) = shown(held, (risen,), (now,))
    assert (page.line, page.times) == (10, 3)


def test_rules_have_one_name_whatever_the_order_of_their_sets():
    assert name_of(Rules()) == name_of(Rules(granted=frozenset(["delivered", "done"])))
    assert name_of(Rules()) != name_of(Rules(small_days=31))


BADGES = st.builds(
    lambda low, step, counts, state: a_badge(low, low + step, counts=counts, state=state),
    st.integers(1, 12),
    st.integers(1, 12),
    st.sampled_from(["reviews", "given"]),
    st.sampled_from(["active", "active", "active", "paused", "retired"]),
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("facts"), st.integers(0, 30)),
        st.tuples(st.just("rules"), BADGES),
        st.tuples(st.just("back"), st.none()),
        st.tuples(st.just("days"), st.integers(0, 20)),
        st.tuples(st.just("weekly"), st.none()),
    ),
    max_size=25,
)


def lives(steps, kinds=("facts", "rules", "back", "days", "weekly")):
    """Live through *steps*, a round after each; yield the life before and after each round."""
    life = Life(reviews=8)
    life.round()
    for kind, what in steps:
        if kind not in kinds:
            continue
        if kind == "facts":
            life.reviews = what
        elif kind == "rules":
            life.rules(what)
        elif kind == "back" and life.old is not None:
            life.rules(life.old)
        elif kind == "days":
            life.pass_days(what)
        before = replace(life)
        life.round(weekly=kind == "weekly")
        yield before, life


@given(STEPS)
def test_no_change_of_rules_takes_a_tier(steps):
    for before, life in lives(steps, ("rules", "back", "days", "weekly")):
        assert life.tier >= before.tier
        for one in before.held:
            assert any(one.tier == now.tier and now.taken is None for now in life.held)
        last = replace(life)
        for _ in range(2):
            last.pass_days(1)
            last.round(weekly=True)
        assert last.tier >= before.tier


@given(STEPS)
def test_no_change_of_rules_gives_a_tier_within_a_fortnight(steps):
    for before, life in lives(steps, ("rules", "back", "days", "weekly")):
        if life.tier > before.tier:
            assert life.old is None
            assert life.badge.state == "active"


@given(STEPS)
def test_a_tier_is_taken_only_by_a_weekly_check_after_an_earlier_day_noted_it(steps):
    for (before, life), (kind, _) in zip(lives(steps), steps, strict=True):
        for one in life.held:
            was = next((b for b in before.held if b.tier == one.tier), None)
            if one.taken is not None and (was is None or was.taken is None):
                assert kind == "weekly"
                assert was.noted < life.today
                assert one.taken < one.line
        assert {one.tier for one in before.held} <= {one.tier for one in life.held}


@given(STEPS)
def test_the_same_round_twice_is_the_same_as_once(steps):
    for (_, life), (kind, _) in zip(lives(steps), steps, strict=True):
        page = life.page()
        assert life.settled(weekly=kind == "weekly") == life.held
        assert life.page() == page


@given(STEPS)
def test_with_rules_that_stand_a_page_says_in_the_end_what_the_facts_say(steps):
    life = Life()
    for _, now in lives(steps, ("facts", "days", "weekly")):
        life = now
    for _ in range(2):
        life.round(weekly=True)
        life.pass_days(1)

    assert life.tier == awards(a_record(life.reviews), (life.badge,))[0].tier


@given(STEPS)
def test_an_empty_ledger_that_read_the_page_shows_the_same(steps):
    for _, life in lives(steps):
        page = life.page()
        if page is not None:
            assert replace(life, held=read_from(page)).round() == page


@given(STEPS, st.integers(0, 30))
def test_an_empty_ledger_that_read_the_page_falls_from_a_tier_to_the_same_one_below(steps, left):
    for _, life in lives(steps):
        if life.page() is None:
            continue
        with_ledger, without = replace(life), replace(life, held=read_from(life.page()))
        without.round()  # In peace: what is gone while nobody remembers the rules is not known to be.
        for one in (with_ledger, without):
            one.reviews = left
            one.round()
            one.pass_days(1)
            one.round(weekly=True)
        assert without.tier == with_ledger.tier


def test_an_empty_ledger_forgives_what_rules_that_came_meanwhile_see_less_of():
    life = Life(reviews=8)
    page = life.round()
    life.held = read_from(page)
    life.badge = a_badge(5, 25, counts="given")
    for _ in range(3):
        page = life.round(weekly=True)
        life.pass_days(1)

    assert (page.tier, page.line) == (1, 4)


def read_from(page: Award) -> tuple[Held, ...]:
    """What a page says of the tiers of its badge."""
    rows = []
    if page.tier:
        for tier, since, line in ((page.tier, page.since, page.line), *page.below):
            noted = date.min if round(page.value, 1) < line else None
            rows.append(Held("a-badge", tier, since, line, noted=noted))
    if page.taken:
        tier, line, value = page.taken
        rows.append(Held("a-badge", tier, START, line, taken=value))
    return tuple(rows)
