"""The report stays a page that a wiki can bear, and says what it leaves out."""

from bot import report
from bot.report import bearable
from tests.bot.scene import HOME
from wikitext.data_pages import report_page
from wikitext.json_text import MOST_BYTES, dumps, loads


def an_entry(line, *says, state="accepted"):
    return {
        "line": line, "revision": 10_000_000 + line, "state": state, "person": f"P{line}" * 20,
        "says": [list(one) for one in says],
    }  # fmt: skip


def test_of_five_thousand_entries_those_are_listed_in_which_something_is_to_be_done():
    code = ("code", "developer-badges-k3jx5q7wnmta", "2026-12-20")
    entries = [
        an_entry(line, ("proved", "gerrit"), *([code] if line % 10 == 0 else ()))
        for line in range(1, 5001)
    ]

    kept, left_out = bearable(entries)

    assert len(kept) + left_out == 5000
    assert [one for one in kept if code in map(tuple, one["says"])] == entries[9::10]
    assert [one["line"] for one in kept] == sorted(one["line"] for one in kept)
    well = [one["line"] for one in kept if len(one["says"]) == 1]
    assert well == [line for line in range(1, well[-1] + 1) if line % 10]
    assert len(dumps(report_page(kept, (), ())).encode()) <= MOST_BYTES


def test_the_report_says_how_many_entries_are_not_listed(scene, monkeypatch):
    monkeypatch.setattr(report, "MOST_BYTES", 800)
    scene.exists("Ada", "Bert", "Cleo")
    scene.phabricator.wiki["Cleo"] = ()
    for name in ("Ada", "Bert", "Cleo"):
        scene.registers(name)

    scene.round()

    assert [one["person"] for one in scene.report()] == ["Ada", "Cleo"]
    notes = loads(scene.wiki.text(f"{HOME}/report.json"))["notes"]
    assert {"line": 0, "says": [["more-entries", 1]]} in notes
