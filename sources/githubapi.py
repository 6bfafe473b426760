"""Ask GitHub by GraphQL about many repositories, searches and pull requests at once.

Limits: https://docs.github.com/graphql/overview/rate-limits-and-node-limits-for-the-graphql-api
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

from scoring.model import Change
from sources.batch import batches
from sources.graphql import GraphQL, TooMuch
from sources.http import Client, Overloaded
from sources.paging import Progress
from sources.patches import parse_moment
from sources.port import SourceChanged, SourceRefused, SourceUnreachable
from sources.pullrequests import (
    ACTOR,
    FULL,
    LEAN,
    REPOSITORY,
    is_mirror,
    is_public,
    parse_pull_request,
)
from sources.shape import Shape, find

REPOSITORIES = 100
"""How many repositories one request asks about."""

BATCH = 25
"""How many pull requests are asked about at once, to begin with; halved where that is too much."""

SEARCHES = 10
"""How many searches one request makes."""

FOUND = 1000
"""The most that one search gives, whatever it finds."""

FIRST_DAY = date(2008, 1, 1)
"""Before the first pull request."""

RATE = "rateLimit { cost remaining resetAt }"

_SHAPE = Shape("GitHub")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}")

Window = tuple[date, date]
"""The first and the last day of something."""

Place = tuple[str, int]
"""A pull request: its repository (``owner/name``), and its number there."""


class GithubApi:
    """GitHub's GraphQL at *url*, as *token* sees it. *bots* are logins in lower case."""

    def __init__(self, url: str, client: Client, token: str, bots: frozenset[str]) -> None:
        self.graphql = GraphQL(f"{url.rstrip('/')}/graphql", client, token)
        self._client = client
        self._token = bool(token)
        self._bots = bots
        self._batch = BATCH
        self._rest_until = datetime.min.replace(tzinfo=UTC)

    def ask(
        self, query: str, variables: Mapping[str, object] | None = None
    ) -> Mapping[str, object]:
        """Return the data of an answer; what is not found is null there. Raises SourceError."""
        self.need_token()
        # Who goes on asking after the last point is spent is shut out for longer.
        if datetime.now(UTC) < self._rest_until:
            self._client.fail(
                SourceUnreachable, "has answered all it does in an hour. The next round asks again."
            )
        answer = self.graphql.ask(query, variables)
        data = answer.data
        for name in sorted(data.keys() - answer.missing - {"rateLimit"}):
            if data[name] is None:  # What is not there is said to be missing.
                _SHAPE.wrong("there, or said to be missing", "data", name)
        if _SHAPE.optional_number(data, "rateLimit", "remaining") == 0:
            self._rest_until = parse_moment(_SHAPE, data, "rateLimit", "resetAt")
        return data

    def need_token(self) -> None:
        """Raise SourceRefused where there is no token: GraphQL answers nobody without."""
        if not self._token:
            self._client.fail(
                SourceRefused, "answers nobody without a token. Set BADGES_GITHUB_TOKEN."
            )

    def repositories(self, names: Iterable[str], more: str = "") -> Iterator[tuple[str, object]]:
        """Yield each of *names* with its repository, None where there is none for us.

        With the fields REPOSITORY and *more*; one request for each 100. Raises SourceError.
        """
        for batch in batches(names, REPOSITORIES):
            known = [name for name in batch if _NAME.fullmatch(name)]
            yield from ((name, None) for name in batch if name not in known)
            asked = " ".join(
                f"r{i}: {_repository(name)} {{ ...R }}" for i, name in enumerate(known)
            )
            fragment = f"fragment R on Repository {{ {REPOSITORY} {more} }}"
            data = self.ask(f"{{ {RATE} {asked} }} {fragment}") if known else {}
            yield from ((name, _part(data, f"r{i}")) for i, name in enumerate(known))

    def search(self, queries: Iterable[str]) -> Iterator[Place]:
        """Yield what each of *queries* finds, all of it, however much. Raises SourceError."""
        for batch in batches(queries, SEARCHES):
            pages = self._searched([(query, None) for query in batch])
            for query, page in zip(batch, pages, strict=True):
                yield from self._all(query, page)

    def changes(self, places: Iterable[Place]) -> Iterator[Change]:
        """Yield each of *places* once, as far as it is public, merged, and merged there."""
        todo = list(dict.fromkeys(places))
        while todo:
            batch, todo = todo[: self._batch], todo[self._batch :]
            yield from self._details(batch)

    def _all(self, query: str, page: object, window: Window | None = None) -> Iterator[Place]:
        """Yield all that *query* finds merged in *window*, or ever; *page* is its first page."""
        if _SHAPE.number(page, "issueCount") <= FOUND:
            yield from self._pages(_within(query, window), page)
            return
        first, last = window or (FIRST_DAY, datetime.now(UTC).date() + timedelta(days=1))
        if first >= last:
            raise SourceChanged(
                "GitHub found more than 1,000 pull requests of one day. Somebody must look."
            )
        middle = first + (last - first) // 2
        for half in ((first, middle), (middle + timedelta(days=1), last)):
            [part] = self._searched([(_within(query, half), None)])
            yield from self._all(query, part, half)

    def _pages(self, query: str, page: object) -> Iterator[Place]:
        progress = Progress("GitHub")
        while True:
            places = [_found(node) for node in nodes(page) if find(node, "number") is not None]
            yield from places
            if not _SHAPE.flag(page, "pageInfo", "hasNextPage"):
                return
            cursor = _SHAPE.text(page, "pageInfo", "endCursor")
            progress.step(places, cursor)
            [page] = self._searched([(query, cursor)])

    def _searched(self, asked: list[tuple[str, str | None]]) -> list[object]:
        parts = " ".join(
            f"s{i}: search(type: ISSUE, first: 100, query: {json.dumps(query)},"
            f" after: {json.dumps(after)}) {{ ...S }}"
            for i, (query, after) in enumerate(asked)
        )
        fragment = """fragment S on SearchResultItemConnection { issueCount
            nodes { ... on PullRequest { number repository { nameWithOwner } } }
            pageInfo { hasNextPage endCursor } }"""
        data = self.ask(f"{{ {RATE} {parts} }} {fragment}")
        return [_SHAPE.fields(data, f"s{i}") for i in range(len(asked))]

    def _details(self, places: list[Place]) -> Iterator[Change]:
        kind, found = self._try(places)
        if found is not None:
            yield from found
        elif len(places) == 1:
            # Too large to list its files, it may be: their sums do.
            lean = self._read(places, LEAN)
            # Who answers this, and was just too busy for all of it, may have been so for a moment.
            again = self._try(places)[1] if kind is Overloaded else None
            yield from lean if again is None else again
        else:
            half = len(places) // 2
            if kind is TooMuch:
                self._batch = half
            yield from self._details(places[:half])
            yield from self._details(places[half:])

    def _try(self, places: list[Place]) -> tuple[type | None, list[Change] | None]:
        try:
            return None, self._read(places, FULL)
        except (TooMuch, Overloaded) as error:
            return type(error), None

    def _read(self, places: list[Place], fields: str) -> list[Change]:
        asked = " ".join(
            f"d{i}: {_repository(name)} {{ {REPOSITORY} pullRequest(number: {number}) {{ ...P }} }}"
            for i, (name, number) in enumerate(places)
        )
        fragment = f"fragment P on PullRequest {{ {fields} }} {ACTOR}"
        data = self.ask(f"{{ {RATE} {asked} }} {fragment}")
        found = (self._understand(_part(data, f"d{i}")) for i in range(len(places)))
        return [change for change in found if change is not None]

    def _understand(self, repository: object) -> Change | None:
        # Null: gone, or no longer for our eyes.
        if repository is None or not is_public(repository) or is_mirror(repository):
            return None
        request = find(repository, "pullRequest")
        name = _SHAPE.text(repository, "nameWithOwner")
        return None if request is None else parse_pull_request(request, name, self._bots)


def _within(query: str, window: Window | None) -> str:
    return query if window is None else f"{query} merged:{window[0]}..{window[1]}"


def _repository(name: str) -> str:
    owner, _, rest = name.partition("/")
    return f"repository(owner: {json.dumps(owner)}, name: {json.dumps(rest)})"


def _part(data: Mapping[str, object], alias: str) -> object:
    return data[alias] if alias in data else _SHAPE.wrong("there", "data", alias)


def _found(node: object) -> Place:
    return _SHAPE.text(node, "repository", "nameWithOwner"), _SHAPE.id(node, "number")


def nodes(page: object) -> list[object]:
    """Return the rows of a page; null is what we may not see. Raises SourceChanged."""
    return [node for node in _SHAPE.rows(page, "nodes") if node is not None]
