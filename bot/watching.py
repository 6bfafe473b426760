"""The commands that only look: ``status`` and ``doctor``."""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime

from bot.doctor import Patient, State, code_of, examine, lines
from bot.errors import BadgesError
from bot.health import illness
from bot.ledger import Ledger
from bot.logs import failed, redact
from bot.output import DONE, FAILED, show, show_json
from bot.settings import Settings, try_settings
from bot.status import status_lines, status_of
from bot.wiring import (
    build_inspected_wiki,
    build_world,
    configuration_folder,
    has_configuration,
)
from sources.redaction import passwords_of


def status(options: argparse.Namespace, settings: Settings) -> int:
    """Do what ``status`` was told; give the exit code."""
    ledger = Ledger.open(settings.database_url)
    now = datetime.now(UTC)
    if options.health:
        why = illness(ledger, now, settings.health_hours)
        if why:
            failed(why, "ill")
        return FAILED if why else DONE
    messages, wiki = (None, "") if options.offline else _messages(settings)
    told = status_of(ledger, now, settings.health_hours, messages, wiki)
    if options.json:
        show_json(told)
    else:
        show(status_lines(told))
    return DONE


def _messages(settings: Settings) -> tuple[bool | None, str]:
    """Whether our talk page has unread messages; None and why where that is not known."""
    if not has_configuration():
        return None, "there is no user-config.py here"
    try:
        wiki = build_inspected_wiki(settings)
        wiki.check()
        return wiki.account().messages, ""
    except BadgesError as error:
        return None, str(error)


def doctor(options: argparse.Namespace, _settings: Settings) -> int:
    """Do what ``doctor`` was told; give the exit code."""
    settings, given = try_settings()
    for password in passwords_of(settings.database_url):
        redact.keep(password)
    patient = Patient(
        settings,
        given,
        configuration_folder(),
        lambda user: build_inspected_wiki(settings, user),
        lambda: Ledger.open(settings.database_url),
        lambda wiki, ledger: build_world(settings, wiki, ledger, lambda _line: None),
    )
    found = []
    for one in examine(patient):
        found.append(one)
        if options.json:
            show_json(asdict(one))
        else:
            show(lines(one))
    if not options.json:
        count = Counter(one.state for one in found)
        show([f"{count[State.OK]} ok, {count[State.WARN]} warnings, {count[State.FAIL]} failures"])
    return code_of(found)
