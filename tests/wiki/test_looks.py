"""Every show in every light: a machine measures, and takes pictures for people to look at.

TEST_SCREENSHOTS names the folder they go to (else build/screenshots); ``sheet.png`` there has all
of them side by side.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.wiki import gallery
from tests.wiki.album import Album, open_album
from tests.wiki.browser import Browser, View
from tests.wiki.conftest import Wiki
from tests.wiki.gallery import LOOKS, NEW, Look

pytestmark = [pytest.mark.wiki, pytest.mark.browser]
MEDALS = {"I", "II", "III", "IV"}


@pytest.fixture(scope="module")
def shown(kit_wiki: Wiki) -> Wiki:
    gallery.hang(kit_wiki)
    return kit_wiki


@pytest.fixture(scope="module")
def album(kit_wiki: Wiki, browser: Browser) -> Iterator[Album]:
    opened = open_album(kit_wiki.version)
    yield opened
    opened.close(browser)


def has_dark_mode(wiki: Wiki) -> bool:
    return not wiki.version.startswith("1.39")


def looks_of(wiki: Wiki) -> list[Look]:
    return [look for look in LOOKS if has_dark_mode(wiki) or look not in NEW]


def take_pictures(browser: Browser, look: Look, album: Album) -> None:
    for name in gallery.NAMES:
        if box := browser.probe("box", gallery.ELSEWHERE.get(name, f"#look-{name}")):
            album.hang(name, look.name, browser.picture(box))
    album.keep("whole page", look.name, browser.picture())


def luminance(browser: Browser, selector: str) -> float:
    return float(browser.probe("brightness", selector))


def test_everything_can_be_read_fits_and_can_be_looked_at(
    shown: Wiki, browser: Browser, album: Album
):
    for look in looks_of(shown):
        browser.visit(look.url(shown), look.view)
        take_pictures(browser, look, album)

        pieces = browser.probe("contrasts", look.view.media == "print")
        assert {piece["text"] for piece in pieces} >= MEDALS
        faint = [piece for piece in pieces if piece["ratio"] < piece["needed"]]
        assert not faint or look.view.forced, (look.name, faint)  # there the reader's system paints
        assert not browser.probe("spills"), look.name


def test_dark_is_dark_and_paper_is_white(shown: Wiki, browser: Browser):
    dark = {}
    for look in looks_of(shown):
        browser.visit(look.url(shown), look.view)
        dark[look.name] = luminance(browser, ".devbadges-card") < 0.1

    wanted = {look.name for look in LOOKS if look.view.dark or look.night}
    wanted -= {"older skin", "forced dark, printed"}  # knows no dark; ink is dear
    assert {name for name, is_dark in dark.items() if is_dark} == (
        wanted if has_dark_mode(shown) else set()
    )


def test_from_right_to_left_everything_stands_mirrored(shown: Wiki, browser: Browser):
    def stands() -> dict[str, bool]:
        """Say of pairs whether the first is on the left of the second."""
        pairs = {
            "title before name": (".devbadges-title", ".devbadges-name"),
            "count before score": (
                ".devbadges-numbers > :first-child",
                ".devbadges-numbers > :last-child",
            ),
            "medal before text": (
                ".devbadges-card .devbadges-medal",
                ".devbadges-card .devbadges-badge-text",
            ),
        }
        found = {name: browser.probe("edges", *pair) for name, pair in pairs.items()}
        return {name: one[1] <= other[0] for name, (one, other) in found.items()}

    def filled_from(side: int) -> bool:
        bar, done = browser.probe("edges", ".devbadges-bar", ".devbadges-bar-done")
        return abs(bar[side] - done[side]) < 1 and abs(bar[1 - side] - done[1 - side]) > 1

    left_to_right, right_to_left = LOOKS[0], next(look for look in LOOKS if look.lang != "en")
    browser.visit(left_to_right.url(shown), left_to_right.view)
    assert all(stands().values())
    assert filled_from(0)
    browser.visit(right_to_left.url(shown), right_to_left.view)
    assert not any(stands().values())
    assert filled_from(1)


def test_the_measures_find_what_is_wrong(shown: Wiki, browser: Browser):
    """Faint text, text on a picture of its own colour, and a box that is too wide."""
    look = next(look for look in LOOKS if look.view == View(320))
    browser.visit(look.url(shown), look.view)
    browser.run(
        "document.querySelector('.devbadges-title').style.color = '#aaa';"
        "document.querySelector('.devbadges-medal').style.backgroundColor = 'rgb(0 0 0 / 90%)';"
        "document.querySelector('.devbadges-compact').style.cssText += 'width: 400px; max-width: none';"
    )

    found: list[dict[str, Any]] = browser.probe("contrasts", False)
    faint = {piece["in"] for piece in found if piece["ratio"] < piece["needed"]}
    assert faint == {"span.devbadges-title", "span.devbadges-medal devbadges-tier-4"}
    assert browser.probe("spills") == ["span.devbadges devbadges-compact"]
