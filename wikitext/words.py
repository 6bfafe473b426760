"""Our words, from the same message file that the module on the wiki reads.

English for terminals: ``$1`` and ``{{PLURAL:$1|one|other}}`` are all it needs. Of other languages,
for the summaries of edits, only messages that fill in ``$1`` and no more.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from scoring.model import Reason

_HOLE = re.compile(r"\{\{PLURAL:\$(\d)\|([^|{}]*)\|([^|{}]*)\}\}|\$(\d)", re.I)

ENGLISH = "en"
_LANGUAGE = re.compile(r"[a-z][a-z-]{1,30}")


@lru_cache(maxsize=16)
def _messages(language: str = ENGLISH) -> dict[str, str]:
    file = files("wikitext") / "onwiki" / "i18n" / f"{language}.json"
    if not _LANGUAGE.fullmatch(language) or not file.is_file():
        return {}
    told = json.loads(file.read_text("utf-8"))
    return {key: words for key, words in told.items() if isinstance(words, str)}


def is_message(key: str) -> bool:
    """Whether there are words for *key*."""
    return key in _messages()


def message(key: str, *values: object, language: str = ENGLISH) -> str:
    """The words for *key*, with *values* for $1, $2, …; the key itself where there are none.

    Where nobody has translated them, they are in the language that the code begins with (pt for
    pt-br), at last in English.
    """
    wider = language.partition("-")[0]
    pieces = _cut(key, language) or _cut(key, wider) or _cut(key, ENGLISH)
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
def _cut(key: str, language: str) -> list[str | _Hole] | None:
    """A message in pieces: plain text, and holes. None where there is no such message."""
    words = _messages(language).get(key)
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
