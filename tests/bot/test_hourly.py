"""The hourly round: newcomers, leavers, and what must not stand an hour longer; the rest waits a day."""

from datetime import date

import pytest

from bot.errors import Interrupted
from tests.bot.scene import HOME, NOW, REGISTRY
from tests.builders import a_change, a_task

REPORT = f"{HOME}/report.json"
STATISTICS = "statistics.json"


@pytest.fixture
def ada(scene):
    """Ada takes part since long; she has two patches of this year."""
    scene.exists("Ada", "Bert")
    scene.registers("Ada")
    scene.merges(a_change(1, "gerrit:Ada", tasks=(100,), merged=NOW.replace(month=3)))
    scene.merges(a_change(2, "gerrit:Ada", merged=NOW.replace(month=5)))
    scene.task(a_task(100, closed=date(2026, 6, 1)), owner="Ada")
    scene.round()
    return scene


def edited(scene, **how):
    """The titles that one round edits, below HOME."""
    before = len(scene.wiki.edits)
    scene.round(**how)
    return [title.removeprefix(f"{HOME}/") for title, _ in scene.wiki.edits[before:]]


def a_new_patch(scene):
    scene.merges(a_change(3, "gerrit:Ada", merged=scene.now, project="mediawiki/core"))


def test_news_of_somebody_who_has_a_page_waits_for_the_daily_round(ada):
    a_new_patch(ada)

    assert edited(ada, hourly=True) == []
    assert edited(ada, hourly=True) == []
    assert edited(ada) == ["people/Ada.json", "people/Ada/work-2026.json", STATISTICS]
    assert edited(ada, hourly=True) == []


def test_what_waits_for_the_daily_round_is_not_called_left_over(ada):
    a_new_patch(ada)

    done = ada.round(hourly=True)

    assert not done.partly
    assert done.people == 1


def test_a_newcomer_and_the_report_are_published_at_once(ada):
    ada.registers("Bert")
    ada.merges(a_change(9, "gerrit:Bert"))
    a_new_patch(ada)

    assert edited(ada, hourly=True) == [
        "people/Bert.json",
        "people/Bert/work-2025.json",
        "report.json",
    ]


def test_who_leaves_is_gone_at_once(ada):
    a_new_patch(ada)
    ada.unregisters("Ada")

    assert sorted(edited(ada, hourly=True)) == [
        "people/Ada.json",
        "people/Ada/work-2026.json",
        "report.json",
        STATISTICS,  # It told of years in which nobody is left.
    ]
    assert ada.page("Ada")["state"] == "left"
    assert b"Ada" not in ada.raw_ledger()


def test_a_task_that_turns_secret_leaves_the_pages_at_once(ada):
    assert "T100" in ada.works("Ada", 2026)
    ada.task(a_task(100, public=False), touched=ada.now)

    assert edited(ada, hourly=True) == ["people/Ada.json", "people/Ada/work-2026.json"]
    assert "T100" not in ada.works("Ada", 2026)


def test_what_a_person_hides_is_hidden_at_once_and_who_leaves_the_wall_is_off_it(ada):
    ada.chooses("Ada", "wall=yes")
    ada.round()
    assert "Ada" in ada.wiki.text(f"{HOME}/{STATISTICS}")
    ada.chooses("Ada", "hide=T100")
    a_new_patch(ada)

    assert {"people/Ada.json", "people/Ada/work-2026.json", STATISTICS} <= set(
        edited(ada, hourly=True)
    )
    assert "Ada" not in ada.wiki.text(f"{HOME}/{STATISTICS}")
    assert "T100" not in ada.works("Ada", 2026)


def test_the_first_pages_of_a_newcomer_that_one_round_cannot_finish_are_the_next_ones(ada):
    ada.registers("Bert")
    ada.merges(a_change(9, "gerrit:Bert"))

    assert edited(ada, hourly=True, edit_budget=1) == ["people/Bert.json"]
    assert edited(ada, hourly=True) == ["people/Bert/work-2025.json", "report.json"]


def test_hours_and_then_a_day_make_the_same_pages_as_a_day_alone(scene, tmp_path):
    """Whoever was published in which order: the pages are those of the facts."""
    (tmp_path / "other").mkdir()
    other = type(scene)(tmp_path / "other")
    for one in (scene, other):
        one.exists("Ada", "Bert")
        one.registers("Ada")
        one.merges(
            a_change(1, "gerrit:Ada", tasks=(100,)), a_change(9, "gerrit:Bert", tasks=(100,))
        )
        one.task(a_task(100), owner="Ada")
        one.round(hourly=one is scene)
        one.registers("Bert")
        a_new_patch(one)
        if one is scene:
            one.round(hourly=True)
            one.round(hourly=True)
        one.now = NOW.replace(hour=20)
        one.round()

    assert scene.bytes_of("Ada") == other.bytes_of("Ada")
    assert scene.bytes_of("Bert") == other.bytes_of("Bert")
    assert scene.wiki.text(REPORT) == other.wiki.text(REPORT)


def test_one_who_is_asked_to_stop_stops_before_the_next_edit_and_the_next_round_goes_on(ada):
    ada.registers("Bert")
    ada.merges(a_change(9, "gerrit:Bert"))
    looks = []

    def look():
        looks.append(len(ada.wiki.edits))
        if len(looks) == 2:
            raise Interrupted("asked")

    before = len(ada.wiki.edits)
    with pytest.raises(Interrupted):
        ada.round(look=look)

    assert len(ada.wiki.edits) == before + 1
    assert ada.ledger.notes.lock_holder() == ""
    ada.round()
    titles = [title for title, _ in ada.wiki.edits[before:]]
    assert len(titles) == len(set(titles)) == 4


@pytest.mark.parametrize("hourly", [True, False], ids=["an hour", "a day"])
def test_who_leaves_or_leaves_the_wall_is_off_it_and_the_report_whatever_the_edit_budget(
    ada, hourly
):
    ada.registers("Bert")
    ada.chooses("Ada", "wall=yes")
    ada.chooses("Bert", "wall=yes")
    ada.merges(a_change(9, "gerrit:Bert"))
    ada.round()
    assert "Bert" in ada.wiki.text(f"{HOME}/{STATISTICS}")

    ada.chooses("Bert", "wall=no")
    a_new_patch(ada)
    assert edited(ada, hourly=hourly, edit_budget=0) == ["report.json", STATISTICS]
    assert "Bert" not in ada.wiki.text(f"{HOME}/{STATISTICS}")

    ada.chooses("Ada", "wall=no")
    ada.wiki.edit(REGISTRY, "Nobody", "Ada", ada.now)
    edited(ada, hourly=hourly, edit_budget=1)
    for title in (STATISTICS, "report.json"):
        assert "Ada" not in ada.wiki.text(f"{HOME}/{title}")
