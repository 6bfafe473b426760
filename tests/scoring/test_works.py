"""What counts as one work, and what does not count: DESIGN 8, case by case."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from scoring.assess import assess, main_change
from scoring.model import File, Task, Wish
from scoring.record import record_of
from scoring.rules import RULES
from scoring.standing import standing
from scoring.works import gather_works
from tests.builders import START, a_change, a_task

ADA, BERT = "ada", "bert"


def works(changes, tasks=()):
    """Works by key: the numbers of their changes."""
    return {
        work.key: [change.number for change, _ in work.parts]
        for work in gather_works(changes, tasks, RULES)
    }


def one(number, author=ADA, **facts):
    return a_change(number, author, **{"project": "p", **facts})


REVERT = {"reverts": "p~1"}

CASES = {
    "a task is one work with all its changes, whoever made them": (
        [one(1, tasks=(9,)), one(2, BERT, tasks=(9,))],
        [a_task(9)],
        {"T9": [1, 2]},
    ),
    "a task of which nothing is said is taken as public and resolved": (
        [one(1, tasks=(9,))],
        [],
        {"T9": [1]},
    ),
    "a resolved task without a change is a work with no parts": ([], [a_task(9)], {"T9": []}),
    "a change on an open task earns as a series": (
        [one(1, tasks=(9,))],
        [a_task(9, status="open")],
        {"p~1": [1]},
    ),
    "a reopened task is an open one": (
        [one(1, tasks=(9,))],
        [a_task(9, status="progress", closed=None)],
        {"p~1": [1]},
    ),
    "a task that is not public is no work": (
        [one(1, tasks=(9,))],
        [a_task(9, public=False)],
        {"p~1": [1]},
    ),
    "a duplicate leads to its survivor": (
        [one(1, tasks=(8,)), one(2, tasks=(9,))],
        [a_task(8, status="duplicate", duplicate_of=9), a_task(9)],
        {"T9": [1, 2]},
    ),
    "a chain of duplicates that is a cycle ends": (
        [one(1, tasks=(8,)), one(2, tasks=(9,))],
        [a_task(8, duplicate_of=9), a_task(9, duplicate_of=8)],
        {"T8": [1, 2]},
    ),
    "a change that names two tasks belongs to both": (
        [one(1, tasks=(8, 9))],
        [a_task(8), a_task(9)],
        {"T8": [1], "T9": [1]},
    ),
    "of more than three tasks three are counted": (
        [one(1, tasks=(6, 7, 8, 9))],
        [],
        {"T6": [1], "T7": [1], "T8": [1]},
    ),
    "changes without a task by one author on the same files are one series": (
        [one(1), one(2), one(3)],
        [],
        {"p~1": [1, 2, 3]},
    ),
    "eight days after its first change a series is over": (
        [one(1), one(9)],
        [],
        {"p~1": [1], "p~9": [9]},
    ),
    "other files are another series": (
        [one(1), one(2, files=(File("other.php", 5, 0),))],
        [],
        {"p~1": [1], "p~2": [2]},
    ),
    "the same topic makes a series of other files": (
        [one(1, topic="t"), one(2, topic="t", files=(File("other.php", 5, 0),))],
        [],
        {"p~1": [1, 2]},
    ),
    "another author or repository is another series": (
        [one(1), one(2, BERT), one(3, project="q")],
        [],
        {"p~1": [1], "p~2": [2], "q~3": [3]},
    ),
    "others of different changes are compared by number only": (
        [one(1, authors=(ADA, "other 1")), one(2, authors=(ADA, "other 2")), one(3)],
        [],
        {"p~1": [1, 2], "p~3": [3]},
    ),
    "a revert takes back, and earns nothing itself": ([one(1), one(2, BERT, **REVERT)], [], {}),
    "a revert of the revert gives it once": (
        [one(1), one(2, **REVERT), one(3, reverts="p~2")],
        [],
        {"p~1": [1]},
    ),
    "a revert that names the commit or the Change-Id is one too": (
        [
            one(1),
            one(2, reverts=f"{1:040x}"),
            one(3, files=(File("z", 1, 0),)),
            one(4, reverts=f"I{3:040d}"),
        ],
        [],
        {},
    ),
    "a revert of something not named earns nothing": ([one(1, reverts="?")], [], {}),
    "a re-land with the same Change-Id counts once": (
        [one(1), one(2, **REVERT), one(3, change_id=f"I{1:040d}")],
        [],
        {"p~3": [3]},
    ),
    "the same change on a release branch counts once": (
        [one(1, tasks=(9,)), one(2, tasks=(9,), change_id=f"I{1:040d}", branch="REL1_43")],
        [],
        {"T9": [1]},
    ),
    "a backport merged first does not stand for the change": (
        [one(1, change_id="I5", branch="wmf/1.43.0-wmf.1"), one(5, change_id="I5")],
        [],
        {"p~5": [5]},
    ),
    "a revert takes the credit back, be there backports or not": (
        [
            one(1, change_id="I1"),
            one(2, change_id="I1", branch="REL1_43"),
            one(3, BERT, reverts="I1"),
        ],
        [],
        {},
    ),
    "a revert on a release branch says nothing of the change where it was made": (
        [
            one(1, change_id="I1"),
            one(2, change_id="I1", branch="wmf/1.43.0-wmf.1"),
            one(3, BERT, branch="wmf/1.43.0-wmf.1", reverts="I1"),
        ],
        [],
        {"p~1": [1]},
    ),
    "nor does it where nothing is known of the change on that branch": (
        [one(1, change_id="I1"), one(3, BERT, branch="REL1_43", reverts="I1")],
        [],
        {"p~1": [1]},
    ),
    "what was made on a release branch only counts there": (
        [one(1, branch="REL1_43")],
        [],
        {"p~1": [1]},
    ),
    "a revert of something later is none": ([one(1, reverts="p~2"), one(2)], [], {"p~2": [2]}),
    "a revert in another project is none": (
        [one(1), one(2, project="q", reverts=f"I{1:040d}")],
        [],
        {"p~1": [1]},
    ),
    "a duplicate that leads into a circle is the circle's": (
        [one(1, tasks=(7,)), one(2, tasks=(8,)), one(3, tasks=(9,))],
        [
            a_task(7, status="duplicate", duplicate_of=8),
            a_task(8, status="duplicate", duplicate_of=9),
            a_task(9, duplicate_of=8),
        ],
        {"T9": [1, 2, 3]},
    ),
    "a duplicate of a task that nobody may know of is no work": (
        [one(1, tasks=(8,))],
        [a_task(8, duplicate_of=9)],
        {"p~1": [1]},
    ),
    "an umbrella that is not public is not named": (
        [one(1, tasks=(9,))],
        [a_task(9, umbrella=True, public=False)],
        {"p~1": [1]},
    ),
    "a change that touches two series makes them one": (
        [
            one(1, files=(File("a", 1, 0),)),
            one(2, files=(File("b", 1, 0),)),
            one(3, files=(File("a", 1, 0), File("b", 1, 0))),
        ],
        [],
        {"p~1": [1, 2, 3]},
    ),
    "translations in common make no series": (
        [
            one(1, files=(File("a.php", 1, 0), File("i18n/en.json", 1, 0))),
            one(2, files=(File("b.php", 1, 0), File("i18n/en.json", 1, 0))),
        ],
        [],
        {"p~1": [1], "p~2": [2]},
    ),
    "bots and translation exports are left out": (
        [one(1, is_bot=True), one(2, is_translation=True)],
        [],
        {},
    ),
    "the changes of an umbrella form series": (
        [one(1, tasks=(9,)), one(2, BERT, tasks=(9,))],
        [a_task(9, umbrella=True)],
        {"p~1": [1], "p~2": [2]},
    ),
    "a change that names another task now belongs to that one": (
        [one(1, tasks=(8,)), one(1, tasks=(9,))][1:],
        [a_task(8), a_task(9)],
        {"T8": [], "T9": [1]},
    ),
    "a change that was merged for one task and again for another is one change of the later": (
        [one(1, tasks=(8,)), one(2, **REVERT), one(3, tasks=(9,), change_id=f"I{1:040d}")],
        [a_task(8), a_task(9)],
        {"T8": [], "T9": [3]},
    ),
    "a series that was squashed is one change": (
        [one(1, files=tuple(File(f"s{n}.php", 9, 0) for n in range(5)))],
        [],
        {"p~1": [1]},
    ),
    "changes merged within hours of one another are a chain, whatever they touch": (
        [
            one(n, files=(File(f"s{n}.php", 9, 0),), merged=START + timedelta(hours=11 * n))
            for n in range(1, 6)
        ],
        [],
        {"p~1": [1, 2, 3, 4, 5]},
    ),
    "an unknown task with more than thirty changes is an umbrella": (
        [one(n, tasks=(9,), merged=START + timedelta(hours=n)) for n in range(1, 32)],
        [],
        {"p~1": list(range(1, 32))},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_works(case):
    changes, tasks, expected = CASES[case]

    assert works(changes, tasks) == expected
    assert works(changes[::-1], tasks[::-1]) == expected


def test_a_change_on_two_tasks_gives_each_an_equal_part_of_its_evidence():
    (first, second) = assess([one(1, tasks=(8, 9))], [a_task(8), a_task(9)])
    (whole,) = assess([one(1, tasks=(8,))], [a_task(8)])

    assert first.points == second.points < whole.points


def test_a_change_on_an_open_and_a_resolved_task_gives_each_its_part():
    keys = [w.key for w in assess([one(1, tasks=(8, 9))], [a_task(8), a_task(9, status="open")])]

    assert keys == ["T8", "p~1"]


def test_a_secret_umbrella_lends_nothing_not_even_its_name():
    (work,) = gather_works([one(1, tasks=(9,))], [a_task(9, umbrella=True, public=False)], RULES)

    assert work.umbrella is None


def test_facts_that_disagree_do_not_depend_on_who_comes_first():
    twice = [one(1), one(1, files=(File("z.php", 400, 0),))]
    said = [a_task(9, status="open"), a_task(9)]

    assert assess(twice, said) == assess(twice[::-1], said[::-1])


def test_a_wish_finds_the_task_that_its_task_was_merged_into():
    tasks = [a_task(8, status="duplicate", duplicate_of=9), a_task(9)]
    record = record_of(ADA, assess([one(1, tasks=(9,))], tasks), [Wish("W1", "done", (8,))])

    assert (record.total.issues, record.total.wishes, record.total.together) == (1, 1, 1)


def test_an_umbrella_lends_its_reach_but_not_its_demand():
    task = a_task(9, umbrella=True, wish_votes=200)
    (series,) = assess([one(1, tasks=(9,))], [task])

    assert [reason.fact for reason in series.reasons if reason.term == "demand"] == ["no-task"]
    assert series.issue is False


def test_an_issue_needs_a_fifth_of_the_work_or_an_equal_part_of_many():
    """Six equal authors have each less than 20 %, and each has the issue."""
    names = ["a", "b", "c", "d", "e", "f"]
    equal = assess([one(n, name, tasks=(9,)) for n, name in enumerate(names, 1)], [a_task(9)])
    small = (File("src/a.php", 1, 0),)
    large = (File("src/b.php", 200, 0), File("src/c.php", 200, 0))
    unequal = assess(
        [one(1, ADA, tasks=(9,), files=small), one(2, BERT, tasks=(9,), files=large)], [a_task(9)]
    )

    assert [record_of(name, equal).total.issues for name in names] == [1] * 6
    assert record_of(ADA, unequal).total.issues == 0
    assert record_of(BERT, unequal).total.issues == 1


def test_a_resolved_task_that_names_no_change_counts_for_nobody_and_is_at_most_five_points():
    (work,) = assess(
        [], [a_task(9, wish_votes=200, subscribers=100, priority="unbreak", points=13)]
    )

    assert work.shares == {}
    assert work.points == 5
    assert ("at-most", (5,)) in [(reason.fact, reason.values) for reason in work.reasons]
    assert record_of(ADA, [work]).total.issues == 0


def test_a_human_label_overrides_the_estimate_and_is_printed_as_such():
    (work,) = assess([one(1, tasks=(9,), files=(File("a.php", 1, 0),))], [a_task(9, points=8)])

    assert work.difficulty == 0.75
    assert work.reasons[0].fact == "task-points"


def test_what_nobody_knows_is_neutral_and_said_and_what_is_absent_is_nothing():
    (unknown,) = assess([one(1, tasks=(9,))], [Task(9)])
    (absent,) = assess([one(1, tasks=(9,))], [Task(9, tokens=0, subscribers=0)])
    values = {reason.term: (reason.value, reason.fact) for reason in unknown.reasons}

    assert unknown.estimate
    assert values["watchers"] == (RULES.unknown_watchers, "watchers-unknown")
    assert values["priority"] == (RULES.unknown_priority, "priority-undecided")
    terms = {reason.term: reason.value for reason in absent.reasons}
    assert (terms["watchers"], terms["demand"]) == (0, 0)


def test_when_rounds_and_task_are_known_it_is_no_estimate():
    task = a_task(9, tokens=1)
    (work,) = assess([one(1, tasks=(9,), rounds=3, project="mediawiki/core")], [task])

    assert work.estimate is False


def test_co_authors_divide_a_change_equally():
    (work,) = assess([one(1, authors=(ADA, BERT), tasks=(9,))], [a_task(9)])

    assert work.shares == {ADA: 0.5, BERT: 0.5}


def test_a_change_without_effective_lines_still_has_an_author():
    translation = (File("i18n/de.json", 500, 3),)
    (work,) = assess([one(1, files=translation)], [])

    assert work.shares == {ADA: 1}
    assert {reason.fact for reason in work.reasons} >= {"nothing-effective", "set-aside"}


def test_the_main_change_is_the_authors_own_largest():
    big = one(2, tasks=(9,))._replace(inserted=500)
    (work,) = assess([one(1, tasks=(9,)), big, one(3, BERT, tasks=(9,))], [a_task(9)])

    assert [main_change(work.work, who) for who in (ADA, BERT)] == ["p~2", "p~3"]


def test_a_tracking_tag_makes_a_task_an_umbrella():
    task = a_task(9, projects=("MediaWiki-General", "Epic"))

    [work] = gather_works([one(1, tasks=(9,))], [task], RULES)

    assert (work.key, work.task, work.umbrella.number) == (one(1).key, None, 9)


def test_subtasks_with_changes_of_their_own_make_a_task_an_umbrella():
    parent = a_task(9, subtasks=(8, 7))
    changes = [one(1, tasks=(9,))]

    assert [work.key for work in gather_works(changes, [parent], RULES)] == ["T9"]
    both = gather_works([*changes, one(40, tasks=(8,))], [parent, a_task(8)], RULES)
    assert [work.key for work in both] == ["T8", one(1).key]


def test_a_task_with_very_many_subtasks_is_an_umbrella_whatever_is_known_of_them():
    parent = a_task(9, subtasks=tuple(range(100, 100 + RULES.umbrella_subtasks + 1)))

    assert [work.key for work in gather_works([one(1, tasks=(9,))], [parent], RULES)] == [
        one(1).key
    ]


def test_what_is_done_under_an_umbrella_counts_for_the_wish_that_names_it():
    parent = a_task(9, projects=("Epic",))
    works = assess([one(1, tasks=(9,)), one(40, tasks=(8,))], [parent, a_task(8)])

    [grant] = record_of(ADA, works, [Wish("W1", "done", (9, 8))]).grants

    assert grant.works == {"T8", one(1).key}
    assert grant.share == pytest.approx(1)


def test_a_commit_that_two_sources_tell_of_is_one_change():
    here = one(1)
    mirrored = here._replace(source="github", project="wikimedia/thanks", number=7, change_id="")

    assert [c.key for c in standing([mirrored, here], RULES)] == [here.key]


def test_what_was_paid_is_shown_and_counts_nothing():
    works = assess([one(1, tasks=(9,)), one(300)], [a_task(9)])
    [wish] = [Wish("W1", "done", (9,))]

    record = record_of(
        ADA, works, [wish], paid=lambda day: day == works[0].day, reviews=[works[0].day]
    )

    assert [(c.work.key, c.paid, c.issue) for c in record.credits if c.work.key == "T9"] == [
        ("T9", True, False)
    ]
    assert (record.total.issues, record.total.reviews) == (0, 0)
    assert record.total.score == sum(c.counted for c in record.credits if not c.paid) > 0


def test_reviews_are_counted_by_year_and_earn_no_points():
    days = [date(2024, 5, 1), date(2025, 5, 1), date(2025, 6, 1)]

    record = record_of(ADA, [], reviews=days)

    assert record.total.reviews == 3
    assert {year: tally.reviews for year, tally in record.years.items()} == {2024: 1, 2025: 2}
    assert record.total.score == 0


def test_a_wish_that_no_known_task_granted_is_theirs_whom_a_reviewer_named():
    wish = Wish("tw 3", "done", (), date(2024, 5, 1), by=(ADA, "other 1"))

    [grant] = record_of(ADA, [], [wish]).grants

    assert (grant.share, grant.day) == (0.5, date(2024, 5, 1))
    assert record_of("carl", [], [wish]).grants == ()


def test_what_is_made_on_the_wiki_reaches_those_who_use_it():
    few, many = (
        assess([one(1)._replace(source="onwiki", project="metawiki", usage=uses)], [])[0]
        for uses in (2, 5000)
    )

    assert many.impact > few.impact
    assert ("reach", "reach-used-by", (5000,)) in {(r.term, r.fact, r.values) for r in many.reasons}


def test_of_two_rows_of_the_same_reach_the_first_that_fits_gives_its_own_value():
    rows = (("reach-deployed", 0.9, ("/wide",)), ("reach-deployed", 0.6, ("/wide", "/narrow")))
    rules = replace(RULES, reaches=rows)
    reaches = [
        reason.value
        for name in ("wide", "narrow")
        for reason in assess([one(1)._replace(project=name)], [], rules)[0].reasons
        if reason.term == "reach"
    ]

    assert reaches == [0.9, 0.6]


def test_a_request_that_tech_news_listed_was_wanted():
    plain, listed = (
        assess([one(1, tasks=(9,))], [a_task(9, in_news=listed)])[0] for listed in (False, True)
    )

    assert listed.impact > plain.impact
    assert listed.shares == plain.shares


def test_a_change_that_nobody_else_saw_is_a_series_beside_a_reviewed_work():
    mine = one(1, tasks=(9,), reviewed=True)
    foreign = one(40, BERT, tasks=(9,), reviewed=False, project="q")

    assert works([mine, foreign], [a_task(9)]) == {"T9": [1], foreign.key: [40]}
    assert works([one(1, tasks=(9,), reviewed=False), foreign], [a_task(9)]) == {"T9": [1, 40]}


def test_one_seen_typo_does_not_launder_what_nobody_else_looked_at():
    mine = [one(1, tasks=(9,), reviewed=True), one(2, tasks=(9,), reviewed=False)]

    assert works(mine, [a_task(9)]) == {"T9": [1], "p~2": [2]}


def test_a_name_on_an_unseen_change_lets_it_into_nobodys_task():
    mine = one(1, tasks=(9,), reviewed=True)
    foreign = [one(n, authors=(BERT, ADA), tasks=(9,), reviewed=False) for n in range(2, 9)]

    (work,) = [work for work in assess([mine, *foreign], [a_task(9)]) if work.key == "T9"]
    assert work.shares == {ADA: 1}


def test_a_subtask_made_after_a_task_was_closed_makes_no_umbrella_of_it():
    done = one(1, tasks=(9,))
    late = one(200, BERT, tasks=(10,))
    parent = a_task(9, closed=date(2025, 2, 1), subtasks=(10,))

    assert "T9" in works([done, late], [parent, a_task(10)])
    early = one(2, BERT, tasks=(10,))
    assert "T9" not in works([done, early], [parent, a_task(10)])


def test_of_equal_commits_the_one_that_somebody_looked_at_stands():
    here = one(1)._replace(source="github", project="wikimedia/x", change_id="", reviewed=True)
    copy = one(1)._replace(source="gitlab", project="repos/evil", change_id="", reviewed=False,
                           authors=(BERT,))  # fmt: skip

    assert [change.key for change in standing([copy, here], RULES)] == [here.key]


def test_many_little_patches_made_weeks_apart_take_no_work_from_who_did_most_of_it():
    files = tuple(File(f"src/{n}.php", 150, 0) for n in range(4))
    mine = a_change(1, ADA, tasks=(9,), files=files)
    little = [
        a_change(n, BERT, tasks=(9,), files=(File("src/0.php", 4, 0),), merged=START + timedelta(days=8 * n))
        for n in range(2, 18)
    ]  # fmt: skip
    (work,) = assess([mine, *little], [a_task(9)])

    assert work.shares[ADA] > 0.5


def test_points_that_nobody_else_saw_a_change_for_do_not_replace_the_estimate():
    task = a_task(9, points=13)
    unseen, seen = (
        assess([one(1, tasks=(9,), reviewed=looked_at)], [task])[0] for looked_at in (False, True)
    )

    assert seen.reasons[0].fact == "task-points"
    assert "task-points" not in [reason.fact for reason in unseen.reasons]


def test_a_commit_mirrored_before_it_was_merged_belongs_to_where_it_was_reviewed():
    here = one(1)
    mirrored = here._replace(
        source="gitlab", project="repos/evil", change_id="", authors=(BERT,),
        merged=here.merged - timedelta(days=1),
    )  # fmt: skip

    assert [change.key for change in standing([mirrored, here], RULES)] == [here.key]


def test_a_known_change_id_on_a_branch_of_ones_own_takes_nothing_from_the_main_branch():
    true = one(1, change_id="Ia")
    false = one(2, BERT, change_id="Ia", branch="sandbox/bert", merged=true.merged - timedelta(1))

    assert [change.key for change in standing([true, false], RULES)] == [true.key]


def test_a_revert_on_a_branch_of_ones_own_takes_nothing_back():
    true = one(1)
    elsewhere = one(2, BERT, reverts=true.key, branch="sandbox/bert")
    on_main = one(3, BERT, reverts=true.key)

    assert [change.key for change in standing([true, elsewhere], RULES)] == [true.key]
    assert standing([true, on_main], RULES) == []


def test_many_names_on_one_line_do_not_lower_the_bar_of_an_issue():
    names = tuple(f"n{number}" for number in range(10))
    big = one(1, BERT, tasks=(9,), files=(File("src/b.php", 900, 0),), inserted=900)
    line = one(2, tasks=(9,), authors=names, files=(File("src/c.php", 1, 0),), inserted=1)
    small = one(3, tasks=(9,), files=(File("src/a.php", 3, 0),), inserted=3)
    [work] = assess([big, line, small], [a_task(9)])

    assert 1 / len(work.shares) < work.shares[ADA] < RULES.share_of_issue
    assert record_of(ADA, [work]).total.issues == 0


def test_what_was_done_long_after_a_wish_was_granted_did_not_grant_it():
    works_ = assess([one(1, tasks=(9,))], [a_task(9, closed=date(2025, 6, 1))])

    def wishes(granted):
        return record_of(ADA, works_, [Wish("W1", "done", (9,), granted)]).total.wishes

    assert wishes(date(2025, 5, 1)) == 1
    assert wishes(date(2024, 5, 1)) == 0


def test_paid_work_grants_a_volunteer_no_wish_and_unpaid_work_does_whenever_it_was_granted():
    works_ = assess([one(1, tasks=(9,))], [a_task(9, closed=date(2024, 12, 31))])
    wish = Wish("W1", "done", (9,), date(2025, 1, 20))

    def wishes(paid_year):
        return record_of(
            ADA, works_, [wish], paid=lambda day: day.year == paid_year
        ).total.wishes  # fmt: skip

    assert wishes(2024) == 0
    assert wishes(2025) == 1
