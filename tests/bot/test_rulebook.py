"""The rules' page in a round, told as stories: changed, damaged, gone, and who is named on it."""

import json
from datetime import date, timedelta

import pytest

from bot import rulebook
from bot.errors import NeedsAcceptance
from bot.explain import explain_person, find_person
from bot.rulebook import MEMO, known_rules
from bot.settings import Settings
from bot.wiring import build_world, with_community
from scoring.decides import SCORE, name_of, parts_of
from scoring.rules import RULES
from tests.bot.scene import HOME, NOW, ROOT, Scene
from tests.builders import a_change
from wikitext.json_text import loads
from wikitext.rules_page import TITLE, Community, RulesPage, dump_rules, parse_rules
from wikitext.rules_shapes import SHAPES

TABLE = f"{ROOT}/Wishes"
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def a_program_just_started():
    """What the program keeps in memory of pages that it read would outlive a test otherwise."""
    rulebook._parsed.cache_clear()
    rulebook._recalled.cache_clear()


def decide(scene: Scene, **values):
    """An administrator saves the page."""
    scene.wiki.edit(TITLE, json.dumps({"schema": 1, **values}, indent="\t"), "Root", scene.now)


def notes(scene):
    value = loads(scene.wiki.text(f"{HOME}/report.json"))
    assert value is not None
    return value["notes"]


def badge_of(scene, name):
    return next(one for one in scene.page("Ada")["badges"] if one["id"] == name)


def decides_as(before, rules):
    """Whether the rules before decide as these."""
    return parts_of(before.rules) == parts_of(rules)


def score(scene):
    return scene.page("Ada")["total"]["score"]


def test_without_a_page_the_shipped_rules_hold(ada):
    assert not ada.round().partly
    book = known_rules(ada.ledger)
    assert book.rules is RULES
    assert (book.before, book.since) == (None, {})


def test_a_change_on_the_page_changes_the_points_in_the_next_round(ada):
    ada.round()
    before = score(ada)

    decide(ada, lines_cap=5)
    ada.round()

    assert score(ada) > before


def test_the_text_is_read_only_when_the_revision_is_new(ada, monkeypatch):
    read = []
    texts = ada.wiki.texts
    monkeypatch.setattr(ada.wiki, "texts", lambda titles: read.extend(titles) or texts(titles))
    decide(ada, lines_cap=500)

    ada.round()
    ada.round()
    assert read.count(TITLE) == 1

    decide(ada, lines_cap=600)
    ada.round()
    assert read.count(TITLE) == 2


def test_the_page_is_among_the_control_pages_that_are_asked_in_one_request(ada, monkeypatch):
    asked = []
    info = ada.wiki.info
    monkeypatch.setattr(ada.wiki, "info", lambda titles: asked.append([*titles]) or info(titles))

    ada.round()

    assert [TITLE in titles for titles in asked].count(True) == 1
    assert len(asked[0]) == 5


def test_a_bad_page_leaves_the_last_good_rules_in_force_and_the_report_names_the_line(ada):
    decide(ada, lines_cap=5)
    ada.round()
    before = score(ada)

    ada.wiki.edit(TITLE, '{"schema": 1,\n"lines_cap": 5,\n"years_cap": "ten"}', "Root")
    done = ada.round()

    assert score(ada) == before
    assert notes(ada) == [
        {"line": 3, "says": [["bad-rules"], ["rules-number", "years_cap", 0.1, 100]]}
    ]
    assert [(name, words) for name, words in done.troubles] == [
        (
            "The rules",
            "[[MediaWiki:Developer-badges.json]], line 3: “years_cap” must be a number from 0.1 to 100."
            " The last good rules stay in force.",
        )
    ]
    assert done.partly
    assert "must" not in ada.wiki.text(f"{HOME}/report.json")  # No words of a language on a page.

    assert ada.round().troubles  # It is said until it is mended, and saved once.
    edits = len(ada.wiki.edits)
    ada.round()
    assert len(ada.wiki.edits) == edits

    decide(ada, lines_cap=5)
    assert not ada.round().partly
    assert notes(ada) == []


@pytest.mark.parametrize("text", ["", "[" * 99_999, "(a+)+", "{}", '{"schema": 1, "granted": []}'])
def test_who_saves_nonsense_as_the_first_rules_stops_nothing(ada, text):
    ada.wiki.edit(TITLE, text, "Root")

    ada.round()

    assert ada.page("Ada")["total"]["issues"] == 1
    assert known_rules(ada.ledger).rules is RULES
    assert notes(ada)[0]["says"][0] == ["bad-rules"]


def test_a_page_that_is_deleted_leaves_the_shipped_rules_and_that_is_a_change(ada):
    decide(ada, lines_cap=5)
    ada.round()
    del ada.wiki.pages[TITLE]

    ada.round()

    book = known_rules(ada.ledger)
    assert book.rules is RULES
    assert book.before is not None
    assert book.before.rules.lines_cap == 5


def test_the_rules_before_are_kept_until_the_new_ones_are_14_days_in_force(ada):
    ada.round()
    decide(ada, lines_cap=5)
    ada.round()
    book = known_rules(ada.ledger)
    assert decides_as(book.before, RULES)
    assert book.since == {SCORE: TODAY}

    ada.now = NOW + timedelta(days=13)
    ada.round()
    assert known_rules(ada.ledger).before is not None

    ada.now = NOW + timedelta(days=14)
    ada.round()
    book = known_rules(ada.ledger)
    assert (book.before, book.since) == (None, {})


@pytest.mark.parametrize(("days", "kept"), [(13, True), (14, False)])
def test_who_lowers_how_long_new_rules_wait_waits_as_long_as_it_was(ada, days, kept):
    ada.round()
    decide(ada, hold_days=0, badges={"task-tamer": {"tiers": [1, 2]}})
    ada.round()
    assert badge_of(ada, "task-tamer")["waits"] == 1
    ada.now = NOW + timedelta(days=days)
    ada.round()

    assert (known_rules(ada.ledger).before is not None) == kept
    assert badge_of(ada, "task-tamer")["tier"] == (0 if kept else 1)


def test_how_long_they_are_kept_is_a_rule_itself_for_what_comes_after_it(ada):
    ada.round()
    decide(ada, hold_days=20)
    ada.round()
    ada.now = NOW + timedelta(days=20)
    decide(ada, hold_days=20, lines_cap=5)
    ada.round()
    ada.now = NOW + timedelta(days=39)
    ada.round()
    assert known_rules(ada.ledger).before is not None
    ada.now = NOW + timedelta(days=40)
    ada.round()

    assert known_rules(ada.ledger).before is None


def test_rules_that_are_edited_every_week_still_give_what_was_earned_for_a_fortnight(ada):
    ada.round()
    for week in range(4):
        ada.now = NOW + timedelta(days=7 * week)
        first = {"name": f"Edition {week}", "discussion": f"https://example.org/{week}"}
        other = {"tiers": [1000 + week]}
        decide(ada, badges={"task-tamer": {"tiers": [1], **first}, "patch-quilter": other})
        ada.round()
        given = week >= 2
        assert badge_of(ada, "task-tamer")["tier"] == given, week

    assert known_rules(ada.ledger).since == {"patch-quilter": ada.now.date()}


@pytest.mark.parametrize(
    "change",
    [{"name": "Other"}, {"discussion": "https://example.org/x"}, {"examples": []}, {"tiers": [3, 25, 250, 1000]}],
)  # fmt: skip
def test_what_decides_nothing_about_a_badge_is_no_change_of_rules(ada, change):
    ada.round()
    decide(ada, badges={"task-tamer": change})
    ada.round()

    book = known_rules(ada.ledger)
    assert (book.before, book.since) == (None, {})
    assert name_of(book.rules) == name_of(RULES)


def test_a_page_with_every_default_is_no_change_of_rules(ada):
    ada.round()
    ada.wiki.edit(TITLE, dump_rules(RulesPage()), "Root", ada.now)
    ada.round()

    assert known_rules(ada.ledger).before is None


def test_a_badge_that_is_taken_out_and_comes_back_in_time_was_never_gone(ada):
    ada.round()
    whole = json.loads(dump_rules(RulesPage()))["badges"]
    decide(ada, badges=[one for one in whole if one["id"] != "hello-world"])
    ada.round()
    assert known_rules(ada.ledger).since == {"hello-world": TODAY}

    ada.now = NOW + timedelta(days=3)
    decide(ada)
    ada.round()
    assert known_rules(ada.ledger).before is None
    assert badge_of(ada, "hello-world")["tier"] == 1


def test_what_an_older_program_held_back_waits_a_fortnight_anew(ada):
    ada.round()
    memo = ada.ledger.notes.recall(MEMO)
    older = dump_rules(parse_rules('{"schema": 1, "lines_cap": 900}'))
    ada.ledger.notes.remember(MEMO, {**memo, "before": older, "since": "2026-11-10"})
    ada.round()

    book = known_rules(ada.ledger)
    assert (book.before.rules.lines_cap, book.since) == (900, {SCORE: TODAY})


def test_of_rules_in_quick_succession_those_are_before_that_were_long_in_force(ada):
    ada.round()
    decide(ada, lines_cap=5)
    ada.round()
    ada.now = NOW + timedelta(days=5)
    decide(ada, lines_cap=6)
    ada.round()

    book = known_rules(ada.ledger)
    assert book.rules.lines_cap == 6
    assert decides_as(book.before, RULES)
    assert book.since == {SCORE: date(2026, 11, 25)}


def test_what_is_taken_back_in_time_was_no_change(ada):
    ada.round()
    decide(ada, lines_cap=5)
    ada.round()
    decide(ada)
    ada.round()

    assert known_rules(ada.ledger).before is None


def test_the_first_rules_of_all_have_none_before(ada):
    decide(ada, lines_cap=5)
    ada.round()

    book = known_rules(ada.ledger)
    assert (book.rules.lines_cap, book.before, book.since) == (5, None, {})


def test_other_defaults_of_a_new_version_are_a_change_of_rules_too(ada):
    ada.round()
    memo = ada.ledger.notes.recall(MEMO)
    older = parse_rules('{"schema": 1, "lines_cap": 900}')
    ada.ledger.notes.remember(MEMO, {**memo, "text": dump_rules(older)})

    ada.round()

    book = known_rules(ada.ledger)
    assert decides_as(book.before, older.rules)
    assert book.since == {SCORE: TODAY}


def test_a_good_page_that_a_new_version_refuses_stays_in_force_as_far_as_it_is_known(
    ada, monkeypatch
):
    decide(ada, lines_cap=5)
    ada.round()
    memo = ada.ledger.notes.recall(MEMO)
    page = '{"schema": 1,\n"of_old": 1, "lines_cap": 5}'
    ada.ledger.notes.remember(MEMO, {**memo, "page": page})

    ada.round()

    assert known_rules(ada.ledger).rules.lines_cap == 5
    assert notes(ada)[0]["says"][1][:2] == ["rules-unknown", "of_old"]


def test_what_an_older_program_found_wrong_is_read_again_and_no_longer_said_once_it_is_good(
    ada, monkeypatch
):
    with monkeypatch.context() as older:
        older.delitem(SHAPES, "lines_cap")
        decide(ada, lines_cap=77)
        assert ada.round().partly

    assert not ada.round().partly
    assert notes(ada) == []
    assert known_rules(ada.ledger).rules.lines_cap == 77


def test_a_list_of_the_community_takes_effect_at_once_and_is_no_change_of_the_score(ada):
    ada.round()
    decide(ada, community={"reviewers": ["Grace"]})
    ada.round()

    book = known_rules(ada.ledger)
    assert (book.before, book.since) == (None, {})
    assert book.now.community.reviewers == {"Grace"}


def test_who_is_excluded_has_no_page_and_the_entry_says_so(ada):
    ada.round()
    decide(ada, community={"excluded": ["ada"]})
    done = ada.round()

    assert done.people == 0
    assert ada.page("Ada")["state"] == "left"
    (entry,) = ada.report()
    assert (entry["state"], entry["says"]) == ("refused", [["excluded"]])
    assert "person" not in entry
    lines = "\n".join(explain_person(ada.ledger, find_person(ada.ledger, "Ada")))
    assert "excluded by the rules" in lines

    decide(ada)
    ada.round()
    assert ada.page("Ada")["state"] == "ready"


def test_another_name_does_not_lead_out_of_an_exclusion_nor_into_one(ada):
    decide(ada, community={"excluded": ["Ada"]})
    ada.round()
    ada.wiki.accounts["Beatrice"] = ada.wiki.accounts.pop("Ada")
    ada.round(full=True)
    assert find_person(ada.ledger, "Beatrice")
    assert known_rules(ada.ledger).excludes(find_person(ada.ledger, "Beatrice"))

    ada.exists("Ada")  # Somebody else takes the name that is free now.
    ada.registers("Ada", developer="Another")
    ada.round()
    decide(ada, community={"excluded": ["Ada"], "bots": ["x"]})
    ada.round()
    assert not known_rules(ada.ledger).excludes(find_person(ada.ledger, "Ada"))


def test_paid_periods_that_reviewers_hold_evidence_for_count_in_no_number(ada):
    ada.round()
    assert ada.page("Ada")["total"]["issues"] == 1

    decide(ada, community={"staff": [{"user": "Ada", "from": "2020-01"}]})
    ada.round()

    assert ada.page("Ada")["total"] == {
        "issues": 0, "wishes": 0, "together": 0, "patches": 0, "reviews": 0, "score": 0,
    }  # fmt: skip
    assert ada.works("Ada")["T100"]["paid"] is True
    lines = "\n".join(explain_person(ada.ledger, find_person(ada.ledger, "Ada")))
    assert "paid from 2020-01 on, by the rules" in lines


@pytest.fixture
def six(scene):
    """Six people with a patch each, and a page each."""
    names = [f"Person {n}" for n in range(6)]
    scene.exists(*names)
    for number, name in enumerate(names):
        scene.registers(name)
        scene.merges(a_change(number + 1, f"gerrit:{name}"))
    scene.round()
    return scene


def lists(kind, people):
    names = [f"Person {n}" for n in range(people)]
    staff = [{"user": name, "from": "2020-01"} for name in names]
    both = {"excluded": names[:2], "staff": staff[2:]}
    return {"excluded": {"excluded": names}, "staff": {"staff": staff}, "both": both}[kind]


@pytest.mark.parametrize("kind", ["excluded", "staff", "both"])
def test_lists_that_hit_many_people_edit_nothing_until_a_human_accepts_them(six, kind):
    edits = len(six.wiki.edits)
    decide(six, community=lists(kind, 5))
    for full in (False, True):
        with pytest.raises(NeedsAcceptance, match=r"of 6 people.*nothing was edited.*--accept"):
            six.round(full=full)
    assert len(six.wiki.edits) == edits

    six.round(accept=True)
    assert len(six.wiki.edits) > edits
    six.now += timedelta(days=1)
    six.round(full=True)  # Once accepted, they are.


@pytest.mark.parametrize("kind", ["excluded", "staff", "both"])
def test_lists_that_hit_few_people_need_nobody_and_neither_does_mending_them(six, kind):
    decide(six, community=lists(kind, 3))
    six.round()
    assert six.page("Person 0") != six.page("Person 5")

    decide(six)
    six.round()
    assert six.page("Person 0")["state"] == "ready"


def test_who_accepts_lists_that_hit_few_agrees_to_these_too(six):
    decide(six, community=lists("excluded", 3))
    six.round(accept=True)
    decide(six, community=lists("excluded", 4))

    six.round()  # One more: nobody has to agree anew to the other three.
    assert six.page("Person 3")["state"] == "left"


def test_a_period_that_is_closed_or_split_takes_nothing_from_anybody(six):
    decide(six, community=lists("staff", 5))
    six.round(accept=True)
    staff = [one | {"to": "2024-12"} for one in lists("staff", 5)["staff"]]
    decide(six, community={"staff": [*staff, *(one | {"to": "2021-12"} for one in staff)]})
    six.round()
    decide(six, community={"staff": [one | {"from": "2019-01"} for one in staff]})
    with pytest.raises(NeedsAcceptance):
        six.round()


def granted(scene, by):
    row = f"|list=Technical|wish=7|title=What {by} saw|status=done|tasks=T100|accepted=yes|date=2025-06-01"
    scene.wiki.edit(TABLE, "", by, scene.now)  # What others left is not what one accepts.
    scene.wiki.edit(TABLE, f"* {{{{Developer badges/Wish{row}}}}}", by, scene.now)
    scene.round()
    return scene.page("Ada")["total"]["wishes"]


def test_a_single_trusted_user_accepts_wishes(ada):
    ada.wiki.accounts["Grace"] = 77
    decide(ada, community={"reviewers": ["Grace"]})

    assert granted(ada, "Grace") == 1


def test_nobody_else_does(ada):
    decide(ada, community={"reviewers": ["Grace"]})

    assert granted(ada, "Mallory") == 0


def test_the_groups_of_the_page_replace_those_of_the_settings(ada):
    ada.wiki.groups = {"Root": {"sysop"}, "Grace": {"badge-reviewer"}}
    decide(ada, community={"reviewer_groups": ["badge-reviewer"]})
    assert granted(ada, "Root") == 0
    assert granted(ada, "Grace") == 1


def test_where_the_page_is_silent_the_settings_hold():
    asked = Settings(gitlab_groups=frozenset({"repos"}), github_repositories=frozenset({"a/b"}))

    assert with_community(asked, Community()) == asked
    merged = with_community(asked, Community(gitlab_groups=frozenset()))
    assert (merged.gitlab_groups, merged.github_repositories) == (frozenset(), {"a/b"})


def test_sources_are_chosen_by_the_rules_that_the_last_round_read(ada):
    asked = Settings(
        gerrit_url="", phabricator_url="", gitlab_url="", wishlist_url="", technews_url="",
        toolhub_url="",
    )  # fmt: skip
    wiki = "metawiki=https://meta.wikimedia.org/w/api.php"
    decide(ada, community={"onwiki": [wiki], "github_repositories": ["owner/name"]})

    assert [*build_world(asked, ada.wiki, ada.ledger, print).sources()] == []
    ada.round()
    found = [*build_world(asked, ada.wiki, ada.ledger, print).sources()]
    assert found == ["github", "onwiki metawiki"]


def test_the_same_text_gives_the_very_same_rules_so_that_what_is_remembered_for_them_is_found(ada):
    decide(ada, lines_cap=5)
    ada.round()

    assert known_rules(ada.ledger).rules is known_rules(ada.ledger).rules
    assert rulebook._parsed.cache_info().currsize <= 4
