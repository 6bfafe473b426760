"""What the badges cost a page, as MediaWiki counts it; time is measured by scripts/bench-pages."""

from __future__ import annotations

from typing import Any

import pytest

from tests.wiki import gallery
from tests.wiki.conftest import Wiki
from tests.wiki.gallery import BOT_PAGES, PAGE, PERSON, SHOWS

pytestmark = pytest.mark.wiki
MIB = 1024 * 1024
HERS = f"{BOT_PAGES}/people/{PERSON}.json"
WORKS = [f"{BOT_PAGES}/people/{PERSON}/work-2025-{month}.json" for month in ("01", "02")]
LOADED = {"table": [HERS, *WORKS], "wall": [f"{BOT_PAGES}/statistics.json"]}
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
    assert loaded == LOADED.get(show, [HERS])


def test_twenty_cards_leave_most_of_the_page_to_others(shown: Wiki):
    one, _ = cost(shown, f"{{{{Developer badges|{PERSON}}}}}")
    # With a parameter: calls without any are expanded once, and would tell nothing.
    twenty, loaded = cost(shown, f"{{{{Developer badges|{PERSON}}}}}" * 20)

    assert twenty["postexpandincludesize"] == 20 * one["postexpandincludesize"]
    assert twenty["postexpandincludesize"] <= 2 * MIB / 4  # of 2 MiB
    assert twenty["memusage"] <= 2 * MIB  # of 50
    assert twenty["expensivefunctioncount"] <= 3  # of 100
    assert loaded == [HERS]
