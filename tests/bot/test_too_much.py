"""Too much at once, and bit by bit: each way to take much from many waits for a human, and for no longer."""

import json
from datetime import timedelta

import pytest

from bot.errors import NeedsAcceptance
from bot.lately import MEMORY
from bot.listed import MEMO as HIT
from tests.bot.scene import HOME, REGISTRY, ROOT
from tests.builders import a_change, a_task
from wikitext.rules_page import TITLE

NAMES = [f"Person {number:02}" for number in range(10)]
WISH = (
    "* {{Developer badges/Wish|list=x|wish=%s|status=done|tasks=T1|date=2025-03-04|accepted=yes}}"
)
REVIEW = "* {{Developer badges/Review|work=T%s|size=large|accepted=yes}}"
PAGES = {
    "wishes table": (f"{ROOT}/Wishes", WISH),
    "reviews": (f"{ROOT}/Reviews/2026", REVIEW),
}


@pytest.fixture
def ten(scene):
    """Ten people with a page each, and a reviewer."""
    scene.exists(*NAMES)
    for number, name in enumerate(NAMES):
        scene.registers(name)
        scene.merges(a_change(number + 1, f"gerrit:{name}", tasks=(number + 1,)))
        scene.task(a_task(number + 1))
    scene.wiki.groups["Root"] = {"sysop"}
    scene.round()
    return scene


def accepted(scene, source):
    """So many acceptances of this source count."""
    if source == "wishes table":
        return len(scene.ledger.wishes.keys(source))
    return sum(one.state == "accepted" for one in scene.ledger.rulings.judged())


def accepts(scene, source, numbers, by="Root"):
    title, row = PAGES[source]
    scene.wiki.edit(title, "\n".join(row % number for number in numbers), by, scene.now)


@pytest.mark.parametrize("source", PAGES)
def test_acceptances_that_are_taken_three_at_a_time_need_a_human_as_well(ten, source):
    accepts(ten, source, range(1, 11))
    ten.round()
    assert accepted(ten, source) == 10
    accepts(ten, source, range(4, 11), by="Mallory")
    assert ten.round().troubles == []  # Three may go.
    accepts(ten, source, range(7, 11), by="Mallory")

    for _ in range(2):
        done = ten.round()
        assert [(name, "6 accepted" in why) for name, why in done.troubles] == [(source, True)]
        assert "`run --accept`" in done.troubles[0][1]
        assert accepted(ten, source) == 7
    ten.round(accept=True)
    assert accepted(ten, source) == 4
    accepts(ten, source, range(10, 11), by="Mallory")
    assert ten.round().troubles == []  # What a human accepted is not counted again.


@pytest.mark.parametrize("source", PAGES)
def test_acceptances_that_came_back_or_went_long_ago_are_not_counted(ten, source):
    accepts(ten, source, range(1, 11))
    ten.round()
    accepts(ten, source, range(4, 11), by="Mallory")
    ten.round()
    accepts(ten, source, range(1, 11), by="Root")
    ten.round()
    accepts(ten, source, range(1, 8), by="Mallory")
    assert ten.round().troubles == []
    ten.now += MEMORY
    accepts(ten, source, range(1, 5), by="Mallory")
    assert ten.round().troubles == []
    assert accepted(ten, source) == 4


def excludes(scene, names):
    page = {"schema": 1, "community": {"excluded": names}}
    scene.wiki.edit(TITLE, json.dumps(page), "Admin", scene.now)


def test_people_who_are_excluded_three_at_a_time_need_a_human_as_well(ten):
    excludes(ten, NAMES[:3])
    ten.round()
    excludes(ten, NAMES[:6])
    for _ in range(2):
        with pytest.raises(NeedsAcceptance, match=r"exclude 3 of 10.*3 more.*last days.*--accept"):
            ten.round()
    assert ten.page(NAMES[3])["state"] == "ready"

    ten.round(accept=True)
    assert ten.page(NAMES[3])["state"] == "left"
    excludes(ten, NAMES[:7])
    ten.round()  # What a human accepted is not counted again.
    assert ten.page(NAMES[6])["state"] == "left"


def test_nobody_counts_as_excluded_because_they_got_the_number_of_somebody_who_was(ten):
    excludes(ten, NAMES[-3:])
    ten.round()
    numbers = {str(one.id) for one in ten.ledger.people.all() if one.name in NAMES[-3:]}
    assert set(ten.ledger.notes.recall(HIT)) == numbers
    for name in NAMES[-3:]:
        ten.unregisters(name)
    ten.round()

    assert ten.ledger.notes.recall(HIT) == {}


def test_who_was_excluded_long_ago_or_is_no_longer_is_not_counted(ten):
    excludes(ten, NAMES[:3])
    ten.round()
    excludes(ten, [])
    ten.round()
    excludes(ten, NAMES[3:6])
    ten.round()
    ten.now += MEMORY + timedelta(days=1)
    excludes(ten, NAMES[3:9])
    ten.round()

    assert ten.page(NAMES[0])["state"] == "ready"
    assert {ten.page(name)["state"] for name in NAMES[3:9]} == {"left"}


def test_whoever_waits_for_a_human_waits_in_every_kind_of_round(ten):
    for name in NAMES[:4]:
        ten.unregisters(name, by="Mallory")
    edits = len(ten.wiki.edits)
    for kind in ({"hourly": True}, {}, {"full": True}):
        with pytest.raises(NeedsAcceptance, match="4 of 10"):
            ten.round(**kind)
    assert len(ten.wiki.edits) == edits

    ten.round(accept=True, hourly=True)
    assert {ten.page(name)["state"] for name in NAMES[:4]} == {"left"}


def test_a_registry_that_is_restored_needs_nobody_to_accept_anything(ten):
    text = ten.wiki.text(REGISTRY)
    ten.wiki.edit(REGISTRY, "", "Mallory", ten.now)
    with pytest.raises(NeedsAcceptance, match="blanked"):
        ten.round()
    edits = len(ten.wiki.edits)
    ten.wiki.edit(REGISTRY, text, "Anybody", ten.now)
    ten.round()

    assert len(ten.wiki.edits) == edits
    assert f"{HOME}/report.json" in ten.wiki.pages
