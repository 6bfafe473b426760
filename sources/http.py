"""Polite HTTP: agent, timeouts, retries, errors translated once. Alone knows ``requests``."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from http.cookiejar import DefaultCookiePolicy
from typing import NamedTuple, NoReturn

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError
from urllib3.util import Retry

from sources.port import SourceChanged, SourceError, SourceRefused, SourceUnreachable
from sources.redaction import Redactor

NOT_NOW = (429, 500, 502, 503, 504)
READS = frozenset({"GET", "POST"})
"""POST too: Conduit and GraphQL are read by POST, and nothing in this program writes through here."""

TOO_SLOW = (502, 503, 504)
"""What servers and those in front of them say when an answer took too long to make."""

LIMITED = b"rate limit"
"""In the words of a 403 that means "too often"; GitHub's second kind of limit has no other sign."""

Pairs = Sequence[tuple[str, str]]
Form = list[tuple[str, str]]


class BadRequest(SourceChanged):
    """The source is there and cannot make sense of the question (400, 422)."""


class NoSuchPlace(SourceChanged):
    """The source answers, but not there, or not to such a request (404, 405, …)."""


class Overloaded(SourceUnreachable):
    """The source could not make this answer in time; it may manage a smaller one (502, 503, 504)."""


class Reply(NamedTuple):
    """A decoded answer with its headers, whose names are in lower case."""

    data: object
    headers: Mapping[str, str]


class Client:
    """Asks one source, serially, and answers with decoded JSON or a ``SourceError``.

    *source* is the name in messages, *agent* the User-Agent (tool, version, contact). All
    times are seconds: *timeout* is (to connect, to wait for the next bytes), *patience* the
    most one answer may take, *interval* the least between two requests. Of *retries*, the
    first comes at once, the next after 2 × *pause*, doubling, never more than *longest_pause*
    (which caps Retry-After too). *largest* is the most bytes an answer may have, unpacked.
    *look* is called before each request; whatever it raises ends the asking.
    """

    def __init__(
        self,
        source: str,
        agent: str,
        *,
        secrets: Iterable[str] = (),
        timeout: tuple[float, float] = (6.0, 30.0),
        patience: float = 120.0,
        retries: int = 3,
        pause: float = 1.0,
        longest_pause: int = 60,
        interval: float = 0.5,
        largest: int = 32 * 2**20,
        look: Callable[[], None] = lambda: None,
    ) -> None:
        if not (agent and agent.isascii() and agent.isprintable()):
            raise ValueError("A User-Agent is needed: tool/version (contact), in plain ASCII.")
        self.source = source
        self.redact = Redactor(secrets)
        """Takes secrets out of what is said; learns more of them by ``keep``."""
        self._timeout, self._patience, self._largest = timeout, patience, largest
        self._interval, self._next = interval, 0.0
        self._look = look
        self._session = _session(agent, _retry(retries, pause, longest_pause))

    def get(self, url: str, query: Pairs = (), prefix: str = "") -> object:
        """GET *url* and decode the JSON behind *prefix*. Raises SourceError."""
        return self._ask("GET", url, query=query, prefix=prefix).data

    def get_page(self, url: str, query: Pairs = (), headers: Pairs = ()) -> Reply:
        """GET *url* with *headers*: JSON, and the headers that say how to go on. Raises SourceError."""
        return self._ask("GET", url, query=query, headers=headers)

    def post(self, url: str, form: Pairs = ()) -> object:
        """POST *form* to *url*, for a reading, and decode the JSON. Raises SourceError."""
        return self._ask("POST", url, body=list(form) or None).data

    def post_json(self, url: str, question: object, headers: Pairs = ()) -> object:
        """POST *question* as JSON to *url*, for a reading, and decode the JSON. Raises SourceError."""
        sent = [("Content-Type", "application/json"), *headers]
        return self._ask("POST", url, body=json.dumps(question).encode(), headers=sent).data

    def fail(self, kind: type[SourceError], sentence: str) -> NoReturn:
        """Raise *kind* with the name of the source and a *sentence* without secrets."""
        raise kind(self.redact(f"{self.source} {sentence}"))

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()

    def _ask(
        self,
        method: str,
        url: str,
        query: Pairs = (),
        body: Form | bytes | None = None,
        headers: Pairs = (),
        prefix: str = "",
    ) -> Reply:
        self._wait()
        trouble, status, found, text = "", 0, CaseInsensitiveDict[str](), b""
        try:
            with self._session.request(
                method,
                url,
                params=list(query) or None,
                data=body,
                headers=dict(headers),
                timeout=self._timeout,
                stream=True,
                # A redirect would carry the token to a place nobody named.
                allow_redirects=False,
            ) as response:
                status, found = response.status_code, response.headers
                if 200 <= status < 300 or status == 403:
                    text = self._read(response)
        except (requests.RequestException, HTTPError, OSError, ValueError, OverflowError) as error:
            # Raised only after this block: these errors hold the request, and so the token.
            trouble = type(error).__name__
        if trouble:
            self.fail(
                SourceUnreachable,
                f"could not be reached ({trouble}). The next round asks again; if this lasts,"
                " check its address and the network.",
            )
        self._check(status, limited=status == 403 and _is_limit(found, text))
        web_page = "html" in found.get("Content-Type", "").lower()
        return Reply(
            self._decode(text, prefix, web_page),
            {name.lower(): value for name, value in found.items()},
        )

    def _wait(self) -> None:
        self._look()
        rest = self._next - time.monotonic()
        if rest > 0:
            time.sleep(rest)
        self._next = time.monotonic() + self._interval

    def _read(self, response: requests.Response) -> bytes:
        """Read with an eye on the clock: the timeout alone is met by a byte now and then."""
        body, end = bytearray(), time.monotonic() + self._patience
        while chunk := response.raw.read1(2**16, decode_content=True):
            body += chunk
            if len(body) > self._largest:
                self.fail(
                    SourceChanged,
                    f"sent more than {self._largest:,} bytes in one answer. Ask for smaller pages.",
                )
            if time.monotonic() > end:
                self.fail(SourceUnreachable, "took too long to answer. The next round asks again.")
        return bytes(body)

    def _check(self, status: int, limited: bool) -> None:
        if 200 <= status < 300:
            return
        if status in TOO_SLOW:
            self.fail(Overloaded, f'said "not now" ({status}). The next round asks again.')
        if limited or status in NOT_NOW or status >= 500:
            self.fail(SourceUnreachable, f'said "not now" ({status}). The next round asks again.')
        if status in (401, 403):
            self.fail(
                SourceRefused, f"refused to answer ({status}). Check the token and the User-Agent."
            )
        if 300 <= status < 400:
            self.fail(SourceChanged, f"sent us elsewhere ({status}). Check its address.")
        if status in (400, 422):
            self.fail(BadRequest, f"made no sense of our question ({status}). Somebody must look.")
        self.fail(NoSuchPlace, f"has nothing there ({status}). Check its address.")

    def _decode(self, body: bytes, prefix: str, web_page: bool) -> object:
        found = "a web page" if web_page else "something that is no JSON"
        with suppress(ValueError, RecursionError):
            text = body.decode("utf-8-sig").removeprefix(prefix)
            return json.loads(text, parse_constant=_refuse)
        return self.fail(
            SourceChanged, f"answered with {found} instead of data. Check its address."
        )


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)  # NaN and Infinity are no JSON


def _is_limit(headers: Mapping[str, str], text: bytes) -> bool:
    """Whether a 403 means "too often": GitHub says so in three ways, and none of them is 429."""
    spent = headers.get("x-ratelimit-remaining") == "0" or "retry-after" in headers
    return spent or LIMITED in text[:4096].lower()


def _retry(retries: int, pause: float, longest: int) -> Retry:
    return Retry(
        total=retries,
        status_forcelist=NOT_NOW,
        allowed_methods=READS,
        backoff_factor=pause,
        backoff_max=longest,
        retry_after_max=longest,
        raise_on_status=False,  # the last answer is ours to translate
    )


def _session(agent: str, retry: Retry) -> requests.Session:
    session = requests.Session()
    session.headers["User-Agent"] = f"{agent} python-requests/{requests.__version__}"
    session.headers["Accept"] = "application/json"
    # A cookie would make one request depend on another; a ~/.netrc is not meant for us.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.auth = lambda request: request
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(max_retries=retry))
    return session
