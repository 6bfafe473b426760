"""JSON as our data pages are written: "same facts, same bytes", and as MediaWiki keeps it."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from typing import Any

Json = dict[str, Any]
MOST_BYTES = 400_000
"""Bytes of one page: MediaWiki takes 2 MiB, and what is shown of a page is larger than its text."""
_DEEPEST = 7


def dumps(value: Json) -> str:
    """The text of a page. MediaWiki lays it out anew; so compare values, never texts."""
    return json.dumps(value, ensure_ascii=False, indent="\t", sort_keys=True)


def loads(text: str) -> Json | None:
    """The value of a page of ours, None where somebody left something else there."""
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def digest_of(value: Json) -> str:
    """A short name for exactly this value, however it is laid out."""
    text = json.dumps(plain(value), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def size_of(value: Any) -> int:
    """The most bytes that a value deep within a page takes, as ``dumps`` writes it.

    Counted from its compact text, for speed: each part of a list or an object stands on a line of
    its own, behind a tab a level, and so does each bracket that closes.
    """
    text = json.dumps(value)
    brackets = text.count("{") + text.count("[")
    return len(text) + (_DEEPEST + 1) * (text.count(",") + 2 * brackets + 1)


def clean(text: str) -> str:
    """*text* as MediaWiki will store it in JSON, on one line: composed, and without what is no sign.

    Control characters, half characters and codes that are no characters become ``\ufffd``.
    """
    if text.isascii() and text.isprintable():
        return text
    shown = text.encode("utf-8", "replace").decode("utf-8").translate(_DIRECTIONS)
    # Composed last: what stood between two signs that belong together may be gone now.
    normal = unicodedata.normalize("NFC", shown)
    if normal.isprintable() and not _SIGN_AND_OTHER.search(normal):
        return normal
    before = " " + normal
    return "".join("\ufffd" if _breaks(c, b) else c for b, c in zip(before, normal, strict=False))


_SIGN_AND_OTHER = re.compile(r"[<>&][^\x00-\x7f]")


def _breaks(character: str, before: str) -> bool:
    code = ord(character)
    if before in "<>&" and unicodedata.combining(character):
        # MediaWiki writes < as \u003C, and composes then: an accent would change the C, and the page
        # would be no JSON any more.
        return True
    nothing = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return nothing or unicodedata.category(character) in ("Cc", "Cs")


# Signs that turn the direction of what follows, on pages that others read without our care; and
# those that end a line.
_DIRECTIONS: dict[int, str | None] = {
    **dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]),
    0x2028: " ",
    0x2029: " ",
}


def plain(value: Any) -> Any:
    """1.0 as 1, which is what MediaWiki makes of it."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def number(value: float, digits: int) -> float | int:
    """*value* with so many digits behind the point."""
    rounded: float | int = plain(round(value, digits))
    return rounded
