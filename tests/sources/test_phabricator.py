from datetime import UTC, datetime

import pytest

from sources.phabricator import Phabricator, parse_accounts
from sources.port import Account, FoundTask, SourceChanged, SourceRefused, SourceUnreachable
from tests.sources import recordings
from tests.sources.server import conduit

START = datetime(2026, 6, 1, tzinfo=UTC)
ADA = Account("PHID-USER-uy6yvn54ifux7uxlxwpt", "Ada")


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
    source, _ = phabricator("maniphest.search.ids-invisible-as-admin")

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


def test_wiki_names_find_their_accounts_without_disabled_ones(phabricator):
    source, server = phabricator("user.mediawikiquery.known")

    linked = source.linked_to_wiki(["Ada A", "Bert (WMX)", "Dóra", "花", "Ivo old"])

    assert linked["Ada A"] == (ADA,)
    assert sorted(linked) == ["Ada A", "Bert (WMX)", "Dóra", "花"]
    assert server.requests[0].path == "/api/user.mediawikiquery"


def test_developer_names_find_their_accounts(phabricator):
    source, server = phabricator("user.ldapquery.known-and-unknown")

    linked = source.linked_to_developer(["emil", "nobody"])

    assert {name: account[0].name for name, account in linked.items()} == {"emil": "Emil-X"}
    assert ("ldapnames[0]", "emil") in server.requests[0].form


@pytest.mark.parametrize("recording", ["user.mediawikiquery.unknown", "user.mediawikiquery.case"])
def test_names_that_nobody_has_are_no_error(phabricator, recording):
    source, _ = phabricator(recording)

    assert source.linked_to_wiki(["Nobody Here"]) == {}


def test_developer_names_that_nobody_has_are_no_error(phabricator):
    source, _ = phabricator("user.ldapquery.unknown")

    assert source.linked_to_developer(["nobody"]) == {}


def test_another_error_is_an_error(phabricator):
    source, _ = phabricator(conduit(None, "ERR-INVALID-PARAMETER", "Too many names."))

    with pytest.raises(SourceChanged, match=r"user\.mediawikiquery"):
        source.linked_to_wiki(["Ada A"])


def test_a_server_without_wikimedias_methods_refuses(phabricator):
    source, _ = phabricator("error.unknown-method")

    with pytest.raises(SourceRefused, match=r"user\.mediawikiquery and user\.ldapquery"):
        source.linked_to_wiki(["Ada A"])


def test_names_are_asked_a_hundred_at_a_time(phabricator):
    source, server = phabricator("user.mediawikiquery.unknown")

    source.linked_to_wiki(f"Name {n}" for n in range(101))

    assert [sum("names" in key for key, _ in r.form) for r in server.requests] == [100, 1]


def test_more_users_than_one_answer_holds_are_all_seen(phabricator):
    full = [a_user(phid=f"PHID-USER-{n:03}") for n in range(100)]
    source, server = phabricator(conduit(full), conduit([a_user(phid="PHID-USER-100")]))

    assert len(source.linked_to_wiki(["Ada A"])["Ada A"]) == 101
    assert [dict(r.form)["offset"] for r in server.requests] == ["0", "100"]


def a_user(name="Ada A", phid="PHID-USER-1", roles=("verified", "approved", "activated")):
    return {"mediawiki_username": name, "phid": phid, "userName": "ada", "roles": list(roles)}


@pytest.mark.parametrize("lookalike", ["ada A", "Ada  A", "Ada_A", "Adа A", "Ada A\u200b", "Áda A"])
def test_a_lookalike_is_nobody(lookalike):
    assert parse_accounts([a_user(lookalike)], "mediawiki_username", ["Ada A"]) == {}


@pytest.mark.parametrize("role", ["disabled", "bot", "agent", "list"])
def test_who_is_no_active_human_is_nobody(role):
    assert parse_accounts([a_user(roles=[role])], "mediawiki_username", ["Ada A"]) == {}


def test_one_name_may_have_several_accounts():
    rows = [a_user(phid="PHID-USER-2"), a_user(phid="PHID-USER-1"), a_user(phid="PHID-USER-1")]

    accounts = parse_accounts(rows, "mediawiki_username", ["Ada A"])["Ada A"]

    assert [account.key for account in accounts] == ["PHID-USER-1", "PHID-USER-2"]


@pytest.mark.parametrize("lost", ["mediawiki_username", "phid", "userName", "roles"])
def test_a_user_without_what_proves_them_is_a_change_of_the_source(lost):
    user = a_user()
    del user[lost]

    with pytest.raises(SourceChanged, match=lost):
        parse_accounts([user], "mediawiki_username", ["Ada A"])
