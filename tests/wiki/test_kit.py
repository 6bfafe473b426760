"""What must stay true of the kit, wherever it is put; this needs no wiki."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.wiki.conftest import unavailable

KIT = Path(__file__).parents[2] / "wikitext" / "onwiki"
LUA = sorted(KIT.rglob("*.lua"))
MESSAGES = json.loads((KIT / "i18n" / "en.json").read_text("utf-8"))


def test_every_message_the_code_names_exists():
    for path in LUA:
        for key in re.findall(
            r"words:(?:text|find)\('([a-z0-9-]*[a-z0-9])'", path.read_text("utf-8")
        ):
            assert key in MESSAGES, f"{path.name}: {key}"


def test_the_settings_name_every_language_there_is():
    config = json.loads((KIT / "Module/Developer badges/config.json").read_text("utf-8"))
    there = {path.stem for path in (KIT / "i18n").glob("*.json")} - {"qqq"}

    assert set(config["languages"]) == there


def test_every_look_the_code_names_is_in_the_sheet():
    sheet = (KIT / "Template/Developer badges/styles.css").read_text("utf-8")
    named = {
        name
        for path in LUA
        for name in re.findall(
            r"looks:(?:add|root)\([^,]+, '\w+', '([a-z-]*[a-z])'", path.read_text()
        )
    }

    assert named
    for name in named:
        assert f".devbadges-{name} {{" in sheet, name


def test_a_foreground_never_stands_without_its_background():
    sheet = (KIT / "Template/Developer badges/styles.css").read_text("utf-8")
    for rule in re.findall(r"\{([^{}]*)\}", sheet):
        assert ("\tcolor:" in rule) == ("\tbackground-color:" in rule), rule


def test_luacheck_has_nothing_to_say():
    if not shutil.which("luacheck"):
        unavailable("luacheck is not installed: apt-get install lua-check")

    options = ("--std", "lua51", "--globals", "mw", "--no-self", "--no-color")
    done = subprocess.run(
        ["luacheck", *options, *map(str, LUA)], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", LUA, ids=lambda path: path.stem)
def test_every_module_is_strict(path):
    assert "\nrequire('strict')\n" in path.read_text("utf-8")
