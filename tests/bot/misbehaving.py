"""What goes wrong on the way, or at a source itself: each fault makes of a good answer a bad one.

Time passes only here: whoever waits has waited at once, and a server that is slow says how slow.
"""

from __future__ import annotations

import json
import re
import socket
import ssl
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from threading import Event
from typing import Any
from unittest.mock import patch

from sources.http import Client
from tests.bot.everywhere import CALLED, TOKENS, WIKI, WIKIS, decoded
from tests.sources.forges import DATA
from tests.sources.server import Answer, Request, Server, as_json

TRIED = 4
"""A question that met no answer, or "not now", is asked so often in all."""
PAUSES = 2 + 4
"""Seconds waited between these, where the source does not say how long."""
LONGEST = 60
"""The most seconds that a source can make us wait before one further attempt."""
SILENCE = 0.1
"""Seconds, really waited, until somebody who says nothing is given up."""
DRIP = 29
"""Seconds between two bytes: just before a server is held to be silent."""


@dataclass
class Clock:
    """Stands in for ``time`` where a source waits; remembers what was waited."""

    now: float = 1_800_000_000.0
    slept: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.now

    time = monotonic

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Within it, what sources wait passes by this clock."""
        with patch("sources.http.time", self), patch("urllib3.util.retry.time", self):
            yield


class Way:
    """All sources behind one server, and what goes wrong on the way to some of them.

    ``fault`` strikes at ``places``; where ``only`` is a question, at that question alone.
    """

    def __init__(self, everywhere: Callable[[Request], Answer], clock: Clock) -> None:
        self.everywhere, self.clock = everywhere, clock
        self.fault: Fault | None = None
        self.places: tuple[str, ...] = ()
        self.only: tuple[str, ...] | None = None
        self.over = Event()
        self.server = Server(self.reply)
        self.stranger = Server(lambda request: Answer(b"[]"))
        """Somebody else, who must never be asked."""
        self.untrusted = Server(self.everywhere)
        """All sources again, behind a certificate that nobody trusts."""
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(DATA / "tls" / "untrusted.pem")
        self.untrusted.speak(tls)
        self.closed = socket.socket()  # Nobody listens there, and nobody else can.
        self.closed.bind(("127.0.0.1", 0))

    def reply(self, request: Request) -> Answer:
        fault = self.fault if place_of(request) in self.places else None
        if fault is None or fault.spoil is None or self.only not in (None, question(request)):
            return self.everywhere(request)
        return fault.spoil(self.good(request), request, self)

    def good(self, request: Request) -> Answer:
        """What a server would say; nothing, where it is asked for a place that it never gave."""
        try:
            return self.everywhere(request)
        except (TypeError, ValueError):
            return as_json({})

    def meets(self, fault: Fault, *places: str, only: tuple[str, ...] | None = None) -> None:
        """From now on *fault* strikes at *places*."""
        self.places, self.fault, self.only = places, fault, only

    def addresses(self) -> dict[str, Any]:
        """The settings of places that are asked elsewhere because of their fault."""
        if self.fault is None or not self.fault.address:
            return {}
        port, untrusted = (one.url.rpartition(":")[2] for one in (self.server, self.untrusted))
        closed = self.closed.getsockname()[1]
        url = self.fault.address.format(port=port, untrusted=untrusted, closed=closed)
        urls: dict[str, Any] = {f"{place}_url": f"{url}/{place}" for place in self.places}
        if "onwiki_url" in urls:
            urls["onwiki_url"] = frozenset({f"{WIKI}={urls['onwiki_url']}"})
        return urls

    @contextmanager
    def impatient(self) -> Iterator[None]:
        """Within it, nobody waits for long at the places that say nothing."""
        silent = self.fault is not None and self.fault.spoil is _silent
        names = {CALLED[place] for place in self.places if silent}

        def client(name: str, agent: str, **given: Any) -> Client:
            if name in names:
                given["timeout"] = SILENCE, SILENCE
            return Client(name, agent, **given)

        with patch("bot.wiring.Client", client):
            yield

    def mend(self) -> None:
        """Nothing goes wrong any more."""
        self.over.set()
        self.over, self.fault, self.places, self.only = Event(), None, (), None
        self.clock.slept.clear()
        self.server.requests.clear()

    def asked(self, place: str) -> list[tuple[str, ...]]:
        """The questions that *place* was asked, in their order."""
        return [question(one) for one in self.server.requests if place_of(one) == place]

    def close(self) -> None:
        self.over.set()
        self.server.close()
        self.stranger.close()
        self.untrusted.close()
        self.closed.close()


def place_of(request: Request) -> str:
    return request.target.split("/")[1]


def question(request: Request) -> tuple[str, ...]:
    return request.method, request.target, request.body


Spoil = Callable[[Answer, Request, Way], Answer]


@dataclass(frozen=True)
class Fault:
    """*spoil* makes a bad answer of a good one; *word* is how the ledger calls the trouble.

    *tries* is how often a question is asked that has this fault, *waits* how many seconds are waited
    because of it. *address* is where nobody answers as they should, of a port where all is well.
    """

    word: str
    spoil: Spoil | None = None
    tries: int = 1
    waits: float = 0
    address: str = ""


def _status(status: int, **headers: str) -> Spoil:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda answer, request, way: Answer(_echo(request), status, "text/plain", told)


def _echo(request: Request) -> bytes:
    """All that was sent, as careless servers repeat it, the token too."""
    return f"You sent: {request.target} {request.headers} {request.body}".encode()


def _body(make: Callable[[bytes], bytes], kind: str = "application/json") -> Spoil:
    return lambda answer, request, way: replace(answer, body=make(answer.body), kind=kind)


def _value(make: Callable[[object], object]) -> Spoil:
    """Another value than the good one, written in the same way."""

    def spoil(answer, request, way):
        prefix, value = decoded(answer)
        return replace(answer, body=(prefix + json.dumps(make(value))).encode())

    return spoil


def _cut(answer, request, way):
    def send(handler):
        handler.wfile.write(answer.body[: len(answer.body) // 2])
        at_once = struct.pack("ii", 1, 0)
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)

    return replace(answer, send=send)


def _endless(answer, request, way):
    def send(handler):
        while True:  # Until the other side hangs up.
            handler.wfile.write(b" " * 2**20)

    return replace(answer, claimed=2**50, send=send)


def _drip(answer, request, way):
    def send(handler):
        while True:
            way.clock.now += DRIP
            handler.wfile.write(b" ")

    return replace(answer, claimed=2**50, send=send)


def _silent(answer, request, way):
    way.over.wait()
    return answer


def _elsewhere(answer, request, way):
    secret = f"{request.headers.get('Authorization', '')}{request.body}"[:300].replace(" ", "+")
    return Answer(_echo(request), 302, "text/html", {"Location": f"{way.stranger.url}/?{secret}"})


def _circle(answer, request, way):
    return Answer(b"", 307, "text/html", {"Location": f"{way.server.url}{request.target}"})


def _each(value: object, make: Callable[[object], object]) -> object:
    if isinstance(value, dict):
        return {name: _each(one, make) for name, one in value.items()}
    return [_each(one, make) for one in value] if isinstance(value, list) else make(value)


def _words_for_numbers(value: object) -> object:
    return _each(value, lambda one: "many" if type(one) in (int, float) else one)


def _not_now(spoil: Spoil, waits: float = PAUSES) -> Fault:
    return Fault("unreachable", spoil, TRIED, waits)


FAULTS = {
    "connection refused": Fault("unreachable", waits=PAUSES, address="http://127.0.0.1:{closed}"),
    "no TLS": Fault("unreachable", waits=PAUSES, address="https://127.0.0.1:{port}"),
    "untrusted certificate": Fault(
        "unreachable", waits=PAUSES, address="https://127.0.0.1:{untrusted}"
    ),
    "silence": _not_now(_silent),
    "reset in the middle of a body": Fault("unreachable", _cut),
    "a byte now and then": Fault("unreachable", _drip),
    "endless body": Fault("changed", _endless),
    "cut JSON": Fault("changed", _body(lambda body: body[: len(body) // 2])),
    "empty body": Fault("changed", _body(lambda body: b"")),
    "204 without a body": Fault("changed", lambda *_: Answer(b"", 204)),
    "web page with status 200": Fault(
        "changed", _body(lambda body: b"<html>Log in</html>", "text/html")
    ),
    "UTF-16": Fault("changed", _body(lambda body: body.decode().encode("utf-16"))),
    "bytes that are no UTF-8": Fault("changed", _body(lambda body: b'"\xff' + body)),
    "null": Fault("changed", _value(lambda value: None)),
    "a list in its place": Fault("changed", _value(lambda value: [[value]])),
    "an empty map": Fault("changed", _value(lambda value: {})),
    "words for numbers": Fault("changed", _value(_words_for_numbers)),
    "null for every value": Fault("changed", _value(lambda value: _each(value, lambda _: None))),
    "429": _not_now(_status(429)),
    "429, wait 7 seconds": _not_now(_status(429, Retry_After="7"), 3 * 7),
    "429, wait until 2200": _not_now(
        _status(429, Retry_After="Wed, 01 Jan 2200 00:00:00 GMT"), 3 * LONGEST
    ),
    "429, wait a year": _not_now(_status(429, Retry_After="31536000"), 3 * LONGEST),
    "500": _not_now(_status(500)),
    "503": _not_now(_status(503)),
    "401": Fault("refused", _status(401)),
    "403": Fault("refused", _status(403)),
    "404": Fault("changed", _status(404)),
    "redirect to another host": Fault("changed", _elsewhere),
    "redirect in a circle": Fault("changed", _circle),
}  # fmt: skip
"""What may go wrong at any source, whatever it is asked."""


Path = tuple[str, ...]
"""Where in an answer a field stands. ``*`` are all rows of a list, and all that is called by a number."""
_FIELD = re.compile(r"[A-Za-z_-]+")


def _parts(value: object) -> list[tuple[str, object]]:
    if isinstance(value, dict):
        return [(name if _FIELD.fullmatch(name) else "*", one) for name, one in value.items()]
    return [("*", one) for one in value] if isinstance(value, list) else []


def paths_in(value: object, above: Path = ()) -> Iterator[Path]:
    """Every field that there is."""
    for name, one in _parts(value):
        if isinstance(value, dict):
            yield (*above, name)
        yield from paths_in(one, (*above, name))


def without(path: Path) -> Fault:
    """The field at *path* is in no answer any more."""
    return Fault("changed", _value(lambda value: _cut_out(value, path)))


def _cut_out(value: object, path: Path) -> object:
    left = (
        [
            (name, _cut_out(one, path[1:]) if called == path[0] and len(path) > 1 else one)
            for (called, one), name in zip(_parts(value), value, strict=True)
            if called != path[0] or len(path) > 1
        ]
        if isinstance(value, (dict, list))
        else []
    )
    if isinstance(value, dict):
        return dict(left)
    return [one for _, one in left] if isinstance(value, list) else value


PAGES = 110
"""So many pages are read at most until a list that brings nothing new is left."""
_PLACE = re.compile(
    r"[?&](?:S|page|after|\w*continue)=[^&]*|\+(?:before|after)%3A%22.*?%22"
    r'|\bfirst: \d+|\bafter\\?"?: (?:null|\\?".*?")'
)
"""What says at which page of a list to go on, in the ways of all our sources."""


def _for_ever(mark: Callable[[], str]) -> Spoil:
    """The first page of each list, whichever is asked for, and always a promise of more."""
    first: dict[str, Answer] = {}

    def spoil(answer, request, way):
        asked = _PLACE.sub("", f"{request.target} {request.body}")
        answer = first.setdefault(asked, answer)
        prefix, value = decoded(answer)
        if place_of(request) in WIKIS:
            value["continue"] = {"continue": mark()}
        elif place_of(request) == "gerrit" and value:
            value[-1] |= {"_more_changes": True, "_more_accounts": True}
        else:
            _promise(value, mark)
        body = (prefix + json.dumps(value)).encode()
        return replace(answer, body=body, headers={"X-Next-Page": mark()})

    return spoil


def _promise(value: object, mark: Callable[[], str]) -> None:
    if isinstance(value, dict):
        told = {"hasNextPage": True, "endCursor": mark(), "next": mark(), "after": mark()}
        value |= {name: told[name] for name in value.keys() & told.keys()}
    for one in value.values() if isinstance(value, dict) else value if type(value) is list else ():
        _promise(one, mark)


def _counting() -> Callable[[], str]:
    numbers = count(1)
    return lambda: str(next(numbers))


CIRCLES = {
    "the same page at the same place": Fault("changed", _for_ever(lambda: "7"), PAGES),
    "the same page at ever new places": Fault("changed", _for_ever(_counting()), PAGES),
}  # fmt: skip
"""Lists without an end."""


@dataclass(frozen=True)
class Own:
    """A fault that only *places* have."""

    fault: Fault
    places: tuple[str, ...]


def _instead(value: object) -> Spoil:
    return lambda answer, request, way: as_json(value)


def _conduit(code: str, info: str) -> Spoil:
    return _instead({"result": None, "error_code": code, "error_info": info})


def _of_a_wiki(code: str) -> Spoil:
    return _instead({"error": {"code": code, "info": "Ada Example did it."}})


FORGES, LISTS = ("gitlab", "github"), ("wishlist", "technews", "onwiki")
OWN = {
    "Conduit: the token is not valid": Own(
        Fault("refused", _conduit("ERR-INVALID-AUTH", f'API token "{TOKENS["phabricator"]}" …')),
        ("phabricator",),
    ),
    "Conduit: overheated": Own(
        Fault("unreachable", _conduit("ERR-CONDUIT-CORE", "Query overheated")), ("phabricator",)
    ),
    "Conduit: an error nobody knows": Own(
        Fault("changed", _conduit("ERR-NEW", f"sent {TOKENS['phabricator']}")), ("phabricator",)
    ),
    "GraphQL: rate limit": Own(
        Fault("unreachable", _instead({"errors": [{"type": "RATE_LIMITED", "message": "…"}]})),
        FORGES,
    ),
    "GraphQL: bad credentials": Own(
        Fault("refused", _instead({"data": {}, "errors": [{"message": "Bad credentials"}]})), FORGES
    ),
    "GraphQL: too complex": Own(
        Fault("changed", _instead({"errors": [{"message": "too complex"}]}), 9), FORGES
    ),
    "wiki: maxlag": Own(Fault("unreachable", _of_a_wiki("maxlag")), LISTS),
    "wiki: read-only": Own(Fault("unreachable", _of_a_wiki("readonly")), LISTS),
    "wiki: database error": Own(
        Fault("unreachable", _of_a_wiki("internal_api_error_DBQueryError")), LISTS
    ),
    "wiki: not for everybody": Own(Fault("refused", _of_a_wiki("readapidenied")), LISTS),
    "wiki: an error nobody knows": Own(Fault("changed", _of_a_wiki("new-error")), LISTS),
}  # fmt: skip
"""What sources say with status 200, each in its own way."""
