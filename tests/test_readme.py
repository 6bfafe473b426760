"""README and the documents say what the program does today."""

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

from bot.settings import PREFIX, Settings

HERE = Path(__file__).parents[1]


def documents():
    return [HERE / "README.md", *sorted((HERE / "docs").glob("*.md"))]


def help_text():
    return subprocess.run(
        [sys.executable, "-m", "bot", "--help"],
        cwd=HERE,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_readme_begins_with_the_two_commands():
    first = (HERE / "README.md").read_text("utf-8").split("```")[1]

    assert re.findall(r"^scripts/\w+", first, re.M) == ["scripts/demo", "scripts/test"]


def test_every_command_that_is_written_down_exists():
    known = set(re.findall(r"^    (\w+)(?: |$)", help_text(), re.M))
    for path in documents():
        named = set(re.findall(r"python -m bot (\w+)", path.read_text("utf-8")))
        assert named <= known, (path.name, named - known)


def test_every_link_inside_the_project_leads_somewhere():
    for path in documents():
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text("utf-8")):
            assert (path.parent / target).exists(), (path.name, target)


def test_every_setting_is_in_the_help():
    text = help_text()
    for one in fields(Settings):
        assert PREFIX + one.name.upper() in text


def test_every_setting_that_is_written_down_exists():
    known = {PREFIX + one.name.upper() for one in fields(Settings)} | {"BADGES_SETTINGS"}
    for path in documents():
        named = set(re.findall(r"BADGES_[A-Z_]+", path.read_text("utf-8")))
        assert named <= known, (path.name, named - known)
