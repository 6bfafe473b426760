"""The module's own test cases, run on the wiki; and what the documentation says of parameters."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.wiki.conftest import Wiki
from tests.wiki.page import words
from wikitext import registry, reviews, wishes

pytestmark = pytest.mark.wiki
KIT = Path(__file__).parents[2] / "wikitext" / "onwiki"
PAGE = "Template:Developer badges/testcases"
SUITE = """local suite = require('Module:Developer badges/unit').new()
function suite:testGood() self:assertEquals(1, 1) end
function suite:testWrong() self:assertEquals('a', '<b>') end
function suite:testBroken() error('it broke') end
function suite:testMissing() self:assertStringContains('x', 'abc', true, 'where') end
return suite
"""
# What each view of {{Developer badges}} asks for, and no page of the registry, report or editors.
NOT_OF_THE_TEMPLATE = {"person", "report", "reviews", "wish", "pages", "statistics", "samples"}


def test_all_test_cases_pass_on_the_wiki_and_every_example_is_shown(kit_wiki: Wiki):
    text = kit_wiki.ada.api(action="parse", page=PAGE, prop="text")["parse"]["text"]
    shown = words(text)

    assert re.search(r"All (1[5-9]|[2-9]\d) tests passed\.", shown), re.findall(
        r"test\w+ failed .{0,300}", shown
    )
    assert "scribunto-error" not in text
    assert "1,153.2" in shown
    assert "cannot be" not in shown


def test_a_case_that_fails_is_reported_as_failing_with_the_reason(kit_wiki: Wiki):
    kit_wiki.admin.edit("Module:Developer badges/testcases/trial", SUITE)
    text = kit_wiki.ada.html("{{#invoke:Developer badges/testcases/trial|run}}")
    shown = words(text)

    assert "3 of 4 tests failed." in shown
    assert "testGood passed" in shown
    assert 'testWrong failed expected "a", got "<b>"' in shown
    assert "<b>" not in text.replace("<b>3 of 4", "")
    assert "it broke" in shown
    assert 'where: "x" is not in "abc"' in shown


def test_the_documentation_describes_the_very_parameters_that_the_code_takes(kit_wiki: Wiki):
    code = "".join(
        path.read_text("utf-8")
        for path in sorted((KIT / "Module").rglob("*.lua"))
        if path.stem not in NOT_OF_THE_TEMPLATE | {"testcases"}
    )
    taken = {
        "": set(re.findall(r"\bargs\.(\w+)", code)) | {"1"},
        "/Person": set(registry.OPTIONS) | {"hide", "goal", "wall"},
        "/Review": set(reviews._FORM.options),
        "/Wish": set(wishes._FORM.options),
    }
    kit_wiki.jobs()
    for name, parameters in taken.items():
        answer = kit_wiki.ada.api(
            action="templatedata", titles=f"Template:Developer badges{name}", includeMissingTitles=1
        )
        [page] = answer["pages"].values()
        described = set(page["params"]) | {
            alias for one in page["params"].values() for alias in one.get("aliases", ())
        }
        assert described == parameters, name
        assert set(page["paramOrder"]) == set(page["params"]), name
        assert page["description"], name
        assert all(one["label"] and one["description"] for one in page["params"].values()), name
