"""Put the kit of wikitext/onwiki on a wiki, by plain edits: what ``publish`` does, without pywikibot."""

from scripts.local.api import Client
from wikitext.kit import kit_pages


def install(wiki: Client, bot: str, root: str) -> None:
    """Save every page of the kit, in its order."""
    for page in kit_pages(root, bot):
        wiki.edit(page.title, page.text, "Install Developer badges")


def give_back(wiki: Client, bot: str, root: str) -> None:
    """Save the pages that belong to the editors, as they were before anybody wrote on them."""
    for page in kit_pages(root, bot):
        if page.once:
            wiki.edit(page.title, page.text, "Install Developer badges")
