"""The tiers people hold, round by round: kept in the ledger, shown on the pages, found again on them."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import NeedsAcceptance
from bot.explain import explain_person, find_person
from bot.round import describe_all
from bot.tiers import Terms
from bot.world import Round
from scoring.catalogue import CATALOGUE
from scoring.decides import name_of
from scoring.rules import Rules
from sources.port import SourceChanged, SourceUnreachable
from tests.bot.scene import HOME, REGISTRY
from tests.builders import a_change, a_task
from wikitext.held import tiers_on_page
from wikitext.json_text import dumps
from wikitext.rules_page import TITLE

TAMER = next(badge for badge in CATALOGUE if badge.id == "task-tamer")


def rules(*tiers, **more):
    """The rules with other lines for Task Tamer."""
    tamer = replace(TAMER, tiers=tiers, **more)
    return Rules(badges=tuple(tamer if one == TAMER else one for one in CATALOGUE))


def badge(page, name="task-tamer"):
    return next((one for one in page["badges"] if one["id"] == name), None)


@pytest.fixture
def ada(scene):
    """Ada has resolved four tasks."""
    scene.exists("Ada")
    scene.registers("Ada")
    scene.merges(*(a_change(n, "gerrit:Ada", tasks=(n + 100,)) for n in range(1, 5)))
    for number in range(101, 105):
        scene.task(a_task(number), owner="Ada")
    return scene


def under(scene, terms, done=None):
    """Ada's page as it would be under these terms."""
    return describe_all(scene.world(), done or Round(), terms)[f"{HOME}/people/Ada.json"]


def reopen(scene, *numbers):
    for number in numbers:
        scene.task(a_task(number, status="open"), touched=scene.now)


def test_a_page_shows_tier_day_line_and_how_many_more(ada):
    ada.round()

    assert badge(ada.page("Ada")) == {
        "id": "task-tamer", "tier": 1, "since": "2025-06-01", "value": 4, "line": 3, "next": 25,
        "more": 21,
    }  # fmt: skip


def test_evidence_that_is_gone_takes_a_tier_in_the_second_full_check_and_not_before(ada):
    ada.round()
    reopen(ada, 101, 102)
    ada.round()
    assert badge(ada.page("Ada"))["tier"] == 1
    ada.round(full=True)
    assert badge(ada.page("Ada"))["tier"] == 1  # It was noted on this very day.
    ada.now += timedelta(days=7)
    ada.round()
    assert badge(ada.page("Ada"))["tier"] == 1
    ada.round(full=True)

    shown = badge(ada.page("Ada"))
    assert (shown["tier"], shown["taken"]) == (0, {"tier": 1, "line": 3, "value": 2})
    edits = len(ada.wiki.edits)
    ada.now += timedelta(days=7)
    ada.round(full=True)
    assert len(ada.wiki.edits) == edits


def test_a_full_check_in_which_a_source_failed_takes_nothing(ada):
    ada.round()
    reopen(ada, 101, 102)
    ada.round()
    ada.now += timedelta(days=7)
    ada.gerrit.trouble = SourceUnreachable("gerrit", "It did not answer.")
    ada.round(full=True)

    assert badge(ada.page("Ada"))["tier"] == 1


def test_a_full_check_takes_nothing_of_whom_an_account_cannot_be_read_and_of_others_it_does(ada):
    """Ada's work is found under her new account only, and Gerrit makes no sense of that one."""
    ada.exists("Bert", "AdaNew")
    ada.phabricator.developers["AdaNew"] = ada.phabricator.developers["Ada"]
    ada.merges(*(a_change(n, "gerrit:Bert", tasks=(n + 100,)) for n in range(11, 14)))
    for number in range(111, 114):
        ada.task(a_task(number), owner="Bert")
    ada.registers("Bert")
    ada.round()
    before = badge(ada.page("Ada"))["tier"]
    real = ada.gerrit.merged_by

    def no_sense_of_ada(key):
        if key == "gerrit:AdaNew":
            raise SourceChanged("Gerrit makes no sense of this account.")
        return real(key)

    ada.gerrit.merged_by = no_sense_of_ada
    moved = ada.wiki.text(REGISTRY).replace("developer=Ada}}", "developer=AdaNew}}")
    ada.wiki.edit(REGISTRY, moved, "Ada", ada.now)
    reopen(ada, 101, 102, 103, 104, 111)
    for _ in range(3):
        ada.round(full=True)
        ada.now += timedelta(days=7)

    assert badge(ada.page("Ada"))["tier"] == before == 1
    assert badge(ada.page("Bert"))["taken"] == {"tier": 1, "line": 3, "value": 2}


def test_other_rules_take_nothing_and_give_nothing_for_a_fortnight(ada):
    ada.round()
    old = Rules()
    higher = Terms(rules(50), old, ada.now.date(), weekly=True)
    lower = Terms(rules(1, 2, 3), old, ada.now.date(), weekly=True)

    assert badge(under(ada, higher))["tier"] == 1
    shown = badge(under(ada, lower))
    assert (shown["tier"], shown["waits"], "next" in shown) == (1, 3, False)
    assert badge(under(ada, replace(lower, before=None)))["tier"] == 3


def test_rules_that_value_work_otherwise_are_judged_by_both(ada):
    """Under the old rules nothing was worth a point; so the points are new, and wait."""
    ada.round()
    low = replace(Rules(), small_sum=0.0, badges=CATALOGUE)
    generous = replace(
        Rules(),
        badges=tuple(replace(b, tiers=(1, 2)) if b.id == "barn-raiser" else b for b in CATALOGUE),
    )
    older = replace(low, small_points=101.0)
    page = under(ada, Terms(generous, older, ada.now.date()))

    assert badge(page, "barn-raiser")["waits"] == 2


def test_a_retired_badge_is_shown_to_who_holds_it_and_offered_to_nobody(ada):
    ada.exists("Bert")
    ada.registers("Bert")
    ada.merges(a_change(50, "gerrit:Bert"))
    ada.round()
    pages = describe_all(ada.world(), Round(), Terms(rules(5, 25, state="retired")))

    shown = badge(pages[f"{HOME}/people/Ada.json"])
    assert (shown["tier"], shown["state"], "next" in shown) == (1, "retired", False)
    assert badge(pages[f"{HOME}/people/Bert.json"]) is None


def test_a_badge_that_no_message_names_brings_its_name_along(ada):
    ada.round()
    own = replace(TAMER, id="of-this-wiki", name="Of this wiki")
    page = under(ada, Terms(Rules(badges=(own,)), accept=True))

    assert [one.get("name") for one in page["badges"]] == ["Of this wiki"]
    assert not any("name" in one for one in ada.page("Ada")["badges"])


def test_an_empty_ledger_finds_the_tiers_again_on_the_pages(ada):
    ada.round()
    reopen(ada, 101, 102, 103)
    ada.round()
    before = ada.bytes_of("Ada")
    lose_the_ledger(ada)

    ada.round()

    assert ada.bytes_of("Ada") == before
    assert badge(ada.page("Ada"))["tier"] == 1


def lose_the_ledger(scene):
    scene.ledger.close()
    scene.database.lose()
    scene.ledger = scene.database.open()


def test_an_empty_ledger_keeps_a_tier_whose_rule_was_tightened_while_it_was_lost(ada):
    ada.round()
    lose_the_ledger(ada)
    decided = {"badges": {"task-tamer": {"where": [{"field": "changes", "least": 2}]}}}
    ada.wiki.edit(TITLE, json.dumps({"schema": 1, **decided}), "Root")
    for _ in range(3):
        ada.round(full=True)
        ada.now += timedelta(days=1)

    assert (badge(ada.page("Ada"))["tier"], badge(ada.page("Ada"))["value"]) == (1, 0)


def test_an_empty_ledger_finds_all_the_tiers_on_the_page_so_that_nobody_falls_to_nothing(
    ada, tmp_path
):
    ada.round()
    ada.merges(*(a_change(n, "gerrit:Ada", tasks=(n + 100,)) for n in range(5, 26)))
    for number in range(105, 126):
        ada.task(a_task(number), owner="Ada", touched=ada.now)
    ada.round()
    assert badge(ada.page("Ada"))["tier"] == 2
    assert badge(ada.page("Ada"))["below"] == [{"tier": 1, "since": "2025-06-01", "line": 3}]
    lose_the_ledger(ada)
    decided = {"badges": {"task-tamer": {"tiers": [10, 25]}}}
    ada.wiki.edit(TITLE, json.dumps({"schema": 1, **decided}), "Root")
    ada.round()
    reopen(ada, *range(105, 126))
    for _ in range(2):
        ada.round(full=True)
        ada.now += timedelta(days=1)

    shown = badge(ada.page("Ada"))
    assert (shown["tier"], shown["line"], shown["taken"]["tier"]) == (1, 3, 2)


@pytest.mark.parametrize(
    "left",
    [
        "", "[]", "{", '{"state": "ready"}', '{"state": "ready", "badges": 7}',
        dumps({"state": "ready", "badges": [7, None, {}, {"id": 7}, {"id": "x", "tier": "1"}]}),
        dumps({"state": "ready", "badges": [{"id": "task-tamer", "tier": 4, "since": "soon", "line": 1}]}),
        dumps({"state": "ready", "badges": [{"id": "task-tamer", "tier": 9, "since": "2025-01-01", "line": 1}]}),
        dumps({"state": "ready", "badges": [{"id": "task-tamer", "tier": 4, "since": "2025-01-01", "line": 1e300}]}),
        dumps({"state": "ready", "badges": [{"id": "task-tamer", "below": [7, {"tier": 4, "since": 1, "line": 1}]}]}),
        dumps({"state": "ready", "badges": [{"id": "A B", "tier": 4, "since": "2025-01-01", "line": 1}]}),
        dumps({"state": "ready", "badges": [{"id": "task-tamer", "taken": {"tier": True, "line": [], "value": 1}}]}),
    ],
)  # fmt: skip
def test_what_is_damaged_on_a_page_gives_no_tier_and_stops_no_round(ada, left):
    ada.wiki.edit(f"{HOME}/people/Ada.json", left, "Administrator")
    ada.round()

    assert badge(ada.page("Ada"))["tier"] == 1
    assert ada.page("Ada")["badges"] == under(ada, Terms())["badges"]


def test_a_page_tells_of_tiers_exactly_what_was_written(ada):
    ada.round()
    found = tiers_on_page(ada.page("Ada"))

    assert {one.badge for one in found} >= {"task-tamer", "hello-world"}
    tamer = next(one for one in found if one.badge == "task-tamer")
    assert (tamer.tier, tamer.since.isoformat(), tamer.line) == (1, "2025-06-01", 3)


def test_pages_are_asked_for_tiers_once(ada):
    ada.round()
    asked = []
    original = ada.wiki.texts
    ada.wiki.texts = lambda titles: original([asked.append(one) or one for one in titles])
    ada.round()

    assert asked == []


def test_rehearsing_notes_no_tier(ada):
    ada.round()
    before = ada.ledger.tiers.all()
    with ada.ledger.rehearsal():
        ada.merges(*(a_change(n, "gerrit:Ada", merged=ada.now) for n in range(20, 60)))
        ada.round()
        assert ada.ledger.tiers.all() != before

    assert ada.ledger.tiers.all() == before


def test_explaining_somebody_notes_nothing(ada):
    ada.round()
    before = ada.ledger.tiers.all()
    reopen(ada, 101, 102)

    assert any(
        "Task Tamer: bronze" in line
        for line in explain_person(ada.ledger, find_person(ada.ledger, "Ada"))
    )
    assert ada.ledger.tiers.all() == before


def test_who_leaves_leaves_no_tier(ada):
    ada.round()
    ada.unregisters("Ada")
    ada.round()

    assert ada.ledger.tiers.all() == {}


def many(scene, people=5):
    names = [f"Person {n}" for n in range(people)]
    scene.exists(*names)
    for number, name in enumerate(names):
        scene.registers(name)
        scene.merges(a_change(number + 1, f"gerrit:{name}"))
    scene.round()
    return names


def replace_merged(change, moment):
    return change._replace(merged=moment)


def without(*gone):
    return Rules(badges=tuple(one for one in CATALOGUE if one.id not in gone))


def test_rules_that_take_badges_from_many_need_a_human(scene):
    many(scene)
    terms = Terms(without("hello-world"))
    with pytest.raises(NeedsAcceptance, match=r"from 5 of 5 people \(hello-world\).*--accept"):
        describe_all(scene.world(), Round(), terms)

    describe_all(scene.world(), Round(), replace(terms, accept=True))
    describe_all(scene.world(), Round(), terms)  # Once accepted, it is.


def test_rules_that_take_badges_from_few_or_retire_them_need_nobody(scene):
    many(scene, 3)
    describe_all(scene.world(), Round(), Terms(without("hello-world")))


def test_what_a_full_check_takes_is_no_doing_of_rules(scene):
    many(scene)
    scene.merges(
        *(
            a_change(n + 50, f"gerrit:Person {n}", reverts=f"mediawiki/extensions/Thanks~{n + 1}")
            for n in range(5)
        )
    )
    scene.gerrit.changes[-5:] = [
        replace_merged(one, scene.now) for one in scene.gerrit.changes[-5:]
    ]
    scene.round()
    scene.now += timedelta(days=2)
    day = scene.now.date()
    pages = describe_all(scene.world(), Round(), Terms(rules(6), Rules(), day, weekly=True))

    shown = badge(pages[f"{HOME}/people/Person 1.json"], "hello-world")
    assert (shown["tier"], shown["taken"]["tier"]) == (0, 1)


def test_badges_that_are_retired_need_nobody(scene):
    many(scene)
    retired = tuple(replace(one, state="retired") for one in CATALOGUE)
    pages = describe_all(scene.world(), Round(), Terms(Rules(badges=retired)))

    assert badge(pages[f"{HOME}/people/Person 1.json"], "hello-world")["tier"] == 1


def silent_notes(scene):
    page = json.loads(scene.wiki.text(f"{HOME}/report.json"))
    return [one["says"] for one in page["notes"] if one["says"][0][0] == "badge-silent"]


def test_a_rule_that_goes_blind_is_said_once_and_stays_on_the_report_until_it_sees(scene):
    scene.exists("Ada")
    scene.registers("Ada")
    for n in range(1, 13):
        scene.merges(a_change(n, "gerrit:Ada", tasks=(n + 100,)))
        scene.task(a_task(n + 100, priority="unbreak"), owner="Ada")
    scene.round()
    assert silent_notes(scene) == []
    for n in range(1, 13):  # The source calls it otherwise now.
        scene.task(a_task(n + 100, priority="ubn"), owner="Ada", touched=scene.now)
    done = scene.round()

    assert [source for source, _ in done.troubles] == ["badges"]
    assert "unbreaker" in done.troubles[0][1]
    assert silent_notes(scene) == [[["badge-silent", "unbreaker"]]]
    edits = len(scene.wiki.edits)
    scene.now += timedelta(days=3)
    assert scene.round().troubles == []
    assert len(scene.wiki.edits) == edits
    for n in range(1, 13):
        scene.task(a_task(n + 100, priority="unbreak"), owner="Ada", touched=scene.now)
    scene.round()
    assert silent_notes(scene) == []


def test_somebody_elses_tiers_change_nothing_of_ones_own(ada):
    ada.round()
    before = ada.bytes_of("Ada")
    ada.exists("Bert")
    ada.registers("Bert")
    ada.merges(*(a_change(n, "gerrit:Bert", project=f"p{n}") for n in range(200, 260)))
    ada.round()
    ada.unregisters("Bert")
    ada.round(full=True)

    assert ada.bytes_of("Ada") == before


def test_the_name_of_the_rules_is_the_same_in_every_process():
    import subprocess
    import sys

    code = "from scoring.rules import RULES; from scoring.decides import name_of; print(name_of(RULES))"
    seen = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True,
            text=True, check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }  # fmt: skip
    assert seen == {name_of(Rules())}
