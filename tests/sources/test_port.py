"""Every source keeps the same promises, whatever its server does."""

import socket
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from scoring.model import Change, Task, Wish
from sources.gerrit import Gerrit
from sources.github import Github
from sources.gitlab import Gitlab
from sources.onwiki import OnWiki
from sources.phabricator import Phabricator
from sources.port import (
    Account,
    FoundTask,
    SourceChanged,
    SourceError,
    SourceRefused,
    SourceUnreachable,
    Tool,
)
from sources.sample import SampleChanges, SampleTasks
from sources.technews import TechNews
from sources.toolhub import Toolhub
from sources.wishlist import Wishlist
from tests.sources.forges import (
    FakeGithub,
    FakeGitlab,
    a_listed,
    a_merge_request,
    a_page,
    a_pull_request,
    a_repository,
    load,
)
from tests.sources.samples import a_change
from tests.sources.server import Answer, as_json, conduit, gerrit

START = datetime(2026, 1, 1, tzinfo=UTC)
TOKEN = "api-" + "s3cr3t" * 4 + "abcd"

MAKE = {
    "gerrit": lambda url, client: Gerrit(url, client),
    "phabricator": lambda url, client: Phabricator(url, TOKEN, client),
    "toolhub": lambda url, client: Toolhub(url, client),
    "wishlist": lambda url, client: Wishlist(url, client),
    "technews": lambda url, client: TechNews(url, client),
    "gitlab": lambda url, client: Gitlab(url, client, token=TOKEN),
    "github": lambda url, client: Github(url, client, token=TOKEN, repositories=("o/r",)),
    "onwiki": lambda url, client: OnWiki(url, client, "testwiki"),
}

QUESTIONS = {
    "gerrit": {
        "merged_since": START,
        "merged_by": "gerrit:1",
        "merged_for": [1],
        "merged": ["a~1"],
        "reverts_of": ["a~1"],
        "reviewed_by": "gerrit:1",
        "account_named": "Example Dev",
        "posted": ("Example Dev", ["code"]),
    },
    "phabricator": {
        "modified_since": START,
        "tasks": [1],
        "resolved_by": "PHID-USER-1",
        "linked_to_wiki": ["Example Dev"],
        "linked_to_developer": ["Example Dev"],
        "with_demand": [FoundTask(1, Task(1), "PHID-USER-1")],
        "posted": ("Example", ["code"]),
    },
    "gitlab": {
        "merged_since": START,
        "merged_by": "gitlab:1",
        "reviewed_by": "gitlab:1",
        "merged_for": [1],
        "merged": ["a/b!1"],
        "reverts_of": ["a/b!1"],
        "account_named": ("Example Dev", "exampledev"),
        "posted": ("exampledev", ["code"]),
    },
    "github": {
        "merged_since": START,
        "merged_by": "github:1",
        "reviewed_by": "github:1",
        "merged_for": [1],
        "merged": ["o/r#1"],
        "reverts_of": ["o/r#1"],
        "posted": ("exampledev", ["code"]),
    },
    "toolhub": {"changed_since": START},
    "wishlist": {"wishes": (), "changed_since": START},
    "technews": {"resolved": ()},
    "onwiki": {
        "merged_since": START,
        "merged_by": "onwiki:testwiki:1",
        "with_usage": [Change("testwiki", 1, START, (), subject="Module:A", source="onwiki")],
        "standing": ["testwiki:1"],
        "account_of": ("Example Dev", 1),
    },
}

EVERY_QUESTION = [(source, method) for source, methods in QUESTIONS.items() for method in methods]

TROUBLES = {
    "429": (Answer(b"TOO MANY REQUESTS", 429, "text/plain"), SourceUnreachable),
    "429 for a day": (Answer(status=429, headers={"Retry-After": "86400"}), SourceUnreachable),
    "500": (Answer(b"<html>", 500, "text/html"), SourceUnreachable),
    "502": (Answer(b"<html>", 502, "text/html"), SourceUnreachable),
    "503 later": (Answer(status=503, headers={"Retry-After": "1"}), SourceUnreachable),
    "401": (Answer(status=401), SourceRefused),
    "403": (Answer(b"<html>", 403, "text/html"), SourceRefused),
    "HTML with 200": (Answer(b"<!DOCTYPE html>", kind="text/html"), SourceChanged),
    "nonsense": (Answer(b"}{ \xff\x00 )]}'"), SourceChanged),
    "another encoding": (Answer('["é"]'.encode("utf-16")), SourceChanged),
    "nothing": (Answer(), SourceChanged),
    "204": (Answer(status=204), SourceChanged),
    "a cut reply": (Answer(b'{"result": [{"id": 1, "fie'), SourceChanged),
    "half an answer": (Answer(b'{"result": [', claimed=9999), SourceUnreachable),
    "a number": (as_json(7), SourceChanged),
    "a text": (as_json("now"), SourceChanged),
    "null": (as_json(None), SourceChanged),
    "a list of nulls": (as_json([None]), SourceChanged),
    "a list in a list": (as_json([[]]), SourceChanged),
    "a map": (as_json({"data": []}), SourceChanged),
    "a result of another type": (conduit("text"), SourceChanged),
}


def put(source, method, question):
    """Put a question; one that has several parts is a tuple."""
    parts = question if isinstance(question, tuple) else (question,)
    return getattr(source, method)(*parts)


def ask(name, method, url, client):
    source = MAKE[name](url, client)
    found = put(source, method, QUESTIONS[name][method])
    return found if found is None or isinstance(found, (Mapping, Account)) else list(found)


def text_of(error):
    return repr(error) + "".join(traceback.format_exception(error))


@pytest.mark.parametrize(("name", "method"), EVERY_QUESTION)
@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_server_in_trouble_costs_one_calm_sentence(serve, a_client, name, method, trouble):
    answer, kind = TROUBLES[trouble]
    server = serve(answer)

    with pytest.raises(kind, match=rf"(?i)^{name} .*\.$") as caught:
        ask(name, method, server.url, a_client(name.title(), retries=0))

    assert TOKEN not in text_of(caught.value)
    assert caught.value.__context__ is None
    assert not any(TOKEN in request.target for request in server.requests)


@pytest.mark.parametrize(("name", "method"), EVERY_QUESTION)
def test_a_dead_network_is_worth_another_try(a_client, name, method):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"

    with pytest.raises(SourceUnreachable) as caught:
        ask(name, method, url, a_client())

    assert TOKEN not in text_of(caught.value)


@pytest.mark.parametrize(("name", "method"), EVERY_QUESTION)
def test_nobody_is_followed_elsewhere(serve, a_client, name, method):
    elsewhere = serve(as_json([]))
    server = serve(Answer(status=307, headers={"Location": elsewhere.url}))

    with pytest.raises(SourceChanged, match="elsewhere"):
        ask(name, method, server.url, a_client())

    assert elsewhere.requests == []


def a_task(number, view="public"):
    return {
        "id": number,
        "fields": {"policy": {"view": view}, "status": {"value": "open"}, "name": "Hidden words"},
    }


def a_tool(**author):
    return {"name": "tool", "modified_date": START.isoformat(), "author": [author]}


def an_edit(**hidden):
    return {
        "type": "edit",
        "revid": 1,
        "ns": 828,
        "title": "Module:Hidden",
        "newlen": 900,
        **hidden,
    }


def a_wish(number=1, **fields):
    return {
        "id": 7,
        "crwtitle": f"Community Wishlist/W{number}",
        "status": "done",
        "title": "A wish",
        "phabtasks": [],
        "votecount": 1,
        "created": "2026-01-01T00:00:00Z",
        "updated": "2026-02-01T00:00:00Z",
        **fields,
    }


ENDLESS = {
    "gerrit": gerrit([a_change(1) | {"_more_changes": True}]),
    "phabricator": conduit({"data": [a_task(1)], "cursor": {"after": "1"}}),
    "gitlab": as_json({"data": {"of": {"list": a_page([a_listed(a_merge_request())], "again")}}}),
    "github": as_json(
        {
            "data": {
                "r0": a_repository()
                | {
                    "pullRequests": a_page(
                        [{"number": 1, "updatedAt": "2026-02-01T00:00:00Z"}], "again"
                    )
                }
            }
        }
    ),
    "toolhub": as_json({"next": "x", "results": [a_tool()]}),
    "onwiki": as_json({"query": {"recentchanges": []}, "continue": {"rccontinue": "1|1"}}),
    "wishlist": as_json(
        {"query": {"communityrequests-wishes": [a_wish()]}, "continue": {"crwcontinue": "a|1|1"}}
    ),
    "technews": as_json({"query": {"pages": []}, "continue": {"rvcontinue": "1|1"}}),
}


@pytest.mark.parametrize(("name", "method"), [(name, next(iter(QUESTIONS[name]))) for name in MAKE])
def test_an_endless_list_ends(serve, a_client, name, method):
    server = serve(ENDLESS[name])

    with pytest.raises(SourceChanged, match="repeats the same"):
        ask(name, method, server.url, a_client())

    assert len(server.requests) <= 3


NOT_LISTS = ("account", "linked", "posted", "resolved")


def hidden_changes(request):
    rows = [a_change(1, is_private=True), a_change(2, status="NEW")]
    return gerrit([] if "/accounts/" in request.path else rows)


HIDDEN = {
    "gerrit": hidden_changes,
    "phabricator": conduit({"data": [a_task(1, "users")], "cursor": {"after": None}}),
    "gitlab": FakeGitlab(
        {"repos/x/y": [a_merge_request(title="Hidden")]},
        secret={"repos/x/y"},
        rest=lambda request: as_json(load("gitlab/rest")),
    ),
    "github": FakeGithub(
        {"o/r": [a_pull_request(title="Hidden")]},
        {"o/r": {"isPrivate": True}},
        found=lambda query: [("o/r", 7)],
        users={1: "exampledev"},
    ),
    "toolhub": as_json(
        {"next": None, "results": [a_tool(name="Hidden", email="Hidden@example.org")]}
    ),
    "onwiki": as_json(
        {
            "query": {
                "recentchanges": [an_edit(userhidden=True), an_edit(sha1hidden=True)],
                "usercontribs": [an_edit(texthidden=True), an_edit(commenthidden=True)],
                "pages": [],
            }
        }
    ),
    "wishlist": as_json(
        {
            "query": {
                "communityrequests-wishes": [a_wish(proposer="Hidden")],
                "logevents": [{"title": "Community Wishlist/W1", "userhidden": True}],
                "pages": [{"revisions": [{"userhidden": True, "comment": "Hidden"}]}],
                "users": [],
            }
        }
    ),
}


@pytest.mark.parametrize(
    ("name", "method"),
    [pair for pair in EVERY_QUESTION if not pair[1].startswith((*NOT_LISTS, "with_usage"))],
)
def test_what_is_not_public_is_never_told(serve, a_client, name, method):
    found = ask(name, method, serve(HIDDEN[name]).url, a_client())

    listed = [one for one in found if not isinstance(one, Tool | Wish)]
    assert all(one.task is None and one.owner is None for one in listed)
    assert "Hidden" not in repr(found)


def test_the_token_travels_in_the_body_alone(serve, a_client):
    server = serve(HIDDEN["phabricator"])

    ask("phabricator", "modified_since", server.url, a_client())

    [request] = server.requests
    assert TOKEN in request.body
    assert TOKEN not in request.target + repr(request.headers)


@pytest.mark.parametrize("name", ["gitlab", "github"])
def test_the_token_travels_in_a_header_alone(serve, a_client, name):
    server = serve(HIDDEN[name])

    for method in ("merged_since", "merged_by", "merged_for"):
        ask(name, method, server.url, a_client())

    assert all(r.headers["Authorization"] == f"Bearer {TOKEN}" for r in server.requests)
    assert TOKEN not in "".join(request.target + request.body for request in server.requests)


@pytest.mark.parametrize("name", ["phabricator", "gitlab", "github"])
def test_a_source_shows_no_token_when_it_is_printed(a_client, name):
    client = a_client()

    assert TOKEN not in repr(MAKE[name]("http://x", client)) + repr(client)


def test_the_sample_answers_every_question_too():
    for source, methods in ((SampleChanges(), "gerrit"), (SampleTasks(), "phabricator")):
        for method, question in QUESTIONS[methods].items():
            found = put(source, method, question)
            assert found is None or isinstance(found, Mapping) or list(found) is not None


@pytest.mark.parametrize("kind", [SourceUnreachable, SourceRefused, SourceChanged])
def test_every_failure_is_a_source_error(kind):
    assert issubclass(kind, SourceError)
