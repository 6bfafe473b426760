"""What people hide is written on no page: as stories, and in worlds made at random."""

import json
import re
import tempfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.describe import terms_of
from bot.explain import explain_person, explain_work, find_person
from bot.round import describe_all
from bot.rulebook import known_rules
from bot.world import Round
from scoring.catalogue import CATALOGUE
from scoring.model import Wish
from tests.bot.scene import HOME, REGISTRY, ROOT, Scene
from tests.builders import a_change, a_task
from tests.fakes import FakeWishlist
from wikitext.choices import Choices
from wikitext.json_text import dumps, loads
from wikitext.rules_page import TITLE

POINTS = {"score", "points", "difficulty", "impact", "credit", "counted", "estimate", "reasons"}
THANKS = "mediawiki/extensions/Thanks"


class Wishing(Scene):
    """A scene with a wishlist, and Root, who accepts reviews."""

    def __init__(self, folder):
        super().__init__(folder)
        self.wishlist = FakeWishlist()
        self.wiki.groups["Root"] = {"sysop"}

    def world(self, **changed):
        return super().world(wishlist=self.wishlist, **changed)

    def wish(self, key, tasks, title="Dark mode"):
        wish = Wish(key, "done", tasks, date(2025, 7, 1), 40, title, "community-wishlist")
        self.wishlist.found[key] = (self.now - timedelta(days=1), wish)

    def reviews(self, *lines):
        self.wiki.edit(f"{ROOT}/Reviews/2026", "\n".join(lines), "Root", self.now)

    def statistics(self):
        return loads(self.wiki.text(f"{HOME}/statistics.json"))

    def pages(self):
        """Every page that the bot wrote, as it stands."""
        return {t: self.wiki.text(t) for t in self.wiki.pages if t.startswith(HOME)}


@pytest.fixture
def ada(tmp_path):
    """Ada, with an issue that grants a wish, an issue without a wish, and a series."""
    scene = Wishing(tmp_path)
    scene.exists("Ada", "Bert")
    scene.registers("Ada")
    scene.registers("Bert")
    scene.merges(
        a_change(1, "gerrit:Ada", tasks=(100,)),
        a_change(2, "gerrit:Bert", tasks=(100,)),
        a_change(3, "gerrit:Ada", tasks=(200,), subject="cite: Follow up on T100"),
        a_change(50, "gerrit:Ada", subject="thanks: After Thanks~1"),
        a_change(400, "gerrit:Ada", tasks=(300,)),
    )
    for number in (100, 200):
        scene.task(a_task(number))
    scene.task(a_task(300, closed=date(2026, 3, 1)))
    scene.wish("W463", (100,))
    yield scene
    scene.ledger.close()


def named(key, pages):
    """The titles of pages whose text holds this key."""
    whole = re.compile(rf"(?<![0-9A-Za-z]){re.escape(key)}(?![0-9A-Za-z])")
    return {title for title, text in pages.items() if whole.search(text)}


def keys_of(value):
    """Every key of every object in a value."""
    if isinstance(value, dict):
        return set(value).union(*map(keys_of, value.values()))
    return set().union(*map(keys_of, value)) if isinstance(value, list) else set()


def test_a_hidden_score_is_on_no_page_in_no_form(ada):
    ada.round()
    assert named("barn-raiser", ada.bytes_of("Ada"))
    others = ada.bytes_of("Bert")
    before = ada.statistics()

    ada.chooses("Ada", "hide=score|goal=score:100")
    ada.round()

    pages = ada.bytes_of("Ada")
    assert not set().union(*(keys_of(loads(text)) for text in pages.values())) & {*POINTS, "goal"}
    assert not named("barn-raiser", pages)
    assert ada.page("Ada")["total"].keys() == {"issues", "wishes", "together", "patches", "reviews"}
    assert ada.works("Ada")["T200"]["share"] == 1
    assert (ada.bytes_of("Bert"), ada.statistics()) == (others, before)


def test_a_badge_whose_value_is_that_of_the_largest_work_goes_with_the_score(ada):
    largest = {"id": "giant", "counts": "works", "tiers": [1], "name": "Giant", "highest": "points"}
    examples = [
        {"has": [{"points": 2}], "tier": 1},
        {"has": [{"points": 0}], "tier": 0},
    ]
    rules = {"schema": 1, "badges": {"giant": {**largest, "examples": examples}}}
    ada.wiki.edit(TITLE, json.dumps(rules), "Root", ada.now)
    ada.round()
    assert named("giant", ada.bytes_of("Ada"))

    ada.chooses("Ada", "hide=score")
    ada.round()

    assert not named("giant", ada.bytes_of("Ada"))
    assert named("giant", ada.bytes_of("Bert"))


def test_a_hidden_work_is_on_no_page_by_any_name_and_counts_on(ada):
    ada.round()
    ada.reviews(
        "* {{Developer badges/Review|work=T200|harder-than=T100|reason=x|accepted=yes}}",
        "* {{Developer badges/Review|work=T100|size=large|reason=x}}",
    )
    ada.round()
    before, others = ada.page("Ada"), ada.bytes_of("Bert")
    assert ada.works("Ada")["T200"]["reviews"][0]["value"] == "T100"

    ada.chooses("Ada", "hide=t100")
    ada.round()

    pages = ada.bytes_of("Ada")
    assert not named("T100", pages)
    assert not named(f"{THANKS}~1", pages)
    assert ada.works("Ada")["T200"]["reviews"][0]["value"] == ""
    assert ada.works("Ada")["T200"]["about"] == ""
    assert ada.page("Ada") == before
    assert ada.bytes_of("Bert") == others
    assert named("T100", others)


def test_a_hidden_work_stays_hidden_when_its_task_is_reopened_or_merged_into_another(ada):
    ada.chooses("Ada", "hide=T200")
    ada.round()
    assert f"{THANKS}~3" not in "".join(ada.bytes_of("Ada").values())

    ada.task(a_task(200, status="open", closed=None), touched=ada.now)
    ada.round()
    reopened = ada.bytes_of("Ada")
    ada.task(a_task(200, status="duplicate", duplicate_of=300), touched=ada.now)
    ada.task(a_task(300, closed=date(2026, 3, 1), merged=(200,)), touched=ada.now)
    ada.round()
    merged = ada.bytes_of("Ada")

    for pages in (reopened, merged):
        assert not named("T200", pages)
        assert not named(f"{THANKS}~3", pages)
    assert named("T300", reopened)
    assert not named("T300", merged)


def test_a_change_of_a_hidden_work_is_not_named_as_part_of_another(ada):
    ada.merges(
        a_change(5, "gerrit:Ada", tasks=(400, 401)), a_change(6, "gerrit:Ada", tasks=(402, 403))
    )
    for number in (400, 401, 402):
        ada.task(a_task(number))
    ada.task(a_task(403, status="open", closed=None))
    ada.round()
    assert ada.works("Ada")["T401"]["main"] == f"{THANKS}~5"

    ada.chooses("Ada", "hide=T400,T403")
    ada.round()

    for number in (401, 402):
        work = ada.works("Ada")[f"T{number}"]
        assert (work["main"], work["about"]) == ("", "")
    assert not named(f"{THANKS}~5", ada.bytes_of("Ada")) | named(f"{THANKS}~6", ada.bytes_of("Ada"))


def test_a_year_whose_works_are_all_hidden_has_no_page_any_more(ada):
    ada.round()
    assert ada.page("Ada")["works"] == ["2025", "2026"]

    ada.chooses("Ada", f"hide=T300,{THANKS}~400")
    ada.round()

    assert ada.page("Ada")["works"] == ["2025"]
    assert loads(ada.wiki.text(f"{HOME}/people/Ada/work-2026.json"))["state"] == "left"
    assert ada.page("Ada")["total"]["issues"] == 3
    assert [one["year"] for one in ada.page("Ada")["years"]] == [2025, 2026]


def test_what_was_corrected_away_is_hidden_like_a_work(ada):
    ada.reviews("* {{Developer badges/Review|work=T200|fix=no|reason=x|accepted=yes}}")
    ada.round()
    assert named("T200", ada.bytes_of("Ada"))

    ada.chooses("Ada", "hide=T200")
    ada.round()

    assert not named("T200", ada.bytes_of("Ada"))


def test_a_hidden_wish_is_not_told_and_its_task_is_another_thing(ada):
    ada.chooses("Ada", "hide=w463")
    ada.round()

    assert ada.page("Ada")["wishes"] == []
    assert ada.page("Ada")["total"]["wishes"] == 1
    assert not named("W463", ada.bytes_of("Ada"))
    assert named("T100", ada.bytes_of("Ada"))
    ada.chooses("Ada", "hide=T100")
    ada.round()
    assert [one["wish"] for one in ada.page("Ada")["wishes"]] == ["W463"]


def test_evidence_that_leads_to_a_hidden_work_is_not_told_with_the_badge(ada):
    review = (
        "* {{{{Developer badges/Review|badge=laureate|person=Ada|date=2026-01-0{}|evidence={}"
        "|reason=x|accepted=yes}}}}"
    )
    ada.reviews(
        review.format(1, f"https://gerrit.example/c/{THANKS}/+/3"),
        review.format(2, "https://wiki.example/T200"),
        review.format(3, "https://wiki.example/Prize"),
    )
    ada.round()
    assert len(ada.page("Ada")["given"]) == 3

    ada.chooses("Ada", "hide=T200")
    ada.round()
    assert [one["evidence"] for one in ada.page("Ada")["given"]] == ["https://wiki.example/Prize"]

    ada.chooses("Ada", "hide=laureate")
    ada.round()
    assert "given" not in ada.page("Ada")
    assert not named("laureate", ada.bytes_of("Ada"))


def test_who_hides_all_shows_the_count_and_nothing_else(ada):
    ada.round()
    others = ada.bytes_of("Bert")

    ada.chooses("Ada", "hide=all|goal=together:50, 2027-01-01")
    ada.round()

    assert ada.page("Ada") == {
        "schema": 1,
        "state": "ready",
        "total": {"issues": 3, "wishes": 1, "together": 3},
        "goal": {"field": "together", "target": 50, "day": "2027-01-01"},
    }
    assert loads(ada.wiki.text(f"{HOME}/people/Ada/work-2025.json"))["state"] == "left"
    assert ada.bytes_of("Bert") == others
    ada.chooses("Ada", "hide=all|goal=patches:50")
    ada.round()
    assert "goal" not in ada.page("Ada")


@pytest.mark.parametrize("word", ["scores", "task-tammer", "score barn-raiser", "T100 T200"])
def test_who_hides_a_word_that_nobody_knows_is_shown_as_little_as_can_be(ada, word):
    ada.chooses("Ada", f"hide={word}")
    ada.round()

    assert ada.page("Ada").keys() == {"schema", "state", "total"}
    says = [said for one in ada.report() if one["person"] == "Ada" for said in one["says"]]
    assert ["hide-unknown"] in says
    assert word not in "".join(ada.pages().values())
    ada.chooses("Ada", "hide=task-tamer")
    ada.round()
    assert "works" in ada.page("Ada")
    assert "hide-unknown" not in ada.wiki.text(f"{HOME}/report.json")


def test_the_key_of_a_wish_of_another_list_is_known_once_the_wish_is(ada):
    ada.wiki.edit(
        f"{ROOT}/Wishes",
        "* {{Developer badges/Wish|list=wmde-wishes|wish=3b|title=Maps|status=done|tasks=T200"
        "|date=2025-07-01|accepted=yes}}",
        "Root",
        ada.now,
    )
    ada.round()
    assert named("wmde-wishes 3b", ada.bytes_of("Ada"))

    ada.chooses("Ada", "hide=WMDE-wishes 3B")
    ada.round()

    assert not named("wmde-wishes 3b", ada.bytes_of("Ada"))
    assert "works" in ada.page("Ada")


def test_a_choice_of_ones_own_counts_in_the_same_round_and_comes_before_all_other_edits(ada):
    ada.round()
    ada.chooses("Ada", "hide=all")
    ada.merges(*(a_change(n, "gerrit:Bert", merged=ada.now) for n in (500, 501)))
    ada.exists("Aaron")
    ada.registers("Aaron")

    ada.round(edit_budget=3)  # Two tombstones of work pages, and the data page.

    assert ada.page("Ada").keys() == {"schema", "state", "total"}
    assert f"{HOME}/people/Aaron.json" not in ada.wiki.pages
    ada.round()
    edits = len(ada.wiki.edits)
    ada.round()
    assert len(ada.wiki.edits) == edits


def test_who_hides_nothing_any_more_is_shown_again_with_the_very_same_bytes(ada):
    ada.round()
    before = ada.pages()
    for options in (
        "hide=all",
        "hide=score,T100,task-tamer,W463|wall=yes|goal=issues:5",
        "wall=no",
    ):
        ada.chooses("Ada", options)
        ada.round()

    after = ada.pages()
    assert {t: s for t, s in after.items() if "/people/" in t or "/statistics" in t} == {
        t: s for t, s in before.items() if "/people/" in t or "/statistics" in t
    }


def test_what_somebody_else_takes_out_of_a_line_does_not_show_what_it_hid(ada):
    ada.chooses("Ada", "hide=T100")
    ada.round()
    text = ada.wiki.text(REGISTRY)

    ada.wiki.edit(REGISTRY, text.replace("|hide=T100", ""), "Mallory", ada.now)
    ada.round()

    assert ada.page("Ada")["state"] == "left"
    assert not named("T100", ada.bytes_of("Ada"))


def test_the_terminal_shows_all_with_a_mark(ada):
    ada.chooses("Ada", "hide=score,T100,W463,task-tamer")
    ada.round()
    who = find_person(ada.ledger, "Ada")

    lines = list(explain_person(ada.ledger, who))
    marked = [line.split()[0] for line in lines if line.endswith("(hidden: on no page)")]
    assert marked == ["Task", "Barn", "wish", "T100"]
    assert "  hides the score: no points are on any page" in lines
    assert next(explain_work(ada.ledger, who, "T100")).endswith("(hidden: on no page)")


PEOPLE = ("Ada", "Bert", "Cleo")
TASKS = (100, 101, 102, 103)
SOME = st.frozensets(st.sampled_from(TASKS), max_size=2)
CHANGES = st.lists(st.tuples(st.sampled_from(PEOPLE), SOME, SOME), min_size=1, max_size=7)
WORDS = st.frozensets(
    st.one_of(
        st.sampled_from(["score", "all", "nonsense", "W463", "W464"]),
        st.sampled_from([f"T{number}" for number in TASKS]),
        st.integers(1, 7).map(lambda n: f"{THANKS}~{n}"),
        st.sampled_from([badge.id for badge in CATALOGUE]),
    ),
    min_size=1,
    max_size=4,
)


@st.composite
def worlds(draw):
    """Changes of three people that name and mention tasks, of which some are open or merged."""
    return {
        "changes": draw(CHANGES),
        "states": draw(st.tuples(*[st.sampled_from(["resolved", "open", "duplicate"])] * 4)),
        "wishes": draw(st.tuples(SOME, SOME)),
        "fix": draw(st.booleans()),
    }


def build(scene, world):
    scene.exists(*PEOPLE)
    for name in PEOPLE:
        scene.registers(name)
    for number, (name, tasks, mentioned) in enumerate(world["changes"], 1):
        told = " ".join(f"T{task}" for task in sorted(mentioned))
        tasks = tuple(sorted(tasks))
        scene.merges(a_change(number, f"gerrit:{name}", tasks=tasks, subject=f"do: It, see {told}"))
    for number, state in zip(TASKS, world["states"], strict=True):
        into = 103 if state == "duplicate" and number != 103 else None
        scene.task(
            a_task(
                number,
                status=state if into or state != "duplicate" else "resolved",
                duplicate_of=into,
            )
        )
    for key, tasks in zip(("W463", "W464"), world["wishes"], strict=True):
        scene.wish(key, tuple(sorted(tasks)))
    scene.reviews(
        "* {{Developer badges/Review|work=T100|harder-than=T101|reason=x|accepted=yes}}",
        f"* {{{{Developer badges/Review|work=T101|harder-than={THANKS}~1|reason=x}}}}",
        "* {{Developer badges/Review|work=T102|fix=no|reason=x|accepted=yes}}" if world["fix"] else "",
    )  # fmt: skip


def described(scene, words=()):
    """The text of every page as a round would make it, with Ada hiding these words."""
    who = find_person(scene.ledger, "Ada")
    scene.ledger.people.join(
        who.central, who.user, who.name, who.developer, who.digest, choices=Choices(tuple(words))
    )
    world = replace(scene.world(), book=known_rules(scene.ledger))
    pages = describe_all(world, Round(), terms_of(world.book, scene.now.date()))
    return {title: dumps(page) for title, page in pages.items()}


@settings(max_examples=6)
@given(worlds(), st.lists(WORDS, min_size=6, max_size=12))
def test_nothing_that_is_hidden_is_on_any_page_of_that_person_and_no_other_page_changes(
    world, choices
):
    with tempfile.TemporaryDirectory() as folder:
        scene = Wishing(Path(folder))
        build(scene, world)
        scene.round()
        before = described(scene)
        assert before == {title: dumps(loads(text)) for title, text in scene.pages().items()}
        after = [(words, described(scene, sorted(words))) for words in choices]
        scene.ledger.close()
    for words, pages in after:
        hides(world, words, before, pages)


def hides(world, words, before, after):
    """Whether these words are hidden, and nothing else is another."""
    is_mine = re.compile(rf"{HOME}/people/Ada(/.*)?\.json")
    mine = {title: text for title, text in after.items() if is_mine.fullmatch(title)}
    hidden = {word for word in words if word[:1] in "TWm"}
    # A hidden task takes its changes with it.
    hidden |= {
        f"{THANKS}~{number}"
        for number, (_, tasks, _) in enumerate(world["changes"], 1)
        if any(f"T{task}" in words for task in tasks)
    }
    assert not {key for key in hidden if named(key, mine)}
    text = "".join(mine.values())
    badges = words & {badge.id for badge in CATALOGUE}
    assert not {one for one in badges if f'"{one}"' in text}
    everything = set().union(*(keys_of(loads(one)) for one in mine.values()))
    if "score" in words:
        assert not everything & POINTS
        assert '"barn-raiser"' not in text
    if words & {"all", "nonsense"}:
        assert everything == {"schema", "state", "total", "issues", "wishes", "together"}
    else:
        assert after[f"{HOME}/statistics.json"] == before[f"{HOME}/statistics.json"]
    theirs = {title for title in before if "/people/" in title and not is_mine.fullmatch(title)}
    assert {title: after[title] for title in theirs} == {title: before[title] for title in theirs}
