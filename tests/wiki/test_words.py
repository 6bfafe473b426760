"""Further languages need nothing but a page of messages and their name in the settings."""

from __future__ import annotations

import json
import re
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


PROBE = """local core = require('Module:Developer badges')
local probe = {}
function probe.main(frame)
	local out, Words = {}, core._prepare(frame, { lang = 'en' }).words
	for _, one in ipairs(mw.loadJsonData('User:BadgeBot/probe.json')) do
		local words = Words.new({ one.code })
		words.messages[one.code] = { probe = one.message }
		local values = {}
		for index, value in ipairs(one.values) do
			values[index] = type(value) == 'table' and { wikitext = value.wikitext, name = value.name } or value
		end
		out[#out + 1] = words:text('probe', unpack(values))
	end
	for _, asked in ipairs({ 'fr', 'he', 'de-at', 'en-gb', '../x' }) do
		local frame = { preprocess = function() return 'he' end }
		local words = Words.choose(frame, asked, { 'de', 'he' })
		out[#out + 1] = asked .. ': ' .. table.concat(words.row, ' ')
	end
	return '\\n' .. table.concat(out, '<hr>')
end
return probe
"""
DOZEN = "{{PLURAL:$1|0=none|12=a dozen|$1 one|$1 many}}"
THEY = "{{GENDER:$1|he|she|they}}"
ARABIC = "{{PLURAL:$1|zero|one|two|few|many|other}} $1"
SAID: list[tuple[str, str, list[Any], str]] = [
    ("en", DOZEN, [0], "none"),
    ("en", DOZEN, [1], "1 one"),
    ("en", DOZEN, [12], "a dozen"),
    ("en", DOZEN, [1.5], "1.5 many"),
    ("en", "{{PLURAL:$1|only}} {{PLURAL:$2|one|many}}", [5], "only many"),
    ("ru", "{{PLURAL:$1|one|few|many}} $1", [1234.5], "many 1234,5"),
    ("ja", "{{PLURAL:$1|all}} $1", [2], "all 2"),
    ("ar", ARABIC, [3], "few <bdi>٣</bdi>"),
    ("ar", ARABIC, [11], "many <bdi>١١</bdi>"),
    ("he", "$1 $2", [5, "x"], '<bdi>5</bdi> <bdi dir="auto">x</bdi>'),
    ("en", THEY, ["Ada Example"], "she"),
    ("en", THEY, ["Grace Example"], "they"),
    ("en", THEY, [{"wikitext": "[[x]]", "name": "Ada Example"}], "she"),
    ("en", THEY, [{"wikitext": "Ada Example"}], "they"),
    ("en", THEY, ["[[A]]|{{{1}}}"], "they"),
    ("en", THEY, ["x" * 300], "they"),
    ("en", THEY, [5], "they"),
    ("en", THEY, [], "they"),
    ("en", "{{GENDER:$1|he|she}}", ["Nobody"], "he"),
    ("en", "{{plural:$1|one|{{GENDER:$2|his|her|their}} many}}", [2, "Ada Example"], "her many"),
    ("en", "$2 $1", [{"wikitext": "$2"}, {"wikitext": "{{PLURAL:$1|a|b}}"}], "{{PLURAL:$1|a|b}} $2"),
]  # fmt: skip
ROWS = ["fr: he en", "he: he en", "de-at: de en", "en-gb: en", "../x: he en"]


def test_words_are_chosen_as_translators_write_them(kit_wiki: Wiki):
    token = kit_wiki.ada.api(action="query", meta="tokens")["query"]["tokens"]["csrftoken"]
    kit_wiki.ada.api(action="options", change="gender=female", token=token)
    asked = [{"code": code, "message": text, "values": values} for code, text, values, _ in SAID]
    kit_wiki.bot.edit("User:BadgeBot/probe.json", json.dumps(asked))
    kit_wiki.admin.edit("Module:Words probe", PROBE)

    page = kit_wiki.ada.html("{{#invoke:Words probe|main}}", wrapoutputclass="")

    shown = re.sub("</?(p|div)[^>]*>", "", page)
    said = [one.strip() for one in re.split("<hr ?/?>", shown)]
    assert said == [*(one[3] for one in SAID), *ROWS]


@pytest.mark.parametrize("code", ["xx-nowhere", "../en", "qqx", "{{{1}}}", "a" * 300])
def test_a_language_nobody_knows_is_english(translated: Wiki, code: str):
    page = translated.ada.html("{{Developer badges|lang=%s}}".replace("%s", code), ADA)

    assert 'lang="en" dir="ltr"' in page
    assert "Task Tamer" in page
