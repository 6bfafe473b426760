"""What the wiki answers, as our values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.errors import WikiRefused
from wikitext.history import Revision

OLDEST_MEDIAWIKI = (1, 39)
RESTORING = frozenset({"mw-undo", "mw-rollback"})
"""Tags of edits that bring back what others wrote. A reversion by hand is looked at otherwise."""


def revision_of(one: Mapping[str, Any]) -> Revision:
    """One revision of ``prop=revisions``; its text is None where it is hidden."""
    slot = one.get("slots", {}).get("main", {})
    hidden = "texthidden" in one or "texthidden" in slot or "content" not in slot
    return Revision(
        id=int(one["revid"]),
        user=0 if one.get("userhidden") else int(one.get("userid", 0)),
        at=datetime.fromisoformat(one["timestamp"]),
        text=None if hidden else slot["content"],
        restores=not RESTORING.isdisjoint(one.get("tags", ())),
    )


def check_version(generator: str) -> None:
    """Raise WikiRefused where the wiki is too old, or is no MediaWiki."""
    match = re.search(r"(\d+)\.(\d+)", generator)
    if not match:
        raise WikiRefused("This does not look like MediaWiki: mend the wiki in user-config.py.")
    if (int(match[1]), int(match[2])) < OLDEST_MEDIAWIKI:
        raise WikiRefused(
            f"This is {generator}; the badges need MediaWiki 1.39 or newer (mw.loadJsonData)."
        )
