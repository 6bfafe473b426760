"""A small proxy between the bot and the real wiki: it counts, and lets faults happen at a chosen moment.

All that it does not disturb goes through unchanged, so the traffic is the real one. A fault is a
function of what is asked: it may change the real wiki just then and return None (the request goes on
to it), or return other parameters for the wiki, or an Answer in its place, or LOST (the wiki gets the
request, and its answer is lost), or CUT (nobody gets anything).
"""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

OURS = frozenset(
    {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}
)
"""Headers of one leg of the way, which the proxy writes itself."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: its parameters, the how-many-th edit it is since counting began (0: it is none), when."""

    params: dict[str, str]
    edit: int
    at: float

    @property
    def action(self) -> str:
        """The action of the API."""
        return self.params.get("action", "")

    @property
    def title(self) -> str:
        """The page that an edit is about."""
        return self.params.get("title", "")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the proxy says in the wiki's place."""

    status: int = 200
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "application/json; charset=utf-8"


LOST, CUT = Answer(0, "lost"), Answer(0, "cut")
Fault = Callable[[Asked], Answer | dict[str, str] | None]


class Between:
    """The proxy before the wiki whose API is at this address; it runs within ``running``."""

    def __init__(self, api: str) -> None:
        place = urlsplit(api)
        self.wiki = place.netloc
        self.asked: list[Asked] = []
        self.most_at_once = 0
        self.fault: Fault = lambda _asked: None
        self._broken: list[Exception] = []
        self._now = 0
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(
            ("127.0.0.1", 0), type("Handler", (_Handler,), {"between": self})
        )
        self._server.daemon_threads = True
        host = f"127.0.0.1:{self._server.server_port}"
        self.api = urlunsplit(("http", host, place.path, "", ""))

    @contextmanager
    def running(self) -> Iterator[Between]:
        """Answer until the block is left."""
        thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()

    @contextmanager
    def with_fault(self, fault: Fault) -> Iterator[None]:
        """Count from nothing, with this fault, until the block is left."""
        self.asked, self.fault = [], fault
        try:
            yield
        finally:
            self.fault = lambda _asked: None
        for error in self._broken:
            raise error

    def wrong(self, asked: Asked) -> Answer | dict[str, str] | None:
        """The fault of this moment; one that goes wrong itself fails the test, later."""
        try:
            return self.fault(asked)
        except Exception as error:
            self._broken.append(error)
            return CUT

    def edits(self) -> list[str]:
        """The titles that were to be edited since counting began, in order."""
        return [one.title for one in self.asked if one.action == "edit"]

    def count(self, action: str) -> int:
        """How often this action was asked for since counting began."""
        return sum(one.action == action for one in self.asked)

    @contextmanager
    def counted(self, params: dict[str, str]) -> Iterator[Asked]:
        """Note a request, and how many are under way with it."""
        with self._lock:
            edit = self.count("edit") + 1 if params.get("action") == "edit" else 0
            asked = Asked(params, edit, time.monotonic())
            self.asked.append(asked)
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        try:
            yield asked
        finally:
            with self._lock:
                self._now -= 1


class _Handler(BaseHTTPRequestHandler):
    between: Between

    def do_GET(self) -> None:
        self._do()

    def do_POST(self) -> None:
        self._do()

    def _do(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        query = urlsplit(self.path).query
        params = dict(parse_qsl(f"{query}&{body.decode()}", keep_blank_values=True))
        with self.between.counted(params) as asked:
            told = self._told(body, asked)
        if told is not None:  # Not before: with the answer the next request may come.
            self._say(*told)

    def _told(self, body: bytes, asked: Asked) -> tuple[int, list[tuple[str, str]], bytes] | None:
        answer = self.between.wrong(asked)
        if answer is CUT:
            return None
        if isinstance(answer, Answer) and answer is not LOST:
            headers = {"Content-Type": answer.kind, **answer.headers}
            return answer.status, [*headers.items()], answer.body.encode()
        if isinstance(answer, dict):
            body = urlencode(answer).encode()
        told = self._pass_on(body)
        return None if answer is LOST else told

    def _pass_on(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        wiki = http.client.HTTPConnection(self.between.wiki, timeout=60)
        given = {n: one for n, one in self.headers.items() if n.lower() not in OURS | {"host"}}
        wiki.request(self.command, self.path, body, given)
        answer = wiki.getresponse()
        text = answer.read()
        headers = [(name, one) for name, one in answer.getheaders() if name.lower() not in OURS]
        wiki.close()
        return answer.status, headers, text

    def _say(self, status: int, headers: list[tuple[str, str]], text: bytes) -> None:
        self.send_response(status)
        for name, one in headers:
            self.send_header(name, one)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        pass
