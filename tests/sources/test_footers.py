import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.footers import COAUTHORS, TASKS, parse_coauthors, parse_reverted, parse_tasks_named

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
        (f'Revert "x"\n\nThis reverts commit\n{SHA}.\n', SHA),
        (f'Revert "x"\n\nThis reverts change I{SHA}.\n', f"I{SHA}"),
        (f"Revert “x”\n\nThis reverts commit {SHA}.\n", SHA),
        (f'Revert^2 "x"\n\nThis reverts commit {SHA}.\n', SHA),
        (f'Revert "x"\n\nIt only partly worked.\nThis reverts commit {SHA}.\n', SHA),
        (f'Revert "x"\n\nThis reverts commit {SHA}.\n\nIt partially broke.', SHA),
        (f'Revert "Partially move “x” in part"\n\nThis reverts commit {SHA}.', SHA),
        (f'Revert "x"\n\nThis reverts commit {SHA}, in particular.', SHA),
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


@pytest.mark.parametrize(
    "message",
    [
        f"Undo it\n\nThis reverts commit {SHA}.\n",
        f"Undo it\n\nThis reverts change I{SHA}.\n",
        f"Revert it\n\nThis reverts commit {SHA}.\n",
        f'Fix it\n\nRevert "x"\n\nThis reverts commit {SHA}.\n',
    ],
)
def test_a_line_in_the_body_alone_takes_nothing_back(message):
    assert parse_reverted(message) == ""


@pytest.mark.parametrize(
    "message",
    [
        f'Revert "x" in part\n\nThis reverts commit {SHA}.\n',
        f'Revert "x" (partially)\n\nThis reverts commit {SHA}.\n',
        f'Revert "x", partly\n\nThis reverts commit {SHA}.\n',
        f'Revert "x"\n\nThis reverts commit {SHA} in part.\n',
        f'Revert "x"\n\nThis reverts commit {SHA}, though in\npart only.\n',
        f'Revert "x"\n\nThis partially reverts commit {SHA}.\n',
        f'Revert "x"\n\nPartly reverts change I{SHA}.\n',
    ],
)
def test_what_is_taken_back_in_part_stands(message):
    assert parse_reverted(message) == ""


@pytest.mark.parametrize(
    ("lines", "addresses"),
    [
        (["Co-Authored-By: Cleo Example <cleo@example.org>"], ("cleo@example.org",)),
        (
            ["co-authored-by:<a@b.example>", "Co-authored-by: B <b@b.example>"],
            ("a@b.example", "b@b.example"),
        ),
        (
            ["Co-Authored-By: A <a@b.example>", "Co-Authored-By: Again <a@b.example>"],
            ("a@b.example",),
        ),
        (["Signed-off-by: Cleo <cleo@example.org>"], ()),
        (["Co-Authored-By: Cleo"], ()),
        (["Co-Authored-By: Cleo <cleo>"], ()),
        (["Co-Authored-By: Cleo <a b@example.org>"], ()),
        (["Not-Co-Authored-By: Cleo <cleo@example.org>"], ()),
    ],
)
def test_co_authors_are_named_with_their_address(lines, addresses):
    assert parse_coauthors(footers(*lines)) == addresses


def test_of_very_many_co_authors_some_are_kept():
    lines = [f"Co-Authored-By: A <a{number}@example.org>" for number in range(99)]

    assert len(parse_coauthors(footers(*lines))) == COAUTHORS


@given(st.text())
def test_co_authors_of_any_message_can_be_read(message):
    assert all("@" in address for address in parse_coauthors(message))
