"""Rows that editors write and trusted reviewers accept: who accepted which, by page history.

A row counts when its exact text, with ``accepted=yes``, was put there by a trusted reviewer's own
edit; whoever changes it afterwards makes it wait again. The wishes table and the pages of reviews
are such pages.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.gather import MANY_SHARE, MANY_TASKS
from bot.ports import PageInfo, Wiki
from wikitext.history import Kind, Revision, Standing, follow, since_revision
from wikitext.rows import bare

CLOCKS = timedelta(minutes=5)
"""Two servers of a wiki may disagree on the time."""
REMEMBERED = timedelta(days=3650)
"""Who wrote a row is remembered when it goes: who restores it has not written it."""
MOST_GONE = 5_000
"""How many rows that went are remembered of a page."""
SHOWN = 200
"""How many rows that wait or are wrong the report can bear."""


@dataclass(frozen=True, slots=True)
class Accepting:
    """Who may accept rows: members of *groups* and single *users* (by id), but never what they did themselves."""

    wiki: Wiki
    groups: frozenset[str]
    users: frozenset[int] = frozenset()

    def reviewers(self, standing: Iterable[Standing]) -> frozenset[int]:
        """Those among whoever brought entries, or took others' away, who are trusted today."""
        hands = sorted({hand for one in standing for hand in one.adders | one.enders})
        known = self.wiki.groups_of(hands) if hands else {}
        return frozenset(
            one for one, groups in known.items() if groups & self.groups or one in self.users
        )


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a page by digest, each with the trusted reviewers who wrote it exactly so.

    ``since`` is when the last revision was made that was read.
    """

    standing: Mapping[str, Standing]
    since: str | None


def is_read(memo: Mapping[str, Any], info: PageInfo, people: Sequence[int]) -> bool:
    """Whether neither the page nor who takes part has changed since *memo* was written."""
    same = memo.get("revision", 0) == info.revision
    return bool(same and (not info.exists or memo.get("people", []) == people))


def read_rows(
    accepting: Accepting,
    memo: Mapping[str, Any],
    title: str,
    info: PageInfo,
    digests: Callable[[str], frozenset[str]],
) -> Rows:
    """Follow the page from the revision that *memo* remembers.

    An acceptance once seen stands while its row does: who leaves the reviewers later takes nothing
    back. Who takes their own row away does; and what a trusted reviewer took out, nobody but a
    trusted reviewer puts in again.

    Raises:
        WikiError: the history cannot be read.

    """
    standing, since = _standing(accepting.wiki, memo, title, info, digests)
    trusted = accepting.reviewers(standing.values())
    return Rows(
        {
            digest: replace(one, adders=_counting(one, trusted | _accepted(memo, digest), trusted))
            for digest, one in standing.items()
        },
        since,
    )


def _counting(one: Standing, believed: frozenset[int], trusted: frozenset[int]) -> frozenset[int]:
    """Whose acceptance counts: of those who are believed, but for whom a trusted one undid."""
    return (one.adders - one.ended if one.enders & trusted else one.adders) & believed


def to_memo(
    rows: Rows, info: PageInfo, people: Sequence[int], marked: Iterable[str]
) -> dict[str, Any]:
    """What is kept for the next reading; *marked* are the digests of rows that say they are accepted."""
    return {
        "revision": info.revision,
        "since": rows.since,
        "people": list(people),
        "standing": {one.digest: _as_json(one) for one in _remembered(rows.standing.values())},
        "accepted": sorted(set(marked)),
    }


def _remembered(standing: Iterable[Standing]) -> Iterator[Standing]:
    """All rows that stand, and so many of those that went, the last first: anybody can flood a page."""
    gone: list[tuple[datetime, Standing]] = []
    for one in standing:
        if one.removed is None:
            yield one
        else:
            gone.append((one.removed, one))
    gone.sort(key=lambda pair: (pair[0], pair[1].digest), reverse=True)
    yield from (one for _, one in gone[:MOST_GONE])


def lost_too_many(lost: Collection[object], known: Collection[object]) -> bool:
    """Whether so much is gone at once that a human has to agree."""
    return len(lost) > MANY_TASKS and len(lost) > MANY_SHARE * len(known)


def _accepted(memo: Mapping[str, Any], digest: str) -> frozenset[int]:
    """Who, when the page was last read, had accepted the row with this digest."""
    if digest not in memo.get("accepted", ()):
        return frozenset()
    return frozenset(memo["standing"].get(digest, (0, ()))[1])


def _standing(
    wiki: Wiki,
    memo: Mapping[str, Any],
    title: str,
    info: PageInfo,
    digests: Callable[[str], frozenset[str]],
) -> tuple[dict[str, Standing], str | None]:
    """Whose edits brought each row, from the revisions after the last one seen; and when that was."""
    if not info.exists:
        return {}, None
    before = {
        digest: Standing(
            digest,
            revision,
            frozenset(adders),
            datetime.fromisoformat(removed) if removed else None,
            frozenset(enders),
            frozenset(ended),
        )
        for digest, (revision, adders, removed, enders, ended) in memo.get("standing", {}).items()
    }
    seen, since = memo.get("revision", 0), memo.get("since")
    if seen == info.revision:
        return before, since
    after = min(seen, info.revision - 1)
    start = datetime.fromisoformat(since) - CLOCKS if since and after == seen else None
    last: list[Revision] = []
    blind = after < seen
    # From the one seen last on: what an edit took away can only be told from the text before it.
    told = wiki.revisions(title, after - 1 if after and not blind else after, start)
    parent, revisions = since_revision(told, 0 if blind else after)
    kind = Kind(digests, table=True, bare=bare)
    found = follow(
        before, _noting(revisions, last), REMEMBERED, parent=parent, blind=blind, kind=kind
    )
    return found, last[-1].at.isoformat() if last else since


def _as_json(one: Standing) -> list[Any]:
    removed = one.removed.isoformat() if one.removed else None
    return [one.revision, sorted(one.adders), removed, sorted(one.enders), sorted(one.ended)]


def _noting(revisions: Iterable[Revision], last: list[Revision]) -> Iterator[Revision]:
    """Let *revisions* pass, one at a time, and note which was the last."""
    for one in revisions:
        last[:] = [one]
        yield one
