"""The wiki as ``doctor`` and ``status`` see it: they ask, and save nothing whatever happens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pywikibot import config

from bot.pages import BATCH
from bot.pages.errors import translated
from bot.pages.operator import OperatorWiki
from bot.ports import AccountFacts
from sources.batch import batches

RETRIES = 1


class InspectedWiki(OperatorWiki):
    """See ``bot.ports.InspectedWiki``."""

    def __init__(self, user: str = "", contact: str = "") -> None:
        # Somebody waits for the answer; "not to be reached" is one.
        config.max_retries = min(config.max_retries, RETRIES)
        super().__init__(lambda _account, _title: False, user, flag=False, contact=contact)

    @property
    def version(self) -> str:
        """See ``bot.ports.InspectedWiki``."""
        return str(self._general.get("generator", ""))

    def account(self) -> AccountFacts:
        """See ``bot.ports.InspectedWiki``."""
        with translated("the account"):
            asked = "rights|groups|ratelimits|hasmsg|blockinfo"
            info = self._ask(action="query", meta="userinfo", uiprop=asked)["query"]["userinfo"]
            return AccountFacts(
                name=str(info["name"]),
                rights=frozenset(map(str, info.get("rights", ()))),
                groups=frozenset(map(str, info.get("groups", ()))),
                limited="edit" in (info.get("ratelimits") or {}),
                blocked="blockid" in info,
                messages=bool(info.get("messages")),
            )

    def unprotected(self, titles: Iterable[str]) -> frozenset[str]:
        """See ``bot.ports.InspectedWiki``."""
        found: set[str] = set()
        for batch in batches(titles, BATCH):
            for title, page in self._query(batch, prop="info", inprop="protection"):
                kept: Iterable[Mapping[str, str]] = page.get("protection", ())
                if "missing" not in page and not any(one.get("type") == "edit" for one in kept):
                    found.add(title)
        return frozenset(found)
