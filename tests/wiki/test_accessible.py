"""axe-core looks at the badges as people with disabilities meet them, and objects to nothing."""

from __future__ import annotations

import pytest

from scripts.local.axe_package import axe
from scripts.local.fetching import UnavailableError
from tests.wiki import gallery
from tests.wiki.browser import Browser
from tests.wiki.conftest import Wiki, unavailable
from tests.wiki.gallery import LOOKS, NEW

pytestmark = [pytest.mark.wiki, pytest.mark.browser]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NAMES = {"light", "dark", "narrow", "right to left", "forced dark", "forced dark, right to left"}


@pytest.fixture(scope="module")
def script() -> str:
    try:
        return axe()
    except UnavailableError as error:
        unavailable(str(error))


@pytest.fixture(scope="module")
def shown(kit_wiki: Wiki) -> Wiki:
    gallery.hang(kit_wiki)
    return kit_wiki


def test_axe_objects_to_nothing_on_the_badges(shown: Wiki, browser: Browser, script: str):
    for look in LOOKS:
        if look.name in NAMES and not (look in NEW and shown.version.startswith("1.39")):
            browser.visit(look.url(shown), look.view)
            browser.run(script)
            found = browser.wait("axeOn", RULES)
            # A bare number has no element, and Minerva has no place for icons.
            assert found["roots"] >= len(gallery.NAMES) - 2
            assert found["passes"] > 3
            assert not found["violations"], look.name


def test_axe_objects_to_faults_planted_in_the_badges(shown: Wiki, browser: Browser, script: str):
    browser.visit(LOOKS[0].url(shown), LOOKS[0].view)
    browser.run(script)
    browser.run(
        "const card = document.querySelector('.devbadges-card');"
        "card.querySelector('a').textContent = '';"
        "card.querySelector('a').removeAttribute('title');"
        "card.querySelector('ul').append(document.createElement('div'));"
        "card.querySelector('.devbadges-title').style.color = '#bbb';"
        "card.setAttribute('lang', 'no language');"
    )

    found = {each["id"] for each in browser.wait("axeOn", RULES)["violations"]}
    assert found >= {"link-name", "list", "color-contrast", "valid-lang"}
