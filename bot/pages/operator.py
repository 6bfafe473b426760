"""The wiki as ``publish`` sees it: content models, what may be saved, and how a page came about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.pages import BATCH, PywikibotWiki
from bot.pages.errors import translated
from bot.ports import PageState, PastText
from sources.batch import batches


class OperatorWiki(PywikibotWiki):
    """See ``bot.ports.KitWiki``."""

    def states(self, titles: Iterable[str]) -> Mapping[str, PageState]:
        """See ``bot.ports.KitWiki``."""
        found = {}
        ask = {"prop": "info", "intestactions": "edit|create", "inprop": "protection"}
        for batch in batches(titles, BATCH):
            for title, page in self._query(batch, **ask):
                with translated(f"[[{title}]]"):
                    may = page["actions"]
                    editable = bool(may["edit"]) and ("missing" not in page or bool(may["create"]))
                    found[title] = PageState(
                        str(page["contentmodel"]), editable, _level(page["protection"])
                    )
        return found

    def past(self, title: str) -> Iterable[PastText]:
        """See ``bot.ports.KitWiki``."""
        ask = {"prop": "revisions", "rvprop": "user|comment|content", "rvslots": "main"}
        with translated(f"[[{title}]]"):
            answer = self._ask(action="query", titles=title, rvlimit=BATCH, **ask)
            (page,) = answer["query"]["pages"]
            return [
                PastText(
                    one.get("user", ""), one.get("comment", ""), one["slots"]["main"]["content"]
                )
                for one in page.get("revisions", ())
                if "content" in one.get("slots", {}).get("main", {})
            ]

    def save(self, title: str, text: str, summary: str, base: int, model: str = "") -> int:
        """See ``bot.ports.KitWiki``."""
        return self._edit(title, text, summary, base, **({"contentmodel": model} if model else {}))


def _level(protections: Iterable[Mapping[str, str]]) -> str:
    """Who may edit a page: of several levels (pages can protect others) one that is not the weakest."""
    levels = [one["level"] for one in protections if one["type"] == "edit"]
    return max(levels, key=lambda level: level != "autoconfirmed", default="")
