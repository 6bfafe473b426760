from datetime import UTC, datetime, timedelta, timezone

import pytest

from sources.gerrit import Gerrit
from sources.port import Account, SourceChanged, SourceRefused, SourceUnreachable
from tests.sources.samples import a_change, load, recorded, replay
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
        ("n", "250"),
        ("S", "0"),
        ("o", "CURRENT_REVISION"),
        ("o", "CURRENT_COMMIT"),
        ("o", "CURRENT_FILES"),
        ("o", "DETAILED_ACCOUNTS"),
        ("o", "LABELS"),
        ("o", "MESSAGES"),
    ]


def test_nothing_merged_is_one_request(a_gerrit):
    source, server = a_gerrit(gerrit([]))

    assert list(source.merged_since(START)) == []
    assert len(server.requests) == 1


def test_a_list_that_goes_in_circles_is_not_followed(a_gerrit):
    rows = [a_change(1), a_change(2, updated="2026-01-01 00:00:00.000000000")]
    rows[1]["_more_changes"] = True
    source, server = a_gerrit(gerrit(rows))

    with pytest.raises(SourceChanged, match="repeats the same"):
        list(source.merged_since(START))

    assert len(server.requests) <= 3


def test_tasks_are_asked_in_batches_with_short_addresses(a_gerrit):
    source, server = a_gerrit(a_page(1))

    assert numbers(source.merged_for(range(1, 121))) == [1]
    assert (
        queries(server)[2]
        == "(" + " OR ".join(f"bug:T{n}" for n in range(101, 121)) + ") status:merged"
    )
    assert max(len(request.target) for request in server.requests) < 2000


def by_query(answers, otherwise=None):
    """Answer the first question whose text is in the query, or in the path."""

    def reply(request):
        asked = request.path + "?" + dict(request.query).get("q", "")
        found = (answer for part, answer in answers.items() if part in asked)
        return next(found, otherwise or gerrit([]))

    return reply


def test_reverts_are_asked_by_all_names_of_what_they_take_back(a_gerrit):
    [feature] = recorded("change-feature")
    commit, change_id = feature["current_revision"], feature["change_id"]
    source, server = a_gerrit(
        by_query({"change:": replay("change-feature"), "revertof:": replay("change-revert")})
    )

    [revert] = source.reverts_of([f"mediawiki/core~{feature['_number']}"])

    assert revert.reverts == f"mediawiki/core~{feature['_number']}"
    assert queries(server)[1] == (
        f"(revertof:{feature['_number']}"
        f' OR message:"reverts commit {commit}"'
        f' OR message:"reverts change {change_id}") status:merged'
    )


def test_names_already_told_are_not_asked_again(a_gerrit):
    source, server = a_gerrit(
        by_query({"mergedafter": replay("change-feature"), "revertof:": replay("change-revert")})
    )

    [feature] = source.merged_since(START)
    assert len(list(source.reverts_of([feature.key]))) == 1
    assert len(server.requests) == 2


def test_names_of_very_many_changes_are_not_kept_and_are_asked_again(a_gerrit, monkeypatch):
    monkeypatch.setattr("sources.gerrit.REMEMBERED", 0)
    answers = {"mergedafter": "feature", "change:": "feature", "revertof:": "revert"}
    replays = {query: replay(f"change-{name}") for query, name in answers.items()}
    source, server = a_gerrit(by_query({**replays, "owner:": gerrit([])}))
    [feature] = source.merged_since(START)
    list(source.merged_by("gerrit:7"))
    server.requests.clear()

    [revert] = source.reverts_of([feature.key])

    assert revert.reverts == feature.key
    assert [query.split(":")[0] for query in queries(server)] == ["(change", "(revertof"]


def test_what_only_speaks_of_a_change_is_no_revert_of_it(a_gerrit):
    source, _ = a_gerrit(replay("change-revert"))

    assert list(source.reverts_of(["mediawiki/core~99"])) == []


def test_reverts_of_many_changes_are_asked_with_short_addresses(a_gerrit):
    source, server = a_gerrit(gerrit([a_change(n) for n in range(1, 101)]))

    list(source.reverts_of(f"mediawiki/core~{n}" for n in range(1, 101)))

    assert max(len(request.target) for request in server.requests) < 6000


def test_changes_are_asked_by_their_numbers(a_gerrit):
    source, server = a_gerrit(a_page(1, 2))

    assert numbers(source.merged(["mediawiki/core~1", "another~2", "mediawiki/core~3"])) == [1]
    assert queries(server) == ["(change:1 OR change:2 OR change:3) status:merged"]


def test_nothing_asked_is_no_request(a_gerrit):
    source, server = a_gerrit(a_page(1))

    assert list(source.merged([])) == []
    assert list(source.merged_for([])) == []
    assert list(source.reverts_of([])) == []
    assert server.requests == []


def test_a_history_is_what_one_owns_writes_and_helps_with(a_gerrit):
    helped = recorded("change-helped")[0]
    accounts, changes = replay("account-by-address"), gerrit([helped, a_change(99)])
    source, server = a_gerrit(by_query({"/accounts/": accounts}, changes))

    [change] = source.merged_by("gerrit:1000002")

    assert change.number == helped["_number"]
    assert queries(server) == [
        "1000002 (is:active OR is:inactive)",
        'status:merged (owner:1000002 OR author:"bert@example.org" OR message:"bert@example.org")',
        'email:"cleo@example.org" (is:active OR is:inactive)',
        'email:"nobody@elsewhere.example" (is:active OR is:inactive)',
    ]


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_where_accounts_may_not_be_searched_a_history_is_what_one_owns(a_gerrit, status):
    foreign = replay("change-foreign")
    source, server = a_gerrit(by_query({"/accounts/": Answer(b"no", status)}, foreign))

    [change] = source.merged_by("gerrit:1000004")

    assert change.authors == ("gerrit:1000004",)
    assert queries(server)[1:] == ["status:merged owner:1000004"]


def test_an_address_is_asked_once(a_gerrit):
    rows = recorded("change-foreign") + recorded("change-foreign")
    rows[1]["_number"] = 999
    source, server = a_gerrit(by_query({"/accounts/": gerrit([])}, gerrit(rows)))

    assert [change.authors for change in source.merged_since(START)] == [("gerrit:1000004",)] * 2
    assert sum("stranger@" in query for query in queries(server)) == 1


def test_an_account_with_the_authors_address_gets_the_credit(a_gerrit):
    row = {"_account_id": 7, "email": "Stranger@elsewhere.example", "name": "Eve"}
    source, _ = a_gerrit(by_query({"/accounts/": gerrit([row])}, replay("change-foreign")))

    [change] = source.merged_since(START)

    assert change.authors == ("gerrit:7",)


def test_a_server_in_trouble_gives_no_credit_to_anybody(a_gerrit):
    busy = Answer(status=503)
    source, _ = a_gerrit(by_query({"/accounts/": busy}, replay("change-foreign")))

    with pytest.raises(SourceUnreachable) as caught:
        list(source.merged_since(START))

    assert "@" not in str(caught.value)


def test_votes_of_an_account_are_asked_by_its_number(a_gerrit):
    rows = gerrit([a_change(1), *recorded("change-helped")])
    source, server = a_gerrit(by_query({"/accounts/": gerrit([])}, rows))

    assert numbers(source.reviewed_by("gerrit:1000003")) == [1]
    assert queries(server)[0] == ("status:merged label:Code-Review=ANY,user=1000003 -owner:1000003")


BERT = Account("gerrit:1000002", "Bert Example", "bert")
CODE = "developer-badges-4f7k2m9q"
INLINE = "developer-badges-8h3j5n7p"


def test_a_word_is_found_in_what_its_owner_said(a_gerrit):
    source, server = a_gerrit(
        by_query({"/accounts/": replay("account-by-address"), "comment:": replay("said")})
    )

    assert source.posted("Bert Example", ["a-b", CODE]) == (BERT, CODE)
    assert queries(server)[1] == f'owner:1000002 (comment:"a-b" OR comment:"{CODE}")'


def test_a_word_is_found_in_a_comment_on_a_line(a_gerrit):
    source, _ = a_gerrit(
        by_query(
            {
                "/accounts/": replay("account-by-address"),
                "/comments": replay("comments"),
                "comment:": replay("said-inline"),
            }
        )
    )

    assert source.posted("Bert Example", [INLINE]) == (BERT, INLINE)


def test_what_another_wrote_on_ones_change_does_not_count(a_gerrit):
    said = recorded("said")
    for message in said[0]["messages"]:
        message["author"] = {"_account_id": 1}
    source, _ = a_gerrit(
        by_query(
            {
                "/accounts/": replay("account-by-address"),
                "/comments": gerrit({}),
                "comment:": gerrit(said),
            }
        )
    )

    assert source.posted("Bert Example", [CODE]) is None


ASKED = "developer-badges-3x5y7z2a"


def test_a_question_about_a_word_in_a_comment_is_no_post(a_gerrit):
    source, _ = a_gerrit(
        by_query(
            {
                "/accounts/": replay("account-by-address"),
                "/comments": replay("comments"),
                "comment:": replay("said-inline"),
            }
        )
    )

    assert ASKED in str(recorded("comments"))
    assert source.posted("Bert Example", [ASKED]) is None


LABELS = ["developer-badges-2t4u6v8w", "developer-badges-7h5g3f2d"]


@pytest.mark.parametrize("word", LABELS)
def test_topics_and_hashtags_of_others_that_one_takes_away_are_no_words_of_ones_own(a_gerrit, word):
    said = recorded("said-by-gerrit")
    messages = [one for one in said[0]["messages"] if word in one["message"]]
    source, _ = a_gerrit(
        by_query(
            {
                "/accounts/": replay("account-by-address"),
                "/comments": gerrit({}),
                "comment:": gerrit(said),
            }
        )
    )

    assert 1000002 in [one["author"]["_account_id"] for one in messages]
    assert source.posted("Bert Example", [word]) is None


@pytest.mark.parametrize("word", ["", 'a" OR owner:"b', "two words", "a:b", "x" * 99])
def test_a_word_that_could_become_an_operator_is_never_asked(a_gerrit, word):
    source, server = a_gerrit(replay("said"))

    assert source.posted("Bert Example", [word]) is None
    assert server.requests == []


def test_private_changes_are_never_told(a_gerrit):
    source, _ = a_gerrit(gerrit(load("changes")))

    assert numbers(source.merged_since(START)) == [1100001, 1100002, 1100003]


EXAMPLE = Account("gerrit:1234", "Example Dev", "exampledev")


def test_an_account_is_found_by_exactly_its_name(a_gerrit):
    source, server = a_gerrit(gerrit(load("accounts")))

    assert source.account_named("Example Dev") == EXAMPLE
    assert server.requests[0].path == "/r/accounts/"
    assert queries(server) == ['name:"Example Dev" (is:active OR is:inactive)']


def test_an_account_that_rests_is_an_account(a_gerrit):
    source, _ = a_gerrit(gerrit(load("accounts")))

    assert source.account_named("Example Dev Junior").key == "gerrit:1301"


def test_two_of_one_name_are_told_apart_by_their_login(a_gerrit):
    source, server = a_gerrit(replay("account-or-login"))

    eva = Account("gerrit:1000006", "Two Example", "eva")
    assert source.account_named("Two Example", "eva") == eva
    assert queries(server) == ['(name:"Two Example" OR username:"eva") (is:active OR is:inactive)']


@pytest.mark.parametrize(
    "recording", ["account-twice", "account-unknown", "account-of-a-robot", "account"]
)
@pytest.mark.parametrize("name", ["Two Example", "Some Robot", "Ada", "ada example"])
def test_robots_lookalikes_and_double_names_are_nobody(a_gerrit, recording, name):
    source, _ = a_gerrit(by_query({"/accounts/": replay(recording)}))

    assert source.account_named(name) is None


@pytest.mark.parametrize("name", ["Example", "EXAMPLE DEV", "L10n-bot", "Two Accounts", "Nobody"])
def test_lookalikes_bots_and_double_names_are_nobody(a_gerrit, name):
    source, _ = a_gerrit(by_query({"/accounts/": gerrit(load("accounts"))}))

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

    ada = Account("gerrit:1000001", "Ada Example", "ada")
    assert source.account_named("Ada Example") == ada
    assert queries(server)[1] == 'owner:"Ada Example"'
    assert [value for key, value in server.requests[1].query if key == "o"] == ["DETAILED_ACCOUNTS"]


@pytest.mark.parametrize("answer", [Answer(b"not found", 400, "text/plain"), gerrit([])])
def test_an_owner_gerrit_does_not_know_is_nobody(a_gerrit, answer):
    source, _ = a_gerrit(Answer(status=403), answer)

    assert source.account_named("Example Dev") is None


def test_the_owner_of_a_change_must_have_exactly_the_name_too(a_gerrit):
    source, _ = a_gerrit(Answer(status=403), a_page(1))

    assert source.account_named("ada") is None


@pytest.mark.parametrize(("status", "kind"), [(503, SourceUnreachable), (403, SourceRefused)])
def test_a_server_that_gives_nothing_gives_no_account(a_gerrit, status, kind):
    source, _ = a_gerrit(Answer(status=status))

    with pytest.raises(kind):
        source.account_named("Example Dev")


def test_days_are_asked_in_utc(a_gerrit):
    source, server = a_gerrit(gerrit([]))

    list(source.merged_since(datetime(2026, 3, 1, 12, 0, 0, 999_999, tzinfo=UTC)))

    assert queries(server) == ['status:merged mergedafter:"2026-03-01 12:00:00 +0000"']
