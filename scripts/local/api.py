"""A client for a wiki on this machine, as small as the demo and the tests need it."""

from __future__ import annotations

import http.cookiejar
import json
import time
import urllib.parse
import urllib.request
from typing import Any

PATIENCE = 60  # seconds


class APIError(Exception):
    """The wiki said no; *code* is its word for why."""

    def __init__(self, code: str, info: str):
        super().__init__(f"{code}: {info}")
        self.code = code


class Client:
    """One session with a wiki: nobody in particular until ``login``."""

    def __init__(self, api: str):
        self.url = api
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(cookies)
        self._token = ""

    def api(self, **params: Any) -> dict[str, Any]:
        """Ask the API (always by POST) and return its answer; raise APIError if it says no."""
        given = {"format": "json", "formatversion": "2"} | {
            key: str(value) for key, value in params.items() if value is not None
        }
        body = urllib.parse.urlencode(given).encode()
        with self._opener.open(self.url, body, timeout=PATIENCE) as answer:
            data: dict[str, Any] = json.loads(answer.read())
        if "error" in data:
            raise APIError(data["error"]["code"], data["error"].get("info", ""))
        return data

    def login(self, name: str, password: str) -> Client:
        """Log in; the client itself is returned."""
        token = self.api(action="query", meta="tokens", type="login")
        token = token["query"]["tokens"]["logintoken"]
        login = self.api(action="login", lgname=name, lgpassword=password, lgtoken=token)["login"]
        if login["result"] != "Success":
            raise APIError(login["result"], str(login.get("reason", "")))
        self._token = self.api(action="query", meta="tokens")["query"]["tokens"]["csrftoken"]
        return self

    def edit(self, title: str, text: str, summary: str = "", **kw: Any) -> dict[str, Any]:
        """Save a page; return what the wiki says of the edit (newrevid, nochange, …)."""
        answer = self.api(
            action="edit", title=title, text=text, summary=summary, token=self._token or "+\\", **kw
        )
        edit: dict[str, Any] = answer["edit"]
        return edit

    def get(self, title: str) -> str | None:
        """Return the text of a page, None if there is none."""
        page = self.api(
            action="query", prop="revisions", rvprop="content", rvslots="main", titles=title
        )["query"]["pages"][0]
        return page["revisions"][0]["slots"]["main"]["content"] if "revisions" in page else None

    def titles(self, prefix: str) -> list[str]:
        """Return the titles of the user pages that begin with *prefix* (``User:…``)."""
        found = self.api(
            action="query",
            list="allpages",
            apnamespace=2,
            aplimit="max",
            apprefix=prefix.removeprefix("User:"),
        )
        return [one["title"] for one in found["query"]["allpages"]]

    def delete(self, title: str) -> None:
        """Delete a page, if there is one."""
        if self.get(title) is not None:
            self.api(action="delete", title=title, token=self._token)

    def info(self, title: str) -> dict[str, Any]:
        """Return what is known of a page: touched, contentmodel, …"""
        page: dict[str, Any] = self.api(action="query", prop="info", titles=title)["query"][
            "pages"
        ][0]
        return page

    def parse(self, text: str, title: str = "Sandbox", **kw: Any) -> dict[str, Any]:
        """Render wikitext as if it stood on *title*, without saving it."""
        props = "text|categories|templates|limitreportdata|parsewarnings|properties"
        answer = self.api(
            action="parse",
            contentmodel="wikitext",
            disablelimitreport=1,
            **{"title": title, "text": text, "prop": props} | kw,
        )
        parse: dict[str, Any] = answer["parse"]
        return parse

    def html(self, text: str, title: str = "Sandbox", **kw: Any) -> str:
        """Render wikitext and return the HTML alone."""
        html: str = self.parse(text, title, **kw)["text"]
        return html

    def limits(self, text: str, title: str = "Sandbox") -> dict[str, Any]:
        """Render wikitext and return what that took, by the names of the limit report."""
        data = self.parse(text, title)["limitreportdata"]
        return {entry["name"]: entry.get("0", entry.get(0)) for entry in data}

    def wait(self) -> None:
        """Let a second pass: the wiki's own clock, in which pages are touched, ticks no finer."""
        time.sleep(1.1)
