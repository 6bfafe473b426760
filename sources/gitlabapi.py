"""Read lists of merge requests, and what is in them, as far as GitLab's limits let us.

Every list is read by GraphQL or by REST as (project, number); one place asks what is in them.
Limits: https://docs.gitlab.com/ee/api/graphql/#limits (their size is not told beforehand).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

from scoring.model import Change
from sources.graphql import GraphQL, NotKnown, TooMuch
from sources.http import Client, NoSuchPlace, Overloaded, Pairs, Reply
from sources.mergerequests import FULL, LEAN, OLDER, optional_nodes, parse_merge_request
from sources.paging import Progress
from sources.shape import Shape, find

PAGE = 100
"""The most rows that one request gives."""

BATCH = 10
"""How many merge requests are asked about at once, to begin with; halved where that is too much."""

PROJECTS = 4
"""How many projects are asked about at once, to begin with. It is they that make a question complex:
one with all its fields is about 50 of the 200 that an anonymous question may be."""

_SHAPE = Shape("GitLab")
_REFERENCE = re.compile(r"([^\s!]+)!([1-9][0-9]{0,8})")

Question = Mapping[str, object]

Place = tuple[str, str]
"""A merge request: the full path of its project, and its number there."""


class GitlabApi:
    """The two interfaces of the server at *url*. *bots* are usernames in lower case."""

    def __init__(self, url: str, client: Client, token: str, bots: frozenset[str]) -> None:
        self.graphql = GraphQL(f"{url.rstrip('/')}/api/graphql", client, token)
        self._rest = f"{url.rstrip('/')}/api/v4"
        self._client = client
        self._bots = bots
        self._batch = BATCH
        self._projects = PROJECTS
        self._page = PAGE
        self._fields = FULL

    def pages(self, query: str, variables: Question) -> Iterator[object]:
        """Yield the pages of the list that *query* names so, by the day of creation.

        That day is the one order in which nothing moves past the place where we are. None where
        there is nothing to list.
        """
        progress = Progress("GitLab")
        after: str | None = None
        while True:
            data = self._page_after(query, {**variables, "after": after})
            if "of" not in data:
                _SHAPE.wrong("there", "data.of")
            if (of := data["of"]) is None:
                yield None
                return
            page = _SHAPE.fields(of, "list")
            yield page
            if not _SHAPE.flag(page, "pageInfo", "hasNextPage"):
                return
            after = _SHAPE.text(page, "pageInfo", "endCursor")
            progress.step(map(_place, nodes(page)), after)

    def _page_after(self, query: str, variables: Question) -> Mapping[str, object]:
        while self._page > 1:
            with suppress(TooMuch):
                return self.graphql.ask(query, {**variables, "first": self._page}).data
            self._page //= 4
        return self.graphql.ask(query, {**variables, "first": 1}).data

    def changes(self, places: Iterable[Place]) -> Iterator[Change]:
        """Yield each of *places* once, as far as it is public and merged."""
        todo = sorted(set(places))  # by project: each is asked for once a request
        while todo:
            batch = self._first(todo)
            todo = todo[len(batch) :]
            yield from self._details(batch)

    def _first(self, places: list[Place]) -> list[Place]:
        """The first of *places*: no more of them, and of no more projects, than one request takes."""
        batch = places[: self._batch]
        projects = list(dict.fromkeys(project for project, _ in batch))[: self._projects]
        return [place for place in batch if place[0] in projects]

    def _details(self, places: list[Place]) -> Iterator[Change]:
        kind, found = self._try(places)
        if found is not None:
            yield from found
        elif len(places) == 1:
            # Too large a diff for the server, it may be: its sums do.
            lean = self._ask(places, LEAN)
            # Who answers this, and was just too busy for all of it, may have been so for a moment.
            again = self._try(places)[1] if kind is Overloaded else None
            yield from lean if again is None else again
        else:
            half = len(places) // 2
            if kind is TooMuch:
                self._ask_less(places)
            yield from self._details(places[:half])
            yield from self._details(places[half:])

    def _ask_less(self, places: list[Place]) -> None:
        projects = len({project for project, _ in places})
        if projects > 1:
            self._projects = projects // 2
        else:
            self._batch = len(places) // 2

    def _try(self, places: list[Place]) -> tuple[type | None, list[Change] | None]:
        try:
            return None, self._ask_all(places)
        except (TooMuch, Overloaded) as error:
            return type(error), None

    def _ask_all(self, places: list[Place]) -> list[Change]:
        try:
            return self._ask(places, self._fields)
        except NotKnown:
            if self._fields == OLDER:
                raise
        self._fields = OLDER
        return self._ask(places, OLDER)

    def _ask(self, places: list[Place], fields: str) -> list[Change]:
        numbers: dict[str, list[str]] = {}
        for project, number in places:
            numbers.setdefault(project, []).append(number)
        asked = " ".join(
            f"p{place}: project(fullPath: {json.dumps(project)}) {{ fullPath visibility"
            f" mergeRequests(iids: {json.dumps(iids)}, first: {PAGE}) {{ nodes {{ ...M }} }} }}"
            for place, (project, iids) in enumerate(numbers.items())
        )
        data = self.graphql.ask(f"{{ {asked} }} fragment M on MergeRequest {{ {fields} }}").data
        if len(data) < len(numbers):
            _SHAPE.wrong("all that was asked for", "data")
        return [change for project in data.values() for change in self._understand(project)]

    def _understand(self, project: object) -> Iterator[Change]:
        # Null: gone, or no longer for our eyes.
        if project is None or find(project, "visibility") != "public":
            return
        path = _SHAPE.text(project, "fullPath")
        for row in optional_nodes(project, "mergeRequests"):
            change = parse_merge_request(row, path, self._bots)
            if change is not None:
                yield change

    def found(self, where: str, search: str, within: str) -> Iterator[Place]:
        """Yield the merged requests *where* (``groups/<id>``) whose *within* hold *search*, by REST.

        More than hold it, perhaps: T12 finds T123 too.
        """
        asked = [("search", search), ("in", within), ("state", "merged"), ("scope", "all")]
        asked += [("non_archived", "false"), ("per_page", str(PAGE))]
        progress = Progress("GitLab")
        page = "1"
        while page:
            try:
                reply = self.get(f"{where}/merge_requests", [*asked, ("page", page)])
            except NoSuchPlace:
                return  # not there, or not for our eyes
            places = [_reference(row) for row in _SHAPE.rows(reply.data)]
            yield from places
            page = reply.headers.get("x-next-page", "")
            progress.step(places, page)

    def get(self, path: str, query: Pairs = ()) -> Reply:
        """GET *path* of the REST interface. Raises SourceError."""
        return self._client.get_page(f"{self._rest}/{path}", query, self.graphql.headers)


def nodes(page: object) -> list[object]:
    """Return the rows of a page; null is what we may not see. Raises SourceChanged."""
    return [row for row in _SHAPE.rows(page, "nodes") if row is not None]


def public_places(rows: Iterable[object]) -> Iterator[Place]:
    """Yield where the merge requests of public projects are."""
    return (_place(row) for row in rows if find(row, "project", "visibility") == "public")


def _place(row: object) -> Place:
    return _SHAPE.text(row, "project", "fullPath"), str(_SHAPE.id(row, "iid"))


def _reference(row: object) -> Place:
    found = _REFERENCE.fullmatch(_SHAPE.text(row, "references", "full"))
    return (found[1], found[2]) if found else _SHAPE.wrong("like a/b!12", "references", "full")
