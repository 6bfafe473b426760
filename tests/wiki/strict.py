"""Read a rendered page and object to every element that the badges would not have made."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from tests.wiki.page import VOID

INLINE = frozenset({"a", "abbr", "bdi", "code", "small", "span", "strong"})
BLOCKS = frozenset(
    {"caption", "div", "li", "ol", "p", "table", "tbody", "td", "th", "thead", "tr", "ul"}
)
OTHERS = frozenset({"br", "hr", "link", "style", "wbr"})
ATTRIBUTES = re.compile(
    r"class|style|lang|dir|id|role|href|title|rel|scope|tabindex|colspan|rowspan|aria-[a-z]+|data-[a-z-]+"
)
CLASSES = re.compile(
    r"devbadges\S*|mw-\S+|plainlinks|external|extiw|text|new|selflink|wikitable|sortable|row"
)
STYLES = re.compile(r"[a-z0-9#%.,:;() -]*", re.IGNORECASE)
PLACES = re.compile(
    r"mw-data:TemplateStyles:r\d+$|/wiki/|(http://127\.0\.0\.1:\d+)?/w/index\.php\?title="
    r"|https://((phabricator|gerrit|gitlab)\.wikimedia\.org|github\.com)/"
)
MARK = re.compile(r"mark \d+")


class Strict(HTMLParser):
    """What is wrong with a page, and how it is built."""

    def __init__(self, text: str):
        super().__init__()
        self.faults: list[str] = []
        self.skeleton: list[str] = []
        """Each tag with its classes, in order."""
        self.marks: list[str] = []
        """Texts "mark <number>" that stand where they should: in nothing of ours."""
        self._open: list[tuple[str, str]] = []
        self.feed(text)
        self.close()
        self.faults += [f"never closed: {tag}" for tag, _ in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        classes = given.get("class", "")
        self.skeleton.append(f"<{tag} {classes}>")
        bold = tag == "b" and self._open and "devbadges-review" in self._open[-1][1]
        if tag not in INLINE | BLOCKS | OTHERS and not bold:
            self.faults.append(f"element: {tag}")
        if tag in BLOCKS and any(outer in INLINE for outer, _ in self._open):
            self.faults.append(f"a block in a line: {tag}")
        self._check(given)
        if tag not in VOID:
            self._open.append((tag, classes))

    def _check(self, given: dict[str, str]) -> None:
        for name in given:
            if not ATTRIBUTES.fullmatch(name):
                self.faults.append(f"attribute: {name}")
        for name in given.get("class", "").split():
            if not CLASSES.fullmatch(name):
                self.faults.append(f"class: {name}")
        if not STYLES.fullmatch(given.get("style", "")) or "url" in given.get("style", ""):
            self.faults.append(f"style: {given['style']}")
        if given.get("href") and not PLACES.match(given["href"]):
            self.faults.append(f"link: {given['href']}")

    def handle_endtag(self, tag: str) -> None:
        self.skeleton.append(f"</{tag}>")
        if tag not in VOID:
            opened = self._open.pop()[0] if self._open else "nothing"
            if opened != tag:
                self.faults.append(f"{opened} ended by {tag}")

    def handle_data(self, data: str) -> None:
        if MARK.fullmatch(data.strip()):
            if any("devbadges" in classes for _, classes in self._open) or len(self._open) != 2:
                self.faults.append(f"{data} stands in {self._open}")
            self.marks.append(data.strip())

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"comment: {data[:40]}")
