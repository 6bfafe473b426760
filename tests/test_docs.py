"""docs/badges.md says what the catalogue and the table of fields say."""

import ast
import json
import re
from pathlib import Path

from scoring.catalogue import CATALOGUE
from scoring.traits import COUNTS, FIELDS

HERE = Path(__file__).parents[1]
TEXT = (HERE / "docs" / "badges.md").read_text("utf-8")
OF_OTHERS = {"requests_oauthlib", "not found", "hashes"}
"""Symptoms in the words of pywikibot, of Toolforge and of pip."""
MESSAGES = json.loads((HERE / "wikitext/onwiki/i18n/en.json").read_text("utf-8"))


def rows(first):
    """The rows of the table whose first column is called *first*."""
    table = TEXT.split(f"\n| {first} |")[1].split("\n\n")[0].strip()
    return [
        [cell.strip() for cell in row.strip("| ").split(" | ")] for row in table.split("\n")[2:]
    ]


def test_every_badge_stands_in_the_table_as_it_is():
    assert rows("badge") == [
        [
            MESSAGES[f"badge-{one.id}-name"],
            f"`{one.id}`",
            " / ".join(map(str, one.tiers)),
            MESSAGES[f"badge-{one.id}-description"],
            one.state,
        ]
        for one in CATALOGUE
    ]


def test_the_english_name_of_a_badge_is_its_message():
    for one in CATALOGUE:
        assert one.name == MESSAGES[f"badge-{one.id}-name"]


def test_everything_that_can_be_counted_or_asked_stands_there():
    assert rows("counts") == [[f"`{name}`", means] for name, means in COUNTS.items()]
    assert rows("field") == [
        [
            f"`{name}`",
            one.holds,
            "all" if len(one.counts) == len(COUNTS) else ", ".join(one.counts),
            one.means,
        ]
        for name, one in FIELDS.items()
    ]


def said():
    """Every piece of text in the programs, f-strings in parts."""
    programs = [*(HERE / "bot").rglob("*.py"), *(HERE / "sources").glob("*.py")]
    programs += [HERE / "scripts" / "toolforge", HERE / "user-config.py.sample"]
    for path in programs:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def test_every_symptom_in_quotes_is_what_the_bot_says():
    pieces = list(said())
    text = (HERE / "docs" / "runbook.md").read_text("utf-8").split("## Symptom, cause, cure\n")[1]
    rows = re.findall(r"^\| (.+?) \|", text, re.M)
    quoted = [
        part
        for row in rows
        for whole in re.findall(r'"(.+?)"', row)
        for part in re.split(r"…|\[\[.*?\]\]", whole)
    ]
    ours = [part.strip(" ()[]:,") for part in quoted if part.strip(" ()[]:,")]

    assert len(ours) > 15
    for part in ours:
        found = part in OF_OTHERS or any(part in piece for piece in pieces)
        assert found, part
