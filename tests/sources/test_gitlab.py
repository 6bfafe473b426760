"""Against a GitLab built from documented replies, not seen on a real server."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.model import File
from sources.gitlab import Gitlab
from sources.mergerequests import parse_merge_request
from sources.port import Account, SourceChanged, SourceRefused, SourceUnreachable
from tests.sources.forges import FakeGitlab, a_listed, a_merge_request, a_page, load, refused
from tests.sources.server import Answer, as_json, in_turn

START = datetime(2026, 1, 1, tzinfo=UTC)
PROJECT = "repos/x/y"


@pytest.fixture
def a_gitlab(serve, a_client):
    def make(reply, **more):
        server = serve(reply)
        return Gitlab(server.url + "/", a_client("GitLab"), **more), server

    return make


def keys(changes):
    return sorted(change.key for change in changes)


def change(**fields):
    return parse_merge_request(a_merge_request(**fields), PROJECT)


def user(number, **more):
    return {"id": f"gid://gitlab/User/{number}", "username": f"user{number}", "bot": False} | more


def written_by(*users):
    return {"nodes": [{"message": "x", "author": one} for one in users]}


# What a merge request says


def test_a_merge_request_says_all_that_scoring_needs():
    found = change()

    assert found.key == "repos/x/y!12"
    assert found.source == "gitlab"
    assert found.merged == datetime(2026, 1, 7, 23, 58, 11, tzinfo=UTC)
    assert found.authors == ("gitlab:77", "gitlab:79")
    assert (found.reviewers, found.reviewed) == (("gitlab:78",), True)
    assert found.tasks == (312346, 312345)
    assert found.files == (File("src/dialog.js", 20, 4), File("src/dialog.test.js", 10, 0))
    assert (found.files_count, found.inserted, found.deleted) == (2, 30, 4)
    assert found.commit == "9f00000000000000000000000000000000000001"
    assert (found.branch, found.subject) == ("main", "Close dialog on Escape")
    assert (found.is_bot, found.is_translation) == (False, False)
    assert found.reverts == ""
    assert found.rounds is None


def test_what_is_not_known_is_left_empty():
    found = change(
        description=None,
        mergeCommitSha=None,
        diffStats=None,
        approvedBy=None,
        commits=None,
        mergeUser=None,
    )

    assert found.reviewed is None

    assert found.files == ()
    assert (found.files_count, found.inserted, found.deleted) == (2, 30, 4)
    assert found.commit == "8e00000000000000000000000000000000000001"
    assert (found.tasks, found.reviewers, found.authors) == ((), (), ("gitlab:77",))


def test_sums_are_made_where_there_is_no_summary():
    found = change(diffStatsSummary=None)

    assert (found.files_count, found.inserted, found.deleted) == (2, 30, 4)


@pytest.mark.parametrize("author", [None, user(1, username="ghost")])
def test_an_author_who_is_gone_is_a_ghost(author):
    nodes = {"nodes": [{"message": "x", "author": author}]}
    found = change(author=author, commits=nodes, approvedBy={"nodes": [user(1, username="ghost")]})

    assert (found.authors, found.reviewers) == (("gitlab:ghost",), ())


def test_what_others_translated_is_known():
    assert change(title="Localisation updates from https://translatewiki.net.").is_translation
    assert change(author=user(5, username="Translatewiki")).is_translation


@pytest.mark.parametrize(
    "author",
    [
        user(5, bot=True),
        user(5, username="project_345_bot_0f0f"),
        user(5, username="group_3_bot"),
        user(5, username="Libraryupgrader"),
    ],
)
def test_bots_are_told_apart(author):
    found = change(author=author, commits={"nodes": [{"message": "x", "author": author}]})

    assert found.is_bot
    assert found.authors == ("gitlab:5",)


def test_a_bot_is_no_co_author_and_no_reviewer():
    bot = user(5, bot=True)
    found = change(commits=written_by(bot, user(77)), approvedBy={"nodes": [bot]})

    assert (found.authors, found.reviewers, found.is_bot) == (("gitlab:77",), (), False)


def test_what_a_bot_wrote_and_a_person_opened_is_a_bots():
    assert change(commits=written_by(user(5, bot=True))).is_bot


@pytest.mark.parametrize(
    ("wrote", "authors"),
    [
        ([user(79)], ("gitlab:79",)),
        ([user(79), user(80), None], ("gitlab:79", "gitlab:80")),
        ([user(79), user(77)], ("gitlab:77", "gitlab:79")),
        ([None], ("gitlab:77",)),
        ([user(1, username="ghost")], ("gitlab:77",)),
        ([], ("gitlab:77",)),
    ],
)
def test_who_opens_a_request_with_the_commits_of_others_earns_nothing(wrote, authors):
    assert change(commits=written_by(*wrote)).authors == authors


@pytest.mark.parametrize(
    ("merger", "approved", "reviewed"),
    [
        (user(78), [], True),
        (user(78), None, True),
        (user(77), [user(78)], True),
        (None, [user(78)], True),
        (user(77), [user(77), user(79)], False),
        (user(79), None, False),
        (user(5, bot=True), [user(6, bot=True)], False),
        (user(1, username="ghost"), [], False),
        (None, [], False),
        (None, None, None),
    ],
)
def test_it_is_reviewed_where_another_person_approved_or_merged(merger, approved, reviewed):
    votes = None if approved is None else {"nodes": approved}

    assert change(mergeUser=merger, approvedBy=votes).reviewed is reviewed


@pytest.mark.parametrize(
    ("description", "reverts"),
    [
        ("This reverts merge request !9", "repos/x/y!9"),
        ("Broke it.\r\n\r\nThis reverts merge request repos/a/b!9\r\n", "repos/a/b!9"),
        (f"This reverts commit {'ab' * 20}.", "ab" * 20),
        ("It broke.", "?"),
    ],
)
def test_a_revert_says_what_it_takes_back(description, reverts):
    found = change(title='Revert "Close dialog"', description=description, commits=None)

    assert found.reverts == reverts


def test_one_commit_that_takes_back_another_makes_no_revert():
    message = f'Revert "x"\n\nThis reverts commit {"ab" * 20}.'
    nodes = [{"message": message, "author": None}] * 2

    assert change(commits={"nodes": nodes}).reverts == ""
    assert change(commits={"nodes": nodes[:1]}).reverts == ""
    assert change(title='Revert "x"', commits={"nodes": nodes}).reverts == "?"
    assert change(title='Revert "x"', commits={"nodes": nodes[:1]}).reverts == "ab" * 20


@pytest.mark.parametrize(
    "line", ["This reverts merge request !9", f"This reverts commit {'ab' * 20}."]
)
@pytest.mark.parametrize("title", ["Tidy up", "Revert dialog", 'Draft: Revert "Close dialog"'])
def test_a_line_about_another_request_alone_takes_nothing_back(title, line):
    nodes = {"nodes": [{"message": f"x\n\n{line}", "author": None}]}

    assert change(title=title, description=line, commits=nodes).reverts == ""


@pytest.mark.parametrize(
    ("title", "description", "message"),
    [
        ('Revert "Close dialog" partially', "This reverts merge request !9", "x"),
        ('Revert "Close dialog"', "This reverts merge request !9 in part", "x"),
        ('Revert "Close dialog"', "This reverts merge request !9", "x\n\nPartly reverts !9."),
    ],
)
def test_what_is_taken_back_in_part_stands(title, description, message):
    nodes = {"nodes": [{"message": message, "author": None}]}

    assert change(title=title, description=description, commits=nodes).reverts == ""


@pytest.mark.parametrize(
    ("title", "description", "tasks"),
    [
        ("T12: Close dialog", "", (12,)),
        ("[T12, T13] Close dialog (T14)", "", (12, 13, 14)),
        ("Close dialog, see T12", "", ()),
        ('Revert "[T12] Close dialog"', "", ()),
        ("x", "Bug: T12", (12,)),
        ("x", "* **Task:** [T12](https://phabricator.wikimedia.org/T12)", (12,)),
        ("x", "Fixes https://phabricator.wikimedia.org/T12 for good", (12,)),
        (
            "x",
            "https://phabricator.wikimedia.org/T12, https://phabricator.wikimedia.org/T13",
            (12, 13),
        ),
        ("x", "See also T12", ()),
        ("x", "See https://phabricator.wikimedia.org/T12", ()),
        ("x", "as in T12\n> Bug: T13\n<!-- Bug: T14 -->\n```\nBug: T15\n```", ()),
        ("x", "https://evil.example/phabricator.wikimedia.org/T12", ()),
        ("x", "Bug: T0, T01, T12345678, T١", ()),
    ],
)
def test_a_task_is_claimed_not_mentioned(title, description, tasks):
    assert change(title=title, description=description, commits=None).tasks == tasks


@given(st.text(alphabet="T1 (),[]:/\n\r-`<>!bugfixes", max_size=300), st.text(max_size=80))
def test_no_words_are_too_odd_to_read(description, title):
    assert len(change(description=description, title=title, commits=None).tasks) <= 10


def test_no_line_makes_its_reading_slow():
    nasty = "https://phabricator.wikimedia.org/T1" + " , " * 200_000 + "x"

    assert change(title=nasty, description=f"{nasty}\n" * 3, commits=None).tasks == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"iid": None},
        {"iid": "x"},
        {"mergedAt": "yesterday"},
        {"mergedAt": "2026-01-07T23:58:11"},
        {"author": {"id": 77}},
        {"author": {"id": "gid://gitlab/User/x"}},
        {"diffStats": [{"path": "a"}]},
        {"commits": {"nodes": "many"}},
    ],
)
def test_another_shape_is_said_calmly(wrong):
    with pytest.raises(SourceChanged, match=r"^GitLab has changed: .*\.$"):
        change(**wrong)


def test_a_folder_that_bears_a_name_loses_it():
    stats = [{"path": "home/jane/.vimrc", "additions": 1, "deletions": 0}]

    assert change(diffStats=stats).files[0].path == "home/user/.vimrc"


# How it is asked


def test_a_quiet_round_is_one_request_a_group(a_gitlab):
    source, server = a_gitlab(FakeGitlab({PROJECT: []}), groups=("repos", "toolforge-repos"))

    assert list(source.merged_since(START)) == []
    assert len(server.requests) == 2
    asked = [json.loads(request.body)["variables"]["of"] for request in server.requests]
    assert asked == ["repos", "toolforge-repos"]


def test_what_was_merged_since_comes_with_its_details(a_gitlab):
    early = a_merge_request(11, mergedAt="2025-12-31T23:59:59Z")
    exact = a_merge_request(13, mergedAt="2026-01-01T00:00:00Z")
    source, server = a_gitlab(FakeGitlab({PROJECT: [exact, a_merge_request(), early]}))

    assert keys(source.merged_since(START)) == ["repos/x/y!12", "repos/x/y!13"]
    assert len(server.requests) == 3


def test_details_of_many_come_in_few_requests(a_gitlab):
    rows = [a_merge_request(number) for number in range(40, 0, -1)]
    source, server = a_gitlab(FakeGitlab({PROJECT: rows}), groups=("repos",))

    assert len(list(source.merged_since(START))) == 40
    assert len(server.requests) == 1 + 4


@pytest.mark.parametrize("cap", [1, 2, 3, 7])
def test_where_it_is_too_much_less_is_asked_for(a_gitlab, cap):
    rows = [a_merge_request(number) for number in range(20, 0, -1)]
    source, _ = a_gitlab(FakeGitlab({PROJECT: rows}, cap=cap, largest=cap), groups=("repos",))

    assert len(keys(source.merged_since(START))) == 20


@pytest.mark.parametrize(("widest", "requests"), [(4, 6), (3, 15), (1, 25)])
def test_where_there_are_too_many_projects_fewer_are_asked_about(a_gitlab, widest, requests):
    projects = {f"repos/x/y{place}": [a_merge_request()] for place in range(20)}
    source, server = a_gitlab(FakeGitlab(projects, widest=widest), groups=("repos",))

    assert len(keys(source.merged_since(START))) == 20
    assert len(server.requests) <= requests


def test_no_question_is_longer_than_gitlab_reads(a_gitlab):
    projects = {f"repos/{'x' * 250}{place}": [a_merge_request()] for place in range(9)}
    source, server = a_gitlab(FakeGitlab(projects), groups=("repos",))

    assert len(keys(source.merged_since(START))) == 9
    assert max(len(json.loads(request.body)["query"]) for request in server.requests) < 10_000


def test_a_moment_of_overload_costs_no_files(a_gitlab):
    """Both tries for the whole of it fail; what is smaller is answered, and then so is the whole."""
    fake, busy = FakeGitlab({PROJECT: [a_merge_request()]}), [504, 504]
    source, _ = a_gitlab(
        lambda request: (
            Answer(b"timeout", busy.pop())
            if busy and "diffStats {" in request.body
            else fake(request)
        ),
        groups=("repos",),
    )

    [found] = source.merged_since(START)
    assert busy == []
    assert found.files


@pytest.mark.parametrize("cut", ["hasNextPage", "iid"])
def test_a_list_that_does_not_say_what_it_must_is_not_taken_for_whole(a_gitlab, cut):
    fake = FakeGitlab({PROJECT: [a_merge_request()]})

    def silent(request):
        page = json.loads(fake(request).body)["data"]["of"]["list"]
        for row in page["nodes"] if cut == "iid" else ():
            row |= {"iid": None, "mergedAt": None}
        page["pageInfo"].pop(cut, None)
        return as_json({"data": {"of": {"list": page}}})

    with pytest.raises(SourceChanged, match=cut):
        list(a_gitlab(silent, groups=("repos",))[0].merged_since(START))


def test_one_whose_files_are_too_much_comes_without_them(a_gitlab):
    fake = FakeGitlab({PROJECT: [a_merge_request()]})

    def reply(request):
        if "diffStats {" in request.body:
            return Answer(b"timeout", 504)
        return fake(request)

    source, _ = a_gitlab(reply, groups=("repos",))

    [found] = source.merged_since(START)
    assert found.inserted == 30


def test_where_even_the_smallest_question_is_too_much_it_says_so(a_gitlab):
    source, server = a_gitlab(FakeGitlab({PROJECT: [a_merge_request()]}, largest=0))

    with pytest.raises(SourceChanged, match="smallest question"):
        list(source.merged_since(START))
    assert len(server.requests) <= 5


def test_an_older_server_lists_what_was_touched_since(a_gitlab):
    early = a_merge_request(11, mergedAt="2025-12-31T23:59:59Z")
    fake = FakeGitlab({PROJECT: [a_merge_request(), early]}, knows_merged_after=False)
    source, server = a_gitlab(fake)

    assert keys(source.merged_since(START)) == ["repos/x/y!12"]
    assert len(server.requests) == 4
    assert keys(source.merged_since(START)) == ["repos/x/y!12"]
    assert len(server.requests) == 7


def test_an_older_server_is_not_asked_who_merged(a_gitlab):
    rows = [a_merge_request(number, mergeUser=None) for number in range(20, 0, -1)]
    fake = FakeGitlab({PROJECT: rows}, knows_merge_user=False)
    source, server = a_gitlab(fake, groups=("repos",))

    found = list(source.merged_since(START))

    assert (len(found), found[0].files_count, len(found[0].files)) == (20, 2, 2)
    assert len(server.requests) == 1 + 3


def test_what_is_not_public_is_not_even_asked_about(a_gitlab):
    fake = FakeGitlab({PROJECT: [a_merge_request()]}, secret={PROJECT})
    source, server = a_gitlab(fake, groups=("repos",))

    assert list(source.merged_since(START)) == []
    assert len(server.requests) == 1


def test_what_turned_secret_in_between_is_not_told(a_gitlab):
    listed = as_json({"data": {"of": {"list": a_page([a_listed(a_merge_request())])}}})
    source, _ = a_gitlab(in_turn(listed, as_json({"data": {"p0": None}})), groups=("repos",))

    assert list(source.merged_since(START)) == []


def test_a_group_that_is_not_there_is_skipped_and_remembered(a_gitlab):
    fake = FakeGitlab({PROJECT: [a_merge_request()]})
    source, _ = a_gitlab(fake, groups=("gone", "repos"))

    assert keys(source.merged_since(START)) == ["repos/x/y!12"]
    assert source.missing == ("gone",)
    list(source.merged_since(START))
    assert source.missing == ("gone",)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    there=st.integers(1, 40), grows=st.integers(0, 5), size=st.integers(1, 8), keyset=st.booleans()
)
def test_a_list_that_grows_while_it_is_read_loses_and_repeats_nothing(
    a_gitlab, there, grows, size, keyset
):
    rows = [a_merge_request(number) for number in range(there, 0, -1)]
    fake = FakeGitlab({PROJECT: rows}, keyset=keyset, cap=100)

    def grow():
        if len(rows) < 2 * there:
            for _ in range(grows):
                rows.insert(0, a_merge_request(int(rows[0]["iid"]) + 1))

    fake.between = grow
    source, _ = a_gitlab(fake, groups=("repos",))
    source._api._page = size

    found = [change.number for change in source.merged_since(START)]

    assert len(found) == len(set(found))
    assert set(found) >= set(range(1, there + 1))


def test_the_history_of_an_account_is_that_below_the_groups(a_gitlab):
    fake = FakeGitlab(
        {PROJECT: [a_merge_request()], "people/jane/z": [a_merge_request(3)], "reposx/y": []}
    )
    source, server = a_gitlab(fake)

    assert keys(source.merged_by("gitlab:77")) == ["repos/x/y!12"]
    question = json.loads(server.requests[0].body)
    assert question["variables"]["of"] == "gid://gitlab/User/77"
    assert "authoredMergeRequests(state: merged" in question["query"]


def test_what_one_only_opened_is_not_ones_history(a_gitlab):
    source, _ = a_gitlab(FakeGitlab({PROJECT: [a_merge_request(commits=written_by(user(79)))]}))

    assert keys(source.merged_by("gitlab:77")) == []


def test_an_account_that_is_gone_has_no_history(a_gitlab):
    source, _ = a_gitlab(as_json({"data": {"of": None}}))

    assert list(source.merged_by("gitlab:77")) == []


def test_only_who_approved_has_reviewed(a_gitlab):
    rows = [a_merge_request(), a_merge_request(11, approvedBy={"nodes": []})]
    source, _ = a_gitlab(FakeGitlab({PROJECT: rows}))

    assert keys(source.reviewed_by("gitlab:78")) == ["repos/x/y!12"]
    assert keys(source.reviewed_by("gitlab:77")) == []


def test_changes_of_a_task_are_searched_in_each_group(a_gitlab):
    fake = FakeGitlab(
        {PROJECT: [a_merge_request(), a_merge_request(13, description="T312345", commits=None)]}
    )
    other = json.loads(json.dumps(load("gitlab/rest")[0]).replace("!12", "!13"))

    def rest(request):
        first = dict(request.query)["page"] == "1"
        rows = [*load("gitlab/rest")] if first else [other]
        return as_json(rows, headers={"X-Next-Page": "2" if first else ""})

    fake.rest = rest
    source, server = a_gitlab(fake, groups=("repos/a",), token="hu-sh")

    assert keys(source.merged_for([312345])) == ["repos/x/y!12"]
    asked = server.requests[0]
    assert asked.target.startswith("/api/v4/groups/repos%2Fa/merge_requests?")
    assert dict(asked.query) == {
        "search": "T312345",
        "in": "title,description",
        "state": "merged",
        "scope": "all",
        "non_archived": "false",
        "per_page": "100",
        "page": "1",
    }
    assert asked.headers["Authorization"] == "Bearer hu-sh"
    assert "hu-sh" not in "".join(request.target for request in server.requests)
    assert len(server.requests) == 3


def test_a_search_that_never_ends_ends(a_gitlab):
    fake = FakeGitlab(
        rest=lambda request: as_json(load("gitlab/rest"), headers={"X-Next-Page": "2"})
    )
    source, server = a_gitlab(fake)

    with pytest.raises(SourceChanged, match="repeats the same"):
        list(source.merged_for([1]))
    assert len(server.requests) == 2


def test_reverts_are_searched_in_the_projects_of_what_they_take_back(a_gitlab):
    row = a_merge_request(title='Revert "x"', description="This reverts merge request !9")
    fake = FakeGitlab({PROJECT: [row]}, rest=lambda request: as_json(load("gitlab/rest")))
    source, server = a_gitlab(fake)

    assert keys(source.reverts_of(["repos/x/y!9", "mediawiki/core~5"])) == ["repos/x/y!12"]
    assert server.requests[0].target.startswith("/api/v4/projects/repos%2Fx%2Fy/merge_requests?")
    assert keys(source.reverts_of(["repos/x/y!8"])) == []


def test_a_project_that_is_gone_has_no_reverts(a_gitlab):
    source, _ = a_gitlab(Answer(b'{"message":"404 Project Not Found"}', 404))

    assert list(source.reverts_of(["repos/x/y!9"])) == []


@pytest.mark.parametrize(
    ("reply", "kind"), [(Answer(status=429), SourceUnreachable), (refused(), SourceRefused)]
)
def test_a_refusal_is_not_an_empty_answer(a_gitlab, reply, kind):
    source, _ = a_gitlab(reply)

    with pytest.raises(kind):
        list(source.merged_for([1]))


# Who is who


def test_an_account_is_found_by_both_names(a_gitlab):
    source, server = a_gitlab(as_json(load("gitlab/users")))

    assert source.account_named("Example Dev", "exampledev") == Account(
        "gitlab:77", "Example Dev", "exampledev"
    )
    assert server.requests[0].target == "/api/v4/users?username=exampledev"


@pytest.mark.parametrize(
    ("name", "login", "row"),
    [
        ("Example Dev", "", {}),
        ("Example Dev", "ExampleDev", {}),
        ("example dev", "exampledev", {}),
        ("Example Dev", "exampledev", {"state": "blocked"}),
        ("Example Dev", "exampledev", {"bot": True}),
        ("Example Dev", "exampledev", {"name": "Somebody Else"}),
        ("Example Dev", "example\x00dev", {}),
    ],
)
def test_an_account_that_is_not_surely_theirs_is_not_found(a_gitlab, name, login, row):
    source, _ = a_gitlab(as_json([load("gitlab/users")[0] | row]))

    assert source.account_named(name, login) is None


@pytest.mark.parametrize(
    ("words", "posted"),
    [
        (["badges-7f3a9c"], "badges-7f3a9c"),
        (["badges-none", "badges-00ff00"], "badges-00ff00"),
        (["badges-7f3a9"], None),
        (["badges-123456"], None),
        (["badges-abcdef"], None),
        (["", "x"], None),
        ([], None),
    ],
)
def test_a_word_is_found_in_the_profile(a_gitlab, words, posted):
    source, _ = a_gitlab(in_turn(as_json(load("gitlab/users")), as_json(load("gitlab/user"))))

    found = source.posted("exampledev", words)

    account = Account("gitlab:77", "Example Dev", "exampledev")
    assert found == ((account, posted) if posted else None)


def test_a_name_that_nobody_bears_has_posted_nothing(a_gitlab):
    source, server = a_gitlab(as_json([]))

    assert source.posted("nobody", ["x"]) is None
    assert len(server.requests) == 1


def test_where_profiles_need_a_token_the_public_bio_is_read(a_gitlab):
    bio = as_json({"data": {"of": {"bio": "badges-7f3a9c"}}})
    source, _ = a_gitlab(in_turn(as_json(load("gitlab/users")), refused(), bio))

    _, word = source.posted("exampledev", ["badges-7f3a9c"])

    assert word == "badges-7f3a9c"


def test_where_no_profile_is_shown_it_says_what_to_do(a_gitlab):
    unknown = as_json(load("gitlab/errors")["field"])
    source, _ = a_gitlab(in_turn(as_json(load("gitlab/users")), refused(), unknown))

    with pytest.raises(SourceRefused, match=r"^GitLab .*Set BADGES_GITLAB_TOKEN\.$") as caught:
        source.posted("exampledev", ["x"])
    assert caught.value.__context__ is None


def test_start_may_have_any_zone_and_parts_of_a_second(a_gitlab):
    row = a_merge_request(mergedAt="2026-01-01T00:00:00.9Z")
    source, server = a_gitlab(FakeGitlab({PROJECT: [row]}), groups=("repos",))

    assert keys(source.merged_since(START + timedelta(microseconds=5))) == ["repos/x/y!12"]
    assert json.loads(server.requests[0].body)["variables"]["since"] == "2025-12-31T23:59:59Z"
