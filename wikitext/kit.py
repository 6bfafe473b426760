"""The pages of the on-wiki kit, as they should stand on a wiki; wikitext/onwiki/README.md has the rule.

A file's path is its page's title. In every page ``@ROOT@`` is the portal and ``@BOT@`` the bot.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

MODULE = "Module:Developer badges"
_WITHOUT_ENDING = (".wikitext", ".lua")
_MODELS = {".lua": "Scribunto", ".json": "json", ".css": "sanitized-css"}
_NOT_PUBLISHED = frozenset({"README.md", "i18n/qqq.json"})
_OF_THE_SETTINGS = {"Module/Developer badges/config.json": ("bot", "root")}
OF_THE_EDITORS = frozenset({"ROOT/Registry.wikitext", "ROOT/Wishes.wikitext"})


@dataclass(frozen=True, slots=True)
class KitPage:
    """A page to install. ``once``: only if it is missing, for then it belongs to the editors.

    ``model`` is the content model that it needs; one that the wiki does not know is left to the title.
    ``fixed`` are keys of its JSON that follow the settings alone: whoever changes them makes the module
    believe pages of somebody else.
    """

    title: str
    text: str
    once: bool = False
    model: str = "wikitext"
    fixed: tuple[str, ...] = ()

    @property
    def is_data(self) -> bool:
        """Whether it is of use with an older version of the code, too; all others change together."""
        return self.title.endswith(".json")


def kit_pages(root: str, bot: str) -> tuple[KitPage, ...]:
    """The pages of the kit, in the order in which they must be saved.

    Styles, data and parts come before the module that needs them, and that before the templates.
    """
    found = []
    for path, file in sorted(_walk(files("wikitext") / "onwiki", "")):
        if path in _NOT_PUBLISHED:
            continue
        text = _filled(file.read_text("utf-8"), path, root, bot)
        once, model = path in OF_THE_EDITORS, _model(path)
        fixed = _OF_THE_SETTINGS.get(path, ())
        found.append(KitPage(_title(path, root), text, once, model, fixed))
    return tuple(sorted(found, key=lambda page: (_turn(page.title), page.title)))


def _walk(folder: Traversable, prefix: str) -> list[tuple[str, Traversable]]:
    found = []
    for one in folder.iterdir():
        path = f"{prefix}{one.name}"
        found += _walk(one, f"{path}/") if one.is_dir() else [(path, one)]
    return found


def _title(path: str, root: str) -> str:
    for ending in _WITHOUT_ENDING:
        path = path.removesuffix(ending)
    if path == "ROOT" or path.startswith("ROOT/"):
        return root + path.removeprefix("ROOT")
    if path.startswith("i18n/"):
        return f"{MODULE}/{path}"
    namespace, _, rest = path.partition("/")
    return f"{namespace}:{rest}"


def _model(path: str) -> str:
    return next((one for ending, one in _MODELS.items() if path.endswith(ending)), "wikitext")


def _filled(text: str, path: str, root: str, bot: str) -> str:
    if path.endswith(".json"):
        # Inside a JSON string: quotes and backslashes of a name need their own backslash.
        root, bot = json.dumps(root)[1:-1], json.dumps(bot)[1:-1]
    return text.replace("@ROOT@", root).replace("@BOT@", bot)


def _turn(title: str) -> int:
    if title.endswith((".css", ".json")):
        return 0
    if title.startswith(f"{MODULE}/"):
        return 1
    return 2 if title == MODULE else 3
