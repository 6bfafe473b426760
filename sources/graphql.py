"""Ask by GraphQL, and tell its failures apart: they come with status 200, beside half an answer.

Facts: https://spec.graphql.org/October2021/#sec-Response-Format (errors, partial data),
https://docs.github.com/graphql/overview/rate-limits-and-node-limits-for-the-graphql-api and
https://docs.gitlab.com/ee/api/graphql/ (limits on complexity and on the size of a query).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from sources.http import Client, Overloaded
from sources.port import SourceChanged, SourceError, SourceRefused, SourceUnreachable
from sources.shape import Shape, find

_LIMITED = re.compile(r"rate.?limit|RATE_LIMITED|abuse detection", re.IGNORECASE)
_LARGE = re.compile(
    r"complexity|too complex|query too large|NODE_LIMIT|RESOURCE_LIMITS|resource limits",
    re.IGNORECASE,
)
_SLOW = re.compile(
    r"timed? ?out|something went wrong|internal server error|SERVICE_UNAVAILABLE|\bINTERNAL\b",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(
    r"undefinedField|argumentNotAccepted|undefinedType|undefinedArgument"
    r"|doesn't exist on type|doesn't accept argument|isn't a defined input type",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"FORBIDDEN|INSUFFICIENT_SCOPES|UNAUTHORIZED|invalid token|bad credentials", re.IGNORECASE
)


class TooMuch(SourceChanged):
    """The question is larger than the source allows; a smaller one may be answered."""


class NotKnown(SourceChanged):
    """The source knows no such field or argument: it is older or newer than our question."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. ``missing`` are the fields at the top that the source says it does not have."""

    data: Mapping[str, object]
    missing: frozenset[str] = frozenset()


class GraphQL:
    """Asks the one address *url* through *client*; *token* travels in a header, "" for none."""

    def __init__(self, url: str, client: Client, token: str = "") -> None:
        client.redact.keep(token)
        self._url = url
        self._client = client
        self._shape = Shape(client.source)
        self.headers: tuple[tuple[str, str], ...] = ()
        if token:
            self.headers = (("Authorization", f"Bearer {token}"),)
        self._token_is_none = bool(token) and not (token.isascii() and token.isprintable())

    def __repr__(self) -> str:
        return f"GraphQL({self._url!r})"

    def ask(self, query: str, variables: Mapping[str, object] | None = None) -> Answer:
        """Return the answer to *query*. Raises TooMuch, NotKnown, Overloaded or another SourceError.

        All of it, but for what is said to be missing: an error anywhere else spoils the whole.
        """
        if self._token_is_none:
            self._client.fail(SourceRefused, "cannot take this token. Check the token.")
        question = {"query": query, "variables": dict(variables or {})}
        reply = self._client.post_json(self._url, question, self.headers)
        told = self._shape.fields(reply)
        missing = frozenset(self._missing(error) for error in self._errors(told))
        return Answer(self._shape.fields(told, "data"), missing)

    def _errors(self, reply: Mapping[str, object]) -> list[object]:
        return [] if reply.get("errors") is None else self._shape.rows(reply, "errors")

    def _missing(self, error: object) -> str:
        """Return what *error* says is missing; raise if it says anything else."""
        path = find(error, "path")
        if find(error, "type") == "NOT_FOUND" and isinstance(path, list) and path:
            return str(path[0])
        return self._fail(error)

    def _fail(self, error: object) -> NoReturn:
        # Never the words of the error itself: they may hold a name, or what we sent.
        code = find(error, "extensions", "code")
        words = f"{find(error, 'type')} {code} {find(error, 'message')}"
        kind, sentence = _trouble(words)
        self._client.fail(kind, sentence)


def _trouble(words: str) -> tuple[type[SourceError], str]:
    if _LIMITED.search(words):
        return SourceUnreachable, 'said "not now" (its rate limit). The next round asks again.'
    if _LARGE.search(words):
        return TooMuch, "finds even our smallest question too large. Somebody must look."
    if _UNKNOWN.search(words):
        return NotKnown, "does not know a field or argument we ask for. Somebody must look."
    if _REFUSED.search(words):
        return SourceRefused, "refused to answer. Check the token and its rights."
    if _SLOW.search(words):
        return Overloaded, "took too long to answer. The next round asks again."
    return SourceChanged, "answered with an error we do not know. Somebody must look."
