"""What was taken lately: three at a time, every hour, would be many as well."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

MEMORY = timedelta(days=14)
"""As long as an entry waits that somebody removed."""
LATELY = "lately"
"""Under this name a memo keeps what went, each with the day on which we saw it."""


def lately_gone(
    noted: Mapping[str, str], fresh: Iterable[str], back: Collection[str], today: date
) -> dict[str, str]:
    """Everything that went within ``MEMORY``: what was *noted*, but for what is *back*, and what is *fresh*."""
    since = (today - MEMORY).isoformat()
    kept = {one: day for one, day in noted.items() if day > since and one not in back}
    return {one: today.isoformat() for one in fresh} | kept
