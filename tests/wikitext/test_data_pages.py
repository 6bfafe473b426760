import json
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from scoring.assess import assess
from scoring.model import Award
from scoring.record import record_of
from tests.builders import a_change, a_task
from wikitext.data_pages import clean, digest_of, dumps, loads, person_page, tombstone, work_page


def record():
    changes = [
        a_change(1, "me", tasks=(9,)),
        a_change(2, "other 1", tasks=(9,)),
        a_change(400, "me"),
    ]
    return record_of("me", assess(changes, [a_task(9)]))


def test_a_person_page_has_the_numbers_and_the_years_with_works():
    page = person_page(record(), unconfirmed=2)

    assert page["works"] == [2025, 2026]
    assert (page["total"]["issues"], page["total"]["patches"], page["unconfirmed"]) == (1, 2, 2)
    assert sum(year["patches"] for year in page["years"]) == 2


def test_a_work_page_shows_one_persons_part_and_nobody_else():
    page = work_page(2025, record().credits, "me", {"mediawiki/extensions/Thanks~1": "fix: It"})
    (work,) = page["works"]

    assert (work["work"], work["share"], work["about"]) == ("T9", 0.5, "fix: It")
    assert "other" not in json.dumps(page)


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


@given(st.text())
def test_any_first_line_becomes_text_that_mediawiki_keeps_as_it_is(text):
    shown = clean(text)

    assert loads(dumps({"about": shown})) == {"about": shown}
    assert shown.encode("utf-8").decode("utf-8") == shown
    assert clean(shown) == shown
    assert not any(ord(character) < 32 for character in shown)


def test_what_is_no_page_of_ours_is_nothing():
    assert [loads(text) for text in ("", "[]", "{", "null", "3")] == [None] * 5
