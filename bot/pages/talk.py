"""The running bot's wiki, with the one page beside its own that it may write on, and only so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.errors import SaveRefused
from bot.pages import PywikibotWiki
from bot.pages.errors import translated

_NO_NAME = frozenset("#<>[]|{}/\n:@")


def talk_page(operator: str) -> str:
    """The talk page of an account; "" where this is no name of one."""
    name = operator.replace("_", " ").strip()
    return f"User talk:{name}" if name and not _NO_NAME & set(name) else ""


class TalkingWiki(PywikibotWiki):
    """See ``bot.ports.TalkingWiki``. *operator* is the account that may be told of trouble; "": nobody."""

    def __init__(
        self, may_save: Callable[[str, str], bool], *, operator: str = "", contact: str = ""
    ) -> None:
        super().__init__(may_save, contact=contact)
        self._talk = talk_page(operator)

    def has_messages(self) -> bool:
        """See ``bot.ports.TalkingWiki``."""
        with translated("the wiki"):
            answer = self._ask(action="query", meta="userinfo", uiprop="hasmsg")
            return bool(answer["query"]["userinfo"].get("messages"))

    def tell(self, operator: str, heading: str, text: str) -> None:
        """See ``bot.ports.TalkingWiki``."""
        title = talk_page(operator)
        # The exception to the allow-list: this very page, and a new section, which changes no other word.
        if not title or title != self._talk:
            raise SaveRefused("That is not the operator's talk page: nothing is written there.")
        edit: dict[str, Any] = {
            "action": "edit", "title": title, "section": "new", "sectiontitle": heading,
            "text": text, "summary": heading, "assertuser": self.bot, "watchlist": "nochange",
        }  # fmt: skip
        self._send(title, edit)
