"""What accepted reviews say of works: corrections that are facts, labels that override an estimate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.assess import assess, patches
from scoring.model import Ruling
from scoring.record import record_of
from scoring.rules import RULES
from scoring.rulings import ruled
from tests.builders import a_change, a_task

ADA, BERT = "gerrit:ada", "gerrit:bert"


def works(changes, tasks, rulings):
    """The works by key, as a round assesses them."""
    return {one.key: one for one in assess(*ruled(changes, tasks, rulings), RULES, rulings)}


@pytest.mark.parametrize(("word", "value"), RULES.sizes)
def test_a_label_of_a_reviewer_is_the_difficulty_whatever_was_estimated(word, value):
    task = a_task(1, points=13)

    work = works([a_change(1, tasks=(1,))], [task], {"T1": Ruling(size=word)})["T1"]

    assert work.difficulty == value
    assert (work.reasons[0].term, work.reasons[0].fact) == ("label", "review-size")
    assert RULES.sizes[work.reasons[0].values[0] - 1][0] == word


def test_a_label_of_impact_stands_beside_the_estimate_of_difficulty():
    plain = works([a_change(1, tasks=(1,))], [a_task(1)], {})["T1"]

    work = works([a_change(1, tasks=(1,))], [a_task(1)], {"T1": Ruling(impact="massive")})["T1"]

    assert work.impact == 1
    assert work.difficulty == plain.difficulty
    assert work.reasons[-1].fact == "review-impact"


def test_with_both_labels_nothing_is_an_estimate_any_more():
    both = Ruling(size="small", impact="small")

    work = works([a_change(1)], [], {a_change(1).key: both})[a_change(1).key]

    assert not work.estimate
    assert work.points == pytest.approx(10**0.5)


def test_what_is_no_real_fix_earns_nothing_and_is_no_series_either():
    changes = [a_change(1, tasks=(1,)), a_change(2, tasks=(2,))]

    assert works(changes, [a_task(1), a_task(2)], {"T1": Ruling(void=True)}).keys() == {"T2"}


def test_a_change_that_also_solves_another_task_stays_in_that():
    changes = [a_change(1, tasks=(1, 2))]

    found = works(changes, [a_task(1), a_task(2)], {"T1": Ruling(void=True)})

    assert found.keys() == {"T2"}
    assert patches(found["T2"].work, changes[0].authors[0])[0][0] == changes[0].key


def test_a_series_that_is_no_real_fix_goes_whole_with_its_copies_on_other_branches():
    copy = a_change(9, change_id=a_change(1).change_id, branch="wmf/1.45", commit="c" * 40)
    changes = [a_change(1), a_change(2), copy, a_change(40)]
    assert works(changes, [], {}).keys() == {a_change(1).key, a_change(40).key}

    found = works(changes, [], {a_change(1).key: Ruling(void=True)})

    assert found.keys() == {a_change(40).key}


def test_a_series_that_is_void_takes_nothing_from_a_task_its_change_solved():
    changes = [a_change(1, tasks=(1, 2))]
    tasks = [a_task(1), a_task(2, status="open")]
    assert works(changes, tasks, {}).keys() == {"T1", changes[0].key}

    assert works(changes, tasks, {changes[0].key: Ruling(void=True)}).keys() == {"T1"}


def test_a_task_that_only_gathers_others_leaves_series():
    changes = [a_change(1, tasks=(1,)), a_change(40, tasks=(1,))]

    found = works(changes, [a_task(1)], {"T1": Ruling(split=True)})

    assert found.keys() == {one.key for one in changes}
    assert {one.work.umbrella.number for one in found.values()} == {1}


def test_a_task_that_is_the_same_as_another_is_one_work_with_it():
    changes = [a_change(1, ADA, tasks=(1,)), a_change(2, BERT, tasks=(2,))]

    found = works(changes, [a_task(1), a_task(2)], {"T1": Ruling(into=2)})

    assert found.keys() == {"T2"}
    assert found["T2"].also == (1,)
    assert set(found["T2"].shares) == {ADA, BERT}


def test_two_tasks_that_are_each_the_same_as_the_other_are_one_work():
    changes = [a_change(1, tasks=(1,)), a_change(2, tasks=(2,))]
    circle = {"T1": Ruling(into=2), "T2": Ruling(into=1)}

    assert works(changes, [a_task(1), a_task(2)], circle).keys() == {"T1"}


def test_whoever_has_no_part_in_a_work_has_none_and_nobody_gains_by_it():
    changes = [a_change(1, ADA, tasks=(1,)), a_change(2, BERT, tasks=(1,))]
    before = works(changes, [a_task(1)], {})["T1"]

    work = works(changes, [a_task(1)], {"T1": Ruling(not_by=(BERT,))})["T1"]

    assert BERT not in work.shares
    assert not patches(work.work, BERT)
    assert work.shares[ADA] == before.shares[ADA]
    assert sum(work.shares.values()) == pytest.approx(1)


def test_whom_a_reviewer_confirms_has_an_equal_part_of_a_task_without_a_change():
    by = (ADA, "other 1", "other 2")

    found = works([], [a_task(1)], {"T1": Ruling(done_by=by, size="massive")})
    [credit] = record_of(ADA, found.values()).credits

    assert credit.share == pytest.approx(1 / 3)
    assert credit.issue
    assert found["T1"].points == RULES.points_without_change


def test_a_task_whose_closing_nobody_knows_counts_on_the_day_it_was_filed():
    rulings = {"T1": Ruling(done_by=(ADA,))}

    assert works([], [a_task(1, closed=None)], rulings)["T1"].day == a_task(1).created
    assert not works([], [a_task(1, closed=None, created=None)], rulings)["T1"].shares


def test_of_a_task_with_changes_these_tell_who_did_it():
    changes = [a_change(1, ADA, tasks=(1,))]

    assert works(changes, [a_task(1)], {"T1": Ruling(done_by=(BERT,))})["T1"].shares == {ADA: 1}


def test_a_task_that_is_not_resolved_is_nobodys_whatever_is_said_of_it():
    rulings = {"T1": Ruling(done_by=(ADA,), size="massive")}

    assert works([], [a_task(1, status="open")], rulings) == {}


LABELS = st.builds(
    Ruling,
    size=st.sampled_from(["", "tiny", "massive"]),
    void=st.booleans(),
    not_by=st.sampled_from([(), (ADA,)]),
)
OF_TASKS = st.builds(
    Ruling,
    split=st.booleans(),
    into=st.sampled_from([None, 1, 2]),
    done_by=st.sampled_from([(), (ADA,)]),
)
RULINGS = st.builds(
    dict.__or__,
    st.dictionaries(st.sampled_from(["T1", a_change(1).key, a_change(3).key]), LABELS),
    st.dictionaries(st.sampled_from(["T1", "T2", "T3"]), OF_TASKS),
)
CHANGES = st.lists(
    st.tuples(st.sampled_from([ADA, BERT]), st.lists(st.integers(1, 4), max_size=3, unique=True)),
    max_size=5,
)


@given(CHANGES, RULINGS, st.randoms(use_true_random=False))
def test_whatever_is_ruled_shares_add_up_and_no_order_matters(made, rulings, random):
    changes = [a_change(n, who, tasks=tuple(tasks)) for n, (who, tasks) in enumerate(made, 1)]
    tasks = [a_task(n) for n in (1, 2, 3)]
    found = works(changes, tasks, rulings)

    random.shuffle(changes)
    random.shuffle(tasks)
    shuffled = dict(random.sample(sorted(rulings.items()), len(rulings)))

    assert works(changes, tasks, shuffled) == found
    for work in found.values():
        assert not work.shares or sum(work.shares.values()) == pytest.approx(1)
        assert not rulings.get(work.key, Ruling()).void
        assert ADA not in work.shares or ADA not in rulings.get(work.key, Ruling()).not_by


@given(CHANGES)
def test_no_ruling_is_no_difference(made):
    changes = [a_change(n, who, tasks=tuple(tasks)) for n, (who, tasks) in enumerate(made, 1)]

    assert ruled(changes, [a_task(1)], {}) == (tuple(changes), (a_task(1),))


# A work that is called otherwise by now -----------------------------------------------------------

MERGED = [a_task(1, status="duplicate", duplicate_of=2), a_task(2)]


@pytest.mark.parametrize("word", ["size", "impact"])
def test_a_label_goes_with_a_task_that_was_merged_into_another(word):
    changes = [a_change(1, tasks=(1,)), a_change(2, tasks=(2,))]

    work = works(changes, MERGED, {"T1": Ruling(**{word: "massive"})})["T2"]

    assert {"size": work.difficulty, "impact": work.impact}[word] == 1


def test_of_labels_on_merged_tasks_that_on_the_task_itself_stands_and_no_other_word_is_lost():
    rulings = {"T1": Ruling(size="massive", impact="massive"), "T2": Ruling(size="tiny")}

    work = works([a_change(1, tasks=(1,))], MERGED, rulings)["T2"]

    assert (work.difficulty, work.impact) == (0.1, 1)


def test_a_label_of_a_series_stays_when_an_earlier_change_joins_it_and_when_its_task_is_resolved():
    rulings = {a_change(8).key: Ruling(size="massive")}

    joined = works([a_change(7), a_change(8)], [], rulings)
    resolved = works([a_change(8, tasks=(1,))], [a_task(1)], rulings)

    assert [work.difficulty for work in joined.values()] == [1]
    assert resolved["T1"].difficulty == 1


def test_a_label_of_a_series_is_of_no_other_work_of_its_change_as_long_as_there_is_the_series():
    rulings = {a_change(8).key: Ruling(size="massive")}

    found = works([a_change(8, tasks=(1, 2))], [a_task(1), a_task(2, status="open")], rulings)

    assert found[a_change(8).key].difficulty == 1
    assert found["T1"].difficulty < 1


def test_what_was_no_real_fix_is_none_under_another_name_either():
    void = Ruling(void=True)

    assert works([a_change(1, tasks=(1,))], MERGED, {"T1": void}) == {}
    assert works([a_change(7), a_change(8)], [], {a_change(8).key: void}) == {}
    assert works([a_change(8, tasks=(1,))], [a_task(1)], {a_change(8).key: void}) == {}


def test_a_false_fix_that_is_merged_into_a_true_one_takes_nothing_from_who_made_that():
    changes = [a_change(1, ADA, tasks=(1,)), a_change(2, BERT, tasks=(2,))]

    assert works(changes, MERGED, {"T1": Ruling(void=True)})["T2"].shares == {BERT: 1}


def test_who_had_no_part_in_a_task_has_none_in_what_it_was_merged_into_but_by_what_else_they_did():
    one = a_change(1, ADA, tasks=(1,))
    rulings = {"T1": Ruling(not_by=(ADA,))}

    assert ADA not in works([one, a_change(2, BERT, tasks=(2,))], MERGED, rulings)["T2"].shares
    assert ADA in works([one, a_change(3, ADA, tasks=(2,))], MERGED, rulings)["T2"].shares


def test_who_resolved_a_task_has_done_so_when_it_is_merged_into_another():
    rulings = {"T1": Ruling(done_by=(ADA,))}
    assert works([], MERGED, rulings)["T2"].shares == {ADA: 1}

    rulings["T2"] = Ruling(done_by=(BERT,))
    assert works([], MERGED, rulings)["T2"].shares == {BERT: 1}


def test_a_false_fix_takes_nothing_from_the_series_its_change_makes_for_an_open_task():
    changes = [a_change(1, tasks=(1, 2))]
    tasks = [a_task(1), a_task(2, status="open")]

    found = works(changes, tasks, {"T1": Ruling(void=True)})

    assert found.keys() == {changes[0].key}


def test_the_same_as_a_task_that_nobody_knows_is_still_itself():
    changes = [a_change(1, tasks=(1,))]

    assert works(changes, [a_task(1)], {"T1": Ruling(into=9)}).keys() == {"T1"}
