"""The statistics of the community: each thing once, nobody ranked, nothing told that somebody hides."""

from dataclasses import replace
from datetime import date

from scoring.assess import assess
from scoring.catalogue import CATALOGUE
from scoring.model import Award, Wish
from scoring.record import record_of
from tests.builders import a_change, a_task
from wikitext.choices import Choices
from wikitext.hidden import NOTHING_HIDDEN, hidden_of
from wikitext.json_text import dumps
from wikitext.statistics_page import ENOUGH_PEOPLE, WALL, Member, statistics_page

ALL = hidden_of(Choices(("all",)), CATALOGUE, ())
REVIEWED = {"ada": (date(2025, 1, 1), date(2025, 2, 1)), "bert": (date(2026, 1, 1),)}


def record(who):
    """Ada and Bert share a task that granted a wish; Ada has a series of her own in the next year."""
    changes = [
        a_change(1, "ada", tasks=(9,)),
        a_change(2, "bert", tasks=(9,)),
        a_change(3, "ada", authors=("ada", "bert"), tasks=(9,)),
        a_change(400, "ada"),
    ]
    wish = Wish("W1", "done", (9,), date(2025, 7, 1), title="Maps")
    return record_of(who, assess(changes, [a_task(9)]), [wish], reviews=REVIEWED[who])


ADA, BERT = Member("Ada", record("ada"), NOTHING_HIDDEN), Member("Bert", record("bert"), NOTHING_HIDDEN)  # fmt: skip


def test_what_two_people_did_is_counted_once():
    page = statistics_page([ADA, BERT], CATALOGUE)

    assert page == {
        "schema": 1,
        "people": 2,
        "total": {"issues": 1, "wishes": 1, "together": 1, "patches": 4, "reviews": 3},
        "years": [
            {"year": 2025, "issues": 1, "wishes": 1, "together": 1, "patches": 3, "reviews": 2},
            {"year": 2026, "issues": 0, "wishes": 0, "together": 0, "patches": 1, "reviews": 1},
        ],
        "wall": [],
    }
    assert statistics_page([BERT, ADA], CATALOGUE) == page


def test_who_hides_all_is_in_the_count_alone():
    page = statistics_page([replace(ADA, hidden=ALL), BERT], CATALOGUE)

    assert page["total"] == {"issues": 1, "wishes": 1, "together": 1, "patches": 2, "reviews": 1}
    assert page["years"] == statistics_page([BERT], CATALOGUE)["years"]


def many(number, **changed):
    awards = (Award("task-tamer", 2, 30.0), Award("barn-raiser", 1, 12.0), Award("duet", 0, 0.0))
    return [
        Member(f"P{n:04}", replace(BERT.record, awards=awards), NOTHING_HIDDEN, **changed)
        for n in range(number)
    ]


def test_badges_are_told_from_twenty_people_on_and_hidden_ones_are_not_counted():
    few = many(ENOUGH_PEOPLE - 1)
    assert "badges" not in statistics_page(few, CATALOGUE)
    assert "badges" not in statistics_page([*few, replace(ADA, hidden=ALL)], CATALOGUE)

    score = hidden_of(Choices(("score",)), CATALOGUE, ())
    tamer = hidden_of(Choices(("task-tamer",)), CATALOGUE, ())
    first, second, *rest = many(ENOUGH_PEOPLE)
    page = statistics_page(
        [replace(first, hidden=score), replace(second, hidden=tamer), *rest], CATALOGUE
    )

    told = {badge["id"]: badge["tiers"] for badge in page["badges"]}
    assert page["shown"] == ENOUGH_PEOPLE
    assert told["task-tamer"] == [0, ENOUGH_PEOPLE - 1, 0, 0]
    assert told["barn-raiser"] == [ENOUGH_PEOPLE - 1, 0, 0, 0]
    assert told["duet"] == [0] * len(told["duet"])


def test_the_wall_has_who_wants_it_in_the_order_of_names():
    names = ("ada", "Zoe", "Ada", "Émile", "bert")
    members = [Member(name, many(1)[0].record, NOTHING_HIDDEN, wall=True) for name in names]
    members[1] = replace(members[1], hidden=ALL)
    tamer = hidden_of(Choices(("task-tamer",)), CATALOGUE, ())
    members[4] = replace(members[4], hidden=tamer)

    wall = statistics_page([*members, many(1)[0]], CATALOGUE)["wall"]

    assert wall == [
        {"person": "Ada", "together": 1, "badges": 2},
        {"person": "ada", "together": 1, "badges": 2},
        {"person": "bert", "together": 1, "badges": 1},
        {"person": "Zoe", "together": 1},
        {"person": "Émile", "together": 1, "badges": 2},
    ]


def test_a_wall_of_five_thousand_people_says_how_many_it_does_not_show():
    members = [replace(one, name=one.name + "\u4e00" * 55) for one in many(5000, wall=True)]
    page = statistics_page(members, CATALOGUE)

    assert (len(page["wall"]), page["more"]) == (WALL, 5000 - WALL)
    assert len(dumps(page).encode()) < 1_000_000
