"""What the bot asks a real wiki, counted on the way there: a proxy on loopback that changes nothing."""

from __future__ import annotations

import http.client
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

LOGIN = ("clientlogin", "login", "paraminfo", "siteinfo", "tokens", "who are we")
"""What belongs to logging in, and what pywikibot asks of every wiki before it does anything else."""
KEPT = (
    "content-type",
    "set-cookie",
    "retry-after",
    "mediawiki-api-error",
    "mediawiki-login-suppressed",
)


def kind_of(asked: dict[str, str]) -> str:
    """A request in a few words, such as ``info``, ``logevents renameuser``, ``edit``.

    To every query pywikibot adds ``meta=userinfo``; by one of its own it finds out who it is.
    """
    if asked.get("action") != "query":
        return asked.get("action", "?")
    meta = asked.get("meta", "").replace("|userinfo", "")
    if meta == "userinfo" and "ratelimits" in asked["uiprop"]:
        return "who are we"
    what = [one for one in (asked.get("prop"), asked.get("list")) if one]
    return " ".join([*(what or [meta]), *([asked["letype"]] if "letype" in asked else [])])


class Counting:
    """A wiki's API at ``api``, and every request it got in ``asked``, as its parameters."""

    def __init__(self, api: str) -> None:
        self.asked: list[dict[str, str]] = []
        self._target = urlsplit(api)
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        self.api = f"http://127.0.0.1:{self._http.server_port}{self._target.path}"
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._http.shutdown()
        self._http.server_close()

    def clear(self) -> None:
        """Count from nothing."""
        self.asked.clear()

    @property
    def kinds(self) -> Counter[str]:
        """How often what was asked, logging in left out."""
        return self._told(login=False)

    @property
    def login(self) -> Counter[str]:
        """How often what of LOGIN was asked."""
        return self._told(login=True)

    def _told(self, *, login: bool) -> Counter[str]:
        kinds = Counter(map(kind_of, self.asked))
        return Counter({one: n for one, n in kinds.items() if (one in LOGIN) == login})

    def pass_on(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """Put one request to the wiki."""
        sent = parse_qs(urlsplit(path).query) | parse_qs(body.decode("utf-8", "replace"))
        self.asked.append({name: values[0] for name, values in sent.items()})
        connection = http.client.HTTPConnection(self._target.netloc, timeout=120)
        dropped = {"host", "connection", "accept-encoding", "content-length"}
        passed = {name: value for name, value in headers.items() if name.lower() not in dropped}
        try:
            connection.request(method, path, body or None, passed)
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()


Answer = tuple[int, list[tuple[str, str]], bytes]


@contextmanager
def counting(api: str) -> Iterator[Counting]:
    """Count what is asked of this API in the meantime, by whoever asks at ``api`` of what this gives."""
    proxy = Counting(api)
    try:
        yield proxy
    finally:
        proxy.close()


def _handler(proxy: Counting) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = 65536

        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, headers, text = proxy.pass_on(
                self.command, self.path, dict(self.headers.items()), body
            )
            self.send_response(status)
            for name, value in headers:
                if name.lower() in KEPT:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = _pass_on  # noqa: N815 - http.server looks for these names

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    return Handler
