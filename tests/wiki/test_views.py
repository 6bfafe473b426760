"""The ways to show badges beside card, line and number: userbox, icons, works, next tiers, wall."""

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
Publish = Callable[[str, Any], dict[str, Any]]
BREAK = "<hr>"
WORK: dict[str, Any] = {
    "work": "T312345",
    "day": "2025-03-04",
    "main": "mediawiki/core~1100001",
    "about": "dialog: [[Close]] on Escape",
    "points": 5.5,
    "difficulty": 0.41,
    "impact": 0.34,
    "estimate": True,
    "share": 0.7,
    "credit": 3.9,
    "counted": 3.5,
    "issue": True,
    "reasons": [["size", 0.52, "effective-lines", 118, 3]],
}
WISH: dict[str, Any] = {"wish": "W463", "list": "community-wishlist", "title": "Dark [[mode]]"}
WISH |= {"day": "2025-06-01", "share": 0.7}

HIDING = {"schema": 1, "state": "ready", "total": {"issues": 1, "wishes": 0, "together": 1}}
"""Who hides everything but the count."""


def show(wiki: Wiki, *options: str, title: str = ADA) -> tuple[list[str], dict[str, Any]]:
    """Render the template once for each of *options*; the HTML of each, and all of the answer."""
    text = BREAK.join(f"{{{{Developer badges|{one}}}}}" for one in options)
    props = "text|categories|templates|indicators|limitreportdata|parsewarnings"
    parse = wiki.ada.parse(text, title, prop=props)
    check(parse)
    return re.split("<hr ?/?>", parse["text"]), parse


def works_page(*works: Any, **more: Any) -> dict[str, Any]:
    return {"schema": 1, "year": 2025, "works": list(works)} | more


def test_a_userbox_says_in_a_sentence_what_its_number_is(kit_wiki: Wiki, publish: Publish):
    publish("people/Ada Example", a_person())
    publish("people/Grace Example", a_person(staff=True, badges=[]))

    [box, badge, none, hostile, work], _ = show(
        kit_wiki,
        "show=userbox",
        "show=userbox|badge=task-tamer",
        "show=userbox|badge=barn-raiser",
        "show=userbox|badge=<b>x",
        "Grace Example|show=userbox",
    )

    assert (
        words(box) == "13 This user helped to resolve 13 issues and wishes of Wikimedia software."
    )
    assert 'role="group" aria-label="Developer badges: Ada Example"' in box
    picture = r'title="Developer Wiki:Developer badges"><span [^>]*role="img" aria-label="Developer'
    assert re.search(picture, box)
    assert words(badge) == "II This user earned the developer badge Task Tamer (silver)."
    assert words(none) == "The badge Barn Raiser is not shown for Ada Example."
    assert words(hostile) == "The badge <b>x is not shown for Ada Example."
    assert words(work).startswith("This account is used at work")


def test_icons_stand_beside_the_title_and_carry_their_names(kit_wiki: Wiki, publish: Publish):
    ids = ("duet", "gardener", "unbreaker", "safety-net", "deep-diver", "task-tamer", "laureate")
    badges = [{"id": one, "tier": 1} for one in ids]
    badges += [{"id": "barn-raiser", "tier": 4}, {"id": "polyglot-programmer", "tier": 0}]
    publish("people/Ada Example", a_person(badges=badges))
    publish("people/Grace Example", a_person())

    _, own = show(kit_wiki, "show=icons", "show=icons|badge=laureate", "Grace Example|show=icons")
    icons = own["indicators"]

    assert words(own["text"]) == ""
    assert set(icons) == {
        "developer-badges-1-barn-raiser",
        *(f"developer-badges-4-{one}" for one in ("laureate", *ids[:4])),
    }, "the best five, the one asked for, and none of somebody else beside her name"
    assert "on the user page and talk page of the person" in " ".join(own["parsewarnings"])
    icon = icons["developer-badges-1-barn-raiser"]
    assert 'role="img" aria-label="Barn Raiser (platinum): Ada Example"' in icon
    assert 'title="Developer Wiki:Developer badges"' in icon
    for each in icons.values():
        assert not Page(each).dangers


def test_icons_that_cannot_be_shown_leave_only_a_warning(kit_wiki: Wiki, publish: Publish):
    publish("people/Ada Example", a_person())
    hostile = {"id": "of-this-wiki", "name": "]]|<b>{{x}}[[Category:Hacked]]", "tier": 3}
    publish("people/Grace Example", a_person(badges=[hostile]))

    _, none = show(kit_wiki, "Nobody Known|show=icons", "show=icons|badge=barn-raiser")
    _, elsewhere = show(kit_wiki, "Ada Example|show=icons", title="Sandbox")
    _, strange = show(kit_wiki, "Grace Example|show=icons", title="User talk:Grace Example")

    for parse in (none, elsewhere):
        assert words(parse["text"]) == ""
        assert not parse["indicators"]
    warnings = words(" ".join(none["parsewarnings"]))
    assert "No badges yet for Nobody Known" in warnings
    assert "The badge Barn Raiser is not shown for Ada Example." in warnings
    assert "on the user page and talk page of the person" in " ".join(elsewhere["parsewarnings"])
    assert list(strange["indicators"]) == ["developer-badges-2-of-this-wiki"]
    assert "<b>" not in strange["indicators"]["developer-badges-2-of-this-wiki"]


def test_the_works_of_a_year_stand_in_a_table_with_their_reasons(kit_wiki: Wiki, publish: Publish):
    reasons = [
        *WORK["reasons"],
        ["x", 1, "no-such-fact", 118, "a"],
        ["x", 1, "<b>bare"],
        ["x", 1, "rounds", {"wikitext": "[[Category:Hacked]]"}],
        "rubbish",
        ["size"],
    ]
    series = WORK | {"work": "mediawiki/core~1100001", "counted": 3.9, "paid": True}
    bad = [5, {}, {"work": ["T1"]}, WORK | {"share": "x"}, {"work": "T1", "share": -1}, None]
    faulty = {
        "work": "'''T9''']]",
        "share": 0.5,
        "day": 5,
        "about": [],
        "points": "x",
        "reviews": 3,
    }
    old = WISH | {"day": "2024-01-01"}
    publish("people/Ada Example", a_person(
        works=["2023", 2022, "2024", "2025-01", "2025-02", "2025-02-2", "../2025", ["2025"]],
        wishes=[WISH, old, 5, {}, WISH | {"title": 5}, WISH | {"share": None}],
    ))  # fmt: skip
    publish("people/Ada Example/work-2025-01", works_page(WORK | {"reasons": reasons}, *bad))
    publish("people/Ada Example/work-2025-02", works_page(series, faulty))
    publish("people/Ada Example/work-2025-02-2", {"schema": 2})

    [page], _ = show(kit_wiki, "show=table")
    shown = words(page)
    assert "Wishes granted: Dark [[mode]] (W463), 1 Jun 2025: 70 % of the credit" in shown
    assert shown.count("of the credit") == 1
    assert 'role="region" tabindex="0" aria-label="Works of Ada Example in 2025"' in page
    assert page.count('scope="col"') == 6
    assert page.count("<tr") == 1 + 3
    assert 'href="https://phabricator.wikimedia.org/T312345"' in page
    assert 'href="https://gerrit.wikimedia.org/r/c/mediawiki/core/+/1100001"' in page
    assert "T312345 (an issue) dialog: [[Close]] on Escape 4 Mar 2025 5.5 (estimate)" in shown
    assert "difficulty 0.41 · impact 0.34 70 % 3.9, of which 3.5 count" in shown
    assert "118 effective lines in 3 files no-such-fact: 118 · a <b>bare rounds of review" in shown
    assert "3.9 (paid work: not counted)" in shown
    assert "Some works of the year cannot be read just now." in shown
    assert "Works of other years, on their data pages: 2024 2023" in shown
    assert "can be less than issues and wishes added up" in shown
    assert "work-2024.json" in page


def test_a_table_of_works_ends_and_says_where_the_rest_is(kit_wiki: Wiki, publish: Publish):
    hidden = {"work": "T1", "day": "2024-03-04", "main": "a~1", "about": "x", "share": 0.5}
    many = [hidden | {"work": f"T{number}"} for number in range(150)]
    publish("people/Ada Example", a_person(works=["2023", "2024-01", "2024-02", "2024-03"]))
    publish("people/Ada Example/work-2024-02", works_page(*many))
    newest = works_page(*many, corrected=[{"work": "T8"}, {"work": "T9"}])
    publish("people/Ada Example/work-2024-03", newest)
    publish("people/Ada Example/work-2023", works_page(hidden))
    publish("people/Grace Example", HIDING)

    [full, one, none, nothing], parse = show(
        kit_wiki,
        "show=table|year=soon",
        "show=table|year=2023",
        "show=table|year=2020",
        "Grace Example|show=table",
    )

    assert full.count("<tr") == 1 + 200
    more = "all works of the year stand on these data pages: 2024-03 2024-02 2024-01"
    assert more in words(full)
    assert "Share T149 x 4 Mar 2024 50 % T148 x" in words(full), "the newest first"
    assert re.search("T0 x .* T149 x .* T100 x .* T9 T8", words(full))
    assert "T99 x" not in words(full).split("T149 x")[2]
    assert "(an issue)" not in words(full)
    assert not [page for page in parse["templates"] if "work-2024-01" in page["title"]]
    assert "Work Day Share T1 x 4 Mar 2024 50 % Works of other years" in words(one)
    assert "The table ends here" not in one
    assert words(none).startswith("There are no works of Ada Example in 2020 to show.")
    assert words(nothing) == "There are no works of Grace Example to show."


def test_wishes_are_linked_where_the_settings_say_whereto(kit_wiki: Wiki, publish: Publish):
    publish("people/Ada Example", a_person(works=["2025"], wishes=[WISH, WISH | {"wish": "W1]]"}]))
    publish("people/Ada Example/work-2025", works_page(WORK))
    config = "Module:Developer badges/config.json"
    good = kit_wiki.admin.get(config) or ""
    try:
        kit_wiki.admin.edit(config, good.replace("{", '{"wishlist": "Community Wishlist/",', 1))
        [page], _ = show(kit_wiki, "show=table")
    finally:
        kit_wiki.admin.edit(config, good)

    assert 'title="Community Wishlist/W463 (page does not exist)"' in page
    assert "(W1]])" in words(page)


def test_the_way_to_the_next_tiers_begins_with_the_nearest(kit_wiki: Wiki, publish: Publish):
    badges = [
        {"id": "task-tamer", "tier": 2, "value": 27, "next": 250, "more": 223},
        {"id": "patch-quilter", "tier": 1, "value": 25, "next": 50, "more": 25},
        {"id": "barn-raiser", "tier": 0, "value": 5, "next": 10, "more": 5},
        {"id": "archaeologist", "tier": 1, "value": 9.2, "next": 10, "times": 3},
        {"id": "gardener", "tier": 1, "value": 4, "next": 5, "more": 1},
        {"id": "laureate", "tier": 4, "value": 4, "next": 5},
        {"id": "duet", "tier": 1, "value": 9, "next": 5},
    ]
    publish("people/Ada Example", a_person(badges=badges))
    publish("people/Grace Example", HIDING)

    [nearest, one, largest, top, unknown, nothing, box, icons], parse = show(
        kit_wiki,
        "show=next",
        "show=next|badge=task-tamer",
        "show=next|badge=archaeologist",
        "show=next|badge=laureate",
        "show=next|badge=no-such",
        *(f"Grace Example|show={view}" for view in ("next", "userbox", "icons")),
    )

    assert words(nearest) == (
        "The way to the next badges Ada Example"
        " Gardener Works that made the code at least 100 lines shorter 4 of 5: 1 more to silver"
        " Patch Quilter Patches merged 25 of 50: 25 more to silver"
        " Barn Raiser Points earned in all 5 of 10: 5 more to bronze About these badges"
    )
    assert re.search(r'devbadges-bar"[^>]* aria-hidden="true"', nearest)
    assert "width:80%" in nearest
    assert "27 of 250: 223 more to gold" in words(one)
    assert "Patch Quilter" not in one
    assert "silver begins at 10; the largest so far is 9.2" in words(largest)
    assert words(top).startswith("There is no further tier of Laureate to reach just now.")
    assert words(unknown) == "The badge no-such is not shown for Ada Example."
    assert words(nothing).startswith("There is no further tier to show for Grace Example")
    assert words(box).startswith("1 This user helped to resolve 1 issue or wish")
    assert words(icons) == ""
    assert not parse["indicators"]


def test_the_wall_is_one_page_however_many_stand_on_it(kit_wiki: Wiki, publish: Publish):
    names = [{"person": f"Person {number:03}", "together": 1} for number in range(510)]
    bad = [5, {}, {"person": "A/B"}, {"person": 7}, {"person": "]]<b>", "together": 1}]
    hers = {"person": "Zoë", "together": "many", "badges": []}
    first = {"person": "Ada Example", "together": 13, "badges": 5}
    publish(
        "statistics", {"schema": 1, "people": 600, "more": 300, "wall": [*bad, first, hers, *names]}
    )

    [wall, twice], parse = show(kit_wiki, "show=wall", "Nobody Known|show=wall", title="Sandbox")

    assert words(wall) == words(twice)
    assert words(wall).startswith(
        "Ada Example (13 issues and wishes · 5 badges) Zoë Person 000 (1 issue or wish)"
    )
    assert wall.count("<li") == 500
    assert words(wall).endswith("312 more people are not listed here.")
    of_bot = [page["title"] for page in parse["templates"] if "BadgeBot" in page["title"]]
    assert of_bot == ["User:BadgeBot/Developer badges/statistics.json"]


def test_whatever_is_written_to_a_view_stays_text(kit_wiki: Wiki, publish: Publish):
    publish("people/Ada Example", a_person(works=["2025"]))
    publish("people/Ada Example/work-2025", works_page(WORK))
    views = ("userbox", "icons", "table", "next", "wall")
    calls = [
        f"Ada Example|show={view}|badge={text}|year={text}|lang={text}"
        for view in views
        for text in HOSTILE
    ]

    _, parse = show(kit_wiki, *calls)

    limits = {one["name"]: one.get("0", one.get(0)) for one in parse["limitreportdata"]}
    assert int(limits["limitreport-expensivefunctioncount"]) <= 3
