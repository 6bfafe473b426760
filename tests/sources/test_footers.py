import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.footers import TASKS, parse_reverted, parse_tasks_named

SHA = "aa00000000000000000000000000000000000009"


def footers(*lines):
    return "Subject\n\nA body that speaks of T1.\n\n" + "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("lines", "tasks"),
    [
        (["Bug: T123"], (123,)),
        (["Bug: T2", "Bug: T1"], (2, 1)),
        (["Bug: T5", "Bug: T4", "bug: T5"], (5, 4)),
        (["BUG:T7"], (7,)),
        (["  Bug : T7  "], (7,)),
        (["Bug: T1, T2 T3;T4"], (1, 2, 3, 4)),
        (["Bug: T123#4567"], (123,)),
        (["Bug: https://phabricator.wikimedia.org/T99"], (99,)),
        (["Change-Id: I1", "Bug: T8", "(cherry picked from commit 1)"], (8,)),
        (["Bug: 12345"], ()),
        (["Bug: T0"], ()),
        (["Bug: T012"], ()),
        (["Bug: T12345678"], ()),
        (["Bug: t12"], ()),
        (["Bug: XT12"], ()),
        (["Bug: T12x"], ()),
        (["Bug: T١٢"], ()),
        (["Not a Bug: T12"], ()),
        (["Debug: T12"], ()),
        (["Task: T12"], ()),
    ],
)
def test_tasks_are_named_in_bug_footers(lines, tasks):
    assert parse_tasks_named(footers(*lines)) == tasks


def test_only_the_last_paragraph_has_footers():
    assert parse_tasks_named("Subject\n\nBug: T1\n\nBut see below.\n\nChange-Id: I1") == ()


def test_the_subject_has_no_footers():
    assert parse_tasks_named("Bug: T1") == ()
    assert parse_tasks_named("Fix it\nBug: T1") == ()


def test_windows_line_ends_do_no_harm():
    assert parse_tasks_named("Fix it\r\n\r\nBug: T1\r\nBug: T2\r\n") == (1, 2)


@given(st.lists(st.integers(1, 9_999_999), max_size=20))
def test_every_task_named_is_found_once_and_in_order(numbers):
    message = footers("Change-Id: I1", *(f"Bug: T{number}" for number in numbers))

    assert parse_tasks_named(message) == tuple(dict.fromkeys(numbers))[:TASKS]


@given(st.text(alphabet=st.sampled_from("BbUuGg: T123#\n\r\t x")) | st.text())
def test_any_message_can_be_read(message):
    for number in parse_tasks_named(message):
        assert f"T{number}" in message
    assert parse_reverted(message) in ("", "?")


@pytest.mark.parametrize(
    ("message", "reverted"),
    [
        (f'Revert "x"\n\nThis reverts commit {SHA}.\n', SHA),
        (f"Undo it\n\nThis reverts commit {SHA}.\n", SHA),
        (f"Undo it\n\nThis reverts commit\n{SHA}.\n", SHA),
        (f"Undo it\n\nThis reverts change I{SHA}.\n", f"I{SHA}"),
        ('Revert "x"\n\nIt broke.\n', "?"),
        ('Revert^2 "x"', "?"),
        ("Revert to the old way", ""),
        (f"Fix\n\nIf this reverts commit {SHA}, good.", ""),
        (f"Fix\n\nThis reverts commit {SHA}0.", ""),
        ("Fix\n\nThis reverts commit abc123.", ""),
        ('Say "Revert "x""', ""),
        ("", ""),
    ],
)
def test_a_revert_names_what_it_takes_back(message, reverted):
    assert parse_reverted(message) == reverted
