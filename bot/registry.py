"""Who takes part: read what happened on the registry, and judge each entry.

Nothing is read while the page has not changed; only revisions after the last one seen are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.errors import NeedsAcceptance
from bot.ledger import Ledger
from bot.ledger.people import Person
from bot.ports import PageInfo, Wiki, WikiUser
from wikitext.choices import NO_CHOICES, Choices
from wikitext.history import Revision, Standing, follow, since_revision
from wikitext.registry import Entry, Period, parse_registry

MEMO = "registry"
OVERLAP = timedelta(minutes=5)
"""Two servers of a wiki may disagree on the time; what was read already is known by its number."""
MANY_REFUSED = 200
MANY_PEOPLE = 3
MANY_SHARE = 0.20
"""More removals by others than both of these in one go are for a human to look at (DESIGN 6)."""

_VANISHED = re.compile(r"(?:Renamed user|Vanished user|Deleted user|Vanished account)\b")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one entry. ``user`` is whose it is, None unless the entry is accepted."""

    line: int
    revision: int
    says: tuple[tuple[str | int, ...], ...] = ()
    user: WikiUser | None = None
    developer: str = ""
    digest: str = ""
    claims: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    paid: tuple[Period, ...] = ()
    choices: Choices = NO_CHOICES


@dataclass(frozen=True, slots=True)
class Reading:
    """The registry as just read: its newest revision, what stands, and the verdicts."""

    revision: int
    seen: int
    since: datetime | None
    standing: Mapping[str, Standing]
    verdicts: tuple[Verdict, ...]
    unclosed: tuple[tuple[int, str], ...] = ()
    blank: bool = False
    missing: bool = False
    left: frozenset[tuple[str, int]] = frozenset()
    """The entries that were taken away by those who had added them: digest and local user id."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a reading changes about people: who joins or stays, and whose entry others removed."""

    join: tuple[Verdict, ...] = ()
    hide: tuple[Person, ...] = ()
    left: tuple[Person, ...] = ()
    """Everybody who took their own entry away."""
    lost: tuple[Person, ...] = ()
    """Everybody whose entry is gone or refused, and not by their own hand."""
    vanished: tuple[Person, ...] = ()
    """Everybody whose account the wiki does not know any more, by name or by id."""


def read_registry(
    wiki: Wiki, ledger: Ledger, title: str, info: PageInfo, waiting: timedelta
) -> Reading | None:
    """Read what is new on the registry; None if nothing is.

    Raises:
        WikiError: the page or its history cannot be read.

    """
    memo = ledger.notes.recall(MEMO) or {}
    if not info.exists:
        return Reading(0, memo.get("seen", 0), None, ledger.people.entries(), (), missing=True)
    if memo.get("revision") == info.revision:
        return None
    # Younger revisions may have been deleted: then the one that is newest now is looked at, and as
    # what lay between is not to be seen, nobody is taken for its author.
    seen, since = memo.get("seen", 0), memo.get("since")
    after = min(seen, info.revision - 1)
    blind = bool(seen) and (after != seen or not memo.get("revision"))
    since = datetime.fromisoformat(since) - OVERLAP if since and after == seen else None
    last = _Last()
    # From the one seen last on: what an edit took away can only be told from the text before it.
    known = 0 if blind else seen
    told = wiki.revisions(title, known - 1 if known else after, since)
    parent, revisions = since_revision(told, known)
    entries = ledger.people.entries()
    left: set[tuple[str, int]] = set()
    names = {person.user: person.name for person in ledger.people.all()}
    standing = follow(
        entries, last.watch(revisions), waiting, parent=parent, blind=blind, left=left, names=names
    )
    if last.visible is None:
        return None
    page = parse_registry(last.visible.text or "")
    return Reading(
        revision=info.revision,
        seen=last.visible.id,
        since=last.visible.at,
        standing=standing,
        verdicts=judge(page.entries, standing, _users(wiki, ledger, page.entries)),
        unclosed=page.unclosed,
        blank=page.blank,
        left=frozenset(left),
    )


class _Last:
    """Lets revisions pass, up to the last that can be read, and remembers that one.

    A reading ends there: what follows a hidden version needs to know that it was hidden.
    """

    def __init__(self) -> None:
        self.visible: Revision | None = None

    def watch(self, revisions: Iterable[Revision]) -> Iterator[Revision]:
        hidden: list[Revision] = []
        for one in revisions:
            if one.text is None:
                hidden.append(one)
                continue
            yield from hidden
            hidden.clear()
            self.visible = one
            yield one


def _users(wiki: Wiki, ledger: Ledger, entries: Sequence[Entry]) -> Mapping[str, WikiUser]:
    """The account of each entry, by digest; one that was renamed since is found by its id."""
    by_name = wiki.users(sorted({entry.name for entry in entries if entry.name}))
    found = {one.digest: by_name[one.name] for one in entries if one.name in by_name}
    people = {person.digest: person.user for person in ledger.people.all()}
    lost = {
        one.digest: people[one.digest]
        for one in entries
        # Nobody bears the name now, or somebody else does: then it is who it was.
        if one.digest in people
        and (one.digest not in found or found[one.digest].id != people[one.digest])
    }
    by_id = wiki.users_with(sorted(set(lost.values()))) if lost else {}
    return found | {digest: by_id[number] for digest, number in lost.items() if number in by_id}


def judge(
    entries: Iterable[Entry], standing: Mapping[str, Standing], users: Mapping[str, WikiUser]
) -> tuple[Verdict, ...]:
    """Accept the entries that people added for themselves; say of each other one what is wrong.

    *users* are the accounts meant, by the digest of the entry.
    """
    verdicts: list[Verdict] = []
    accepted: dict[int, Entry] = {}
    for entry in entries:
        verdict = _judge_one(entry, standing.get(entry.digest), users.get(entry.digest))
        who = verdict.user
        if who is not None and (first := accepted.setdefault(who.central, entry)) is not entry:
            # Who bears the name now may have copied the line of who was renamed: it is that one's.
            copied = first.digest == entry.digest and entry.name != who.name
            says = (("same-line" if copied else "duplicate-entry",),)
            verdict = Verdict(entry.line, verdict.revision, says)
        verdicts.append(verdict)
    return tuple(verdicts)


def _judge_one(entry: Entry, stands: Standing | None, user: WikiUser | None) -> Verdict:
    revision = stands.revision if stands else 0
    problem = entry.problem or _problem(entry, stands, user)
    if problem is not None:
        return Verdict(entry.line, revision, (problem,), digest=entry.digest)
    return Verdict(
        entry.line, revision, (), user, entry.developer, entry.digest, entry.claims, entry.paid,
        entry.choices,
    )  # fmt: skip


def _problem(entry: Entry, stands: Standing | None, user: WikiUser | None) -> tuple[str] | None:
    """Why an entry that can be read is not the person's own, if it is not."""
    if entry.name.startswith("~2"):
        return ("temporary-account",)
    if user is None or has_vanished(user.name):
        return ("no-such-user",)
    if stands is None or not stands.adders:
        return ("hidden-revision",)
    return None if user.id in stands.adders else ("not-yourself",)


def has_vanished(name: str) -> bool:
    """Whether a name is one that an account gets when its owner vanishes."""
    return _VANISHED.match(name) is not None


def changes_of(reading: Reading, people: Sequence[Person]) -> Changes:
    """Compare a reading with the people we have: nobody is dropped whose entry only waits."""
    join = tuple(verdict for verdict in reading.verdicts if verdict.user is not None)
    staying = {verdict.user.central for verdict in join if verdict.user is not None}
    nobody = {one.digest for one in reading.verdicts if one.says == (("no-such-user",),)}
    vanished = tuple(person for person in people if person.digest in nobody)
    absent = [p for p in people if p.central not in staying and p not in vanished]
    waiting = [p for p in absent if waits(p, reading.standing)]
    left = [p for p in absent if (p.digest, p.user) in reading.left and p not in waiting]
    return Changes(
        join=join,
        vanished=vanished,
        hide=tuple(p for p in waiting if p.shown),
        left=tuple(left),
        lost=tuple(p for p in absent if p.shown and p not in left),
    )


def waits(person: Person, standing: Mapping[str, Standing]) -> bool:
    """Whether the person's own entry, removed by somebody else, may still come back."""
    return person.digest in standing and person.user in standing[person.digest].adders


def expired(standing: Mapping[str, Standing], now: datetime, waiting: timedelta) -> frozenset[str]:
    """The entries that have waited long enough after somebody else removed them."""
    limit = now - waiting
    return frozenset(d for d, one in standing.items() if one.removed and one.removed <= limit)


def guard(
    reading: Reading, changes: Changes, people: Sequence[Person], before: Iterable[int] = ()
) -> None:
    """Stop before many people vanish by others' hands, in one go or bit by bit.

    *before* are the central ids of those who were hidden lately without anybody's consent.

    Raises:
        NeedsAcceptance: a human has to look first.

    """
    shown = [person for person in people if person.shown]
    if not shown:
        return
    if reading.missing:
        raise NeedsAcceptance(
            f"The registry page is missing, and {len(shown)} people are in it: nothing was edited."
            " If it was deleted on purpose, `run --accept` goes on; if it was moved, set BADGES_ROOT."
        )
    if reading.blank and changes.lost:
        raise NeedsAcceptance(
            "Somebody else blanked the registry: nothing was edited. Restore it, or accept it with"
            " `run --accept`."
        )
    known = {person.central for person in people}
    lost = {person.central for person in changes.lost}
    lately = (set(before) & known) - {p.central for p in shown}
    many = len(lost | lately)
    if lost and many > MANY_PEOPLE and many > MANY_SHARE * len(known):
        raise NeedsAcceptance(
            f"Others removed {many} of {len(known)} people from the registry: nothing was edited."
            " Look at its history; restore the page, or accept it with `run --accept`."
        )


def to_memo(reading: Reading) -> dict[str, Any]:
    """What is kept of a reading for the report; nobody who was not accepted is named in it."""
    return {
        "revision": reading.revision,
        "seen": reading.seen,
        "since": reading.since.isoformat() if reading.since else None,
        "unclosed": [list(one) for one in reading.unclosed],
        "entries": [
            {
                "line": one.line,
                "revision": one.revision,
                "central": one.user.central if one.user else None,
                "says": [list(words) for words in one.says],
            }
            for one in _reported(reading.verdicts)
        ],
        "more": max(0, sum(one.user is None for one in reading.verdicts) - MANY_REFUSED),
    }


def _reported(verdicts: Iterable[Verdict]) -> Iterator[Verdict]:
    """All that were accepted, and so many refused ones as a page can bear: anybody can flood it."""
    refused = 0
    for one in verdicts:
        refused += one.user is None
        if one.user is not None or refused <= MANY_REFUSED:
            yield one
