"""What an edit changed that its author did not write: MediaWiki executes what others left on the page.

``{{subst:…}}`` can be put on a page so that it is not executed at once but when the page is saved
next, by whomever; what comes of it stands in their edit. So an edit is believed to be its author's
only if nothing that somebody else left can have been executed in it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

# "subst" and "safesubst" as MediaWiki 1.39 to 1.43 call them in the languages it speaks ("+": a blank).
_WORDS = """
AKTAR: ANSTAT: ASENDA: ATEBERDE BEILLESZT: BEMÁSOL: BEZBEDNAZAMENA BEZBEDNA_ZAMENA
BEZBJEDNAZAMJENA BEZBJEDNA_ZAMJENA BIDDEL: BYT: BÄDEL: EMELEYATEBERDE ERS: FIJAR: GANTI:
GNT: GÜVENLİAKTAR: GÜVENLİKOPYALA: GÜVENLİYAPIŞTIR: GÜVENLİYERİNEKOY: IONAD: KOPYAKE
KOPYALA: LIIBME: LIMINN: NAHR: SAFESUBST: SEKURANSTAT: SICHERERS: SICHER_ERS: SOST: SUBST
SUST: THẾ: THẾ_AN_TOÀN: TRYGGLIMINN: TUKAR: TÖPÇEK: VASTINE: VEILIGVERV: VERV: VERVANG:
VLOŽIT: WAKCHAY: YAPIŞTIR: YERİNEKOY: YK: ZAMENA: ZAMENI: ZAMIJENI: ZAMJENA: ZAMJENI: ZËVN
podst: ƏVƏZ_KARDE: ΑΛΛΑΓΗ: БЕЗБЈЕДНА_ЗАМЈЕНА БЕЗБЈЕДНАЗАМЈЕНА БЕЗБЕДНА_ЗАМЕНА БЕЗБЕДНАЗАМЕНА
БЕЗБЗАМЕНИ БЕЗПЕЧНА_ПІДСТАНОВКА: БӘДЕЛ: ЗАМЈЕНА: ЗАМЕНА: ЗАМЕНИ: ЗАМЕСТ: ЗАМИЈЕНИ: ЗАЩПОДСТ:
МОНДАН: МОНДАНИҲИФЗ: ПІДСТ: ПІДСТАНОВКА: ПАДСТАНОЎКА: ПОДСТ: ПОДСТАНОВКА: СУБСТ УГАН_БИЭРИИ:
УГУУ: УГУУКМСКЛ: ХӀОТТ: ХӀОТТОР: ס+בטוח: ס: إحلال: بادەل: جا: جام: جایگزین: جایگزین_امن:
محفوظ_جا: محفوظ_نقل: نسخ: نسخ_آمن: نقل: अबाह्य: कंसत्याग: निरकंसबिंब: पर्याय: प्रति:
समाविष्टी: साचान्तर: साचापरिस्फोट: साचाहिन: साचोद्घाटन: सुरक्षित_प्रति: ഉൾപ്പെടുത്തൽ: ബദൽ:
സംരക്ഷിതബദൽ: സംരക്ഷിതയുൾപ്പെടുത്തൽ: მიდგმ: 安全展開: 安全替代: 安全替換: 展開: 展開： 替代: 替換: 안전풀기: 풀기:
"""
_WAITS = re.compile(
    r"\{\{\s*(?:" + "|".join(re.escape(word.replace("+", " ")) for word in _WORDS.split()) + ")",
    re.I,
)


def may_be_executed(text: str) -> bool:
    """Whether the next save of *text* substitutes something in it, whatever is changed."""
    return _WAITS.search(text) is not None


def only_ones_own(
    before: str,
    after: str,
    owns: Callable[[str], bool],
    same: Callable[[str], str] = str.strip,
) -> bool:
    """Whether no line of *before* is gone from *after* that another may have made so.

    Moved lines are not gone; *same* says what of a line counts. A line that is gone must be the
    author's (*owns*), or hold no ``{{``: of that, nothing can come.
    """
    there = Counter(same(line) for line in after.split("\n"))
    for line in before.split("\n"):
        key = same(line)
        if there[key]:
            there[key] -= 1
        elif "{{" in line and not owns(line):
            return False
    return True
