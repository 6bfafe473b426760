"""Which changes take back which: by key, and at Gerrit also by the commit or Change-Id they name.

Gerrit is searched for all three whenever a change is kept; elsewhere a commit that is named is
found by chance, and whether somebody joined must not decide what counts.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from bot.ledger.store import chunks
from bot.ledger.tables import change

BY_MESSAGE = "gerrit"


def names_of(db: Connection, keys: Iterable[str] | None = None) -> set[str]:
    """What a revert may call these changes, or all that are known."""
    query = select(change.c.key, change.c.source, change.c.commit, change.c.change_id)
    found: set[str] = set()
    parts = [None] if keys is None else chunks(sorted(keys))
    for part in parts:
        asked = query if part is None else query.where(change.c.key.in_(part))
        for key, source, commit, change_id in db.execute(asked):
            found |= {key, commit, change_id} if source == BY_MESSAGE else {key}
    return found - {""}


def taking_back(db: Connection, keys: Iterable[str]) -> set[str]:
    """The keys of what takes back one of the changes *keys*, of what takes that back, and so on."""
    found: set[str] = set()
    targets = set(keys)
    while targets:
        more: set[str] = set()
        for part in chunks(sorted(targets)):  # The names of all at once would be many MiB.
            for names in chunks(names_of(db, part).union(part)):
                query = select(change.c.key).where(change.c.reverts.in_(names))
                more |= set(db.execute(query).scalars())
        targets = more - found
        found |= more
    return found
