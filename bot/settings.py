"""Every setting: its name, its default, and one sentence. ``python -m bot --help`` prints them.

Read from the environment (``BADGES_…``), then from a TOML file of the same names in lower case
without the prefix. Secrets come from the environment only, and show nothing when printed.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.errors import SettingsError

PREFIX = "BADGES_"
DEFAULT_FILE = "developer-badges.toml"


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


def _url(text: str) -> str:
    if not text:
        return ""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("is no http(s) address")
    if parts.username or parts.password:
        raise ValueError("holds a user name or password: these do not belong in an address")
    return text.rstrip("/")


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        number = int(text)
        if not least <= number <= most:
            raise ValueError(f"must be from {least} to {most}")
        return number

    return read


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _text(text: str) -> str:
    return text.strip()


def _secret(text: str) -> Secret:
    if not (text.strip().isascii() and text.strip().isprintable()):
        raise ValueError("must be plain letters and digits")
    return Secret(text)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.replace(",", " ").split())


def _places(text: str) -> frozenset[str]:
    for word in _words(text):
        name, _, url = word.partition("=")
        if not (name.isascii() and name.isidentifier() and _url(url)):
            raise ValueError(
                "must be name=address, such as metawiki=https://meta.wikimedia.org/w/api.php"
            )
    return _words(text)


def _setting(default: Any, says: str, read: Callable[[str], Any] = _text) -> Any:
    return field(default=default, metadata={"says": says, "read": read})


@dataclass(frozen=True)
class Settings:
    """All settings, read and checked."""

    root: str = _setting(
        "Project:Developer badges",
        "The page on the wiki below which the registry and the report lie.",
    )
    database_url: str = _setting(
        "sqlite:///ledger.sqlite",
        "Where the ledger is kept, as a SQLAlchemy URL. It may hold a password.",
    )
    phabricator_url: str = _setting(
        "https://phabricator.wikimedia.org",
        "Phabricator's address; empty switches the source off.",
        _url,
    )
    phabricator_token: Secret = _setting(
        NO_SECRET,
        "Conduit API token of the bot (32 characters, begins with api-). Environment only.",
        _secret,
    )
    phabricator_spaces: frozenset[str] = _setting(
        frozenset(),
        "PHIDs of the spaces whose tasks are public; empty: the bot's account is a member of no restricted space.",
        _words,
    )
    gerrit_url: str = _setting(
        "https://gerrit.wikimedia.org/r", "Gerrit's address; empty switches the source off.", _url
    )
    gitlab_url: str = _setting(
        "https://gitlab.wikimedia.org", "GitLab's address; empty switches the source off.", _url
    )
    gitlab_token: Secret = _setting(
        NO_SECRET, "GitLab token that may read; not needed for what is public. Environment only.",
        _secret,
    )  # fmt: skip
    gitlab_groups: frozenset[str] = _setting(
        frozenset({"repos", "toolforge-repos"}),
        "The groups of GitLab below which merge requests count.",
        _words,
    )
    github_url: str = _setting(
        "https://api.github.com", "GitHub's address; empty switches the source off.", _url
    )
    github_token: Secret = _setting(
        NO_SECRET, "GitHub token without any scope, to read what is public. Environment only.",
        _secret,
    )  # fmt: skip
    github_repositories: frozenset[str] = _setting(
        frozenset(),
        "The repositories on GitHub (owner/name) whose pull requests count; empty: GitHub is not asked."
        " Never mirrors. `suggest repositories` lists candidates.",
        _words,
    )
    wishlist_url: str = _setting(
        "https://meta.wikimedia.org/w/api.php",
        "The api.php of the wiki that has the Community Wishlist; empty switches the source off.",
        _url,
    )
    technews_url: str = _setting(
        "https://meta.wikimedia.org/w/api.php",
        "The api.php of the wiki that has Tech News; empty switches the source off.",
        _url,
    )
    toolhub_url: str = _setting(
        "https://toolhub.wikimedia.org", "Toolhub's address; empty switches the source off.", _url
    )
    onwiki_url: frozenset[str] = _setting(
        frozenset(),
        "Wikis on which code is written: name=address of api.php (metawiki=https://…/w/api.php);"
        " empty: on-wiki code does not count.",
        _places,
    )
    reviewer_groups: frozenset[str] = _setting(
        frozenset({"sysop"}),
        "Groups on the wiki whose members may accept reviews, and rows of the wishes table.",
        _words,
    )
    operator: str = _setting(
        "",
        "The account under which `publish` installs the pages people read; empty: the first in user-config.py.",
    )
    contact: str = _setting(
        "", "Who to ask about this bot, in every User-Agent: a user page or an address."
    )
    edit_budget: int = _setting(
        500, "How many edits one round may make; the rest waits for the next.", _whole(1, 100_000)
    )
    waiting_days: int = _setting(
        14,
        "How many days the facts of a person wait whose entry somebody else removed.",
        _whole(0, 3650),
    )
    tombstone: str = _setting(
        "{{Delete|$1}}",
        "What a page that is needed no more says to administrators, of somebody who left or hides it;"
        " $1 is the reason, in the language of the wiki.",
    )
    now: datetime | None = _setting(
        None,
        "Pretend that it is this moment (2026-11-20T12:00:00Z); for rehearsals and tests.",
        _moment,
    )


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read all settings. Raises SettingsError for one that is unknown or cannot be read."""
    environ = os.environ if environ is None else environ
    values = {**_from_file(environ), **_from_environment(environ)}
    known = {one.name: one for one in fields(Settings)}
    read: dict[str, Any] = {}
    for name, (where, text) in values.items():
        if name not in known:
            raise SettingsError(f"{where}: there is no such setting; see `python -m bot --help`.")
        try:
            read[name] = known[name].metadata["read"](text)
        except ValueError as error:
            why = str(error) if "invalid" not in str(error).lower() else "cannot be read"
            raise SettingsError(
                f"{where}: {why}. It means: {known[name].metadata['says']}"
            ) from None
    return Settings(**read)


def describe_settings() -> str:
    """One line a setting, for ``--help`` and the documentation."""
    lines = []
    for one in fields(Settings):
        default = str(one.default) if isinstance(one.default, str | int) else ""
        if isinstance(one.default, frozenset):
            default = " ".join(sorted(one.default))
        shown = f" (default: {default})" if default else ""
        lines.append(f"  {PREFIX}{one.name.upper()}\n      {one.metadata['says']}{shown}")
    lines.append(
        f"  {PREFIX}SETTINGS\n      A TOML file with any of these but secrets (default: {DEFAULT_FILE})."
    )
    return "\n".join(lines)


def _from_environment(environ: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    return {
        name.removeprefix(PREFIX).lower(): (name, value)
        for name, value in environ.items()
        if name.startswith(PREFIX) and name != f"{PREFIX}SETTINGS"
    }


def _from_file(environ: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    named = environ.get(f"{PREFIX}SETTINGS", "")
    path = Path(named or DEFAULT_FILE)
    if not path.exists() and not named:
        return {}
    try:
        with path.open("rb") as file:
            table = tomllib.load(file)
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"{path}: the settings file cannot be read ({type(error).__name__})."
        ) from None
    secret = {
        one.name for one in fields(Settings) if isinstance(one.default, Secret)
    } & table.keys()
    if secret:
        name = sorted(secret)[0]
        raise SettingsError(
            f"{path}: {name} is a secret; set {PREFIX}{name.upper()} in the environment instead."
        )
    return {name: (f"{path}: {name}", _as_text(value)) for name, value in table.items()}


def _as_text(value: object) -> str:
    """A value of the file as it would stand in the environment: lists are words."""
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
