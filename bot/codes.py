"""One-time codes: text that proves an account once it stands where only that account can write.

A code is no secret; it says who asked for it. It is bound to the wiki, the person and the day of its
issue, so nobody else's claim is proved by it, and it ends after ``LASTS``.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import date, timedelta

PREFIX = "developer-badges-"
LETTERS = 12
LASTS = timedelta(days=30)


def code_of(wiki: str, central: int, issued: date) -> str:
    """The code of the person with this central id, issued on this day: the same on any machine."""
    text = f"{wiki}\n{central}\n{issued.isoformat()}"
    letters = base64.b32encode(hashlib.sha256(text.encode()).digest()).decode().lower()
    return PREFIX + letters[:LETTERS]


def is_live(issued: date, day: date) -> bool:
    """Whether a code issued on *issued* still proves something on *day*."""
    return issued <= day < issued + LASTS
