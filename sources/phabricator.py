"""Public tasks, and which accounts belong together, from Phabricator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from sources.batch import batches
from sources.conduit import Conduit, Value
from sources.http import Client
from sources.maniphest import Row, parse_rows, parse_tasks
from sources.phabricator_demand import Demand
from sources.phabricator_projects import Projects
from sources.phabricator_users import Users, parse_accounts
from sources.port import Account, FoundTask

PAGE = 100
"""The most rows that ``maniphest.search`` gives."""

LARGEST = 2**31 - 1
"""Larger numbers are no tasks, and would make a whole call fail."""

__all__ = ["Phabricator", "parse_accounts", "parse_tasks"]


class Phabricator:
    """The tasks of the server at *url*, as *token* (32 characters, ``api-…``) sees them; a TaskSource.

    *public_spaces* are PHIDs of the spaces that everyone sees; where none is named, spaces are
    not looked at.
    """

    name = "phabricator"

    def __init__(
        self,
        url: str,
        token: str,
        client: Client,
        *,
        public_spaces: frozenset[str] = frozenset(),
    ) -> None:
        self._conduit = Conduit(url, token, client)
        self._public_spaces = public_spaces
        self._users = Users(self._conduit)
        self._projects = Projects(self._conduit, public_spaces)
        self._demand = Demand(self._conduit)
        self._feed: dict[int, Row] = {}

    def modified_since(self, start: datetime) -> Iterator[FoundTask]:
        """Yield every task touched at or after *start*, newest number first. Raises SourceError.

        Projects and demand are left to ``with_demand``. What fails in the middle is to be asked
        again from *start*: the server's cursor is a place in a list that changes while we read.
        """
        self._feed.clear()
        # 0 is an error there, not "everything".
        for row in self._search({"modifiedStart": max(1, int(start.timestamp()))}):
            if row.phid:
                self._feed[row.found.number] = row
            yield row.found

    def tasks(self, numbers: Iterable[int]) -> Iterator[FoundTask]:
        """Yield each of *numbers*, in full; what may not be shown comes with ``task=None``."""
        yield from self._in_full(list(self._numbered(numbers)))

    def resolved_by(self, account: str) -> Iterator[FoundTask]:
        """Yield the resolved tasks assigned to the account with this PHID, in full.

        The assignee, not the closer: who closes is often a reviewer or a triager. Raises SourceError.
        """
        yield from self._in_full(list(self._search(_resolved_by(account))))

    def with_projects(self, found: Iterable[FoundTask]) -> Iterator[FoundTask]:
        """Yield the same tasks with the names of their projects. Raises SourceError."""
        for row in self._tagged(self._rows_of(found)):
            yield row.found

    def with_demand(self, found: Iterable[FoundTask]) -> Iterator[FoundTask]:
        """Yield the same tasks in full: with projects, tokens, duplicates, parents and subtasks.

        What our token does not see any more comes with ``task=None``. Tokens and duplicates stay
        None where the server lacks the methods that tell of them. Raises SourceError.
        """
        yield from self._in_full(self._rows_of(found))

    def linked_to_wiki(self, names: Iterable[str]) -> Mapping[str, tuple[Account, ...]]:
        """Accounts linked by OAuth to wiki accounts of exactly these names, and when they were made.

        Disabled accounts, bots and lists are left out. Raises SourceError.
        """
        return self._users.linked_to_wiki(names)

    def linked_to_developer(self, names: Iterable[str]) -> Mapping[str, tuple[Account, ...]]:
        """Accounts linked to developer accounts of exactly these names (LDAP cn)."""
        return self._users.linked_to_developer(names)

    def posted(self, name: str, words: Iterable[str]) -> tuple[Account, str] | None:
        """The account with the username *name* and the first of *words* in its profile.

        Of a profile, Conduit tells the real name alone, which nobody but the account itself and
        administrators write; blurb, title and the pages it links are not to be had. Upper and
        lower case are one, as they are there. None for bots, lists and disabled accounts.
        Raises SourceError.
        """
        return self._users.posted(name, words)

    def _in_full(self, rows: list[Row]) -> Iterator[FoundTask]:
        known = {row.phid: number for number, row in self._feed.items()}
        return self._demand.complete(self._tagged(rows), self._search, known)

    def _tagged(self, rows: list[Row]) -> list[Row]:
        self._projects.learn(phid for row in rows for phid in row.projects)
        return [self._with_names(row) for row in rows]

    def _with_names(self, row: Row) -> Row:
        task = row.found.task
        if task is None or not row.projects:
            return row
        task = replace(task, projects=self._projects.names(row.projects))
        return replace(row, found=replace(row.found, task=task))

    def _rows_of(self, found: Iterable[FoundTask]) -> list[Row]:
        """The rows of *found*: as the feed brought them, or asked for again."""
        given = list(found)
        unknown = [one.number for one in given if one.task and one.number not in self._feed]
        fresh = {row.found.number: row for row in self._numbered(unknown)}
        return [fresh.get(one.number) or self._fed(one) for one in given]

    def _fed(self, found: FoundTask) -> Row:
        row = self._feed.get(found.number)
        return Row(found) if row is None or found.task is None else replace(row, found=found)

    def _numbered(self, numbers: Iterable[int]) -> Iterator[Row]:
        wanted = sorted(set(numbers))
        for batch in batches((n for n in wanted if 0 < n <= LARGEST), PAGE):
            found = {row.found.number: row for row in self._search({"ids": batch})}
            # What the token may not see is left out without a word, as is what never was.
            yield from (found.get(number, Row(FoundTask(number, None))) for number in batch)
        yield from (Row(FoundTask(number, None)) for number in wanted if not 0 < number <= LARGEST)

    def _search(self, constraints: Mapping[str, Value]) -> Iterator[Row]:
        asked: dict[str, Value] = {
            "constraints": constraints,
            "attachments": {"projects": True, "subscribers": True},
            "order": "newest",  # by number: the one order that survives changes while we read
            "limit": PAGE,
        }
        seen: set[int] = set()
        for rows in self._conduit.pages("maniphest.search", asked):
            for row in parse_rows(rows, public_spaces=self._public_spaces):
                if row.found.number not in seen:
                    seen.add(row.found.number)
                    yield row


def _resolved_by(account: str) -> dict[str, Value]:
    return {"assigned": [account], "statuses": ["resolved"]}
