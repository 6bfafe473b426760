"""``python -m bot preview``: what a round would do, on the real wiki or on the sample, and no edit."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.compare import compare_rules, read_rules
from bot.errors import NeedsAcceptance
from bot.explain import cards
from bot.ledger import Ledger
from bot.logs import say, step
from bot.output import DONE, ending, show
from bot.rehearsal import Rehearsal
from bot.round import run_round
from bot.settings import Settings
from bot.wiring import build_wiki, build_world, has_configuration, sample_world


def preview(options: argparse.Namespace, settings: Settings) -> int:
    """Do what ``preview`` was told; give the exit code."""
    if options.rules is not None:
        return _compare(options.rules, settings)
    if not has_configuration():
        return _show_sample()
    wiki = Rehearsal(build_wiki(settings))
    ledger = Ledger.open(settings.database_url)
    with ledger.rehearsal():
        world = build_world(settings, wiki, ledger, step)
        try:
            done = run_round(world)
        except NeedsAcceptance as error:
            say(f"{error} What follows is what that would do.")
            done = run_round(world, accept=True)
        show(cards(world.ledger))
        for title, (text, summary) in wiki.saved.items():
            print(f"would save [[{title}]] ({len(text.encode())} bytes): {summary}")
    print(f"{len(wiki.saved)} pages would be saved; nothing was edited.")
    return ending(done)


def _compare(file: Path, settings: Settings) -> int:
    page = read_rules(file)
    if has_configuration():
        show(compare_rules(Ledger.open(settings.database_url), page))
        return DONE
    with _sample() as ledger:
        show(compare_rules(ledger, page))
    return DONE


def _show_sample() -> int:
    with _sample() as ledger:
        show(cards(ledger))
    print("Nothing was edited. Next: docs/operating.md, or `python -m bot --help`.")
    return DONE


@contextmanager
def _sample() -> Iterator[Ledger]:
    print("No user-config.py here: this is the sample that ships with the project (sample data).\n")
    with tempfile.TemporaryDirectory() as folder:
        world = sample_world(Path(folder), lambda _line: None)
        run_round(world)
        yield world.ledger
        world.ledger.close()
