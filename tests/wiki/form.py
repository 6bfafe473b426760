"""Use a form of the wiki as a browser does: follow a link, look at the fields, press the button."""

from __future__ import annotations

import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

from scripts.local.api import Client

PATIENCE = 60  # seconds


class _Form(HTMLParser):
    """The form to edit a page: what its fields hold, and where it goes."""

    def __init__(self, page: str):
        super().__init__()
        self.fields: dict[str, str] = {}
        self.action = ""
        self._inside = False
        self._text: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = given.get("id") == "editform"
            self.action = given["action"] if self._inside else self.action
        elif self._inside and tag == "input" and self._is_sent(given):
            self.fields[given["name"]] = given.get("value", "")
        elif self._inside and tag == "textarea":
            self._text = given["name"]
            self.fields[self._text] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._text = None
        elif tag == "form":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._text:
            self.fields[self._text] += data

    @staticmethod
    def _is_sent(given: dict[str, str]) -> bool:
        """Whether a browser sends this field when "Save" is pressed and nothing was changed."""
        kind = given.get("type", "text")
        if "name" not in given or (kind in ("checkbox", "radio") and "checked" not in given):
            return False
        return kind != "submit" or given["name"] == "wpSave"


@dataclass
class EditForm:
    """A form to edit a page, opened by somebody who is logged in."""

    client: Client
    url: str
    page: str = ""
    fields: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.page = self._ask(self.url)
        form = _Form(self.page)
        self.url = urllib.parse.urljoin(self.url, unescape(form.action))
        self.fields = form.fields

    @property
    def text(self) -> str:
        """What the person sees in the large field."""
        return self.fields["wpTextbox1"].strip("\n")

    def save(self, text: str | None = None) -> str:
        """Press "Save", with another text if one is given; return the page that comes then."""
        sent = self.fields if text is None else self.fields | {"wpTextbox1": text}
        return self._ask(self.url, urllib.parse.urlencode(sent).encode())

    def _ask(self, url: str, body: bytes | None = None) -> str:
        request = urllib.request.Request(url, body)
        with self.client._opener.open(request, timeout=PATIENCE) as answer:
            return str(answer.read().decode("utf-8"))
