"""Read any MediaWiki by its Action API, without an account.

Facts: https://www.mediawiki.org/wiki/API:Query, …/API:Continue and …/API:Errors_and_warnings
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import NoReturn

from sources.http import Client
from sources.paging import Progress
from sources.port import SourceChanged, SourceError, SourceRefused, SourceUnreachable
from sources.shape import Shape, find

MAXLAG = 5
"""Seconds that the copies of the database may lag behind: above that, the wiki has other worries."""

LONGEST_ADDRESS = 4000
"""Characters of parameters from which on a question goes by POST: addresses have a limit, forms none."""

NOT_NOW = ("maxlag", "ratelimited", "readonly", "internal_", "cirrussearch-too-busy")
"""How codes of errors begin that pass by themselves."""

FORBIDDEN = (
    "permissiondenied",
    "readapidenied",
    "badaccess",
    "mustbeloggedin",
    "assert",
    "blocked",
)
"""How codes of errors begin that say: not you."""

HARMLESS = frozenset({"result"})
"""Modules whose warnings do no harm. ``result``: the answer was cut to the wiki's limit of bytes; what
was left out comes with the next one."""


class BadContinue(SourceChanged):
    """The wiki does not take back the place in a list that it gave."""


class NoSuchList(SourceChanged):
    """The wiki does not know the list: the extension that has it is not there."""


class MediaWiki:
    """The wiki whose ``api.php`` is at *url*, as everybody sees it.

    A warning is a failure: it says that something we asked was not understood and left out, a
    filter for instance. *harmless* are modules whose warnings are none.
    """

    def __init__(self, url: str, client: Client, *, harmless: frozenset[str] = HARMLESS) -> None:
        self._url = url
        self._client = client
        self._harmless = harmless
        self._shape = Shape(client.source)

    def query(self, **parameters: str | int) -> Iterator[Mapping[str, object]]:
        """Yield the ``query`` map of each answer, to the end of the list. Raises SourceError.

        Several values of one parameter are joined with ``|`` by the caller. BadContinue where the
        wiki loses its own place.
        """
        asked = {name: str(value) for name, value in parameters.items()}
        more: dict[str, str] = {}
        progress = Progress(self._client.source)
        while True:
            answer = self._ask({**asked, **more})
            result = self._result(answer, asked)
            yield result
            if "continue" not in answer:
                return
            rest = self._shape.fields(answer, "continue")
            more = {name: str(value) for name, value in rest.items()}
            if not more:
                self._shape.wrong("a place in the list", "continue")
            seen = sha256(repr(result).encode("utf-8", "surrogatepass")).digest()
            progress.step([seen], repr(sorted(more.items())))

    def text(self, title: str) -> str | None:
        """The wikitext of a page, redirects followed; None where there is none to be seen.

        Raises SourceError.
        """
        for answer in self.query(
            prop="revisions", titles=title, rvprop="content", rvslots="main", redirects=1
        ):
            for page in self._shape.rows(answer, "pages"):
                if find(page, "missing") or find(page, "invalid"):
                    return None
                for revision in self._shape.rows(page, "revisions"):
                    text = find(revision, "slots", "main", "content")
                    if isinstance(text, str):
                        return text
        return None

    def _ask(self, asked: Mapping[str, str]) -> Mapping[str, object]:
        fixed = {"action": "query", "format": "json", "formatversion": "2", "maxlag": str(MAXLAG)}
        pairs = list({**fixed, **asked}.items())
        if sum(len(name) + len(value) for name, value in pairs) > LONGEST_ADDRESS:
            answer = self._shape.fields(self._client.post(self._url, pairs))
        else:
            answer = self._shape.fields(self._client.get(self._url, pairs))
        if "error" in answer or "errors" in answer:
            self._fail(answer)
        self._heed_warnings(answer)
        return answer

    def _result(
        self, answer: Mapping[str, object], asked: Mapping[str, str]
    ) -> Mapping[str, object]:
        if "query" not in answer and "generator" in asked:
            return {}  # so a wiki says that a generator found nothing
        if "query" not in answer:
            self._client.fail(
                SourceChanged, "gave an answer that has no “query”. Check its address."
            )
        return self._shape.fields(answer, "query")

    def _heed_warnings(self, answer: Mapping[str, object]) -> None:
        if not answer.get("warnings"):
            return
        warnings = self._shape.fields(answer, "warnings")
        if "query" in warnings and "query" not in answer:
            self._client.fail(NoSuchList, "does not know that list. Check its address.")
        heard = sorted(_plain(module) for module in warnings if module not in self._harmless)
        if heard:
            self._client.fail(
                SourceChanged,
                f"did not take all of our question (a warning of {', '.join(heard)}), so its answer"
                " may be another one. Somebody must look.",
            )

    def _fail(self, answer: Mapping[str, object]) -> NoReturn:
        # The words of an error may hold anything; its code is from a list.
        found = find(answer, "error", "code")
        code = found if isinstance(found, str) else ""
        kind: type[SourceError] = SourceChanged
        says, todo = f"answered with an error ({_plain(code)})", "Somebody must look."
        if code.startswith(NOT_NOW):
            kind, todo = SourceUnreachable, "The next round asks again."
        elif code == "badcontinue":
            kind, says = BadContinue, "does not know the place in its list that it gave us"
        elif code.startswith(FORBIDDEN):
            kind, says = SourceRefused, f"refused to answer ({_plain(code)})"
            todo = "Check whether everybody may read it."
        self._client.fail(kind, f"{says}. {todo}")


def _plain(code: object) -> str:
    known = isinstance(code, str) and re.fullmatch(r"[A-Za-z0-9_-]{1,60}", code)
    return str(code) if known else "no known code"
