"""The report: the state of each entry of the registry, of each source, and what waits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from bot.accounts import is_staff, proved, unproved
from bot.ledger import Ledger
from bot.ledger.people import Person
from bot.registry import MEMO
from bot.rulebook import Rulebook, rules_notes
from bot.tiers import silent_notes
from bot.wishes import table_notes
from wikitext.data_pages import report_page
from wikitext.hidden import is_misread
from wikitext.json_text import MOST_BYTES, Json, size_of


def report(
    ledger: Ledger, sources: Sequence[str], book: Rulebook, reviews: Iterable[Json] = ()
) -> Json:
    """The report: each entry with what was proved and what is still to do, each source, notes on *reviews*."""
    memo = ledger.notes.recall(MEMO) or {}
    entries, left_out = bearable(list(_entries(ledger, memo.get("entries", ()), book)))
    states = [_source(ledger, name) for name in sources]
    notes = [{"line": line, "says": [[word]]} for line, word in memo.get("unclosed", ())]
    if memo.get("more"):
        notes.append({"line": 0, "says": [["more-lines", memo["more"]]]})
    if left_out:
        notes.append({"line": 0, "says": [["more-entries", left_out]]})
    notes += [*rules_notes(ledger), *silent_notes(ledger)]
    return report_page(entries, states, notes, table_notes(ledger), reviews)


def _entries(ledger: Ledger, known: Iterable[Json], book: Rulebook) -> Iterator[Json]:
    by_central = {person.central: person for person in ledger.people.all() if person.shown}
    done, todo = proved(ledger), unproved(ledger)
    read: dict[int, set[bool]] = {}
    for account in ledger.people.accounts():
        read.setdefault(account.person, set()).add(account.read)
    wishes = {one.wish.key for one in ledger.wishes.all()}
    for one in known:
        who = by_central.get(one["central"]) if one["central"] is not None else None
        if who is not None and book.excludes(who):
            who, one = None, {**one, "says": [["excluded"]]}
        says = [] if who is None else [*done.get(who.id, ()), *todo.get(who.id, ())]
        if who is not None and is_staff(who.name, book.rules.staff_names):
            says.append(["staff"])
        if who is not None and is_misread(who.choices, book.rules.badges, wishes):
            # The word is not repeated: anybody can write anybody's name there.
            says.append(["hide-unknown"])
        yield _entry(one, who, says, read.get(who.id, set()) if who else set())


def _entry(entry: Json, who: Person | None, says: list[list[str]], read: Collection[bool]) -> Json:
    """One entry; *read* says whether all, some or none of the histories were read."""
    shown: Json = {"line": entry["line"], "revision": entry["revision"]}
    if who is None:
        return {**shown, "state": "refused", "says": entry["says"]}
    if False in read:
        says = [*says, ["history-being-read"]]
    # Waiting: something is still to be done before this person has a page.
    state = "accepted" if True in read else "waiting"
    return {**shown, "state": state, "person": who.name, "says": says}


def bearable(entries: list[Json]) -> tuple[list[Json], int]:
    """As many entries as a page can bear, in their order, and how many are left out.

    Those in which something is to be done stand before those in which all is well; the later lines
    are left out first.
    """
    sizes = [size_of(one) for one in entries]
    if sum(sizes) <= MOST_BYTES:
        return entries, 0
    kept: list[int] = []
    room = MOST_BYTES
    for place in sorted(range(len(entries)), key=lambda at: (_is_well(entries[at]), at)):
        room -= sizes[place]
        if room < 0:
            break
        kept.append(place)
    return [entries[place] for place in sorted(kept)], len(entries) - len(kept)


def _is_well(entry: dict[str, Any]) -> bool:
    return entry["state"] == "accepted" and all(said[0] == "proved" for said in entry["says"])


def _source(ledger: Ledger, source: str) -> Json:
    note = ledger.notes.source(source)
    name = source.partition(" ")[0]  # "onwiki metawiki": which wiki is the operator's business
    if note.trouble is None and note.reached is None:
        return {"source": name, "state": "waiting"}
    if note.trouble is None or note.stale_since is None:
        return {"source": name, "state": "fresh"}
    since = note.stale_since.isoformat()
    return {"source": name, "state": "stale", "since": since, "says": [[note.trouble]]}
