"""The pages for people: what they say, and that one click on them is enough to take part."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from scripts.local.api import Client
from tests.wiki.conftest import ROOT, Wiki
from tests.wiki.form import EditForm
from tests.wiki.page import Page, words
from tests.wiki.people import a_person
from tests.wiki.practice import REGISTRY, practising
from wikitext.kit import kit_pages
from wikitext.registry import parse_registry
from wikitext.reviews import KINDS, parse_reviews
from wikitext.wishes import parse_wishes

pytestmark = pytest.mark.wiki
STATISTICS: dict[str, Any] = {
    "schema": 1,
    "people": 41,
    "shown": 30,
    "total": {"issues": 310, "wishes": 9, "together": 317, "patches": 1204, "reviews": 2040},
    "years": [
        {"year": 2025, "issues": 120, "wishes": 4, "together": 123, "patches": 470, "reviews": 800}
    ],
    "badges": [
        {"id": "task-tamer", "tiers": [21, 9, 2, 0]},
        {"id": "of-this-wiki", "name": "Of [[this]] wiki", "tiers": [1]},
    ],
    "wall": [{"person": "Ada Example", "together": 13, "badges": 5}],
}


def read(client: Client, page: str) -> dict[str, Any]:
    """A page of the wiki as a reader gets it: text, sections."""
    found: dict[str, Any] = client.api(action="parse", page=page, prop="text|sections")["parse"]
    return found


def statistics(client: Client) -> str:
    """The page of statistics, rendered anew: the pages of the bot have just changed."""
    return client.html("{{#invoke:Developer badges|page|statistics}}", f"{ROOT}/Statistics")


def forms(client: Client, page: str) -> list[str]:
    """The addresses of the forms that a page links to, each once, in their order."""
    links = re.findall(r'href="([^"]*section=new[^"]*)"', read(client, page)["text"])
    return list(dict.fromkeys(map(unescape, links)))


def test_every_page_of_the_kit_renders_without_a_fault(kit_wiki: Wiki):
    for page in kit_pages(ROOT, "BadgeBot"):
        if page.title.endswith((".json", ".css")) or (
            page.title.startswith("Module:") and not page.title.endswith("/doc")
        ):
            continue
        text = read(kit_wiki.ada, page.title)["text"]
        for fault in ("scribunto-error", 'class="error', "@ROOT@", "@BOT@", "cannot be shown"):
            assert fault not in text, f"{page.title}: {fault}"
        assert not Page(text).unclosed, page.title
        missing = re.findall(
            r"<code>(?:portal|registry|reviews|wishes|points|column)-[a-z-]+<", text
        )
        assert not missing, page.title


def test_the_portal_says_how_to_join_what_becomes_public_and_how_to_leave(kit_wiki: Wiki):
    page = read(kit_wiki.ada, ROOT)
    shown = words(page["text"])

    assert [one["line"] for one in page["sections"]] == [
        "Take part",
        "What becomes public",
        "What you can hide, and choose",
        "How points work",
        "What badges are not",
        "Leave",
        "Something is wrong?",
    ]
    for sentence in (
        "What a page once showed stays in its history",
        "Hiding it later does not take it out of the page history",
        "Your points for a work are its difficulty × its impact × your share in it.",
        "Badges carry no authority and measure no person.",
        "nobody is ranked",
        "come back within 14 days, by anyone’s edit",
        "Whatever you name behind hide= can be read there",
        "log in, or create an account",
    ):
        assert sentence in shown, sentence
    assert 'lang="en" dir="ltr"' in page["text"]
    for link in ("Points", "Reviews", "Wishes", "Statistics", "Registry/Report"):
        assert f"Developer_Wiki:Developer_badges/{link}" in page["text"]
    assert "BadgeBot/Developer_badges/stop" in page["text"]
    assert "MediaWiki:Developer-badges.json" in page["text"]


def test_a_page_that_does_not_exist_is_answered_calmly_whatever_its_name(kit_wiki: Wiki):
    call = "{{#invoke:Developer badges|page|%s}}"

    for name in ("<b>x", "]]{{x}}", "../portal", "A" * 300, '" onclick="x'):
        text = kit_wiki.ada.html(call % name)
        assert "There is no page" in text
        assert not Page(text).dangers
    assert "There is no page" in kit_wiki.ada.html("{{#invoke:Developer badges|page}}")


def test_statistics_show_totals_years_and_how_badges_are_doing(kit_wiki: Wiki, publish: Any):
    publish("statistics", STATISTICS)
    shown = words(statistics(kit_wiki.ada))

    assert "41 people take part." in shown
    assert "2025 120 4 123 470 800" in shown
    assert "all time 310 9 317 1,204 2,040" in shown
    tiers = "21 (70 %) 9 (30 %) 2 (7 %) 0 (0 %)"  # of the 30 who show their badges
    assert f"Task Tamer Tasks resolved with a patch of one’s own {tiers}" in shown
    assert "Of [[this]] wiki 1 (3 %)" in shown
    assert "Ada Example" in shown[shown.index("Thank you!") :]

    few = {key: value for key, value in STATISTICS.items() if key != "badges"}
    publish("statistics", few | {"people": 3, "wall": []})
    shown = words(statistics(kit_wiki.ada))
    assert "once 20 people show their badges" in shown
    assert "%" not in shown
    assert "Thank you!" not in shown  # there is nobody to thank: the wall says that by itself
    arabic = "{{#invoke:Developer badges|page|statistics|lang=ar}}"
    assert "٢٠٢٥" in words(kit_wiki.ada.html(arabic))


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"schema": 1},
        {"schema": 9},
        {"schema": 1, "people": "many"},
        {
            "schema": 1,
            "people": 5,
            "years": "x",
            "badges": [3, {"id": "]]"}],
            "total": [],
            "wall": 5,
        },
        {"schema": 1, "people": 0, "years": [{"year": "x"}, {"year": 1e14}], "badges": {"id": {}}},
    ],
)
def test_statistics_that_cannot_be_read_are_answered_calmly(
    kit_wiki: Wiki, publish: Any, data: dict[str, Any]
):
    publish("statistics", data)
    text = statistics(kit_wiki.ada)

    assert "scribunto-error" not in text
    assert "cannot be shown" not in text
    assert not Page(text).unclosed


def test_pages_in_a_language_that_nobody_has_reviewed_say_so_at_their_foot(
    kit_wiki: Wiki, publish: Any
):
    publish("statistics", STATISTICS)
    says = [["not-yourself"]]
    entry = {"line": 7, "state": "accepted", "person": "Ada Example", "says": says}
    publish("report", {"schema": 1, "entries": [entry], "notes": [], "sources": []})
    publish("people/Ada Example", a_person())
    calls = [f"page|{name}" for name in ("portal", "points", "statistics")]
    calls += ["report", "page|report", "page|registry-intro", "report|user=Ada Example", "main"]
    notes = {
        "de": "Diese Übersetzung hat noch niemand geprüft.",
        "he": "איש עוד לא בדק את התרגום הזה.",
        "en": "Nobody has reviewed this translation yet.",
    }

    def feet(code: str) -> list[int]:
        """How many notes each call shows, all parsed together; a note ends what the call shows."""
        text = "\n<hr>\n".join(f"{{{{#invoke:Developer badges|{c}|lang={code}}}}}" for c in calls)
        shown = kit_wiki.ada.html(text, "User:Ada Example").split("<hr")
        assert "scribunto-error" not in "".join(shown)
        for one in shown:
            before, note, after = one.partition(notes[code])
            if note:
                assert "_talk:Developer_badges" in after
                assert not re.search(r"<(h2|table|li)\b", after)
                assert f'lang="{code}"' in before
        return [one.count(notes[code]) for one in shown]

    assert feet("de") == feet("he") == [1, 1, 1, 1, 0, 0, 0, 0]
    assert feet("en") == [0] * len(calls)

    german = "Module:Developer badges/i18n/de.json"
    unreviewed = kit_wiki.admin.get(german) or ""
    reviewed = json.loads(unreviewed)
    reviewed["@metadata"]["reviewed"] = True
    try:
        kit_wiki.admin.edit(german, json.dumps(reviewed, ensure_ascii=False))
        assert feet("de") == [0] * len(calls)
    finally:
        kit_wiki.admin.edit(german, unreviewed)


def test_each_kind_of_review_and_a_wish_begin_with_a_line_that_can_be_completed(kit_wiki: Wiki):
    ada = kit_wiki.ada
    lines = [EditForm(ada, url).text for url in forms(ada, f"{ROOT}/Reviews")]
    values = {"same": "T9", "harder-than": "T9", "by": "Grace Example", "not-by": "Grace Example"}

    kinds = []
    for line in lines:
        line = line.replace("work=|", "work=T1|").replace("reason=|", "reason=Why|")
        for name, value in values.items():
            line = line.replace(f"|{name}=|", f"|{name}={value}|")
        [entry] = parse_reviews(line).entries
        assert entry.row, (line, entry.problem)
        kinds.append(entry.row.kind)
    assert [*kinds, "badge"] == list(KINDS)

    [url] = forms(ada, f"{ROOT}/Wishes")
    form = EditForm(ada, url)
    assert "A line for the wish is begun." in words(form.page)
    assert "Take out accepted=yes if you did not write it yourself." in words(form.page)
    line = form.text.replace("list=|", "list=sample|").replace("wish=|", "wish=1|")
    [wish] = parse_wishes(line).entries
    assert wish.row
    assert wish.row.status == "done"


def test_one_click_on_the_portal_and_one_on_save_and_a_round_counts_the_person(
    wiki: Wiki, tmp_path: Path
):
    with practising(wiki, tmp_path) as practice:
        ada, odd = practice.account("Ada Example"), practice.account("A=B & 'C")
        for client in (ada, odd):
            [url] = forms(client, ROOT)
            form = EditForm(client, url)
            for sentence in ("only accounts of your own", "The line itself is public", "log in"):
                assert sentence in words(form.page)
            form.save()

        text = ada.get(REGISTRY) or ""
        entries = parse_registry(text).entries
        assert [one.name for one in entries] == ["Ada Example", "A=B & 'C"]
        assert not [one.problem for one in entries if one.problem]
        assert "subst" not in text

        practice.run()
        report = practice.page(ada, "report")["entries"]
        assert [one["person"] for one in report] == ["Ada Example", "A=B & 'C"]
        page = read(ada, REGISTRY)["text"]
        assert page.count("what became of it") == 2
        report = unescape(ada.html("{{#invoke:Developer badges|report}}"))
        assert 'id="entry-A=B_&_\'C"' in report
        assert "Registry/Report" in page
