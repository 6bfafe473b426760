"""Speak Conduit, the API of Phabricator and Phorge: how a call is written, how it fails.

Facts: https://we.phorge.it/conduit/ and answers of a real Phorge (``tests/data/phabricator``).
Errors are told apart by what servers have said for years: finer codes are of 2026, and new.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from sources.http import Client
from sources.paging import MOST_PAGES
from sources.port import SourceChanged, SourceRefused, SourceUnreachable
from sources.shape import Shape, find

NO_ACCESS = ("ERR-INVALID-AUTH", "ERR-INVALID-SESSION", "ERR-OAUTH-ACCESS")
WIKIMEDIAS = ("user.mediawikiquery", "user.ldapquery")

Value = str | int | bool | Sequence["Value"] | Mapping[str, "Value"]


class Lacks(SourceRefused):
    """The server has no such method."""


class Rejected(SourceChanged):
    """The server understood who asks, and did not like the question; *info* is its reason."""

    def __init__(self, sentence: str, info: str) -> None:
        super().__init__(sentence)
        self.info = info


class Conduit:
    """A server at *url*, asked with *token* (32 characters, ``api-…``)."""

    def __init__(self, url: str, token: str, client: Client) -> None:
        self._url = url.rstrip("/").removesuffix("/api")
        self._token = token
        self._client = client
        self._shape = Shape(client.source)
        client.redact.keep(token)

    def call(self, method: str, parameters: Mapping[str, Value]) -> object:
        """Return the ``result`` of *method*. Raises SourceError, ``Rejected`` among them."""
        if not self._token:
            self._client.fail(
                SourceRefused, "needs a token, and BADGES_PHABRICATOR_TOKEN is not set."
            )
        # In the body, for what stands in an address ends up in logs.
        form = [("api.token", self._token), *_pairs("", parameters)]
        answer = self._shape.fields(self._client.post(f"{self._url}/api/{method}", form))
        if "result" not in answer or "error_code" not in answer:
            self._shape.wrong("an envelope with result and error_code")
        if answer["error_code"] is not None:
            self._refuse(method, answer)
        return answer["result"]

    def pages(self, method: str, parameters: Mapping[str, Value]) -> Iterator[list[object]]:
        """Yield the rows of *method* page by page. Raises SourceError.

        What fails behind the first page is to be asked again from the beginning: the server's
        cursor is a place in a list that changes while we read.
        """
        after, seen, last = "", {""}, None
        while True:
            result = self._page(method, parameters, after)
            rows = self._shape.rows(result, "data")
            after = self._cursor(result)
            if after and (after in seen or rows == last):
                self._client.fail(
                    SourceChanged,
                    "promises more rows and repeats the same ones. Somebody must look.",
                )
            yield rows
            if not after:
                return
            if len(seen) > MOST_PAGES:
                self._client.fail(SourceChanged, "has a list without an end. Somebody must look.")
            seen.add(after)
            last = rows

    def _page(self, method: str, parameters: Mapping[str, Value], after: str) -> object:
        if not after:
            return self.call(method, parameters)
        with suppress(Rejected):
            return self.call(method, {**parameters, "after": after})
        # The first page was understood, so it is the cursor: what it stands for turned secret.
        return self._client.fail(
            SourceUnreachable,
            "has a list that changed while it was read. The next round reads it again.",
        )

    def _cursor(self, result: object) -> str:
        after = self._shape.told(result, "cursor", "after")
        if after is None or isinstance(after, (str, int)):
            return "" if after is None else str(after)
        return self._shape.wrong("a text or null", "cursor", "after")

    def _refuse(self, method: str, answer: object) -> None:
        code = self._client.redact(str(find(answer, "error_code")))[:60]
        info = self._client.redact(str(find(answer, "error_info")))[:300]
        # What the server says of a bad token repeats it: so it is not even looked at.
        if code in NO_ACCESS:
            self._client.fail(
                SourceRefused,
                f"did not accept our token ({code}). Make a new one for the bot's account and set"
                " BADGES_PHABRICATOR_TOKEN.",
            )
        if code == "ERR-CONDUIT-CALL" and "does not exist" in info:
            advice = "Check its address and its version."
            if method in WIKIMEDIAS:
                advice = (
                    "The methods user.mediawikiquery and user.ldapquery are Wikimedia's own;"
                    " without them people prove their accounts by the codes in the report."
                )
            self._client.fail(Lacks, f"lacks the method {method}. {advice}")
        if "overheated" in info:
            self._client.fail(
                SourceUnreachable,
                "met too many tasks that our token may not see and gave up. The next round asks"
                " again.",
            )
        # No word of the reason: it may tell of a restricted task. It is there for the caller.
        raise Rejected(
            f"{self._client.source} did not understand {method} ({_plain(code)}). Somebody must"
            " look.",
            info,
        )


def _plain(code: str) -> str:
    return code if re.fullmatch(r"[A-Z-]+", code) else "no known code"


def _pairs(key: str, value: Value) -> Iterator[tuple[str, str]]:
    """Write *value* as PHP reads forms: ``constraints[ids][0]=1``.

    Lists are numbered from 0 without a gap; an empty one vanishes, which Conduit wants: it takes
    an empty constraint for an error.
    """
    if isinstance(value, Mapping):
        for name, part in value.items():
            yield from _pairs(f"{key}[{name}]" if key else name, part)
    elif isinstance(value, (str, int)):
        yield key, str(value).lower() if isinstance(value, bool) else str(value)
    else:
        for place, part in enumerate(value):
            yield from _pairs(f"{key}[{place}]", part)
