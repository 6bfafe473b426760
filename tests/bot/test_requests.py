"""The request table of DESIGN 10: a round in which the feeds hold nothing new, for however many people.

What the sources make of servers that have news is tried in tests/sources.
"""

from collections import Counter
from datetime import date

import pytest

from bot.ask import gather_all
from bot.ledger import Ledger
from bot.round import run_round
from bot.world import Round
from tests.bot.quiet import REQUESTS, fill, nothing_new, quiet_world, registered
from tests.sources.server import Server


@pytest.fixture
def server():
    server = Server(nothing_new)
    yield server
    server.close()


def a_world(folder, server, people):
    ledger = Ledger.open(f"sqlite:///{folder / 'ledger.sqlite'}")
    fill(ledger, people)
    return quiet_world(ledger, server)


@pytest.mark.parametrize("people", [10, 100, 1000])
def test_a_quiet_round_asks_as_much_for_ten_people_as_for_a_thousand(tmp_path, server, people):
    world = a_world(tmp_path, server, people)
    # Links that were never asked for are asked for once; that is no part of a quiet round.
    gather_all(world, Round(), full=False)
    server.requests.clear()
    done = Round()

    gather_all(world, done, full=False)

    assert done.troubles == []
    assert Counter(request.path.split("/")[1] for request in server.requests) == REQUESTS
    world.ledger.close()


def test_a_whole_round_without_news_edits_nothing(tmp_path, server):
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    fill(ledger, 20, works=3)
    wiki = registered(ledger, 20)
    for _ in range(2):
        run_round(quiet_world(ledger, server, wiki))
    assert sum("/people/" in title for title in wiki.pages) >= 20
    wiki.edits.clear()
    server.requests.clear()

    done = run_round(quiet_world(ledger, server, wiki))

    assert (done.people, done.troubles, wiki.edits) == (20, [], [])
    assert Counter(request.path.split("/")[1] for request in server.requests) == REQUESTS
    ledger.close()


def test_a_newcomers_history_costs_the_same_among_ten_people_as_among_hundreds(tmp_path, server):
    counts = []
    for people in (10, 300):
        folder = tmp_path / str(people)
        folder.mkdir()
        world = a_world(folder, server, people)
        gather_all(world, Round(), full=False)
        newcomer = world.ledger.people.join(9999, 9999, "New", "New", "")
        for source, key in (("phabricator", "PHID-USER-9999"), ("gerrit", "gerrit:9999")):
            way, day = "user.mediawikiquery", date(2026, 1, 1)
            world.ledger.people.prove(newcomer, source, key, "New", way, day)
        server.requests.clear()

        done = Round()
        gather_all(world, done, full=False)

        assert done.troubles == []
        counts.append(Counter(request.path for request in server.requests))
        world.ledger.close()

    assert counts[0] == counts[1]
    assert counts[0].total() > sum(REQUESTS.values())
