"""What must stay true of the kit, wherever it is put; this needs no wiki."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from scoring.catalogue import CATALOGUE
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


def test_the_report_has_a_remedy_for_whatever_it_says():
    known = (KIT / "Module/Developer badges/remedies.lua").read_text("utf-8")
    of_sources = {"unreachable", "refused", "changed", "silent", "not-configured"}
    of_rules = {key for key in MESSAGES if key.startswith("report-rules-")}
    said = {
        key.removeprefix("report-") for key in MESSAGES.keys() - of_rules if "report-" in key[:7]
    }

    for key in said - of_sources:
        assert re.search(rf"(\['{key}'\]|\b{key}) = '([a-z]+)'", known), key
    for word in re.findall(r" = '([a-z]+)'", known):
        assert f"remedy-{word}" in MESSAGES or word in ("Person", "Wish"), word


def test_every_message_of_the_pages_for_people_exists():
    named = {
        key
        for name in ("pages", "portal", "statistics", "points")
        for key in re.findall(
            r"(?:sheet:(?:say|heading|sentence)\(|\{ )'([a-z0-9-]*-[a-z0-9-]*[a-z0-9])'",
            (KIT / f"Module/Developer badges/{name}.lua").read_text("utf-8"),
        )
    }

    assert len(named) > 80
    kinds = {key for key in named if f"reviews-kind-{key}" in MESSAGES}
    assert named - kinds - MESSAGES.keys() == set()


def test_the_documentation_of_an_entry_names_every_badge_that_can_be_hidden():
    page = (KIT / "Template/Developer badges/Person/doc.wikitext").read_text("utf-8")

    assert [one.id for one in CATALOGUE if f"<code>{one.id}</code>" not in page] == []


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
