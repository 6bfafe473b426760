"""Thousands of hostile names, first lines and parameters, many on a page: nothing comes of them.

A few hundred run always, more than ten thousand with ``scripts/test --all``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import cycle
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
	function(text, show) return 'Developer badges', { user = text, show = show } end,
	function(text, show) return 'Developer badges', { user = 'Lovelace Example', show = show,
		lang = text, field = text, year = text, badge = text } end,
	function(text) return 'Developer badges', { text, show = text } end,
	function(text) return 'Developer badges/Person', { text, github = text, goal = text,
		hide = text, wall = text, [tonumber(text) and 'a number' or text] = 'x' } end,
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
OWN = "User:Hostile Example/Sandbox"
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
    for name, icon in parse["indicators"].items():
        assert name.startswith("developer-badges-")
        assert not Strict(icon).faults
    assert set(parse["properties"]) <= {"noindex"}
    assert not [link for link in parse["externallinks"] if "evil" in link]
    return page


def flood(wiki: Wiki, examples: int) -> int:
    """Pour that many lists of COUNT texts over the wiki, by turns in each of two ways.

    They are the same ones each time; return how many different ones there were.
    """
    ways = [parameters(wiki), data_pages(wiki)]
    turn = cycle(ways)
    seen: set[str] = set()

    def pour(texts: list[str]) -> None:
        seen.update(texts)
        way = next(turn)
        try:
            way(texts)
        except AssertionError as error:
            guilty = [text for text in texts if fails(way, text)]
            error.add_note(f"Guilty alone: {guilty!r}")
            raise

    calm = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
    # No shrinking: that would ask the wiki thousands of times more; the guilty are found above.
    once = {"phases": [Phase.generate], "suppress_health_check": calm, "database": None}
    settings(max_examples=examples, **once)(given(several(COUNT))(pour))()
    return len(seen)


def fails(way: Callable[[list[str]], None], text: str) -> bool:
    """Say whether a text alone breaks a page."""
    try:
        way([text] * COUNT)
    except AssertionError:
        return True
    return False


def parameters(wiki: Wiki) -> Callable[[list[str]], None]:
    """Texts as parameters of the templates."""
    shows = "|".join(f"show{number}={show}" for number, show in enumerate(gallery.SHOWS))

    def one(texts: list[str]) -> None:
        numbered = "|".join(f"{number}={coded(text)}" for number, text in enumerate(texts, 1))
        call = f"{{{{#invoke:Hostile|run|{numbered}|{shows}|shows={len(gallery.SHOWS)}}}}}"
        check(wiki.ada.parse(call, OWN, prop=PROPS), COUNT)

    return one


def data_pages(wiki: Wiki) -> Callable[[list[str]], None]:
    """Texts on the pages that the bot writes: the page is built as with harmless ones."""

    def one(texts: list[str]) -> None:
        write(wiki, texts)
        assert frame(check(show(wiki), 1)) == harmless

    write(wiki, [f"Text {number}" for number in range(COUNT)])
    harmless = frame(check(show(wiki), 1))
    assert len(harmless) > 100
    return one


def frame(page: Strict) -> list[str]:
    """The elements of a page, less the wall: who has no name that MediaWiki takes stands on none."""
    inside = page.skeleton.index("<div devbadges devbadges-wall>")
    return page.skeleton[:inside]


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
    says = [
        [["proved", f"{text}!"], ["unknown-option", text], ["mended", text, text]] for text in texts
    ]
    entries = [{"line": n, "revision": n, "state": "refused", "says": say} for n, say in enumerate(says)]  # fmt: skip
    wall = [{"person": text, "together": 1} for text in ("Ada Example", *texts)]
    pages = {
        "people/Hostile Example": gallery.a_full_person(
            badges=badges, wishes=wishes, works=["2025"], goal={"field": "issues", "target": 50}
        ),
        "people/Hostile Example/work-2025": {"schema": 1, "year": 2025, "works": works},
        "statistics": {"schema": 1, "people": 50, "wall": wall},
        "report": {"schema": 1, "entries": entries, "notes": [], "sources": []},
    }
    for name, data in pages.items():
        wiki.bot.edit(f"{gallery.BOT_PAGES}/{name}.json", json.dumps(data, ensure_ascii=False))


def review(text: str) -> dict[str, Any]:
    """A review whose value names no work, whatever *text* is: a work would be linked."""
    return {"what": "same", "value": f"{text}!", "state": "pending", "revision": 4711}


def show(wiki: Wiki) -> dict[str, Any]:
    calls = ["{{#invoke:Developer badges|report}}"]
    calls += [f"{{{{Developer badges|Hostile Example|show={show}}}}}" for show in gallery.SHOWS]
    text = "\n".join([*calls, '<div class="row">mark 1</div>'])
    parse: dict[str, Any] = wiki.ada.parse(text, OWN, prop=PROPS)
    return parse


def test_hundreds_of_hostile_texts_change_nothing(shown: Wiki):
    assert flood(shown, 6) > 250


@pytest.mark.long
def test_ten_thousand_hostile_texts_change_nothing(shown: Wiki):
    count = flood(shown, 300)
    print(f"{count:,} different texts")
    assert count >= 10_000
