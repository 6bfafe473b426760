"""Suggestions for people to decide on: repositories for the settings, rows for the wishes table.

Nothing here counts anything: a repository counts once it is in the settings, a row once a reviewer
accepted it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from bot.errors import BadgesError
from bot.ledger import Ledger
from bot.tools import repositories
from wikitext.importers import NotUnderstood, survey_results, template_era
from wikitext.wishes import WishRow, as_line

MIRRORS = ("wikimedia/mediawiki-", "wikimedia/operations-", "wikimedia/pywikibot")
"""How the names of Gerrit's mirrors at GitHub begin: what was merged there is counted at Gerrit."""


class NothingToSuggest(BadgesError):
    """The page is not there, or holds no wishes that we can read."""


def suggest_repositories(
    ledger: Ledger, groups: Collection[str], allowed: Collection[str]
) -> Iterator[str]:
    """Lines on the repositories that tools of Toolhub name and the settings leave out."""
    found = list(repositories(ledger))
    if not found:
        yield "Toolhub was not read yet: it is, in the next round."
        return
    for forge, name, tracker in found:
        about = f" (its bugs: {tracker})" if tracker else ""
        below = any(name == group or name.startswith(f"{group}/") for group in groups)
        if forge == "github" and name not in allowed and not name.startswith(MIRRORS):
            yield f"github {name}{about}: add it to BADGES_GITHUB_REPOSITORIES if it is no mirror"
        elif forge == "gitlab" and not below:
            yield f"gitlab {name}{about}: add its group to BADGES_GITLAB_GROUPS"
        elif forge == "elsewhere":
            yield f"elsewhere {name}{about}: no source reads it"


def suggest_wishes(title: str, read: Callable[[str], str | None]) -> Iterator[str]:
    """Lines for the wishes table from a page of results, or from a page of one wish.

    Raises NothingToSuggest, SourceError.
    """
    text = read(title)
    if text is None:
        raise NothingToSuggest(f"There is no page [[{title}]] to be seen there.")
    try:
        for row in _rows(title, text):
            yield _line(row)
    except NotUnderstood as error:
        raise NothingToSuggest(f"[[{title}]]: {error}") from None


def _rows(title: str, text: str) -> Iterator[WishRow]:
    if title.endswith("/Results"):
        yield from survey_results(title.removesuffix("/Results"), text)
    else:
        yield template_era(title, text)


def _line(row: WishRow) -> str:
    try:
        return as_line(row)
    except ValueError as error:
        return f"<!-- {row.key}: {error} -->"
