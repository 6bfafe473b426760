"""Thousands of hostile names, first lines and parameters, many on a page: nothing comes of them.

A few hundred run always, more than ten thousand with ``scripts/test --all``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.wiki import gallery
from tests.wiki.conftest import Wiki
from tests.wiki.hostile import coded, several
from tests.wiki.strict import Strict

pytestmark = pytest.mark.wiki
TROUBLE = ("scribunto-error", 'class="error"', "devbadges-trouble", "cannot be shown just now")
LUA = """-- Hand each text to the templates as it is, whatever wikitext would make of it.
local p = {}
local CALLS = {
	function(text) return 'Developer badges', { user = text } end,
	function(text, show) return 'Developer badges', { user = 'Lovelace Example', show = show,
		lang = text, field = text, year = text, badge = text } end,
	function(text) return 'Developer badges', { text, show = text } end,
	function(text) return 'Developer badges/Person', { text, github = text, goal = text,
		hide = text, wall = text, [text] = 'x' } end,
	function(text) return 'Developer badges/Review', { text, work = text, by = text,
		size = text, reason = text, accepted = text, badge = text, same = text } end,
}
function p.run(frame)
	local rows = {}
	for index, coded in ipairs(frame.args) do
		local text = mw.uri.decode(coded, 'PATH')
		for turn, call in ipairs(CALLS) do
			local title, args = call(text, frame.args['show' .. (index + turn) % frame.args.shows])
			rows[#rows + 1] = frame:expandTemplate({ title = title, args = args })
		end
		rows[#rows + 1] = '<div class="row">mark ' .. index .. '</div>'
	end
	return table.concat(rows, '\\n')
end
return p
"""
COUNT = 50
"""Texts on one page."""
PROPS = "text|categories|links|images|externallinks|properties|displaytitle|indicators"


@pytest.fixture(scope="module")
def shown(kit_wiki: Wiki) -> Wiki:
    gallery.hang(kit_wiki)
    kit_wiki.admin.edit("Module:Hostile", LUA)
    return kit_wiki


def check(parse: dict[str, Any], marks: int) -> Strict:
    """Make sure that a page came out whole, and that nothing written on it does anything."""
    for trouble in TROUBLE:
        assert trouble not in parse["text"]
    page = Strict(parse["text"])
    assert not page.faults
    assert page.marks == [f"mark {number}" for number in range(1, marks + 1)]
    assert not parse["categories"]
    assert not parse["images"]
    assert not parse["indicators"]
    assert set(parse["properties"]) <= {"noindex"}
    assert not [link for link in parse["externallinks"] if "evil" in link]
    return page


def flood(examples: int, one: Callable[[list[str]], None]) -> None:
    """Run *one* on that many lists of COUNT texts, the same ones each time."""

    def check_all(texts: list[str]) -> None:
        try:
            one(texts)
        except AssertionError as error:
            error.add_note(f"Guilty alone: {[text for text in texts if fails([text] * COUNT)]!r}")
            raise

    def fails(texts: list[str]) -> bool:
        try:
            one(texts)
        except AssertionError:
            return True
        return False

    calm = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
    # No shrinking: that would ask the wiki thousands of times more; the guilty are found above.
    once = {"phases": [Phase.generate], "suppress_health_check": calm, "database": None}
    settings(max_examples=examples, **once)(given(several(COUNT))(check_all))()


def parameters(wiki: Wiki, seen: set[str]) -> Callable[[list[str]], None]:
    shows = "|".join(f"show{number}={show}" for number, show in enumerate(gallery.SHOWS))

    def one(texts: list[str]) -> None:
        seen.update(texts)
        numbered = "|".join(f"{number}={coded(text)}" for number, text in enumerate(texts, 1))
        call = f"{{{{#invoke:Hostile|run|{numbered}|{shows}|shows={len(gallery.SHOWS)}}}}}"
        check(wiki.ada.parse(call, "Sandbox", prop=PROPS), COUNT)

    return one


def data_pages(wiki: Wiki, seen: set[str]) -> Callable[[list[str]], None]:
    def one(texts: list[str]) -> None:
        seen.update(texts)
        write(wiki, texts)
        assert check(show(wiki), 1).skeleton == harmless

    write(wiki, [f"Text {number}" for number in range(COUNT)])
    harmless = check(show(wiki), 1).skeleton
    assert len(harmless) > 100
    return one


def write(wiki: Wiki, texts: list[str]) -> None:
    """Put *texts* wherever a data page holds words of somebody."""
    works = [
        work | {"about": text, "reviews": [review(text)]}
        for work, text in zip(gallery.WORKS * 13, texts, strict=False)
    ]
    badges = [
        {"id": f"badge-{number}", "tier": 1, "value": 1, "since": "2025-03-04", "name": text}
        for number, text in enumerate(texts)
    ]
    wishes = [
        {"wish": "W463", "list": "x", "title": text, "day": "2025-06-01", "share": 0.7}
        for text in texts
    ]
    says = [[["proved", text], ["unknown-option", text], ["mended", text, text]] for text in texts]
    entries = [{"line": n, "revision": n, "state": "refused", "says": say} for n, say in enumerate(says)]  # fmt: skip
    pages = {
        "people/Hostile Example": gallery.a_full_person(badges=badges, wishes=wishes),
        "people/Hostile Example/work-2025": {"schema": 1, "year": 2025, "works": works},
        "report": {"schema": 1, "entries": entries, "notes": [], "sources": []},
    }
    for name, data in pages.items():
        wiki.bot.edit(f"{gallery.BOT_PAGES}/{name}.json", json.dumps(data, ensure_ascii=False))


def review(text: str) -> dict[str, Any]:
    """A review whose value names no work, whatever *text* is: a work would be linked."""
    return {"what": "same", "value": f"{text}!", "state": "pending", "revision": 4711}


def show(wiki: Wiki) -> dict[str, Any]:
    calls = [f"{{{{Developer badges|Hostile Example|show={show}}}}}" for show in gallery.SHOWS]
    calls.append("{{#invoke:Developer badges|works|user=Hostile Example|year=2025}}")
    calls.append("{{#invoke:Developer badges|report}}")
    text = "\n".join([*calls, '<div class="row">mark 1</div>'])
    parse: dict[str, Any] = wiki.ada.parse(text, "Sandbox", prop=PROPS)
    return parse


@pytest.mark.parametrize("way", [parameters, data_pages])
def test_hundreds_of_hostile_texts_change_nothing(shown: Wiki, way: Any):
    seen: set[str] = set()
    flood(5, way(shown, seen))
    assert len(seen) > 200


@pytest.mark.long
@pytest.mark.parametrize("way", [parameters, data_pages])
def test_ten_thousand_hostile_texts_change_nothing(shown: Wiki, way: Any):
    seen: set[str] = set()
    flood(260, way(shown, seen))
    assert len(seen) > 10_000
    print(f"{way.__name__}: {len(seen):,} different texts")
