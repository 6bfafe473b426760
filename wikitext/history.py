"""Who added which entry: follow the registry from one revision to the next.

Pure: revisions in, what stands out. An entry belongs to the accounts whose edits brought exactly
that text; a removal by one of them is their leaving, a removal by anybody else waits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from wikitext.registry import entry_digests


@dataclass(frozen=True, slots=True)
class Revision:
    """One version of a page. ``user`` is the local user id, 0 for nobody known (hidden, no account).

    ``text`` is None where the wiki hides it. ``restores``: the wiki marked it as a rollback or an
    undoing, so its author wrote nothing of what it brought.
    """

    id: int
    user: int
    at: datetime
    text: str | None
    restores: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry that is on the page, or that was removed at ``removed`` and may come back.

    ``adders`` are the accounts that brought exactly this text and did not take it away themselves;
    it is the entry of whomever it names only if they are among them. Of a table: ``enders`` are
    others who took it away and did not put it back, ``ended`` those who had brought it before that.
    """

    digest: str
    revision: int
    adders: frozenset[int]
    removed: datetime | None = None
    enders: frozenset[int] = frozenset()
    ended: frozenset[int] = frozenset()


def follow(
    before: Mapping[str, Standing],
    revisions: Iterable[Revision],
    waiting: timedelta,
    *,
    blind: bool = False,
    digests: Callable[[str], frozenset[str]] = entry_digests,
    table: bool = False,
    left: set[str] | None = None,
) -> dict[str, Standing]:
    """What stands after *revisions* (oldest first), given what stood *before*.

    An entry that its only adder removed is gone from the answer; so nothing of it is kept.
    What another removed can come back for as long as *waiting*; after that it is a new entry.
    *blind*: something between *before* and the first revision was not seen, so nobody is taken
    for the author of what that one changed. *digests* says which entries a text holds.

    *table*: a page whose entries are nobody's own. There one may write several at once, nobody
    leaves by taking one away, and that it was there before is remembered. Else the entries that their
    own adders took away are added to *left*.
    """
    standing = dict(before)
    left = set() if left is None else left
    for revision in revisions:
        if revision.text is None:
            blind = True  # The next visible revision shows changes that may be another's.
            continue
        author = 0 if blind else revision.user
        _forget_expired(standing, revision.at - waiting)
        known = standing.keys() | set()
        _step(standing, revision, author, digests(revision.text), table=table)
        left |= known - standing.keys()
        blind = False
    return standing


def _forget_expired(standing: dict[str, Standing], limit: datetime) -> None:
    for digest, entry in list(standing.items()):
        if entry.removed is not None and entry.removed <= limit:
            del standing[digest]


def _step(
    standing: dict[str, Standing],
    revision: Revision,
    author: int,
    now_there: frozenset[str],
    *,
    table: bool,
) -> None:
    by = frozenset({author} - {0})
    taken = [standing[d] for d in standing.keys() - now_there if standing[d].removed is None]
    _bring(standing, revision, by, now_there, table=table)
    for entry in taken:
        _take_away(standing, entry, revision.at, by, table=table)
    if taken and by and not table:
        _give_up_waiting(standing, by)


def _bring(
    standing: dict[str, Standing],
    revision: Revision,
    author: frozenset[int],
    now_there: frozenset[str],
    *,
    table: bool,
) -> None:
    """Note what an edit brought. The same text that came back stands again, by whosever edit.

    It is its author's only if they brought nothing else: nobody takes part by several lines at once,
    and who restores a page that was blanked, or undoes an edit, has not written what somebody may
    have planted there in their name.
    """
    fresh = now_there - standing.keys()
    back = {d for d in now_there & standing.keys() if standing[d].removed is not None}
    alone = len(fresh) + len(back) == 1 and not revision.restores
    wrote = author if alone or (table and not revision.restores) else frozenset[int]()
    for digest in fresh:
        standing[digest] = Standing(digest, revision.id, wrote)
    for digest in back:
        entry = standing[digest]
        wrote = author if alone else frozenset()
        standing[digest] = replace(
            entry, adders=entry.adders | wrote, removed=None,
            enders=entry.enders - author, ended=entry.ended - wrote,
        )  # fmt: skip


def _take_away(
    standing: dict[str, Standing], entry: Standing, at: datetime, by: frozenset[int], *, table: bool
) -> None:
    """A removal by an adder ends their part for good; for the others the entry waits."""
    left = entry.adders - by
    if table:
        others = by - entry.adders
        ended = entry.ended | left if others else entry.ended
        standing[entry.digest] = replace(
            entry, adders=left, removed=at, enders=entry.enders | others, ended=ended
        )
    elif left or not by & entry.adders:
        standing[entry.digest] = replace(entry, adders=left, removed=at)
    else:
        del standing[entry.digest]


def _give_up_waiting(standing: dict[str, Standing], by: frozenset[int]) -> None:
    """Who takes an entry away wants none of their own to come back: leaving is leaving.

    Else an older version of their line, once removed by somebody else, could be restored by anyone.
    """
    for entry in list(standing.values()):
        if entry.removed is None or not entry.adders & by:
            continue
        if entry.adders <= by:
            del standing[entry.digest]
        else:
            standing[entry.digest] = replace(entry, adders=entry.adders - by)
