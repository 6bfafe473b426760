"""What a person chooses to show, and what a card says of years, goals and evidence."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.wiki.conftest import Wiki
from tests.wiki.page import Page, words
from tests.wiki.people import a_person
from tests.wiki.test_hostile import HOSTILE, check

pytestmark = pytest.mark.wiki
ADA = "User:Ada Example"
COUNTS = {"issues": 12, "wishes": 1, "together": 13}
TOTAL = COUNTS | {"patches": 34, "reviews": 51, "score": 1153.2}
EVIDENCE = "https://example.org/award?year=2024&for=__NOTOC__#top"
Publish = Callable[[str, Any], dict[str, Any]]


def a_year(year: Any, **changes: Any) -> dict[str, Any]:
    return {"year": year, "issues": 7, "wishes": 1, "together": 8, "patches": 20} | changes


def parse(wiki: Wiki, *calls: str, title: str = ADA) -> tuple[list[str], dict[str, Any]]:
    """Render each call of the template; the words of each, and all of the answer."""
    text = "<hr>".join(f"<div>{{{{Developer badges|{one}}}}}</div>" for one in calls)
    answer = wiki.ada.parse(text, title)
    check(answer)
    return [words(one) for one in re.split("<hr ?/?>", answer["text"])], answer


def test_a_card_tells_of_years_goal_and_evidence(kit_wiki: Wiki, publish: Publish):
    laureate = {"id": "laureate", "tier": 1, "since": "2024-05-06", "value": 1}
    given = {"badge": "laureate", "day": "2024-05-06", "evidence": EVIDENCE}
    bad = [
        given | {"evidence": "http://example.org"},
        given | {"evidence": "https://example.org/]<b>'''"},
        given | {"evidence": "javascript:alert(1)"},
        given | {"badge": 5},
        "laureate",
    ]
    years = [a_year(number, reviews=3, score=98.1) for number in range(2018, 2026)]
    publish("people/Ada Example", a_person(
        total=TOTAL,
        years=[*years, a_year("2026"), a_year(2026, issues=-1), 5],
        badges=[laureate],
        given=[*bad, given],
        works=["2023", "2024-01", "2024-01-2", "2025", 2026, "2024-1", "../x", "2025-01-2/x"],
        goal={"field": "issues", "target": 50, "day": "2026-12-31"},
    ))  # fmt: skip

    [shown], answer = parse(kit_wiki, "")

    assert "12 issues · 1 wish · 34 patches · 51 code reviews" in shown
    in_2025 = "8 issues and wishes · 7 issues · 1 wish · 20 patches · 3 code reviews · score 98.1"
    assert f"2025 {in_2025} (estimate) 2024 8 issues and wishes" in shown
    assert "2019 8 issues" not in shown
    assert "and 2 earlier years" in shown
    assert 'aria-label="Calendar years"' in answer["text"]
    assert re.search('<span class="devbadges-underlined"[^>]*>estimate</span></a>', answer["text"])
    assert "Developer_badges#portal-points" in answer["text"]
    assert "or a completed programme · evidence" in shown
    assert answer["text"].count(">evidence<") == 1
    assert 'href="https://example.org/award?year=2024&amp;for=_%5FNOTOC_%5F#top"' in answer["text"]
    assert "Goal: 12 of 50 issues (until 31 Dec 2026)" in shown
    assert "width:24%" in answer["text"]
    assert "Why these points (data pages): 2025 · 2024 (1-2 · 1) · 2023 About" in shown


@pytest.mark.parametrize(
    ("goal", "said"),
    [
        ({"field": "wishes", "target": 1}, "Goal reached: 1 of 1 wish"),
        ({"field": "score", "target": 2000.5}, "Goal: score 1,153.2 of 2,000.5"),
        ({"field": "together", "target": 20, "day": "soon"}, "Goal: 13 of 20 issues and wishes "),
    ],
)
def test_a_goal_is_said_with_its_progress(
    kit_wiki: Wiki, publish: Publish, goal: dict[str, Any], said: str
):
    publish("people/Ada Example", a_person(goal=goal, badges=[]))

    [shown], _ = parse(kit_wiki, "")

    assert said in shown


def test_a_goal_that_makes_no_sense_is_left_out(kit_wiki: Wiki, publish: Publish):
    goals: list[Any] = [5, "x", [], {"field": "points", "target": 5}, {"field": [], "target": 5}]
    goals += [{"field": "issues", "target": one} for one in (0, -1, "5", None, 1e300)]
    goals += [{"field": "reviews", "target": 5}, {"target": 5}]
    names = [f"Somebody {number}" for number in range(len(goals))]
    for name, goal in zip(names, goals, strict=True):
        publish(f"people/{name}", a_person(goal=goal))

    shown, _ = parse(kit_wiki, *names)

    assert all("1,153.2" in one and "Goal" not in one for one in shown)


def test_what_a_person_hides_leaves_no_gap(kit_wiki: Wiki, publish: Publish):
    scoreless = {key: value for key, value in TOTAL.items() if key != "score"}
    years = [a_year(2024), a_year(2025)]
    goal = {"field": "score", "target": 5}
    publish(
        "people/Ada Example",
        a_person(total=scoreless, years=years, estimate=False, works=["2025"], goal=goal),
    )
    publish("people/Grace Example", {"schema": 1, "state": "ready", "total": COUNTS})

    [card, line, only, only_line], _ = parse(
        kit_wiki, "", "show=compact", "Grace Example", "Grace Example|show=compact"
    )

    assert "13 issues and wishes 12 issues · 1 wish · 34 patches · 51 code reviews 2025 8" in card
    assert "score" not in card + line + only + only_line
    assert "Works (data pages): 2025" in card
    assert "Goal" not in card
    assert line == (
        "Developer badges 13 issues and wishes · Task Tamer silver · Patch Quilter bronze"
    )
    assert only == (
        "Developer badges Grace Example 13 issues and wishes 12 issues · 1 wish About these badges"
    )
    assert only_line == "Developer badges Grace Example · 13 issues and wishes"


def test_a_number_is_one_that_other_templates_can_count_with(kit_wiki: Wiki, publish: Publish):
    publish(
        "people/Ada Example",
        a_person(total=TOTAL | {"issues": 12345}, years=[a_year(2024, score=98.1), a_year(2025)]),
    )
    publish("people/Grace Example", {"schema": 1, "state": "ready", "total": COUNTS})
    asked = {
        "": "13",
        "field=issues": "12345",
        "field=issues|format=yes": "12,345",
        "field=wishes": "1",
        "field=together": "13",
        "field=patches": "34",
        "field=Reviews": "51",
        "field=score": "1153.2",
        "field=badges": "2",
        "field=score|year=2024": "98.1",
        "field=patches|year=2025": "20",
        "field=patches|year=1999": "0",
        "user=Grace Example": "13",
        "user=Grace Example|field=badges": "0",
    }
    refused = {
        "field=score|year=2025": "field=score is not shown for this person",
        "field=points": "there is no field=points",
        "field=badges|year=2025": "field=badges is not counted by year",
        "year=soon": "year=soon is not a year",
        "user=Grace Example|field=reviews": "field=reviews is not shown for this person",
        "user=Grace Example|year=2025": "field=together is not shown",
        "user=Nobody Known": "No badges yet for Nobody Known",
        "user=A/B": "A/B is not a user name",
    }

    shown, answer = parse(kit_wiki, *(f"show=number|{one}" for one in (*asked, *refused)))
    _, nobody = parse(kit_wiki, "show=number", title="Sandbox")

    assert shown == [*asked.values(), *("" for _ in refused)]
    warnings = words(" ".join(answer["parsewarnings"]))
    assert [one for one in refused.values() if one not in warnings] == []
    assert "Say whose badges" in words(" ".join(nobody["parsewarnings"]))


def test_whatever_is_asked_of_a_number_never_is_on_the_page(kit_wiki: Wiki, publish: Publish):
    publish("people/Ada Example", a_person())
    calls = [
        f"show=number|user=Ada Example|{name}={text}"
        for name in ("field", "year")
        for text in HOSTILE
    ]

    shown, answer = parse(kit_wiki, *calls)

    assert set(shown) == {"", "13"}, "the number where tags leave no question, else nothing"
    assert "<script" not in " ".join(answer["parsewarnings"])


def test_too_many_badges_end_with_how_many_more(kit_wiki: Wiki, publish: Publish):
    badges = [{"id": f"badge-{n}", "tier": 1, "name": f"Badge {n}"} for n in range(500)]
    waiting = [one | {"waits": 2} for one in badges]
    pages = [f"2024-01-{n}" for n in range(400)]
    publish("people/Ada Example", a_person(badges=waiting, works=pages))

    [card, line], answer = parse(kit_wiki, "", "show=compact")
    page = answer["text"]

    assert "Badge 59 bronze" in card
    assert "Badge 60 bronze" not in card
    assert "and 440 more badges" in card
    assert line.endswith("Badge 29 bronze · and 470 more badges")
    assert "2024 (1-399 · 1-398 · " in card
    assert "· 1-376) · and 376 earlier pages About" in card
    assert "Special:PrefixIndex/User:BadgeBot/Developer_badges/people/Ada_Example/work-" in page
    assert not Page(page).unclosed


def test_a_page_that_has_used_up_its_expensive_calls_shows_all_the_same(
    kit_wiki: Wiki, publish: Publish
):
    publish("people/Ada Example", a_person())
    spent = "".join(f"{{{{#ifexist:No such page {n}|x|}}}}" for n in range(100))
    many = "".join(f"{{{{Developer badges|Nobody {n}|show=compact}}}}" for n in range(150))
    views = ("card", "compact", "number", "userbox", "table", "next", "wall")
    calls = "".join(f"<div>{{{{Developer badges|show={one}}}}}</div>" for one in views)

    for text in (spent + calls, calls + many, spent + many):
        assert "scribunto-error" not in kit_wiki.ada.html(text, ADA)
    page = kit_wiki.ada.html(spent + calls, ADA)
    limits = kit_wiki.ada.limits(calls + many, ADA)

    assert page.count("1,153.2") == 2
    assert not re.search("<code>[a-z-]+</code>", page), "every message was found"
    assert int(limits["limitreport-expensivefunctioncount"]) <= 3


def test_a_part_of_the_kit_that_is_missing_is_named(kit_wiki: Wiki, publish: Publish):
    publish("people/Ada Example", a_person())
    title = "Module:Developer badges/userbox"
    part = kit_wiki.admin.get(title)
    assert part
    try:
        kit_wiki.admin.delete(title)
        [shown], answer = parse(kit_wiki, "show=userbox")
    finally:
        kit_wiki.admin.edit(title, part)

    assert shown.startswith(f"A part of Developer badges is missing on this wiki: {title}.")
    assert "not found" in " ".join(answer["parsewarnings"])
