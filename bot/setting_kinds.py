"""How the text of a setting becomes its value. Each raises ValueError, whose words never quote the text."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

_NO_TITLE = re.compile(r"[#<>\[\]|{}\n]|^[\s:/]|[\s:/]$|^$")
_DATABASE = re.compile(
    r"sqlite(\+\w+)?:///[^?]+(\?.*)?|(mysql|mariadb)(\+\w+)?://.*/[^/?]+(\?.*)?", re.S
)


class Secret:
    """A text that shows nothing when printed; ``reveal`` hands it to the one who sends it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text.strip()

    def __repr__(self) -> str:
        return "Secret(set)" if self._text else "Secret(empty)"

    def reveal(self) -> str:
        """The text itself."""
        return self._text


NO_SECRET = Secret("")


def url_setting(text: str) -> str:
    """An http(s) address without a login; empty stays empty."""
    if not text:
        return ""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("is no http(s) address")
    if parts.username or parts.password:
        raise ValueError("holds a user name or password: these do not belong in an address")
    return text.rstrip("/")


def whole_setting(least: int, most: int) -> Callable[[str], int]:
    """What reads a whole number in these bounds."""

    def read(text: str) -> int:
        number = int(text)
        if not least <= number <= most:
            raise ValueError(f"must be from {least} to {most}")
        return number

    return read


def moment_setting(text: str) -> datetime | None:
    """A moment; without a time zone it is UTC."""
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def text_setting(text: str) -> str:
    """Any text."""
    return text.strip()


def title_setting(text: str) -> str:
    """The title of a page, which is never empty."""
    title = text.strip()
    if _NO_TITLE.search(title):
        raise ValueError("is no title of a page: name one, without brackets")
    return title


def database_setting(text: str) -> str:
    """The address of a database that outlives the process; whether it is there shows when it is opened."""
    address = text.strip()
    if address.startswith("sqlite") and (
        re.search(r":memory:|[?&]mode=memory\b", address)
        or re.fullmatch(r"[\w+]+:/{0,3}(\?.*)?", address)
    ):
        raise ValueError("names a database in memory, where a ledger would be lost at once")
    if not _DATABASE.fullmatch(address):
        raise ValueError("must be sqlite:///FILE or mysql+pymysql://USER:PASSWORD@HOST/DATABASE")
    return address


def secret_setting(text: str) -> Secret:
    """A token, in plain ASCII."""
    if not (text.strip().isascii() and text.strip().isprintable()):
        raise ValueError("must be plain letters and digits")
    return Secret(text)


def words_setting(text: str) -> frozenset[str]:
    """Words between spaces or commas."""
    return frozenset(text.replace(",", " ").split())


def places_setting(text: str) -> frozenset[str]:
    """Words that are name=address."""
    for word in words_setting(text):
        name, _, url = word.partition("=")
        if not (name.isascii() and name.isidentifier() and url_setting(url)):
            raise ValueError(
                "must be name=address, such as metawiki=https://meta.wikimedia.org/w/api.php"
            )
    return words_setting(text)


def switch_setting(text: str) -> bool:
    """On or off."""
    words = {"on": True, "yes": True, "true": True, "1": True}
    words |= {"": False, "off": False, "no": False, "false": False, "0": False}
    if text.strip().lower() not in words:
        raise ValueError("must be on or off")
    return words[text.strip().lower()]


def one_of_setting(*words: str) -> Callable[[str], str]:
    """What reads one of these words."""

    def read(text: str) -> str:
        word = text.strip().lower()
        if word not in words:
            raise ValueError(f"must be one of: {', '.join(filter(None, words))}")
        return word

    return read
