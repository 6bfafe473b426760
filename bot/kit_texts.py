"""The version of the kit that each page on the wiki holds, as the ledger remembers it.

That is the text of the kit, not of the page: where editors changed the page, it is what the next version
of the kit is compared with. Of JSON in conflict it has the old values at the keys in question, so that they
are in conflict until somebody settles that. It is kept packed, for the whole kit is some 100 kB so.
"""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator

from bot.ledger import Ledger

MEMO = "kit texts"


class KitTexts:
    """Texts by the titles of their pages; each is remembered as soon as it is noted."""

    def __init__(self, ledger: Ledger) -> None:
        self._notes = ledger.notes
        self._packed: dict[str, str] = ledger.notes.recall(MEMO) or {}

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._packed))

    def get(self, title: str) -> str | None:
        """The text of the kit that this page holds; None if we know of none."""
        packed = self._packed.get(title)
        return None if packed is None else zlib.decompress(b64decode(packed)).decode()

    def note(self, title: str, text: str) -> None:
        """The page holds this text of the kit now, be it with changes of editors."""
        packed = b64encode(zlib.compress(text.encode())).decode()
        if self._packed.get(title) != packed:
            self._packed[title] = packed
            self._notes.remember(MEMO, self._packed)

    def forget(self, title: str) -> None:
        """The page is none of the kit's any more, and is gone."""
        del self._packed[title]
        self._notes.remember(MEMO, self._packed)
