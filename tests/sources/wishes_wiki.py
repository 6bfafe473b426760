"""A wiki with a Community Wishlist, made of recorded answers; see ``tests/data/wishes/README.md``.

The list and the log are recorded; how they are filtered and cut into pages is written after the
recordings and held against them. Old revisions and groups were not recorded: those are invented.
"""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path

from tests.sources.server import as_json

FOLDER = Path(__file__).parents[1] / "data" / "wishes"
BAD_CONTINUE = {"error": {"code": "badcontinue", "info": "Invalid continue param."}}
ALWAYS = ("id", "crwns", "crwtitle", "crfans", "crfatitle", "focusareatitle")
EXCLUDED = {"declined"}


def load(name):
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


def body(name):
    return load(name)["response"]["body"]


def params(name):
    return load(name)["request"]["params"]


def answer(name):
    """What the server sent, as an answer to send again."""
    return as_json(body(name), status=load(name)["response"]["status"])


def listed(name):
    return body(name)["query"]["communityrequests-wishes"]


def logged(name):
    return body(name)["query"]["logevents"]


def a_revision(user, when, status, comment="", call="#CommunityRequests: wish"):
    text = (
        f"{{{{{call}\n| status = {status}\n| type = bug\n| title = A wish\n| description = …\n}}}}"
    )
    return {
        "revid": 1,
        "user": user,
        "timestamp": when,
        "comment": comment,
        "slots": {"main": {"contentmodel": "wikitext", "content": text}},
    }


class WishesWiki:
    """Answers as the recorded wiki did. *largest* is what it takes ``max`` for."""

    def __init__(self, largest=500):
        self.largest = largest
        self.rows = deepcopy(listed("wishes.all"))
        self.events = deepcopy(logged("logevents.all"))
        self.groups = {"Ada": ["*", "sysop"], "Manager-Nia": ["*", "community-wishlist-manager"]}
        self.rights = {}
        self.histories = {}
        by_hand = body("wikitext.wish-W47")["query"]["pages"][0]["revisions"]
        self.histories["W47"] = [
            *by_hand,
            a_revision("Emil-X", "2026-03-21T20:31:00Z", "under-review"),
        ]
        self.asked = []

    def __call__(self, request):
        asked = dict(request.form if request.method == "POST" else request.query)
        self.asked.append(asked)
        what = asked.get("list") or asked.get("prop")
        return as_json({"batchcomplete": True} | getattr(self, what.replace("-", "_"))(asked))

    def row(self, key):
        return next(row for row in self.rows if row["crwtitle"].split("/")[1] == key)

    def communityrequests_wishes(self, asked):
        order, down = asked.get("crwsort", "created"), asked.get("crwdir") != "ascending"
        statuses = asked.get("crwstatuses", "").split("|")
        rows = [
            row
            for row in self.rows
            if (row["status"] in statuses if statuses != [""] else row["status"] not in EXCLUDED)
            and asked.get("crwstart", "") <= row["created"] <= asked.get("crwend", "9")
        ]
        rows.sort(key=lambda row: (row[order], row["title"], row["id"]), reverse=down)
        marks = [
            f"{r['title']}|{''.join(filter(str.isdigit, r[order]))}|{r['votecount']}" for r in rows
        ]
        first = 0
        if mark := asked.get("crwcontinue"):
            if mark.count("|") != 2:
                return BAD_CONTINUE
            first = marks.index(mark)
        limit = self.largest if asked["crwlimit"] == "max" else int(asked["crwlimit"])
        wanted = (*asked["crwprop"].split("|"), *ALWAYS)
        page = [
            {k: v for k, v in row.items() if k in wanted} for row in rows[first : first + limit]
        ]
        more = (
            {"crwcontinue": marks[first + limit], "continue": "-||"}
            if marks[first + limit :]
            else {}
        )
        found = {"query": {"communityrequests-wishes": page}}
        return found | ({"continue": more} if more else {})

    def logevents(self, asked):
        if asked["letype"] == "rights":
            return {"query": {"logevents": self.rights.get(asked["letitle"], [])}}
        found = [
            event
            for event in self.events
            if event["timestamp"] >= asked.get("lestart", "")
            and asked.get("letitle", event["title"]) == event["title"]
        ]
        return {"query": {"logevents": found}}

    def users(self, asked):
        def one(name):
            groups = self.groups.get(name, ["*", "user"])
            return (
                {"name": name, "userid": 1, "groups": groups}
                if groups
                else {"name": name, "missing": True}
            )

        return {"query": {"users": [one(name) for name in asked["ususers"].split("|")]}}

    def revisions(self, asked):
        title = asked["titles"]
        revisions = self.histories.get(title.split("/")[1]) or self._pieced_together(title)
        return {"query": {"pages": [{"pageid": 1, "title": title, "revisions": revisions}]}}

    def _pieced_together(self, title):
        """What the page of a wish must have looked like, from its log and its row."""
        events = [event for event in self.events if event["title"] == title]
        steps = [event for event in events if event["action"] == "wish-status-change"]
        [row] = [row for row in self.rows if row["crwtitle"] == title]
        first = steps[0]["params"]["old"] if steps else row["status"]
        told = [(events[0], first), *((step, step["params"]["new"]) for step in steps)]
        return [
            a_revision(event.get("user"), event["timestamp"], status)
            if "user" in event
            else a_revision("", event["timestamp"], status) | {"userhidden": True}
            for event, status in reversed(told)
        ]
