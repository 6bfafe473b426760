import pytest

from sources.conduit import Conduit, Lacks, Rejected
from sources.port import SourceChanged, SourceRefused, SourceUnreachable
from tests.sources import recordings
from tests.sources.server import as_json, conduit


@pytest.fixture
def ask(serve, a_client):
    """Call ``some.method`` of a server that gives this answer."""

    def call(answer, token=recordings.TOKEN, **parameters):
        server = serve(answer)
        return Conduit(server.url, token, a_client("Phabricator")).call("some.method", parameters)

    return call


def test_a_call_is_written_as_a_real_server_was_seen_to_take_it(serve, a_client):
    server = serve(conduit({}))
    caller = Conduit(server.url + "/", recordings.TOKEN, a_client())

    caller.call(
        "maniphest.search",
        {
            "constraints": {"statuses": ["resolved"], "closedStart": 1780272000},
            "attachments": {"projects": True, "subscribers": True},
            "order": "closed",
            "limit": 25,
            "after": "77",
        },
    )

    [request] = server.requests
    assert request.target == "/api/maniphest.search"
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert request.body == recordings.request_body("maniphest.search.typical-page-2")


def test_odd_names_arrive_unharmed(serve, a_client):
    server = serve(conduit([]))
    names = ["A&names[1]=B", "花", "a=b", '"\\', "+ %20", "x]=1&api.token=no"]

    Conduit(server.url, recordings.TOKEN, a_client()).call("m", {"names": names})

    expected = [(f"names[{place}]", name) for place, name in enumerate(names)]
    assert server.requests[0].form == [("api.token", recordings.TOKEN), *expected]


def test_without_a_token_nobody_is_asked(serve, a_client):
    server = serve(conduit({}))

    with pytest.raises(SourceRefused, match="BADGES_PHABRICATOR_TOKEN is not set"):
        Conduit(server.url, "", a_client()).call("user.whoami", {})

    assert server.requests == []


@pytest.mark.parametrize(
    ("recording", "token"),
    [
        ("error.bad-token", "api-" + "a" * 28),
        ("error.short-token", "api-abc"),
        ("error.no-token", "api-x"),
        ("error.disabled-user", "api-y"),
    ],
)
def test_a_bad_token_is_refused_and_not_repeated(ask, recording, token):
    with pytest.raises(SourceRefused, match="did not accept our token") as caught:
        ask(recordings.answer(recording), token)

    assert token not in str(caught.value)


@pytest.mark.parametrize("recording", ["error.unknown-method", "error.unknown-method-no-token"])
def test_a_server_without_the_method_says_what_it_lacks(ask, recording):
    with pytest.raises(SourceRefused, match=r"lacks the method some\.method\. Check its"):
        ask(recordings.answer(recording))


def test_an_overheated_search_is_worth_another_try(ask):
    with pytest.raises(SourceUnreachable, match="may not see"):
        ask(recordings.answer("maniphest.search.overheated"))


@pytest.mark.parametrize(
    "recording", ["maniphest.search.limit-101", "error.bad-token-unknown-parameter"]
)
def test_a_question_not_understood_is_a_change_of_the_source(ask, recording):
    with pytest.raises(SourceChanged, match=r"did not understand some\.method \(ERR-"):
        ask(recordings.answer(recording))


def test_older_servers_say_the_same_by_an_older_code(ask):
    with pytest.raises(Rejected, match="ERR-CONDUIT-CORE"):
        ask(conduit(None, "ERR-CONDUIT-CORE", "Maximum page size is 100."))


def test_what_the_server_says_of_a_restricted_task_is_repeated_to_nobody(ask):
    with pytest.raises(Rejected) as caught:
        ask(recordings.answer("maniphest.search.changing-newest-page-2-cursor-now-secret"))

    assert "Restricted" not in str(caught.value)
    assert "view" not in str(caught.value)


def test_a_code_we_cannot_read_is_not_repeated(ask):
    with pytest.raises(Rejected, match="no known code"):
        ask(conduit(None, "<b>[[Evil]]</b>\n", 7))


@pytest.mark.parametrize("answer", [[], {}, {"result": 1}, "text", None, {"error_code": None}])
def test_an_answer_without_the_envelope_is_a_change_of_the_source(ask, answer):
    with pytest.raises(SourceChanged, match="Phabricator has changed"):
        ask(as_json(answer))


@pytest.mark.parametrize(
    ("recording", "kind"),
    [
        ("error.path-404", SourceChanged),
        ("error.gateway-502", SourceUnreachable),
        ("error.database-down", SourceUnreachable),
        ("error.rate-limit-429", SourceUnreachable),
    ],
)
def test_what_is_no_conduit_answer_at_all(ask, recording, kind):
    with pytest.raises(kind) as caught:
        ask(recordings.answer(recording))

    assert "192.0.2.1" not in str(caught.value)


def test_a_missing_method_can_be_told_from_a_missing_right(ask):
    with pytest.raises(Lacks):
        ask(recordings.answer("error.unknown-method"))
    with pytest.raises(SourceRefused) as caught:
        ask(recordings.answer("error.bad-token"))
    assert not isinstance(caught.value, Lacks)


# Lists of several pages


def a_page(*rows, after=None):
    return conduit({"data": list(rows), "cursor": {"after": after}})


@pytest.fixture
def pages(serve, a_client):
    """Read all pages of a server that gives these answers in turn."""

    def read(*answers):
        server = serve(*answers)
        caller = Conduit(server.url, recordings.TOKEN, a_client("Phabricator"))
        return list(caller.pages("some.search", {"limit": 2})), server

    return read


def test_pages_are_read_until_there_is_no_cursor(pages):
    found, server = pages(a_page(1, 2, after="9_1"), a_page(3, after=7), a_page())

    assert found == [[1, 2], [3], []]
    assert [dict(r.form).get("after") for r in server.requests] == [None, "9_1", "7"]


@pytest.mark.parametrize(
    "circle",
    {
        "the same cursor": lambda n: a_page(n, after="a"),
        "the same rows": lambda n: a_page(1, after=str(n)),
        "an older cursor": lambda n: a_page(n, after="abc"[n % 3]),
    }.values(),
)
def test_pages_that_go_in_circles_are_not_followed(pages, circle):
    turns = iter(range(9))

    with pytest.raises(SourceChanged, match="repeats the same"):
        pages(lambda _: circle(turn) if (turn := next(turns)) < 8 else a_page())


def test_pages_without_an_end_are_not_followed_for_ever(pages, monkeypatch):
    monkeypatch.setattr("sources.conduit.MOST_PAGES", 5)
    turns = iter(range(20))

    with pytest.raises(SourceChanged, match="without an end"):
        pages(lambda _: a_page(turn, after=f"{turn}") if (turn := next(turns)) < 9 else a_page())


def test_a_later_page_that_is_refused_is_a_list_that_changed(pages):
    with pytest.raises(SourceUnreachable, match="changed while it was read") as caught:
        pages(a_page(1, after="1"), recordings.answer("maniphest.search.after-invisible"))

    assert caught.value.__context__ is None


def test_a_first_page_that_is_refused_is_refused(pages):
    with pytest.raises(Rejected):
        pages(recordings.answer("maniphest.search.limit-101"))
