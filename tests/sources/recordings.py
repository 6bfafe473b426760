"""Recorded answers of a real Phorge; ``tests/data/phabricator/README.md`` says which."""

from __future__ import annotations

import json
from pathlib import Path

from tests.sources.server import Answer

DATA = Path(__file__).parents[1] / "data"
FILES = {
    file.stem: file for room in ("conduit", "phabricator") for file in (DATA / room).glob("*.json")
}
TOKEN = "api-xxxxxxxxxxxxxxxxxxxxxxxxxxxx"


def load(name):
    return json.loads(FILES[name].read_text("utf-8"))


def result(name):
    return load(name)["response"]["body"]["result"]


def rows(name):
    return result(name)["data"]


def answer(name):
    """What the server sent, as an answer to send again."""
    response = load(name)["response"]
    text = response.get("body_text") or json.dumps(response["body"])
    return Answer(text.encode(), response["status"], response["headers"]["Content-Type"])


def request_body(name):
    return load(name)["request"]["body"]


def projects():
    """Every project that the recordings tell of, the archived one too."""
    return [row for name in ("all", "status-archived") for row in rows(f"project.search.{name}")]


def tasks():
    """Every task that the recordings tell of, with its attachments."""
    return [row for page in (1, 2) for row in rows(f"maniphest.search.page-{page}of2")]


def edges():
    """The edges of the recordings; they come newest first, and do not tell how new."""
    found = {}
    for name in ("both", "duplicate", "merged-in", "mention", "mentioned-in", "parent"):
        for row in rows(f"edge.search.{name}"):
            found.setdefault(tuple(row.values()), {**row, "created": 1795154401 - len(found)})
    return list(found.values())
