"""A wiki in memory as ``publish`` sees it, and an operator who publishes a small kit of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import SaveRefused
from bot.install import Installed, install_kit
from bot.kit import Orders, Plan, plan_kit
from bot.kit_texts import KitTexts
from bot.ledger import Ledger
from bot.ports import PageState, PastText
from bot.rehearsal import MemoryWiki
from wikitext.kit import KitPage

ROOT = "Project:Developer badges"


@dataclass
class MemoryKitWiki(MemoryWiki):
    """It knows content models by title, protected pages, and summaries."""

    bot: str = "Olga Operator"
    rights: frozenset[str] = frozenset({"edit", "editcontentmodel"})
    extensions: frozenset[str] = frozenset({"Scribunto", "TemplateStyles"})
    models: dict[str, str] = field(default_factory=dict)
    protected: set[str] = field(default_factory=set)
    levels: dict[str, str] = field(default_factory=dict)
    """Who may edit a page, by title; of all others: administrators."""
    refuses: dict[str, Exception] = field(default_factory=dict)
    """By title, what a save meets although the page looked as if it could be saved."""
    summaries: dict[int, str] = field(default_factory=dict)

    def states(self, titles: Iterable[str]) -> Mapping[str, PageState]:
        return {title: self.state(title) for title in titles}

    def state(self, title: str) -> PageState:
        return PageState(
            self._model(title), title not in self.protected, self.levels.get(title, "sysop")
        )

    def past(self, title: str) -> Iterable[PastText]:
        self.asked["past"] += 1
        names = {number: name for name, number in self.accounts.items()}
        return [
            PastText(names[one.user], self.summaries.get(one.id, ""), one.text or "")
            for one in reversed(self.pages.get(title, []))
        ]

    def save(self, title: str, text: str, summary: str, base: int, model: str = "") -> int:
        if title in self.protected:
            raise SaveRefused(f"[[{title}]] is protected.")
        if title in self.refuses:
            raise self.refuses[title]
        if model:
            self.models[title] = model
        # As MediaWiki stores a text.
        number = super().save(title, text.rstrip(), summary, base)
        self.summaries[number] = summary
        return number

    def delete(self, title: str) -> None:
        del self.pages[title]

    def _model(self, title: str) -> str:
        by_title = {
            ".css": "sanitized-css" if "TemplateStyles" in self.extensions else "wikitext",
            ".json": "json",
        }
        ending = next((one for one in by_title if title.endswith(one)), "")
        module = "Scribunto" if title.startswith("Module:") else "wikitext"
        return self.models.get(title) or by_title.get(ending, module)


class Operator:
    """Somebody who runs ``publish`` again and again; the kit is ``pages``, texts by title."""

    def __init__(self, folder: Path) -> None:
        self.wiki = MemoryKitWiki()
        self.folder = folder
        self.ledgers = 0
        self.pages: dict[str, KitPage] = {}
        self.forgets()

    def forgets(self) -> None:
        """The ledger is lost."""
        self.ledgers += 1
        self.ledger = Ledger.open(f"sqlite:///{self.folder / f'{self.ledgers}.sqlite'}")

    def ships(
        self,
        title: str,
        text: str,
        *,
        once: bool = False,
        model: str = "",
        fixed: tuple[str, ...] = (),
    ) -> None:
        """The kit has this text from now on; by default the page is what its title makes it."""
        model = model or self.wiki.state(title).model
        self.pages[title] = KitPage(title, text, once, model, fixed)

    def plans(self, orders: Orders | None = None) -> Plan:
        pages = tuple(self.pages.values())
        return plan_kit(self.wiki, KitTexts(self.ledger), pages, ROOT, orders or Orders())

    def publishes(self, orders: Orders | None = None) -> Installed:
        plan = self.plans(orders)
        return install_kit(self.wiki, KitTexts(self.ledger), plan, ROOT, lambda _: None)
