"""``doctor`` and ``status`` on a real MediaWiki, and what the operator is told there."""

import json

import pytest

from tests.wiki.conftest import Wiki
from tests.wiki.practice import HOME, REGISTRY, practising

pytestmark = pytest.mark.wiki

TALK, BOT_TALK = "User talk:Admin", "User talk:BadgeBot"
WRONG = "api-" + "z" * 28
PROTECTED = "Module:Developer badges"


@pytest.fixture
def practice(wiki: Wiki, tmp_path):
    with practising(wiki, tmp_path) as practice:
        practice.register(practice.account("Ada Example"), "Ada Example")
        yield practice
        wiki.admin.edit(f"{HOME}/stop", "")
        for title in (TALK, BOT_TALK):
            wiki.admin.delete(title)
        protect(wiki, "")


def protect(wiki, protections):
    wiki.admin.api(
        action="protect", title=PROTECTED, protections=protections, token=wiki.admin._token
    )


def newest_edit(wiki):
    asked = {"list": "recentchanges", "rctype": "edit|new", "rclimit": 1, "rcprop": "ids|title"}
    return wiki.admin.api(action="query", **asked)["query"]["recentchanges"]


def ills(practice, **changed):
    """The exit code of doctor, and all that it finds not as it should be."""
    done = practice.bot("doctor", "--json", **{"BADGES_CONTACT": "User:Admin", **changed})
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(told) > 50, done.stderr
    ill = {one["about"]: f"{one['state']} {one['says']}" for one in told if one["state"] != "ok"}
    return done.returncode, ill


def test_doctor_and_status_see_what_is_wrong_on_the_wiki_and_edit_nothing(wiki: Wiki, practice):
    news = practice.bot("run", BADGES_LOG_FORMAT="auto")
    assert (news.returncode, news.stdout) == (0, "")
    assert "Ada Example" not in news.stderr
    quiet = practice.bot("run", BADGES_LOG_FORMAT="auto")
    (line,) = map(json.loads, quiet.stderr.splitlines())
    assert {name: line[name] for name in ("event", "kind", "people", "edits", "partly")} == {
        "event": "round", "kind": "daily", "people": 1, "edits": 0, "partly": False,
    }  # fmt: skip
    before = newest_edit(wiki)
    protect(wiki, "edit=sysop")
    code, ill = ills(practice)
    assert (code, list(ill)) == (3, ["protection"])
    assert f"[[{PROTECTED}]]" not in ill["protection"]
    assert f"[[{PROTECTED}/" in ill["protection"]

    healthy = practice.bot("status", "--health")
    assert (healthy.returncode, healthy.stdout, healthy.stderr) == (0, "", "")
    told = practice.bot("status")
    assert (told.returncode, told.stderr) == (0, "")
    assert "daily: done" in told.stdout
    assert "talk page: nothing unread" in told.stdout
    assert newest_edit(wiki) == before

    # Out of health: messages, the stop page, a kit page and the registry gone, a server that says no.
    wiki.admin.edit(BOT_TALK, "Your bot makes mistakes.")
    wiki.admin.edit(f"{HOME}/stop", "Stop!")
    wiki.admin.delete(REGISTRY)
    practice.fault("gerrit", "down")
    before = newest_edit(wiki)
    wrong = {"BADGES_OPERATOR": "Nobody Of That Name", "BADGES_PHABRICATOR_TOKEN": WRONG}
    code, ill = ills(practice, **wrong)
    assert code == 1
    assert {about: text.partition(" ")[0] for about, text in ill.items()} == {
        "talk page": "warn", "stop page": "fail", "registry": "fail", "operator": "fail",
        "phabricator": "fail", "phabricator: links to wiki accounts": "fail",
        "phabricator: links to developer accounts": "fail", "gerrit": "fail", "protection": "warn",
    }  # fmt: skip
    assert "UNREAD MESSAGES" in practice.bot("status").stdout
    assert json.loads(practice.bot("status", "--json", "--offline").stdout)["messages"] is None
    assert newest_edit(wiki) == before

    # A wiki that is away is one failure; what does not need it is looked at still.
    practice.configure(api="http://127.0.0.1:9/api.php")
    code, ill = ills(practice)
    assert (code, ill["login"].startswith("fail")) == (1, True)
    assert "not checked" in ill["kit"]
    assert "badges" not in ill
    away = practice.bot("status")
    assert (away.returncode, "talk page: not asked: " in away.stdout) == (0, True)
    assert "Traceback" not in away.stdout + away.stderr


def test_the_operator_is_told_on_their_talk_page_and_the_bot_writes_on_no_other(wiki, practice):
    wiki.admin.edit(TALK, "Hello.\n\n== Another section ==\nKept.")
    names = ["Digest One", "Digest Two", "Digest Three", "Digest Four", "Digest Five"]
    for name in names:
        practice.register(practice.account(name), name)
    practice.run()
    text = wiki.admin.get(REGISTRY)
    wiki.admin.edit(REGISTRY, text.split("\n")[0])
    off = practice.bot("run")
    assert (off.returncode, wiki.admin.get(TALK).count("==")) == (4, 2)

    for _ in range(2):
        assert practice.bot("run", BADGES_DIGEST="on").returncode == 4
    talk = wiki.admin.get(TALK)
    assert talk.startswith("Hello.\n\n== Another section ==\nKept.")
    assert talk.count("== Developer Badges needs you ==") == 1
    assert "run --accept" in talk
    assert "[[User:BadgeBot" in talk
    assert "Digest" not in talk.replace("BADGES_DIGEST", "")
