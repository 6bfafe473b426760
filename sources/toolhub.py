"""Tools, as Toolhub lists them, and the forge where each one's code lies.

Facts: https://toolhub.wikimedia.org/api-docs and the toolinfo schema 1.2.2. Who a tool says wrote it
is the word of whoever listed it: never a proof.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from sources.http import Client, NoSuchPlace
from sources.port import SourceChanged, SourceUnreachable, Tool
from sources.shape import Shape, find

PAGE = 200
"""Rows of one request: a quiet round reads one page, the first reading of all about twenty."""

READINGS = 5
"""How often a list of several pages is read before we say that it never holds still."""

_SHAPE = Shape("Toolhub")
_GITHUB = re.compile(r"/([A-Za-z0-9-]+/[\w.-]+)(?:/|$)", re.ASCII)
_GITLAB = re.compile(r"/((?:[\w.-]+/)+[\w.-]+)", re.ASCII)
# Gitiles, the pages of a repository in Gerrit's own interface, and what git clones from.
_GERRIT = re.compile(r"/(?:g|r/plugins/gitiles|r/admin/(?:repos|projects)|r(?:/[ap])?)/(.+)")
_PROJECT = re.compile(r"[\w.+-]+(?:/[\w.+-]+)*", re.ASCII)
_NO_PROJECT = re.compile(r"[acqp]/|(?:admin|changes|dashboard|plugins|projects|settings)(?:/|$)")


class _Row(NamedTuple):
    """A row of the list and what it is sorted by; the two together say whether we had it."""

    name: str
    modified: datetime
    row: object


class Toolhub:
    """The catalogue at *url* (``https://toolhub.wikimedia.org``); a ToolSource.

    *page* is how many rows one request asks for, at most 1,000.
    """

    name = "toolhub"

    def __init__(self, url: str, client: Client, *, page: int = PAGE) -> None:
        self._url = f"{url.rstrip('/')}/api/tools/"
        self._client = client
        self._size = page

    def changed_since(self, start: datetime) -> Iterator[Tool]:
        """Yield every tool touched at or after *start*, newest first. Raises SourceError.

        A tool touched while we read may come again, as it is then. Deprecated ones come too.
        """
        seen: set[tuple[str, datetime]] = set()
        for _ in range(READINGS):
            pages, news = 0, False
            for page in self._pages(start):
                fresh = [one for one in page if (one.name, one.modified) not in seen]
                seen.update((one.name, one.modified) for one in fresh)
                pages, news = pages + 1, news or bool(fresh)
                yield from parse_tools(one.row for one in fresh)
            # What goes or is touched between two pages moves the others over the edge between
            # them. So a list of several pages is read again until a reading brings no news.
            if pages <= 1 or not news:
                return
        raise SourceUnreachable(
            "Toolhub's list changed each time it was read. The next round reads it again."
        )

    def _pages(self, start: datetime) -> Iterator[list[_Row]]:
        """Yield one reading of the list: pages of the rows that are new enough."""
        seen: set[str] = set()
        number, more = 1, True
        while more:
            rows, more = self._page(number)
            new = [one for one in rows if one.modified >= start]
            yield new
            more = more and len(new) == len(rows)
            if more and seen.issuperset(one.name for one in rows):
                raise SourceChanged(
                    "Toolhub promises more and repeats the same rows. Somebody must look."
                )
            seen.update(one.name for one in rows)
            number += 1

    def _page(self, number: int) -> tuple[list[_Row], bool]:
        """The rows of a page, and whether there is another; never by the address it names."""
        asked = [
            ("ordering", "-modified_date"),
            ("page_size", str(self._size)),
            ("page", str(number)),
        ]
        try:
            answer = self._client.get(self._url, asked)
        except NoSuchPlace:
            if number == 1:
                raise
            return [], False  # the list became shorter while we read
        rows = [
            _Row(_SHAPE.text(row, "name"), _moment(row, "modified_date"), row)
            for row in _SHAPE.rows(answer, "results")
        ]
        if any(later.modified > one.modified for one, later in pairwise(rows)):
            # The end of what is new could be anywhere.
            raise SourceChanged("Toolhub sorts its list no more by change. Somebody must look.")
        return rows, _SHAPE.told(answer, "next") is not None


def parse_tools(rows: Iterable[object]) -> Iterator[Tool]:
    """Understand the rows of ``tools/``. Raises SourceChanged.

    Of the authors only ``wiki_username`` is read: no address and no other name.
    """
    for row in rows:
        yield Tool(
            name=_SHAPE.text(row, "name"),
            title=_SHAPE.optional_text(row, "title"),
            kind=_SHAPE.optional_text(row, "tool_type"),
            repository=_repository(_own_or_added(row, "repository")),
            tracker=_tracker(_own_or_added(row, "bugtracker_url")),
            authors=_authors(row),
        )


def forge_of(repository: str) -> tuple[str, str] | None:
    """Return where a repository lies and its name there, None if it is no http(s) address.

    ``("github", "owner/name")``, ``("gitlab", "repos/group/name")`` for gitlab.wikimedia.org,
    ``("gerrit", "mediawiki/core")`` for gerrit.wikimedia.org, else ``("elsewhere", address)``:
    Diffusion too, whose callsigns are names of nothing else.
    """
    address = _repository(repository)
    if not address:
        return None
    host, path = _parts(address)
    found = None
    if host in ("github.com", "www.github.com"):
        match = _GITHUB.match(path)
        found = match and ("github", match[1].removesuffix(".git"))
    elif host == "gitlab.wikimedia.org":
        match = _GITLAB.fullmatch(path.partition("/-/")[0].removesuffix("/-"))
        found = match and ("gitlab", match[1])
    elif host == "gerrit.wikimedia.org":
        found = _gerrit(path)
    return found or ("elsewhere", address)


def _gerrit(path: str) -> tuple[str, str] | None:
    match = _GERRIT.match(path)
    if not match:
        return None
    name = unquote(match[1]).partition("/+")[0].partition(",")[0].strip("/").removesuffix(".git")
    is_name = _PROJECT.fullmatch(name) and not _NO_PROJECT.match(name)
    return ("gerrit", name) if is_name else None


def _parts(address: str) -> tuple[str, str]:
    split = urlsplit(address)
    return split.hostname or "", split.path


def _own_or_added(row: object, field: str) -> str:
    """What the tool says of itself, else what the community has added."""
    own = _SHAPE.optional_text(row, field).strip()
    return own or _SHAPE.optional_text(row, "annotations", field).strip()


def _repository(text: str) -> str:
    """``https://host/path``: two addresses of one repository should be one text."""
    split = _web(text)
    if split is None:
        return ""
    path = re.sub("//+", "/", split.path).rstrip("/").removesuffix(".git").rstrip("/")
    return f"https://{_place(split)}{path}"


def _tracker(text: str) -> str:
    """An address without credentials; its query may well be what finds the tasks."""
    split = _web(text)
    if split is None:
        return ""
    return split._replace(netloc=_place(split), fragment="").geturl()


def _web(text: str) -> SplitResult | None:
    """Return *text* split where it is an address of the web, None otherwise."""
    if not text.isprintable() or set(text) & set(' "<>\\'):
        return None
    with suppress(ValueError):
        split = urlsplit(text)
        if split.scheme in ("http", "https") and split.hostname and split.port != 0:
            return split
    return None


def _place(split: SplitResult) -> str:
    """Host and port, without a name and a password."""
    host = split.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return host if split.port in (None, 80, 443) else f"{host}:{split.port}"


def _authors(row: object) -> tuple[str, ...]:
    listed = find(row, "author")
    names = (
        _SHAPE.optional_text(one, "wiki_username").replace("_", " ").strip()
        for one in (listed if isinstance(listed, list) else ())
    )
    return tuple(dict.fromkeys(name for name in names if name))


def _moment(row: object, field: str) -> datetime:
    text = _SHAPE.text(row, field)
    with suppress(ValueError):
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return found
    return _SHAPE.wrong("a moment like 2026-01-07T23:58:11Z", field)
