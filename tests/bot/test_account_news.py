"""Renamed, vanished, hidden, locked: seen by the very next round, from the logs of the wiki."""

from datetime import timedelta

import pytest

from bot.account_news import MEMO, log_states
from bot.errors import NeedsAcceptance, WikiRefused, WikiUnreachable
from bot.ports import LogReading
from bot.rehearsal import MemoryWiki
from tests.bot.scene import HOME, REGISTRY
from tests.builders import a_change, a_task

CENTRAL = ("gblrename", "globalauth")
NAMES = [f"Person {number}" for number in range(7)]


@pytest.fixture
def ada(scene):
    """Ada has a page, and both logs are there."""
    scene.wiki.logged = {log: [] for log in ("renameuser", *CENTRAL)}
    scene.exists("Ada", "Bert")
    scene.registers("Ada")
    scene.merges(a_change(1, "gerrit:Ada", tasks=(100,)))
    scene.task(a_task(100))
    scene.round()
    return scene


def log(scene, name, *words):
    scene.wiki.logged[name].append((scene.now, frozenset(words)))


def out_of_turn(scene, monkeypatch):
    """Only whom a log names is asked about, besides one other."""
    scene.wiki.many = 1
    monkeypatch.setattr("bot.account_news._turn", lambda people, *_: people[-1:])
    scene.registers("Bert")
    scene.round()


@pytest.mark.parametrize(
    ("logs", "name"), [(("renameuser",), "renameuser"), (CENTRAL, "gblrename")]
)
def test_a_rename_that_a_log_tells_is_followed_in_the_same_round(ada, monkeypatch, logs, name):
    ada.wiki.account_logs = logs
    out_of_turn(ada, monkeypatch)
    ada.wiki.accounts["Countess"] = ada.wiki.accounts.pop("Ada")
    log(ada, name, "Ada", "Countess")
    ada.round()

    assert ada.page("Countess")["total"]["issues"] == 1
    tombstones = "".join(ada.bytes_of("Ada").values())
    assert ada.page("Ada")["state"] == "left"
    assert "Countess" not in tombstones


def test_an_account_locked_everywhere_leaves_in_the_round_after_it_was_locked(ada, monkeypatch):
    ada.wiki.account_logs = CENTRAL
    out_of_turn(ada, monkeypatch)
    ada.wiki.locked.add("Ada")
    ada.round()
    assert ada.page("Ada")["state"] == "ready"  # Nobody has told us.
    log(ada, "globalauth", "Ada", "locked")
    ada.round()

    assert ada.page("Ada")["state"] == "left"
    assert b"gerrit:Ada" not in ada.raw_ledger()
    assert ada.report()[0]["says"] == [["account-ended"]]


def test_a_rename_that_no_log_tells_is_found_in_turn(ada):
    ada.wiki.logged.clear()
    ada.wiki.accounts["Countess"] = ada.wiki.accounts.pop("Ada")
    ada.round()

    assert log_states(ada.ledger) == {"renameuser": "absent"}
    assert ada.page("Countess")["state"] == "ready"


def test_an_account_that_is_hidden_is_found_in_turn_though_no_log_tells_it(ada):
    del ada.wiki.accounts["Ada"]
    ada.round()

    assert ada.page("Ada")["state"] == "left"
    assert b"gerrit:Ada" not in ada.raw_ledger()


def test_turns_go_round_and_ask_once_a_round_however_many_people_there_are(ada):
    names = [f"Person {number}" for number in range(7)]
    ada.exists(*names)
    for name in names:
        ada.registers(name)
    ada.round()
    ada.wiki.many = 3
    asked = []
    users_with = MemoryWiki.users_with

    def noting(ids):
        asked.append(list(ids))
        return users_with(ada.wiki, asked[-1])

    ada.wiki.users_with = noting
    for _ in range(3):
        ada.round()

    assert [len(one) for one in asked] == [3, 3, 3]
    assert len({number for one in asked for number in one}) == 8


def test_a_log_that_names_nobody_is_mute_and_leaves_it_to_the_turns(ada):
    log(ada, "renameuser")
    ada.round()
    assert log_states(ada.ledger) == {"renameuser": "mute"}
    ada.round()
    assert log_states(ada.ledger) == {"renameuser": "mute"}  # Nothing new; it did not get better.
    log(ada, "renameuser", "Somebody", "Else")
    ada.round()
    assert log_states(ada.ledger) == {"renameuser": "read"}


def test_a_log_is_read_from_where_it_was_read_last_and_nobodys_name_is_kept(ada):
    log(ada, "renameuser", "Stranger", "Other")
    seen = []
    read_log = MemoryWiki.read_log

    def noting(name, since):
        seen.append(since)
        return read_log(ada.wiki, name, since)

    ada.wiki.read_log = noting
    ada.round()
    ada.round()

    assert None not in seen
    assert seen[1] >= seen[0]
    assert b"Stranger" not in ada.raw_ledger()
    assert ada.ledger.notes.recall(MEMO)["after"] == ada.ledger.people.all()[0].id


def test_a_log_that_the_wiki_refuses_leaves_it_to_the_turns_and_is_read_again_once_it_may(
    ada, monkeypatch
):
    def refuse(*_):
        raise WikiRefused("the log renameuser: you may not (permissiondenied)")

    with monkeypatch.context() as patched:
        patched.setattr(MemoryWiki, "read_log", refuse)
        ada.wiki.accounts["Countess"] = ada.wiki.accounts.pop("Ada")
        ada.round()
    assert log_states(ada.ledger) == {"renameuser": "refused"}
    assert ada.page("Countess")["state"] == "ready"

    out_of_turn(ada, monkeypatch)
    assert log_states(ada.ledger) == {"renameuser": "read"}
    ada.wiki.accounts["Duchess"] = ada.wiki.accounts.pop("Countess")
    log(ada, "renameuser", "Countess", "Duchess")
    ada.round()
    assert ada.page("Duchess")["state"] == "ready"


def test_a_log_that_the_wiki_does_not_give_this_time_ends_no_round_and_is_read_on_from_there(
    ada, monkeypatch
):
    def fail(*_):
        raise WikiUnreachable("the log renameuser: no useful answer")

    ada.round()
    until = ada.ledger.notes.recall(MEMO)["logs"]["renameuser"]["until"]
    ada.unregisters("Ada")
    with monkeypatch.context() as patched:
        patched.setattr(MemoryWiki, "read_log", fail)
        ada.registers("Bert")
        ada.round()

    assert ada.page("Ada")["state"] == "left"
    memo = ada.ledger.notes.recall(MEMO)["logs"]["renameuser"]
    assert memo == {"until": until, "state": "unreachable"}
    ada.round()
    assert log_states(ada.ledger) == {"renameuser": "read"}


@pytest.mark.parametrize("apart", [timedelta(milliseconds=100), timedelta(0)])
def test_a_log_with_very_many_events_in_a_few_minutes_is_read_to_its_end(ada, monkeypatch, apart):
    """As on the day of a great clean-up: more of them lie within the overlap than one round reads."""
    start, many, step = ada.now, 6000, 500
    events = [(start + number * apart, f"Name {number}") for number in range(many)]
    events.append((start + timedelta(minutes=20), "The last"))
    words = set()

    def read_in_parts(log_, since):
        late = [one for one in events if one[0] >= (since or ada.now)]
        part = late[: 10 * step]
        words.update(word for _, word in part)
        more = len(part) < len(late)
        until = part[-1][0] if more else ada.now
        return LogReading(len(part), frozenset(word for _, word in part), until, more)

    monkeypatch.setattr(ada.wiki, "read_log", read_in_parts)
    for _ in range(4):
        ada.round(hourly=True)

    assert "The last" in words
    if apart:
        assert len(words) == len(events)


def test_where_nobody_takes_part_no_log_is_read(scene):
    scene.wiki.read_log = None
    scene.round()


def test_a_newcomer_whose_account_is_locked_by_now_does_not_take_part(ada):
    ada.wiki.locked.add("Bert")
    ada.registers("Bert")
    ada.round()

    assert [one["says"] for one in ada.report()][1] == [["account-ended"]]
    assert f"{HOME}/people/Bert.json" not in ada.wiki.pages


@pytest.fixture
def eight(ada):
    """Seven people besides Ada."""
    ada.exists(*NAMES)
    for name in NAMES:
        ada.registers(name)
    ada.round()
    return ada


def says_hello(scene):
    text = scene.wiki.text(REGISTRY)
    scene.wiki.edit(REGISTRY, f"{text}\nHello!", "Bert", scene.now)


@pytest.mark.parametrize("edited", [False, True])
def test_many_accounts_that_end_between_two_rounds_are_not_believed_without_a_human(eight, edited):
    """Nor if somebody edited the registry meanwhile, so that its entries were judged anew."""
    ada = eight
    for name in NAMES[:4]:
        del ada.wiki.accounts[name]
    if edited:
        says_hello(ada)

    with pytest.raises(NeedsAcceptance, match=r"4 of 8 people.*`run --accept`"):
        ada.round()
    ada.round(accept=True)
    assert len(ada.ledger.people.all()) == 4


def test_a_wiki_that_knows_nobody_any_more_is_not_believed_when_the_registry_is_read(eight):
    eight.wiki.users = eight.wiki.users_with = lambda _: {}
    says_hello(eight)
    with pytest.raises(NeedsAcceptance, match="8 of 8 people"):
        eight.round()
    del eight.wiki.users, eight.wiki.users_with
    eight.round()

    assert len(eight.ledger.people.all()) == 8


def test_who_ended_is_not_taken_for_the_author_of_their_line_again(ada):
    """Their line still stands; then they edit the page elsewhere, or somebody else does."""
    ada.wiki.locked.add("Ada")
    ada.round(full=True)
    ada.wiki.locked.clear()
    registry = ada.wiki.text("Project:Developer badges/Registry")
    for who in ("Ada", "Bert"):
        registry += "\nHello!"
        ada.wiki.edit("Project:Developer badges/Registry", registry, who, ada.now)
        ada.round()
        assert ada.page("Ada")["state"] == "left"
    ada.unregisters("Ada")
    ada.registers("Ada")
    ada.now += timedelta(minutes=1)
    ada.round()

    assert ada.page("Ada")["state"] == "ready"


def test_who_bears_the_name_of_somebody_renamed_is_told_how_to_join_and_then_joins(ada):
    renamed = ada.wiki.accounts["Countess"] = ada.wiki.accounts.pop("Ada")
    ada.round()
    ada.wiki.accounts["Ada"] = 77
    ada.registers("Ada")  # The very line that still stands for the Countess.
    ada.round()
    assert [one["says"] for one in ada.report() if one["state"] == "refused"] == [[["same-line"]]]

    copied = ada.wiki.text(REGISTRY)
    own = copied.rpartition("\n")[2].replace("|Ada|", "|user=Ada|")
    ada.wiki.edit(REGISTRY, f"{copied}\n{own}", "Ada", ada.now)
    ada.round()
    before, _, _ = copied.rpartition("\n")
    ada.wiki.edit(REGISTRY, f"{before}\n{own}", "Ada", ada.now)
    ada.round()

    assert {one.user for one in ada.ledger.people.all()} == {renamed, 77}
    assert [one["person"] for one in ada.report()] == ["Countess", "Ada"]
    assert ada.page("Countess")["state"] == "ready"


def test_a_second_line_of_the_same_person_is_said_to_be_one_too_many(ada):
    ada.registers("Ada", developer="Ada ")
    ada.round()

    assert [one["says"] for one in ada.report()][1:] == [[["duplicate-entry"]]]
