from datetime import UTC, datetime, timedelta, timezone

import pytest

from sources.gerrit import Gerrit
from sources.port import Account, SourceChanged, SourceRefused, SourceUnreachable
from tests.sources.samples import a_change, load
from tests.sources.server import Answer, gerrit

START = datetime(2026, 1, 1, 2, tzinfo=timezone(timedelta(hours=2)))


@pytest.fixture
def a_gerrit(serve, a_client):
    def make(*answers, **settings):
        server = serve(*answers)
        return Gerrit(server.url + "/r/", a_client("Gerrit"), **settings), server

    return make


def a_page(*numbers, more=False):
    rows = [a_change(number) for number in numbers]
    if more:
        rows[-1]["_more_changes"] = True
    return gerrit(rows)


def numbers(changes):
    return [change.number for change in changes]


def queries(server):
    return [dict(request.query)["q"] for request in server.requests]


def test_merged_changes_are_asked_with_all_that_scoring_needs(a_gerrit):
    source, server = a_gerrit(a_page(1))

    assert numbers(source.merged_since(START)) == [1]
    [request] = server.requests
    assert request.path == "/r/changes/"
    assert request.query == [
        ("q", 'status:merged mergedafter:"2026-01-01 00:00:00 +0000"'),
        ("n", "500"),
        ("S", "0"),
        ("o", "CURRENT_REVISION"),
        ("o", "CURRENT_COMMIT"),
        ("o", "CURRENT_FILES"),
        ("o", "DETAILED_ACCOUNTS"),
    ]


def test_nothing_merged_is_one_request(a_gerrit):
    source, server = a_gerrit(gerrit([]))

    assert list(source.merged_since(START)) == []
    assert len(server.requests) == 1


def listing(*numbers, ceiling=10_000):
    """A server with these changes, newest first, in pages as asked, up to a ceiling."""

    def reply(request):
        asked = dict(request.query)
        skip, size = int(asked["S"]), int(asked["n"])
        rows = list(numbers) if "before:" not in asked["q"] else list(numbers)[ceiling - 1 :]
        page = rows[skip : skip + size] if skip < ceiling else []
        return a_page(*page, more=skip + size < len(rows)) if page else gerrit([])

    return reply


def test_all_pages_are_read_and_each_change_is_told_once(a_gerrit):
    source, server = a_gerrit(listing(*range(1, 8)), page=3)

    assert numbers(source.merged_by("gerrit:1234")) == [1, 2, 3, 4, 5, 6, 7]
    assert [dict(r.query)["S"] for r in server.requests] == ["0", "3", "6", "0"]
    assert queries(server)[0] == "status:merged owner:1234"


def test_a_change_touched_while_we_read_is_not_lost(a_gerrit):
    # 4 is touched after the first page: it moves to the front, and the others move back.
    before, after = listing(1, 2, 3, 4), listing(4, 1, 2, 3)
    asked = []

    def reply(request):
        asked.append(request)
        return before(request) if len(asked) == 1 else after(request)

    source, _ = a_gerrit(reply, page=2)

    assert numbers(source.merged_since(START)) == [1, 2, 3, 4]


def test_beyond_the_most_that_one_query_gives_we_go_on_by_time(a_gerrit):
    source, server = a_gerrit(listing(*range(1, 8), ceiling=4), page=2)

    assert numbers(source.merged_since(START)) == [1, 2, 3, 4, 5, 6, 7]
    assert any('before:"2026-01-09 08:00:01 +0000"' in query for query in queries(server))


def test_a_list_that_goes_in_circles_is_not_followed(a_gerrit):
    source, server = a_gerrit(a_page(1, 2, more=True))

    with pytest.raises(SourceChanged, match="repeats the same"):
        list(source.merged_since(START))

    assert len(server.requests) == 2


def test_tasks_are_asked_in_batches_with_short_addresses(a_gerrit):
    source, server = a_gerrit(a_page(1))

    assert numbers(source.merged_for(range(1, 121))) == [1]
    assert (
        queries(server)[2]
        == "(" + " OR ".join(f"bug:T{n}" for n in range(101, 121)) + ") status:merged"
    )
    assert max(len(request.target) for request in server.requests) < 2000


def test_reverts_are_asked_by_the_number_they_take_back(a_gerrit):
    source, server = a_gerrit(gerrit([load("changes")[1]]))

    assert [change.reverts for change in source.reverts_of([1099000, 5])] == [
        "operations/puppet~1099000"
    ]
    assert queries(server) == ["(revertof:5 OR revertof:1099000) status:merged"]


def test_nothing_asked_is_no_request(a_gerrit):
    source, server = a_gerrit(a_page(1))

    assert list(source.merged_for([])) == []
    assert list(source.reverts_of([])) == []
    assert server.requests == []


def test_private_changes_are_never_told(a_gerrit):
    source, _ = a_gerrit(gerrit(load("changes")))

    assert numbers(source.merged_since(START)) == [1100001, 1100002, 1100003]


def test_an_account_is_found_by_exactly_its_name(a_gerrit):
    source, server = a_gerrit(gerrit(load("accounts")))

    assert source.account_named("Example Dev") == Account("gerrit:1234", "Example Dev")
    assert server.requests[0].path == "/r/accounts/"
    assert queries(server) == ['name:"Example Dev" (is:active OR is:inactive)']


def test_an_account_that_rests_is_an_account(a_gerrit):
    source, _ = a_gerrit(gerrit(load("accounts")))

    assert source.account_named("Example Dev Junior").key == "gerrit:1301"


@pytest.mark.parametrize("name", ["Example", "EXAMPLE DEV", "L10n-bot", "Two Accounts", "Nobody"])
def test_lookalikes_bots_and_double_names_are_nobody(a_gerrit, name):
    source, _ = a_gerrit(gerrit(load("accounts")))

    assert source.account_named(name) is None


@pytest.mark.parametrize(
    "name",
    [
        "",
        'a" OR owner:"b',
        "back\\slash",
        "line\nbreak",
        "a\x00",
        "\u202edev",
        "a\u200bb",
        "x" * 300,
    ],
)
def test_a_name_that_could_become_an_operator_is_never_asked(a_gerrit, name):
    source, server = a_gerrit(gerrit(load("accounts")))

    assert source.account_named(name) is None
    assert server.requests == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405])
def test_where_accounts_may_not_be_searched_a_change_names_its_owner(a_gerrit, status):
    source, server = a_gerrit(Answer(b"no", status, "text/plain"), a_page(1, 2))

    assert source.account_named("Example Dev") == Account("gerrit:1234", "Example Dev")
    assert queries(server)[1] == 'owner:"Example Dev"'
    assert [value for key, value in server.requests[1].query if key == "o"] == ["DETAILED_ACCOUNTS"]


@pytest.mark.parametrize("answer", [Answer(b"not found", 400, "text/plain"), gerrit([])])
def test_an_owner_gerrit_does_not_know_is_nobody(a_gerrit, answer):
    source, _ = a_gerrit(Answer(status=403), answer)

    assert source.account_named("Example Dev") is None


def test_the_owner_of_a_change_must_have_exactly_the_name_too(a_gerrit):
    source, _ = a_gerrit(Answer(status=403), a_page(1))

    assert source.account_named("exampledev") is None


@pytest.mark.parametrize(("status", "kind"), [(503, SourceUnreachable), (403, SourceRefused)])
def test_a_server_that_gives_nothing_gives_no_account(a_gerrit, status, kind):
    source, _ = a_gerrit(Answer(status=status))

    with pytest.raises(kind):
        source.account_named("Example Dev")


def test_days_are_asked_in_utc(a_gerrit):
    source, server = a_gerrit(gerrit([]))

    list(source.merged_since(datetime(2026, 3, 1, 12, 0, 0, 999_999, tzinfo=UTC)))

    assert queries(server) == ['status:merged mergedafter:"2026-03-01 12:00:00 +0000"']
