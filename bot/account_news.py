"""Whose wiki account bears another name now, and whose has ended: vanished, hidden, locked everywhere.

The ids of accounts never change. So the logs only say whom to ask about; what is so, is asked by id.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.leaving import end_entries, forget_people
from bot.ledger import Ledger
from bot.ledger.people import Person
from bot.membership import Limits, guard_ended
from bot.ports import Wiki, WikiUser
from bot.registry import has_vanished

MEMO = "accounts"
"""``logs``: until when each log was read, and how it does (``log_states``); ``after``: the number of
the person who was last asked about in turn."""
OVERLAP = timedelta(minutes=10)
"""Logs are read from a little before the last reading: the servers of a wiki lag behind each other."""
READ, MUTE, ABSENT = "read", "mute", "absent"


def follow_accounts(wiki: Wiki, ledger: Ledger, limits: Limits) -> None:
    """Look at everybody's wiki account by its id (the weekly check).

    Vanished, hidden, locked everywhere: that is leaving, at once. Blocked on this wiki alone is not.

    Raises:
        NeedsAcceptance: too many accounts ended in one go to believe it, and nobody accepted it.
        WikiError: the wiki does not tell.

    """
    people = ledger.people.all()
    _make_so(wiki, ledger, people, people, limits, "run --full --accept")


def follow_account_logs(wiki: Wiki, ledger: Ledger, limits: Limits) -> None:
    """Look at the accounts that logs of the wiki name since the last round, and at some more in turn.

    So many requests in every round, however many people there are: a log each, and one by id. The
    turns find who was hidden, which no log tells, and renames where the log is another wiki's.

    Raises:
        NeedsAcceptance, WikiError: as ``follow_accounts``.

    """
    people = ledger.people.all()
    if not people:
        # Who joins is looked at then; what logs told before does not concern them.
        if ledger.notes.recall(MEMO):
            ledger.notes.remember(MEMO, {})
        return
    memo: dict[str, Any] = ledger.notes.recall(MEMO) or {}
    named, logs = _read_logs(wiki, memo.get("logs", {}))
    touched = [person for person in people if person.name in named]
    turn = _turn(people, memo.get("after", 0), wiki.many)
    asked = list(dict.fromkeys([*touched, *turn]))
    _make_so(wiki, ledger, asked, touched, limits, "run --accept")
    ledger.notes.remember(MEMO, {"logs": logs, "after": turn[-1].id})


def log_states(ledger: Ledger) -> dict[str, str]:
    """How each log of accounts does, by its name on the wiki: ``read``; ``absent``, the wiki has none;
    ``mute``, its events name nobody that we understand. The latter two leave the turns and the weekly check.
    """
    memo = ledger.notes.recall(MEMO) or {}
    return {name: one["state"] for name, one in sorted(memo.get("logs", {}).items())}


def _read_logs(wiki: Wiki, before: dict[str, Any]) -> tuple[set[str], dict[str, Any]]:
    """Every word in the events of the logs since the last reading, and what to remember of them."""
    words: set[str] = set()
    logs: dict[str, Any] = {}
    for log in wiki.account_logs:
        known = before.get(log, {})
        since = datetime.fromisoformat(known["until"]) - OVERLAP if known.get("until") else None
        found = wiki.read_log(log, since)
        if found is None:
            logs[log] = {"until": None, "state": ABSENT}
            continue
        words |= found.words
        state = known.get("state", READ) if not found.events else READ if found.words else MUTE
        logs[log] = {"until": found.until.isoformat(), "state": state}
    return words, logs


def _turn(people: Sequence[Person], after: int, many: int) -> list[Person]:
    """The next *many* people by their numbers, beginning anew at the end."""
    order = [one for one in people if one.id > after] + [one for one in people if one.id <= after]
    return order[:many]


def _make_so(
    wiki: Wiki,
    ledger: Ledger,
    asked: Sequence[Person],
    central: Collection[Person],
    limits: Limits,
    command: str,
) -> None:
    """Rename and forget those *asked* about as the wiki says; of those in *central* ask about locks."""
    today = wiki.users_with(sorted(person.user for person in asked))
    closed = wiki.closed(today[person.user] for person in central if person.user in today)
    gone = [person for person in asked if _has_ended(today.get(person.user), closed)]
    if not limits.accept:
        guard_ended(gone, asked, command)
    with ledger.together():
        for person in asked:
            if person not in gone and today[person.user].name != person.name:
                ledger.people.rename(person, today[person.user].name)
        if gone:
            end_entries(ledger, gone)
            forget_people(ledger, gone)


def _has_ended(user: WikiUser | None, closed: frozenset[int]) -> bool:
    return user is None or user.central in closed or has_vanished(user.name)
