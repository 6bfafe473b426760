"""Wishes from the Community Wishlist of a wiki, and whether somebody entitled granted them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import chain

from scoring.model import Wish
from sources.batch import batches
from sources.http import Client
from sources.mediawiki import BadContinue, MediaWiki, NoSuchList
from sources.port import SourceChanged
from sources.shape import Shape
from sources.wishes import (
    GRANTED,
    Event,
    Row,
    Step,
    granted_on,
    granting,
    groups_of,
    groups_then,
    parse_events,
    parse_rows,
    steps_of,
)

LIST = "community-wishlist"
"""The name of this list beside those that are kept by hand."""

CLAIMED = "claimed"
"""The status of a wish that says it is done, but by nobody who was entitled to say so."""

STATUSES = (
    "under-review",
    "declined",
    "community-opportunity",
    "long-term-opportunity",
    "near-term-opportunity",
    "prioritized",
    "in-progress",
    "done",
)
"""All statuses of today. Where none is named, the wiki leaves declined wishes out."""

TRUSTED = frozenset({"sysop", "bureaucrat", "steward", "staff", "community-wishlist-manager"})
"""Local groups whose members may say that a wish was granted."""

PROPERTIES = "status|title|phabtasks|votecount|created|updated"
"""No proposer: nobody is credited for wishing. ``phabtasks`` is in the texts, which the wiki must read."""

PAGE = 50
"""How many wishes the look for news asks for at a time."""

FEW = 10
"""Up to so many wishes, each is looked up in the log; for more, the whole log is read."""

USERS = 50
"""The most accounts that one question may name."""

_SHAPE = Shape("Wishlist")


class Wishlist:
    """The Community Wishlist of the wiki whose ``api.php`` is at *url*; a WishSource.

    *trusted_groups* are local groups of that wiki; *statuses* are all that it knows.
    """

    name = "wishlist"

    def __init__(
        self,
        url: str,
        client: Client,
        *,
        trusted_groups: frozenset[str] = TRUSTED,
        statuses: tuple[str, ...] = STATUSES,
    ) -> None:
        self._wiki = MediaWiki(url, client)
        self._client = client
        self._trusted = trusted_groups
        self._statuses = "|".join(statuses)

    def wishes(self) -> Iterator[Wish]:
        """Yield every wish. Raises SourceError."""
        rows = {row.number: row for row in chain(self._all(""), self._all(self._statuses))}
        return self._judged(rows.values(), self._events())

    def changed_since(self, start: datetime) -> Iterator[Wish]:
        """Yield every wish touched at or after *start*: two requests if there is none. Raises SourceError.

        Votes and the wiki's own housekeeping touch wishes, too.
        """
        rows = {row.number: row for row in self._recent(start, self._statuses)}
        since = list(self._events(lestart=_second(start)))
        if any(event.number not in rows for event in since):
            # Deleted since, or in a status that is new to us: a list without a filter has that.
            rows |= {row.number: row for row in self._recent(start, "")}
        granted = [row for row in rows.values() if row.status in GRANTED]
        if len(granted) > FEW:
            return self._judged(rows.values(), self._events())
        events = chain.from_iterable(self._events(letitle=row.page) for row in granted)
        return self._judged(rows.values(), events)

    def _judged(self, rows: Iterable[Row], events: Iterable[Event]) -> Iterator[Wish]:
        """Yield wishes; what is granted is held against the log, and else against the page."""
        rows = list(rows)
        log: dict[int, list[Step]] = {}
        for event in events:
            if event.step:
                log.setdefault(event.number, []).append(event.step)
        granted = [row for row in rows if row.status in GRANTED]
        runs = {row: granting(row.status, log.get(row.number, [])) for row in granted}
        days = self._days(runs, past=False)
        # The log knows nothing of edits by hand, nor of the status a wish was filed with.
        rest = [row for row in granted if row not in days]
        runs = {row: granting(row.status, steps_of(self._history(row.page))) for row in rest}
        days |= self._days(runs, past=True)
        return (_wish(row, days) for row in sorted(rows, key=lambda row: row.number))

    def _days(self, runs: Mapping[Row, list[Step]], *, past: bool) -> dict[Row, date | None]:
        """For the rows that somebody entitled granted: since when.

        *past*: who is in no trusted group today is looked up in the log of rights, since whoever
        leaves takes back nothing.
        """
        steps = {step for run in runs.values() for step in run if step.user}
        today = self._entitled(step.user for step in steps)
        entitled = {step for step in steps if step.user in today}
        if past:
            entitled |= {step for step in steps - entitled if self._was_entitled(step)}
        found = {row: granted_on(run, entitled.__contains__) for row, run in runs.items()}
        return {row: day for row, (is_granted, day) in found.items() if is_granted}

    def _entitled(self, names: Iterable[str]) -> frozenset[str]:
        """Those of *names* that are in a trusted group today."""
        entitled: set[str] = set()
        for batch in batches(sorted(set(names)), USERS):
            answers = self._wiki.query(list="users", ususers="|".join(batch), usprop="groups")
            for answer in answers:
                groups = groups_of(_SHAPE.rows(answer, "users"))
                entitled |= {name for name, found in groups.items() if found & self._trusted}
        return frozenset(entitled)

    def _was_entitled(self, step: Step) -> bool:
        answers = self._wiki.query(
            list="logevents",
            letype="rights",
            letitle=f"User:{step.user}",
            leprop="type|timestamp|details",
            ledir="newer",
            lelimit="max",
        )
        rows = chain.from_iterable(_SHAPE.rows(answer, "logevents") for answer in answers)
        return not self._trusted.isdisjoint(groups_then(rows, step.when))

    def _all(self, statuses: str) -> Iterator[Row]:
        """Yield the whole list, oldest first.

        The wiki's mark for the next page holds a title as it is, and breaks where that has a "|".
        Then the next page begins with the second in which the last wish was filed.
        """
        seen: set[int] = set()
        start = ""
        while True:
            created = ""
            try:
                for row in self._list(statuses, "created", "ascending", "max", start):
                    created = row.created
                    if row.number not in seen:
                        seen.add(row.number)
                        yield row
            except BadContinue:
                pass
            else:
                return
            if created in ("", start):
                self._client.fail(
                    SourceChanged,
                    "has more wishes of one second than it gives at a time. Somebody must look.",
                )
            start = created

    def _recent(self, start: datetime, statuses: str) -> Iterator[Row]:
        """Yield the wishes that were touched at or after *start*."""
        try:
            for row in self._list(statuses, "updated", "descending", str(PAGE), ""):
                if row.updated < start:
                    return
                yield row
        except BadContinue:
            pass
        else:
            return
        yield from (row for row in self._all(statuses) if row.updated >= start)

    def _list(
        self, statuses: str, order: str, direction: str, limit: str, start: str
    ) -> Iterator[Row]:
        asked = {
            "list": "communityrequests-wishes",
            "crwprop": PROPERTIES,
            "crwlang": "en",
            "crwsort": order,
            "crwdir": direction,
            "crwlimit": limit,
        }
        asked |= {"crwstatuses": statuses} if statuses else {}
        asked |= {"crwstart": start} if start else {}
        try:
            for answer in self._wiki.query(**asked):
                yield from parse_rows(_SHAPE.rows(answer, "communityrequests-wishes"))
        except NoSuchList:
            pass
        else:
            return
        self._client.fail(
            SourceChanged,
            "is not there: that wiki has no Community Wishlist. Set BADGES_WISHLIST_URL to the wiki"
            " that has it, or to nothing.",
        )

    def _events(self, **narrowed: str) -> Iterator[Event]:
        """Yield the log's entries about wishes, oldest first."""
        # Not by action: the wiki takes one it does not know for "nothing", without a word.
        answers = self._wiki.query(
            list="logevents",
            letype="communityrequests",
            leprop="ids|title|type|user|timestamp|details",
            ledir="newer",
            lelimit="max",
            **narrowed,
        )
        for answer in answers:
            yield from parse_events(_SHAPE.rows(answer, "logevents"))

    def _history(self, page: str) -> Iterator[object]:
        """Yield the revisions of *page*, newest first."""
        answers = self._wiki.query(
            prop="revisions",
            titles=page,
            rvprop="ids|timestamp|user|comment|content",
            rvslots="main",
            rvlimit="max",
        )
        for answer in answers:
            for found in _SHAPE.rows(answer, "pages"):
                if "revisions" in _SHAPE.fields(found):
                    yield from _SHAPE.rows(found, "revisions")


def _wish(row: Row, days: Mapping[Row, date | None]) -> Wish:
    claimed = row.status in GRANTED and row not in days
    return Wish(
        key=f"W{row.number}",
        status=CLAIMED if claimed else row.status,
        tasks=row.tasks,
        granted=days.get(row),
        votes=row.votes,
        title=row.title,
        list=LIST,
    )


def _second(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
