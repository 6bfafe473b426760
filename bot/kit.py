"""Install and upgrade the on-wiki kit under the operator's account: ``python -m bot publish``.

A page that somebody changed on the wiki since we last saved it is kept and named; ``--overwrite``
replaces it. Pages that belong to the editors (the registry) are only created.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.errors import SaveRefused
from bot.ledger import Ledger
from bot.ports import PageText, Wiki
from wikitext.kit import KitPage, kit_pages

MEMO = "kit"


@dataclass(slots=True)
class Installed:
    """What became of the kit's pages, by title."""

    saved: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def may_install(root: str) -> Callable[[str, str], bool]:
    """The allow-list of ``publish``: the kit's own pages and nothing else."""

    def may_save(_account: str, title: str) -> bool:
        ours = ("Template:Developer badges", "Module:Developer badges", root)
        return title in ours or title.startswith(tuple(f"{one}/" for one in ours))

    return may_save


def install_kit(
    wiki: Wiki, ledger: Ledger, root: str, bot: str, tell: Callable[[str], None], *,
    overwrite: bool = False,
) -> Installed:  # fmt: skip
    """Make the kit's pages on the wiki what they should be.

    Raises:
        WikiError: the wiki cannot be used.

    """
    pages = kit_pages(root, bot)
    there = {page.title: page for page in wiki.texts([page.title for page in pages])}
    ours = ledger.notes.recall(MEMO) or {}
    done = Installed()
    for page in pages:
        now = there[page.title]
        if _same(page, now) or (page.once and now.exists):
            done.same.append(page.title)
            ours[page.title] = _digest(page.text)
        elif now.exists and not overwrite and ours.get(page.title) != _digest(now.text):
            done.kept.append(page.title)
        elif _save(wiki, page, now, root, done, tell):
            ours[page.title] = _digest(page.text)
    ledger.notes.remember(MEMO, ours)
    return done


def _save(
    wiki: Wiki,
    page: KitPage,
    now: PageText,
    root: str,
    done: Installed,
    tell: Callable[[str], None],
) -> bool:
    why = "upgrade" if now.exists else "install"
    try:
        wiki.save(
            page.title, page.text, f"[[{root}|Developer badges]]: {why} this page", now.revision
        )
    except SaveRefused as error:
        done.refused.append((page.title, str(error)))
        return False
    done.saved.append(page.title)
    tell(f"saved {page.title}")
    return True


def _same(page: KitPage, now: PageText) -> bool:
    return now.exists and _digest(page.text) == _digest(now.text)


def _digest(text: str) -> str:
    """A name for a text as MediaWiki keeps it: JSON is laid out anew, blanks at the end are cut."""
    try:
        text = json.dumps(json.loads(text), sort_keys=True)
    except ValueError:
        text = "\n".join(text.replace("\r\n", "\n").rstrip().split("\n"))
    return hashlib.sha256(text.encode()).hexdigest()
