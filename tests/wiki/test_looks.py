"""Take pictures of the card, for people to look at; a machine checks only that nothing spills.

TEST_SCREENSHOTS names the folder they go to.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.wiki.conftest import Wiki, unavailable
from tests.wiki.people import a_person

pytestmark = [pytest.mark.wiki, pytest.mark.browser]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PAGE = "User:Ada Example/Looks"
TEXT = """{{Developer badges|Ada Example}}
A line: {{Developer badges|Ada Example|show=compact}}

{{Developer badges|Nobody Known}}"""
PROBE = """<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<body style="margin:0"><iframe style="border:0" width="%d" height="%d" src="%s"></iframe>"""


@pytest.fixture(scope="session")
def browser() -> str:
    found = next(filter(shutil.which, BROWSERS), None)
    if not found:
        unavailable("Chromium is not installed: apt-get install --no-install-recommends chromium")
    return found


@pytest.fixture(scope="session")
def album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the pictures."""
    named = os.environ.get("TEST_SCREENSHOTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.mark.parametrize(
    ("skin", "width", "scheme"),
    [
        ("vector-2022", 320, "light"),
        ("vector-2022", 320, "dark"),
        ("vector-2022", 1280, "light"),
        ("vector-2022", 1280, "dark"),
        ("minerva", 320, "light"),
        ("minerva", 320, "dark"),
        ("vector", 720, "light"),
        ("monobook", 720, "dark"),
    ],
)
def test_the_card_can_be_looked_at(
    kit_wiki: Wiki,
    publish: Any,
    browser: str,
    album: Path,
    tmp_path: Path,
    skin: str,
    width: int,
    scheme: str,
):
    publish("people/Ada Example", a_person())
    kit_wiki.admin.edit(PAGE, TEXT)
    dark = scheme == "dark"
    url = f"{kit_wiki.url}{PAGE.replace(' ', '_')}?useskin={skin}&minervanightmode={int(dark)}"
    frame = tmp_path / "frame.html"  # a window cannot be as narrow as a telephone, a frame can
    frame.write_text(PROBE % (width, 1100, url), "utf-8")
    picture = album / f"{kit_wiki.version}-{skin}-{width}-{scheme}.png"

    subprocess.run(
        [
            *(browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
            *("--virtual-time-budget=5000", f"--user-data-dir={tmp_path / 'profile'}"),
            f"--blink-settings=preferredColorScheme={0 if dark else 1}",
            f"--window-size={max(width, 500)},1100",
            f"--screenshot={picture}",
            frame.as_uri(),
        ],
        check=True,
        capture_output=True,
        timeout=60,
    )

    assert picture.stat().st_size > 10_000
