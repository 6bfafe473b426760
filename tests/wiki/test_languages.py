"""Our own languages on a real wiki: direction, numbers, days, plural and gender are as they should be."""

from __future__ import annotations

from typing import Any

import pytest

from tests.wiki.conftest import Wiki
from tests.wiki.page import words
from tests.wiki.people import a_person

pytestmark = pytest.mark.wiki
ADA = "User:Ada Example"
NAME = "Developer badges"
MODULE = f"Module:{NAME}"
NUMBERS = (0, 1, 2, 3, 11, 100)

PROBING = """
local p = {}
function p.forms(frame)
	local found = {}
	for number in frame.args.numbers:gmatch('%d+') do
		found[#found + 1] = mw.language.new(frame.args.lang):plural(tonumber(number),
			{ 'a', 'b', 'c', 'd', 'e', 'f' })
	end
	return table.concat(found)
end
return p
"""

CHOSEN = {
    "ar": "abcdef",
    "de": "babbbb",
    "es": "babbbb",
    "fr": "aabbbb",
    "he": "dabddc",
    "pt": "aabbbb",
}
"""Which form the wiki takes beside each of NUMBERS: messages put their forms in this order."""

READ = {
    "de": ("ltr", "1.153,2", "Silber seit 4. Mär. 2025", "12 Aufgaben · 1 Wunsch · 34 Patches"),
    "fr": (
        "ltr",
        "1 153,2",
        "argent depuis le 4 mars 2025",
        "12 tâches · 1 souhait · 34 correctifs",
    ),
    "es": ("ltr", "1153,2", "plata desde el 4 mar 2025", "12 tareas · 1 deseo · 34 parches"),
    "pt": ("ltr", "1 153,2", "prata desde 4 mar. 2025", "12 tarefas · 1 desejo · 34 patches"),
    "ar": ("rtl", "1٬153٫2", "فضية منذ 4 مارس 2025", "12 مهمة · أمنية واحدة · 34 رقعة"),
    "he": ("rtl", "1,153.2", "כסף מאז 4 במרץ 2025", "12 משימות · משאלה אחת · 34 טלאים"),
    "ja": ("ltr", "1,153.2", "シルバー（2025年3月4日から）", "タスク12件 · 要望1件 · パッチ34件"),
}
"""What a card of each language says: its direction, a number, a day, and how many of what."""


COUNTED = {
    "ar": ("لا مهام", "مهمة واحدة", "مهمتان", "3 مهام", "11 مهمة", "100 مهمة"),
    "he": ("0 משימות", "משימה אחת", "שתי משימות", "3 משימות", "11 משימות", "100 משימות"),
}
"""Tasks beside each of NUMBERS."""

FOR_WHOM = {
    "de": ("Dieser Benutzer hat", "Diese Benutzerin hat", "Diese Person hat"),
    "fr": ("Cet utilisateur a", "Cette utilisatrice a", "Cette personne a"),
    "es": ("Este usuario ayudó", "Esta usuaria ayudó", "Esta persona ayudó"),
    "pt": ("Este utilizador ajudou", "Esta utilizadora ajudou", "Esta pessoa ajudou"),
    "ar": ("ساعد هذا المستخدم", "ساعدت هذه المستخدمة", "ساعد هذا الشخص"),
    "he": ("משתמש זה סייע", "משתמשת זו סייעה", "משתמש או משתמשת זו סייעו"),
    "ja": ("この利用者は",) * 3,
    "en": ("This user helped",) * 3,
}
"""How the sentence of a userbox begins for him, for her, and for whoever did not say."""

WESTERN = str.maketrans("٠١٢٣٤٥٦٧٨٩\xa0\u202f", "0123456789  ")


@pytest.fixture(scope="module")
def spoken(kit_wiki: Wiki) -> Wiki:
    """The wiki with a module that asks it for the forms of a noun."""
    kit_wiki.admin.edit(f"{MODULE}/probe", PROBING)
    return kit_wiki


def template(**given: object) -> str:
    """Return the call of our template with these parameters."""
    return f"{{{{{NAME}" + "".join(f"|{key}={value}" for key, value in given.items()) + "}}"


def pieces(wiki: Wiki, wikitext: list[str]) -> list[str]:
    """Return the HTML of each piece of wikitext, parsed together on Ada's page."""
    return wiki.ada.html("\n<hr>\n".join(wikitext), ADA).split("<hr")


def test_every_language_is_read_as_its_readers_write(spoken: Wiki, publish: Any):
    publish("people/Ada Example", a_person())
    cards = pieces(
        spoken, [template(lang=code) + template(lang=code, show="compact") for code in READ]
    )

    for card, (code, (direction, *facts)) in zip(cards, READ.items(), strict=True):
        read = words(card.translate(WESTERN))
        assert card.count(f'lang="{code}" dir="{direction}"') == 2, code
        assert not [fact for fact in facts if fact not in read], (code, read)
        # Nothing is left unfilled, and nothing is said in English.
        left = ("$", "{{", "}}", "PLURAL", "Task Tamer", "Developer badges")
        assert not [piece for piece in left if piece in read], (code, read)


def test_the_forms_of_a_noun_stand_in_the_order_that_the_wiki_asks_for(spoken: Wiki, publish: Any):
    """Where a message gives fewer forms than there are, the wiki takes its last one."""
    numbers = " ".join(map(str, NUMBERS))
    told = pieces(
        spoken,
        [f"{{{{#invoke:{NAME}/probe|forms|lang={code}|numbers={numbers}}}}}" for code in CHOSEN],
    )
    assert {code: words(f"<{one}") for code, one in zip(CHOSEN, told, strict=True)} == CHOSEN

    for number in NUMBERS:
        total = a_person()["total"] | {"issues": number}
        publish(f"people/Number {number}", a_person(total=total))
    for code, forms in COUNTED.items():
        cards = pieces(spoken, [template(user=f"Number {number}", lang=code) for number in NUMBERS])
        for form, card in zip(forms, cards, strict=True):
            assert f"{form} ·" in words(card.translate(WESTERN)), (code, form)


def test_a_userbox_speaks_of_him_or_her_as_each_chose_in_their_preferences(
    spoken: Wiki, publish: Any
):
    said = {"Grace Example": "male", "Ada Example": "female", "Ёлка 木": "unknown"}
    for name, gender in said.items():
        publish(f"people/{name}", a_person())
        set_gender(spoken, name, gender)
    try:
        for code, forms in FOR_WHOM.items():
            boxes = pieces(
                spoken, [template(user=name, show="userbox", lang=code) for name in said]
            )
            for form, box in zip(forms, boxes, strict=True):
                assert form in words(box), (code, form)
    finally:
        for name in said:
            set_gender(spoken, name, "unknown")


def set_gender(wiki: Wiki, name: str, gender: str) -> None:
    """Have an account say in its preferences how it wants to be spoken of."""
    client = wiki.client(name)
    tokens = client.api(action="query", meta="tokens")["query"]["tokens"]
    client.api(action="options", change=f"gender={gender}", token=tokens["csrftoken"])
