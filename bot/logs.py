"""What the program says: calm lines to whoever sits at a terminal, a line of JSON to a file or a service.

Everything goes through ``logging``: our own words by the logger ``badges``, those of libraries (warnings
only) by theirs. Nothing leaves before ``sources.redaction`` has seen it.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from bot.progress import aside
from sources.redaction import Redactor, secrets_of
from wikitext.json_text import clean

_OURS = logging.getLogger("badges")
_EVENT, _FIELDS = "badges_event", "badges_fields"
_SLASH, _BLANK = "(?:/|%2F)", "(?:[ _+]|%20)"
_PERSON = re.compile(  # As in a title, and as in an address.
    rf"({_SLASH}Developer{_BLANK}badges{_SLASH}people{_SLASH})[^\[\]|\n]+?(?=\.json|{_SLASH}work-)",
    re.IGNORECASE,
)

redact = Redactor()
"""Knows all secrets that this process has met."""


class Redacting(logging.Filter):
    """Makes of every record one without secrets: arguments, exceptions with their causes, fields."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Redact; every record passes."""
        try:
            text = record.getMessage()
        except (TypeError, ValueError, KeyError):  # Whoever wrote that line meant well.
            text = f"{record.msg} {record.args}"
        record.msg, record.args = redact(text), ()
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        record.exc_info = None
        record.exc_text = redact(record.exc_text) if record.exc_text else None
        record.stack_info = redact(record.stack_info) if record.stack_info else None
        setattr(record, _FIELDS, redact.value(getattr(record, _FIELDS, {})))
        return True


# Whoever else listens to us hears no secrets either.
_OURS.addFilter(Redacting())


class JsonLines(logging.Formatter):
    """One line of JSON: ``time`` (UTC), ``level``, ``event``, ``text``, and the event's own fields.

    A log outlives people's consent: whose pages they are is not in it.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": getattr(record, _EVENT, "") or record.name,
            "text": _PERSON.sub(r"\1[person]", record.getMessage()),
            **getattr(record, _FIELDS, {}),
        }
        if record.exc_text:
            line["traceback"] = _PERSON.sub(r"\1[person]", record.exc_text)
        return json.dumps(line, ensure_ascii=False)


class Words(logging.Formatter):
    """The text alone, without what steers a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the lines."""
        text = "\n".join(filter(None, (record.exc_text, record.getMessage())))
        return "\n".join(clean(line) for line in text.splitlines())


class _Lines(logging.Handler):
    """Writes to what is ``sys.stderr`` at that moment, above the bars."""

    def emit(self, record: logging.LogRecord) -> None:
        if sys.stderr is None:
            return
        try:
            aside(self.format(record))
        except (OSError, ValueError):  # Whoever listened is gone; that ends no round.
            return


@contextmanager
def logging_to(form: str = "auto", level: str = "", *, unattended: bool = False) -> Iterator[None]:
    """Within it everything that is said goes to stderr. *form* and *level* are settings.

    ``auto`` is JSON where an *unattended* command (``run``, ``serve``) has no terminal. Without a *level*
    steps on the way are shown where somebody reads along, and not in JSON: a round without news is
    one line there.
    """
    learn(os.environ)
    handler = _Lines()
    structured = as_json(form, unattended=unattended)
    handler.setFormatter(JsonLines() if structured else Words())
    handler.addFilter(Redacting())
    root = logging.getLogger()
    least = (level or ("info" if structured else "debug")).upper()
    before = _OURS.level, root.level
    root.addHandler(handler)
    _OURS.setLevel(least)
    root.setLevel(logging.WARNING)
    # It tells of each further attempt, with addresses that hold names; who asked says how it ended.
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    logging.captureWarnings(capture=True)
    try:
        yield
    finally:
        logging.captureWarnings(capture=False)
        root.removeHandler(handler)
        _OURS.setLevel(before[0])
        root.setLevel(before[1])


def as_json(form: str, *, unattended: bool) -> bool:
    """Whether lines are JSON."""
    if form != "auto":
        return form == "json"
    return unattended and not (sys.stderr is not None and sys.stderr.isatty())


def learn(environ: Any) -> None:
    """Keep what looks like a secret in the environment out of all that is said."""
    for secret in secrets_of(environ):
        redact.keep(secret)


def say(text: str, event: str = "says", level: int = logging.INFO, **fields: Any) -> None:
    """Say *text*; *event* is one word for machines, *fields* what they may count. No names in either."""
    _OURS.log(level, "%s", text, extra={_EVENT: event, _FIELDS: fields})


def step(text: str) -> None:
    """Say what was just done on the way."""
    say(text, "step", logging.DEBUG)


def trouble(text: str, event: str = "trouble", **fields: Any) -> None:
    """Say what somebody should look at."""
    say(text, event, logging.WARNING, **fields)


def failed(text: str, event: str = "failed", error: BaseException | None = None) -> None:
    """Say why nothing more is done; with *error* also where it happened, for whoever mends it."""
    told = None if error is None else (type(error), error, error.__traceback__)
    _OURS.error("%s", text, exc_info=told, extra={_EVENT: event, _FIELDS: {}})


def guard() -> None:
    """From now on even what nobody catches is redacted, in every thread."""
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _uncaught_in_thread


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    _tell_uncaught(error.with_traceback(trace))


def _uncaught_in_thread(told: threading.ExceptHookArgs | sys.UnraisableHookArgs) -> None:
    if isinstance(told.exc_value, BaseException):
        _tell_uncaught(told.exc_value)


def _tell_uncaught(error: BaseException) -> None:
    text = f"This is a fault of the program ({type(error).__name__}); please report these lines."
    if any(isinstance(one, _Lines) for one in logging.getLogger().handlers):
        failed(text, "fault", error)
        return
    with logging_to():
        failed(text, "fault", error)
