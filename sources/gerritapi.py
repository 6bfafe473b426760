"""Ask Gerrit for lists, all of them, while they change.

Facts: https://gerrit-review.googlesource.com/Documentation/rest-api.html and
https://gerrit-review.googlesource.com/Documentation/user-search.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sources.changeinfo import moment
from sources.http import Client
from sources.port import SourceChanged, SourceUnreachable
from sources.shape import Shape, find

PREFIX = ")]}'"
"""What every answer begins with, so that no browser runs it."""

ATTEMPTS = 5
"""How often the rows of one second are read anew because they were touched."""

_SHAPE = Shape("Gerrit")


class GerritApi:
    """The lists of the server at *url*, as everyone sees them.

    *page* is how many rows one request asks for. Gerrit may give fewer (anonymous callers get at
    most 500) and says then that there are more.
    """

    def __init__(self, url: str, client: Client, page: int) -> None:
        self._url = url.rstrip("/")
        self._client = client
        self._page = page

    def changes(self, query: str, options: Iterable[str]) -> Iterator[object]:
        """Yield each change that *query* finds once, with *options*. Raises SourceError.

        The list is sorted by last update, so what is touched while we read jumps to its front,
        past the place where we are. Therefore each page goes on from the moment where the last one
        ended, which no jump can shift; and what was touched since we began is read again, until
        that fits one page.
        """
        options = tuple(options)
        seen: set[int] = set()
        since: datetime | None = None
        while True:
            again = query if since is None else f'{query} after:"{second(since)}"'
            pages = self._pages(again, options)
            first = next(pages)
            known = len(seen)
            yield from _unseen(first, seen)
            if not _more(first):
                return
            for page in pages:
                yield from _unseen(page, seen)
            before, since = since, max(_updates(first))
            if since == before and len(seen) == known:
                return  # so much was touched in that one second that it never fits one page

    def first(self, query: str, options: Iterable[str]) -> list[object]:
        """Return the changes that *query* finds, of many the last updated. Raises SourceError."""
        return self._rows("changes/", query, tuple(options), 0)

    def accounts(self, query: str) -> Iterator[object]:
        """Yield each account that *query* finds. Raises SourceError."""
        skip = 0
        seen: set[int] = set()
        while True:
            rows = self._rows("accounts/", query, ("DETAILS",), skip)
            fresh = list(_unseen(rows, seen, "_account_id"))
            yield from fresh
            if not _more(rows, "_more_accounts"):
                return
            if not fresh:
                _circles()
            skip += len(rows)

    def comments(self, change: int) -> list[object]:
        """Return the inline comments of a change. Raises SourceError."""
        answer = self._client.get(f"{self._url}/changes/{change}/comments", (), PREFIX)
        files = _SHAPE.fields(answer)
        return [comment for path in files for comment in _SHAPE.rows(files, path)]

    def _pages(self, query: str, options: tuple[str, ...]) -> Iterator[list[object]]:
        """Yield the pages of a list, so that every row that is not touched meanwhile is in one."""
        seen: set[int] = set()
        place = _Place()
        while True:
            page = self._rows("changes/", query + place.bound(), options, place.skip)
            if not place.fits(page):
                place = place.again()
                continue
            known = len(seen)
            seen.update(_SHAPE.number(row, "_number") for row in page)
            yield page
            if not _more(page):
                return
            # Whoever begins a second anew meets what is known first.
            if len(seen) == known and not place.attempts:
                _circles()
            place = place.after(page)

    def _rows(self, path: str, query: str, options: tuple[str, ...], skip: int) -> list[object]:
        asked = [("q", query), ("n", str(self._page)), ("S", str(skip))]
        asked += [("o", option) for option in options]
        return _SHAPE.rows(self._client.get(f"{self._url}/{path}", asked, PREFIX))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in a list to go on: among the rows last updated until *before*, *skip* rows on.

    Skipping is for more rows in one second than a page holds. Should one of them be touched, the
    rest moves up: so one row is read twice, *last*, to see that it is still where it was.
    """

    before: datetime | None = None
    skip: int = 0
    last: int | None = None
    attempts: int = 0

    def bound(self) -> str:
        """What to add to the query."""
        return "" if self.before is None else f' before:"{second(self.before)}"'

    def fits(self, page: list[object]) -> bool:
        """Whether *page* begins where we left off."""
        return self.last is None or (bool(page) and find(page[0], "_number") == self.last)

    def again(self) -> _Place:
        """The beginning of this second, after its rows moved up."""
        if self.attempts == ATTEMPTS:
            raise SourceUnreachable(
                "Gerrit's list changed while it was read. The next round reads it again."
            )
        return _Place(self.before, attempts=self.attempts + 1)

    def after(self, page: list[object]) -> _Place:
        """The place behind *page*, or a little before that."""
        oldest = min(_updates(page))
        if oldest != max(_updates(page)):
            return _Place(oldest)
        overlap = min(1, len(page) - 1)
        skip = (self.skip if oldest == self.before else 0) + len(page) - overlap
        last = _SHAPE.number(page[-1], "_number") if overlap else None
        return _Place(oldest, skip, last, self.attempts)


def second(time: datetime) -> str:
    """Write *time* as the search reads it. Bounds count in: ``after:`` and ``before:`` alike."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S} +0000"


def quotable(text: str) -> bool:
    """Whether *text* can stand between quotes: nothing in it ends them, or hides."""
    return 0 < len(text) <= 255 and text.isprintable() and not set(text) & set('"\\')


def _more(page: list[object], mark: str = "_more_changes") -> bool:
    return bool(page) and find(page[-1], mark) is True


def _updates(page: list[object]) -> list[datetime]:
    return [moment(row, "updated") for row in page]


def _unseen(page: list[object], seen: set[int], number: str = "_number") -> Iterator[object]:
    """Yield the rows whose number is not in *seen*, and add their numbers to it."""
    for row in page:
        found = _SHAPE.number(row, number)
        if found not in seen:
            seen.add(found)
            yield row


def _circles() -> None:
    raise SourceChanged("Gerrit promises more and repeats the same rows. Somebody must look.")
