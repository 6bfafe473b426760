"""Our words, from the same message file that the module on the wiki reads.

English only, for terminals: ``$1`` and ``{{PLURAL:$1|one|other}}`` are all it needs.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

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
    pieces = _cut(key)
    if pieces is None:
        return key
    # In one go over the words: a value that holds "$2" or "{{" itself is not filled again.
    said = [
        one if isinstance(one, str) else one.filled(str(values[one.place]))
        if 0 <= one.place < len(values) else one.text
        for one in pieces
    ]  # fmt: skip
    return "".join(said)


class _Hole(NamedTuple):
    """A place in a message for a value: the value itself, or one of two words by whether it is 1."""

    text: str
    place: int
    words: tuple[str, str] | None = None

    def filled(self, value: str) -> str:
        """What stands there for *value*."""
        return value if self.words is None else self.words[value != "1"]


@lru_cache(maxsize=1024)
def _cut(key: str) -> list[str | _Hole] | None:
    """A message in pieces: plain text, and holes. None where there is no such message."""
    words = _messages().get(key)
    if words is None:
        return None
    pieces: list[str | _Hole] = []
    end = 0
    for hole in _HOLE.finditer(words):
        pieces.append(words[end : hole.start()])
        forms = None if hole[4] else (hole[2], hole[3])
        pieces.append(_Hole(hole[0], int(hole[1] or hole[4]) - 1, forms))
        end = hole.end()
    return [*pieces, words[end:]]


def in_words(reason: Reason) -> str:
    """The fact behind a term of a score, in English."""
    return message(f"reason-{reason.fact}", *reason.values)
