"""Wishes: from the wishlist itself, and from the table that editors keep for every other list.

A row of the table counts when its exact text, with ``accepted=yes``, was put there by a trusted
reviewer's own edit; whoever changes it afterwards makes it wait again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from bot.acceptance import SHOWN, Accepting, is_read, lost_too_many, read_rows, to_memo
from bot.gather import Tell
from bot.lately import LATELY, lately_gone
from bot.ledger import Ledger
from bot.ledger.wishes import Credited
from bot.ports import PageInfo, Wiki
from bot.reading import OVERLAP
from scoring.model import Wish
from sources.port import SourceChanged, WishSource
from wikitext.history import Standing
from wikitext.wishes import WishEntry, WishRow, parse_wishes, wish_digests

TABLE = "wishes table"
"""The name under which the ledger keeps what the table says, and how far it was read."""


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
    if lost_too_many(lost, known):
        raise SourceChanged(
            f"{source} does not list {len(lost)} of {len(known)} known wishes any more: nothing was"
            " changed. Look whether it still lists wishes of every status."
        )


def read_table(
    ledger: Ledger,
    accepting: Accepting,
    title: str,
    info: PageInfo,
    today: date,
    *,
    accept: bool = False,
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
    if is_read(memo, info, people):
        return
    text = next(iter(accepting.wiki.texts([title]))).text if info.exists else ""
    entries = parse_wishes(text).entries
    rows = read_rows(accepting, memo, title, info, wish_digests)
    ids = _ids(accepting.wiki, entries)
    credited: list[Credited] = []
    notes: list[dict[str, Any]] = []
    for entry in entries:
        says = _judge(entry, rows.standing.get(entry.digest), ids, people, credited)
        if says:
            notes.append({"line": entry.line, "says": [says]})
    keys, before = {one.wish.key for one in credited}, ledger.wishes.keys(TABLE)
    lost = lately_gone(memo.get(LATELY, {}), before - keys, keys, today)
    if before - keys and lost_too_many(lost, before | lost.keys()) and not accept:
        raise _doubt(title, lost)
    marked = [entry.digest for entry in entries if entry.row is not None and entry.row.accepted]
    with ledger.together():
        ledger.wishes.store(TABLE, credited, whole=True)
        ledger.notes.remember(
            TABLE,
            {
                **to_memo(rows, info, people, marked),
                "notes": notes[:SHOWN],
                LATELY: {} if accept else lost,
            },
        )
        ledger.facts.sweep()


def _doubt(title: str, lost: Collection[str]) -> SourceChanged:
    return SourceChanged(
        f"{len(lost)} accepted wishes on [[{title}]] are gone, at once or within two weeks: nothing was"
        " changed there. Look who removed them; restore the page, or agree with `run --accept`."
    )


def table_notes(ledger: Ledger) -> list[dict[str, Any]]:
    """What the report says of rows that wait or cannot be read, by line."""
    memo = ledger.notes.recall(TABLE) or {}
    return list(memo.get("notes", ()))


def _ids(wiki: Wiki, entries: Sequence[WishEntry]) -> Mapping[str, int]:
    names = {name for e in entries if e.row and e.row.accepted for name in e.row.implementers}
    return {name: user.id for name, user in wiki.users(sorted(names)).items()} if names else {}


def _judge(
    entry: WishEntry,
    standing: Standing | None,
    ids: Mapping[str, int],
    people: Collection[int],
    credited: list[Credited],
) -> list[str | int]:
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
