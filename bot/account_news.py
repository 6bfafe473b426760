"""Whose wiki account bears another name now, and whose has ended: vanished, hidden, locked everywhere.

The ids of accounts never change. So the logs only say whom to ask about; what is so, is asked by id.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.centrals import follow_centrals
from bot.errors import WikiRefused, WikiUnreachable
from bot.leaving import end_entries, forget_people
from bot.ledger import Ledger
from bot.ledger.people import Person
from bot.membership import Limits, guard_ended
from bot.ports import LogReading, Wiki, WikiUser
from bot.registry import has_vanished

MEMO = "accounts"
"""``logs``: until when each log was read, and how it does (``log_states``); ``after``: the number of
the person who was last asked about in turn."""
OVERLAP = timedelta(minutes=10)
"""Logs are read from a little before the last reading: the servers of a wiki lag behind each other."""
READ, MUTE, ABSENT = "read", "mute", "absent"
REFUSED, UNREACHABLE = "refused", "unreachable"


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
    asked, touched, memo = _to_ask(wiki, ledger, people)
    _make_so(wiki, ledger, asked, touched, limits, "run --accept")
    ledger.notes.remember(MEMO, memo)


def let_ended_leave(wiki: Wiki, ledger: Ledger, limits: Limits) -> None:
    """Forget those whose accounts ended, although the round ends here for a human to look.

    As ``follow_account_logs``, but nobody is renamed: their new pages would have to wait. So the logs
    count as unread, and only the turn goes on.

    Raises:
        NeedsAcceptance, WikiError: as ``follow_accounts``.

    """
    people = ledger.people.all()
    if not people:
        return
    asked, touched, memo = _to_ask(wiki, ledger, people)
    _, gone = _ended(wiki, asked, touched, limits, "run --accept")
    with ledger.together():
        _forget(ledger, gone)
        ledger.notes.remember(MEMO, {**(ledger.notes.recall(MEMO) or {}), "after": memo["after"]})


def _to_ask(
    wiki: Wiki, ledger: Ledger, people: Sequence[Person]
) -> tuple[list[Person], list[Person], dict[str, Any]]:
    """Of whom to ask now, which of them the logs name, and the memo of it."""
    memo: dict[str, Any] = ledger.notes.recall(MEMO) or {}
    named, logs = _read_logs(wiki, memo.get("logs", {}))
    touched = [person for person in people if person.name in named]
    turn = _turn(people, memo.get("after", 0), wiki.many)
    asked = list(dict.fromkeys([*touched, *turn]))
    return asked, touched, {"logs": logs, "after": turn[-1].id}


def log_states(ledger: Ledger) -> dict[str, str]:
    """How each log of accounts does, by its name on the wiki: ``read``; ``absent``, the wiki has none;
    ``mute``, its events name nobody that we understand; ``refused``, the bot may not read it;
    ``unreachable``, the wiki did not give it this time. All but the first leave the turns and the weekly check.
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
        try:
            found = wiki.read_log(log, since)
        except (WikiRefused, WikiUnreachable) as error:  # One log that fails ends no round.
            state = REFUSED if isinstance(error, WikiRefused) else UNREACHABLE
            logs[log] = {"until": known.get("until"), "state": state}
            continue
        if found is None:
            logs[log] = {"until": None, "state": ABSENT}
            continue
        words |= found.words
        mute = not found.words if found.events else known.get("state") == MUTE
        logs[log] = {"until": _until(found, since).isoformat(), "state": MUTE if mute else READ}
    return words, logs


def _until(found: LogReading, since: datetime | None) -> datetime:
    """Until when a log was read. What is left over of it is not read again from ``OVERLAP`` before:
    with very many events in these minutes that would be the same ones for ever.
    """
    if not found.more or since is None:
        return found.until
    return max(found.until, since + timedelta(seconds=1)) + OVERLAP


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
    today, gone = _ended(wiki, asked, central, limits, command)
    with ledger.together():
        for person in asked:
            if person not in gone and today[person.user].name != person.name:
                ledger.people.rename(person, today[person.user].name)
        _forget(ledger, gone)
        follow_centrals(ledger, today.values())


def _ended(
    wiki: Wiki,
    asked: Sequence[Person],
    central: Collection[Person],
    limits: Limits,
    command: str,
) -> tuple[Mapping[int, WikiUser], list[Person]]:
    """The accounts of those *asked* about by their ids, and whose have ended."""
    today = wiki.users_with(sorted(person.user for person in asked))
    closed = wiki.closed(today[person.user] for person in central if person.user in today)
    gone = [person for person in asked if _has_ended(today.get(person.user), closed)]
    if not limits.accept:
        guard_ended(gone, asked, command)
    return today, gone


def _forget(ledger: Ledger, gone: Sequence[Person]) -> None:
    if gone:
        end_entries(ledger, gone)
        forget_people(ledger, gone)


def _has_ended(user: WikiUser | None, closed: frozenset[int]) -> bool:
    return user is None or user.central in closed or has_vanished(user.name)
