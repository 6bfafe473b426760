"""``forget PERSON``: forget somebody at once, empty their pages, and search for what still tells of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from bot.control import control_pages, keep_to_wiki, read_accepted
from bot.errors import BadgesError, Interrupted, Stopped, WikiError, WikiRefused
from bot.explain import NotFoundInLedger
from bot.farewell import farewells, whose
from bot.leaving import end_entries, forget_people
from bot.ledger.people import Person
from bot.lock import locked
from bot.publisher import Outcome, Publisher, StopPage
from bot.rulebook import known_rules
from bot.traces import Traces, search_files, search_ledger, traces_of
from bot.whom import Meant, find_meant
from bot.world import Round, World
from wikitext.json_text import loads
from wikitext.registry import canonical_name

MOST_SHOWN = 20
"""So many pages are named one by one."""


@dataclass(slots=True)
class Forgotten:
    """What came of it: ``lines`` to print; ``places`` that still tell of them; ``error``, why pages remain.

    ``edits`` are the pages that were changed.
    """

    lines: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    edits: Outcome = field(default_factory=Outcome)
    error: BadgesError | None = None

    @property
    def clean(self) -> bool:
        """Whether all was done, and nothing is left."""
        return not (self.places or self.edits.refused or self.error)


def forget_person(world: World, name: str) -> Forgotten:
    """Forget who bears this *name* in the ledger, then empty their pages, then search everything.

    Of somebody whom the ledger does not know (any more), the pages are emptied all the same. Where the
    stop page or the wiki itself is in the way, only the ledger forgets, and it is said what remains.
    Whose the name is today the wiki says; where it cannot be asked, the ledger.

    Raises:
        NotFoundInLedger: nobody of the name takes part, and nothing tells of anybody called so.
        NotSure: the name is somebody else's today than in the ledger; nobody was forgotten.
        WikiRefused: the wiki is not the ledger's; nothing was done.
        Busy: a round is running.

    """
    name = _canonical(name)
    told, line = Forgotten(), ""
    with locked(world.ledger) as renew:
        ledger = world.ledger
        meant = _meant(world, name, told)
        person = meant.person
        traces = _traces(world, meant)
        before = ledger.sizes.all()
        if person is not None:
            with ledger.together():
                end_entries(ledger, [person], "hidden-revision")
                forget_people(ledger, [person])
            stands = ledger.people.entries().get(person.digest)
            line = world.registry if stands and stands.removed is None else ""
        if told.error is None:
            try:
                _empty_pages(world, meant.names, renew, told)
            except (Stopped, Interrupted, WikiError) as error:
                told.error = error
        told.lines += _removed(name, person, before, ledger.sizes.all())
    told.lines += _on_the_wiki(world, meant.names, told, line)
    proof = list(_search(world, traces, told))
    if person is None and not (told.places or told.error or _ours(world, {name})):
        raise NotFoundInLedger(
            f"Nobody of the name “{name}” takes part, and neither the ledger nor a page of the bot tells"
            " of anybody called so: there is nothing to forget. The name is that of the account on the"
            " wiki; a line that was added since the last round is read by the next."
        )
    told.lines += proof
    return told


def _canonical(name: str) -> str:
    wanted = canonical_name(name)
    if not wanted:
        raise NotFoundInLedger(f"No account on the wiki can be called “{name}”.")
    return wanted[:1].upper() + wanted[1:]


def _meant(world: World, name: str, told: Forgotten) -> Meant:
    """Ask the wiki whose the name is, if it is ours and lets us in; else the ledger."""
    try:
        here = world.wiki.check()
    except WikiError as error:  # Be it that the bot lost its right, or its password.
        told.error = error
    else:
        keep_to_wiki(world.ledger, here)
        try:
            return find_meant(world.ledger, world.wiki, name)
        except WikiError as error:
            told.error = error
    told.lines.append(
        "The wiki could not be asked whose the name is today: it was taken for that of who bore it when"
        " the ledger last looked."
    )
    return find_meant(world.ledger, None, name)


def _traces(world: World, meant: Meant) -> Traces:
    if meant.person is not None:
        found = traces_of(world.ledger, meant.person)
        return replace(found, words=found.words | meant.names)
    if meant.account is None:
        return Traces(meant.names)
    return Traces(meant.names, meant.account.id, meant.account.central)


def _ours(world: World, names: Collection[str]) -> list[str]:
    """The titles of all pages of these names."""
    return [one for one in world.wiki.pages_below(world.home) if whose(world.home, one) in names]


def _empty_pages(
    world: World, names: Collection[str], renew: Callable[[], None], told: Forgotten
) -> None:
    """Put tombstones on the pages of these names, and take them from the lists of the other pages.

    Raises:
        Stopped, Interrupted, WikiError: not all of it is done; the next round does it.

    """
    stop = StopPage(world.wiki, f"{world.home}/stop")
    pages = control_pages(world, stop)
    # Whom rows of the wishes table and reviews name: without somebody, they are read anew.
    read_accepted(replace(world, book=known_rules(world.ledger)), Round(), pages, accept=False)
    if pages[stop.title].exists:
        stop.look()
    summary = f"[[{world.root}|Developer badges]]"
    publisher = Publisher(world.wiki, world.ledger, stop, summary, world.tell, renew, world.look)
    wanted = [
        one
        for one in farewells(world, _ours(world, names))
        if whose(world.home, one.title) in (None, *names)
    ]
    publisher.publish(wanted, len(wanted), told.edits)


def _removed(
    name: str, person: Person | None, before: Mapping[str, int], after: Mapping[str, int]
) -> Iterator[str]:
    if person is None:
        yield f"{name} does not take part, as far as the ledger knows; it had nothing to forget."
        return
    gone = [f"{table} {count}" for table in before if (count := before[table] - after[table]) > 0]
    known = f" (“{person.name}” in the ledger)" if person.name != name else ""
    yield f"{name}{known} is forgotten. Rows that went from the ledger: {', '.join(gone)}."


def _on_the_wiki(world: World, names: Collection[str], told: Forgotten, line: str) -> Iterator[str]:
    emptied = [one for one in told.edits.saved if whose(world.home, one) in names]
    others = len(told.edits.saved) - len(emptied)
    yield f"Pages emptied: {len(emptied)}. Lists saved without the name: {others}."
    if told.error is not None:
        known = [one for one in world.ledger.notes.pages() if whose(world.home, one) in names]
        when = (
            ", once the wiki lets the bot in again" if isinstance(told.error, WikiRefused) else ""
        )
        yield (
            f"Pages remain as they are for now ({len(known)} that the ledger knows of); the next round"
            f" empties them{when}. {told.error}"
        )
    for title, why in told.edits.refused:
        yield f"[[{title}]] remains: {why}"
    if line:
        yield (
            f"Their line still stands on [[{line}]]; nobody is registered by it any more. It is for"
            " people to remove; who adds it anew, under their own account, takes part again."
        )


def _search(world: World, traces: Traces, told: Forgotten) -> Iterator[str]:
    """Lines that say where anything is left of *traces*; the places go to *told*, too."""
    found = search_ledger(world.ledger, traces)
    world.ledger.close()  # So that the log of SQLite lies in its file.
    files, size = search_files(world.ledger, traces, found.spoken)
    told.places += [f"ledger: {one} ({count})" for one, count in sorted(found.places.items())]
    told.places += [f"file: {one}, in what is no row any more" for one in files]
    titles, pages = [], 0
    try:
        titles = list(world.wiki.pages_below(world.home))
        for page in world.wiki.texts(titles):
            pages += 1
            value = loads(page.text)
            text = page.text if value is None else json.dumps(value, ensure_ascii=False)
            if traces.in_text(text):
                told.places.append(f"page: [[{page.title}]]")
    except WikiError as error:
        told.error = told.error or error
    yield (
        f"Searched for name, accounts and ids: {found.values} values and {size} bytes of the ledger,"
        f" {pages} pages."
    )
    named = [one for one in titles if traces.in_text(one)]
    if named:
        yield (
            f"The titles of {len(named)} pages bear the name, and their history tells more, until an"
            " administrator deletes them:"
        )
        yield from (f"  [[{one}]]" for one in named[:MOST_SHOWN])
    for place, count in sorted((+found.hands).items()):
        yield (
            f"Kept: {place} ({count}), that they accepted or wrote what others earn by, as the history"
            " of those pages says."
        )
    if told.places:
        yield "Still told, here or by somebody else of the same name:"
        yield from (f"  {one}" for one in told.places)
    elif told.error is None:
        yield "Nothing is left in ledger and pages."
