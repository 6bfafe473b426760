"""How much the pages of a wiki that hold code are used there.

Facts: https://www.mediawiki.org/wiki/API:Transcludedin, …/Extension:Gadgets and …/Help:CirrusSearch
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from sources.batch import batches
from sources.contributions import MEDIAWIKI, MODULE, TEMPLATE, USER, without_space
from sources.mediawiki import MediaWiki
from sources.shape import Shape, find

BATCH = 50
"""How many pages one question names: more is for bots."""

COUNTED = 500
"""Up to how many pages we count; more than that is many, and so is everybody."""

# The name of a gadget stands behind a namespace that means nothing (it may be a number of people).
_OPTION = re.compile(r"(?:^|:)gadget-(.+)$")


class Usage:
    """Counts uses on one wiki; which extensions it has is asked once, when it matters."""

    def __init__(self, api: MediaWiki, shape: Shape) -> None:
        self._api = api
        self._shape = shape
        self._known: frozenset[str] | None = None

    def of(self, titles: Iterable[str]) -> dict[str, int]:
        """Return by title how many pages use it, or how many people where it is part of a gadget.

        What the wiki cannot tell is left out; a count of pages ends at COUNTED. Raises SourceError.
        """
        uses: dict[str, int] = {}
        scripts: list[str] = []
        gadgets = False
        for batch in batches(titles, BATCH):
            for title, (space, count) in self._transclusions(batch).items():
                if space in (TEMPLATE, MODULE):
                    uses[title] = count
                elif space == USER and title.endswith(".js"):
                    scripts.append(title)
                gadgets = gadgets or space == MEDIAWIKI
        if gadgets and "Gadgets" in self._extensions():
            uses.update(self._gadgets())
        if scripts and "CirrusSearch" in self._extensions():
            uses.update({title: self._loading(title) for title in scripts if '"' not in title})
        return uses

    def _transclusions(self, titles: list[str]) -> dict[str, tuple[int, int]]:
        """Namespace of each page and how many pages transclude it, counted to COUNTED."""
        answers = self._api.query(
            prop="transcludedin", titles="|".join(titles), tiprop="pageid", tilimit=COUNTED
        )
        pages = self._shape.rows(next(answers), "pages")
        found = {
            self._shape.text(page, "title"): (
                self._shape.number(page, "ns"),
                len(self._shape.rows(page, "transcludedin")) if "transcludedin" in page else 0,
            )
            for page in (self._shape.fields(page) for page in pages)
        }
        # The limit is one for all of them: a page of millions leaves nothing to those behind it.
        if len(titles) > 1 and sum(count for _, count in found.values()) >= COUNTED:
            half = len(titles) // 2
            return self._transclusions(titles[:half]) | self._transclusions(titles[half:])
        return found

    def _loading(self, title: str) -> int:
        """How many people's scripts and gadgets name the script *title*."""
        answers = self._api.query(
            list="search",
            srsearch=f'insource:"{without_space(title)}"',
            srnamespace=f"{USER}|{MEDIAWIKI}",
            srinfo="totalhits",
            srprop="",
            srlimit=1,
        )
        return self._shape.number(next(answers), "searchinfo", "totalhits")

    def _gadgets(self) -> dict[str, int]:
        """How many people have switched on the gadget that each page belongs to."""
        people: dict[str, int] = {}
        uses: dict[str, int] = {}
        for answer in self._api.query(list="querypage", qppage="GadgetUsage", qplimit="max"):
            listed = find(answer, "querypage", "results")
            for row in listed if isinstance(listed, list) else ():
                named = _OPTION.search(self._shape.text(row, "title"))
                if named:
                    people[named[1]] = self._shape.number(row, "value")
        for answer in self._api.query(list="gadgets", gaprop="id|metadata"):
            for gadget in self._shape.rows(answer, "gadgets"):
                name = self._shape.text(gadget, "id")
                # What is on for everybody is counted for nobody.
                everybody = find(gadget, "metadata", "settings", "default") not in (None, False)
                count = max(people.get(name, 0), COUNTED if everybody else 0)
                for page in _pages(gadget):
                    uses[page] = max(uses.get(page, 0), count)
        return uses

    def _extensions(self) -> frozenset[str]:
        if self._known is None:
            answer = next(self._api.query(meta="siteinfo", siprop="extensions"))
            rows = self._shape.rows(answer, "extensions")
            self._known = frozenset(self._shape.optional_text(row, "name") for row in rows)
        return self._known


def _pages(gadget: object) -> Iterable[str]:
    """The titles of the pages that a gadget consists of."""
    for kind in ("scripts", "styles", "vues"):
        listed = find(gadget, "metadata", "module", kind)
        for page in listed if isinstance(listed, list) else ():
            if isinstance(page, str):
                yield page if ":" in page else f"MediaWiki:{page}"
