"""Every setting: its name, its default, and one sentence. ``python -m bot --help`` prints them.

Read from the environment (``BADGES_…``), then from a TOML file of the same names in lower case
without the prefix. Secrets come from the environment only, and show nothing when printed.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.errors import SettingsError
from bot.setting_kinds import (
    NO_SECRET,
    Secret,
    database_setting,
    moment_setting,
    one_of_setting,
    places_setting,
    secret_setting,
    switch_setting,
    text_setting,
    title_setting,
    url_setting,
    whole_setting,
    words_setting,
)

__all__ = ["Given", "Secret", "Settings", "describe_settings", "load_settings", "try_settings"]

PREFIX = "BADGES_"
DEFAULT_FILE = "developer-badges.toml"
FILE = "the file of settings"
LEVELS = ("debug", "info", "warning", "error")
FORMATS = ("auto", "text", "json")


def _setting(
    default: Any, says: str, read: Callable[[str], Any] = text_setting, *, shown: bool = True
) -> Any:
    return field(default=default, repr=shown, metadata={"says": says, "read": read})


@dataclass(frozen=True)
class Settings:
    """All settings, read and checked."""

    root: str = _setting(
        "Project:Developer badges",
        "The page on the wiki below which the registry and the report lie.",
        title_setting,
    )
    database_url: str = _setting(
        "sqlite:///ledger.sqlite",
        "Where the ledger is kept, as a SQLAlchemy URL. It may hold a password.",
        database_setting,
        shown=False,
    )
    phabricator_url: str = _setting(
        "https://phabricator.wikimedia.org",
        "Phabricator's address; empty switches the source off.",
        url_setting,
    )
    phabricator_token: Secret = _setting(
        NO_SECRET,
        "Conduit API token of the bot (32 characters, begins with api-). Environment only.",
        secret_setting,
    )
    phabricator_spaces: frozenset[str] = _setting(
        frozenset(),
        "PHIDs of the spaces whose tasks are public; empty: the bot's account is a member of no restricted space.",
        words_setting,
    )
    gerrit_url: str = _setting(
        "https://gerrit.wikimedia.org/r",
        "Gerrit's address; empty switches the source off.",
        url_setting,
    )
    gitlab_url: str = _setting(
        "https://gitlab.wikimedia.org",
        "GitLab's address; empty switches the source off.",
        url_setting,
    )
    gitlab_token: Secret = _setting(
        NO_SECRET, "GitLab token that may read; not needed for what is public. Environment only.",
        secret_setting,
    )  # fmt: skip
    gitlab_groups: frozenset[str] = _setting(
        frozenset({"repos", "toolforge-repos"}),
        "The groups of GitLab below which merge requests count.",
        words_setting,
    )
    github_url: str = _setting(
        "https://api.github.com", "GitHub's address; empty switches the source off.", url_setting
    )
    github_token: Secret = _setting(
        NO_SECRET, "GitHub token without any scope, to read what is public. Environment only.",
        secret_setting,
    )  # fmt: skip
    github_repositories: frozenset[str] = _setting(
        frozenset(),
        "The repositories on GitHub (owner/name) whose pull requests count; empty: GitHub is not asked."
        " Never mirrors. `suggest repositories` lists candidates.",
        words_setting,
    )
    wishlist_url: str = _setting(
        "https://meta.wikimedia.org/w/api.php",
        "The api.php of the wiki that has the Community Wishlist; empty switches the source off.",
        url_setting,
    )
    technews_url: str = _setting(
        "https://meta.wikimedia.org/w/api.php",
        "The api.php of the wiki that has Tech News; empty switches the source off.",
        url_setting,
    )
    toolhub_url: str = _setting(
        "https://toolhub.wikimedia.org",
        "Toolhub's address; empty switches the source off.",
        url_setting,
    )
    onwiki_url: frozenset[str] = _setting(
        frozenset(),
        "Wikis on which code is written: name=address of api.php (metawiki=https://…/w/api.php);"
        " empty: on-wiki code does not count.",
        places_setting,
    )
    reviewer_groups: frozenset[str] = _setting(
        frozenset({"sysop"}),
        "Groups on the wiki whose members may accept reviews, and rows of the wishes table.",
        words_setting,
    )
    operator: str = _setting(
        "",
        "The account under which `publish` installs the pages people read; empty: the first in user-config.py.",
    )
    contact: str = _setting(
        "", "Who to ask about this bot, in every User-Agent: a user page or an address."
    )
    edit_budget: int = _setting(
        500,
        "How many edits one round may make; the rest waits for the next.",
        whole_setting(1, 100_000),
    )
    waiting_days: int = _setting(
        14,
        "How many days the facts of a person wait whose entry somebody else removed.",
        whole_setting(0, 3650),
    )
    tombstone: str = _setting(
        "{{Delete|$1}}",
        "What a page that is needed no more says to administrators, of somebody who left or hides it;"
        " $1 is the reason, in the language of the wiki.",
    )
    digest: bool = _setting(
        False,
        "on: tell the operator (BADGES_OPERATOR) on their talk page of trouble that lasts, once a week at most.",
        switch_setting,
    )
    health_hours: int = _setting(
        3,
        "`status --health` fails if the last round that succeeded is older than so many hours.",
        whole_setting(1, 24 * 365),
    )
    log_level: str = _setting(
        "",
        "The least that is logged: debug, info, warning or error; empty: every step at a terminal, else info.",
        one_of_setting("", *LEVELS),
    )
    log_format: str = _setting(
        "auto",
        "How `run` and `serve` log: text, json (a line an event), or auto: text at a terminal, else json.",
        one_of_setting(*FORMATS),
    )
    now: datetime | None = _setting(
        None,
        "Pretend that it is this moment (2026-11-20T12:00:00Z); for rehearsals and tests.",
        moment_setting,
    )


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read all settings. Raises SettingsError for one that is unknown or cannot be read."""
    settings, given = try_settings(environ)
    for one in given.values():
        if one.wrong:
            raise SettingsError(one.wrong if one.where == FILE else f"{one.where}: {one.wrong}")
    return settings


@dataclass(frozen=True, slots=True)
class Given:
    """Where a setting is set, and what is wrong with it (``""``: nothing)."""

    where: str
    wrong: str = ""


def try_settings(environ: Mapping[str, str] | None = None) -> tuple[Settings, dict[str, Given]]:
    """Read what can be read: the settings, and by name all that are set. What is wrong has its default.

    A file that cannot be read, or holds a secret, is wrong as a whole.
    """
    environ = os.environ if environ is None else environ
    given: dict[str, Given] = {}
    try:
        values = _from_file(environ)
    except SettingsError as error:
        values, given = {}, {FILE: Given(FILE, str(error))}
    values |= _from_environment(environ)
    known = {one.name: one for one in fields(Settings)}
    read: dict[str, Any] = {}
    for name, (where, text) in values.items():
        wrong = ""
        if name not in known:
            wrong = "there is no such setting; see `python -m bot --help`."
        else:
            try:
                read[name] = known[name].metadata["read"](text)
            except ValueError as error:
                why = str(error) if "invalid" not in str(error).lower() else "cannot be read"
                wrong = f"{why}. It means: {known[name].metadata['says']}"
        given[name] = Given(where, wrong)
    return Settings(**read), given


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
