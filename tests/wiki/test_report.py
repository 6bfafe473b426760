"""What the report and the registry show."""

from __future__ import annotations

from html import unescape
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
    options = "developer=Ada E.|colour=blue|hide=T123456, barn-raiser,"
    line = f"* {{{{Developer badges/Person|Ada Example|{options}}}}}"

    page = kit_wiki.ada.html(line, f"{ROOT}/Registry")

    assert words(page) == (
        "Ada Example (colour: blue · developer account: Ada E. · hides 2 things) what became of it"
    )
    assert "T123456" not in page  # what is to be hidden is not shown where everybody looks
    assert "barn-raiser" not in page
    assert "hides 1 thing" in words(kit_wiki.ada.html(line.replace("hide=T123456,", "Hide=")))
    assert "Developer_badges/Registry/Report" in page
    assert "#entry-" not in page  # the report names nobody whose line was refused
    assert "<style" not in page  # a page of a thousand lines could not bear it
    assert page.count("<li>") == 1


def test_a_registry_entry_names_its_options_in_words(kit_wiki: Wiki):
    line = "* {{Developer badges/Person|Ada Example|github=ada, ada2|paid=2019-03..2024-06}}"

    shown = words(kit_wiki.ada.html(line, f"{ROOT}/Registry"))

    assert "(GitHub account: ada, ada2 · paid work: 2019-03..2024-06)" in shown


def test_an_entry_without_a_name_is_shown_as_such(kit_wiki: Wiki):
    shown = words(kit_wiki.ada.html("{{Developer badges/Person}}", f"{ROOT}/Registry"))

    assert shown == "(no user name)"


def test_each_row_says_what_to_do_and_links_to_where_it_is_done(kit_wiki: Wiki, publish: Any):
    says = {
        "accepted": ["proved", "gerrit"],
        "waiting": ["not-linked-phabricator"],
        "refused": ["not-yourself"],
    }
    entries = [
        {"line": line, "revision": 4711, "state": state, "says": [sentence]}
        for line, (state, sentence) in enumerate(says.items(), 7)
    ]
    entries += [
        {"line": 12, "state": "refused"},
        {"line": 13, "state": "refused", "says": [["nested"]]},
        {"line": 14, "state": "waiting", "says": [["open-claim", "github"], ["post-github"]]},
        {"line": 15, "state": "refused", "says": [["too-long", {"wikitext": "[[Category:Raw]]"}]]},
    ]
    publish(
        "report",
        {
            "schema": 1,
            "entries": entries,
            "wishes": [{"line": 4, "says": [["wish-waits"]]}],
            "reviews": [{"page": 2026, "line": 5, "revision": 9, "says": [["review-waits"]]}],
        },
    )

    page = kit_wiki.ada.html("{{#invoke:Developer badges|report}}", f"{ROOT}/Registry/Report")
    shown = words(page)

    assert "line 7 4711 accepted The Gerrit account is proved. Nothing." in shown
    assert "settings/panel/external/" in page
    assert "remove the line and add it yourself with the button" in shown
    assert shown.count("Edit the page and correct the line; its documentation") == 3
    assert "Developer_badges/Registry&amp;action=edit" in page
    assert "Developer_badges/Wishes&amp;action=edit" in page
    assert "Developer_badges/Reviews/2026&amp;action=edit" in page
    assert 'id="wish-4"' in page
    assert 'id="review-2026-5"' in page
    assert page.count('role="region" tabindex="0" aria-label="') == 3
    assert page.count('scope="row"') == 9
    assert shown.index("Post the code") < shown.index("If the name is misspelt")
    assert "Category:Raw" not in page


def test_somebody_sees_their_own_row_alone_and_others_can_link_to_it(kit_wiki: Wiki, publish: Any):
    entries = [
        {"line": line, "revision": 1, "state": "accepted", "person": name, "says": []}
        for line, name in enumerate(("Ada Example", "Ёлка 木"), 7)
    ]
    publish("report", {"schema": 1, "entries": entries, "notes": [{"line": 5, "says": []}]})

    def show(name: str) -> str:
        call = f"{{{{#invoke:Developer badges|report|user={name}}}}}"
        return unescape(kit_wiki.ada.html(call))

    assert 'id="entry-Ada_Example"' in show("ada Example")
    assert "Ёлка" not in show("Ada Example")
    assert 'id="entry-Ёлка_木"' in show("Ёлка 木")
    assert words(show("Nobody")).startswith("No accepted line names Nobody.")
    assert "is not a user name" in words(show("A#b"))


def test_a_report_of_a_thousand_entries_fits_on_a_page_and_a_longer_one_says_what_is_cut(
    kit_wiki: Wiki, publish: Any
):
    def entries(count: int, *says: list[str]) -> dict[str, Any]:
        return {
            "schema": 1,
            "entries": [
                {"line": n, "revision": n, "state": "accepted", "person": f"A {n}", "says": says}
                for n in range(1, count + 1)
            ],
        }

    usual = (["proved", "phabricator"], ["no-developer-name"])
    call = "{{#invoke:Developer badges|report}}"
    publish("report", entries(1000, *usual))
    page, limits = unescape(kit_wiki.ada.html(call)), kit_wiki.ada.limits(call)
    publish("report", entries(1200, *usual))
    longer = words(kit_wiki.ada.html(call))
    publish("report", entries(1000, *usual, *([["not-linked-phabricator"]] * 5)))
    cut = unescape(kit_wiki.ada.html(call))

    assert page.count('id="entry-A_') == 1000
    assert int(limits["scribunto-limitreport-memusage"]) < 30_000_000
    assert int(limits["limitreport-postexpandincludesize"]) < 1_500_000
    assert longer.endswith("200 more rows are not shown here.")
    shown = cut.count('id="entry-A_')
    assert 300 < shown < 1000
    assert words(cut).endswith(f"{1000 - shown} more rows are not shown here.")
