"""A real HTTP server on loopback that says what a test tells it to say."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Request:
    method: str
    target: str
    headers: dict
    body: str

    @property
    def path(self):
        return urlsplit(self.target).path

    @property
    def query(self):
        return parse_qsl(urlsplit(self.target).query)

    @property
    def form(self):
        return parse_qsl(self.body, keep_blank_values=True)


@dataclass
class Answer:
    body: bytes = b""
    status: int = 200
    kind: str = "application/json"
    headers: dict = field(default_factory=dict)
    claimed: int | None = None
    """The Content-Length, where it is to be a lie."""
    send: Callable | None = None
    """Sends the body through the handler, where that is to go wrong."""


def as_json(value, prefix="", **more):
    return Answer((prefix + json.dumps(value)).encode(), **more)


def conduit(result=None, code=None, info=None):
    return as_json({"result": result, "error_code": code, "error_info": info})


def gerrit(value):
    return as_json(value, ")]}'\n")


def in_turn(*answers):
    """Give each answer once; the last one for ever."""
    waiting = list(answers)
    return lambda request: waiting.pop(0) if len(waiting) > 1 else waiting[0]


def _whole(body):
    return lambda handler: handler.wfile.write(body)


class Server:
    """Answers every request with ``reply(request)`` and remembers it in ``requests``."""

    def __init__(self, reply: Callable[[Request], Answer]):
        self.requests: list[Request] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length).decode()
                request = Request(self.command, self.path, dict(self.headers), body)
                server.requests.append(request)
                with suppress(OSError):  # The other side hung up.
                    self._send(reply(request))

            do_POST = do_GET  # noqa: N815 (the library's name)

            def _send(self, answer):
                length = len(answer.body) if answer.claimed is None else answer.claimed
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.kind)
                self.send_header("Content-Length", str(length))
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                (answer.send or _whole(answer.body))(self)

            def log_message(self, *ignored):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def speak(self, tls):
        """From now on speak TLS."""
        self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
