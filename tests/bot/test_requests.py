"""The request table of DESIGN 10: a round in which the feeds hold nothing new, for however many people.

The sources are the real ones; each asks a server on loopback that has nothing to tell. What they
make of servers that do is tried in tests/sources.
"""

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.ask import gather_all
from bot.ledger import Ledger
from bot.rehearsal import MemoryWiki
from bot.world import Round, World
from sources.gerrit import Gerrit
from sources.github import Github
from sources.gitlab import Gitlab
from sources.http import Client
from sources.onwiki import OnWiki
from sources.phabricator import Phabricator
from sources.port import FoundTask
from sources.toolhub import Toolhub
from sources.wishlist import Wishlist
from tests.builders import a_change, a_task
from tests.sources.server import Server, as_json, conduit, gerrit

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TOKEN = "api-" + "x" * 28
REPOSITORIES = [f"o/r{number}" for number in range(150)]

TABLE = {
    "phabricator": 1,
    "gerrit": 1,
    "gitlab": 2,  # one a group
    "github": 2,  # one a hundred repositories
    "toolhub": 1,
    "wishlist": 2,
    "onwiki": 1,  # one a wiki
}


def nothing_new(request):
    """What each server answers that has nothing to tell, by the path it lies under."""
    place = request.path.split("/")[1]
    if place == "gerrit":
        return gerrit([])
    if request.path.endswith("query"):
        return conduit(None, "ERR-INVALID-PARAMETER", "Unknown or missing names")
    if place == "phabricator":
        return conduit({"data": [], "cursor": {"after": None}})
    if place == "gitlab":
        page = {"nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}
        return as_json({"data": {"of": {"list": page}}})
    if place == "github":
        names = json.loads(request.body)["query"].count("repository(")
        quiet = {
            "nameWithOwner": "o/r", "isMirror": False, "isPrivate": False, "isFork": False,
            "isArchived": False, "description": None, "homepageUrl": None,
            "visibility": "PUBLIC",
            "pullRequests": {"nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}},
        }  # fmt: skip
        limit = {"cost": 1, "remaining": 4999, "resetAt": "2026-11-20T13:00:00Z"}
        return as_json({"data": {**{f"r{n}": quiet for n in range(names)}, "rateLimit": limit}})
    if place == "toolhub":
        return as_json({"count": 0, "next": None, "previous": None, "results": []})
    return as_json({"batchcomplete": True, "query": {dict(request.query)["list"]: []}})


@pytest.fixture
def server():
    server = Server(nothing_new)
    yield server
    server.close()


def a_world(folder, server, people):
    """Everybody joined long ago, has an account everywhere, and a change on a task of their own."""
    ledger = Ledger.open(f"sqlite:///{folder / 'ledger.sqlite'}")
    with ledger.together():
        changes = []
        for number in range(1, people + 1):
            person = ledger.people.join(number, number, f"P{number}", f"P{number}", "")
            for source, key in (
                ("phabricator", f"PHID-USER-{number}"), ("gerrit", f"gerrit:{number}"),
                ("gitlab", f"gitlab:{number}"), ("github", f"github:{number}"),
                ("onwiki metawiki", f"onwiki:metawiki:{number}"),
            ):  # fmt: skip
                claim = f"developer=P{number}" if source in ("gerrit", "gitlab") else ""
                ledger.people.prove(
                    person,
                    source,
                    key,
                    f"P{number}",
                    "user.mediawikiquery",
                    date(2026, 1, 1),
                    claim,
                )
            changes.append(a_change(number, f"gerrit:{number}", tasks=(number,)))
        for account in ledger.people.accounts():
            ledger.people.history_read(account)
        ledger.facts.store_works("gerrit", range(1, people + 1), changes)
        for source in ("gitlab", "github", "onwiki metawiki"):
            ledger.facts.store_works(source, range(1, people + 1), ())
        ledger.tasks.store("phabricator", (FoundTask(n, a_task(n)) for n in range(1, people + 1)))

    def client(name):
        return Client(name, "DeveloperBadges/0 (test)", pause=0, interval=0, retries=0)

    def at(place):
        return f"{server.url}/{place}"

    world = World(
        MemoryWiki(),
        ledger,
        Phabricator(at("phabricator"), TOKEN, client("Phabricator")),
        (
            Gerrit(at("gerrit"), client("Gerrit")),
            Gitlab(at("gitlab"), client("GitLab")),
            Github(at("github"), client("GitHub"), token="t", repositories=REPOSITORIES),
        ),
        "Project:Developer badges",
        NOW,
        wishlist=Wishlist(at("wishlist"), client("Wishlist")),
        toolhub=Toolhub(at("toolhub"), client("Toolhub")),
        onwiki=(OnWiki(at("onwiki"), client("On-wiki code"), "metawiki"),),
    )
    for source in world.sources():
        ledger.notes.reached(source, NOW - timedelta(hours=1))
    return world


@pytest.mark.parametrize("people", [10, 100, 1000])
def test_a_quiet_round_asks_as_much_for_ten_people_as_for_a_thousand(tmp_path, server, people):
    world = a_world(tmp_path, server, people)
    # Links that were never asked for are asked for once; that is no part of a quiet round.
    gather_all(world, Round(), full=False)
    server.requests.clear()
    done = Round()

    gather_all(world, done, full=False)

    assert done.troubles == []
    assert Counter(request.path.split("/")[1] for request in server.requests) == TABLE
    world.ledger.close()


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
    assert counts[0].total() > sum(TABLE.values())
