"""A world in which nothing happens: everybody joined long ago, and no source has news.

The sources are the real ones; each asks a server on loopback that has nothing to tell.
"""

import json
from datetime import UTC, date, datetime, timedelta

from bot.registry import MEMO
from bot.rehearsal import MemoryWiki
from bot.world import World
from sources.gerrit import Gerrit
from sources.github import Github
from sources.gitlab import Gitlab
from sources.http import Client
from sources.onwiki import OnWiki
from sources.phabricator import Phabricator
from sources.port import FoundTask
from sources.toolhub import Toolhub
from sources.wishlist import Wishlist
from tests.builders import START, a_change, a_task
from tests.sources.server import as_json, conduit, gerrit
from wikitext.history import Standing

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TOKEN = "api-" + "x" * 28
REPOSITORIES = [f"o/r{number}" for number in range(150)]
ROOT = "Project:Developer badges"

REQUESTS = {
    "phabricator": 1,
    "gerrit": 1,
    "gitlab": 2,  # one a group
    "github": 2,  # one a hundred repositories
    "toolhub": 1,
    "wishlist": 2,
    "onwiki": 1,  # one a wiki
}
"""The request table of DESIGN 10: so much a round asks in which the feeds hold nothing new."""


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


def fill(ledger, people, works=1, first=0):
    """Everybody joined long ago, has an account everywhere, and *works* tasks of their own, each with a change.

    *first*: the id on the wiki of whoever comes before P1; on a wiki without central accounts it is above 0.
    """
    with ledger.together():
        for number in range(1, people + 1):
            user, name = first + number, f"P{number}"
            person = ledger.people.join(-user if first else user, user, name, name, name)
            for source, key in (
                ("phabricator", f"PHID-USER-{number}"), ("gerrit", f"gerrit:{number}"),
                ("gitlab", f"gitlab:{number}"), ("github", f"github:{number}"),
                ("onwiki metawiki", f"onwiki:metawiki:{number}"),
            ):  # fmt: skip
                claim = f"developer=P{number}" if source in ("gerrit", "gitlab") else ""
                way, day = "user.mediawikiquery", date(2026, 1, 1)
                ledger.people.prove(person, source, key, f"P{number}", way, day, claim)
        for account in ledger.people.accounts():
            ledger.people.history_read(account)
        numbers = range(1, people * works + 1)
        changes = [
            a_change(
                number,
                f"gerrit:{(number - 1) // works + 1}",
                tasks=(number,),
                merged=START + timedelta(days=number % 600),
            )
            for number in numbers
        ]
        ledger.facts.store_works("gerrit", numbers, changes)
        for source in ("gitlab", "github", "onwiki metawiki"):
            ledger.facts.store_works(source, numbers, ())
        ledger.tasks.store("phabricator", (FoundTask(n, a_task(n)) for n in numbers))


def registered(ledger, people):
    """A wiki on which everybody of the ledger stands on the registry, and has stood there for long."""
    wiki = MemoryWiki()
    revision = wiki.edit(f"{ROOT}/Registry", "The bot has read this page.", "Operator")
    wiki.accounts = {f"P{number}": number for number in range(1, people + 1)}
    note_entries(ledger, wiki.accounts, revision)
    return wiki


def note_entries(ledger, accounts, revision):
    """Everybody's entry (ids by name) stands in this revision of the registry, which was read."""
    with ledger.together():
        ledger.people.keep_entries(
            {name: Standing(name, revision, frozenset({n})) for name, n in accounts.items()}
        )
        memo = {
            "revision": revision,
            "seen": revision,
            "since": None,
            "unclosed": [],
            "entries": [],
        }
        ledger.notes.remember(MEMO, {**memo, "lately": []})


def quiet_world(ledger, server, wiki=None):
    """A world of this ledger, with sources that ask *server*; they were all reached an hour ago."""

    def client(name):
        return Client(name, "DeveloperBadges/0 (test)", pause=0, interval=0, retries=0)

    def at(place):
        return f"{server.url}/{place}"

    world = World(
        wiki or MemoryWiki(),
        ledger,
        Phabricator(at("phabricator"), TOKEN, client("Phabricator")),
        (
            Gerrit(at("gerrit"), client("Gerrit")),
            Gitlab(at("gitlab"), client("GitLab")),
            Github(at("github"), client("GitHub"), token="t", repositories=REPOSITORIES),
        ),
        ROOT,
        NOW,
        wishlist=Wishlist(at("wishlist"), client("Wishlist")),
        toolhub=Toolhub(at("toolhub"), client("Toolhub")),
        onwiki=(OnWiki(at("onwiki"), client("On-wiki code"), "metawiki"),),
    )
    for source in world.sources():
        ledger.notes.reached(source, NOW - timedelta(hours=1))
    return world
