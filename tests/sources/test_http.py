import gzip
import json
import socket
import traceback

import pytest

from sources.http import BadRequest, Client, NoSuchPlace, Overloaded
from sources.port import SourceChanged, SourceError, SourceRefused, SourceUnreachable
from tests.secret_forms import forms
from tests.sources.server import Answer, as_json


def test_an_answer_is_decoded_json(serve, a_client):
    server = serve(as_json({"a": ["b"]}))

    assert a_client().get(server.url) == {"a": ["b"]}


def test_the_prefix_against_browsers_is_taken_off_if_it_is_there(serve, a_client):
    server = serve(Answer(b")]}'\n[1]"), Answer(b"[2]"))
    client = a_client()

    assert client.get(server.url, prefix=")]}'") == [1]
    assert client.get(server.url, prefix=")]}'") == [2]


def test_we_say_who_we_are(serve, a_client):
    server = serve(as_json(1))

    a_client().get(server.url)

    assert server.requests[0].headers["User-Agent"].startswith("DeveloperBadges/0 (https://")


@pytest.mark.parametrize("agent", ["", "a\r\nX-Evil: 1", "Büro"])
def test_a_client_without_a_fair_name_is_not_made(agent):
    with pytest.raises(ValueError, match="User-Agent"):
        Client("Source", agent)


def test_cookies_are_not_sent_back(serve, a_client):
    server = serve(as_json(1, headers={"Set-Cookie": "phsid=1; path=/"}))
    client = a_client()

    client.get(server.url)
    client.get(server.url)

    assert "Cookie" not in server.requests[1].headers


def test_a_netrc_file_is_not_for_us(serve, a_client, tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    server = serve(as_json(1))

    a_client().get(server.url)

    assert "Authorization" not in server.requests[0].headers


def test_a_question_may_be_json(serve, a_client):
    server = serve(as_json("fine"))

    assert a_client().post_json(server.url, {"a": ["é"]}, [("X-Token", "hush")]) == "fine"
    [request] = server.requests
    assert request.method == "POST"
    assert json.loads(request.body) == {"a": ["é"]}
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["X-Token"] == "hush"


def test_a_question_by_json_is_tried_again_with_all_of_it(serve, a_client):
    server = serve(Answer(status=503), as_json("fine"))

    assert a_client().post_json(server.url, [1], [("X-Token", "hush")]) == "fine"
    assert [(r.body, r.headers["X-Token"]) for r in server.requests] == [("[1]", "hush")] * 2


def test_a_header_belongs_to_one_request(serve, a_client):
    server = serve(as_json(1))
    client = a_client()

    client.get_page(server.url, [("a", "1")], [("X-Token", "hush")])
    client.get(server.url)

    assert [r.headers.get("X-Token") for r in server.requests] == ["hush", None]
    assert server.requests[0].query == [("a", "1")]


def test_the_headers_of_a_page_are_told_in_lower_case(serve, a_client):
    server = serve(as_json([1], headers={"X-Next-Page": "2"}))

    page = a_client().get_page(server.url)

    assert page.data == [1]
    assert page.headers["x-next-page"] == "2"


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"{}", 403, headers={"X-RateLimit-Remaining": "0"}),
        Answer(b"{}", 403, headers={"retry-after": "60"}),
        Answer(b'{"message": "You have exceeded a secondary Rate Limit."}', 403),
    ],
)
def test_a_refusal_that_means_too_often_is_worth_another_try(serve, a_client, answer):
    server = serve(answer)

    with pytest.raises(SourceUnreachable, match=r"^Source said \"not now\" \(403\)\."):
        a_client().get(server.url)

    assert len(server.requests) == 1


def test_a_refusal_with_requests_left_is_a_refusal(serve, a_client):
    server = serve(Answer(b"no", 403, headers={"X-RateLimit-Remaining": "17"}))

    with pytest.raises(SourceRefused):
        a_client().get(server.url)


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_server_that_takes_too_long_may_manage_less(serve, a_client, status):
    with pytest.raises(Overloaded):
        a_client(retries=0).get(serve(Answer(status=status)).url)


@pytest.mark.parametrize("status", [429, 500])
def test_a_server_that_is_asked_too_often_will_not_manage_less(serve, a_client, status):
    with pytest.raises(SourceUnreachable) as caught:
        a_client(retries=0).get(serve(Answer(status=status)).url)

    assert type(caught.value) is SourceUnreachable


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_reading_by_post_is_tried_again(serve, a_client, status):
    server = serve(Answer(status=status), as_json("fine"))

    assert a_client().post(server.url, [("a", "1")]) == "fine"
    assert [request.form for request in server.requests] == [[("a", "1")]] * 2


@pytest.mark.parametrize(
    ("asked", "waited"), [("7", 7), ("86400", 60), ("Wed, 01 Jan 2200 00:00:00 GMT", 60)]
)
def test_retry_after_is_honoured_up_to_a_cap(serve, a_client, monkeypatch, asked, waited):
    slept = []
    monkeypatch.setattr("urllib3.util.retry.time.sleep", slept.append)
    server = serve(Answer(status=429, headers={"Retry-After": asked}), as_json(1))

    a_client(longest_pause=60).get(server.url)

    assert slept == [waited]


@pytest.mark.parametrize("asked", ["soon", "9" * 6000, ""])
def test_a_senseless_retry_after_is_only_a_failure(serve, a_client, asked):
    server = serve(Answer(status=429, headers={"Retry-After": asked}))

    with pytest.raises(SourceUnreachable):
        a_client().get(server.url)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadRequest),
        (401, SourceRefused),
        (403, SourceRefused),
        (404, NoSuchPlace),
        (405, NoSuchPlace),
        (414, NoSuchPlace),
        (422, BadRequest),
        (429, SourceUnreachable),
        (500, SourceUnreachable),
        (507, SourceUnreachable),
    ],
)
def test_a_status_says_what_to_do(serve, a_client, status, kind):
    server = serve(Answer(b"[1]", status))

    with pytest.raises(kind, match=rf"^Source .*{status}.*\.$"):
        a_client().get(server.url)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_never_followed(serve, a_client, status):
    elsewhere = serve(as_json("caught"))
    server = serve(Answer(status=status, headers={"Location": elsewhere.url}))

    with pytest.raises(SourceChanged, match="elsewhere"):
        a_client().post(server.url, [("token", "t")])

    assert elsewhere.requests == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'{"a": ',
        b"<!DOCTYPE html><html>",
        b"\xff\xfe[\x001\x00]\x00",
        b'"\xe9"',
        b"[NaN]",
        b"[" * 100_000,
        b"9" * 5000,
    ],
)
def test_what_is_no_json_is_said_calmly(serve, a_client, body):
    server = serve(Answer(body))

    with pytest.raises(SourceChanged, match="no JSON instead of data"):
        a_client().get(server.url)


def test_a_web_page_with_status_200_is_called_a_web_page(serve, a_client):
    server = serve(Answer(b"<html>", kind="text/html; charset=UTF-8"))

    with pytest.raises(SourceChanged, match="a web page"):
        a_client().get(server.url)


def test_half_an_answer_is_no_answer(serve, a_client):
    server = serve(Answer(b"[1, 2]", claimed=1000))

    with pytest.raises(SourceUnreachable):
        a_client().get(server.url)


def test_an_answer_may_not_be_larger_than_we_can_hold(serve, a_client):
    bomb = gzip.compress(json.dumps("0" * 10_000_000).encode())
    server = serve(Answer(bomb, headers={"Content-Encoding": "gzip"}))

    with pytest.raises(SourceChanged, match="more than 100,000 bytes"):
        a_client(largest=100_000).get(server.url)


def test_broken_compression_is_a_failure_like_any_other(serve, a_client):
    server = serve(Answer(b"no gzip", headers={"Content-Encoding": "gzip"}))

    with pytest.raises(SourceUnreachable):
        a_client().get(server.url)


def test_an_answer_may_not_take_for_ever(serve, a_client):
    server = serve(as_json("0" * 200_000))

    with pytest.raises(SourceUnreachable, match="too long"):
        a_client(patience=-1).get(server.url)


def test_silence_is_not_waited_for(a_client):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"

        with pytest.raises(SourceUnreachable, match="could not be reached"):
            a_client(timeout=(0.05, 0.05), retries=0).get(url)


@pytest.mark.parametrize(
    "url", ["http://", "no address", "ftp://example.org/", "http://[", "http://a\x00b/"]
)
def test_an_address_that_is_none_is_a_failure_like_any_other(a_client, url):
    with pytest.raises(SourceUnreachable, match="check its address"):
        a_client().get(url)


def test_requests_keep_their_distance(serve, a_client, monkeypatch):
    slept = []
    monkeypatch.setattr("sources.http.time.sleep", slept.append)
    server = serve(as_json(1))
    client = a_client(interval=5)

    client.get(server.url)
    client.get(server.url)

    assert len(slept) == 1
    assert 4 < slept[0] <= 5


def test_no_secret_is_in_any_message_however_it_is_written(a_client):
    """Those it was made with, and those it was told of later."""
    client = a_client(secrets=['to/k "é'])
    client.redact.keep("an/other one")

    for secret in ('to/k "é', "an/other one"):
        for form in filter(None, forms(secret)):
            with pytest.raises(SourceError) as caught:
                client.fail(SourceError, f"says “{form}”.")
            assert form not in str(caught.value)
            assert "[secret]" in str(caught.value)


@pytest.mark.parametrize("header", ["hush\nX-Evil: 1", "façade\u0100"])
def test_a_header_that_is_none_is_in_no_message(a_client, header):
    client = a_client(secrets=[header], retries=0)

    with pytest.raises(SourceUnreachable) as caught:
        client.get_page("http://127.0.0.1:1/", headers=[("Authorization", header)])

    assert header not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__context__ is None


def test_no_error_keeps_the_request_whose_body_holds_the_token(a_client):
    secret = "hu" + "sh"  # so that this file's own lines do not hold it
    client = a_client(secrets=[secret], retries=0)

    with pytest.raises(SourceError) as caught:
        client.post("http://127.0.0.1:1/api", [("api.token", secret)])

    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert secret not in "".join(traceback.format_exception(caught.value))
