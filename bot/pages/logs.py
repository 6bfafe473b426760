"""What the wiki's logs tell of renames and locks, and which pages there are.

``renameuser`` is MediaWiki's own (of the extension Renameuser before 1.40). ``gblrename`` and
``globalauth`` are CentralAuth's: their titles and parameters are those its code writes (``rename``,
``merge``, ``promote``: ``olduser`` and ``newuser``; ``setstatus``: the title ``User:NAME@global``), read there
and not seen on a real wiki. So every text in an event counts as a name, wherever it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from pywikibot.exceptions import APIError

from bot.ports import LogReading

Ask = Callable[..., Any]
"""Puts one question to the API, by its parameters."""

LOCAL = ("renameuser",)
CENTRAL = ("gblrename", "globalauth")
MOST_ANSWERS = 10
"""So many answers of a log are read in one round; the next goes on from there."""
NO_SUCH = frozenset({"badvalue", "unknown_letype"})
_USER, _SPECIAL = 2, -1


def account_logs(extensions: Collection[str]) -> tuple[str, ...]:
    """The logs to read where these extensions are installed."""
    names = {one.replace(" ", "").casefold() for one in extensions}
    return CENTRAL if "centralauth" in names else LOCAL


def read_log(ask: Ask, log: str, since: datetime | None) -> LogReading | None:
    """See ``bot.ports.Wiki``."""
    which: dict[str, Any] = {"letype": log, "ledir": "newer", "lelimit": "max"}
    if since is None:
        which = {"letype": log, "lelimit": 1}
    else:
        which["lestart"] = since.strftime("%Y-%m-%dT%H:%M:%SZ")
    events: list[Mapping[str, Any]] = []
    more: Mapping[str, Any] = {}
    until: str | None = None
    for _ in range(MOST_ANSWERS):
        try:
            answer = ask(
                action="query", list="logevents", leprop="ids|title|type|timestamp|details",
                curtimestamp=1, **which, **more,
            )  # fmt: skip
        except APIError as error:
            if error.code in NO_SUCH:
                return None
            raise
        events += [] if since is None else answer["query"]["logevents"]
        until = until or answer["curtimestamp"]  # What happens while we read is for the next time.
        more = {} if since is None else answer.get("continue", {})
        if not more:
            break
    else:
        # An answer may be without events, and yet not be the last.
        until = events[-1]["timestamp"] if events else str(since)
    seen = [one for one in events if not one.keys() & {"actionhidden", "suppressed"}]
    words = {word for one in seen for word in _words(one)}
    moment = datetime.fromisoformat(str(until))
    return LogReading(len(seen), frozenset(words), moment, more=bool(more))


def _words(event: Mapping[str, Any]) -> Iterator[str]:
    title, number = str(event.get("title", "")), event.get("ns")
    if number == _USER:
        yield title.partition(":")[2].removesuffix("@global")
    elif number == _SPECIAL:
        yield title.partition("/")[2]
    for text in _texts(event.get("params")):
        yield text
        yield from text.split("|")  # Of several accounts that became one.


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value.replace("_", " ")
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def pages_below(ask: Ask, title: str) -> Iterator[str]:
    """See ``bot.ports.Wiki``; *title* is one of a user page."""
    _, _, page = title.partition(":")
    which = {"apnamespace": _USER, "apprefix": f"{page}/", "aplimit": "max"}
    more: Mapping[str, Any] = {}
    while True:
        answer = ask(action="query", list="allpages", **which, **more)
        for one in answer["query"]["allpages"]:
            # In the wiki's language the namespace has another name; we write it in English.
            yield f"User:{one['title'].partition(':')[2]}"
        if "continue" not in answer:
            return
        more = answer["continue"]
