"""No token and no password in anything that is said, whatever the way in."""

import base64
import json
import logging
import sys
import threading
import warnings
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot import logs
from bot.logs import guard, logging_to, say
from bot.redaction import SHOWN, Redactor, passwords_of, secrets_of
from bot.settings import load_settings

SECRET = "api-abc/def+ghi=jkl mno"
signs = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029\u0085")
secrets = st.text(signs, min_size=8, max_size=40) | st.text(
    st.sampled_from("abcDEF019+/=-_.~%&?#\\\"'@: "), min_size=8, max_size=40
)
beside = st.text(signs, max_size=12)


def forms(secret):
    """The ways in which texts carry a secret."""
    raw = secret.encode()
    yield from (secret, quote(secret), quote(secret, ""), quote_plus(secret))
    yield from (quote(quote(secret, ""), ""), quote(secret, "").lower() if secret.islower() else "")
    yield from (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1])
    yield from (json.dumps(json.dumps(secret))[3:-3], repr(secret)[1:-1], repr(raw)[2:-1])
    for before in ("", "u:", "me:", "tools:"):
        for behind in ("", "x", "xy"):
            text = f"{before}{secret}{behind}".encode()
            yield base64.b64encode(text).decode()
            yield base64.urlsafe_b64encode(text).decode()
            yield quote(base64.b64encode(text), "")


@given(secrets, beside, beside)
@example(SECRET, "Authorization: Basic ", "\n")
@example("a" * 8, "a", "a")
@example("sec[secret]ret", "", "")
def test_a_known_secret_is_in_no_text_in_any_of_its_forms(secret, before, behind):
    assume(secret not in SHOWN)
    redact = Redactor([secret])

    for form in filter(None, forms(secret)):
        told = redact(f"{before}{form}{behind}")
        # What stands beside it may complete another one; but none of it stays as it was.
        assert secret not in told.replace(SHOWN, "\0"), (form, told)
        assert form not in told.replace(SHOWN, "\0"), (form, told)


PLACES = {
    "a login in an address": lambda s: f"at https://me:{quote(s, '')}@host/path failed",
    "a parameter": lambda s: f"GET /x?a=1&token={quote(s, '')}&b=2",
    "a form": lambda s: f"api.token={quote_plus(s)}&task=1",
    "a header": lambda s: f"Authorization: Bearer {s}",
    "headers in Python": lambda s: repr({"PRIVATE-TOKEN": s, "b": 1}),
    "headers in bytes": lambda s: repr([("Cookie", s.encode()), ("b", 1)]),
    "JSON": lambda s: json.dumps({"a": 1, "lgpassword": s, "b": 2}),
    "JSON in JSON": lambda s: json.dumps(json.dumps({"api_token": s})),
}


@pytest.mark.parametrize("place", PLACES)
@given(secret=secrets)
@example(secret="\"quoted\\\" and 'so'")
@example(secret="ends with \\")
def test_a_secret_nobody_told_us_of_does_not_pass_where_secrets_stand(place, secret):
    assume(not secret.isspace())
    told = Redactor()(PLACES[place](secret))

    assert SHOWN in told
    assert not [one for one in forms(secret) if one and one in told.replace(SHOWN, "\0")]


WAYS = {
    "message": lambda s: logging.getLogger("badges").warning(s),
    "arguments": lambda s: logging.getLogger("badges").warning("got %s and %r", s, {"k": [s]}),
    "another library": lambda s: logging.getLogger("apscheduler.x").error("url %s", s),
    "a field": lambda s: say("text", secret=s, more={"deep": [s, (s,)], s: 1}),
    "a chain of exceptions": lambda s: chain(s),
    "a broken line": lambda s: logging.getLogger("badges").error("%d %s", s),
    "a warning": lambda s: warnings.warn(s, stacklevel=1),
    "an uncaught exception": lambda s: sys.excepthook(*caught(ValueError(s))),
    "a thread": lambda s: in_thread(s),
    "a finalizer": lambda s: unraisable(s),
    "settings": lambda s: say(
        repr(load_settings({"BADGES_DATABASE_URL": f"mysql://u:{quote(s, '')}@h/d"}))
    ),
}


def caught(error):
    return type(error), error, None


def chain(secret):
    try:
        try:
            raise KeyError(secret)
        except KeyError as inner:
            inner.add_note(f"note {secret}")
            raise RuntimeError(f"https://u:{secret}@host/") from inner
    except RuntimeError as error:
        logs.failed("It failed.", error=error)


def in_thread(secret):
    def fail():
        raise OSError(secret)

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()


def unraisable(secret):
    class Fails:
        def __del__(self):
            raise OSError(secret)

    Fails()


@pytest.fixture
def guarded(monkeypatch):
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    guard()


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("way", WAYS)
def test_no_way_into_the_log_lets_a_secret_out(way, form, guarded, capsys, monkeypatch):
    monkeypatch.setenv("BADGES_GITLAB_TOKEN", SECRET)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        with logging_to(form, "debug", unattended=True):
            WAYS[way](SECRET)
    printed = capsys.readouterr()

    assert printed.err, "it is said, only not aloud"
    for told in (printed.err, printed.out):
        assert not [one for one in forms(SECRET) if one and one in told]
    if form == "json":
        assert all(json.loads(line)["level"] for line in printed.err.splitlines())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("mysql://tools:pa@ss@host/db", f"mysql://{SHOWN}@host/db"),
        ("GET /api?api.token=abc123&x=1", f"GET /api?api.token={SHOWN}&x=1"),
        ("/x?private_token=a%20b", f"/x?private_token={SHOWN}"),
        ("Authorization: Bearer abc.def\nX: 1", f"Authorization: {SHOWN}\nX: 1"),
        ("{'PRIVATE-TOKEN': 'ab\"c', 'x': 1}", f"{{'PRIVATE-TOKEN': '{SHOWN}', 'x': 1}}"),
        ("[('Cookie', b'a=b; c')]", f"[('Cookie', b'{SHOWN}')]"),
        ("Set-Cookie: session=1; path=/", f"Set-Cookie: {SHOWN}"),
        ('{"lgpassword": "a\\"b", "b": 1}', f'{{"lgpassword": "{SHOWN}", "b": 1}}'),
        ("oauth_signature=xyz", f"oauth_signature={SHOWN}"),
    ],
)
def test_what_nobody_told_us_of_is_found_by_its_place(text, told):
    assert Redactor()(text) == told


@pytest.mark.parametrize(
    "text",
    [
        "The source is refused, and its token still sees public tasks.",
        "Phabricator: BADGES_PHABRICATOR_TOKEN is not set. Set it.",
        "https://meta.wikimedia.org/wiki/Special:BotPasswords?uselang=de",
        "[[User:BadgeBot/Developer badges/report.json]] was saved.",
    ],
)
def test_words_stay(text):
    assert Redactor(["", "so", "the"])(text) == text


def test_passwords_are_found_in_addresses_and_tokens_in_the_environment():
    assert passwords_of("mysql+pymysql://me:a%40b@host/db") == ["a%40b", "a@b"]
    assert passwords_of("http://127.0.0.1:8080/x") == []
    assert passwords_of("sqlite:///ledger.sqlite") == []
    assert secrets_of({"BADGES_X_TOKEN": "abcd", "OTHER_TOKEN": "none", "P": "http://a:b@c"}) == [
        "abcd",
        "b",
    ]


def test_a_log_outlives_consent_so_whose_page_it_was_is_not_in_it(capsys):
    with logging_to("json"):
        logs.trouble("[[User:B/Developer badges/people/Ada Example.json]]: protected")
        logs.trouble("[[User:B/Developer badges/people/Ada/work-2025.json]]: protected")

    assert "Ada" not in (told := capsys.readouterr().err)
    assert told.count("/people/[person]") == 2


def test_a_line_of_json_has_what_a_machine_counts(capsys):
    with logging_to("json"):
        say("weekly: 3 people, 2 edits", "round", kind="weekly", edits=2)
        logs.step("saved something")

    (line,) = map(json.loads, capsys.readouterr().err.splitlines())
    assert {key: line[key] for key in ("level", "event", "kind", "edits")} == {
        "level": "info", "event": "round", "kind": "weekly", "edits": 2,
    }  # fmt: skip
    assert line["time"].endswith("+00:00")
