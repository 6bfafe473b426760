"""Which changes take back which: by key, and at Gerrit also by the commit or Change-Id they name.

Gerrit is searched for all three whenever a change is kept; elsewhere a commit that is named is
found by chance, and whether somebody joined must not decide what counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, select

from bot.ledger.store import chunks
from bot.ledger.tables import change

BY_MESSAGE = "gerrit"


_NAMED = select(change.c.key, change.c.source, change.c.commit, change.c.change_id)


def names_of(db: Connection, keys: Iterable[str]) -> set[str]:
    """What a revert may call these changes."""
    parts = chunks(sorted(keys))
    return {
        name for part in parts for name in _names(db.execute(_NAMED.where(change.c.key.in_(part))))
    }


def known_among(db: Connection, names: Iterable[str]) -> set[str]:
    """Those of *names* by which a revert may call a change that is known."""
    asked = set(names)
    found: set[str] = set()
    for part in chunks(sorted(asked)):
        by_message = change.c.commit.in_(part) | change.c.change_id.in_(part)
        found.update(_names(db.execute(_NAMED.where(change.c.key.in_(part) | by_message))))
    return found & asked


def _names(rows: Iterable[Any]) -> Iterator[str]:
    for key, source, commit, change_id in rows:
        names = (key, commit, change_id) if source == BY_MESSAGE else (key,)
        yield from (name for name in names if name)


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
