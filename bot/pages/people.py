"""What the wiki tells of single accounts: since when they bear their names, and whether they ended.

Central accounts are CentralAuth's; its answers are built from documentation, not seen on a real wiki.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from pywikibot.exceptions import APIError

from bot.ports import WikiUser
from sources.batch import batches

Ask = Callable[..., Any]
"""Puts one question to the API, by its parameters."""

MANY_USERS = 50
MANY_LOGS = 4
"""Answers of a local log that are read for one account; what is older is not known then."""
_NO_SUCH = frozenset({"badvalue", "unknown_letype", "unknown_meta"})
_NOT_THERE = frozenset({"missing", "invalid", "interwiki"})
_NOBODY = frozenset({"invaliduser", "nosuchuser", "noname"})


def user_page_urls(general: Mapping[str, Any], local: str, name: str) -> tuple[str, ...]:
    """The ways to write the address of a user page, by ``siteinfo`` and the namespace's own name."""
    server = str(general["server"])
    start = (f"https:{server}" if server.startswith("//") else server) + str(general["articlepath"])
    found = []
    for title in (f"User:{name}", f"{local}:{name}"):
        under = title.replace(" ", "_")
        # MediaWiki itself leaves some signs as they are where browsers and people do not.
        for page in (under, quote(under, safe=";@$!*(),/~:"), quote(under, safe=":"), title):
            found.append(start.replace("$1", page.replace(" ", "%20")))
    return tuple(dict.fromkeys(found))


def users(ask: Ask, **which: str) -> Iterator[WikiUser]:
    """The accounts of ``list=users``; who does not exist or is hidden from us is left out."""
    for one in _answers(ask, usprop="centralids", **which):
        if one.get("userid") and "missing" not in one:
            local = int(one["userid"])
            # Ids of this wiki alone are negative: they can never be taken for central ones.
            central = one.get("centralids", {}).get("CentralAuth") or -local
            yield WikiUser(local, int(central), one["name"])


def _answers(ask: Ask, **which: str) -> list[Mapping[str, Any]]:
    """What ``list=users`` says of each account asked about; *which* has ``ususers`` or ``ususerids``.

    MediaWiki says of each whether it is missing, or its name invalid. Not delivered is not missing:
    whoever mistakes one for the other forgets people.

    Raises:
        KeyError: an account is not in the answer.

    """
    found: list[Mapping[str, Any]] = ask(action="query", list="users", **which)["query"]["users"]
    if not all(one.get("userid") or one.keys() & _NOT_THERE for one in found):
        raise KeyError("userid")
    if "ususerids" in which:
        whole = set(which["ususerids"].split("|")) <= {str(one["userid"]) for one in found}
    else:  # Names are spelt by the wiki in its own way.
        whole = len(found) >= len(which["ususers"].split("|"))
    if not whole:
        raise KeyError("users")
    return found


def groups_of(ask: Ask, ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """The groups of accounts by their ids here; who does not exist is left out."""
    found = {}
    for batch in batches(ids, MANY_USERS):
        for one in _answers(ask, usprop="groups", ususerids="|".join(map(str, batch))):
            if one.get("userid") and "missing" not in one:
                found[int(one["userid"])] = frozenset(map(str, one.get("groups", ())))
    return found


def registered_after(ask: Ask, user: WikiUser, day: date) -> bool:
    """Whether the account was made after *day*; very old ones do not tell, and were not."""
    if user.central > 0:
        info = ask(action="query", meta="globaluserinfo", guiid=user.central)["query"]
        moment = info["globaluserinfo"].get("registration")
    else:
        answer = ask(action="query", list="users", ususerids=user.id, usprop="registration")
        (one,) = answer["query"]["users"]
        moment = one.get("registration")
    return bool(moment) and datetime.fromisoformat(moment).date() > day


def renamed_after(ask: Ask, user: WikiUser, day: date) -> bool:
    """Whether the account came to its name after *day*, or may have."""
    if user.central > 0 and _events(ask, letype="gblrename", lelimit=1):
        # This wiki keeps the renames of all wikis, by the new name.
        title = f"Special:CentralAuth/{user.name}"
        events = _events(ask, letype="gblrename", letitle=title, lelimit=1)
        return any(_day(one) > day for one in events or ())
    return _renamed_here_after(ask, user.name, day)


def _renamed_here_after(ask: Ask, name: str, day: date) -> bool:
    """Look through this wiki's own log, which goes by the old name."""
    start = f"{day.isoformat()}T00:00:00Z"
    which: dict[str, Any] = {"letype": "renameuser", "lestart": start, "ledir": "newer"}
    more: Mapping[str, Any] = {}
    for _ in range(MANY_LOGS):
        try:
            answer = _ask_log(ask, **which, lelimit="max", **more)
        except _NoSuchLogError:
            return False  # Nobody can be renamed here.
        for one in answer["query"]["logevents"]:
            # What is hidden from us may be about anybody.
            if one.get("params", {}).get("newuser", name) == name and _day(one) > day:
                return True
        if "continue" not in answer:
            return False
        more = answer["continue"]
    return True


def is_closed(ask: Ask, user: WikiUser) -> bool:
    """Whether the central account is locked, or hidden; an account of this wiki alone never is."""
    if user.central < 0:
        return False
    try:
        answer = ask(action="query", meta="globaluserinfo", guiid=user.central)
    except APIError as error:
        if error.code in _NO_SUCH | _NOBODY:
            return False
        raise
    info = answer["query"].get("globaluserinfo", {})
    return "missing" in info or bool(info.get("locked", False)) or info.get("locked") == ""


class _NoSuchLogError(Exception):
    """The wiki has no log of this type."""


def _events(ask: Ask, **which: Any) -> list[Any] | None:
    """Events of a log, None where the wiki has no such log."""
    try:
        return list(_ask_log(ask, **which)["query"]["logevents"])
    except _NoSuchLogError:
        return None


def _ask_log(ask: Ask, **which: Any) -> Any:
    try:
        return ask(action="query", list="logevents", leprop="type|title|timestamp|details", **which)
    except APIError as error:
        if error.code in _NO_SUCH:
            raise _NoSuchLogError from None
        raise


def _day(event: Mapping[str, Any]) -> date:
    return datetime.fromisoformat(event["timestamp"]).date()
