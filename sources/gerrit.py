"""Merged changes from Gerrit.

Facts: https://gerrit-review.googlesource.com/Documentation/rest-api-changes.html and
https://gerrit-review.googlesource.com/Documentation/user-search.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from scoring.model import Change
from sources.batch import batches
from sources.changeinfo import BOTS, account_key, is_service, moment, parse_changes
from sources.http import BadRequest, Client, NoSuchPlace
from sources.port import Account, SourceChanged, SourceRefused
from sources.shape import Shape, find

__all__ = ["Gerrit", "parse_changes"]

PREFIX = ")]}'"
"""What every answer begins with, so that no browser runs it."""

BATCH = 50
"""How many tasks or changes one query names: the address stays below 2 kB."""

_SHAPE = Shape("Gerrit")


class Listing(NamedTuple):
    """A list that Gerrit pages: where it is, what numbers its rows, what says "there is more"."""

    path: str
    number: str
    more: str
    options: tuple[str, ...]


CHANGES = Listing(
    "changes/",
    "_number",
    "_more_changes",
    ("CURRENT_REVISION", "CURRENT_COMMIT", "CURRENT_FILES", "DETAILED_ACCOUNTS"),
)
OWNERS = CHANGES._replace(options=("DETAILED_ACCOUNTS",))
ACCOUNTS = Listing("accounts/", "_account_id", "_more_accounts", ("DETAILS",))


class Gerrit:
    """The public changes of the server at *url* (such as ``https://…/r``); a ChangeSource.

    *page* is how many rows one request asks for (anonymous callers get at most 500), *bots* are
    names of automatic accounts, in lower case.
    """

    name = "gerrit"

    def __init__(
        self, url: str, client: Client, *, page: int = 500, bots: frozenset[str] = BOTS
    ) -> None:
        self._url = url.rstrip("/")
        self._client = client
        self._page_size = page
        self._bots = bots

    def merged_since(self, start: datetime) -> Iterator[Change]:
        """Yield every public change merged at or after *start*. Raises SourceError."""
        return self._changes(f'status:merged mergedafter:"{_second(start)}"')

    def merged_by(self, account: str) -> Iterator[Change]:
        """Yield the whole merged history of the account ``gerrit:<number>``. Raises SourceError."""
        number = int(account.removeprefix("gerrit:"))
        return self._changes(f"status:merged owner:{number}")

    def merged_for(self, tasks: Iterable[int]) -> Iterator[Change]:
        """Yield every merged change that names one of *tasks*. Raises SourceError."""
        return self._any_of("bug:T", tasks)

    def reverts_of(self, numbers: Iterable[int]) -> Iterator[Change]:
        """Yield the merged changes that take back one of *numbers*. Raises SourceError.

        Only those made with Gerrit's own button; others say it in their message alone.
        """
        return self._any_of("revertof:", numbers)

    def account_named(self, name: str) -> Account | None:
        """The one human account with exactly this name (LDAP cn), None if there is none."""
        # Nothing may end the quotes and become an operator, or hide in the name.
        if not (name and name.isprintable() and len(name) <= 255) or set(name) & set('"\\'):
            return None
        exact = {
            account_key(found): found
            for found in self._accounts_like(name)
            if find(found, "name") == name
        }
        if len(exact) != 1 or any(map(is_service, exact.values())):
            return None
        return Account(next(iter(exact)), name)

    def _accounts_like(self, name: str) -> Iterator[object]:
        query = f'name:"{name}" (is:active OR is:inactive)'
        try:
            yield from self._rows(ACCOUNTS, query)
        except (BadRequest, NoSuchPlace, SourceRefused):
            pass  # not everywhere may everyone search accounts; a merged change names its owner
        else:
            return
        try:
            rows = self._page(OWNERS, f'owner:"{name}"', 0)
        except BadRequest:
            return  # so says Gerrit of an owner it does not know
        for row in rows:
            yield _SHAPE.fields(row, "owner")

    def _any_of(self, operator: str, numbers: Iterable[int]) -> Iterator[Change]:
        seen: set[str] = set()
        for batch in batches(sorted(set(numbers)), BATCH):
            terms = " OR ".join(f"{operator}{number}" for number in batch)
            for change in self._changes(f"({terms}) status:merged"):
                if change.key not in seen:
                    seen.add(change.key)
                    yield change

    def _changes(self, query: str) -> Iterator[Change]:
        return parse_changes(self._rows(CHANGES, query), self._bots)

    def _rows(self, listing: Listing, query: str) -> Iterator[object]:
        """Yield each row once.

        Gerrit sorts by last update: what is touched while we read moves to the front, past the
        place where we are. So a list of several pages is read again until a page brings no news.
        """
        seen: set[int] = set()
        pages = 0
        for page in self._pages(listing, query):
            pages += 1
            yield from _unseen(page, listing, seen)
        if pages == 1:
            return
        for page in self._pages(listing, query):
            news = _unseen(page, listing, seen)
            if not news:
                return
            yield from news

    def _pages(self, listing: Listing, query: str) -> Iterator[list[object]]:
        seen: set[int] = set()
        skip, narrowed, last = 0, query, None
        while True:
            page = self._page(listing, narrowed, skip)
            if not page and skip and listing is CHANGES:
                # More was promised: the most that one query gives. The rest is older.
                oldest = moment(last, "updated") + timedelta(seconds=1)
                narrowed, skip = f'{query} before:"{_second(oldest)}"', 0
                continue
            yield page
            if not page or find(page[-1], listing.more) is not True:
                return
            if not _unseen(page, listing, seen):
                raise SourceChanged(
                    "Gerrit promises more and repeats the same rows. Somebody must look."
                )
            skip, last = skip + len(page), page[-1]

    def _page(self, listing: Listing, query: str, skip: int) -> list[object]:
        asked = [("q", query), ("n", str(self._page_size)), ("S", str(skip))]
        asked += [("o", option) for option in listing.options]
        return _SHAPE.rows(self._client.get(f"{self._url}/{listing.path}", asked, PREFIX))


def _unseen(page: list[object], listing: Listing, seen: set[int]) -> list[object]:
    """Return the rows whose number is not in *seen*, and add their numbers to it."""
    rows = {_SHAPE.number(row, listing.number): row for row in page}
    news = [row for number, row in rows.items() if number not in seen]
    seen.update(rows)
    return news


def _second(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S} +0000"
