"""The local server of the demo, which is checked against recordings, within a test."""

from __future__ import annotations

from scripts.local import conduit, serving
from tests.sources import recordings
from tests.sources.server import Answer

TOKEN = conduit.TOKEN


class Site:
    """Answers from ``conduit``; methods named in *without* are not there."""

    def __init__(self, *without, **world):
        self.conduit = conduit.Conduit()
        self.conduit.add(**world)
        self.without = set(without)

    def __call__(self, request):
        path = (
            "/api/no.such" if request.path.removeprefix("/api/") in self.without else request.path
        )
        asked = serving.Request(
            request.method,
            path,
            request.query,
            "127.0.0.1",
            request.headers.get("Content-Type", ""),
            request.body.encode(),
        )
        reply = self.conduit.answer(asked)
        return Answer(reply.body, reply.status, reply.content_type)

    def change(self, number, **fields):
        """Give the task *number* these fields."""
        row = self.conduit.tasks[number]
        self.conduit.add(tasks=[{**row, "fields": {**row["fields"], **fields}}])

    def hide(self, number):
        """Let nobody but administrators see the task *number*."""
        self.change(number, policy={"view": "admin"})


def recorded_site(*without):
    """The world of the recordings."""
    return Site(
        *without,
        tasks=recordings.tasks(),
        projects=recordings.projects(),
        tokens=recordings.result("token.given.all"),
        edges=recordings.edges(),
    )


def a_row(number, **fields):
    """A public task, as the server keeps it."""
    row = {
        "name": f"Task {number}",
        "ownerPHID": None,
        "status": {"value": "resolved"},
        "priority": {"value": 50},
        "dateCreated": 1_700_000_000,
        "dateModified": 1_780_000_000,
        "dateClosed": 1_780_000_000,
        "policy": {"view": "public"},
    }
    return {
        "id": number,
        "type": "TASK",
        "phid": phid(number),
        "fields": row | fields,
        "attachments": {},
    }


def phid(number, kind="TASK"):
    return f"PHID-{kind}-{number:020}"


def an_edge(source, kind, target):
    return {
        "sourcePHID": phid(source),
        "edgeType": f"task.{kind}",
        "destinationPHID": phid(target),
        "created": 1_780_000_000 + source,
    }


def a_project(number, name, **fields):
    policy = {"view": "public"}
    fields = {"name": name, "status": "active", "policy": policy, "milestone": None, **fields}
    return {"id": number, "type": "PROJ", "phid": phid(number, "PROJ"), "fields": fields}


def a_token(number, giver=1):
    return {
        "authorPHID": phid(giver, "USER"),
        "objectPHID": phid(number),
        "tokenPHID": "PHID-TOKN-like-1",
        "dateCreated": "1780000000",
    }
