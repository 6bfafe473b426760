"""With TemplateStyles a page has the sheet once; without it every element brings its own rules.

The local 1.43 has a stand-in for the extension that asks the real css-sanitizer
(scripts/local/wiki_styles.php says what is real); the local 1.39 has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from scripts.local.api import APIError
from tests.wiki import gallery
from tests.wiki.browser import Browser
from tests.wiki.conftest import Wiki
from tests.wiki.gallery import LANGUAGES, LOOKS, PAGE, PERSON

pytestmark = pytest.mark.wiki
SHEET = "Template:Developer badges/styles.css"
REFUSED = {
    ".a { border-color: var(--x, #fff); }": "border-color",
    ".a { padding: var(--x, 1em); }": "padding",
    ".a:is(.b) { color: red; }": "invalid-selector-list",
    ".a { color: red": "unexpected-eof",
    "@import 'x.css';": "unrecognized-rule",
    ".a { background: url(https://example.org/x.png); }": "background",
}
TAGS = "style[data-mw-deduplicate^=TemplateStyles]"
TAKEN = """html.skin-theme-clientpref-night .a { color: var(--x, #fff); }
@media print { .a { break-inside: avoid; } }"""


@pytest.fixture(scope="module")
def shown(kit_wiki: Wiki) -> Wiki:
    gallery.hang(kit_wiki)
    return kit_wiki


@pytest.fixture(scope="module")
def has_extension(kit_wiki: Wiki) -> bool:
    model = kit_wiki.admin.info(SHEET)["contentmodel"]
    assert model == ("wikitext" if kit_wiki.version.startswith("1.39") else "sanitized-css")
    return bool(model == "sanitized-css")


@contextmanager
def without_extension(wiki: Wiki) -> Iterator[None]:
    """Turn the sheet into a page like any other, which is all it is where nobody knows sheets."""

    def turn(model: str) -> None:
        token = wiki.admin.api(action="query", meta="tokens")["query"]["tokens"]["csrftoken"]
        wiki.admin.api(action="changecontentmodel", title=SHEET, model=model, token=token)
        wiki.admin.wait()
        wiki.admin.api(action="purge", titles="|".join(f"{PAGE}/{code}" for code in LANGUAGES))

    turn("wikitext")
    try:
        yield
    finally:
        turn("sanitized-css")


def test_twenty_cards_carry_one_sheet_or_none(shown: Wiki, has_extension: bool):
    card = f"{{{{Developer badges|{PERSON}}}}}"
    page = shown.ada.html(card * 20)

    assert page.count("devbadges-card") >= 20
    inline = [style for style in re.findall(r'style="([^"]*)"', page) if "width:" not in style]
    if has_extension:
        assert page.count("<style") == 1
        assert page.count("mw-deduplicated-inline-style") == 19
        assert not inline
    else:
        assert "<style" not in page
        assert "templatestyles" not in page
        assert len(inline) > 20 * 20


def test_the_sanitizer_takes_our_sheet_and_refuses_others(shown: Wiki, has_extension: bool):
    title = "Template:Developer badges/trial.css"
    ours = shown.admin.get(SHEET) or ""
    # TemplateStyles swaps these words where a page and its wiki run in different directions.
    assert not re.search(r"\b(left|right)\b", ours)
    for css, fault in REFUSED.items():
        if has_extension:
            with pytest.raises(APIError, match=fault):
                shown.admin.edit(title, css)
        else:
            assert shown.admin.edit(title, css)["result"] == "Success"
    assert shown.admin.edit(title, TAKEN)["result"] == "Success"
    assert shown.admin.edit(SHEET, ours)["result"] == "Success"
    shown.admin.delete(title)


def nearly(one: list[object], other: list[object]) -> bool:
    """Say whether an element came out alike: a skin's rule for lists may move it a little."""
    sizes = zip(one[1:3], other[1:3], strict=True)
    same = one[:1] + one[3:] == other[:1] + other[3:]
    return same and all(abs(int(str(a)) - int(str(b))) <= 10 for a, b in sizes)


@pytest.mark.browser
def test_without_the_extension_the_badges_look_the_same(
    shown: Wiki, browser: Browser, has_extension: bool
):
    def look_round(sheets: int) -> dict[str, list[list[object]]]:
        found = {}
        for look in LOOKS:
            # Elements have no rules of their own for paper and for the colours of a system.
            if not (look.view.media or look.view.forced):
                browser.visit(look.url(shown), look.view)
                found[look.name] = browser.probe("outcome")
                assert len(found[look.name]) > 50
                assert (
                    len(browser.run(f"return [...document.querySelectorAll({TAGS!r})]")) == sheets
                )
        return found

    first = look_round(sheets=int(has_extension))
    if has_extension:
        with without_extension(shown):
            second = look_round(sheets=0)
        for name, elements in first.items():
            for one, other in zip(elements, second[name], strict=True):
                assert nearly(one, other), (name, one, other)
