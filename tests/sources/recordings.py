"""Recorded answers of a real Phorge; ``tests/data/phabricator/README.md`` says of which."""

from __future__ import annotations

import json
from pathlib import Path

from tests.sources.server import Answer

FOLDER = Path(__file__).parents[1] / "data" / "phabricator"
TOKEN = "api-xxxxxxxxxxxxxxxxxxxxxxxxxxxx"


def load(name):
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


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
