"""Nothing that stands on a data page, in a name or in a parameter breaks a page."""

from __future__ import annotations

from typing import Any

import pytest

from tests.wiki.conftest import Wiki
from tests.wiki.page import Page
from tests.wiki.people import READABLE, UNREADABLE

pytestmark = pytest.mark.wiki
FAULTS = ("scribunto-error", 'class="error"', "devbadges-trouble", "cannot be shown just now")
HOSTILE = [
    "../Admin",
    "A/B",
    "A#b",
    "A|B",
    "<script>alert(1)</script>",
    "<nowiki>A</nowiki>",
    "<b>Ada",
    "'''Ada''' ''Example",
    '" onmouseover="alert(1)" x="',
    "[[Category:Hacked]]",
    "]]</span></div>[[User:Admin|Ada]]",
    "{{Developer badges}}",
    "{{{1}}}",
    "{{!}}",
    "Talk:Ada",
    "Project:Ada",
    "Special:Diff/1",
    "en:Ada",
    ":Ada",
    "127.0.0.1",
    "~~~~",
    "%41da",
    "&#91;&#91;Category:Hacked&#93;&#93;",
    "$1 $2 %1 %%",
    "Ada\u202eelpmaxE",
    "Ada\u200bExample",
    "A" * 300,
    "Ж" * 120,
    "\U0001f600",
    "0",
    "__NOTOC__",
    "http://example.org",
    "\x7f'\"`UNIQ--nowiki-00000000-QINU`\"'\x7f",
    "-{zh:A}-",
    "*",
    "== Ada ==",
]


def check(parse: dict[str, Any]) -> None:
    """Make sure that a page came out whole, and that nothing on it does anything."""
    for fault in FAULTS:
        assert fault not in parse["text"]
    page = Page(parse["text"])
    assert not page.dangers
    assert not page.unclosed
    assert not [each for each in parse["categories"] if "Hacked" in each["category"]]
    assert not [each for each in parse["categories"] if "rror" in each["category"]]


@pytest.mark.parametrize("fault", UNREADABLE)
def test_data_that_cannot_be_read_are_answered_calmly(kit_wiki: Wiki, publish: Any, fault: str):
    publish("people/Grace Example", UNREADABLE[fault])

    for show in ("card", "compact"):
        parse = kit_wiki.ada.parse(f"{{{{Developer badges|Grace Example|show={show}}}}}")
        check(parse)
        assert "cannot be read just now" in parse["text"]
    number = kit_wiki.ada.parse("({{Developer badges|Grace Example|show=number}})")
    check(number)
    assert "()" in number["text"]


@pytest.mark.parametrize("fault", READABLE)
def test_a_fault_beside_the_numbers_hides_only_itself(kit_wiki: Wiki, publish: Any, fault: str):
    publish("people/Grace Example", READABLE[fault])

    shows = ("card", "compact", "userbox", "next", "table", "icons")
    calls = [f"{{{{Developer badges|Grace Example|show={show}}}}}" for show in shows]
    parse = kit_wiki.ada.parse("\n".join(calls), "User:Grace Example")
    check(parse)
    assert parse["text"].count("1,153.2") == 2


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize(
    "call",
    [
        "{{Developer badges|user=%s}}",
        "{{Developer badges|user=Ada Example|show=%s|lang=%s}}",
        "{{Developer badges/Person|%s|github=%s|%s=x}}",
        "{{Developer badges/Person|Ada Example|goal=%s}}",
        "{{Developer badges|user=%s|show=table|year=%s}}",
    ],
)
def test_whatever_is_written_stays_text(kit_wiki: Wiki, call: str, name: str):
    parse = kit_wiki.ada.parse(f"{call.replace('%s', name)}<p>after</p>", "Sandbox")

    check(parse)
    assert not [name for name in Page(parse["text"]).around["after"] if "devbadges" in name]


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_a_report_says_stays_text(kit_wiki: Wiki, publish: Any, name: str):
    says = [[name, name], ["proved", name], ["unknown-option", name]]
    entries = [{"line": name, "revision": name, "state": name, "person": name, "says": says}]
    sources = [{"source": name, "state": name, "since": name, "says": says}]
    publish("report", {"schema": 1, "entries": entries, "notes": entries, "sources": sources})

    check(kit_wiki.ada.parse("{{#invoke:Developer badges|report}}"))


@pytest.mark.parametrize(
    "data", [*UNREADABLE.values(), {"schema": 1, "entries": 5, "sources": "x"}]
)
def test_a_report_that_cannot_be_read_is_answered_calmly(kit_wiki: Wiki, publish: Any, data: Any):
    publish("report", data)

    check(kit_wiki.ada.parse("{{#invoke:Developer badges|report}}"))


@pytest.mark.parametrize(
    "config", ["[]", "{}", '{"bot": 5, "root": [], "languages": "en"}', '{"languages": [1, {}]}']
)
def test_settings_that_make_no_sense_are_left_aside(kit_wiki: Wiki, config: str):
    page = "Module:Developer badges/config.json"
    good = kit_wiki.admin.get(page)
    assert good
    try:
        kit_wiki.admin.edit(page, config)
        check(kit_wiki.ada.parse("{{Developer badges|Ada Example}}"))
    finally:
        kit_wiki.admin.edit(page, good)
