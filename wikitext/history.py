"""Who added which entry: follow the registry from one revision to the next.

Pure: revisions in, what stands out. An entry belongs to the account whose edit first brought
exactly that text; a removal by that account is leaving, a removal by anybody else waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from wikitext.registry import parse_registry


@dataclass(frozen=True, slots=True)
class Revision:
    """One version of a page. ``user`` is the local user id, 0 for nobody known (hidden, no account).

    ``text`` is None where the wiki hides it.
    """

    id: int
    user: int
    at: datetime
    text: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry that is on the page, or that somebody other than its adder removed at ``removed``."""

    digest: str
    revision: int
    adder: int
    removed: datetime | None = None


def follow(
    before: Mapping[str, Standing], revisions: Iterable[Revision], waiting: timedelta
) -> dict[str, Standing]:
    """What stands after *revisions* (oldest first), given what stood *before*.

    Entries that their own adder removed are gone from the answer; so nothing of them is kept.
    What another removed can come back for as long as *waiting*; after that it is a new entry.
    """
    standing = dict(before)
    blind = False
    for revision in revisions:
        if revision.text is None:
            blind = True  # The next visible revision shows changes that may be another's.
            continue
        author = 0 if blind else revision.user
        _forget_expired(standing, revision.at - waiting)
        _step(standing, revision, author)
        blind = False
    return standing


def _forget_expired(standing: dict[str, Standing], limit: datetime) -> None:
    for digest, entry in list(standing.items()):
        if entry.removed is not None and entry.removed <= limit:
            del standing[digest]


def _step(standing: dict[str, Standing], revision: Revision, author: int) -> None:
    now_there = parse_registry(revision.text or "").digests
    for digest in now_there - standing.keys():
        standing[digest] = Standing(digest, revision.id, author)
    for digest, entry in list(standing.items()):
        if digest in now_there:
            # The same text came back, by anyone's edit: it stands again as its adder's.
            standing[digest] = replace(entry, removed=None)
        elif entry.removed is None:
            if author and author == entry.adder:
                del standing[digest]
            else:
                standing[digest] = replace(entry, removed=revision.at)
