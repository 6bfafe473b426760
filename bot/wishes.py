"""Wishes: from the wishlist itself, and from the table that editors keep for every other list.

A row of the table counts when its exact text, with ``accepted=yes``, was put there by a trusted
reviewer's own edit; whoever changes it afterwards makes it wait again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.gather import MANY_SHARE, MANY_TASKS, OVERLAP, Tell
from bot.ledger import Ledger
from bot.ledger.wishes import Credited
from bot.ports import PageInfo, Wiki
from scoring.model import Wish
from sources.port import SourceChanged, WishSource
from wikitext.history import Revision, Standing, follow
from wikitext.wishes import WishEntry, WishRow, parse_wishes, wish_digests

TABLE = "wishes table"
"""The name under which the ledger keeps what the table says, and how far it was read."""
CLOCKS = timedelta(minutes=5)
"""Two servers of a wiki may disagree on the time."""
REMEMBERED = timedelta(days=3650)
"""Who wrote a row is remembered when it goes: who restores it has not written it."""
SHOWN = 200
"""How many rows that wait or are wrong the report can bear."""


def gather_wishes(
    ledger: Ledger, source: WishSource, now: datetime, tell: Tell, *, full: bool
) -> None:
    """Bring the wishes of a wishlist up to date; *full* reads all, which votes need.

    Raises:
        SourceError: it could not be asked, or lists so few of the wishes it had that something
            else must be wrong; nothing was stored.

    """
    reached = ledger.notes.source(source.name).reached
    whole = full or reached is None
    found = list(
        source.wishes() if whole or reached is None else source.changed_since(reached - OVERLAP)
    )
    if whole:
        _may_be_whole(ledger, source.name, found)
        tell(f"{source.name}: {len(found)} wishes")
    with ledger.together():
        ledger.wishes.store(source.name, map(Credited, found), whole=whole)
        ledger.notes.reached(source.name, now)
        ledger.notes.asked(source.name, now.date(), told=bool(found))
        if found:
            ledger.facts.sweep()


def _may_be_whole(ledger: Ledger, source: str, found: Collection[Wish]) -> None:
    known = ledger.wishes.keys(source)
    lost = known - {one.key for one in found}
    if len(lost) > MANY_TASKS and len(lost) > MANY_SHARE * len(known):
        raise SourceChanged(
            f"{source} does not list {len(lost)} of {len(known)} known wishes any more: nothing was"
            " changed. Look whether it still lists wishes of every status, or who blanked it."
        )


@dataclass(frozen=True, slots=True)
class Accepting:
    """Who may accept rows: members of *groups* and single *users* (by id), but never what they did themselves."""

    wiki: Wiki
    groups: frozenset[str]
    users: frozenset[int] = frozenset()

    def reviewers(self, standing: Iterable[Standing]) -> frozenset[int]:
        """Those among the adders of entries who are trusted today."""
        adders = sorted({adder for one in standing for adder in one.adders})
        known = self.wiki.groups_of(adders) if adders else {}
        return frozenset(
            one for one, groups in known.items() if groups & self.groups or one in self.users
        )


def read_table(
    ledger: Ledger, accepting: Accepting, title: str, info: PageInfo, *, accept: bool = False
) -> None:
    """Bring the ledger up to date with the wishes table.

    Nothing is read while neither the page nor who takes part has changed. An acceptance once seen
    stands while its row does: who leaves the reviewers later takes nothing back.

    Raises:
        SourceChanged: so many accepted rows are gone that a human has to agree (*accept*).
        WikiError: the page cannot be read.

    """
    people = sorted(person.user for person in ledger.people.all())
    memo = ledger.notes.recall(TABLE) or {}
    if memo.get("revision", 0) == info.revision and memo.get("people", []) == people:
        return
    standing, since = _standing(accepting.wiki, memo, title, info)
    text = next(iter(accepting.wiki.texts([title]))).text if info.exists else ""
    entries = parse_wishes(text).entries
    trusted = accepting.reviewers(standing.values())
    standing = {
        digest: replace(one, adders=one.adders & trusted | {*_accepted(memo, digest)})
        for digest, one in standing.items()
    }
    ids = _ids(accepting.wiki, entries)
    credited: list[Credited] = []
    notes: list[dict[str, Any]] = []
    for entry in entries:
        says = _judge(entry, standing.get(entry.digest), ids, people, credited)
        if says:
            notes.append({"line": entry.line, "says": [says]})
    if not accept:
        _may_be_whole(ledger, TABLE, [one.wish for one in credited])
    rows = {entry.digest for entry in entries if entry.row is not None and entry.row.accepted}
    with ledger.together():
        ledger.wishes.store(TABLE, credited, whole=True)
        kept = {digest: _as_json(one) for digest, one in standing.items()}
        ledger.notes.remember(
            TABLE,
            {
                "revision": info.revision, "since": since, "people": people, "standing": kept,
                "notes": notes[:SHOWN], "accepted": sorted(rows),
            },
        )  # fmt: skip
        ledger.facts.sweep()


def _accepted(memo: Mapping[str, Any], digest: str) -> frozenset[int]:
    """Who, when the table was last read, had accepted the row with this digest."""
    if digest not in memo.get("accepted", ()):
        return frozenset()
    return frozenset(memo["standing"].get(digest, (0, ()))[1])


def table_notes(ledger: Ledger) -> list[dict[str, Any]]:
    """What the report says of rows that wait or cannot be read, by line."""
    memo = ledger.notes.recall(TABLE) or {}
    return list(memo.get("notes", ()))


def _standing(
    wiki: Wiki, memo: Mapping[str, Any], title: str, info: PageInfo
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
        )
        for digest, (revision, adders, removed) in memo.get("standing", {}).items()
    }
    seen, since = memo.get("revision", 0), memo.get("since")
    if seen == info.revision:
        return before, since
    after = min(seen, info.revision - 1)
    start = datetime.fromisoformat(since) - CLOCKS if since and after == seen else None
    last: list[Revision] = []
    revisions = _noting(wiki.revisions(title, after, start), last)
    blind = after < seen
    found = follow(before, revisions, REMEMBERED, blind=blind, digests=wish_digests, table=True)
    return found, last[-1].at.isoformat() if last else since


def _as_json(one: Standing) -> list[Any]:
    removed = one.removed.isoformat() if one.removed else None
    return [one.revision, sorted(one.adders), removed]


def _noting(revisions: Iterable[Revision], last: list[Revision]) -> Iterator[Revision]:
    """Let *revisions* pass, one at a time, and note which was the last."""
    for one in revisions:
        last[:] = [one]
        yield one


def _ids(wiki: Wiki, entries: Sequence[WishEntry]) -> Mapping[str, int]:
    names = {name for e in entries if e.row and e.row.accepted for name in e.row.implementers}
    return {name: user.id for name, user in wiki.users(sorted(names)).items()} if names else {}


def _judge(
    entry: WishEntry,
    standing: Standing | None,
    ids: Mapping[str, int],
    people: Collection[int],
    credited: list[Credited],
) -> list[str]:
    """Add an accepted row to *credited*; return what to say of any other one."""
    if entry.row is None:
        return list(entry.problem or ("bad-wish-line",))
    if not entry.row.accepted:
        return ["wish-waits"]
    named = {ids[name] for name in entry.row.implementers if name in ids}
    adders = standing.adders if standing else frozenset()
    if not adders:
        return ["wish-not-accepted"]
    if not adders - named:
        return ["wish-own"]
    joined = tuple(sorted(named & set(people)))
    others = len(entry.row.implementers) - len(joined)
    credited.append(Credited(_wish(entry.row), joined, others, min(adders - named)))
    return []


def _wish(row: WishRow) -> Wish:
    return Wish(
        key=row.key,
        status=row.status,
        tasks=row.tasks,
        granted=row.date,
        title=row.title,
        list=row.list,
    )
