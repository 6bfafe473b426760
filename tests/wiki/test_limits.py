"""What the badges cost a page, as MediaWiki counts it; time is measured by scripts/bench-pages."""

from __future__ import annotations

from typing import Any

import pytest

from tests.wiki import gallery
from tests.wiki.conftest import Wiki
from tests.wiki.gallery import BOT_PAGES, PAGE, PERSON, SHOWS

pytestmark = pytest.mark.wiki
MIB = 1024 * 1024
LOADED = {"table": [f"{BOT_PAGES}/people/{PERSON}.json", f"{BOT_PAGES}/people/{PERSON}/work-2025-01.json", f"{BOT_PAGES}/people/{PERSON}/work-2025-02.json"],
          "wall": [f"{BOT_PAGES}/statistics.json"]}  # fmt: skip
"""The bot's pages that a show loads; any other loads the one of the person."""


@pytest.fixture(scope="module")
def shown(kit_wiki: Wiki) -> Wiki:
    gallery.hang(kit_wiki)
    return kit_wiki


def cost(wiki: Wiki, text: str) -> tuple[dict[str, int], list[str]]:
    """Return the limit report of a page in whole numbers, and the bot's pages it loaded."""
    parse: dict[str, Any] = wiki.ada.parse(text, PAGE)
    report = {one["name"]: one.get("0", one.get(0)) for one in parse["limitreportdata"]}
    names = ("memusage", "postexpandincludesize", "expensivefunctioncount")
    found = {name: int(report[key]) for key in report for name in names if key.endswith(name)}
    titles = [one["title"] for one in parse["templates"]]
    return found, sorted(title for title in titles if title.startswith(BOT_PAGES))


@pytest.mark.parametrize("show", SHOWS)
def test_one_call_takes_a_megabyte_of_lua_at_most_and_one_data_page(shown: Wiki, show: str):
    report, loaded = cost(shown, f"{{{{Developer badges|show={show}}}}}")

    assert report["memusage"] <= MIB
    assert report["expensivefunctioncount"] <= 3
    assert report["postexpandincludesize"] <= 40_000
    assert loaded == LOADED.get(show, [f"{BOT_PAGES}/people/{PERSON}.json"])


def test_twenty_cards_leave_most_of_the_page_to_others(shown: Wiki):
    report, loaded = cost(shown, "{{Developer badges}}" * 20)

    assert report["postexpandincludesize"] <= 2 * MIB / 3  # of 2 MiB
    assert report["memusage"] <= 2 * MIB  # of 50
    assert report["expensivefunctioncount"] <= 3  # of 100
    assert len(loaded) == 1
