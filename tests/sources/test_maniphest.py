import copy
from datetime import date

import pytest

from scoring.model import Task
from sources.maniphest import Row, parse_rows, parse_tasks
from sources.port import FoundTask, SourceChanged
from tests.sources import recordings


def a_row(**fields):
    row = copy.deepcopy(recordings.rows("maniphest.search.typical-page-1")[0])
    row["fields"].update(fields)
    return row


def the_task(row, **settings):
    [found] = parse_tasks([row], **settings)
    return found.task


def recorded(name):
    return {found.number: found for found in parse_tasks(recordings.rows(name))}


def test_a_task_is_understood():
    [found, *_] = parse_tasks(recordings.rows("maniphest.search.typical-page-1"))

    assert found == FoundTask(
        number=75,
        owner="PHID-USER-o4vjmjry2tktz3v7kz4y",
        closer="PHID-USER-p3um26ju46eudowxk53y",
        task=Task(
            number=75,
            status="resolved",
            priority="",  # needs triage: nobody decided
            subtype="default",
            subscribers=1,
            created=date(2026, 8, 15),
            closed=date(2026, 11, 20),
        ),
    )


def test_points_come_as_text_and_none_is_not_nought():
    found = recorded("maniphest.search.ids-attachments")

    assert {n: found[n].task.points for n in (104, 16, 24, 1)} == {
        104: 3.0,
        16: 0.5,
        24: 0.0,
        1: None,
    }


def test_a_workboard_list_harms_nobody():
    assert len(recorded("maniphest.search.ids-attachments")) == 9


def test_a_task_without_owner_or_closing_is_understood():
    found = recorded("maniphest.search.fields-nulls")

    assert found[51].task.status == "open"
    assert found[51].task.closed is None
    assert next(parse_tasks([a_row(ownerPHID=None)])).owner is None


def test_what_an_administrator_may_see_is_not_public():
    found = recorded("maniphest.search.ids-invisible-as-admin")

    assert found[13] == FoundTask(13, None)
    assert found[14] == FoundTask(14, None)
    assert found[12].task.public


@pytest.mark.parametrize("view", ["users", "admin", "no-one", "PHID-PLCY-abc", "Public", "public "])
def test_only_public_is_public(view):
    [found] = parse_tasks([a_row(policy={"view": view})])

    assert found == FoundTask(75, None)


@pytest.mark.parametrize("policy", [None, {}, [], {"view": None}, {"view": {"public": True}}])
def test_a_task_that_does_not_say_who_may_see_it_is_a_change_of_the_source(policy):
    with pytest.raises(SourceChanged, match=r"fields\.policy\.view"):
        the_task(a_row(policy=policy))


def test_a_task_in_a_space_that_is_not_public_is_not_shown():
    spaces = frozenset({"PHID-SPCE-public"})

    assert the_task(a_row(spacePHID="PHID-SPCE-secret"), public_spaces=spaces) is None
    assert the_task(a_row(spacePHID="PHID-SPCE-public"), public_spaces=spaces)
    assert the_task(a_row(spacePHID=None), public_spaces=spaces)


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (100, "unbreak"),
        (90, ""),
        (80, "high"),
        (50, "medium"),
        (25, "low"),
        (10, "lowest"),
        (42, ""),
        (None, ""),
        ([], ""),
        ("high", ""),
    ],
)
def test_priorities_become_words(value, word):
    assert the_task(a_row(priority={"value": value})).priority == word


@pytest.mark.parametrize("points", ["many", "nan", "inf", "-1", "1e999", True, [], {}])
def test_points_that_are_none_are_not_known(points):
    assert the_task(a_row(points=points)).points is None


def test_projects_come_as_phids_beside_the_task():
    [row] = parse_rows([a_row()])

    assert row.phid == "PHID-TASK-uampzqkf3abv6k2xspsk"
    assert row.projects == (
        "PHID-PROJ-5hjj7i3m6ivtdyg25776",
        "PHID-PROJ-kss2vuie65rbu6zikxxk",
        "PHID-PROJ-mrtwwyfwdmq4h7cyaofc",
    )
    assert row.found.task.projects == ()


def test_of_a_hidden_task_there_is_no_phid():
    [row] = parse_rows([a_row(policy={"view": "users"})])

    assert row == Row(FoundTask(75, None))


def test_without_attachments_nothing_is_known_of_them():
    [row] = parse_rows([{**a_row(), "attachments": []}])

    assert (row.projects, row.found.task.subscribers) == ((), None)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"status": {"value": None}}, "fields.status.value"),
        ({"status": "resolved"}, "fields.status.value"),
        ({"dateClosed": "soon"}, "fields.dateClosed"),
        ({"dateCreated": 1.5}, "fields.dateCreated"),
        ({"ownerPHID": 7}, "fields.ownerPHID"),
    ],
)
def test_a_field_whose_meaning_matters_must_have_its_shape(fields, named):
    with pytest.raises(SourceChanged, match=named.replace(".", r"\.")):
        the_task(a_row(**fields))


@pytest.mark.parametrize("row", [None, [], "T1", {}, {"id": "x"}, {"id": True}])
def test_a_row_without_a_number_is_a_change_of_the_source(row):
    with pytest.raises(SourceChanged, match="id should be a number"):
        the_task(row)
