"""Read a rendered page: what a reader reads, and what a browser would make of it."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

VOID = ("br", "hr", "img", "input", "link", "meta", "wbr")
NOT_OURS = ("script", "img", "iframe", "form", "input", "object", "svg")


def words(text: str) -> str:
    """Return what a reader reads: no tags, no styles, single spaces."""
    text = re.sub(r"<style\b.*?</style>", "", text, flags=re.DOTALL)
    text = re.sub(r'<span class="devbadges-underlined"[^>]*>(.*?)</span>', r"\1", text)
    text = re.sub(r"</?(bdi|code|a|small)\b[^>]*>", "", text)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text))).strip()


class Page(HTMLParser):
    """The elements of a page, read as a browser reads them."""

    def __init__(self, text: str):
        super().__init__()
        self.dangers: list[str] = []
        self.around: dict[str, list[str]] = {}
        """For each piece of text, the classes of the elements it stands in."""
        self._open: list[tuple[str, str]] = []
        self.feed(text)
        self.close()

    @property
    def unclosed(self) -> list[str]:
        """Elements that never end."""
        return [tag for tag, _ in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in NOT_OURS:
            self.dangers.append(tag)
        self.dangers += [name for name in given if name.startswith("on")]
        if re.match(r"\s*javascript:", given.get("href") or ""):
            self.dangers.append("href")
        if tag not in VOID:
            self._open.append((tag, given.get("class") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            opened = self._open.pop()[0] if self._open else "nothing"
            if opened != tag:
                self.dangers.append(f"{opened} ended by {tag}")

    def handle_data(self, data: str) -> None:
        self.around[data.strip()] = [name for _, name in self._open]
