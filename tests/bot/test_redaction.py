"""No token and no password in anything that is said, whatever the way in."""

import json
import logging
import sys
import threading
import warnings
from datetime import date
from types import SimpleNamespace
from urllib.parse import quote

import pytest

from bot import logs
from bot.errors import WikiError
from bot.logs import guard, logging_to, say
from bot.pages import PywikibotWiki
from bot.ports import WikiUser
from bot.settings import load_settings
from tests.secret_forms import forms

SECRET = "api-abc/def+ghi=jkl mno"
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


def test_a_log_outlives_consent_so_whose_page_it_was_is_not_in_it(capsys):
    with logging_to("json"):
        logs.trouble("[[User:B/Developer badges/people/Ada Example.json]]: protected")
        logs.trouble("[[User:B/Developer badges/people/Ada/work-2025.json]]: protected")
        logs.trouble("see https://wiki.example/wiki/User:B/Developer_badges/people/Ada_B.json")
        logs.trouble("title=User%3AB%2FDeveloper%20badges%2Fpeople%2FAda%20B%2Fwork-2025.json")
        logs.trouble("titles=User:B/Developer+badges/people/Ada+B.json")

    assert "Ada" not in (told := capsys.readouterr().err)
    assert told.count("[person]") == 5


def test_an_account_that_the_wiki_fails_at_is_not_named(monkeypatch):
    def fail(*_):
        raise KeyError("query")

    monkeypatch.setattr("bot.pages.people.registered_after", fail)
    with pytest.raises(WikiError) as caught:
        PywikibotWiki.bears_since(
            SimpleNamespace(_ask=None), WikiUser(1, 1, "Ada"), date(2026, 1, 1)
        )

    assert "An account" in str(caught.value)
    assert "Ada" not in str(caught.value)


def test_a_line_of_json_has_what_a_machine_counts(capsys):
    with logging_to("json"):
        say("weekly: 3 people, 2 edits", "round", kind="weekly", edits=2)
        logs.step("saved something")

    (line,) = map(json.loads, capsys.readouterr().err.splitlines())
    assert {key: line[key] for key in ("level", "event", "kind", "edits")} == {
        "level": "info", "event": "round", "kind": "weekly", "edits": 2,
    }  # fmt: skip
    assert line["time"].endswith("+00:00")
