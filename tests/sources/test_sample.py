from datetime import UTC, datetime

import pytest

from sources.port import FoundTask
from sources.sample import SampleChanges, SampleTasks, sample_people

ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def changes():
    return list(SampleChanges().merged_since(ALWAYS))


@pytest.fixture(scope="module")
def tasks():
    return [found.task for found in SampleTasks().modified_since(ALWAYS) if found.task]


@pytest.fixture(scope="module")
def ada():
    return next(person for person in sample_people() if person.joins and person.gerrit)


def test_there_is_something_to_look_at(changes, tasks):
    assert len(changes) > 100
    assert len(tasks) > 50


def test_what_was_merged_before_is_left_out(changes):
    middle = sorted(change.merged for change in changes)[len(changes) // 2]

    since = list(SampleChanges().merged_since(middle))

    assert 0 < len(since) < len(changes)
    assert all(change.merged >= middle for change in since)


def test_a_person_of_the_sample_has_a_history(ada):
    account = SampleChanges().account_named(ada.developer)

    assert account.key == f"gerrit:{ada.gerrit}"
    assert list(SampleChanges().merged_by(account.key))
    assert list(SampleTasks().resolved_by(ada.phid))


def test_both_names_of_a_person_lead_to_one_account(ada):
    source = SampleTasks()

    [wiki] = source.linked_to_wiki([ada.wiki, "Nobody"]).values()
    [developer] = source.linked_to_developer([ada.developer, "Nobody"]).values()

    assert wiki == developer
    assert wiki[0].key == ada.phid


def test_a_task_leads_to_its_changes(changes):
    number = next(task for change in changes for task in change.tasks)

    found = list(SampleChanges().merged_for([number]))

    assert found
    assert all(number in change.tasks for change in found)


def test_a_change_leads_to_its_revert(changes):
    revert = next(change for change in changes if "~" in change.reverts)

    assert revert in SampleChanges().reverts_of([revert.reverts])


def test_a_task_that_is_not_there_may_not_be_shown():
    assert list(SampleTasks().tasks([1, 1])) == [FoundTask(1, None)]


def test_a_name_that_nobody_has_is_nobody():
    assert SampleChanges().account_named("Nobody") is None
    assert SampleTasks().linked_to_wiki(["Nobody"]) == {}
