"""What the wiki says no to, in our words. How a real wiki says it is tried in tests/wiki."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.errors import EditConflict, SaveRefused, SettingsError, WikiRefused, WikiUnreachable

HERE = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def pages(bot_pages):
    return bot_pages


@pytest.mark.parametrize(
    ("generator", "says"),
    [
        ("MediaWiki 1.38.4", "1.39 or newer"),
        ("MediaWiki 1.4.0", "1.39"),
        ("DokuWiki", "user-config"),
    ],
)
def test_a_mediawiki_that_is_too_old_is_refused_in_one_sentence(pages, generator, says):
    with pytest.raises(WikiRefused, match=says):
        pages.check_version(generator)


def test_new_mediawikis_are_welcome(pages):
    for generator in (
        "MediaWiki 1.39.17",
        "MediaWiki 1.43.0",
        "MediaWiki 1.47.0-wmf.3",
        "MediaWiki 2.0",
    ):
        pages.check_version(generator)


CODES = {
    "editconflict": EditConflict,
    "articleexists": EditConflict,
    "pagedeleted": EditConflict,
    "blocked": WikiRefused,
    "assertbotfailed": WikiRefused,
    "assertnameduserfailed": WikiRefused,
    "permissiondenied": WikiRefused,
    "systemblocked": WikiRefused,
    "globalblocking-blockedtext-user": WikiRefused,
    "globalblocking-blockedtext-autoblock-xff": WikiRefused,
    "wikimedia-globalblocking-blockedtext-range": WikiRefused,
    "notloggedin": WikiRefused,
    "badtoken": WikiRefused,
    "mwoauth-invalid-authorization": WikiRefused,
    "mwoauth-invalid-authorization-invalid-user": WikiRefused,
    "internal_api_error_DBConnectionError": WikiUnreachable,
    "internal_api_error_DBQueryTimeoutError": WikiUnreachable,
    "internal_api_error_LogicException": SaveRefused,
    "readonly": WikiUnreachable,
    "maxlag": WikiUnreachable,
    "ratelimited": WikiUnreachable,
    "protectedpage": SaveRefused,
    "abusefilter-disallowed": SaveRefused,
    "spamblacklist": SaveRefused,
    "titleblacklist-forbidden": SaveRefused,
    "contenttoobig": SaveRefused,
    "invalid-json-data": SaveRefused,
    "something-new": SaveRefused,
}


@pytest.mark.parametrize("code", CODES)
def test_each_refusal_of_the_wiki_has_its_meaning(pages, code):
    from pywikibot.exceptions import APIError

    with pytest.raises(CODES[code]) as error, pages.translated("[[Page]]", saving=True):
        raise APIError(code, "the wiki's own words")

    assert type(error.value) is CODES[code]
    assert "[[Page]]" in str(error.value)
    assert error.value.__cause__ is None


def test_a_title_that_is_not_ours_is_never_saved(pages):
    from bot.wiring import may_save_data

    ours = "User:BadgeBot/Developer badges/people/Ada.json"
    assert may_save_data("BadgeBot", ours)
    for title in (
        "User:Ada",
        "User:BadgeBot/Developer badges/people/Ada.js",
        "User:BadgeBot/Developer badges.json",
        "User:Ada/Developer badges/people/Ada.json",
        "Module:Developer badges",
        "MediaWiki:Common.json",
    ):
        assert not may_save_data("BadgeBot", title)


def run(folder, config=None, **environment):
    if config is not None:
        (folder / "user-config.py").write_text(config)
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("BADGES_", "PYWIKIBOT"))}
    return subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        cwd=folder,
        env={**clean, "PYTHONPATH": str(HERE), "HOME": str(folder), **environment},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )


@pytest.mark.parametrize(
    ("config", "says"),
    [
        (None, "user-config.py.sample"),
        ("family = 'nowhere'\nmylang = 'xx'\nusernames['nowhere']['xx'] = 'B'\n", "user-config.py"),
        ("family = mylang = 'meta'\n", "names no account"),
        ("this is no python", "user-config.py"),
    ],
)
def test_a_configuration_that_cannot_work_is_one_sentence_that_says_what_to_do(
    tmp_path, config, says
):
    done = run(tmp_path, config)

    assert done.returncode == SettingsError.exit_code, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def wiki(pages, monkeypatch):
    """Our wiki class with answers of our own in place of a wiki's; they have the shape of real ones."""
    wiki = object.__new__(pages.PywikibotWiki)
    wiki.answers = []
    monkeypatch.setattr(type(wiki), "_ask", lambda self, **params: self.answers.pop(0))
    return wiki


def page(title, number, text=None):
    slots = {"main": {"content": text}}
    revisions = {"revisions": [{"revid": number, "slots": slots}]} if text is not None else {}
    return {"title": title, **revisions}


def test_pages_that_come_in_a_second_answer_are_not_taken_for_missing(wiki):
    """As MediaWiki answers when all texts together are larger than $wgAPIMaxResultSize."""
    wiki.answers = [
        {"continue": {"rvcontinue": "x"}, "query": {"pages": [page("A", 1, "a"), page("B", 2)]}},
        {"query": {"pages": [page("A", 1), page("B", 2, "b")]}},
    ]

    assert {one.title: (one.revision, one.text) for one in wiki.texts(["A", "B"])} == {
        "A": (1, "a"),
        "B": (2, "b"),
    }


def test_a_page_that_is_never_delivered_is_an_error_and_not_missing(wiki):
    wiki.answers = [{"query": {"pages": [page("A", 1)]}}]

    with pytest.raises(WikiRefused):
        list(wiki.texts(["A"]))


def test_a_missing_page_is_missing_under_the_name_it_was_asked_by(wiki):
    wiki.answers = [
        {
            "query": {
                "normalized": [{"from": "Project:X", "to": "Developer Wiki:X"}],
                "pages": [{"title": "Developer Wiki:X", "missing": True}],
            }
        }
    ]

    (found,) = wiki.texts(["Project:X"])
    assert (found.title, found.exists, found.text) == ("Project:X", False, "")


# Accounts. Answers of CentralAuth are built from its documentation, not seen on a real wiki.


@pytest.fixture
def api(pages, monkeypatch):
    """Our wiki class with an API of our own: answers by ``meta`` or ``list``, and what was asked."""
    from pywikibot.exceptions import APIError

    wiki = object.__new__(pages.PywikibotWiki)
    wiki.asked, wiki.known = [], {}

    def ask(self, **params):
        self.asked.append(params)
        answer = self.known.get(params.get("letype") or params.get("meta") or params.get("list"))
        if callable(answer):
            answer = answer(params)
        if answer is None:
            raise APIError("badvalue", "Unrecognized value for parameter.")
        return {"query": answer}

    monkeypatch.setattr(type(wiki), "_ask", ask)
    return wiki


def account(central, name="Ada Example", user=7):
    from bot.ports import WikiUser

    return WikiUser(user, central, name)


def renamed(day, new="Ada Example"):
    return {"timestamp": f"{day}T10:00:00Z", "params": {"olduser": "Old", "newuser": new}}


DAY = date(2016, 5, 1)


@pytest.mark.parametrize(
    ("made", "bears"),
    [
        ("2010-01-01T00:00:00Z", True),
        ("2016-05-01T23:00:00Z", True),
        ("2016-05-02T00:00:00Z", False),
    ],
)
def test_a_local_account_bears_its_name_since_it_was_made(api, made, bears):
    api.known = {"users": {"users": [{"userid": 7, "name": "Ada", "registration": made}]}}

    assert api.bears_since(account(-7), DAY) is bears


def test_an_account_so_old_that_the_wiki_does_not_know_its_day_was_always_there(api):
    api.known = {"users": {"users": [{"userid": 7, "name": "Ada", "registration": None}]}}

    assert api.bears_since(account(-7), DAY)


@pytest.mark.parametrize(("day", "bears"), [("2016-04-30", True), ("2016-05-02", False)])
def test_a_rename_in_the_log_of_this_wiki_is_found_by_the_new_name(api, day, bears):
    api.known = {
        "users": {"users": [{"userid": 7, "registration": "2010-01-01T00:00:00Z"}]},
        "renameuser": {"logevents": [renamed("2019-01-01", "Somebody"), renamed(day)]},
    }

    assert api.bears_since(account(-7), DAY) is bears


def test_a_hidden_rename_may_have_been_to_this_name(api):
    api.known = {
        "users": {"users": [{"userid": 7, "registration": "2010-01-01T00:00:00Z"}]},
        "renameuser": {"logevents": [{"timestamp": "2019-01-01T00:00:00Z", "actionhidden": True}]},
    }

    assert not api.bears_since(account(-7), DAY)


@pytest.mark.parametrize(("day", "bears"), [("2016-04-30", True), ("2016-05-02", False)])
def test_a_central_account_and_its_renames_are_asked_of_the_central_wiki(api, day, bears):
    events = {"logevents": [renamed(day)]}
    api.known = {
        "globaluserinfo": {"globaluserinfo": {"id": 9, "registration": "2010-01-01T00:00:00Z"}},
        "gblrename": events,
    }

    assert api.bears_since(account(9), DAY) is bears
    assert api.asked[0]["guiid"] == 9
    assert api.asked[-1]["letitle"] == "Special:CentralAuth/Ada Example"


def test_a_wiki_that_does_not_keep_global_renames_is_asked_for_its_own(api):
    api.known = {
        "globaluserinfo": {"globaluserinfo": {"id": 9, "registration": "2010-01-01T00:00:00Z"}},
        "gblrename": {"logevents": []},
        "renameuser": {"logevents": [renamed("2017-01-01")]},
    }

    assert not api.bears_since(account(9), DAY)


def test_a_log_too_long_to_be_read_leaves_it_unknown(pages, api):
    def more(params):
        return {"logevents": [renamed("2017-01-01", "Somebody")]}

    api.known = {
        "users": {"users": [{"userid": 7, "registration": "2010-01-01T00:00:00Z"}]},
        "renameuser": more,
    }
    ask = type(api)._ask

    def endless(self, **params):
        return {**ask(self, **params), "continue": {"lecontinue": "x"}}

    type(api)._ask = endless

    assert not api.bears_since(account(-7), DAY)
    assert len(api.asked) == 1 + pages.people.MANY_LOGS


@pytest.mark.parametrize(
    ("info", "closed"),
    [
        ({"id": 9, "name": "Ada"}, False),
        ({"id": 9, "name": "Ada", "locked": False}, False),
        ({"id": 9, "name": "Ada", "locked": True}, True),
        ({"id": 9, "name": "Ada", "locked": ""}, True),
        ({"missing": True}, True),
    ],
)
def test_a_central_account_that_is_locked_or_hidden_is_closed(api, info, closed):
    api.known = {"globaluserinfo": {"globaluserinfo": info}}

    assert api.closed([account(9)]) == (frozenset({9}) if closed else frozenset())


def test_where_there_are_no_central_accounts_nobody_is_asked_about(api):
    assert api.closed([account(-7)]) == frozenset()
    assert not api.asked
    assert api.closed([account(9)]) == frozenset()  # The method is not there: not looked at.


def test_an_id_that_nobody_bears_any_more_is_left_out(api):
    api.known = {"users": {"users": [{"userid": 7, "missing": True}]}}

    assert api.users_with([7]) == {}
    assert api.groups_of([7]) == {}


@pytest.mark.parametrize(
    "rows", [[], [{"userid": 7, "name": "Ada"}], [{"userid": 7}, {"userid": 8}]]
)
def test_an_id_that_the_answer_says_nothing_of_is_an_error_and_nobody_is_gone(api, rows):
    """Else a wiki that answers nothing, for whatever reason, would be the end of everybody."""
    api.known = {"users": {"users": rows}}

    for ask in (api.users_with, api.groups_of):
        with pytest.raises(WikiRefused, match="does not look like MediaWiki's"):
            ask([7, 9])


@pytest.mark.parametrize("rows", [[], [{"userid": 7, "name": "Ada"}], [{"name": "Ada"}] * 2])
def test_a_name_that_the_answer_says_nothing_of_is_an_error_and_nobody_is_gone(api, rows):
    api.known = {"users": {"users": rows}}

    with pytest.raises(WikiRefused, match="does not look like MediaWiki's"):
        api.users(["Ada", "Bert"])


def test_names_that_nobody_bears_or_can_bear_are_left_out_however_the_wiki_spells_them(api):
    rows = [
        {"userid": 7, "name": "Ada"},
        {"name": "Ada", "missing": True},
        {"name": "#", "invalid": True},
    ]
    api.known = {"users": {"users": rows}}

    assert list(api.users(["Ada", "Benutzer:Ada", "#"])) == ["Ada"]


def test_the_address_of_a_user_page_can_be_written_in_many_ways(pages):
    general = {"server": "//de.wikipedia.org", "articlepath": "/wiki/$1"}
    found = pages.people.user_page_urls(general, "Benutzer", "Zoë d'Or")

    start = "https://de.wikipedia.org/wiki/"
    assert {
        f"{start}User:Zoë_d'Or",
        f"{start}User:Zo%C3%AB_d%27Or",
        f"{start}User:Zoë%20d'Or",
        f"{start}Benutzer:Zo%C3%AB_d%27Or",
        f"{start}Benutzer:Zoë_d'Or",
    } <= set(found)
    assert all(one.startswith(start) and " " not in one for one in found)


# Logs of renames and locks ------------------------------------------------------------------------
# CentralAuth cannot be had here: these answers are written by hand, after what its code writes into
# the log (GlobalRenameUserLogger, GlobalUserMergeLogger, CentralAuthUser) and the shape of all answers
# of list=logevents (formatversion=2). MediaWiki's own log is tried on a real wiki.

NOW = "2026-11-20T12:00:00Z"
SINCE = datetime(2026, 11, 20, 11, tzinfo=UTC)


def an_event(kind, action, ns, title, params):
    named = {"ns": ns, "title": title, "params": params}
    return {"logid": 7, "type": kind, "action": action, "timestamp": NOW, **named}


GLOBAL = {
    "a rename": (
        an_event(
            "gblrename", "rename", -1, "Special:CentralAuth/New Name",
            {"olduser": "Old Name", "newuser": "New Name", "movepages": True, "suppressredirects": False},
        ),
        "Old Name",
    ),
    "a merge": (
        an_event(
            "gblrename", "merge", -1, "Spezial:CentralAuth/Kept",
            {"olduser": "One|Other Name", "newuser": "Kept"},
        ),
        "Other Name",
    ),
    "a lock": (
        an_event(
            "globalauth", "setstatus", 2, "Benutzerin:Some Body@global",
            {"added": ["locked"], "removed": []},
        ),
        "Some Body",
    ),
    "a lock of old": (
        an_event("globalauth", "setstatus", 2, "User:Some Body@global", ["locked", "(none)"]),
        "Some Body",
    ),
    "a lock with the name elsewhere": (
        an_event("globalauth", "setstatus", -1, "Special:CentralAuth/Some_Body", {"0": "Some_Body"}),
        "Some Body",
    ),
}  # fmt: skip


def asking(events, more=0, asked=None):
    """A wiki whose log has these events, in one answer and *more* such."""
    count = 0

    def ask(**params):
        nonlocal count
        count += 1
        if asked is not None:
            asked.append(params)
        answer = {"curtimestamp": NOW, "query": {"logevents": events}}
        return answer | ({"continue": {"lecontinue": str(count)}} if count <= more else {})

    return ask


@pytest.mark.parametrize("what", GLOBAL)
def test_whom_an_event_of_a_central_log_is_about_is_among_its_words(pages, what):
    event, name = GLOBAL[what]
    found = pages.logs.read_log(asking([event]), event["type"], SINCE)

    assert name in found.words
    assert (found.events, found.until.isoformat()) == (1, "2026-11-20T12:00:00+00:00")


@pytest.mark.parametrize(
    "event",
    [
        {"logid": 1, "actionhidden": True, "timestamp": NOW},
        {"logid": 1, "suppressed": True, "actionhidden": True, "title": "User:X", "ns": 2},
    ],
)
def test_an_event_that_is_hidden_from_us_names_nobody_and_is_no_strange_one(pages, event):
    found = pages.logs.read_log(asking([event]), "globalauth", SINCE)

    assert (found.events, found.words) == (0, frozenset())


def test_answers_without_any_event_end_nothing_and_pass_over_nothing(pages):
    found = pages.logs.read_log(asking([], more=99), "gblrename", SINCE)

    assert (found.events, found.until, found.more) == (0, SINCE, True)


@pytest.mark.parametrize("params", [None, 7, [], {}, {"a": {"b": [None, 1.5, True]}}])
def test_events_of_another_shape_are_counted_and_stop_nothing(pages, params):
    event = {"logid": 1, "timestamp": NOW, "params": params}
    found = pages.logs.read_log(asking([event]), "gblrename", SINCE)

    assert (found.events, found.words) == (1, frozenset())


def test_a_log_that_the_wiki_does_not_have_is_none(pages):
    def refuse(code):
        def ask(**_):
            raise pages.logs.APIError(code, 'Unrecognized value for parameter "letype".')

        return ask

    assert pages.logs.read_log(refuse("badvalue"), "gblrename", SINCE) is None
    with pytest.raises(pages.logs.APIError):
        pages.logs.read_log(refuse("maxlag"), "gblrename", SINCE)


def test_of_too_many_events_the_first_are_read_and_the_next_round_goes_on_there(pages):
    asked = []
    late = an_event("gblrename", "rename", -1, "Special:CentralAuth/N", {"olduser": "O"})
    late |= {"timestamp": "2026-11-20T11:30:00Z"}
    found = pages.logs.read_log(asking([late], more=100, asked=asked), "gblrename", SINCE)

    assert len(asked) == pages.logs.MOST_ANSWERS
    assert found.more
    assert found.until.isoformat() == "2026-11-20T11:30:00+00:00"
    assert asked[0]["lestart"] == "2026-11-20T11:00:00Z"


def test_a_first_reading_tells_the_time_and_nothing_else(pages):
    asked = []
    found = pages.logs.read_log(
        asking([{"title": "User:X", "ns": 2}], 1, asked), "renameuser", None
    )

    assert (found.events, found.words, len(asked)) == (0, frozenset(), 1)
    assert "lestart" not in asked[0]


@pytest.mark.parametrize(
    ("extensions", "logs"),
    [
        ({"Scribunto"}, ("renameuser",)),
        ({"CentralAuth"}, ("gblrename", "globalauth")),
        ({"Central Auth", "Renameuser"}, ("gblrename", "globalauth")),
    ],
)
def test_which_logs_are_read_depends_on_the_extensions_of_the_wiki(pages, extensions, logs):
    assert pages.logs.account_logs(extensions) == logs


# What only the operator is told, and passwords ---------------------------------------------------

OLGA = "Olga Operator"


@pytest.fixture
def talking(pages):
    """What makes the wiki of a bot that may tell this operator, and notes what it would send."""
    from bot.pages.talk import TalkingWiki, talk_page

    def make(operator):
        wiki = TalkingWiki.__new__(TalkingWiki)
        wiki.bot, wiki.sent, wiki._talk = "BadgeBot", [], talk_page(operator)
        wiki._send = lambda title, edit: wiki.sent.append((title, edit))
        return wiki

    return make


def test_the_operator_is_told_in_a_section_of_their_own_and_nothing_else_is_touched(talking):
    wiki = talking(OLGA)
    wiki.tell("Olga_Operator", "Heading", "Text")

    ((title, edit),) = wiki.sent
    assert title == edit["title"] == f"User talk:{OLGA}"
    assert edit["section"] == "new"
    assert {"appendtext", "prependtext", "undo", "pageid", "redirect"}.isdisjoint(edit)


@pytest.mark.parametrize(
    "name",
    [
        "Somebody",
        "olga Operator",
        "",
        " ",
        "Olga Operator/Archive",
        "../Module:X",
        "A#b",
        "A|B",
        "{{x}}",
    ],
)
def test_whoever_is_not_the_operator_is_never_written_to(talking, name):
    # The setting names Olga, nobody (the digest is off), or what is no name at all.
    for operator in (OLGA, "", name if "/" in name or "#" in name else ""):
        wiki = talking(operator)
        with pytest.raises(SaveRefused, match="not the operator"):
            wiki.tell(name, "Heading", "Text")
        assert wiki.sent == []


def test_by_saving_a_page_the_bot_cannot_reach_a_talk_page_at_all(talking):
    from bot.wiring import may_save_data

    wiki = talking(OLGA)
    wiki._may_save = may_save_data
    with pytest.raises(SaveRefused, match="none of our pages"):
        wiki.save(f"User talk:{OLGA}", "Text", "Summary", 0)
    assert wiki.sent == []


def test_passwords_that_pywikibot_knows_are_never_said(pages, tmp_path, monkeypatch):
    from bot.logs import redact
    from bot.pages import passwords

    (tmp_path / "passwords.py").write_text(
        "# secret\n('BadgeBot', BotPassword('badges', 'p4ssw0rd-one'))\n"
        "('meta', 'meta', 'Olga', 'p4ssw0rd-two')\nnonsense(\n"
    )
    monkeypatch.setattr(passwords.config, "base_dir", str(tmp_path))
    monkeypatch.setattr(passwords.config, "password_file", "passwords.py")
    monkeypatch.setattr(passwords.config, "authenticate", {"*": ("consumer", "k3y-one", "k3y-two")})
    passwords.learn_passwords()

    told = redact("BadgeBot p4ssw0rd-one p4ssw0rd-two k3y-one k3y-two")
    assert told == "BadgeBot" + " [secret]" * 4
