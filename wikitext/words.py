"""Our words, from the same message file that the module on the wiki reads.

English only, for terminals: ``$1`` and ``{{PLURAL:$1|one|other}}`` are all it needs.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib.resources import files

from scoring.model import Reason

_PLURAL = re.compile(r"\{\{PLURAL:([^|{}]*)\|([^|{}]*)\|([^|{}]*)\}\}", re.I)


@lru_cache(maxsize=1)
def _messages() -> dict[str, str]:
    text = (files("wikitext") / "onwiki" / "i18n" / "en.json").read_text("utf-8")
    return {key: words for key, words in json.loads(text).items() if isinstance(words, str)}


def message(key: str, *values: object) -> str:
    """The English words for *key*, with *values* for $1, $2, …; the key itself where there are none."""
    words = _messages().get(key)
    if words is None:
        return key
    # Piece by piece: a value that holds "$2" itself is not filled again.
    pieces = re.split(r"(\$\d)", words)
    filled = "".join(
        str(values[int(piece[1]) - 1])
        if piece[:1] == "$" and piece[1:].isdigit() and 0 < int(piece[1]) <= len(values)
        else piece
        for piece in pieces
    )
    return _PLURAL.sub(lambda m: m[2] if m[1].strip() == "1" else m[3], filled)


def in_words(reason: Reason) -> str:
    """The fact behind a term of a score, in English."""
    return message(f"reason-{reason.fact}", *reason.values)
