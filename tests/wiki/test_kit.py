"""What must stay true of the kit, wherever it is put; this needs no wiki."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from bot.ask import WORDS
from scoring.catalogue import CATALOGUE
from tests.wiki.conftest import unavailable
from wikitext.registry import CLAIMS, OPTIONS
from wikitext.reviews import KINDS

KIT = Path(__file__).parents[2] / "wikitext" / "onwiki"
LUA = sorted(KIT.rglob("*.lua"))
MESSAGES = json.loads((KIT / "i18n" / "en.json").read_text("utf-8"))
SOURCE = "\n".join(path.read_text("utf-8") for path in LUA if path.stem != "testcases")
"""All modules but the test cases: those make up messages to see what becomes of them."""
BOT = "\n".join(
    path.read_text("utf-8")
    for folder in ("bot", "wikitext", "sources")
    for path in sorted((KIT.parents[1] / folder).rglob("*.py"))
)


def named(pattern: str, text: str = SOURCE) -> set[str]:
    """Return what stands in quotes wherever *pattern* fits."""
    quoted = re.compile(r"""['"]([a-z0-9-]*[a-z0-9])['"]""")
    return {one for found in re.findall(pattern, text) for one in quoted.findall(found)}


def test_every_message_the_code_names_exists():
    keys = named(r"words:(?:text|find|name)\(('[a-z0-9-]+')[,)]")
    keys |= named(r"(?:sentence\((?:c\.)?words|explain\(c, show|warn\(c), ('[a-z0-9-]+')[,)]")
    keys |= named(r"return [^\n]+, ('[a-z-]+'), (?:field|year)\n")
    keys |= named(r"local key = ([^\n]*)")

    assert {"title", "no-such-part", "no-year", "not-shown", "goal-until", "which-works"} <= keys
    assert keys <= MESSAGES.keys(), keys - MESSAGES.keys()


def families() -> Iterator[tuple[str, Iterable[str]]]:
    """Yield the beginning of keys that the code puts together, and how they can end."""
    yield "person-{}", ("unknown", "left", "damaged", "newer")
    yield "no-report-{}", ("unknown", "damaged", "newer")
    yield "wall-{}", ("damaged", "newer")
    yield "goal-{}", named(r"local FIELDS = ([^\n]+)")
    yield "tier-{}", ("1", "2", "3", "4")
    yield (
        "column-{}",
        named(r"(?:renderTable\(c, box, '[a-z-]+'|SCORED =|UNSCORED =)[, ]+\{([^}]+)\}"),
    )
    yield "state-{}", ("accepted", "waiting", "refused", "fresh", "stale", "unknown")
    yield (
        "review-{}",
        named(r"local KINDS = \{\s*('[^}]+)\}") | {"pending", "accepted", "another-work"},
    )
    yield "review-{}-name", ("by", "not-by")
    yield "reviews-kind-{}", KINDS
    yield "source-{}", {*named(r"\n    name = (\"[a-z]+\")\n", BOT), "onwiki", "unknown"}
    yield "option-{}", OPTIONS - {"1", "user"}
    yield "badge-{}-name", (one.id for one in CATALOGUE)
    yield "badge-{}-description", (one.id for one in CATALOGUE)
    yield (
        "report-{}",
        named(r"""(?:WrongRow\(|problem=\(|says=\(\(|"says": \[\[)("[a-z-]+")""", BOT),
    )
    yield "report-{}", named(r"""word = ("[a-z-]+" if one[^\n]+ else "[a-z-]+")""", BOT)
    yield "report-post-{}", {*CLAIMS, "gerrit"}
    yield "report-{}", WORDS.values()


def test_every_message_the_code_puts_together_exists():
    for pattern, ends in families():
        keys = {pattern.format(end) for end in ends}
        assert keys, pattern
        assert keys <= MESSAGES.keys(), keys - MESSAGES.keys()


def test_no_message_is_left_that_nobody_says():
    said = set(re.findall(r"""['"]([a-z0-9-]+)['"]""", SOURCE + BOT))
    said |= {pattern.format(end) for pattern, ends in families() for end in ends}
    begun = tuple(re.findall(r"'([a-z-]+-)' \.\.", SOURCE))  # the rest is put together by the code

    for key in MESSAGES.keys() - said - {"@metadata"}:
        assert key.startswith(begun), key


def test_the_settings_name_every_language_there_is():
    config = json.loads((KIT / "Module/Developer badges/config.json").read_text("utf-8"))
    there = {path.stem for path in (KIT / "i18n").glob("*.json")} - {"qqq"}

    assert set(config["languages"]) == there


def test_every_look_the_code_names_is_in_the_sheet():
    sheet = (KIT / "Template/Developer badges/styles.css").read_text("utf-8")
    looks = named(r"looks:add\([^,]+, '\w+', ('[a-z-]+')\)")
    looks |= named(r"looks:(?:root|wrap)\('\w+', ('[a-z-]+'),")
    looks |= named(r"dress\([^\n]+, ('[a-z-]+')\)")
    looks |= {f"tier-{tier}" for tier in (1, 2, 3, 4)}

    assert {"card", "badge-name", "year", "medal", "compact"} <= looks
    for name in looks - {"person", "review"}:  # rows of the registry and the reviews are plain text
        assert f"\n.devbadges-{name} {{" in sheet, name


def test_the_report_has_a_remedy_for_whatever_it_says():
    known = (KIT / "Module/Developer badges/remedies.lua").read_text("utf-8")
    of_sources = {"unreachable", "refused", "changed", "silent"}
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
