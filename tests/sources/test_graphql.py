"""Failures of GraphQL, as documented and as public bug reports have them; not seen on a real server."""

import json
import traceback

import pytest

from sources.graphql import GraphQL, NotKnown, TooMuch
from sources.http import Overloaded
from sources.port import SourceChanged, SourceRefused, SourceUnreachable
from tests.sources.forges import DATA
from tests.sources.server import Answer, as_json

GITLAB = json.loads((DATA / "gitlab/errors.json").read_text("utf-8"))
GITHUB = json.loads((DATA / "github/errors.json").read_text("utf-8"))

KINDS = {
    "complexity": (GITLAB["complexity"], TooMuch),
    "argument": (GITLAB["argument"], NotKnown),
    "field": (GITLAB["field"], NotKnown),
    "timeout": (GITLAB["timeout"], Overloaded),
    "internal": (GITLAB["internal"], Overloaded),
    "token": (GITLAB["token"], SourceRefused),
    "nodes": ({"errors": [GITHUB["nodes"]]}, TooMuch),
    "resources": ({"errors": [GITHUB["resources"]], "data": {"d0": None}}, TooMuch),
    "slow": ({"errors": [GITHUB["slow"]], "data": None}, Overloaded),
    "rate limit": ({"errors": [GITHUB["rate_limited"]]}, SourceUnreachable),
    "rate limit by code": ({"errors": [GITHUB["rate_limit_code"]]}, SourceUnreachable),
    "forbidden": ({"errors": [GITHUB["forbidden"]], "data": {"r1": None}}, SourceRefused),
    "scopes": ({"errors": [GITHUB["scopes"]]}, SourceRefused),
    "something new": ({"errors": [{"message": "The moon is full"}], "data": {}}, SourceChanged),
    "errors without words": ({"errors": [None]}, SourceChanged),
    "no list of errors": ({"errors": "all wrong"}, SourceChanged),
    "missing nowhere": ({"errors": [{"type": "NOT_FOUND"}], "data": {}}, SourceChanged),
    "no data": ({}, SourceChanged),
    "data of another type": ({"data": ["a"]}, SourceChanged),
}


@pytest.fixture
def a_graphql(serve, a_client):
    def make(*answers, token="", **settings):
        server = serve(*answers)
        return GraphQL(server.url + "/graphql", a_client(**settings), token), server

    return make


def test_a_question_is_json_and_the_token_a_header(a_graphql):
    graphql, server = a_graphql(as_json({"data": {"a": 1}}), token="hu-sh")

    answer = graphql.ask("query($b: Int) { a(b: $b) }", {"b": 2})

    assert answer.data == {"a": 1}
    assert not answer.missing
    [request] = server.requests
    assert (request.method, request.target) == ("POST", "/graphql")
    assert json.loads(request.body) == {
        "query": "query($b: Int) { a(b: $b) }",
        "variables": {"b": 2},
    }
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["Authorization"] == "Bearer hu-sh"


def test_without_a_token_none_is_sent(a_graphql):
    graphql, server = a_graphql(as_json({"data": {}}))

    graphql.ask("{ a }")

    assert "Authorization" not in server.requests[0].headers


@pytest.mark.parametrize("name", KINDS)
def test_each_failure_has_its_kind_and_a_calm_sentence(a_graphql, name):
    reply, kind = KINDS[name]
    graphql, _ = a_graphql(as_json(reply))

    with pytest.raises(kind, match=r"^Source .*\.$") as caught:
        graphql.ask("{ a }")

    assert type(caught.value) is kind
    assert caught.value.__context__ is None


def test_the_words_of_an_error_are_not_repeated(a_graphql):
    graphql, _ = a_graphql(as_json({"errors": [{"message": "Jane Doe <jane@example.org> hu-sh"}]}))

    with pytest.raises(SourceChanged) as caught:
        graphql.ask("{ a }")

    assert "Jane" not in "".join(traceback.format_exception(caught.value))


def test_what_is_missing_does_not_spoil_the_rest(a_graphql):
    graphql, _ = a_graphql(
        as_json({"errors": [GITHUB["not_found"]], "data": {"r0": {"a": 1}, "r1": None}})
    )

    answer = graphql.ask("{ r0 r1 }")

    assert answer.data == {"r0": {"a": 1}, "r1": None}
    assert answer.missing == {"r1"}


def test_one_thing_missing_does_not_hide_another_error(a_graphql):
    graphql, _ = a_graphql(
        as_json({"errors": [GITHUB["not_found"], GITHUB["rate_limited"]], "data": {"r1": None}})
    )

    with pytest.raises(SourceUnreachable, match="rate limit"):
        graphql.ask("{ r1 }")


@pytest.mark.parametrize("token", ["with\nnewline", "façade", "zero\x00"])
def test_a_token_that_no_header_can_hold_is_not_sent(a_graphql, token):
    graphql, server = a_graphql(as_json({"data": {}}), token=token)

    with pytest.raises(SourceRefused, match="Check the token") as caught:
        graphql.ask("{ a }")

    assert server.requests == []
    assert token not in "".join(traceback.format_exception(caught.value))


def test_the_token_is_in_no_message_and_no_repr(a_graphql):
    secret = "ghp-" + "s3cr3t"
    graphql, _ = a_graphql(Answer(status=401), token=secret)

    with pytest.raises(SourceRefused) as caught:
        graphql.ask("{ a }")

    assert secret not in repr(graphql) + "".join(traceback.format_exception(caught.value))
