"""How the bot waits when the wiki asks it to. The real wiki does so in tests/wiki/test_faults.py."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from bot.errors import EditConflict, SaveRefused, WikiUnreachable

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture
def manners(bot_pages, monkeypatch):
    """Manners at a site, with a clock that the test turns."""
    from bot.pages import manners as module

    monkeypatch.setattr(module.session, "hooks", {"response": []})
    clock = SimpleNamespace(now=1000.0)
    manners = module.Manners(lambda: clock.now)
    manners.clock = clock
    manners.site = SimpleNamespace(throttle=SimpleNamespace(retry_after=0))
    manners.watch(manners.site)
    return manners


def an_answer(status=200, json=True, **headers):
    named = {name.replace("_", "-"): str(value) for name, value in headers.items()}
    kind = "application/json; charset=utf-8" if json else "text/html"
    return SimpleNamespace(
        status_code=status, ok=status < 400, headers={"Content-Type": kind, **named}
    )


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("5", 5), ("0.9", 0), ("-3", 0), ("Fri, 27 Nov 2026 12:01:30 GMT", 90),
        ("Fri, 27 Nov 2026 11:00:00 GMT", 0), ("soon", 0), ("", 0), ("inf", 0), ("9" * 400, 0),
    ],
)  # fmt: skip
def test_seconds_and_moments_are_understood_and_anything_else_asks_for_nothing(
    bot_pages, said, seconds
):
    from bot.pages.manners import seconds_of

    assert seconds_of(said, NOW) == seconds


def test_a_busy_server_is_left_alone_for_as_long_as_it_says(manners):
    manners.look(an_answer(503, json=False, Retry_After=7))

    assert manners.site.throttle.retry_after == 7
    manners.before()


def test_too_many_requests_are_asked_again_later_and_not_at_once(manners, bot_pages):
    from pywikibot.exceptions import ServerError

    with pytest.raises(ServerError):
        manners.look(an_answer(429, json=False, Retry_After=7))
    assert manners.site.throttle.retry_after == 7


@pytest.mark.parametrize("status", [503, 429, 200])
def test_whoever_asks_for_an_hour_gets_it_and_the_round_ends(manners, status):
    from pywikibot.exceptions import FatalServerError

    refusal = {"MediaWiki_API_Error": "maxlag"} if status == 200 else {}
    with pytest.raises(FatalServerError):
        manners.look(an_answer(status, json=status == 200, Retry_After=3600, **refusal))
    manners.clock.now += 600
    with pytest.raises(WikiUnreachable, match="left alone for 3000 seconds"):
        manners.before()
    manners.clock.now += 2990
    manners.before()
    assert manners.site.throttle.retry_after == 10
    manners.clock.now += 11
    manners.before()


def test_what_was_answered_is_kept_although_an_hour_is_asked_for(manners):
    answer = an_answer(Retry_After=3600)
    manners.look(answer)

    assert answer.headers["Retry-After"] == "120"
    with pytest.raises(WikiUnreachable):
        manners.before()


def test_the_wikis_last_no_is_told_where_pywikibot_only_says_that_it_gave_up(manners):
    assert manners.why() == ""
    manners.look(an_answer(MediaWiki_API_Error="readonly"))
    assert "“not now” (readonly)" in manners.why()
    manners.look(an_answer())
    assert manners.why() == ""


def test_nonsense_is_a_trouble_of_the_moment_once_the_wiki_has_answered(manners):
    manners.look(an_answer(404, json=False))
    manners.look(an_answer(json=False))
    assert not manners.answered
    manners.look(an_answer())
    assert manners.answered


def test_an_edit_that_the_wiki_merged_with_another_is_a_conflict(bot_pages):
    from bot.pages.answers import saved_revision

    saved = {"result": "Success", "oldrevid": 7, "newrevid": 9}
    assert saved_revision("T", saved, 7) == 9
    assert saved_revision("T", {"result": "Success", "oldrevid": 0, "newrevid": 9}, 0) == 9
    assert saved_revision("T", {"result": "Success", "nochange": True}, 7) == 0
    with pytest.raises(EditConflict, match="same moment"):
        saved_revision("T", saved, 6)


def test_a_captcha_and_any_other_failure_refuse_the_page(bot_pages):
    from bot.pages.answers import saved_revision

    with pytest.raises(SaveRefused, match="captcha"):
        saved_revision("T", {"result": "Failure", "captcha": {"type": "simple"}}, 0)
    with pytest.raises(SaveRefused, match="spamblacklist"):
        saved_revision("T", {"result": "Failure", "code": "spamblacklist"}, 0)


class Request(dict):
    """As pywikibot makes one: whatever it is told to assert, it asserts that somebody is logged in."""

    def __init__(self, answers, params):
        super().__init__(params, **{"assert": "user"})
        self._answers = answers

    def submit(self):
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return {"edit": answer}


@pytest.fixture
def editor(bot_pages, monkeypatch):
    """Our wiki class over requests that are noted; ``answers`` are what the wiki says to them."""
    wiki = object.__new__(bot_pages.PywikibotWiki)
    wiki.bot, wiki._flag, wiki._may_save = "BadgeBot", True, lambda _bot, _title: True
    wiki.sent, wiki.answers, wiki.logins = [], [], 0

    class Tokens(dict):
        def __missing__(self, kind):
            return f"{kind} {wiki.logins}"

    wiki._site = SimpleNamespace(userinfo={}, tokens=Tokens())

    def make(**params):
        request = Request(wiki.answers, params)
        wiki.sent.append(request)
        return request

    def log_in():
        wiki.logins += 1

    wiki._request, wiki._log_in = make, log_in
    return wiki


def test_every_edit_asserts_the_bot_right_and_the_account_although_pywikibot_does_not(editor):
    editor.answers = [{"result": "Success", "newrevid": 8, "oldrevid": 7}]

    assert editor.save("T", "{}", "why", 7) == 8
    (sent,) = editor.sent
    assert (sent["assert"], sent["assertuser"], sent["bot"]) == ("bot", "BadgeBot", "1")


def test_who_is_logged_out_logs_in_once_and_sends_the_edit_again_with_a_new_token(
    editor, bot_pages
):
    from pywikibot.exceptions import APIError

    out = APIError("assertbotfailed", "no bot")
    editor.answers = [out, {"result": "Success", "newrevid": 8, "oldrevid": 7}]
    assert editor.save("T", "{}", "why", 7) == 8
    assert [one["token"] for one in editor.sent] == ["csrf 0", "csrf 1"]

    editor.answers = [out, out, AssertionError("a third time")]
    editor._site.userinfo = {}
    with pytest.raises(bot_pages.errors.WikiRefused, match="login ended"):
        editor.save("T", "{}", "why", 7)
    assert editor.logins == 2
