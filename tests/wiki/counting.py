"""What the bot asks a real wiki, counted on the way there: a proxy on loopback that changes nothing."""

from __future__ import annotations

import http.client
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

OF_LOGIN = frozenset({"login", "clientlogin", "siteinfo", "paraminfo", "tokens login", "userinfo|…"})
"""What belongs to logging in, and to what pywikibot asks of every wiki before it does anything."""
KEPT = ("content-type", "set-cookie", "retry-after", "mediawiki-api-error", "mediawiki-login-suppressed")


def kind_of(asked: dict[str, str]) -> str:
    """A request in a few words, such as ``info``, ``logevents renameuser``, ``edit``."""
    if asked.get("action") != "query":
        return asked.get("action", "?")
    what = [asked[one] for one in ("prop", "list", "meta") if asked.get(one)]
    more = asked.get("letype") or (asked.get("type") if asked.get("meta") == "tokens" else "")
    return " ".join([*what, *([more] if more else [])])


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
        """Count from nothing again."""
        self.asked.clear()

    @property
    def kinds(self) -> Counter[str]:
        """How often what was asked."""
        return Counter(map(kind_of, self.asked))

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
