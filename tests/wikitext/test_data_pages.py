import json
import unicodedata
from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.assess import assess
from scoring.model import Award, Grant, Wish
from scoring.record import record_of
from tests.builders import a_change, a_task
from wikitext.choices import Goal
from wikitext.data_pages import MOST_WISHES, person_page, tombstone
from wikitext.json_text import clean, digest_of, dumps, loads
from wikitext.work_pages import ABOUT_CHARACTERS


def record():
    changes = [
        a_change(1, "me", tasks=(9,)),
        a_change(2, "other 1", tasks=(9,)),
        a_change(400, "me"),
    ]
    return record_of("me", assess(changes, [a_task(9)]))


def test_a_person_page_has_the_numbers_and_the_pages_with_works():
    page = person_page(record(), 2, ["2025", "2026-01"])

    assert page["works"] == ["2025", "2026-01"]
    assert (page["total"]["issues"], page["total"]["patches"], page["unconfirmed"]) == (1, 2, 2)
    assert sum(year["patches"] for year in page["years"]) == 2


def test_evidence_of_a_given_badge_is_shown_with_the_badge_and_never_without():
    badges = (
        ("mentor", date(2026, 2, 3), "https://x.org"),
        ("other", date(2026, 2, 4), "https://y.org"),
    )
    held = replace(record(), given=badges, awards=(Award("mentor", 1, 1.0), Award("other", 0, 0.0)))

    page = person_page(held, 0)

    assert page["given"] == [{"badge": "mentor", "day": "2026-02-03", "evidence": "https://x.org"}]
    assert "given" not in person_page(record(), 0)


def test_a_tombstone_tells_of_nobody():
    assert tombstone("note") == {"schema": 1, "state": "left", "note": "note"}


def test_the_digest_does_not_depend_on_how_a_page_is_laid_out():
    ours = {"b": 1.0, "a": [1, 2.5], "c": "ä<>&"}
    theirs = json.loads('{"a":[1,2.5],"c":"\\u00e4\\u003C>&","b":1}')

    assert digest_of(ours) == digest_of(theirs)
    assert digest_of(ours) != digest_of({**ours, "b": 2})


# Whole sentences of anything: half characters, controls, turned directions, separators of lines, no characters.
ODD = st.one_of(
    st.text(),
    st.text(st.characters(categories=["Cs", "Cc", "Cf", "Zl", "Zp", "Mn", "Cn"])),
    st.text(
        '\ufffe\uffff\U0001fffe\ud800\udc00\u2028\u2029\u202e\u2066\x00\x7f\x85e\u0301\u212b"\\/<'
    ),
)


@settings(max_examples=2_000)
@given(ODD)
def test_any_text_becomes_text_that_mediawiki_keeps_as_it_is(text):
    shown = clean(text)
    page = dumps({"about": shown, "name": clean(text)[:ABOUT_CHARACTERS]})

    assert loads(page) == {"about": shown, "name": shown[:ABOUT_CHARACTERS]}
    stored = page.encode().decode()
    for sign, escaped in (("<", "\\u003C"), (">", "\\u003E"), ("&", "\\u0026")):
        stored = stored.replace(sign, escaped)
    assert unicodedata.normalize("NFC", page) == page
    assert unicodedata.normalize("NFC", stored) == stored
    assert clean(shown) == shown
    # A page has line feeds and tabs of ours; nothing else that is no character, or turns a direction.
    assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Cs")]
    assert not [c for c in shown if ord(c) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(c) <= 0xFDEF]
    assert not set(shown) & set(
        "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029"
    )


def test_what_is_no_page_of_ours_is_nothing():
    assert [loads(text) for text in ("", "[]", "{", "null", "3")] == [None] * 5


def test_a_page_with_more_than_anybody_has_is_one_that_a_wiki_can_bear():
    wish = Wish("wmde-wishes " + "1" * 60, "done", title="\U0001f9d9" * 300, list="l" * 40)
    grants = [Grant(wish, 0.5, date(2025, 1, 1), frozenset())] * 5000
    given = [("task-tamer", date(2025, 1, 1), "https://" + "x" * 400)] * 5000
    awards = [replace(Award("task-tamer", 1, 3.0), name="ü" * 300)] * 200
    many = replace(record(), grants=tuple(grants), given=tuple(given), awards=tuple(awards))

    page = person_page(many, 0)

    assert (len(page["wishes"]), len(page["given"])) == (MOST_WISHES, MOST_WISHES)
    assert len(dumps(page).encode()) < 1_000_000


def test_a_goal_is_told_as_it_was_set():
    goal = Goal("issues", 50, date(2026, 12, 31))

    assert person_page(record(), 0, goal=goal)["goal"] == {
        "field": "issues",
        "target": 50,
        "day": "2026-12-31",
    }
    assert person_page(record(), 0, goal=replace(goal, day=None))["goal"].keys() == {
        "field",
        "target",
    }
