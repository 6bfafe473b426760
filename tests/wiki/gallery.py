"""One page that shows everything the template can show, for the browser to look at."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.wiki.browser import View
from tests.wiki.conftest import Wiki
from tests.wiki.people import a_person

PERSON = "Lovelace Example"
PAGE = f"User:{PERSON}/Looks"
CONFIG = "Module:Developer badges/config.json"
BOT_PAGES = "User:BadgeBot/Developer badges"

SHOWS = ("card", "compact", "userbox", "icons", "table", "number", "next", "wall")
"""Every word that ``show=`` takes."""
SENTENCES = {
    "unknown": "{{Developer badges|Nobody Known|lang=%s}}",
    "left": "{{Developer badges|Leaver Example|lang=%s}}",
}
HIDDEN = "{{Developer badges|Secret Example|lang=%s}}"
NAMES = (*SHOWS, *SENTENCES, "hidden")
"""The boxes on the page: ``look-<name>``."""
ELSEWHERE = {"icons": ".mw-indicators"}
"""What stands beside the title of the page; Minerva leaves it out."""
RTL = "he"
LANGUAGES = ("en", RTL)
HEBREW = {
    "title": "תגי מפתחים",
    "together-label": "{{PLURAL:$1|משימה ומשאלה|משימות ומשאלות}}",
    "score-estimate-label": "ניקוד (הערכה)",
    "badges": "תגים",
}
"""Enough for a look from right to left, where the kit brings no Hebrew of its own."""


@dataclass(frozen=True, slots=True)
class Look:
    """One way in which a reader meets the page."""

    name: str
    skin: str
    view: View
    lang: str = "en"
    night: bool = False
    """Forced dark: the reader chose it on the wiki, whatever the system says."""

    def __str__(self) -> str:
        return self.name

    def url(self, wiki: Wiki) -> str:
        """Return where to go for this look."""
        query = f"useskin={self.skin}&uselang={self.lang}"
        # Minerva without its mobile extension is light unless told so: 2 is "as the system says".
        query += f"&minervanightmode={1 if self.night else 2}"
        if self.night:
            query += "&vectornightmode=1"
        page = f"{PAGE}/{self.lang}".replace(" ", "_")
        return f"{wiki.url}{page}?{query}"


NEW = (
    Look("forced dark", "vector-2022", View(), night=True),
    Look("forced dark, narrow", "minerva", View(320), night=True),
    Look("forced dark, printed", "vector-2022", View(800, media="print"), night=True),
    Look("forced dark, right to left", "vector-2022", View(), RTL, night=True),
)
"""What only skins with a dark mode can do: 1.43 and newer."""
LOOKS = (
    Look("light", "vector-2022", View()),
    Look("dark", "vector-2022", View(dark=True)),
    Look("narrow", "minerva", View(320)),
    Look("dark, narrow", "minerva", View(320, dark=True)),
    Look("right to left", "vector-2022", View(), RTL),
    Look("right to left, narrow", "minerva", View(320), RTL),
    Look("printed", "vector-2022", View(800, media="print")),
    Look("high contrast", "vector-2022", View(800, forced=True)),
    Look("old skin", "vector", View(800)),
    Look("older skin", "monobook", View(800, dark=True)),
    *NEW,
)


def _badge(badge: str, tier: int, value: float, **more: Any) -> dict[str, Any]:
    return {"id": badge, "tier": tier, "value": value} | more


BADGES = [
    _badge("task-tamer", 4, 1027, since="2025-03-04"),
    _badge("patch-quilter", 3, 434, since="2024-11-20", next=1000, more=566),
    _badge("barn-raiser", 2, 40.5, since="2023-01-31", next=50),
    _badge("wish-granter", 1, 1, since="2025-06-01", next=3, more=2),
    _badge("early-bird", 1, 7, since="2025-06-02", times=3),
    _badge("space-walker", 1, 1, since="2025-06-02", name="A badge with an uncommonly long name"),
    _badge("night-owl", 0, 9, next=10, more=1, waits=1),
]
YEARS = [
    {"year": year, "issues": 4 * n, "wishes": n % 2, "together": 4 * n + n % 2, "patches": 9 * n,
     "reviews": 5 * n, "score": 98.1 * n}
    for n, year in enumerate(range(2022, 2026), 1)
]  # fmt: skip
REASONS = [["size", 0.52, "effective-lines", 118, 3], ["files", 0.1, "files", 4]]
WORKS = [
    {"work": f"T31234{n}", "day": f"2025-0{n}-04", "main": f"mediawiki/core~110000{n}",
     "about": "dialog: Close on Escape, and say so to everybody who listens" * (n % 2 + 1),
     "points": 5.5 * n, "difficulty": 0.41, "impact": 0.34, "estimate": n == 2, "share": 0.7,
     "credit": 3.9 * n, "counted": 3.9 * n if n < 3 else 2, "issue": True, "reasons": REASONS}
    for n in range(1, 5)
]  # fmt: skip
STATISTICS = {
    "schema": 1,
    "people": 41,
    "total": {"issues": 900, "wishes": 12, "together": 912, "patches": 3400, "reviews": 2100},
    "years": YEARS,
    "badges": [{"id": "task-tamer", "tiers": [12, 7, 3, 1]}],
    "wall": [
        {"person": name, "together": number, "badges": number // 2}
        for number, name in enumerate(
            ("Ada Example", "Grace Example", "Lovelace Example", "Ёлка 木", "W" * 60), 1
        )
    ],
}


def a_full_person(**changes: Any) -> dict[str, Any]:
    """Return the data page of somebody with everything a data page may hold."""
    total = a_person()["total"] | {"reviews": 51}
    full = {
        "total": total,
        "years": YEARS,
        "badges": BADGES,
        "works": ["2024", "2025-01", "2025-02"],
        "goal": {"field": "issues", "target": 50, "day": "2026-12-31"},
    }
    return a_person(**full) | changes


def hang(wiki: Wiki) -> None:
    """Save the gallery with all that it shows; once a wiki is enough."""

    def save(name: str, data: Any) -> None:
        wiki.bot.edit(f"{BOT_PAGES}/{name}.json", json.dumps(data, ensure_ascii=False))

    secret = {key: a_person()["total"][key] for key in ("issues", "wishes", "together")}
    save(f"people/{PERSON}", a_full_person())
    save("people/Leaver Example", {"schema": 1, "state": "left"})
    save("people/Secret Example", {"schema": 1, "state": "ready", "total": secret, "badges": []})
    for name in ("2024", "2025", "2025-01", "2025-02"):
        save(f"people/{PERSON}/work-{name}", {"schema": 1, "year": int(name[:4]), "works": WORKS})
    save("statistics", STATISTICS)
    _learn(wiki, RTL, HEBREW)
    for code in LANGUAGES:
        wiki.admin.edit(f"{PAGE}/{code}", text(code))


def calls(code: str) -> dict[str, str]:
    """Return the call for each look, with the language of the words."""
    found = {show: f"{{{{Developer badges|show={show}|lang={code}}}}}" for show in SHOWS}
    found |= {name: call % code for name, call in SENTENCES.items()}
    return found | {"hidden": HIDDEN % code}


def text(code: str) -> str:
    """Return a page with every look in a box of its own, ``look-<name>``."""
    box = '<div id="look-%s">\n%s\n</div>'
    return "\n".join(box % call for call in calls(code).items())


def _learn(wiki: Wiki, code: str, messages: dict[str, str]) -> None:
    """Give the wiki a language, if the kit has not brought it."""
    config = json.loads(wiki.admin.get(CONFIG) or "{}")
    if code not in config["languages"]:
        wiki.admin.edit(f"Module:Developer badges/i18n/{code}.json", json.dumps(messages))
        config["languages"].append(code)
        wiki.admin.edit(CONFIG, json.dumps(config))
