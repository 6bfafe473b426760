"""The face is calm and honest: no errors, no dead links, no examples that look real."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.wiki.conftest import ROOT, Wiki
from tests.wiki.page import Page, words
from tests.wiki.people import a_person

pytestmark = pytest.mark.wiki
ADA = "User:Ada Example"
I18N = Path(__file__).parents[2] / "wikitext" / "onwiki" / "i18n"


@pytest.fixture(autouse=True)
def ada(publish: Any) -> None:
    publish("people/Ada Example", a_person())


def test_an_account_used_at_work_shows_no_empty_numbers(kit_wiki: Wiki, publish: Any):
    zero = {"issues": 0, "wishes": 0, "together": 0, "patches": 0, "reviews": 0, "score": 0}
    years = [zero | {"year": year} for year in (2023, 2024, 2025)]
    publish("people/Fay Voorbeeld (WMF)", a_person(
        staff=True, total=zero, years=[*years, zero | {"year": 2026, "patches": 1}], badges=[],
    ))  # fmt: skip
    said = "This account is used at work: what it did is listed, and is in none of these numbers."

    line = words(kit_wiki.ada.html("{{Developer badges|Fay Voorbeeld (WMF)|show=compact}}", ADA))
    card = words(kit_wiki.ada.html("{{Developer badges|Fay Voorbeeld (WMF)}}", ADA))

    assert line == f"Developer badges Fay Voorbeeld (WMF) · {said}"
    assert said in card
    assert "2025 0 issues" not in card
    assert card.count(" 0 issues") == 2, "the total alone"


def test_every_link_to_a_part_of_a_page_finds_it(kit_wiki: Wiki):
    link = re.compile(r"\[\[:\$\d([^|\]#]*)#([^|\]]+)\|")
    links = {
        found
        for path in I18N.glob("*.json")
        for message in json.loads(path.read_text("utf-8")).values()
        if isinstance(message, str) and path.stem != "qqq"
        for found in link.findall(message)
    }

    assert {("", "portal-points"), ("", "portal-public")} <= links
    for page, part in links:
        assert f'id="{part}"' in kit_wiki.ada.html(f"{{{{:{ROOT}{page}}}}}"), (page, part)


def test_whatever_part_of_the_module_wikitext_calls_stays_calm(kit_wiki: Wiki):
    names = ("main", "person", "wish", "review", "page", "report")
    calls = (*names, *(f"_{name}" for name in names), "_prepare")
    page = kit_wiki.ada.html(
        "<hr>".join(f"{{{{#invoke:Developer badges|{one}}}}}" for one in calls), ADA
    )

    assert "scribunto-error" not in page
    assert page.count("1,153.2") == 2
    assert "cannot be shown" not in page


def test_an_example_says_that_its_facts_are_made_up(kit_wiki: Wiki):
    shows = ("card", "compact", "userbox", "icons", "table", "next", "wall", "statistics", "report")
    calls = (f"{{{{#invoke:Developer badges/testcases|example|{one}}}}}" for one in shows)
    page = kit_wiki.ada.html("<hr>".join(calls), "Sandbox")
    for show, one in zip(shows, page.split("<hr />"), strict=True):
        inside = Page(one).around["Example: made-up facts"]
        assert any(name.startswith("devbadges devbadges-") for name in inside), show

    real = kit_wiki.ada.html("{{Developer badges}}", ADA)
    assert "made-up" not in real
    assert "III" not in words(page.split("<hr />")[3])
    assert page.split("<hr />")[3].count('role="img"') == 3, "icons stand in the text"


def test_only_what_needs_the_sheet_brings_it(kit_wiki: Wiki):
    lines = (
        "{{Developer badges/Person|Ada Example|hide=score}}",
        "{{Developer badges/Review|work=T1|size=large|reason=x}}",
        "{{Developer badges/Wish|list=a|wish=b|date=2025-01-01}}",
        "{{Developer badges|Ada Example|show=number}}",
    )
    for line in lines:
        page = kit_wiki.ada.html(line)
        assert "style" not in page, line
        assert page.count("devbadges") == 0 or "devbadges-" in page
    sentence = kit_wiki.ada.html("{{Developer badges|Nobody Known}}")
    assert re.search("text-decoration: ?underline", sentence), "links are told by more than colour"


def test_all_numbers_of_a_card_are_in_the_digits_of_its_language(kit_wiki: Wiki, publish: Any):
    years = [a_person()["years"][0] | {"year": year} for year in (2024, 2025)]
    publish("people/Ada Example", a_person(years=years, works=["2024", "2025-01", "2025-02-2"]))

    shown = words(kit_wiki.ada.html("{{Developer badges|lang=ar}}", ADA))

    assert "٢٠٢٥ (٢-٢ · ١) · ٢٠٢٤" in shown
    assert not re.search("[0-9]", shown)


def test_a_wall_without_names_is_answered_calmly(kit_wiki: Wiki, publish: Any):
    for data, said in (
        ({"schema": 1, "wall": []}, "Nobody stands on this wall yet."),
        ({"schema": 1, "wall": "x"}, "add wall=yes to your line in the registry."),
        ({"schema": 2}, "written in a newer form"),
        ([1], "cannot be read just now"),
    ):
        publish("statistics", data)
        wall = kit_wiki.ada.html("{{Developer badges|show=wall}}", "Sandbox")
        assert said in words(wall)
