"""What the report and the registry show."""

from __future__ import annotations

from typing import Any

import pytest

from tests.wiki.conftest import ROOT, Wiki
from tests.wiki.page import words

pytestmark = pytest.mark.wiki


def test_the_report_tells_what_became_of_each_entry(kit_wiki: Wiki, publish: Any):
    entries = [
        {
            "line": 7,
            "revision": 4711,
            "state": "accepted",
            "person": "Ada Example",
            "says": [["proved", "phabricator"], ["proved", "gerrit"]],
        },
        {
            "line": 8,
            "revision": 4713,
            "state": "accepted",
            "person": "Bert Example",
            "says": [
                ["disputed", "gitlab"],
                ["open-claim", "github"],
                ["code", "developer-badges-k3jx5q7wnmta", "2026-12-20"],
                ["post-github"],
            ],
        },
        {"line": 9, "revision": 4712, "state": "refused", "says": [["not-yourself"]]},
        {"line": 11, "revision": 0, "state": "refused", "says": [["too-long", "1024"]]},
        {"line": 1200, "state": "waiting", "says": [["waiting-removed-by-other", 1]]},
        {"line": 12, "state": "waiting", "says": [["a-key-of-tomorrow", "x"]]},
    ]
    notes = [
        {"line": 5, "says": [["unclosed-comment"]]},
        {"says": [["badge-silent", "unbreaker"]]},
    ]
    publish("report", {"schema": 1, "entries": entries, "notes": notes, "sources": []})

    page = kit_wiki.ada.html("{{#invoke:Developer badges|report}}", f"{ROOT}/Registry/Report")
    shown = words(page)

    assert "Ada Example 4711 accepted The Phabricator account is proved." in shown
    assert 'title="Special:Diff/4711"' in page
    assert "The rule of the badge Unbreaker has stopped fitting anything" in shown
    assert "Somebody else has proved the same GitLab account, too." in shown
    assert "The GitHub account named in this line is not proved yet." in shown
    assert "where only that account can write: developer-badges-k3jx5q7wnmta." in shown
    assert "once a day, until 20 Dec 2026;" in shown
    assert "GitHub: put the code alone on a line of your bio, or make a public gist" in shown
    assert "line 9 4712 refused An entry counts only if the person it names added it." in shown
    assert "line 1,200 waiting Somebody else removed this line" in shown
    assert "within 1 day, by" in shown
    assert "Special:Diff/0" not in page
    assert "5 A comment begins here and never ends." in shown
    assert "<code>report-a-key-of-tomorrow</code>" in page


def test_the_report_tells_how_fresh_each_source_is(kit_wiki: Wiki, publish: Any):
    sources = [
        {"source": "gerrit", "state": "fresh"},
        {
            "source": "phabricator",
            "state": "stale",
            "since": "2026-11-20",
            "says": [["unreachable"]],
        },
    ]
    publish("report", {"schema": 1, "entries": [], "sources": sources})

    shown = words(kit_wiki.ada.html("{{#invoke:Developer badges|report}}"))

    assert "Gerrit up to date" in shown
    assert "Phabricator not up to date 20 Nov 2026 It did not answer." in shown
    assert "Nobody is in the registry yet." in shown


def test_before_the_first_round_the_report_says_so(kit_wiki: Wiki):
    page = "User:BadgeBot/Developer badges/report.json"
    if kit_wiki.admin.get(page):
        token = kit_wiki.admin.api(action="query", meta="tokens")["query"]["tokens"]["csrftoken"]
        kit_wiki.admin.api(action="delete", title=page, token=token)

    shown = words(kit_wiki.ada.html("{{#invoke:Developer badges|report}}"))

    assert shown.startswith("There is no report yet.")


def test_a_registry_entry_shows_who_and_what(kit_wiki: Wiki):
    line = "* {{Developer badges/Person|Ada Example|developer=Ada E.|colour=blue}}"

    page = kit_wiki.ada.html(line, f"{ROOT}/Registry")

    assert words(page) == "Ada Example (colour: blue · developer account: Ada E.)"
    assert page.count("<li>") == 1


def test_a_registry_entry_names_its_options_in_words(kit_wiki: Wiki):
    line = "* {{Developer badges/Person|Ada Example|github=ada, ada2|paid=2019-03..2024-06}}"

    shown = words(kit_wiki.ada.html(line, f"{ROOT}/Registry"))

    assert shown == "Ada Example (GitHub account: ada, ada2 · paid work: 2019-03..2024-06)"


def test_an_entry_without_a_name_is_shown_as_such(kit_wiki: Wiki):
    shown = words(kit_wiki.ada.html("{{Developer badges/Person}}", f"{ROOT}/Registry"))

    assert shown == "(no user name)"


def test_every_page_of_the_kit_renders_without_a_fault(kit_wiki: Wiki):
    for page in (
        ROOT,
        f"{ROOT}/Registry",
        f"{ROOT}/Registry/Report",
        "Template:Developer badges",
        "Template:Developer badges/Person",
        "Template:Developer badges/Review",
        f"{ROOT}/Reviews",
        "Module:Developer badges/doc",
    ):
        text = kit_wiki.ada.api(action="parse", page=page)["parse"]["text"]
        assert 'class="error' not in text, page
        assert "scribunto-error" not in text, page
        assert "@ROOT@" not in text, page


def test_the_templates_describe_their_parameters(kit_wiki: Wiki):
    for page in ("Template:Developer badges", "Template:Developer badges/Person"):
        answer = kit_wiki.ada.api(action="templatedata", titles=page)["pages"]
        assert next(iter(answer.values()))["params"], page
