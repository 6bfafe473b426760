from datetime import UTC, datetime

import pytest

from scoring.model import Change, File
from sources.changeinfo import parse_changes
from sources.port import SourceChanged
from tests.sources.samples import a_change, load


def the_change(**fields):
    [change] = parse_changes([a_change(**fields)])
    return change


def revised(**fields):
    """A change whose current revision has these fields."""
    row = a_change()
    row["revisions"][row["current_revision"]].update(fields)
    [change] = parse_changes([row])
    return change


def test_a_change_is_understood():
    [change, *_] = parse_changes(load("changes"))

    assert change == Change(
        project="mediawiki/core",
        number=1100001,
        merged=datetime(2026, 1, 7, 23, 58, 11, tzinfo=UTC),
        authors=("gerrit:1234",),
        tasks=(312345, 400001),
        files=(
            File("resources/close.png", None, None),
            File("resources/dialog.js", 40, 7),
            File("resources/escape.js", 0, 0, renamed=True),
            File("tests/dialog.test.js", 2, 0),
        ),
        files_count=4,
        inserted=42,
        deleted=7,
        change_id="I0123456789abcdef0123456789abcdef01234567",
        commit="9f00000000000000000000000000000000000001",
        branch="master",
        topic="dialogs",
        subject="dialog: Close on Escape",
    )


def test_what_is_private_or_not_merged_is_never_told():
    assert [change.number for change in parse_changes(load("changes"))] == [
        1100001,
        1100002,
        1100003,
    ]


@pytest.mark.parametrize(
    "fields",
    [{"is_private": True}, {"work_in_progress": True}, {"status": "NEW"}, {"status": "ABANDONED"}],
)
def test_what_is_hidden_has_no_shape_to_keep(fields):
    assert list(parse_changes([{"status": "MERGED", **fields}])) == []


def test_a_revert_by_gerrits_button_names_the_change():
    [_, revert, _] = parse_changes(load("changes"))

    assert revert.reverts == "operations/puppet~1099000"


def test_a_revert_by_hand_names_the_commit():
    sha = "aa00000000000000000000000000000000000009"

    assert revised(commit={"message": f"Undo\n\nThis reverts commit {sha}."}).reverts == sha


def test_no_path_tells_the_name_of_a_person():
    [_, revert, _] = parse_changes(load("changes"))

    assert revert.files[0].path == "modules/admin/files/home/user/.bashrc"


def test_the_translation_bot_is_a_bot_that_translates():
    [*_, change] = parse_changes(load("changes"))

    assert change.is_bot
    assert change.is_translation


def test_a_person_may_bring_translations():
    change = the_change(subject="Localisation updates from https://translatewiki.net.")

    assert change.is_translation
    assert not change.is_bot


def test_taking_back_translations_is_no_translation():
    assert not the_change(subject='Revert "Localisation updates from https://x."').is_translation


@pytest.mark.parametrize(
    "owner",
    [
        {"name": "Some Service", "tags": ["SERVICE_USER"]},
        {"name": "libraryupgrader"},
        {"name": "Jenkins-Bot"},
        {"name": "x", "username": "gerritbot"},
    ],
)
def test_bots_are_known_by_tag_or_name(owner):
    assert the_change(owner={"_account_id": 5, **owner}).is_bot


def test_a_change_that_a_bot_wrote_and_a_person_uploaded_is_a_bots():
    message = {"message": "Update\n\nx", "author": {"name": "libraryupgrader"}}

    assert revised(commit=message).is_bot


def test_the_names_of_bots_are_a_setting():
    [change] = parse_changes([a_change()], frozenset({"example dev"}))

    assert change.is_bot


def test_very_old_changes_were_merged_when_last_touched():
    assert the_change(submitted=None).merged == datetime(2026, 1, 9, 8, tzinfo=UTC)


def test_of_very_many_files_some_are_kept_and_all_are_counted():
    change = revised(files={f"src/{n:04}.php": {"lines_inserted": 1} for n in range(1000)})

    assert (len(change.files), change.files_count) == (300, 1000)


def test_files_come_in_one_order_whatever_the_server_says():
    forwards = revised(files={"a": {}, "b": {}})
    backwards = revised(files={"b": {}, "a": {}})

    assert forwards == backwards


def test_a_change_whose_files_gerrit_could_not_list_has_none():
    change = revised(files=None)

    assert (change.files, change.files_count, change.inserted) == ((), 0, 42)


def test_half_a_surrogate_pair_in_a_path_can_be_kept():
    revised(files={"a\ud800": {}}).files[0].path.encode()


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"_number": None}, "_number"),
        ({"_number": True}, "_number"),
        ({"project": 7}, "project"),
        ({"status": None}, "status"),
        ({"owner": None}, "owner"),
        ({"owner": {"name": "x"}}, "_account_id"),
        ({"submitted": "yesterday"}, "submitted"),
        ({"submitted": "2026-01-07T23:58:11+02:00"}, "submitted"),
        ({"revisions": {}}, "revisions"),
        ({"current_revision": None}, "current_revision"),
        ({"insertions": "many"}, "insertions"),
        ({"topic": {}}, "topic"),
    ],
)
def test_a_field_whose_meaning_matters_must_have_its_shape(fields, named):
    with pytest.raises(SourceChanged, match=named):
        the_change(**fields)


@pytest.mark.parametrize("row", [None, [], "text", 7, {}])
def test_a_row_that_is_no_change_is_a_change_of_the_source(row):
    with pytest.raises(SourceChanged, match="Gerrit has changed"):
        list(parse_changes([row]))
