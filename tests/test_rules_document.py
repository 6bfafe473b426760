"""docs/rules.md explains every field of the rules, with the default we ship."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

from scoring.model import Badge
from scoring.rules import RULES
from wikitext.rules_page import Community, parse_rules
from wikitext.shapes import as_json

TEXT = (Path(__file__).parents[1] / "docs" / "rules.md").read_text("utf-8")
ROWS = {
    row[0]: row[1].replace("\\|", "|")
    for row in re.findall(r"^\| `(\w+)` \| (.+?) \| .*\|$", TEXT, re.M)
}


def shown(value):
    """A default as the document writes it; a table is one to print with ``python -m bot rules``."""
    if isinstance(value, str):
        return (f"`{value}`", "a pattern")
    if isinstance(value, tuple | frozenset):
        return ("a list", "an object")
    return str(as_json(value))


@pytest.mark.parametrize("field", [one.name for one in fields(RULES)])
def test_every_rule_is_explained_with_its_default(field):
    assert field in ROWS, f"| `{field}` | {shown(getattr(RULES, field))} | … |"
    assert ROWS[field] in shown(getattr(RULES, field)), field


@pytest.mark.parametrize("field", [one.name for one in fields(Community)])
def test_every_list_of_the_community_is_explained_with_its_default(field):
    assert ROWS[field] == f"`{json.dumps(as_json(getattr(Community(), field)))}`"


def test_every_key_of_a_badge_is_explained():
    for one in fields(Badge):
        assert f"\n| `{one.name}` | " in TEXT


def test_nothing_is_explained_that_is_not_there():
    known = {one.name for part in (RULES, Community(), Badge) for one in fields(part)}
    assert ROWS.keys() <= known


def test_the_page_in_the_document_is_a_good_one():
    (page,) = re.findall(r"```json\n(.*?)```", TEXT, re.S)
    read = parse_rules(page)

    assert read.rules.lines_cap == 1200
    assert read.rules.badges[-1].id == "review-relay"
