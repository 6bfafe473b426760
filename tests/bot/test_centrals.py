"""Central ids that come later, or go: nobody becomes another person, or two."""

from dataclasses import replace

import pytest

from bot.centrals import follow_centrals
from bot.ports import WikiUser
from bot.registry import MEMO
from bot.rehearsal import MemoryWiki
from tests.bot.scene import REGISTRY


@pytest.fixture
def attach(monkeypatch):
    """From now on every account of the wiki has a central id; or none again."""
    users, users_with = MemoryWiki.users, MemoryWiki.users_with

    def attached(found, by):
        return {key: replace(one, central=one.id + by) for key, one in found.items()}

    def by(number):
        monkeypatch.setattr(MemoryWiki, "users", lambda *a: attached(users(*a), number))
        monkeypatch.setattr(MemoryWiki, "users_with", lambda *a: attached(users_with(*a), number))

    return by


def somebody_writes(scene):
    scene.wiki.edit(REGISTRY, f"{scene.wiki.text(REGISTRY)}\nHello!", "Bert", scene.now)


def known(scene):
    return [(one.name, one.central, one.shown) for one in scene.ledger.people.all()]


@pytest.mark.parametrize("first", ["the registry", "the logs", "the weekly check"])
def test_a_central_id_that_comes_later_is_the_same_persons(ada, attach, first):
    ada.round()
    before, entries = ada.bytes_of("Ada"), ada.report()
    number = ada.wiki.accounts["Ada"]
    attach(1000)
    if first == "the registry":
        somebody_writes(ada)
    ada.round(full=first == "the weekly check")
    assert known(ada) == [("Ada", number + 1000, True)]
    assert ada.report() == entries
    somebody_writes(ada)
    ada.round()
    ada.round(full=True)

    assert known(ada) == [("Ada", number + 1000, True)]
    assert ada.bytes_of("Ada") == before
    assert ada.report() == entries


def test_a_central_id_that_the_wiki_does_not_tell_for_a_while_is_kept(ada, attach):
    attach(1000)
    ada.round()
    before, people = ada.bytes_of("Ada"), known(ada)
    attach(-1000)
    somebody_writes(ada)
    ada.round()
    ada.round(full=True)

    assert known(ada) == people
    assert ada.bytes_of("Ada") == before


def test_who_was_removed_by_others_and_gets_a_central_id_meanwhile_is_forgotten_all_the_same(
    ada, attach
):
    ada.round()
    ada.unregisters("Ada", by="Mallory")
    ada.round()
    attach(1000)
    ada.round()
    number = ada.wiki.accounts["Ada"] + 1000
    assert known(ada) == [("Ada", number, False)]
    assert ada.ledger.notes.recall("registry")["lately"] == [number]
    ada.round(waiting_days=0)

    assert known(ada) == []
    assert ada.ledger.notes.recall("registry")["lately"] == []


def test_who_was_taken_for_two_by_an_earlier_version_is_one_again(ada, attach):
    ada.round()
    (one,) = ada.ledger.people.all()
    ada.ledger.people.hide(one)
    two = ada.ledger.people.join(one.user + 1000, one.user, one.name, one.developer, one.digest)
    for account in ada.ledger.people.accounts(one):
        ada.ledger.people.prove(
            two, account.source, account.key, account.name, account.way, account.proved
        )
    assert ada.ledger.people.disputed()
    attach(1000)
    ada.round()

    assert known(ada) == [("Ada", one.user + 1000, True)]
    assert not ada.ledger.people.disputed()
    assert ada.page("Ada")["total"]["issues"] == 1


def test_what_the_report_says_of_who_was_taken_for_two_stays(scene):
    double = scene.ledger.people.join(77, 5, "Ada", "", "d")
    scene.ledger.people.hide(double)
    scene.ledger.people.join(-5, 5, "Ada", "", "d")
    entry = {"central": -5, "line": 1, "says": []}
    scene.ledger.notes.remember(MEMO, {"entries": [entry], "lately": []})
    follow_centrals(scene.ledger, [WikiUser(5, 77, "Ada")])

    assert known(scene) == [("Ada", 77, True)]
    assert scene.ledger.notes.recall(MEMO)["entries"] == [entry | {"central": 77}]
