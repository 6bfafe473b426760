"""Against a GitHub built from documented replies, not seen on a real server."""

import json
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.model import File
from sources.github import Github
from sources.port import Account, SourceChanged, SourceRefused, SourceUnreachable
from sources.pullrequests import is_mirror, is_public, parse_pull_request
from tests.sources.forges import FakeGithub, a_pull_request, a_repository, load, within
from tests.sources.server import Answer, as_json

START = datetime(2026, 1, 1, tzinfo=UTC)
TOKEN = "ghp-" + "s3cr3t"


@pytest.fixture
def a_github(serve, a_client):
    def make(reply, repositories=("o/r",), token=TOKEN, **more):
        server = serve(reply)
        client = a_client("GitHub")
        return Github(server.url, client, token=token, repositories=repositories, **more), server

    return make


def keys(changes):
    return sorted(change.key for change in changes)


def change(**fields):
    return parse_pull_request(a_pull_request(**fields), "o/r")


def commits(*messages):
    return {"nodes": [{"commit": {"message": text, "authors": {"nodes": []}}} for text in messages]}


def person(number):
    return {"__typename": "User", "login": f"user{number}", "databaseId": number}


BOT = {"__typename": "Bot", "login": "linter", "databaseId": 5}


def signed_by(*commits):
    """Commits, each with its users."""
    names = [{"nodes": [{"user": user} for user in users]} for users in commits]
    return {"nodes": [{"commit": {"message": "x", "authors": one}} for one in names]}


def queries(server):
    """The searches that were made."""
    asked = [json.loads(request.body)["query"] for request in server.requests if request.body]
    return [
        json.loads(part.partition(", after:")[0])
        for query in asked
        for part in query.split("first: 100, query: ")[1:]
    ]


# What a pull request says


def test_a_pull_request_says_all_that_scoring_needs():
    found = change()

    assert found.key == "o/r#7"
    assert found.source == "github"
    assert found.merged == datetime(2026, 1, 7, 23, 58, 11, tzinfo=UTC)
    assert found.authors == ("github:501", "github:502")
    assert (found.reviewers, found.reviewed) == (("github:503",), True)
    assert found.tasks == (312346, 312345)
    assert found.files == (
        File("export.py", 20, 4),
        File("tests/export.py", 10, 0, renamed=True),
    )
    assert (found.files_count, found.inserted, found.deleted) == (2, 30, 4)
    assert found.commit == "9f00000000000000000000000000000000000007"
    assert (found.branch, found.subject) == ("main", "Fix export")
    assert (found.is_bot, found.reverts, found.rounds) == (False, "", None)


def test_what_is_not_known_is_left_empty():
    found = change(
        body=None, files=None, commits=None, reviews=None, mergeCommit=None, mergedBy=None
    )

    assert found.reviewed is None
    assert (found.files, found.tasks, found.reviewers, found.commit) == ((), (), (), "")
    assert found.authors == ("github:501",)


@pytest.mark.parametrize("author", [None, {"__typename": "Mannequin", "login": "import"}])
def test_an_author_who_is_no_account_is_a_ghost(author):
    assert change(author=author, commits=None).authors == ("github:ghost",)


@pytest.mark.parametrize(
    "author",
    [
        {"__typename": "Bot", "login": "linter", "databaseId": 5},
        {"__typename": "User", "login": "helper[bot]", "databaseId": 5},
        {"__typename": "User", "login": "Dependabot", "databaseId": 5},
    ],
)
def test_bots_are_told_apart(author):
    assert change(author=author).is_bot


def test_what_a_bot_wrote_and_a_person_opened_is_a_bots():
    helper = {"databaseId": 590, "login": "helper[bot]"}

    assert change(commits=signed_by([helper])).is_bot
    assert not change(commits=signed_by([helper], [person(501)])).is_bot


@pytest.mark.parametrize(
    ("commits", "authors"),
    [
        ([[person(502)]], ("github:502",)),
        ([[person(502), None], [person(504)]], ("github:502", "github:504")),
        ([[person(502)], [person(501)]], ("github:501", "github:502")),
        ([[person(502), person(501)]], ("github:501", "github:502")),
        ([[None]], ("github:501",)),
        ([], ("github:501",)),
    ],
)
def test_who_opens_a_request_with_the_commits_of_others_earns_nothing(commits, authors):
    assert change(commits=signed_by(*commits)).authors == authors


@pytest.mark.parametrize(
    ("merger", "voters", "reviewed"),
    [
        (person(503), [], True),
        (person(503), None, True),
        (person(501), [person(503)], True),
        (None, [person(503)], True),
        (person(501), [person(501), person(502)], False),
        (person(502), None, False),
        (BOT, [BOT, None], False),
        (None, [], False),
        (None, None, None),
    ],
)
def test_it_is_reviewed_where_another_person_voted_or_merged(merger, voters, reviewed):
    votes = None if voters is None else {"nodes": [{"author": one} for one in voters]}

    assert change(mergedBy=merger, reviews=votes).reviewed is reviewed


def test_a_bot_of_the_settings_is_a_bot(a_github):
    fake = FakeGithub({"o/r": [a_pull_request()]})
    source, _ = a_github(fake, bots=frozenset({"ExampleDev"}))

    [found] = source.merged_since(START)
    assert found.is_bot


@pytest.mark.parametrize(
    ("body", "reverts"),
    [
        ("Reverts #6", "o/r#6"),
        ("Reverts other/repo#6\r\n\r\nIt broke.", "other/repo#6"),
        (f"This reverts commit {'ab' * 20}.", "ab" * 20),
        ("It broke.", "?"),
        ("This also Reverts #6", "?"),
    ],
)
def test_a_revert_says_what_it_takes_back(body, reverts):
    assert change(title='Revert "Fix export"', body=body, commits=None).reverts == reverts


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Tidy up", "Reverts #6"),
        ("Tidy up", f"This reverts commit {'ab' * 20}."),
        ("Revert export", "Reverts #6"),
        ('Revert "Fix export" in part', "Reverts #6"),
        ('Revert "Fix export"', "Reverts #6, partially."),
    ],
)
def test_a_line_about_another_request_alone_takes_nothing_back(title, body):
    assert change(title=title, body=body, commits=commits(f"x\n\n{body}")).reverts == ""


def test_what_came_through_gerrit_is_counted_there():
    assert change(commits=commits("Fix\n\nBug: T1\nChange-Id: I" + "0a" * 20 + "\n")) is None
    assert change(commits=commits("Fix, see Change-Id: I" + "0a" * 20)) is not None


def test_what_is_not_merged_is_no_change():
    assert change(mergedAt=None) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": 0},
        {"mergedAt": "soon"},
        {"mergedAt": "0001-01-01T00:00:00+14:00"},
        {"additions": "many"},
        {"files": {"nodes": [{"path": ""}]}},
        {"commits": {"nodes": [{"commit": None}]}},
        {"reviews": {}},
    ],
)
def test_another_shape_is_said_calmly(wrong):
    with pytest.raises(SourceChanged, match=r"^GitHub has changed: .*\.$"):
        change(**wrong)


@pytest.mark.parametrize(
    "said",
    [
        {"isMirror": True},
        {"mirrorUrl": "https://gerrit.example.org/r/x"},
        {
            "description": "Github mirror of MediaWiki extension X - our actual code is hosted with Gerrit"
        },
        {"description": "Read-only mirror"},
        {"description": "A mirror", "homepageUrl": "https://gitlab.wikimedia.org/repos/x"},
        {"homepageUrl": "https://gerrit.wikimedia.org/g/x"},
        {"isMirror": None},
    ],
)
def test_a_mirror_is_known_as_one(said):
    assert is_mirror(a_repository(**said))


@pytest.mark.parametrize(
    "said", [{}, {"description": "A mirror for your room", "homepageUrl": None}]
)
def test_another_repository_is_no_mirror(said):
    assert not is_mirror(a_repository(**said))


@pytest.mark.parametrize("said", [True, None, "no"])
def test_a_repository_that_does_not_say_it_is_public_is_not(said):
    assert not is_public(a_repository(isPrivate=said))


# How it is asked


def test_no_repositories_no_question(a_github):
    source, server = a_github(FakeGithub(), repositories=(), token="")

    for found in (
        source.merged_since(START),
        source.merged_by("github:501"),
        source.reviewed_by("github:501"),
        source.merged_for([1]),
        source.reverts_of(["o/r#7"]),
    ):
        assert list(found) == []
    assert server.requests == []


def test_without_a_token_it_says_which_setting_is_missing(a_github):
    source, server = a_github(FakeGithub(), token="")

    for ask in (
        lambda: list(source.merged_since(START)),
        lambda: list(source.merged_by("github:501")),
        lambda: source.posted("exampledev", ["x"]),
    ):
        with pytest.raises(SourceRefused, match=r"^GitHub .*BADGES_GITHUB_TOKEN\.$"):
            ask()
    assert server.requests == []


@pytest.mark.parametrize(("repositories", "requests"), [(1, 1), (100, 1), (101, 2), (250, 3)])
def test_a_quiet_round_is_one_request_a_hundred_repositories(a_github, repositories, requests):
    names = tuple(f"o/r{number}" for number in range(repositories))
    old = a_pull_request(mergedAt="2025-12-31T23:59:59Z")
    source, server = a_github(FakeGithub({name: [old] for name in names}), names)

    assert list(source.merged_since(START)) == []
    assert len(server.requests) == requests
    assert source.missing == ()


def test_what_was_merged_since_comes_with_its_details(a_github):
    rows = [a_pull_request(), a_pull_request(8, mergedAt="2026-01-01T00:00:00Z")]
    late = a_pull_request(9, mergedAt="2025-12-31T23:59:59Z")
    fake = FakeGithub({"o/r": [*rows, late]}, touched={9: "2026-02-01T00:00:00Z"})
    source, server = a_github(fake)

    assert keys(source.merged_since(START)) == ["o/r#7", "o/r#8"]
    assert len(server.requests) == 2
    assert all(r.headers["Authorization"] == f"Bearer {TOKEN}" for r in server.requests)
    assert not any(TOKEN in request.target + request.body for request in server.requests)


def test_details_of_many_come_in_few_requests(a_github):
    rows = [a_pull_request(number) for number in range(1, 61)]
    source, server = a_github(FakeGithub({"o/r": rows}))

    assert len(keys(source.merged_since(START))) == 60
    # Ten to begin with, the rest at once, and once more in case they moved; then the details.
    assert len(server.requests) == 3 + 3


@pytest.mark.parametrize("cap", [1, 3, 20])
def test_where_it_is_too_much_less_is_asked_for(a_github, cap):
    rows = [a_pull_request(number) for number in range(1, 31)]
    source, _ = a_github(FakeGithub({"o/r": rows}, cap=cap))

    assert len(keys(source.merged_since(START))) == 30


def test_one_whose_files_are_too_much_comes_without_them(a_github):
    fake = FakeGithub({"o/r": [a_pull_request()]})
    source, _ = a_github(
        lambda request: Answer(b"timeout", 502) if "files(first" in request.body else fake(request)
    )

    [found] = source.merged_since(START)
    assert found.inserted == 30


def test_a_moment_of_overload_costs_no_files(a_github):
    """Both tries for the whole of it fail; what is smaller is answered, and then so is the whole."""
    fake, busy = FakeGithub({"o/r": [a_pull_request()]}), [502, 502]
    source, _ = a_github(
        lambda request: (
            Answer(b"timeout", busy.pop())
            if busy and "files(first" in request.body
            else fake(request)
        )
    )

    [found] = source.merged_since(START)
    assert busy == []
    assert found.files


def test_what_is_null_without_a_word_is_not_taken_for_gone(a_github):
    fake = FakeGithub({"o/r": [a_pull_request()]})

    def mute(request):
        answer = json.loads(fake(request).body)
        return as_json({"data": {**answer["data"], "r0": None}})

    source, _ = a_github(mute)

    with pytest.raises(SourceChanged, match="said to be missing"):
        list(source.merged_since(START))


def test_a_list_that_does_not_say_whether_it_goes_on_is_not_taken_for_whole(a_github):
    fake = FakeGithub({"o/r": [a_pull_request()]})

    def silent(request):
        answer = json.loads(fake(request).body)
        for part in answer["data"].values():
            if "pullRequests" in part:
                del part["pullRequests"]["pageInfo"]["hasNextPage"]
        return as_json(answer)

    with pytest.raises(SourceChanged, match="hasNextPage"):
        list(a_github(silent)[0].merged_since(START))


@pytest.mark.parametrize("special", [{"isPrivate": True}, {"isMirror": True}])
def test_what_is_private_or_a_mirror_is_never_told(a_github, special):
    fake = FakeGithub(
        {"o/r": [a_pull_request()]}, {"o/r": special}, found=lambda query: [("o/r", 7)]
    )
    source, server = a_github(fake)

    assert list(source.merged_since(START)) == []
    assert list(source.merged_by("github:501")) == []
    assert list(source.merged_for([312345])) == []
    assert not any("pullRequest(number" in request.body for request in server.requests)
    assert source.missing == (("o/r",) if special == {"isPrivate": True} else ())
    assert source.mirrors == (("o/r",) if special == {"isMirror": True} else ())


def test_a_repository_that_is_gone_is_remembered_and_the_rest_is_told(a_github):
    fake = FakeGithub({"o/r": [a_pull_request()]})
    source, _ = a_github(fake, ("o/r", "o/gone", "not a name", 'o/"evil'))

    assert keys(source.merged_since(START)) == ["o/r#7"]
    assert sorted(source.missing) == ["not a name", 'o/"evil', "o/gone"]


def test_a_repository_bears_the_name_that_github_says(a_github):
    fake = FakeGithub(
        {"old/name": [a_pull_request()], "new/name": [a_pull_request()]},
        {"old/name": {"nameWithOwner": "new/name"}},
    )
    source, _ = a_github(fake, ("old/name",))

    assert keys(source.merged_since(START)) == ["new/name#7"]


@pytest.mark.parametrize(
    "reply",
    [
        Answer(
            b"{}", 403, headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1767225600"}
        ),
        Answer(b"{}", 403, headers={"Retry-After": "60"}),
        Answer(b'{"message": "You have exceeded a secondary rate limit. Please wait."}', 403),
        as_json({"errors": [load("github/errors")["rate_limited"]]}),
    ],
)
def test_too_many_questions_are_worth_another_try(a_github, reply):
    source, _ = a_github(reply)

    with pytest.raises(SourceUnreachable, match=r"^GitHub said \"not now\" .*asks again\.$"):
        list(source.merged_since(START))


def test_when_the_last_point_is_spent_nothing_more_is_asked(a_github):
    fake = FakeGithub({"o/r": [a_pull_request()]})

    def reply(request):
        told = json.loads(fake(request).body)
        later = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        told["data"]["rateLimit"] |= {"remaining": 0, "resetAt": later}
        return as_json(told)

    source, server = a_github(reply)

    with pytest.raises(SourceUnreachable, match="next round"):
        list(source.merged_since(START))
    assert len(server.requests) == 1


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    there=st.integers(1, 40),
    size=st.integers(2, 8),
    moves=st.lists(st.integers(1, 40), max_size=12),
    keyset=st.booleans(),
)
def test_a_list_that_changes_while_it_is_read_loses_and_repeats_nothing(
    a_github, there, size, moves, keyset
):
    rows = [
        a_pull_request(number, mergedAt=f"2026-01-02T00:{number:02}:00Z")
        for number in range(1, there + 1)
    ]
    fake = FakeGithub({"o/r": rows}, page=size, keyset=keyset)
    waiting = list(moves)
    clock = (f"2026-01-03T{minute // 60:02}:{minute % 60:02}:00Z" for minute in count())

    def change_something():
        """One is touched again, and another is merged."""
        if waiting:
            fake.touched[waiting.pop()] = next(clock)
            rows.append(a_pull_request(len(rows) + 1, mergedAt=next(clock)))

    fake.between = change_something
    source, _ = a_github(fake)

    found = [change.number for change in source.merged_since(START)]

    assert len(found) == len(set(found))
    assert set(found) >= set(range(1, there + 1))


def test_what_moves_behind_others_that_moved_is_not_lost(a_github):
    rows = [
        a_pull_request(number, mergedAt=f"2026-01-02T00:{number:02}:00Z") for number in range(1, 9)
    ]
    fake = FakeGithub({"o/r": rows}, page=2)
    moves = [{1: "2026-01-03T00:00:00Z"}, {8: "2026-01-03T00:01:00Z", 7: "2026-01-03T00:02:00Z"}]
    fake.between = lambda: fake.touched.update(moves.pop(0) if moves else {})
    source, _ = a_github(fake)

    assert sorted(change.number for change in source.merged_since(START)) == list(range(1, 9))


def test_the_history_of_an_account_is_searched_by_its_login_of_today(a_github):
    fake = FakeGithub({"o/r": [a_pull_request()]}, found=lambda query: [("o/r", 7)])
    source, server = a_github(fake)

    assert keys(source.merged_by("github:501")) == ["o/r#7"]
    assert server.requests[0].target == "/user/501"
    assert queries(server) == [
        "is:pr is:merged is:public sort:created-asc author:exampledev repo:o/r"
    ]


def test_what_another_wrote_under_that_login_is_not_theirs(a_github):
    fake = FakeGithub(
        {"o/r": [a_pull_request(author=None, commits=None)]}, found=lambda q: [("o/r", 7)]
    )
    source, _ = a_github(fake)

    assert keys(source.merged_by("github:501")) == []


def test_an_account_that_is_gone_has_no_history(a_github):
    source, server = a_github(FakeGithub({"o/r": []}))

    assert keys(source.merged_by("github:404")) == []
    assert len(server.requests) == 1


def test_who_voted_has_reviewed(a_github):
    fake = FakeGithub({"o/r": [a_pull_request()]}, found=lambda query: [("o/r", 7)])
    source, server = a_github(fake)

    assert keys(source.reviewed_by("github:503")) == ["o/r#7"]
    assert "reviewed-by:Reviewer -author:Reviewer" in queries(server)[0]


def test_many_repositories_are_packed_into_searches_of_a_fair_size(a_github):
    names = tuple(f"organization/repository-{number}" for number in range(250))
    fake = FakeGithub(dict.fromkeys(names, ()), found=lambda query: [])
    source, server = a_github(fake, names)

    assert list(source.merged_by("github:501")) == []
    searched = queries(server)
    assert sorted(
        term for q in searched for term in q.split() if term.startswith("repo:")
    ) == sorted(f"repo:{name}" for name in names)
    assert max(map(len, searched)) <= 256
    assert len(server.requests) == 1 + 3 + -(-len(searched) // 10)


def test_a_search_that_finds_more_than_it_shows_is_cut_by_days(a_github):
    days = [
        f"20{year:02}-0{month}-0{day}"
        for year in range(9, 26)
        for month in (1, 5)
        for day in range(1, 9)
    ]
    rows = [
        a_pull_request(number, mergedAt=f"{days[number % len(days)]}T00:00:00Z")
        for number in range(1, 1502)
    ]
    fake = FakeGithub({"o/r": rows})
    fake.found = lambda query: [
        ("o/r", row["number"]) for row in rows if within(query, row["mergedAt"][:10])
    ]
    source, server = a_github(fake)

    found = list(source._searched(["x"]))

    assert len(found) == 1501
    assert len({change.key for change in found}) == 1501
    assert max(map(len, queries(server))) <= 256


def test_a_day_that_is_too_full_is_said(a_github):
    source, _ = a_github(FakeGithub({"o/r": []}, found=lambda query: [("o/r", 1)] * 1001))

    with pytest.raises(SourceChanged, match="one day"):
        list(source.merged_for([1]))


def test_changes_of_a_task_are_searched_by_its_name(a_github):
    rows = [a_pull_request(), a_pull_request(8, body="see T312345", commits=None)]
    fake = FakeGithub({"o/r": rows}, found=lambda query: [("o/r", 7), ("o/r", 8)])
    source, server = a_github(fake)

    assert keys(source.merged_for([312345, 312345])) == ["o/r#7"]
    assert queries(server) == [
        'is:pr is:merged is:public sort:created-asc "T312345" in:title,body repo:o/r'
    ]


def test_reverts_are_searched_where_they_can_be(a_github):
    rows = [a_pull_request(8, title='Revert "Fix"', body="Reverts O/R#7", commits=None)]
    fake = FakeGithub({"o/r": rows, "o/s": []}, found=lambda query: [("o/r", 8)])
    source, server = a_github(fake, ("o/r", "o/s"))

    assert keys(source.reverts_of(["o/r#7", "mediawiki/core~1", "x/y!2"])) == ["o/r#8"]
    assert queries(server) == [
        "is:pr is:merged is:public sort:created-asc Reverts in:body repo:o/r"
    ]
    assert keys(source.reverts_of(["o/r#6"])) == []
    assert keys(source.reverts_of(["mediawiki/core~1"])) == []


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(there=st.integers(1, 30), grows=st.integers(0, 3), size=st.integers(2, 8))
def test_a_search_that_grows_while_it_is_read_loses_and_repeats_nothing(
    a_github, there, grows, size
):
    rows = [a_pull_request(number) for number in range(100, 100 + there)]
    fake = FakeGithub({"o/r": rows}, page=size)
    fake.found = lambda query: [("o/r", row["number"]) for row in rows]

    def grow():
        """What was created early is merged late: it comes in before the place where we are."""
        if len(rows) < 2 * there:
            for _ in range(grows):
                rows.insert(0, a_pull_request(rows[0]["number"] - 1))

    fake.between = grow
    source, _ = a_github(fake)

    found = [change.number for change in source.merged_by("github:501")]

    assert len(found) == len(set(found))
    assert set(found) >= set(range(100, 100 + there))


# Who is who


def test_github_knows_no_developer_accounts(a_github):
    source, server = a_github(FakeGithub())

    assert source.account_named("Example Dev", "exampledev") is None
    assert server.requests == []


WORD = "badges-7f3a9c"
PAGE = "https://wiki.example/wiki/User:Ada"


def a_gist(**changed):
    file = {"text": "Notes\n"}
    return {"isFork": False, "description": "Notes", "files": [file], **changed}


def a_user(*gists, social=(), **changed):
    user = {"databaseId": 501, "login": "a", "bio": None, "websiteUrl": None}
    more = {
        "socialAccounts": {"nodes": [{"url": url} for url in social]},
        "gists": {"nodes": [*gists]},
    }
    return user | more | changed


def posted(a_github, user, *words):
    """Which of the words an account posted."""
    source, _ = a_github(as_json({"data": {"user": user}}))
    found = source.posted("a", words)
    return found[1] if found else None


@pytest.mark.parametrize(
    "word",
    [
        "badges-7f3a9c",
        "https://example.org/badges-111111",
        "https://mastodon.example/@badges-222222",
        "badges-333333",
        "badges-555555",
    ],
)
def test_a_word_is_found_wherever_the_account_alone_writes(a_github, word):
    source, server = a_github(as_json({"data": {"user": load("github/user")}}))

    account = Account("github:501", "ExampleDev", "ExampleDev")
    assert source.posted("exampledev", ["badges-none", word]) == (account, word)
    assert json.loads(server.requests[0].body)["variables"] == {"login": "exampledev"}


@pytest.mark.parametrize(
    "user",
    [
        a_user(bio=f"What is {WORD}?"),
        a_user(bio=f"{WORD}, exports"),
        a_user(websiteUrl=f"https://example.org/{WORD}"),
        a_user(a_gist(description=f"About {WORD}")),
        a_user(a_gist(files=[{"text": f"x\n{WORD}\n"}])),
        a_user(a_gist(files=[{"text": WORD}, {"text": "x"}])),
        a_user(a_gist(files=[{"name": WORD, "text": "x"}])),
        a_user(a_gist(isFork=True, description=WORD, files=[{"text": WORD}])),
        a_user({"description": WORD, "files": [{"text": WORD}]}),
    ],
)
def test_a_word_among_others_or_of_another_was_not_posted(a_github, user):
    assert posted(a_github, user, WORD) is None


@pytest.mark.parametrize(
    "user",
    [
        a_user(bio=PAGE),
        a_user(bio=f"Exports.\r\n {PAGE} \r\n@org"),
        a_user(websiteUrl=PAGE),
        a_user(websiteUrl=f"{PAGE}/"),
        a_user(social=["https://mastodon.example/@a", PAGE]),
    ],
)
def test_the_address_of_a_user_page_is_found_in_a_profile(a_github, user):
    assert posted(a_github, user, PAGE) == PAGE


@pytest.mark.parametrize(
    "user",
    [
        a_user(bio=f"{PAGE} Lovelace"),
        a_user(bio=f"{PAGE}_Lovelace"),
        a_user(bio=f"see {PAGE}"),
        a_user(bio=f"<{PAGE}>"),
        a_user(websiteUrl=f"{PAGE}?x"),
        a_user(websiteUrl=f"{PAGE}/draft"),
        a_user(social=[f"{PAGE}%20Lovelace"]),
        a_user(a_gist(description=PAGE)),
        a_user(a_gist(files=[{"text": PAGE}])),
    ],
)
def test_an_address_that_goes_on_or_stands_in_a_gist_proves_nothing(a_github, user):
    assert posted(a_github, user, PAGE) is None


def test_github_is_asked_whether_a_gist_is_a_fork(a_github):
    source, server = a_github(as_json({"data": {"user": a_user()}}))
    source.posted("a", [WORD])

    assert "isFork" in json.loads(server.requests[0].body)["query"]


@pytest.mark.parametrize(
    ("name", "words"),
    [("exampledev", ["badges-7f3a9"]), ("exampledev", []), ("another", ["badges-7f3a9c"])],
)
def test_what_is_not_exactly_there_was_not_posted(a_github, name, words):
    source, _ = a_github(as_json({"data": {"user": load("github/user")}}))

    assert source.posted(name, words) is None


def test_a_login_that_nobody_bears_has_posted_nothing(a_github):
    missing = load("github/errors")["not_found"] | {"path": ["user"]}
    source, _ = a_github(as_json({"errors": [missing], "data": {"user": None}}))

    assert source.posted("nobody", ["x"]) is None


def test_a_bare_profile_is_no_trouble(a_github):
    user = {"databaseId": 501, "login": "a", "bio": None, "gists": {"nodes": [{"files": None}]}}
    source, _ = a_github(as_json({"data": {"user": user}}))

    assert source.posted("a", ["x"]) is None
