"""Public tasks, and which accounts belong together, from Phabricator."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from sources.batch import batches
from sources.conduit import Conduit, Rejected, Value
from sources.http import Client
from sources.maniphest import parse_tasks
from sources.port import Account, FoundTask, SourceChanged, SourceUnreachable
from sources.shape import Shape

PAGE = 100
"""The most rows that ``maniphest.search`` gives, and the most users that one look-up gives."""

LARGEST = 2**31 - 1
"""Larger numbers are no tasks, and would make a whole call fail."""

NOT_PEOPLE = frozenset({"disabled", "bot", "agent", "list"})
"""Roles: ``user.search`` says *bot* where the other methods say *agent*."""

__all__ = ["Phabricator", "parse_accounts", "parse_tasks"]

_SHAPE = Shape("Phabricator")


class Phabricator:
    """The tasks of the server at *url*, as *token* (32 characters, ``api-…``) sees them; a TaskSource.

    *umbrella_projects* are PHIDs of projects whose tasks only gather others. *public_spaces*
    are PHIDs of the spaces that everyone sees; where none is named, spaces are not looked at.
    """

    name = "phabricator"

    def __init__(
        self,
        url: str,
        token: str,
        client: Client,
        *,
        umbrella_projects: frozenset[str] = frozenset(),
        public_spaces: frozenset[str] = frozenset(),
    ) -> None:
        self._conduit = Conduit(url, token, client)
        self._umbrella_projects = umbrella_projects
        self._public_spaces = public_spaces

    def modified_since(self, start: datetime) -> Iterator[FoundTask]:
        """Yield every task touched at or after *start*, newest number first. Raises SourceError.

        What fails in the middle is to be asked again from *start*: the server's cursor is a
        place in a list that changes while we read.
        """
        # 0 is an error there, not "everything".
        return self._search({"modifiedStart": max(1, int(start.timestamp()))})

    def tasks(self, numbers: Iterable[int]) -> Iterator[FoundTask]:
        """Yield each of *numbers*; what may not be shown comes with ``task=None``."""
        wanted = sorted(set(numbers))
        for batch in batches((n for n in wanted if 0 < n <= LARGEST), PAGE):
            found = {task.number: task for task in self._search({"ids": batch})}
            # What the token may not see is left out without a word, as is what never was.
            yield from (found.get(number, FoundTask(number, None)) for number in batch)
        yield from (FoundTask(number, None) for number in wanted if not 0 < number <= LARGEST)

    def resolved_by(self, account: str) -> Iterator[FoundTask]:
        """Yield the resolved tasks assigned to the account with this PHID. Raises SourceError.

        The assignee, not the closer: who closes is often a reviewer or a triager.
        """
        return self._search({"assigned": [account], "statuses": ["resolved"]})

    def linked_to_wiki(self, names: Iterable[str]) -> Mapping[str, tuple[Account, ...]]:
        """Accounts linked by OAuth to wiki accounts of exactly these names. Raises SourceError."""
        return self._linked("user.mediawikiquery", "names", "mediawiki_username", names)

    def linked_to_developer(self, names: Iterable[str]) -> Mapping[str, tuple[Account, ...]]:
        """Accounts linked to developer accounts of exactly these names (LDAP cn)."""
        return self._linked("user.ldapquery", "ldapnames", "ldap_username", names)

    def _search(self, constraints: Mapping[str, Value]) -> Iterator[FoundTask]:
        seen: set[int] = set()
        after = ""
        while True:
            result = self._page(constraints, after)
            fresh = False
            for task in self._understand(_SHAPE.rows(result, "data")):
                if task.number not in seen:
                    fresh = True
                    seen.add(task.number)
                    yield task
            after = _cursor(result)
            if not after:
                return
            if not fresh:
                raise SourceChanged(
                    "Phabricator promises more tasks and repeats the same ones. Somebody must look."
                )

    def _page(self, constraints: Mapping[str, Value], after: str) -> object:
        asked: dict[str, Value] = {
            "constraints": constraints,
            "attachments": {"projects": True, "subscribers": True},
            "order": "newest",  # by number: the one order that survives changes while we read
            "limit": PAGE,
        }
        if not after:
            return self._conduit.call("maniphest.search", asked)
        try:
            return self._conduit.call("maniphest.search", {**asked, "after": after})
        except Rejected:
            # The first page was understood, so it is the cursor: its task turned secret.
            pass
        raise SourceUnreachable(
            "Phabricator's list changed while it was read. The next round reads it again."
        )

    def _understand(self, rows: Iterable[object]) -> Iterator[FoundTask]:
        return parse_tasks(
            rows, umbrella_projects=self._umbrella_projects, public_spaces=self._public_spaces
        )

    def _linked(
        self, method: str, parameter: str, field: str, names: Iterable[str]
    ) -> dict[str, tuple[Account, ...]]:
        linked: dict[str, tuple[Account, ...]] = {}
        for batch in batches(sorted({name for name in names if _askable(name)}), PAGE):
            rows = list(self._look_up(method, parameter, batch))
            linked.update(parse_accounts(rows, field, batch))
        return linked

    def _look_up(self, method: str, parameter: str, names: list[str]) -> Iterator[object]:
        for offset in range(0, PAGE * PAGE, PAGE):
            try:
                asked: dict[str, Value] = {parameter: names, "limit": PAGE, "offset": offset}
                rows = _SHAPE.rows(self._conduit.call(method, asked))
            except Rejected as error:
                # "None of these names is known" comes as an error; some of them, does not.
                if not error.info.startswith("Unknown or missing"):
                    raise
                return
            yield from rows
            # The limit counts users, and one name may have several.
            if len(rows) < PAGE:
                return


def parse_accounts(
    rows: Iterable[object], field: str, names: Iterable[str]
) -> dict[str, tuple[Account, ...]]:
    """Understand a look-up: accounts by the name in *field*, where that is exactly one of *names*.

    The server's database decides what matches, and may take "Ángel" for "Angel"; we do not.
    Raises SourceChanged.
    """
    linked: dict[str, set[Account]] = {}
    wanted = frozenset(names)
    for row in rows:
        name = _SHAPE.text(row, field)
        account = Account(_SHAPE.text(row, "phid"), _SHAPE.text(row, "userName"))
        if name in wanted and NOT_PEOPLE.isdisjoint(map(str, _SHAPE.rows(row, "roles"))):
            linked.setdefault(name, set()).add(account)
    return {name: tuple(sorted(found, key=lambda a: a.key)) for name, found in linked.items()}


def _cursor(result: object) -> str:
    after = _SHAPE.fields(result, "cursor").get("after")
    if after is None or isinstance(after, (str, int)):
        return "" if after is None else str(after)
    return _SHAPE.wrong("a text or null", "cursor", "after")


def _askable(name: str) -> bool:
    """Whether *name* can be anybody's; a broken one would spoil the answer for all the others."""
    broken = any(unicodedata.category(sign) in ("Cc", "Cs") for sign in name)
    return 0 < len(name) <= 255 and not broken
