"""An HTTP server on loopback that counts what it is asked, and can be told to misbehave."""

import socket
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

HTML = "text/html; charset=UTF-8"
FAULTS = ("none", "down", "429", "500", "html", "cut", "nonsense", "slow")


@dataclass
class Request:
    """What somebody asked."""

    method: str
    path: str
    query: list
    host: str
    content_type: str = ""
    body: bytes = b""

    @property
    def form(self):
        """The decoded pairs of a form, in the order sent."""
        return pairs(self.body.decode("utf-8", "replace"))


@dataclass
class Reply:
    """What the server says."""

    body: bytes
    content_type: str = "application/json"
    status: int = 200
    headers: dict = field(default_factory=dict)


def pairs(text):
    """Decode ``a=1&b=2``."""
    return parse_qsl(text, keep_blank_values=True, max_num_fields=10_000)


def page(title, status=200):
    """Return an HTML page, as a gateway or a login form would send it."""
    text = f'<!DOCTYPE html><html lang="en"><head><title>{title}</title></head><body></body></html>'
    return Reply(text.encode(), HTML, status)


class Server:
    """Serves ``answer(Request) -> Reply`` on a port of its own, which it keeps."""

    def __init__(self, answer, nonsense=b"[42]"):
        """Begin to answer, on a port the system chooses."""
        self.answer, self.nonsense = answer, nonsense
        self.count, self.fault, self.seconds, self.port = 0, "none", 30.0, 0
        self.connections = set()
        self.lock = threading.Lock()
        self._http = None
        self.up()

    @property
    def url(self):
        """Where to ask."""
        return f"http://127.0.0.1:{self.port}"

    def up(self):
        """Listen, if not yet."""
        if self._http:
            return
        self._http = _Listener(("127.0.0.1", self.port), _handler(self))
        self.port = self._http.server_port
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()

    def down(self):
        """Stop listening, and hang up on everybody: the next call is refused."""
        if not self._http:
            return
        self._http.shutdown()
        self._http.server_close()
        self._http = None
        for connection in list(self.connections):
            hang_up(connection)

    def misbehave(self, fault, seconds):
        """From now on answer with *fault*, or properly again."""
        self.seconds = seconds
        self.fault = fault
        if fault == "down":
            self.down()
        else:
            self.up()

    def reply(self, request):
        """Answer one request as told. ``None`` as second value: send all of it."""
        with self.lock:
            self.count += 1
        fault = self.fault
        if fault == "429":
            words = b"TOO MANY REQUESTS\nYou are issuing too many requests too quickly.\n"
            return Reply(words, "text/plain; charset=utf-8", 429), None
        if fault == "500":
            return page("Unhandled Exception", 500), None
        if fault == "html":
            return page("Please wait"), None
        if fault == "nonsense":
            return Reply(self.nonsense), None
        if fault == "slow":
            time.sleep(self.seconds)
        reply = self.answer(request)
        return reply, len(reply.body) // 2 if fault == "cut" else None


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64


def hang_up(connection):
    """Close a connection that another thread may be reading from."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the other side was faster


def _handler(server):
    """Make the handler class that answers for *server*."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = 65536  # status, headers and body leave together

        def setup(self):
            super().setup()
            server.connections.add(self.connection)

        def finish(self):
            server.connections.discard(self.connection)
            super().finish()

        def handle(self):
            try:
                super().handle()
            except OSError:
                self.close_connection = True  # the client hung up

        def _answer(self):
            length = int(self.headers.get("Content-Length") or 0)
            parts = urlsplit(self.path)
            request = Request(
                self.command,
                parts.path,
                pairs(parts.query),
                self.headers.get("Host", ""),
                self.headers.get("Content-Type", ""),
                self.rfile.read(length),
            )
            reply, cut = server.reply(request)
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(reply.body)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body[:cut])
            self.close_connection = self.close_connection or cut is not None

        do_GET = do_POST = _answer  # noqa: N815 - http.server looks for these names

        def log_message(self, *_):
            """Stay silent: tokens travel in these requests."""

    return Handler
