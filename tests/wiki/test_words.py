"""Further languages need nothing but a page of messages and their name in the settings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.wiki.conftest import Wiki
from tests.wiki.page import words
from tests.wiki.people import a_person

pytestmark = pytest.mark.wiki
ADA = "User:Ada Example"
CONFIG = "Module:Developer badges/config.json"
MESSAGES = {
    "ru": {"issues": "$1 {{PLURAL:$1|задача|задачи|задач}}"},
}


@pytest.fixture
def translated(kit_wiki: Wiki, publish: Any) -> Iterator[Wiki]:
    publish("people/Ada Example", a_person())
    config = kit_wiki.admin.get(CONFIG)
    assert config
    for code, messages in MESSAGES.items():
        kit_wiki.admin.edit(f"Module:Developer badges/i18n/{code}.json", json.dumps(messages))
    offered = json.loads(config) | {"languages": ["en", "he", *MESSAGES]}
    kit_wiki.admin.edit(CONFIG, json.dumps(offered))
    yield kit_wiki
    kit_wiki.admin.edit(CONFIG, config)


def test_plural_forms_and_numbers_are_those_of_the_language(translated: Wiki):
    shown = words(translated.ada.html("{{Developer badges|lang=ru}}", ADA))

    assert "12 задач ·" in shown
    assert "1153,2" in shown.replace("\xa0", "")


def test_a_message_not_yet_translated_is_shown_in_the_next_language(translated: Wiki):
    shown = words(translated.ada.html("{{Developer badges|lang=ru}}", ADA))

    assert "Task Tamer silver since" in shown


def test_a_language_written_from_right_to_left_turns_the_card_round(translated: Wiki):
    page = translated.ada.html("{{Developer badges|lang=he}}", ADA)

    assert 'lang="he" dir="rtl"' in page
    assert "תגי מפתחים" in page


@pytest.mark.parametrize("code", ["ce", "tt"])
def test_a_language_without_messages_falls_back_to_one_its_readers_know(
    translated: Wiki, code: str
):
    page = translated.ada.html("{{Developer badges|lang=%s}}".replace("%s", code), ADA)

    assert 'lang="ru"' in page


@pytest.mark.parametrize("code", ["xx-nowhere", "../en", "qqx", "{{{1}}}", "a" * 300])
def test_a_language_nobody_knows_is_english(translated: Wiki, code: str):
    page = translated.ada.html("{{Developer badges|lang=%s}}".replace("%s", code), ADA)

    assert 'lang="en" dir="ltr"' in page
    assert "Task Tamer" in page
