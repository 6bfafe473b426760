from datetime import UTC, datetime

import pytest

from sources.phabricator import Phabricator
from sources.port import FoundTask, SourceChanged, SourceRefused, SourceUnreachable
from tests.sources import recordings
from tests.sources.server import conduit

START = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def phabricator(serve, a_client):
    """Make a Phabricator whose server gives these recordings, or answers, in turn."""

    def make(*answers):
        made = [recordings.answer(a) if isinstance(a, str) else a for a in answers]
        made = made if not callable(answers[0]) else answers
        server = serve(*made)
        return Phabricator(server.url, recordings.TOKEN, a_client("Phabricator")), server

    return make


def a_page(*numbers, after=None):
    rows = [
        {"id": n, "fields": {"policy": {"view": "public"}, "status": {"value": "resolved"}}}
        for n in numbers
    ]
    return conduit({"data": rows, "cursor": {"after": after}})


def numbers(found):
    return [one.number for one in found]


def test_all_pages_are_read(phabricator):
    source, server = phabricator(*(f"maniphest.search.typical-page-{n}" for n in (1, 2, 3)))

    found = list(source.modified_since(START))

    assert len(found) == 58
    assert [dict(r.form).get("after") for r in server.requests] == [None, "77", "12"]


def test_the_feed_is_asked_in_the_one_order_that_survives_changes(phabricator):
    source, server = phabricator(a_page())

    list(source.modified_since(START))

    assert server.requests[0].form[1:] == [
        ("constraints[modifiedStart]", "1780272000"),
        ("attachments[projects]", "true"),
        ("attachments[subscribers]", "true"),
        ("order", "newest"),
        ("limit", "100"),
    ]


def test_the_beginning_of_time_is_not_nought(phabricator):
    source, server = phabricator(a_page())

    list(source.modified_since(datetime(1970, 1, 1, tzinfo=UTC)))

    assert ("constraints[modifiedStart]", "1") in server.requests[0].form


def test_a_task_that_changes_while_we_read_is_neither_lost_nor_repeated(phabricator):
    source, _ = phabricator(
        "maniphest.search.changing-newest-page-1",
        "maniphest.search.changing-newest-page-2",
        "maniphest.search.page-after-end",
    )

    assert numbers(source.modified_since(START)) == [
        130,
        119,
        117,
        116,
        115,
        113,
        111,
        104,
        100,
        98,
    ]


def test_rows_that_come_twice_are_told_once(phabricator):
    source, _ = phabricator(
        "maniphest.search.changing-page-1",
        "maniphest.search.changing-page-2",
        "maniphest.search.page-after-end",
    )

    assert numbers(source.modified_since(START)) == [104, 71, 1, 75, 74, 73]


def test_a_cursor_that_turned_secret_restarts_the_window(phabricator):
    source, _ = phabricator(
        "maniphest.search.changing-newest-page-1",
        "maniphest.search.changing-newest-page-2-cursor-now-secret",
    )

    with pytest.raises(SourceUnreachable, match="changed while it was read"):
        list(source.modified_since(START))


def test_a_bad_token_in_the_middle_is_still_a_bad_token(phabricator):
    source, _ = phabricator("maniphest.search.changing-newest-page-1", "error.bad-token")

    with pytest.raises(SourceRefused):
        list(source.modified_since(START))


def test_a_cursor_that_goes_in_circles_is_not_followed(phabricator):
    source, server = phabricator(a_page(3, 2, after="2"))

    with pytest.raises(SourceChanged, match="repeats the same"):
        list(source.modified_since(START))

    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "result",
    [[], {}, {"data": []}, {"data": {}}, {"data": [], "cursor": {"after": []}}, "text", None],
)
def test_a_page_without_rows_and_cursor_is_a_change_of_the_source(phabricator, result):
    source, _ = phabricator(conduit(result))

    with pytest.raises(SourceChanged, match="Phabricator has changed"):
        list(source.modified_since(START))


def test_each_task_asked_for_comes_with_what_may_be_shown(phabricator):
    nothing = conduit({"data": [], "cursor": {"after": None}})
    source, _ = phabricator("maniphest.search.ids-invisible-as-admin", "token.given.none", nothing)

    found = {one.number: one.task for one in source.tasks([15, 14, 12, 999, 14])}

    assert list(found) == [12, 14, 15, 999]
    assert found[14] is None
    assert found[999] is None
    assert found[12].status


def test_a_hundred_tasks_are_one_request(phabricator):
    source, server = phabricator(a_page())

    found = list(source.tasks(range(1, 251)))

    assert found == [FoundTask(number, None) for number in range(1, 251)]
    assert [sum("ids" in key for key, _ in r.form) for r in server.requests] == [100, 100, 50]


def test_nothing_asked_is_no_request(phabricator):
    source, server = phabricator(a_page())

    assert list(source.tasks([])) == []
    assert source.linked_to_wiki([]) == {}
    assert source.linked_to_developer(["", "\x00", "x" * 300, "\ud800"]) == {}
    assert server.requests == []


def test_a_number_that_no_task_has_spoils_nothing(phabricator):
    source, server = phabricator(a_page(7))

    assert [(one.number, one.task is None) for one in source.tasks([0, -3, 7, 10**20])] == [
        (7, False),
        (-3, True),
        (0, True),
        (10**20, True),
    ]
    assert len(server.requests) == 1


def test_the_assignee_has_resolved_a_task_not_who_closed_it(phabricator):
    source, server = phabricator(a_page(7))

    assert numbers(source.resolved_by("PHID-USER-a")) == [7]
    assert server.requests[0].form[1:3] == [
        ("constraints[assigned][0]", "PHID-USER-a"),
        ("constraints[statuses][0]", "resolved"),
    ]


def test_of_a_task_without_a_phid_no_demand_is_known(phabricator):
    source, server = phabricator(a_page(7))

    [found] = source.tasks([7])

    assert (found.task.tokens, found.task.duplicates) == (None, None)
    assert len(server.requests) == 1
