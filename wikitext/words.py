"""Our words, from the same message file that the module on the wiki reads.

English only, for terminals: ``$1`` and ``{{PLURAL:$1|one|other}}`` are all it needs.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib.resources import files

from scoring.model import Reason

_HOLE = re.compile(r"\{\{PLURAL:\$(\d)\|([^|{}]*)\|([^|{}]*)\}\}|\$(\d)", re.I)


@lru_cache(maxsize=1)
def _messages() -> dict[str, str]:
    text = (files("wikitext") / "onwiki" / "i18n" / "en.json").read_text("utf-8")
    return {key: words for key, words in json.loads(text).items() if isinstance(words, str)}


def is_message(key: str) -> bool:
    """Whether there are words for *key*."""
    return key in _messages()


def message(key: str, *values: object) -> str:
    """The English words for *key*, with *values* for $1, $2, …; the key itself where there are none."""
    words = _messages().get(key)
    if words is None:
        return key

    def fill(hole: re.Match[str]) -> str:
        place = int(hole[1] or hole[4])
        if not 0 < place <= len(values):
            return hole[0]
        value = str(values[place - 1])
        if hole[4]:
            return value
        return hole[2] if value == "1" else hole[3]

    # In one go over the words: a value that holds "$2" or "{{" itself is not filled again.
    return _HOLE.sub(fill, words)


def in_words(reason: Reason) -> str:
    """The fact behind a term of a score, in English."""
    return message(f"reason-{reason.fact}", *reason.values)
