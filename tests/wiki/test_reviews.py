"""Reviews on a real wiki: pending, accepted, undone, by real edits; and what readers see of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.wiki.conftest import Wiki
from tests.wiki.page import Page, words
from tests.wiki.people import a_person
from tests.wiki.practice import REVIEWS, Practice, practising

pytestmark = pytest.mark.wiki

ADA = "Ada Example"


@pytest.fixture
def practice(wiki: Wiki, tmp_path):
    """A bot with an empty ledger; Ada has registered, and nobody ever wrote a review."""
    with practising(wiki, tmp_path) as practice:
        practice.register(practice.account(ADA), ADA)
        practice.run()
        yield practice


def a_task_of(practice: Practice, client) -> tuple[int, dict[str, Any]]:
    """Some task that Ada solved, and the year of it."""
    year = practice.page(client, f"people/{ADA}")["works"][-1]
    works = practice.page(client, f"people/{ADA}/work-{year}")["works"]
    return year, next(one for one in works if one["issue"])


def test_a_review_is_shown_while_it_waits_counts_once_accepted_and_is_undone(wiki, practice):
    zoe = practice.account("Zoe")
    year, before = a_task_of(practice, zoe)
    row = (
        f"* {{{{Developer badges/Review|work={before['work']}|size=massive|reason=A [b] & 'c'%s}}}}"
    )

    def after(text: str, client) -> tuple[dict[str, Any], str]:
        client.edit(REVIEWS, f"Reviews:\n{text}", "review")
        practice.run()
        works = practice.page(zoe, f"people/{ADA}/work-{year}")["works"]
        table = f"{{{{Developer badges|{ADA}|show=table|year={year}}}}}"
        [work] = [one for one in works if one["work"] == before["work"]]
        return work, zoe.html(table)

    work, table = after(row % "", zoe)
    assert work["points"] == before["points"]
    assert "a review is pending: size massive" in words(table)
    assert f'title="Special:Diff/{work["reviews"][0]["revision"]}"' in table
    assert "This review waits for a reviewer" in zoe.html("{{#invoke:Developer badges|report}}")

    work, table = after(row % "|accepted=yes", wiki.admin)
    assert (work["difficulty"], work["estimate"]) == (1, before["estimate"])
    assert "reviewed: size massive" in words(table)
    assert "size, set by a reviewer: 5 on a scale from 1 (tiny) to 5 (massive)" in words(table)

    work, _ = after(row % "", zoe)
    assert work["points"] == before["points"]
    assert work["reviews"][0]["state"] == "pending"
    work, table = after("", zoe)
    assert work == before
    assert "review is pending" not in table


def test_every_kind_of_review_is_a_readable_row(kit_wiki: Wiki):
    rows = {
        "work=T1|size=large|accepted=yes": "T1 size large (marked as accepted)",
        "work=T1|impact=tiny|reason=why": "T1 impact tiny – why (waits for a reviewer)",
        "work=a/b~2|fix=no": "a/b~2 not a real fix (waits for a reviewer)",
        "work=T1|fix=yes": "T1 fix: yes (waits for a reviewer)",
        "work=T1|split=yes": "T1 only gathers other tasks (waits for a reviewer)",
        "work=T1|same=T9": "T1 the same as T9 (waits for a reviewer)",
        "work=T1|by=Ada; Bert": "T1 done by Ada; Bert (waits for a reviewer)",
        "work=T1|not-by=Ada": "T1 not done by Ada (waits for a reviewer)",
        "work=T1|harder-than=o/n#3": "T1 harder than o/n#3 (waits for a reviewer)",
        "badge=mentor|person=Ada|date=2026-02-03|evidence=https://x.org/a?b=c": (
            "Ada gets the badge mentor · evidence · 3 Feb 2026 (waits for a reviewer)"
        ),
        "work=a__NOTOC__b~1|evidence=https://x.org/__NOTOC__a__NOINDEX__": (
            "a__NOTOC__b~1 evidence (waits for a reviewer)"
        ),
    }
    text = "\n".join(f"* {{{{Developer badges/Review|{row}}}}}" for row in rows)

    page = kit_wiki.ada.html(text, REVIEWS)

    shown = words(page)
    for says in rows.values():
        assert says in shown
    assert "https://x.org/_%5FNOTOC_%5Fa_%5FNOINDEX_%5F" in page


HOSTILE = (
    "<script>alert(1)</script>", "[[x", "{{{1}}}", "x" * 3000, "''''", "javascript:alert(1)", "\u202eabc",
    "&lt;img src=x onerror=y&gt;", "https://x.org/<b onclick=1>", "T1]] [https://evil.example y",
)  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE)
def test_nothing_that_is_written_into_a_row_does_any_harm(kit_wiki: Wiki, value: str):
    options = ("work", "size", "same", "by", "harder-than", "badge", "person", "reason", "evidence")
    line = "* {{Developer badges/Review" + "".join(f"|{one}=%s" % value for one in options) + "}}"

    page = kit_wiki.ada.html(line, REVIEWS)

    read = Page(page)
    assert (read.dangers, read.unclosed) == ([], [])
    assert "scribunto-error" not in page
    assert "devbadges-trouble" not in page


def test_reviews_on_a_data_page_that_are_not_as_they_should_be_are_left_out(
    kit_wiki: Wiki, publish: Any
):
    good = {"what": "same", "value": "T9", "state": "accepted", "revision": 7}
    bad = [
        good | {"what": "praise"}, good | {"state": "perhaps"}, good | {"revision": -1},
        good | {"revision": "7"}, good | {"value": ["x"]}, "pending", None, 3,
    ]  # fmt: skip
    work = {
        "work": "T1", "day": "2025-01-01", "points": 2, "share": 1, "credit": 2, "reasons": [],
        "reviews": [good, *bad],
    }  # fmt: skip
    gone = {"work": "T2", "day": "2025-02-03", "reviews": [good | {"what": "fix", "value": "no"}]}
    data = {"schema": 1, "year": 2025, "works": [work], "corrected": [gone, "x", {"work": 3}]}
    publish("people/Ada Example", a_person(works=["2025"]))
    publish("people/Ada Example/work-2025", data)

    page = kit_wiki.ada.html("{{Developer badges|Ada Example|show=table}}")

    shown = words(page)
    assert shown.count("reviewed:") == 2
    assert "T1 reviewed: the same as T9 edit" in shown
    assert (
        "No works of this person any more, as accepted reviews say: T2 · 3 Feb 2025"
        " reviewed: not a real fix edit"
    ) in shown


def test_the_report_tells_which_reviews_wait_and_why(kit_wiki: Wiki, publish: Any):
    reviews = [
        {"page": 2026, "line": 12, "revision": 4711, "says": [["review-own"]]},
        {"page": 2026, "line": 13, "revision": 0, "says": [["bad-option", "size"]]},
    ]
    publish("report", {"schema": 1, "entries": [], "sources": [], "reviews": reviews})

    page = kit_wiki.ada.html("{{#invoke:Developer badges|report}}")

    shown = words(page)
    assert "2026 line 12 4711 Whoever accepted this review has a part in the work" in shown
    assert "2026 line 13 The value of size cannot be understood." in shown
    assert "Special:Diff/0" not in page
