"""The passwords and keys that pywikibot knows: read once, so that none of them is ever said."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from pywikibot import config

from bot.logs import redact


def learn_passwords() -> None:
    """Let no password of user-config.py, or of the file that it names, appear in anything that is said."""
    for secret in _secrets():
        redact.keep(secret)


def _secrets() -> Iterator[str]:
    for keys in config.authenticate.values():
        yield from map(str, keys[1:])  # What comes first is a name.
    if config.password_file:
        # What cannot be read or parsed is pywikibot's to complain about.
        with suppress(OSError, ValueError, SyntaxError, RecursionError):
            text = (Path(config.base_dir) / config.password_file).read_text("utf-8")
            for line in text.splitlines():
                with suppress(SyntaxError, ValueError):
                    yield from _last_texts(ast.parse(line.strip() or "0", mode="eval").body)


def _last_texts(entry: ast.expr) -> Iterator[str]:
    """The password at the end of an entry: a text, or ``BotPassword(suffix, text)``."""
    last = entry
    while isinstance(last, ast.Tuple | ast.Call):
        parts = last.elts if isinstance(last, ast.Tuple) else last.args
        if not parts:
            return
        last = parts[-1]
    if isinstance(last, ast.Constant) and isinstance(last.value, str):
        yield last.value
