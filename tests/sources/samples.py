"""Gerrit's answers as its documentation describes them; see ``tests/data/gerrit/README.md``."""

from __future__ import annotations

import json
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "data" / "gerrit"


def load(name):
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


def a_change(number=1100001, **fields):
    """A merged change of mediawiki/core, with these fields of its ChangeInfo set."""
    return load("changes")[0] | {"_number": number} | fields
