"""What somebody hides is on no page of a real wiki; and what we write is stored as we wrote it."""

from __future__ import annotations

import json
import random
import re

import pytest

from tests.wiki.conftest import Wiki
from tests.wiki.practice import HOME, REGISTRY, entry
from wikitext.json_text import clean, dumps

pytestmark = pytest.mark.wiki

ADA, CLEO = "Ada Example", "Cleo 示例"
ODD = [
    *range(0x20), *range(0x7F, 0xA1), 0xAD, 0x300, 0x301, 0x338, 0x61C, *range(0x2000, 0x2070),
    0x212B, 0x3099, 0xD800, 0xDFFF, 0xE000, 0xFDD0, 0xFEFF, 0xFFFD, 0xFFFE, 0xFFFF, 0x1D15E,
    0x1F600, 0x1FFFE, 0xE0001, 0x10FFFF, *map(ord, 'aeo"\\/<>&{}[]|~\'=ÅéͅΩ'),
]  # fmt: skip


def test_a_hidden_work_is_on_no_page_that_the_wiki_gives_and_nobody_elses_page_changes(
    wiki, practice
):
    ada, cleo = practice.account(ADA), practice.account(CLEO)
    practice.register(ada, ADA)
    practice.register(cleo, CLEO)
    practice.run()
    pages = {title: ada.get(title) for title in wiki.admin.titles(HOME)}
    works = practice.page(
        ada, f"people/{ADA}/work-{practice.page(ada, f'people/{ADA}')['works'][-1]}"
    )
    hidden = next(
        one for one in works["works"]
        if one["issue"] and one["main"] and not holding(one["work"], others(pages))
    )  # fmt: skip
    assert holding(hidden["work"], pages)

    line = (
        entry(ADA).removesuffix("}}")
        + f"|hide=score, {hidden['work']}|goal=issues:500|wall=yes}}}}"
    )
    ada.edit(REGISTRY, (ada.get(REGISTRY) or "").replace(entry(ADA), line), "hide")
    assert practice.run() > 0
    after = {title: ada.get(title) for title in wiki.admin.titles(HOME)}

    assert not holding(hidden["work"], after)
    assert not holding(hidden["main"], after)
    mine = {title: text for title, text in after.items() if f"/{ADA}" in title}
    assert not [title for title, text in mine.items() if '"score"' in text or '"points"' in text]
    page = practice.page(ada, f"people/{ADA}")
    assert page["goal"] == {"field": "issues", "target": 500}
    people = {title: text for title, text in others(after).items() if "/people/" in title}
    assert people == {title: text for title, text in others(pages).items() if "/people/" in title}
    [thanks] = practice.page(ada, "statistics")["wall"]
    assert (thanks["person"], thanks["together"]) == (ADA, page["total"]["together"])
    assert practice.run() == 0


def holding(key, pages):
    """The titles of pages that hold a key."""
    whole = re.compile(rf"(?<![0-9A-Za-z]){re.escape(key)}(?![0-9A-Za-z])")
    return [title for title, text in pages.items() if whole.search(text)]


def others(pages):
    return {title: text for title, text in pages.items() if f"/{ADA}" not in title}


def test_any_text_that_we_clean_is_stored_as_it_is_and_read_back_equal(wiki: Wiki):
    chance = random.Random(5)
    texts = ["".join(map(chr, chance.choices(ODD, k=chance.randint(1, 12)))) for _ in range(10_000)]
    texts += [chr(code) + chr(follow) for code in ODD for follow in (0x301, 0x338, 0x65)]
    page = {"schema": 1, "texts": [clean(text) for text in texts]}

    title = f"{HOME}/people/Odd texts.json"
    wiki.admin.edit(title, dumps(page), "odd")
    stored = wiki.admin.get(title)
    wiki.admin.delete(title)

    assert stored is not None
    assert json.loads(stored) == page
