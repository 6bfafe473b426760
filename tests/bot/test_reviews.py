"""Reviews on the wiki: pending, accepted, undone; and who may not accept what."""

import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.acceptance import Accepting
from bot.explain import explain_work
from bot.reviews import REVIEWS, accepted_comparisons
from scoring.model import File
from tests.bot.scene import HOME, NOW, ROOT, Scene
from tests.builders import a_change, a_task
from wikitext.history import Standing
from wikitext.json_text import dumps, loads

PAGE = f"{ROOT}/Reviews/2026"


class ReviewedScene(Scene):
    """A scene with a trusted reviewer, Root, who did not join."""

    def __init__(self, folder, database=None):
        super().__init__(folder, database)
        self.wiki.groups["Root"] = {"sysop"}

    def reviews(self, *lines, by="Zoe", page=PAGE):
        """Somebody saves the page of reviews with these lines; return the revision."""
        return self.wiki.edit(page, "\n".join(("Reviews:", *lines)), by, self.now)

    def notes(self):
        """What the report says of reviews: line and message."""
        report = loads(self.wiki.text(f"{HOME}/report.json"))
        return [(one["line"], one["says"][0][0]) for one in report["reviews"]]

    def shown(self, work, name="Ada"):
        """The reviews of a work on somebody's page: what, value, state."""
        found = self.works(name)[work].get("reviews", ())
        return [(one["what"], one["value"], one["state"]) for one in found]

    def numbers(self, name="Ada"):
        """Somebody's pages without what they show of reviews."""
        pages = {title: loads(text) for title, text in self.bytes_of(name).items()}
        for page in pages.values():
            for work in page.get("works", ()):
                if isinstance(work, dict):
                    work.pop("reviews", None)
        return {title: dumps(page) for title, page in pages.items()}


@pytest.fixture
def scene(tmp_path, database):
    scene = ReviewedScene(tmp_path, database)
    scene.exists("Ada", "Bert", "Zoe")
    scene.registers("Ada")
    scene.task(a_task(100))
    scene.merges(a_change(1, "gerrit:Ada", tasks=(100,)))
    yield scene
    scene.ledger.close()


def line(accepted=False, **values):
    told = "".join(f"|{name.replace('_', '-')}={value}" for name, value in values.items())
    return f"* {{{{Developer badges/Review{told}{'|accepted=yes' if accepted else ''}}}}}"


KINDS = [
    {"size": "massive"}, {"impact": "massive"}, {"fix": "no"}, {"split": "yes"}, {"same": "T101"},
    {"by": "Bert"}, {"not_by": "Ada"}, {"harder_than": "T101"},
]  # fmt: skip
CHANGING = [
    {"size": "massive"}, {"impact": "massive"}, {"fix": "no"}, {"split": "yes"}, {"same": "T101"},
    {"not_by": "Ada"},
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_review_that_waits_is_shown_and_changes_no_number(scene, kind):
    scene.round()
    before = scene.numbers()
    revision = scene.reviews(line(work="T100", **kind))

    scene.round()

    [(what, value)] = kind.items()
    told = value if what in ("size", "impact", "fix", "split") else ""
    assert scene.works("Ada")["T100"]["reviews"] == [
        {
            "what": what.replace("_", "-"),
            "value": told,
            "state": "pending",
            "revision": revision,
        }
    ]
    assert scene.numbers() == before
    assert scene.notes() == [(2, "review-waits")]


@pytest.mark.parametrize("kind", CHANGING, ids=str)
@pytest.mark.parametrize("undone", [(), ("waiting",)], ids=["line removed", "acceptance removed"])
def test_an_accepted_review_counts_until_the_acceptance_goes(scene, kind, undone):
    scene.task(a_task(101))
    waiting = line(work="T100", **kind)
    scene.reviews(waiting)
    scene.round()
    before = scene.numbers()
    scene.reviews(line(accepted=True, work="T100", **kind), by="Root")
    scene.round()
    assert scene.numbers() != before
    assert scene.notes() == []

    scene.reviews(*([waiting] if undone else []))
    scene.round()

    # The numbers at once; a tier reached by it is taken by a full check on a later day.
    assert without_tiers(scene.numbers()) == without_tiers(before)
    scene.now += timedelta(days=7)
    scene.round(full=True)
    for title, text in scene.numbers().items():
        held = [one["tier"] for one in json.loads(text).get("badges", ())]
        assert held == [one["tier"] for one in json.loads(before[title]).get("badges", ())]


def without_tiers(pages):
    """The pages, of badges only how far each is."""
    found = {title: json.loads(text) for title, text in pages.items()}
    for page in found.values():
        if "badges" in page:
            page["badges"] = [(one["id"], one["value"]) for one in page["badges"]]
    return found


def test_an_accepted_size_is_the_difficulty_and_the_page_says_whose_word_it_is(scene):
    scene.reviews(line(accepted=True, work="T100", size="massive"), by="Root")

    scene.round()

    work = scene.works("Ada")["T100"]
    assert work["difficulty"] == 1
    assert work["reasons"][0] == ["label", 1, "review-size", 5]
    assert scene.shown("T100") == [("size", "massive", "accepted")]


def test_a_work_that_was_corrected_away_is_still_named_with_the_reason(scene):
    scene.reviews(line(accepted=True, work="T100", fix="no"), by="Root")

    scene.round()

    page = loads(scene.wiki.text(f"{HOME}/people/Ada/work-2025.json"))
    assert page["works"] == []
    [gone] = page["corrected"]
    assert (gone["work"], gone["day"]) == ("T100", "2025-06-01")
    assert [one["what"] for one in gone["reviews"]] == ["fix"]
    assert scene.page("Ada")["works"] == ["2025"]
    assert scene.page("Ada")["total"]["issues"] == 0
    assert any("by accepted reviews" in line for line in explained(scene, "T100"))


def test_a_task_that_only_gathers_others_leaves_its_series(scene):
    scene.reviews(line(accepted=True, work="T100", split="yes"), by="Root")

    scene.round()

    assert scene.works("Ada").keys() == {a_change(1).key}


def test_a_task_merged_by_a_review_brings_the_changes_of_others_with_it(scene):
    scene.task(a_task(101))
    scene.merges(a_change(2, "gerrit:Zoe", tasks=(101,)))
    scene.round()
    assert scene.works("Ada")["T100"]["share"] == 1

    scene.reviews(line(accepted=True, work="T100", same="T101"), by="Root")
    scene.round()

    assert scene.works("Ada").keys() == {"T101"}
    assert scene.works("Ada")["T101"]["share"] == 0.5
    assert scene.shown("T101") == [("same", "T101", "accepted")]
    scene.reviews(line(work="T100", same="T101"), by="Root")
    scene.round()
    assert scene.works("Ada")["T100"]["share"] == 1


def test_a_task_that_is_secret_takes_a_merged_one_from_every_page(scene):
    scene.task(a_task(101, public=False))
    scene.reviews(line(accepted=True, work="T100", same="T101"), by="Root")

    scene.round()

    assert "T101" not in "".join(scene.bytes_of("Ada").values())
    assert scene.page("Ada")["total"]["issues"] == 0


def test_who_had_no_part_has_none_and_the_others_keep_theirs(scene):
    scene.registers("Bert")
    scene.merges(a_change(2, "gerrit:Bert", tasks=(100,)))
    scene.round()
    before = scene.numbers("Ada")

    scene.reviews(line(accepted=True, work="T100", not_by="Bert"), by="Root")
    scene.round()

    assert scene.numbers("Ada") == before
    assert scene.shown("T100") == [("not-by", "", "accepted")]
    assert scene.page("Bert")["total"] == dict.fromkeys(scene.page("Bert")["total"], 0)
    assert "Bert" not in "".join(scene.bytes_of("Ada").values())


def test_a_task_without_a_change_is_theirs_whom_a_reviewer_confirms(scene):
    scene.task(a_task(200), owner="Ada")
    scene.round()
    assert scene.page("Ada")["unconfirmed"] == 1

    scene.reviews(line(accepted=True, work="T200", by="Ada; Somebody Else"), by="Root")
    scene.round()

    work = scene.works("Ada")["T200"]
    assert (work["share"], work["issue"]) == (0.5, True)
    assert work["points"] <= 5
    assert scene.page("Ada")["unconfirmed"] == 0
    assert b"Somebody" not in scene.raw_ledger()


def test_a_task_assigned_to_nobody_we_know_can_be_confirmed_too_and_is_forgotten_with_it(scene):
    scene.task(a_task(300), owner="Zoe")
    scene.reviews(line(accepted=True, work="T300", by="Ada"), by="Root")
    scene.round()
    assert scene.works("Ada")["T300"]["share"] == 1

    scene.reviews(line(work="T300", by="Ada"), by="Root")
    scene.round()

    assert scene.works("Ada").keys() == {"T100"}
    assert scene.ledger.tasks.shown() == {100}


def test_who_is_confirmed_before_joining_has_their_part_from_then_on(scene):
    scene.task(a_task(200), owner="Ada")
    scene.reviews(line(accepted=True, work="T200", by="Ada; Bert"), by="Root")
    scene.round()
    before = scene.bytes_of("Ada")

    scene.registers("Bert")
    scene.round()
    assert scene.works("Bert")["T200"]["share"] == 0.5
    assert scene.bytes_of("Ada") == before

    scene.unregisters("Bert")
    scene.round()
    assert scene.bytes_of("Ada") == before
    assert scene.ledger.notes.recall("reviews")["2026"]["people"] == [scene.wiki.accounts["Ada"]]
    [kept] = [one.review for one in scene.ledger.rulings.judged()]
    assert (kept.people, kept.others) == ((scene.wiki.accounts["Ada"],), 1)


def test_comparisons_that_are_accepted_are_kept_for_calibration(scene):
    lines = [
        line(accepted=True, work="T100", harder_than="mediawiki/core~7"),
        line(accepted=True, work="T5", harder_than="T6", reason="seen both"),
        line(work="T7", harder_than="T8"),
    ]
    scene.reviews(*lines, by="Root")

    scene.round()

    assert accepted_comparisons(scene.ledger) == [("T100", "mediawiki/core~7"), ("T5", "T6")]
    assert scene.shown("T100") == [("harder-than", "", "accepted")]


def test_a_badge_that_people_gave_is_a_fact_and_its_evidence_shown_with_the_badge_only(scene):
    badge = {"badge": "mentor", "date": "2026-02-03", "evidence": "https://x.org/thanks"}
    scene.reviews(line(accepted=True, person="Ada", **badge), by="Root")

    scene.round()

    [kept] = [one.review for one in scene.ledger.rulings.judged()]
    assert (kept.value, kept.day.isoformat(), kept.evidence) == tuple(badge.values())
    assert "given" not in scene.page("Ada")


def test_the_later_of_two_that_are_accepted_stands_and_the_other_is_reported(scene):
    first = line(accepted=True, work="T100", size="tiny")
    scene.reviews(first, by="Root")
    scene.round()

    scene.reviews(line(accepted=True, work="T100", size="large"), first, by="Root")
    scene.round()

    assert scene.works("Ada")["T100"]["difficulty"] == 0.75
    assert scene.shown("T100") == [("size", "large", "accepted")]
    assert scene.notes() == [(3, "review-superseded")]


def test_lines_above_may_come_and_go_without_an_edit_to_any_page(scene):
    one = line(work="T100", size="tiny")
    scene.reviews(one)
    scene.round()
    before = scene.bytes_of("Ada")

    scene.reviews("Some words of welcome.", "", one)
    scene.round()

    assert scene.bytes_of("Ada") == before
    assert scene.notes() == [(4, "review-waits")]


def test_a_second_round_edits_nothing(scene):
    scene.reviews(line(work="T100", size="tiny"), line(accepted=True, work="T100", impact="tiny"))
    scene.round()

    assert scene.round().outcome.saved == []


def test_reviews_of_several_years_count_and_a_year_begins_with_its_page(scene):
    scene.reviews(line(accepted=True, work="T100", size="tiny"), by="Root")
    scene.round()
    scene.now += timedelta(days=60)
    later = line(accepted=True, work="T100", size="large")
    scene.reviews(later, by="Root", page=f"{ROOT}/Reviews/2027")

    scene.round()

    assert scene.works("Ada")["T100"]["difficulty"] == 0.75
    assert scene.notes() == [(2, "review-superseded")]


def test_a_review_is_shown_and_counts_when_its_task_was_merged_on_phabricator(scene):
    scene.reviews(line(accepted=True, work="T100", size="massive"), by="Root")
    scene.round()
    scene.task(a_task(101, merged=(100,), duplicates=1), touched=scene.now)
    scene.task(a_task(100, status="duplicate", duplicate_of=101), touched=scene.now)
    scene.round()

    work = scene.works("Ada")["T101"]
    assert work["difficulty"] == 1
    assert [one["state"] for one in work["reviews"]] == ["accepted"]
    assert any("size massive" in one for one in explained(scene, "T101"))
    assert scene.notes() == []


def test_a_false_fix_is_still_named_when_its_task_was_merged_on_phabricator(scene):
    scene.reviews(line(accepted=True, work="T100", fix="no"), by="Root")
    scene.round()
    scene.task(a_task(101, merged=(100,), duplicates=1), touched=scene.now)
    scene.task(a_task(100, status="duplicate", duplicate_of=101), touched=scene.now)
    scene.round()

    page = loads(scene.wiki.text(f"{HOME}/people/Ada/work-2025.json"))
    assert page["works"] == []
    [gone] = page["corrected"]
    assert (gone["work"], [one["what"] for one in gone["reviews"]]) == ("T101", ["fix"])


def test_a_review_of_a_series_is_shown_and_counts_when_its_task_is_resolved(scene):
    scene.task(a_task(102, status="open"))
    scene.merges(a_change(8, "gerrit:Ada", tasks=(102,)))
    scene.reviews(line(accepted=True, work=a_change(8).key, size="massive"), by="Root")
    scene.round()
    assert scene.shown(a_change(8).key) == [("size", "massive", "accepted")]

    scene.task(a_task(102), touched=scene.now)
    scene.round()

    assert scene.works("Ada")["T102"]["difficulty"] == 1
    assert scene.shown("T102") == [("size", "massive", "accepted")]


def test_explain_tells_the_reviews_of_a_work(scene):
    lines = (line(accepted=True, work="T100", size="large"), line(work="T100", by="Bert"))
    scene.reviews(*lines, by="Root")
    scene.round()

    told = [one for one in explained(scene, "T100") if "review (" in one]

    assert {one.partition(": ")[2] for one in told} == {"size large", "by"}
    assert any("(pending" in one for one in told)


def explained(scene, work, name="Ada"):
    [person] = [one for one in scene.ledger.people.all() if one.name == name]
    return list(explain_work(scene.ledger, person, work))


# Who may not accept ----------------------------------------------------------------------------


def refused(scene, *says):
    """Whether the line changes nothing, is shown as pending, and the report says why."""
    assert scene.notes() == [(2, word) for word in says]
    assert scene.works("Ada")["T100"]["difficulty"] < 1


BIG = line(accepted=True, work="T100", size="massive")


def test_nobody_but_a_trusted_reviewer_accepts(scene):
    scene.reviews(BIG, by="Ada")
    scene.round()

    refused(scene, "review-not-accepted")
    assert scene.shown("T100") == [("size", "massive", "pending")]


def test_a_single_user_can_be_trusted_like_the_members_of_a_group(scene):
    root, zoe, ada = (
        scene.wiki.accounts.setdefault(n, len(scene.wiki.accounts) + 1)
        for n in ("Root", "Zoe", "Ada")
    )
    accepting = Accepting(scene.wiki, frozenset({"sysop"}), frozenset({zoe}))

    assert accepting.reviewers([Standing("x", 1, frozenset({root, zoe, ada}))]) == {root, zoe}


def test_who_only_moved_or_kept_a_line_has_not_accepted_it(scene):
    scene.reviews(BIG, by="Mallory")
    scene.reviews("by Root", BIG, by="Root")
    scene.round()

    assert scene.notes() == [(3, "review-not-accepted")]


def test_who_changes_the_words_of_an_accepted_review_makes_it_wait_again(scene):
    scene.reviews(line(accepted=True, work="T100", size="tiny"), by="Root")
    scene.round()
    scene.reviews(BIG, by="Mallory")
    scene.round()

    refused(scene, "review-not-accepted")


def test_restoring_what_somebody_planted_accepts_nothing(scene):
    scene.reviews(BIG, line(accepted=True, work="T5", size="tiny"), by="Mallory")
    scene.reviews(by="Sock")
    scene.reviews(BIG, line(accepted=True, work="T5", size="tiny"), by="Root")
    scene.round()

    assert {word for _, word in scene.notes()} == {"review-not-accepted"}


def test_an_acceptance_restored_by_another_after_a_vandal_stands(scene):
    scene.reviews(BIG, by="Root")
    scene.round()
    scene.reviews(by="Vandal")
    scene.round()
    assert scene.works("Ada")["T100"]["difficulty"] < 1

    scene.reviews(BIG, by="Zoe")
    scene.round()

    assert scene.works("Ada")["T100"]["difficulty"] == 1


@pytest.mark.parametrize("rounds_between", [0, 1])
def test_an_acceptance_that_its_reviewer_withdrew_is_nobodys_to_restore(scene, rounds_between):
    scene.reviews(BIG, by="Root")
    scene.round()
    scene.reviews(line(work="T100", size="massive"), by="Root")
    for _ in range(rounds_between):
        scene.round()
    scene.reviews(BIG, by="Mallory")
    scene.round()

    refused(scene, "review-not-accepted")


@pytest.mark.parametrize("cover", ["<!--\n%s\n-->", "<!-- %s -->", "<nowiki>%s</nowiki>"])
def test_taking_the_marks_of_a_comment_away_accepts_nothing(scene, cover):
    scene.reviews(cover % BIG, by="Mallory")
    scene.round()
    scene.reviews(BIG, by="Root")
    scene.round()

    refused(scene, "review-not-accepted")


@pytest.mark.parametrize(
    "part",
    [
        lambda scene: scene.merges(a_change(2, "gerrit:Root", tasks=(100,))),
        lambda scene: scene.merges(a_change(2, "gerrit:Root", tasks=(100,), aside=(100,))),
        lambda scene: scene.task(a_task(100), owner="Root"),
        lambda scene: (
            scene.task(a_task(100, merged=(99,), duplicates=1)),
            scene.task(a_task(99, status="duplicate", duplicate_of=100), owner="Root"),
        ),
    ],
    ids=["a change", "a change that names it aside", "the task", "a duplicate of it"],
)
def test_who_has_a_part_in_a_work_does_not_accept_a_review_of_it(scene, part):
    scene.exists("Root")
    scene.registers("Root")
    part(scene)
    scene.reviews(BIG, by="Root")

    scene.round()

    refused(scene, "review-own")
    assert scene.shown("T100") == [("size", "massive", "pending")]


def test_a_reviewer_does_not_accept_for_a_series_of_their_own(scene):
    scene.exists("Root")
    scene.registers("Root")
    change = a_change(5, "gerrit:Root", files=(File("a.php", 3, 0),))
    scene.merges(change)
    scene.reviews(line(accepted=True, work=change.key, size="massive"), by="Root")

    scene.round()

    assert scene.notes() == [(2, "review-own")]
    assert scene.works("Root")[change.key]["difficulty"] < 1


def test_a_reviewer_who_joins_and_turns_out_to_share_the_work_ends_the_acceptance(scene):
    scene.exists("Root")
    scene.merges(a_change(2, "gerrit:Root", tasks=(100,)))
    scene.reviews(BIG, by="Root")
    scene.round()
    assert scene.works("Ada")["T100"]["difficulty"] == 1

    scene.registers("Root")
    scene.round()

    refused(scene, "review-own")


def test_a_reviewer_who_leaves_again_has_not_accepted_a_review_of_their_own_work_after_all(scene):
    scene.exists("Root")
    scene.merges(a_change(2, "gerrit:Root", tasks=(100,)))
    scene.reviews(BIG, by="Root")
    scene.registers("Root")
    scene.round()
    before = scene.bytes_of("Ada")

    scene.unregisters("Root")
    scene.round()
    scene.reviews("Words above it, and a new round.", BIG, by="Zoe")
    scene.round()

    assert scene.notes() == [(3, "review-own")]
    assert scene.bytes_of("Ada") == before
    assert b"Root" not in scene.raw_ledger()


def test_whose_own_a_work_was_is_forgotten_when_no_line_speaks_of_it_any_more(scene):
    scene.exists("Root")
    scene.merges(a_change(2, "gerrit:Root", tasks=(100,)))
    scene.reviews(BIG, by="Root")
    scene.registers("Root")
    scene.round()
    scene.unregisters("Root")
    scene.round()

    scene.reviews(by="Root")
    scene.round()
    scene.reviews(BIG, by="Root")
    scene.round()

    assert scene.works("Ada")["T100"]["difficulty"] == 1


def test_a_second_reviewer_who_has_no_part_can_accept_what_the_first_could_not(scene):
    scene.exists("Root")
    scene.registers("Root")
    scene.merges(a_change(2, "gerrit:Root", tasks=(100,)))
    scene.wiki.groups["Rita"] = {"sysop"}
    scene.reviews(BIG, by="Root")
    scene.round()
    scene.reviews(line(work="T100", size="massive"), by="Root")
    scene.reviews(BIG, by="Rita")

    scene.round()

    assert scene.works("Ada")["T100"]["difficulty"] == 1


@pytest.mark.parametrize(
    "own",
    [
        line(accepted=True, work="T200", by="Root; Ada"),
        line(accepted=True, work="T100", not_by="Root"),
        line(
            accepted=True,
            badge="mentor",
            person="Root",
            date="2026-01-01",
            evidence="https://x.org",
        ),
    ],
)
def test_nobody_accepts_a_review_that_names_them_joined_or_not(scene, own):
    scene.exists("Root")
    scene.task(a_task(200), owner="Ada")
    scene.reviews(own, by="Root")

    scene.round()

    assert scene.notes() == [(2, "review-own")]
    assert scene.page("Ada")["total"]["issues"] == 1


@pytest.mark.parametrize("pair", [("T100", "T7"), ("T7", "T100")])
def test_nobody_accepts_a_comparison_with_a_work_of_their_own(scene, pair):
    scene.exists("Root")
    scene.registers("Root")
    scene.merges(a_change(2, "gerrit:Root", tasks=(100,)))
    scene.reviews(line(accepted=True, work=pair[0], harder_than=pair[1]), by="Root")

    scene.round()

    assert scene.notes() == [(2, "review-own")]
    assert accepted_comparisons(scene.ledger) == []


def test_an_acceptance_stands_when_its_reviewer_resigns_and_somebody_joins(scene):
    scene.reviews(BIG, by="Root")
    scene.round()
    scene.wiki.groups["Root"] = set()
    scene.registers("Bert")

    scene.round()

    assert scene.works("Ada")["T100"]["difficulty"] == 1


# What else may happen to the page -----------------------------------------------------------------


def test_blanking_the_page_takes_nothing_until_a_human_agrees(scene):
    lines = [line(accepted=True, work=f"T{number}", size="massive") for number in range(100, 105)]
    scene.reviews(*lines, by="Root")
    scene.round()

    scene.reviews(by="Vandal")
    done = scene.round()
    assert [name for name, _ in done.troubles] == ["reviews"]
    assert scene.works("Ada")["T100"]["difficulty"] == 1

    scene.reviews(*lines, by="Zoe")
    assert scene.round().troubles == []
    assert scene.works("Ada")["T100"]["difficulty"] == 1
    scene.reviews(by="Vandal")
    scene.round(accept=True)
    assert scene.works("Ada")["T100"]["difficulty"] < 1


def test_one_page_that_was_blanked_keeps_no_other_from_being_read(scene):
    lines = [line(accepted=True, work=f"T{number}", impact="tiny") for number in range(100, 105)]
    scene.reviews(*lines, by="Root")
    scene.now += timedelta(days=60)
    scene.round()
    scene.reviews(by="Vandal")
    scene.reviews(BIG, by="Root", page=f"{ROOT}/Reviews/2027")

    scene.round()

    assert scene.works("Ada")["T100"]["difficulty"] == 1


def test_a_flood_of_lines_on_one_work_fills_neither_its_page_nor_the_report(scene):
    lines = [line(work="T100", harder_than=f"T{number}") for number in range(200, 900)]
    scene.reviews(*lines, *(line(work="T100", size=word) for word in "ab" * 200), by="Mallory")

    scene.round()

    assert len(scene.shown("T100")) == 5
    assert len(scene.notes()) == 200


def test_lines_that_are_wrong_are_reported_and_no_name_in_them_is_repeated(scene):
    scene.reviews(
        line(work="T100", size="huge"), line(work="T100", by="a#b"), line(work="T100", Bert="x"),
        line(work="T100"), "* {{Developer badges/Review|work=T100", "<!-- never closed",
    )  # fmt: skip

    scene.round()

    assert scene.notes() == [
        (2, "bad-option"), (3, "bad-reviewed-name"), (4, "unknown-option"),
        (5, "review-one-kind"), (6, "bad-review-line"), (7, "unclosed-comment"),
    ]  # fmt: skip
    report = scene.wiki.text(f"{HOME}/report.json")
    assert "Bert" not in report
    assert "a#b" not in report


def test_an_accepted_review_of_a_work_that_nobody_has_is_reported(scene):
    scene.task(a_task(102, public=False))
    scene.task(a_task(103, status="open"))
    scene.merges(a_change(2, "gerrit:Ada", tasks=(102,)), a_change(3, "gerrit:Ada", tasks=(103,)))
    works = ("T100", "T666", a_change(1).key, "mediawiki/core~999", "T102", "T103")
    scene.reviews(*(line(accepted=True, work=work, impact="tiny") for work in works), by="Root")

    scene.round()

    assert scene.notes() == [(line, "review-no-work") for line in (3, 5, 6, 7)]


def test_a_task_stays_itself_until_phabricator_was_asked_of_the_one_it_is_the_same_as(scene):
    scene.round()
    scene.reviews(line(accepted=True, work="T100", same="T101"), by="Root")

    scene.round(phabricator=None)

    assert scene.page("Ada")["total"]["issues"] == 1
    assert scene.notes() == [(2, "review-same-unknown")]
    scene.task(a_task(101))
    scene.round()
    assert scene.works("Ada").keys() == {"T101"}
    assert scene.notes() == []


def test_an_issue_that_is_lost_to_a_task_that_does_not_exist_is_not_lost_in_silence(scene):
    scene.reviews(line(accepted=True, work="T100", same="T999999"), by="Root")

    scene.round()

    assert scene.page("Ada")["total"]["issues"] == 0
    assert scene.notes() == [(2, "review-same-unknown")]


def gives(badge, day, accepted=True):
    told = {"person": "Ada", "date": day, "evidence": "https://x.org/thanks"}
    return line(accepted=accepted, badge=badge, **told)


def test_a_badge_that_nobody_can_give_is_reported_with_those_that_people_give(scene):
    day = "2026-02-03"
    lines = (gives("hello-world", day), gives("mentor", day), gives("laureate", day))
    scene.reviews(*lines, gives("bert", day, accepted=False), by="Root")

    scene.round()

    report = loads(scene.wiki.text(f"{HOME}/report.json"))
    assert [(one["line"], one["says"]) for one in report["reviews"]] == [
        (2, [["review-not-given", "laureate"]]),
        (3, [["review-not-given", "laureate"]]),
        (5, [["review-waits"]]),
    ]
    assert "laureate" in {one["badge"] for one in scene.page("Ada")["given"]}


def test_a_badge_given_on_a_day_to_come_is_reported_and_counts_when_that_day_has_come(scene):
    scene.reviews(gives("laureate", "2026-12-24"), gives("laureate", "2099-01-01"), by="Root")

    scene.round()

    assert scene.notes() == [(2, "review-too-early"), (3, "review-too-early")]
    assert "given" not in scene.page("Ada")
    scene.now += timedelta(days=40)
    scene.round()
    assert scene.notes() == [(3, "review-too-early")]
    assert [one["day"] for one in scene.page("Ada")["given"]] == ["2026-12-24"]


def test_a_flood_of_lines_hides_no_acceptance_that_was_refused(scene):
    flood = [line(work="T100", harder_than=f"T{number}") for number in range(200, 500)]
    flood += [line(accepted=True, work="T100", harder_than=f"T{n}") for n in range(500, 800)]
    scene.reviews(*flood, *(line(work="T100", size="a") for _ in range(300)), by="Mallory")
    text = scene.wiki.text(PAGE)
    own = line(accepted=True, work="T100", not_by="Root")
    scene.wiki.edit(PAGE, f"{text}\n{own}", "Root", scene.now)

    scene.round()

    assert len(scene.notes()) == 200
    assert scene.notes()[-1] == (902, "review-own")


def test_what_became_of_each_review_is_judged_once_for_all_pages_of_a_round(scene):
    scene.reviews(BIG, by="Root")
    judged, asked = scene.ledger.rulings.judged, []
    scene.ledger.rulings.judged = lambda: asked.append(1) or judged()

    scene.round()

    assert asked == [1]
    assert scene.shown("T100") == [("size", "massive", "accepted")]


def test_reviews_of_works_that_nobody_has_say_nothing_and_keep_nothing(scene):
    scene.round()
    before = scene.bytes_of("Ada")

    lines = ({"work": "T666", "split": "yes"}, {"work": "T667", "same": "T668"})
    scene.reviews(*(line(accepted=True, **one) for one in lines), by="Root")
    scene.round()

    assert scene.bytes_of("Ada") == before
    assert scene.ledger.tasks.shown() == {100}


def test_a_quiet_round_reads_no_page_of_reviews(scene):
    scene.reviews(BIG, line(accepted=True, work="T100", by="Bert"), by="Root")
    scene.round()
    asked = []
    for name in ("check", "info", "texts", "revisions", "users", "users_with", "groups_of", "save"):
        ask = getattr(scene.wiki, name)
        setattr(scene.wiki, name, lambda *a, n=name, ask=ask: asked.append(n) or ask(*a))

    scene.round()

    # Of the control pages, and of what was published; then the people whose turn it is.
    assert asked == ["check", "info", "info", "users_with"]


def test_only_the_page_that_changed_is_read(scene):
    scene.now += timedelta(days=60)
    scene.reviews(BIG, by="Root")
    scene.round()
    asked = []
    for name in ("texts", "revisions"):
        ask = getattr(scene.wiki, name)
        setattr(scene.wiki, name, lambda *a, ask=ask: asked.append(a[0]) or ask(*a))
    new = f"{ROOT}/Reviews/2027"
    scene.reviews(line(work="T100", impact="tiny"), page=new)

    scene.round()

    assert asked[:2] == [[new], new]
    assert PAGE not in asked


def test_a_page_that_was_deleted_takes_its_few_reviews_with_it(scene):
    scene.reviews(BIG, by="Root")
    scene.round()
    scene.wiki.pages.pop(PAGE)

    scene.round()

    assert scene.works("Ada")["T100"]["difficulty"] < 1
    assert scene.shown("T100") == []


# Nobody's page depends on who else joined ----------------------------------------------------------

WORKS = st.sampled_from(["T100", "T101", "T102", a_change(1).key, a_change(3).key])
TASKS = st.sampled_from(["T100", "T101", "T102"])
PEOPLE = st.sampled_from(["Ada", "Bert", "Zoe", "Nobody Known"])
LINES = st.lists(
    st.tuples(WORKS, st.sampled_from(["size", "impact"]), st.sampled_from(["tiny", "massive"]))
    | st.tuples(WORKS, st.just("fix"), st.just("no"))
    | st.tuples(TASKS, st.just("split"), st.just("yes"))
    | st.tuples(TASKS, st.just("same"), TASKS)
    | st.tuples(TASKS, st.just("by"), st.lists(PEOPLE, min_size=1, max_size=3).map("; ".join))
    | st.tuples(WORKS, st.just("not_by"), PEOPLE)
    | st.tuples(WORKS, st.just("harder_than"), WORKS),
    max_size=6,
)
MADE = st.lists(
    st.tuples(PEOPLE, st.lists(st.integers(100, 102), max_size=2, unique=True)), max_size=4
)


def nobody_elses_page_changes(scene, lines, made, accepted):
    """Bert joins and leaves; Ada's pages stay as they are, byte for byte, and no name remains."""
    scene.exists("Ada", "Bert", "Zoe")
    scene.registers("Ada")
    for number, (who, tasks) in enumerate(made, 1):
        scene.merges(a_change(number, f"gerrit:{who}", tasks=tuple(tasks)))
    for number in (100, 101, 102):
        scene.task(a_task(number), owner=("Ada", "Bert", None)[number - 100], touched=NOW)
    text = [line(accepted=accepted, work=work, **{kind: value}) for work, kind, value in lines]
    scene.reviews(*text, by="Root")
    scene.round()
    before = scene.bytes_of("Ada")

    scene.registers("Bert")
    scene.round()
    assert scene.bytes_of("Ada") == before
    assert scene.round().outcome.saved == []
    scene.unregisters("Bert")
    scene.round()

    assert scene.bytes_of("Ada") == before
    assert b"Bert" not in scene.raw_ledger()
    scene.ledger.close()


@settings(max_examples=8, deadline=None)
@given(LINES, MADE, st.booleans())
def test_joining_and_leaving_change_no_byte_of_anothers_pages_whatever_reviews_say(
    tmp_path_factory, lines, made, accepted
):
    scene = ReviewedScene(tmp_path_factory.mktemp("reviewed"))
    nobody_elses_page_changes(scene, lines, made, accepted)


@pytest.mark.long
@settings(max_examples=80, deadline=None)
@given(LINES, MADE, st.booleans())
def test_the_same_holds_for_many_more_worlds(tmp_path_factory, lines, made, accepted):
    scene = ReviewedScene(tmp_path_factory.mktemp("reviewed"))
    nobody_elses_page_changes(scene, lines, made, accepted)


@pytest.mark.parametrize("rounds_between", [True, False])
def test_what_another_reviewer_took_out_only_a_reviewer_puts_in_again(scene, rounds_between):
    scene.wiki.groups["Root2"] = {"sysop"}
    accepted = line(accepted=True, work="T100", size="massive")
    scene.reviews(accepted, by="Root")
    scene.round()
    assert scene.works("Ada")["T100"]["difficulty"] == 1

    scene.reviews(by="Root2")
    if rounds_between:
        scene.round()
    scene.reviews(accepted, by="Ada")
    scene.round()
    assert scene.works("Ada")["T100"]["difficulty"] < 1

    scene.reviews(by="Zoe")
    scene.reviews(accepted, by="Root2")
    scene.round()
    assert scene.works("Ada")["T100"]["difficulty"] == 1


def test_a_reviewer_who_takes_back_their_own_removal_ends_no_acceptance(scene):
    scene.wiki.groups["Root2"] = {"sysop"}
    first = line(accepted=True, work="T100", size="massive")
    scene.reviews(first, by="Root")
    scene.round()
    scene.reviews(by="Root2")
    scene.reviews(first, "and a word beside it", by="Root2")
    scene.round()

    assert scene.works("Ada")["T100"]["difficulty"] == 1


def test_what_is_remembered_of_a_flooded_page_does_not_grow_for_ever(scene, monkeypatch):
    monkeypatch.setattr("bot.acceptance.MOST_GONE", 20)
    for flood in range(4):
        scene.reviews(*(line(work=f"T{flood}{n:03}", size="tiny") for n in range(50)))
        scene.round()
    scene.reviews(by="Root")
    scene.reviews(BIG, by="Root")
    scene.round()

    (memo,) = scene.ledger.notes.recall(REVIEWS).values()
    assert len(memo["standing"]) <= 1 + 20
    assert scene.works("Ada")["T100"]["difficulty"] == 1
