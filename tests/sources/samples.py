"""Gerrit's answers: recorded from a real one, and some written by hand.

``tests/data/gerrit/README.md`` says which is which.
"""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

from tests.sources.server import Answer

FOLDER = Path(__file__).parents[1] / "data" / "gerrit"
PREFIX = ")]}'\n"


@cache
def _read(path: str) -> Any:
    return json.loads((FOLDER / path).read_text("utf-8"))


def load(name):
    """What was written by hand."""
    return copy.deepcopy(_read(f"{name}.json"))


def recorded(name):
    """What a real Gerrit said."""
    return copy.deepcopy(_read(f"real/{name}.json")["response"]["body"])


def replay(name):
    """What a real Gerrit said, as an answer to send again."""
    response = _read(f"real/{name}.json")["response"]
    body = response["body"]
    text = body if isinstance(body, str) else PREFIX + json.dumps(body)
    return Answer(text.encode(), response["status"], response["headers"]["Content-Type"])


def a_change(number=1, **fields):
    """The reviewed change of the recordings, with these fields of its ChangeInfo set."""
    [row] = recorded("change-reviewed")
    return row | {"_number": number} | fields
