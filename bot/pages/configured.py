"""What user-config.py says, and what pywikibot may not ask a human."""

from __future__ import annotations

from typing import NoReturn

from pywikibot import config

from bot.errors import SettingsError, WikiRefused


def configured_name() -> str:
    """The account that user-config.py names. Raises SettingsError where it names none."""
    family, code = str(config.family), str(config.mylang)
    names = config.usernames.get(family) or config.usernames.get("*") or {}
    name = names.get(code) or names.get("*")
    if not name:
        raise SettingsError(
            f"user-config.py names no account: add usernames[{family!r}][{code!r}] = 'YourBot'."
        )
    return str(name)


def never_ask(*_: object, **__: object) -> NoReturn:
    """Stands in pywikibot's place of asking; nobody is there to answer."""
    raise WikiRefused(
        "The wiki wants a password and none is at hand: see password_file in user-config.py."
    )
