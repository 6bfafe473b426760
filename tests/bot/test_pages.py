"""What the wiki says no to, in our words. How a real wiki says it is tried in tests/wiki."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import EditConflict, SaveRefused, SettingsError, WikiRefused, WikiUnreachable

HERE = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The module that knows pywikibot, imported with a configuration of its own."""
    folder = tmp_path_factory.mktemp("pywikibot")
    (folder / "user-config.py").write_text("family = 'meta'\nmylang = 'meta'\n")
    before = os.environ.get("PYWIKIBOT_DIR")
    os.environ["PYWIKIBOT_DIR"] = str(folder)
    import bot.pages

    if before is None:
        del os.environ["PYWIKIBOT_DIR"]
    return bot.pages


@pytest.mark.parametrize(
    ("generator", "says"),
    [
        ("MediaWiki 1.38.4", "1.39 or newer"),
        ("MediaWiki 1.4.0", "1.39"),
        ("DokuWiki", "user-config"),
    ],
)
def test_a_mediawiki_that_is_too_old_is_refused_in_one_sentence(pages, generator, says):
    with pytest.raises(WikiRefused, match=says):
        pages._check_version(generator)


def test_new_mediawikis_are_welcome(pages):
    for generator in (
        "MediaWiki 1.39.17",
        "MediaWiki 1.43.0",
        "MediaWiki 1.47.0-wmf.3",
        "MediaWiki 2.0",
    ):
        pages._check_version(generator)


CODES = {
    "editconflict": EditConflict,
    "articleexists": EditConflict,
    "pagedeleted": EditConflict,
    "blocked": WikiRefused,
    "assertbotfailed": WikiRefused,
    "assertnameduserfailed": WikiRefused,
    "permissiondenied": WikiRefused,
    "readonly": WikiUnreachable,
    "maxlag": WikiUnreachable,
    "ratelimited": WikiUnreachable,
    "protectedpage": SaveRefused,
    "abusefilter-disallowed": SaveRefused,
    "spamblacklist": SaveRefused,
    "titleblacklist-forbidden": SaveRefused,
    "contenttoobig": SaveRefused,
    "invalid-json-data": SaveRefused,
    "something-new": SaveRefused,
}


@pytest.mark.parametrize("code", CODES)
def test_each_refusal_of_the_wiki_has_its_meaning(pages, code):
    from pywikibot.exceptions import APIError

    with pytest.raises(CODES[code]) as error, pages.translated("[[Page]]", saving=True):
        raise APIError(code, "the wiki's own words")

    assert type(error.value) is CODES[code]
    assert "[[Page]]" in str(error.value)
    assert error.value.__cause__ is None


def test_a_title_that_is_not_ours_is_never_saved(pages):
    from bot.wiring import may_save_data

    ours = "User:BadgeBot/Developer badges/people/Ada.json"
    assert may_save_data("BadgeBot", ours)
    for title in (
        "User:Ada",
        "User:BadgeBot/Developer badges/people/Ada.js",
        "User:BadgeBot/Developer badges.json",
        "User:Ada/Developer badges/people/Ada.json",
        "Module:Developer badges",
        "MediaWiki:Common.json",
    ):
        assert not may_save_data("BadgeBot", title)


def run(folder, config=None, **environment):
    if config is not None:
        (folder / "user-config.py").write_text(config)
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("BADGES_", "PYWIKIBOT"))}
    return subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        cwd=folder,
        env={**clean, "PYTHONPATH": str(HERE), "HOME": str(folder), **environment},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )


@pytest.mark.parametrize(
    ("config", "says"),
    [
        (None, "user-config.py.sample"),
        ("family = 'nowhere'\nmylang = 'xx'\nusernames['nowhere']['xx'] = 'B'\n", "user-config.py"),
        ("family = mylang = 'meta'\n", "names no account"),
        ("this is no python", "user-config.py"),
    ],
)
def test_a_configuration_that_cannot_work_is_one_sentence_that_says_what_to_do(
    tmp_path, config, says
):
    done = run(tmp_path, config)

    assert done.returncode == SettingsError.exit_code, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def wiki(pages, monkeypatch):
    """Our wiki class with answers of our own in place of a wiki's; they have the shape of real ones."""
    wiki = object.__new__(pages.PywikibotWiki)
    wiki.answers = []
    monkeypatch.setattr(type(wiki), "_ask", lambda self, **params: self.answers.pop(0))
    return wiki


def page(title, number, text=None):
    slots = {"main": {"content": text}}
    revisions = {"revisions": [{"revid": number, "slots": slots}]} if text is not None else {}
    return {"title": title, **revisions}


def test_pages_that_come_in_a_second_answer_are_not_taken_for_missing(wiki):
    """As MediaWiki answers when all texts together are larger than $wgAPIMaxResultSize."""
    wiki.answers = [
        {"continue": {"rvcontinue": "x"}, "query": {"pages": [page("A", 1, "a"), page("B", 2)]}},
        {"query": {"pages": [page("A", 1), page("B", 2, "b")]}},
    ]

    assert {one.title: (one.revision, one.text) for one in wiki.texts(["A", "B"])} == {
        "A": (1, "a"),
        "B": (2, "b"),
    }


def test_a_page_that_is_never_delivered_is_an_error_and_not_missing(wiki):
    wiki.answers = [{"query": {"pages": [page("A", 1)]}}]

    with pytest.raises(WikiRefused):
        list(wiki.texts(["A"]))


def test_a_missing_page_is_missing_under_the_name_it_was_asked_by(wiki):
    wiki.answers = [
        {
            "query": {
                "normalized": [{"from": "Project:X", "to": "Developer Wiki:X"}],
                "pages": [{"title": "Developer Wiki:X", "missing": True}],
            }
        }
    ]

    (found,) = wiki.texts(["Project:X"])
    assert (found.title, found.exists, found.text) == ("Project:X", False, "")
