"""Put the kit of wikitext/onwiki on a wiki, by plain edits."""

from __future__ import annotations

from pathlib import Path

from tests.wiki.api import Client

KIT = Path(__file__).parents[2] / "wikitext" / "onwiki"
NOT_PUBLISHED = ("README.md", "i18n/qqq.json")


def title_of(path: Path, root: str) -> str:
    """Return the title of the page that a file of the kit becomes."""
    name = path.relative_to(KIT).as_posix()
    name = name.removesuffix(".wikitext").removesuffix(".lua")
    namespace, _, rest = name.partition("/")
    if namespace == "ROOT":
        return f"{root}/{rest}" if rest else root
    if namespace == "i18n":
        return f"Module:Developer badges/{name}"
    return f"{namespace}:{rest}"


def pages(bot: str, root: str) -> dict[str, str]:
    """Return title and text of every page, in an order that never leaves half a kit in use."""
    files = [path for path in KIT.rglob("*") if path.is_file()]
    files = [path for path in files if path.relative_to(KIT).as_posix() not in NOT_PUBLISHED]
    ranks = (".css", ".json", ".lua", ".wikitext")
    files.sort(key=lambda path: (ranks.index(path.suffix), -len(path.parts), str(path)))
    return {
        title_of(path, root): path.read_text("utf-8").replace("@BOT@", bot).replace("@ROOT@", root)
        for path in files
    }


def install(wiki: Client, bot: str, root: str) -> None:
    """Save every page of the kit."""
    for title, text in pages(bot, root).items():
        wiki.edit(title, text, "Install Developer badges")
