"""The rules' page on a real wiki: who may edit it, and what the bot makes of it."""

import json

import pytest

from scripts.local.api import APIError
from tests.wiki.conftest import Wiki
from tests.wiki.page import words
from tests.wiki.practice import HOME, practising

pytestmark = pytest.mark.wiki

ADA = "Ada Example"
TITLE = "MediaWiki:Developer-badges.json"


@pytest.fixture
def practice(wiki: Wiki, tmp_path):
    """A bot with an empty ledger, Ada registered, and no page of rules, before or after."""
    with practising(wiki, tmp_path) as practice:
        practice.register(practice.account(ADA), ADA)
        yield practice
        wiki.admin.delete(TITLE)


def test_administrators_change_the_rules_on_the_wiki_and_a_slip_of_theirs_is_named_by_its_line(
    wiki, practice
):
    ada = practice.account(ADA)
    practice.run()
    before = practice.page(ada, f"people/{ADA}")["total"]

    with pytest.raises(APIError) as refused:
        ada.edit(TITLE, '{"schema": 1}')
    assert refused.value.code in ("sitejsonprotected", "protectednamespace-interface")

    wiki.admin.edit(
        TITLE, practice.bot("rules").stdout.replace('"lines_cap": 1000', '"lines_cap": 9')
    )
    practice.run()
    changed = practice.page(ada, f"people/{ADA}")["total"]
    assert changed["score"] > before["score"]
    assert practice.run() == 0

    # MediaWiki lays the page out anew, so the line is that of what it stored.
    wiki.admin.edit(TITLE, json.dumps({"schema": 1, "lines_cap": 9, "years_cap": "ten"}))
    line = 1 + wiki.admin.get(TITLE).split("\n").index(
        '    "years_cap": "ten"'.replace("    ", "\t")
    )
    done = practice.bot("run")
    assert done.returncode == 3
    assert f"line {line}: “years_cap” must be a number from 0.1 to 100." in done.stderr
    assert practice.page(ada, f"people/{ADA}")["total"] == changed

    html = ada.html("{{#invoke:Developer badges|report}}")
    shown = words(html)
    assert f"{line} The rules, MediaWiki:Developer-badges.json, cannot be used" in shown
    assert "“years_cap” must be a number from 0.1 to 100." in shown
    assert "scribunto-error" not in html
    report = json.loads(ada.get(f"{HOME}/report.json"))
    assert report["notes"][0]["line"] == line

    wiki.admin.edit(TITLE, json.dumps({"schema": 1, "community": {"excluded": [ADA]}}))
    practice.run()
    assert practice.page(ada, f"people/{ADA}")["state"] == "left"
    assert "excluded by the rules of this wiki" in words(
        ada.html("{{#invoke:Developer badges|report}}")
    )
