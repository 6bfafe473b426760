"""Which tasks the editors of Tech News list as reported by the community and resolved.

The list is made from Phabricator by authors outside and assignees inside the organisations that
pay: it says that people wanted a thing, never who made it.
"""

from __future__ import annotations

import re

from sources.http import Client
from sources.mediawiki import MediaWiki
from sources.port import SourceChanged

PAGE = "Tech/News/Recently resolved community tasks"

_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)|<nowiki\s*>.*?(?:</nowiki\s*>|\Z)", re.I | re.S)
_LINK = re.compile(
    r"\[\[\s*:?\s*phab(?:ricator)?\s*:\s*T([1-9]\d{0,6})(?![0-9])"
    r"|\{\{\s*(?:phab|phabricator|tracked)\s*\|\s*(?:1\s*=\s*)?T?([1-9]\d{0,6})(?![0-9])",
    re.I,
)


class TechNews:
    """One page of the wiki whose ``api.php`` is at *url*."""

    name = "technews"

    def __init__(self, url: str, client: Client, *, page: str = PAGE) -> None:
        self._wiki = MediaWiki(url, client)
        self._client = client
        self._page = page

    def resolved(self) -> frozenset[int]:
        """The tasks on the page as it is now: a sign of demand. Raises SourceError."""
        text = self._wiki.text(self._page)
        if text is None:
            self._client.fail(
                SourceChanged,
                "has no list of resolved tasks: there is no such page to be seen. Check its title.",
            )
        return parse_resolved(text)


def parse_resolved(text: str) -> frozenset[int]:
    """The tasks that a page links: ``[[phab:T1]]``, ``{{phab|T1}}``, ``{{tracked|T1}}``."""
    shown = _HIDDEN.sub("", text)
    return frozenset(int(link[1] or link[2]) for link in _LINK.finditer(shown))
