"""What the wiki answers, as our values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.errors import EditConflict, SaveRefused, WikiRefused
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


def saved_revision(title: str, answer: Mapping[str, Any], base: int) -> int:
    """The revision that an edit over revision *base* made, 0 where nothing changed.

    Raises:
        SaveRefused: nothing was saved.
        EditConflict: it was, but merged with an edit in between: what stands there is neither's text.

    """
    if answer.get("result") != "Success":
        why = str(answer.get("code", "no reason"))
        why = "it asks for a captcha" if "captcha" in answer else why
        raise SaveRefused(f"[[{title}]] was not saved: {why}. Ask an administrator to look.")
    if base and int(answer.get("oldrevid") or base) != base:
        raise EditConflict(f"[[{title}]]: somebody edited it at the same moment.")
    return int(answer.get("newrevid") or 0)
