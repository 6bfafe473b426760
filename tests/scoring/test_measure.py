"""Lines that are nobody's work gain next to nothing, however they are dressed."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.assess import assess
from scoring.measure import measure
from scoring.model import File
from scoring.rules import RULES
from tests.builders import START, a_change, a_task

REAL = st.lists(st.tuples(st.integers(1, 120), st.integers(0, 30)), min_size=1, max_size=5).map(
    lambda sizes: tuple(File(f"src/r{n}.php", i, d) for n, (i, d) in enumerate(sizes))
)
PADDING = {
    "reindented": lambda n: tuple(File(f"src/p{k}.php", 300, 300) for k in range(n)),
    "moved with the file": lambda n: tuple(File(f"new/p{k}.php", 4, 4, True) for k in range(n)),
    "moved from file to file": lambda n: tuple(
        File(f"src/p{k}.php", 150 * (k % 2), 150 * (1 - k % 2)) for k in range(2 * n)
    ),
    "renamed in many files": lambda n: tuple(File(f"src/p{k}.php", 2, 2) for k in range(30 + n)),
    "renamed, ten thousand lines": lambda n: tuple(
        File(f"src/p{k}.php", 25, 25) for k in range(200)
    ),
    "a line added to each file": lambda n: tuple(File(f"x{k}/p.php", 1, 0) for k in range(40)),
    "vendored": lambda n: tuple(File(f"vendor/p{k}.php", 900, 0) for k in range(n)),
    "binary": lambda n: tuple(File(f"src/p{k}.bin", None, None) for k in range(n)),
}


def points(*changes, tasks=()):
    return sum(work.points for work in assess(changes, tasks))


@pytest.mark.parametrize("dress", PADDING)
@given(REAL, st.integers(1, 12))
def test_padding_gains_at_most_a_fifth(dress, real, many):
    plain = a_change(1, files=real)
    padded = a_change(1, files=(*real, *PADDING[dress](many)))

    assert points(padded) <= 1.2 * points(plain)


@pytest.mark.parametrize("dress", PADDING)
def test_padding_alone_is_worth_little_more_than_nothing(dress):
    nothing = points(a_change(1, files=()))

    assert points(a_change(1, files=PADDING[dress](12))) <= 1.5 * nothing


@given(REAL.filter(lambda files: all(f.inserted > RULES.small_file for f in files)))
def test_a_sweep_beside_real_work_does_not_swallow_it(real):
    sweep = tuple(File(f"y{k}.php", 1, 1) for k in range(100))
    beside = measure([(a_change(1, files=(*real, *sweep)), 1.0)], RULES)
    alone = measure([(a_change(1, files=real), 1.0)], RULES)

    assert beside.size >= alone.size
    assert beside.swept >= 100


@given(REAL, st.sampled_from([(), (9,)]), st.sampled_from([None, 3]))
def test_ten_slices_shown_with_one_decimal_are_at_most_a_fifth_more(real, tasks, rounds):
    whole = tuple(File(f.path, f.inserted * 10, f.deleted * 10) for f in real)
    one = a_change(1, files=whole, tasks=tasks, rounds=rounds)
    ten = [
        a_change(n, files=real, tasks=tasks, rounds=rounds, merged=START + timedelta(hours=16 * n))
        for n in range(1, 11)
    ]
    (cut,), (uncut,) = assess(ten, ()), assess([one], ())

    assert round(cut.points, 1) <= 1.2 * round(uncut.points, 1) + 1e-9


@given(REAL)
def test_cutting_a_patch_into_ten_does_not_raise_a_share(real):
    tenth = tuple(File(f.path, f.inserted, f.deleted) for f in real)
    whole = tuple(File(f.path, f.inserted * 10, f.deleted * 10) for f in real)
    bert = a_change(99, "bert", tasks=(9,))
    ten = [
        a_change(n, "ada", tasks=(9,), files=tenth, merged=START + timedelta(hours=n))
        for n in range(1, 11)
    ]
    (cut,) = assess([*ten, bert], [a_task(9)])
    (uncut,) = assess([a_change(1, "ada", tasks=(9,), files=whole), bert], [a_task(9)])

    assert cut.shares["ada"] == pytest.approx(uncut.shares["ada"])


def test_work_of_many_weeks_counts_more_than_one_patch():
    """The bundle is a week: whoever carried a feature for months does not shrink to one Size."""
    months = [
        a_change(10 * n, "ada", tasks=(9,), files=(File(f"src/{n}.php", 50, 0),))
        for n in range(1, 9)
    ]
    (work,) = assess([*months, a_change(99, "bert", tasks=(9,))], [a_task(9)])

    assert work.shares["ada"] > 0.75


def test_more_lines_for_good_are_never_less():
    sizes = [
        measure([(a_change(1, files=(File("a.php", n, 7),)), 1.0)], RULES).size
        for n in range(7, 150)
    ]

    assert sizes == sorted(sizes)


def test_a_change_whose_files_nobody_told_has_the_lines_of_one_file():
    measured = measure([(a_change(1, files=(), inserted=900, deleted=3), 1.0)], RULES)

    assert 190 <= measured.lines <= RULES.lines_of_a_file


def test_two_files_of_one_line_are_no_wide_diffusion():
    files = (File("a/x.php", 1, 0), File("b/y.php", 1, 0))

    assert measure([(a_change(1, files=files), 1.0)], RULES).spread <= 0.2
