"""Describe the pages as they should be, from the ledger and the rules; the wiki is not asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.accounts import unproved
from bot.ledger import Ledger
from bot.ledger.people import Person
from bot.ledger.views import ME, View
from bot.registry import MEMO
from scoring.assess import assess
from scoring.badges import CATALOGUE, awards
from scoring.model import Record
from scoring.record import record_of
from scoring.rules import RULES, Rules
from wikitext.data_pages import Json, person_page, report_page, work_page


@dataclass(frozen=True, slots=True)
class Described:
    """A person's record, and the facts that made it."""

    record: Record
    view: View
    unconfirmed: int


def describe_person(ledger: Ledger, who: Person, rules: Rules = RULES) -> Described:
    """Compute a person's record from the facts they have a part in."""
    view = ledger.views.of(who)
    assessments = assess(view.changes, view.tasks, rules)
    record = record_of(ME, assessments, (), rules)
    named = {number for change in view.changes for number in change.tasks}
    earned = replace(record, awards=awards(record, CATALOGUE))
    return Described(earned, view, len(view.owned - named))


def data_page(home: str, who: Person) -> str:
    """The title of a person's data page."""
    return f"{home}/people/{who.name}.json"


def person_pages(home: str, who: Person, described: Described) -> dict[str, Json]:
    """The data page and the work pages of a person, by title below *home*."""
    record = described.record
    page = person_page(record, described.unconfirmed)
    base = f"{home}/people/{who.name}"
    lines = {change.key: change.subject for change in described.view.changes}
    pages = {data_page(home, who): page}
    for year in page["works"]:
        pages[f"{base}/work-{year}.json"] = work_page(year, record.credits, ME, lines)
    return pages


def report(ledger: Ledger, people: Sequence[Person], sources: Sequence[str]) -> Json:
    """The report: each entry with what was proved and what is still to do, and each source."""
    memo = ledger.notes.recall(MEMO) or {}
    by_central = {person.central: person for person in people}
    todo = unproved(ledger)
    entries = [_entry(ledger, one, by_central, todo) for one in memo.get("entries", ())]
    states = [_source(ledger, name) for name in sources]
    notes = [{"line": line, "says": [[word]]} for line, word in memo.get("unclosed", ())]
    if memo.get("more"):
        notes.append({"line": 0, "says": [["more-lines", str(memo["more"])]]})
    return report_page(entries, states, notes)


def _entry(
    ledger: Ledger,
    entry: Json,
    people: Mapping[int, Person],
    todo: Mapping[int, list[list[str]]],
) -> Json:
    shown: Json = {"line": entry["line"], "revision": entry["revision"]}
    who = people.get(entry["central"]) if entry["central"] is not None else None
    if who is None:
        return {**shown, "state": "refused", "says": entry["says"]}
    accounts = ledger.people.accounts(who)
    says = [["proved", source] for source in sorted({account.source for account in accounts})]
    says += todo.get(who.id, ())
    if any(not account.read for account in accounts):
        says.append(["history-being-read"])
    # Waiting: something is still to be done before this person has a page.
    state = "accepted" if any(account.read for account in accounts) else "waiting"
    return {**shown, "state": state, "person": who.name, "says": says}


def _source(ledger: Ledger, name: str) -> Json:
    note = ledger.notes.source(name)
    if note.trouble is None or note.stale_since is None:
        return {"source": name, "state": "fresh"}
    since = note.stale_since.isoformat()
    return {"source": name, "state": "stale", "since": since, "says": [[note.trouble]]}
