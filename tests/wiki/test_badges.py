"""What {{Developer badges}} shows, on a real wiki."""

from __future__ import annotations

import re
from typing import Any

import pytest

from scoring.catalogue import CATALOGUE
from scripts.local.api import APIError
from tests.wiki.conftest import Wiki
from tests.wiki.page import words
from tests.wiki.people import a_person

pytestmark = pytest.mark.wiki
ADA = "User:Ada Example"


@pytest.fixture(autouse=True)
def ada(publish: Any) -> None:
    publish("people/Ada Example", a_person())


def test_a_card_shows_the_two_numbers_and_what_they_are_made_of(kit_wiki: Wiki):
    shown = words(kit_wiki.ada.html("{{Developer badges}}", ADA))

    assert "13 issues and wishes 1,153.2 score (estimate)" in shown
    assert "12 issues · 1 wish · 34 patches" in shown


def test_a_card_shows_badges_with_tier_and_day_and_the_nearest_next_one(kit_wiki: Wiki):
    shown = words(kit_wiki.ada.html("{{Developer badges}}", ADA))

    assert "Task Tamer silver since 4 Mar 2025" in shown
    assert "Patch Quilter bronze since 20 Nov 2024" in shown
    assert "Tasks resolved with a patch of one’s own · 27 so far; silver from 25" in shown
    assert "Barn Raiser: 10 more to bronze" in shown
    assert "Barn Raiser bronze" not in shown


def with_badge(publish: Any, wiki: Wiki, **badge: Any) -> str:
    given = {"id": "archaeologist", "tier": 1, "since": "2025-03-04", "value": 7.2} | badge
    publish("people/Ada Example", a_person(badges=[given]))
    return words(wiki.ada.html("{{Developer badges}}", ADA))


def test_where_the_largest_value_decides_a_card_says_how_often(kit_wiki: Wiki, publish: Any):
    shown = with_badge(publish, kit_wiki, next=10, times=3, line=5)

    assert "Archaeologist bronze since 4 Mar 2025 (3 times)" in shown
    assert "the largest so far is 7.2; bronze from 5" in shown
    assert "more to" not in shown


def test_a_badge_that_is_no_longer_given_is_shown_calmly(kit_wiki: Wiki, publish: Any):
    for state in ("paused", "retired"):
        shown = with_badge(publish, kit_wiki, state=state)
        assert "Archaeologist bronze since 4 Mar 2025 (no longer given)" in shown


def test_what_waits_and_what_was_lost_is_said_in_a_sentence(kit_wiki: Wiki, publish: Any):
    shown = with_badge(
        publish, kit_wiki, id="task-tamer", waits=3, taken={"tier": 2, "line": 25, "value": 22}
    )

    assert "Task Tamer: gold comes once the rules that give it are old enough." in shown
    assert "Task Tamer: silver is no longer held, since 22 of 25 remain." in shown


def test_a_badge_without_a_message_is_shown_by_the_name_it_brings(kit_wiki: Wiki, publish: Any):
    shown = with_badge(publish, kit_wiki, id="of-this-wiki", name="Of [[this]] wiki")

    assert "Of [[this]] wiki bronze since" in shown


def test_the_next_tier_is_as_far_as_the_page_says(kit_wiki: Wiki, publish: Any):
    shown = with_badge(publish, kit_wiki, id="barn-raiser", value=49.9, next=250, more=201)

    assert "Barn Raiser: 201 more to silver" in shown


def test_every_badge_of_the_catalogue_fits_on_a_card(kit_wiki: Wiki, publish: Any):
    badges = [
        {"id": one.id, "tier": len(one.tiers), "since": "2025-03-04", "value": 9, "line": 9}
        for one in CATALOGUE
    ]
    publish("people/Ada Example", a_person(badges=badges))
    shown = words(kit_wiki.ada.html("{{Developer badges}}", ADA))
    limits = kit_wiki.ada.limits("{{Developer badges}}", ADA)

    assert all(one.name in shown for one in CATALOGUE)
    assert int(limits["scribunto-limitreport-memusage"]) < 1_000_000


def test_a_card_links_to_its_evidence_and_to_the_portal(kit_wiki: Wiki):
    page = kit_wiki.ada.html("{{Developer badges}}", ADA)

    assert "people/Ada_Example/work-2025.json" in page
    assert 'title="Developer Wiki:Developer badges"' in page
    assert "2 resolved tasks wait for a reviewer" in words(page)


def test_a_card_speaks_to_a_screen_reader(kit_wiki: Wiki):
    page = kit_wiki.ada.html("{{Developer badges}}", ADA)

    assert 'role="group" aria-label="Developer badges: Ada Example"' in page
    assert re.search(r'<span class="devbadges-medal [^>]*aria-hidden="true"', page)
    assert 'lang="en" dir="ltr"' in page


def test_the_compact_line_is_one_line(kit_wiki: Wiki):
    page = kit_wiki.ada.html("{{Developer badges|show=compact}}", ADA)

    assert words(page) == (
        "Developer badges 13 issues and wishes · score 1,153.2 (estimate)"
        " · Task Tamer silver · Patch Quilter bronze"
    )
    assert "<div" not in page.split(">", 1)[1]


def test_the_number_is_a_bare_number(kit_wiki: Wiki):
    assert words(kit_wiki.ada.html("{{Developer badges|show=number}}", ADA)) == "13"


def test_one_of_each_is_said_in_the_singular(kit_wiki: Wiki, publish: Any):
    one = {"issues": 1, "wishes": 0, "together": 1, "patches": 1, "score": 1}
    publish("people/Grace Example", a_person(total=one, badges=[], unconfirmed=1, estimate=False))

    shown = words(kit_wiki.ada.html("{{Developer badges|Grace Example}}", "Sandbox"))

    assert "1 issue or wish 1 score 1 issue · 1 patch" in shown
    assert "1 resolved task waits for a reviewer to confirm who did it." in shown


@pytest.mark.parametrize("title", [ADA, "User talk:Ada Example", f"{ADA}/About/Me"])
def test_on_a_user_page_the_owner_is_meant(kit_wiki: Wiki, title: str):
    assert "1,153.2" in kit_wiki.ada.html("{{Developer badges}}", title)


@pytest.mark.parametrize(
    "given", ["user=Ada Example", "1=Ada Example", "ada_Example", "user=User:Ada Example"]
)
def test_anywhere_else_a_name_says_who_is_meant(kit_wiki: Wiki, given: str):
    assert "1,153.2" in kit_wiki.ada.html(f"{{{{Developer badges|{given}}}}}", "Sandbox")


def test_nobody_meant_is_said_calmly(kit_wiki: Wiki):
    shown = words(kit_wiki.ada.html("{{Developer badges}}", "Sandbox"))

    assert shown == "Say whose badges to show: {{Developer badges|user=Name}}."


def test_somebody_unknown_is_shown_the_way_in(kit_wiki: Wiki):
    page = kit_wiki.ada.html("{{Developer badges|Nobody Known}}", "Sandbox")

    assert "No badges yet for Nobody Known." in words(page)
    assert "Developer_Wiki:Developer_badges/Registry" in page


def test_who_left_is_not_talked_about(kit_wiki: Wiki, publish: Any):
    publish("people/Grace Example", {"schema": 1, "state": "left", "note": "{{delete}}"})

    shown = words(kit_wiki.ada.html("{{Developer badges|Grace Example}}", "Sandbox"))

    assert shown == "No badges are shown for Grace Example."


def test_data_of_the_future_are_left_to_a_newer_module(kit_wiki: Wiki, publish: Any):
    publish("people/Grace Example", {"schema": 2, "state": {"new": "form"}})

    shown = words(kit_wiki.ada.html("{{Developer badges|Grace Example}}", "Sandbox"))

    assert "written in a newer form" in shown


def test_a_page_shown_before_the_data_exist_refreshes_itself(kit_wiki: Wiki, publish: Any):
    newcomer = "User:Ёлка 木"
    kit_wiki.admin.edit(newcomer, "{{Developer badges}}")
    kit_wiki.jobs()
    before = kit_wiki.ada.info(newcomer)["touched"]
    assert "No badges yet" in kit_wiki.ada.api(action="parse", page=newcomer)["parse"]["text"]
    kit_wiki.ada.wait()

    publish("people/Ёлка 木", a_person())
    kit_wiki.jobs()

    assert kit_wiki.ada.info(newcomer)["touched"] > before
    assert "1,153.2" in kit_wiki.ada.api(action="parse", page=newcomer)["parse"]["text"]


def test_only_the_bot_and_administrators_edit_data_pages(kit_wiki: Wiki):
    with pytest.raises(APIError) as refused:
        kit_wiki.ada.edit("User:BadgeBot/Developer badges/people/Ada Example.json", "{}")

    assert refused.value.code == "customjsonprotected"


def test_a_card_takes_little_of_the_page(kit_wiki: Wiki):
    parse = kit_wiki.ada.parse("{{Developer badges}}", ADA)
    limits = kit_wiki.ada.limits("{{Developer badges}}", ADA)

    assert {page["title"] for page in parse["templates"]} == {
        "Template:Developer badges",
        "Template:Developer badges/styles.css",
        "Module:Developer badges",
        "Module:Developer badges/card",
        "Module:Developer badges/config.json",
        "Module:Developer badges/i18n/en.json",
        "User:BadgeBot/Developer badges/people/Ada Example.json",
    }
    assert int(limits["scribunto-limitreport-memusage"]) < 1_000_000
    assert int(limits["limitreport-expensivefunctioncount"]) <= 3


def test_twenty_cards_on_a_page_cost_no_more_than_twenty_data_pages(kit_wiki: Wiki):
    limits = kit_wiki.ada.limits("{{Developer badges}}" * 20, ADA)

    assert int(limits["limitreport-expensivefunctioncount"]) <= 3
