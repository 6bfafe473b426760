"""The message files: every language says all that English says, with the same links, code and $1."""

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2]
I18N = HERE / "wikitext" / "onwiki" / "i18n"
GUIDE = HERE / "docs" / "translating.md"
FILES = {path.stem: path for path in sorted(I18N.glob("*.json"))}
TRANSLATED = sorted(FILES.keys() - {"en", "qqq"})
WRITTEN = ["en", *TRANSLATED]

PLURAL_FORMS = {"ar": 6, "de": 2, "en": 2, "es": 3, "fr": 3, "he": 4, "ja": 1, "pt": 3}
"""How many forms a noun has beside a number (CLDR); no language has more than six."""

JOINERS = {"\u200c", "\u200d"}
"""The only characters without looks of their own: Persian and Indic words need them."""

PARTS_OF_A_DAY = set("jdDlNwzWFMmnYyxo")
"""What a day may be written with, in the format of {{#time:}}; no hour, no minute."""

SAME_IN_ANY_LANGUAGE = {"points-made-of", "wish-granted"}
"""Longer messages that may read as in English, where a language uses the same words."""

TAG = re.compile(r"<(/?)(\w+)[^>]*>")


def messages(name):
    told = json.loads(FILES[name].read_text("utf-8"))
    return {key: text for key, text in told.items() if key != "@metadata"}


ENGLISH = messages("en")


def about(name):
    return json.loads(FILES[name].read_text("utf-8"))["@metadata"]


def faults(name, is_faulty):
    """The keys of those messages of a language that are faulty, which a failing test then names."""
    return {key for key, text in messages(name).items() if is_faulty(key, text)}


def holes(text):
    """Which of $1, $2, … a message shows, or asks for the number or gender of."""
    return set(re.findall(r"\$\d", text))


def shown(text):
    """Which of $1, $2, … a message shows itself, beyond asking for their number or gender."""
    return holes(re.sub(r"\{\{(PLURAL|GENDER):\$\d\|", "", text))


def code(text):
    """The pieces of code, however they are directed; the name in a line of the registry is free."""
    pieces = re.findall(r"<code(?: dir=\"ltr\")?>(.*?)</code>", text)
    return Counter(re.sub(r"(/Person\|)[^|{}]+", r"\1Name", piece) for piece in pieces)


def tags(text):
    """The tags, but for those that only direct the text they hold."""
    return Counter(tag for _, tag in TAG.findall(text) if tag != "bdi")


def links(text):
    """Where the links of a message lead, on the wiki and elsewhere, and what it sets in bold."""
    return Counter(
        re.findall(r"\[\[[^|\]]*|\[(?:\$\d|https?:\S+)|'{2,3}|\{\{(?!PLURAL|GENDER)\w+", text)
    )


def is_unbalanced(text):
    """Whether a brace, bracket or tag is opened and not closed, or the other way round."""
    open_tags = []
    for closing, tag in TAG.findall(text):
        if not closing:
            open_tags.append(tag)
        elif not open_tags or open_tags.pop() != tag:
            return True
    uneven = [
        pair
        for pair in ("{}", "[]", "()", "（）", "«»")
        if text.count(pair[0]) != text.count(pair[1])
    ]
    return bool(open_tags or uneven)


def plurals(text):
    return [forms.split("|") for forms in re.findall(r"\{\{PLURAL:\$\d\|([^{}]*)\}\}", text)]


@pytest.mark.parametrize("name", TRANSLATED)
def test_every_language_says_all_that_english_says_and_nothing_else(name):
    lags = ENGLISH.keys() - messages(name).keys()
    unknown = messages(name).keys() - ENGLISH.keys()

    assert (lags, unknown) == (set(), set())


@pytest.mark.parametrize("name", TRANSLATED)
def test_a_translation_fills_in_what_english_fills_in(name):
    assert not faults(
        name,
        lambda key, text: not shown(ENGLISH[key]) <= holes(text) <= holes(ENGLISH[key]),
    )


@pytest.mark.parametrize("name", TRANSLATED)
def test_a_translation_keeps_links_code_and_tags(name):
    assert not faults(
        name,
        lambda key, text: any(of(text) != of(ENGLISH[key]) for of in (code, tags, links)),
    )


@pytest.mark.parametrize("name", WRITTEN)
def test_a_noun_has_no_more_forms_than_the_language_knows(name):
    most = PLURAL_FORMS.get(name, 6)

    assert not faults(
        name,
        lambda key, text: (
            any(not all(forms) or len(forms) > most for forms in plurals(text))
            or len(plurals(text)) != text.count("{{PLURAL:")
        ),
    )


@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_opened_is_closed(name):
    assert not faults(name, lambda key, text: is_unbalanced(text))


@pytest.mark.parametrize("name", [*WRITTEN, "qqq"])
def test_no_message_is_empty_or_has_stray_blanks(name):
    assert not faults(
        name,
        lambda key, text: (
            not text.strip()
            or (text != text.strip() and key != "separator")
            or "  " in text
            or "\t" in text
            or "\n" in text
        ),
    )


@pytest.mark.parametrize("name", [*WRITTEN, "qqq"])
def test_letters_are_composed_and_can_be_seen(name):
    assert not faults(
        name,
        lambda key, text: (
            unicodedata.normalize("NFC", text) != text
            or any(unicodedata.category(one) in ("Cf", "Cc") for one in set(text) - JOINERS)
        ),
    )


@pytest.mark.parametrize("name", TRANSLATED)
def test_nothing_of_several_words_is_left_in_english(name):
    assert not faults(
        name,
        lambda key, text: (
            text == ENGLISH[key]
            and key not in SAME_IN_ANY_LANGUAGE
            and len(re.findall(r"[^\W\d]{2,}", re.sub(r"\{\{PLURAL|\$\d", "", text))) > 2
        ),
    )


@pytest.mark.parametrize("name", WRITTEN)
def test_a_day_is_written_without_the_time_of_day(name):
    written = re.sub(r'"[^"]*"|\\.', "", messages(name)["date-format"])
    letters = set(re.findall(r"[A-Za-z]", written.replace("xg", "F")))

    assert {"j", "Y"} <= letters <= PARTS_OF_A_DAY


@pytest.mark.parametrize("name", WRITTEN)
def test_what_the_bot_writes_itself_needs_no_rules_of_a_language(name):
    """Python fills in $1 in every language, but knows no plural but the English one."""
    summaries = {key: text for key, text in messages(name).items() if key.startswith("summary-")}

    assert not {key for key, text in summaries.items() if "{{" in text}


@pytest.mark.parametrize("name", FILES)
def test_files_are_written_as_translatewiki_writes_them(name):
    text = FILES[name].read_text("utf-8")

    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent="\t") + "\n"
    assert re.fullmatch(r"[a-z]{2,3}(-[a-z]+)*", name)
    order = [key for key in ENGLISH if key in messages(name)]
    assert list(messages(name)) == order


@pytest.mark.parametrize("name", FILES)
def test_every_file_names_its_authors_and_says_if_nobody_has_reviewed_it(name):
    assert about(name)["authors"]
    if name in ("en", "qqq"):
        assert "reviewed" not in about(name)
    else:
        assert about(name)["reviewed"] in (True, False)
        assert about(name)["reviewed"] or "reviewed" in about(name)["note"]


def test_code_in_a_text_from_right_to_left_is_written_from_left_to_right():
    """Else the “=” of a parameter stands before it."""
    for name in {"ar", "he"} & FILES.keys():
        assert not faults(name, lambda key, text: "<code>" in text)


def test_the_documentation_lists_every_language_and_its_state():
    rows = re.findall(r"^\| \w+ \| `([a-z-]+)` \| (.+) \|$", GUIDE.read_text("utf-8"), re.M)
    states = {
        name: "yes" if about(name).get("reviewed", True) else "not yet" for name in TRANSLATED
    }

    assert dict(rows) == states | {"en": "the original"}
