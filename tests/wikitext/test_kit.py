import json

from wikitext.kit import kit_pages


def pages(root="Developer badges", bot="BadgeBot"):
    return {page.title: page for page in kit_pages(root, bot)}


def test_every_page_of_the_kit_has_its_title():
    titles = set(pages())

    assert {
        "Template:Developer badges",
        "Template:Developer badges/styles.css",
        "Template:Developer badges/Person",
        "Module:Developer badges",
        "Module:Developer badges/config.json",
        "Module:Developer badges/i18n/en.json",
        "Developer badges",
        "Developer badges/Registry",
        "Developer badges/Registry/Report",
        "Developer badges/Reviews",
        "Template:Developer badges/Review",
    } <= titles
    assert not any("qqq" in title or "README" in title for title in titles)


def test_what_is_needed_comes_before_what_needs_it():
    titles = list(pages())

    for first in ("Template:Developer badges/styles.css", "Module:Developer badges/config.json"):
        assert titles.index(first) < titles.index("Module:Developer badges")
    assert titles.index("Module:Developer badges") < titles.index("Template:Developer badges")


def test_root_and_bot_are_filled_in_even_where_they_are_awkward():
    found = pages(root='Project:A "quoted" root', bot="Bot's")

    config = json.loads(found["Module:Developer badges/config.json"].text)
    assert (config["root"], config["bot"]) == ('Project:A "quoted" root', "Bot's")
    assert not any("@ROOT@" in page.text or "@BOT@" in page.text for page in found.values())


def test_what_editors_write_on_is_only_a_first_text():
    assert [title for title, page in pages().items() if page.once] == [
        "Developer badges/Registry",
        "Developer badges/Wishes",
    ]
