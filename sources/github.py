"""Merged changes from GitHub, of repositories that somebody has chosen.

Facts: https://docs.github.com/graphql/reference and
https://docs.github.com/search-github/searching-on-github/searching-issues-and-pull-requests
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime

from scoring.model import Change
from sources.githubapi import RATE, GithubApi, Place, nodes
from sources.http import Client, NoSuchPlace
from sources.paging import Progress
from sources.patches import parse_moment, posted_word
from sources.port import Account
from sources.pullrequests import BOTS, is_mirror, is_public, parse_pull_request
from sources.shape import Shape, find

__all__ = ["API", "Github", "parse_pull_request"]

API = "https://api.github.com"

QUERY = 256
"""The most signs that a search may have."""

WINDOW = len(" merged:2008-01-01..2026-01-01")

_SHAPE = Shape("GitHub")
_MERGED = "is:pr is:merged is:public sort:created-asc"

_RECENT = """pullRequests(states: MERGED, first: %d, after: %s,
    orderBy: {field: UPDATED_AT, direction: DESC})
    { nodes { number mergedAt updatedAt } pageInfo { hasNextPage endCursor } }"""


class Github:
    """The public pull requests of *repositories* (``owner/name``); a ChangeSource.

    *url* is that of the API. GitHub answers only who has a *token*; no repositories, no question.
    *bots* are more logins of automatic accounts. ``missing`` are those of *repositories* that
    were not there, or not public, when last asked; ``mirrors`` those left out because what is
    merged there was merged elsewhere.
    """

    name = "github"

    def __init__(
        self,
        url: str,
        client: Client,
        *,
        token: str = "",
        repositories: Iterable[str] = (),
        bots: frozenset[str] = frozenset(),
    ) -> None:
        self._url = url.rstrip("/")
        self._client = client
        self._repositories = tuple(dict.fromkeys(repositories))
        self._bots = BOTS | {name.casefold() for name in bots}
        self._api = GithubApi(url, client, token, self._bots)
        self.missing: tuple[str, ...] = ()
        self.mirrors: tuple[str, ...] = ()

    def merged_since(self, start: datetime) -> Iterator[Change]:
        """Yield every public change merged at or after *start*. Raises SourceError."""
        return self._api.changes(self._places_since(start.replace(microsecond=0)))

    def merged_by(self, account: str) -> Iterator[Change]:
        """Yield the whole merged history of ``github:<number>`` in the repositories."""
        for change in self._involving("author:{login}", account):
            if account in change.authors:
                yield change

    def reviewed_by(self, account: str) -> Iterator[Change]:
        """Yield the merged changes of others that ``github:<number>`` approved, or asked to mend."""
        for change in self._involving("reviewed-by:{login} -author:{login}", account):
            if account in change.reviewers:
                yield change

    def merged_for(self, tasks: Iterable[int]) -> Iterator[Change]:
        """Yield every merged change that names one of *tasks*. Raises SourceError.

        Found by title and body: one that names its task in a commit message alone comes by
        ``merged_since`` and ``merged_by`` only. One search a task for every few repositories,
        ten searches a request.
        """
        wanted = sorted(set(tasks))
        terms = [f'"T{task}" in:title,body' for task in wanted]
        for change in self._searched(terms) if wanted else ():
            if not set(wanted).isdisjoint(change.tasks):
                yield change

    def merged(self, keys: Iterable[str]) -> Iterator[Change]:
        """Yield the merged changes of these keys as they are now. Raises SourceError."""
        parts = (key.rpartition("#") for key in keys)
        return self._api.changes((project, int(number)) for project, mark, number in parts if mark)

    def reverts_of(self, keys: Iterable[str]) -> Iterator[Change]:
        """Yield the merged changes of the same repositories that say they take back one of *keys*."""
        asked = {key.casefold(): key for key in keys if "#" in key}
        wanted = frozenset(asked)
        projects = frozenset(key.rpartition("#")[0] for key in wanted)
        for change in self._searched(["Reverts in:body"], projects) if wanted else ():
            if change.reverts.casefold() in wanted:
                yield change._replace(reverts=asked[change.reverts.casefold()])

    def account_named(self, name: str, login: str = "") -> Account | None:
        """None: GitHub knows nothing of developer accounts. Its accounts are proved by ``posted``."""
        return None

    def posted(self, name: str, words: Iterable[str]) -> tuple[Account, str] | None:
        """The account called *name* and the first of *words* in its profile or public gists.

        Each alone on its line; addresses only in the profile. In gists, which others may have
        begun and people write on much, a word counts as all that its description or its one file
        says. Raises SourceError.
        """
        data = self._api.ask(_PROFILE, {"login": name})
        user = data["user"] if "user" in data else _SHAPE.wrong("there", "data", "user")
        if user is None:
            return None
        login = _SHAPE.text(user, "login")
        word = _first_posted(user, words)
        if login.casefold() != name.casefold() or not word:
            return None
        return Account(f"github:{_SHAPE.id(user, 'databaseId')}", login, login), word

    def _places_since(self, start: datetime) -> Iterator[Place]:
        for repository in self._shown(_RECENT % (10, "null")):
            name = _SHAPE.text(repository, "nameWithOwner")
            for number in self._recent(name, repository, start):
                yield name, number

    def _recent(self, name: str, repository: object, start: datetime) -> Iterator[int]:
        """Yield the numbers of *name* that were merged since *start*, beginning with a first page.

        The latest touched come first; what is touched while we read moves to the front, past the
        place where we are. So what was touched since a reading began is read after it, until that
        is a page.
        """
        seen: set[int] = set()
        since = start
        while True:
            latest, pages = since, 0
            for page in self._pages(name, repository, since):
                rows = nodes(page)
                if rows and not pages:
                    latest = parse_moment(_SHAPE, rows[0], "updatedAt")
                pages += 1
                yield from _merged_since(_unseen(rows, seen), start)
            if pages == 1 or latest == since:
                return
            repository, since = self._one(name, None), latest

    def _pages(self, name: str, repository: object, start: datetime) -> Iterator[object]:
        progress = Progress("GitHub")
        while True:
            page = _SHAPE.fields(repository, "pullRequests")
            yield page
            rows = nodes(page)
            if not _SHAPE.flag(page, "pageInfo", "hasNextPage") or not rows:
                return
            if parse_moment(_SHAPE, rows[-1], "updatedAt") < start:
                return
            cursor = _SHAPE.text(page, "pageInfo", "endCursor")
            progress.step((_SHAPE.id(row, "number") for row in rows), cursor)
            repository = self._one(name, cursor)

    def _one(self, name: str, after: str | None) -> object:
        """A further page of *name*, which was there a moment ago."""
        [(_, repository)] = self._api.repositories([name], _RECENT % (100, json.dumps(after)))
        return repository if repository is not None else _SHAPE.wrong("there", "repository")

    def _shown(self, more: str = "") -> list[object]:
        """The repositories that are there, public, and no mirrors."""
        found = list(self._api.repositories(self._repositories, more))
        shown = [(name, one) for name, one in found if one is not None and is_public(one)]
        mirrors = [name for name, one in shown if is_mirror(one)]
        self.mirrors = tuple(mirrors)
        self.missing = tuple(name for name, one in found if one is None or not is_public(one))
        return [one for name, one in shown if name not in mirrors]

    def _involving(self, term: str, account: str) -> Iterator[Change]:
        if not self._repositories:
            return
        login = self._login(int(account.removeprefix("github:")))
        if login:
            yield from self._searched([term.format(login=login)])

    def _login(self, number: int) -> str:
        """The login that the account *number* bears today, "" if it is no more."""
        self._api.need_token()
        headers = [*self._api.graphql.headers, ("X-GitHub-Api-Version", "2022-11-28")]
        with suppress(NoSuchPlace):
            row = self._client.get_page(f"{self._url}/user/{number}", headers=headers).data
            if _SHAPE.id(row, "id") == number:
                return _SHAPE.text(row, "login")
        return ""

    def _searched(
        self, terms: Iterable[str], projects: frozenset[str] | None = None
    ) -> Iterator[Change]:
        """Yield what any of *terms* finds in the repositories, or in those of *projects*."""
        if not self._repositories:
            return iter(())
        names = [_SHAPE.text(repository, "nameWithOwner") for repository in self._shown()]
        names = [name for name in names if projects is None or name.casefold() in projects]
        queries = (query for term in terms for query in _queries(term, names))
        return self._api.changes(self._api.search(queries))


_PROFILE = (
    f"query($login: String!) {{ {RATE}"
    + """
    user(login: $login) { databaseId login bio websiteUrl
    socialAccounts(first: 10) { nodes { url } }
    gists(first: 10, privacy: PUBLIC, orderBy: {field: CREATED_AT, direction: DESC})
    { nodes { isFork description files(limit: 2) { text(truncate: 2000) } } } } }"""
)


def _first_posted(user: object, words: Iterable[str]) -> str:
    """Return the first of *words* that a user alone can have written, "" if none was."""
    profile, gists = "\n".join(_profile(user)), frozenset(_gists(user))
    return next(
        (
            word
            for word in words
            if posted_word(profile, [word]) or (word in gists and word and "://" not in word)
        ),
        "",
    )


def _profile(user: object) -> Iterator[str]:
    yield _SHAPE.optional_text(user, "bio")
    yield _SHAPE.optional_text(user, "websiteUrl")
    for account in _rows(user, "socialAccounts"):
        yield _SHAPE.optional_text(account, "url")


def _gists(user: object) -> Iterator[str]:
    """Descriptions, and texts of single files. What was forked is the words of another."""
    for gist in _rows(user, "gists"):
        if find(gist, "isFork") is not False:
            continue
        yield _SHAPE.optional_text(gist, "description").strip()
        files = _SHAPE.rows(gist, "files") if find(gist, "files") is not None else []
        if len(files) == 1:
            yield _SHAPE.optional_text(files[0], "text").strip()


def _rows(user: object, field: str) -> list[object]:
    return [] if find(user, field) is None else _SHAPE.rows(user, field, "nodes")


def _queries(term: str, names: Iterable[str]) -> Iterator[str]:
    """Yield searches for *term* in all of *names*, as many at once as a search can name."""
    packed = base = f"{_MERGED} {term}"
    for name in names:
        longer = f"{packed} repo:{name}"
        if len(longer) > QUERY - WINDOW and packed != base:
            yield packed
            longer = f"{base} repo:{name}"
        packed = longer
    if packed != base:
        yield packed


def _unseen(rows: Iterable[object], seen: set[int]) -> list[object]:
    """Return the rows whose number is not in *seen*, and add their numbers to it."""
    news = {_SHAPE.id(row, "number"): row for row in rows}
    fresh = [row for number, row in news.items() if number not in seen]
    seen.update(news)
    return fresh


def _merged_since(rows: Iterable[object], start: datetime) -> Iterator[int]:
    for row in rows:
        merged = find(row, "mergedAt") is not None and parse_moment(_SHAPE, row, "mergedAt")
        if merged and merged >= start:
            yield _SHAPE.id(row, "number")
