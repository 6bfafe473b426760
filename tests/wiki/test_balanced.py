"""What the module makes is whole: balanced as it stands, and the same for both of MediaWiki's parsers."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from tests.wiki import gallery
from tests.wiki.conftest import Wiki
from tests.wiki.gallery import NAMES, PAGE
from tests.wiki.page import VOID

pytestmark = pytest.mark.wiki
TAG = re.compile(r"<(/?)([a-z]+)\b[^<>]*?(/?)>")
KEPT = ("class", "lang", "dir", "role", "style", "aria-label", "aria-hidden", "scope", "tabindex")
OF_PARSERS = ("p", "section", "link", "meta", "style", "tbody")
"""Elements that are a parser's affair."""


class Ours(HTMLParser):
    """The elements and the words of a page, less what parsers add on their own."""

    def __init__(self, html: str):
        super().__init__()
        self.found: dict[str, str] = {}
        """For each box of the gallery, its tags and texts in order."""
        self._box = ""
        self._open: list[tuple[str, bool]] = []
        """The elements that are open within the box, and whether they are ours."""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if given.get("id", "").startswith("look-"):
            self._box, self._open = given["id"], []
            self.found[self._box] = ""
        # Parsoid marks spaces, entities and nowiki by a span without a class.
        marked = tag == "span" and "typeof" in given and "class" not in given
        is_ours = tag not in OF_PARSERS and not marked
        if is_ours:
            self._add(f"<{tag} {self._kept(given) if tag != 'a' else ''}>")
        if tag not in VOID:
            self._open.append((tag, is_ours))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or not self._open:
            return
        opened, is_ours = self._open.pop()
        if is_ours:
            self._add(f"</{opened}>")
        if not self._open:
            self._box = ""

    def handle_data(self, data: str) -> None:
        if not (self._open and self._open[-1][0] == "style"):
            self._add(data.replace("\n", " "))

    def _add(self, piece: str) -> None:
        if self._box:
            self.found[self._box] = re.sub(r"\s+", " ", self.found[self._box] + piece)

    def _kept(self, given: dict[str, str]) -> list[str]:
        return [f"{name}={' '.join(given[name].split())}" for name in KEPT if name in given]


@pytest.fixture(scope="module")
def shown(kit_wiki: Wiki) -> Wiki:
    gallery.hang(kit_wiki)
    return kit_wiki


def tight(found: str) -> str:
    """Leave out spaces beside tags: paragraphs, which are the parsers' affair, bring some."""
    return re.sub(r" ?(<[^>]*>) ?", r"\1", found)


def unbalanced(wikitext: str) -> list[str]:
    """Return the tags that do not fit, as they stand in *wikitext*."""
    opened: list[str] = []
    for ends, tag, alone in TAG.findall(wikitext):
        if alone or tag in VOID:
            continue
        if not ends:
            opened.append(tag)
        elif not opened or opened.pop() != tag:
            return [f"</{tag}>"]
    return opened


def test_every_show_is_balanced_as_it_leaves_the_module(shown: Wiki):
    assert unbalanced("<div><b></div></b>") == ["</div>"]
    for code in gallery.LANGUAGES:
        for name, call in gallery.calls(code).items():
            made = shown.ada.api(
                action="expandtemplates", prop="wikitext", title=f"{PAGE}/{code}", text=call
            )["expandtemplates"]["wikitext"]
            assert made.strip(), name
            assert not unbalanced(made), (name, made)


def test_parsoid_makes_the_same_of_every_show(shown: Wiki):
    """Parsoid is what readers of many Wikimedia wikis get; action=parse offers it from 1.43 on."""
    text = gallery.text("en")
    old = Ours(shown.ada.html(text, PAGE)).found
    assert list(old) == [f"look-{name}" for name in NAMES]
    assert "<ul" in old["look-card"]

    parse = shown.ada.parse(text, PAGE, parsoid=1)
    has_parsoid = "mw:Transclusion" in parse["text"]
    assert has_parsoid != shown.version.startswith("1.39")
    new = Ours(parse["text"]).found
    for box, found in old.items():
        assert tight(new[box]) == tight(found), box
