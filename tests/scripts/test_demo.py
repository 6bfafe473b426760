"""scripts/demo, as somebody runs it who has just found the project."""

import os
import re
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.wiki.conftest import unavailable

DEMO = Path(__file__).parents[2] / "scripts" / "demo-run"

pytestmark = pytest.mark.wiki


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.read().decode()
    except OSError:
        return None


def demo(home, *arguments, **environment):
    return subprocess.run(
        [sys.executable, str(DEMO), *arguments],
        env={**os.environ, "DEMO_DIR": str(home), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def home(tmp_path):
    yield tmp_path / "demo"
    demo(tmp_path / "demo", "--stop")


def test_the_demo_ends_with_a_user_page_that_shows_badges_and_stops_when_told(home):
    done = demo(home, "--port", str(free_port()))

    if "No MediaWiki" in done.stdout:
        unavailable("no MediaWiki can be had here")
    assert done.returncode == 0, done.stderr
    *before, wiki, see = done.stdout.strip().splitlines()
    assert re.fullmatch(r"wiki: http://127\.0\.0\.1:\d+/\S*", wiki)
    assert re.fullmatch(r"see: http://127\.0\.0\.1:\d+/\S+", see)
    assert "8 people, 0 edits" in before
    html = answers(see.removeprefix("see: "))
    assert "Task Tamer" in html
    assert "scribunto-error" not in html
    for page in ("Project:Developer_badges", "Project:Developer_badges/Registry/Report"):
        assert "redlink=1&amp;title=Developer" not in answers(wiki.removeprefix("wiki: ") + page)

    assert demo(home, "--stop").returncode == 0
    assert answers(wiki.removeprefix("wiki: ")) is None
    assert not home.exists()


def test_a_port_in_use_is_a_clear_error(home):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = demo(home, "--port", str(port))

    if "No MediaWiki" in done.stdout:
        unavailable("no MediaWiki can be had here")
    assert done.returncode == 1
    assert str(port) in done.stderr
    assert "--port" in done.stderr


def test_without_php_the_demo_says_so_and_shows_the_badges_as_text(home, tmp_path):
    """A folder with nothing but the most needed programs stands in for a machine without PHP."""
    (tmp_path / "python3").symlink_to(Path(sys.executable).resolve())
    (tmp_path / "env").symlink_to("/usr/bin/env")

    done = demo(home, PATH=str(tmp_path))

    assert done.returncode == 0, done.stderr
    assert "No MediaWiki can be had here" in done.stdout
    assert "Task Tamer: silver" in done.stdout


def test_stopping_leaves_what_is_not_the_demos(home):
    home.mkdir()
    (home / "mine.txt").write_text("mine")

    assert demo(home, "--stop").returncode == 0
    assert (home / "mine.txt").read_text() == "mine"
