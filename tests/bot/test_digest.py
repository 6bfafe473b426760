"""The operator is told of trouble that lasts: once a week, on one page, and of nothing else."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot import ask
from bot.digest import MEMO, after_round
from bot.errors import NeedsAcceptance, SaveRefused, Stopped, WikiUnreachable
from bot.publisher import Outcome
from bot.rehearsal import MemoryWiki
from bot.rounds import noted, noted_round
from bot.running import _tell_operator
from bot.schedule import Kind
from bot.settings import Settings
from bot.wiring import may_save_data
from sources.port import SourceRefused
from tests.bot.scene import HOME, ROOT
from tests.builders import a_change
from wikitext.rules_page import TITLE

OPERATOR = "Olga Operator"


@dataclass
class TalkingMemoryWiki(MemoryWiki):
    """What the operator was told, and what telling meets."""

    told: list[tuple[str, str, str]] = field(default_factory=list)
    trouble: Exception | None = None

    def has_messages(self):
        return False

    def tell(self, operator, heading, text):
        if self.trouble:
            raise self.trouble
        self.told.append((operator, heading, text))


@pytest.fixture
def olga(scene, monkeypatch):
    """A scene whose bot may tell Olga, in which nobody minds that nothing happens."""
    monkeypatch.setattr(ask, "QUIET_DAYS", {})
    scene.wiki = TalkingMemoryWiki(pages=scene.wiki.pages, accounts=scene.wiki.accounts)
    scene.exists("Ada")
    scene.registers("Ada")
    scene.merges(a_change(1, "gerrit:Ada"))
    return scene


def a_day(scene, **changed):
    """A round and what follows it; then it is the next day."""
    noted_round(scene.world(**changed), Kind.DAILY, clock=lambda: scene.now)
    return look(scene)


def look(scene):
    told = after_round(scene.ledger, scene.wiki, OPERATOR, HOME, scene.now.date())
    scene.now += timedelta(days=1)
    return told


def ends(scene, error=None, refused=0):
    try:
        with noted(scene.ledger, Kind.HOURLY, clock=lambda: scene.now) as done:
            done.outcome = Outcome(refused=[("User:B/people/Ada.json", "protected")] * refused)
            if error is not None:
                raise error
    except type(error or SaveRefused()):
        pass
    return look(scene)


def test_of_a_bot_in_health_nobody_hears(olga):
    assert not any(a_day(olga) for _ in range(20))
    assert olga.wiki.told == []
    assert olga.ledger.notes.recall(MEMO) is None


def test_a_source_that_is_stale_for_more_than_two_days_is_told_once_a_week(olga):
    a_day(olga)
    olga.gerrit.trouble = SourceRefused("gerrit knows Ada")

    days = [a_day(olga) for _ in range(18)]

    assert [number for number, told in enumerate(days) if told] == [3, 10, 17]
    operator, heading, text = olga.wiki.told[0]
    assert (operator, heading) == (OPERATOR, "Developer Badges needs you")
    assert "''gerrit'' refuses to answer" in text
    assert "Ada" not in text
    assert text.endswith("~~~~")


def test_a_source_that_comes_and_goes_is_still_told_once_a_week(olga):
    a_day(olga)
    for trouble in (SourceRefused("no"), None, SourceRefused("no")):
        olga.gerrit.trouble = trouble
        for _ in range(4 if trouble else 1):
            a_day(olga)

    assert len(olga.wiki.told) == 1


def test_bad_rules_are_told_after_more_than_a_day(olga):
    olga.wiki.edit(TITLE, "{ no rules", "Admin")

    assert [a_day(olga) for _ in range(4)] == [False, False, True, False]
    assert "rules" in olga.wiki.told[0][2]


def test_too_much_at_once_is_told_at_once_and_other_ends_when_they_repeat(olga):
    assert ends(olga, NeedsAcceptance("Look at Ada."))
    assert "run --accept" in olga.wiki.told[0][2]
    assert [ends(olga, ValueError("x")) for _ in range(4)] == [False, True, False, False]
    assert "fault of the program" in olga.wiki.told[1][2]


def test_pages_refused_round_after_round_are_counted_not_named(olga):
    assert [ends(olga, refused=2) for _ in range(4)] == [False, False, True, False]
    assert "refuses to save 2 pages" in olga.wiki.told[0][2]
    assert "Ada" not in olga.wiki.told[0][2]


def test_who_was_stopped_writes_nothing(olga):
    ends(olga, NeedsAcceptance("a"))
    olga.now += timedelta(days=8)
    olga.wiki.edit(f"{HOME}/stop", "Stop!", "Admin")

    assert not ends(olga, Stopped("There is text."))
    with pytest.raises(Stopped):
        ends(olga, NeedsAcceptance("a"))
    assert len(olga.wiki.told) == 1


@pytest.mark.parametrize("trouble", [SaveRefused("protected"), WikiUnreachable("away")])
def test_a_message_that_may_have_been_saved_is_not_said_again_this_week(olga, trouble):
    olga.wiki.trouble = trouble

    assert not ends(olga, NeedsAcceptance("a"))
    olga.wiki.trouble = None
    assert [ends(olga, NeedsAcceptance("a")) for _ in range(7)] == [False] * 6 + [True]


def test_whatever_goes_wrong_in_telling_ends_no_round(olga, capsys):
    ends(olga)
    olga.wiki.trouble = RuntimeError("a fault")
    with pytest.raises(NeedsAcceptance), noted(olga.ledger, Kind.HOURLY, clock=lambda: olga.now):
        raise NeedsAcceptance("a")

    _tell_operator(replace(Settings(), operator=OPERATOR, digest=True), olga.world(), olga.wiki)

    assert olga.ledger.notes.lock_holder() == ""


def test_the_allow_list_of_the_running_bot_knows_no_talk_page():
    for title in (f"User talk:{OPERATOR}", "User talk:BadgeBot", f"{ROOT}/Registry"):
        assert not may_save_data("BadgeBot", title)
