"""Rounds in earnest, with the real things: one now, or one after the other by the clock."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from bot.digest import after_round
from bot.errors import BadgesError, Interrupted, WikiUnreachable
from bot.ledger import Ledger
from bot.lock import locked
from bot.logs import failed, step
from bot.ports import TalkingWiki
from bot.rounds import noted, noted_round
from bot.schedule import HOUR, MINUTE, Kind
from bot.settings import Settings
from bot.stopping import Stopping
from bot.wiring import build_wiki, build_world
from bot.world import Round, World

Tell = Callable[[str], None]


def run_once(settings: Settings, kind: Kind, tell: Tell, *, accept: bool = False) -> Round:
    """Do one round of this *kind*. Raises BadgesError; Interrupted if a signal asks us to stop."""
    with Stopping() as stopping:
        ledger = Ledger.open(settings.database_url)
        return _round(settings, ledger, kind, tell, stopping, accept=accept)


def serve_rounds(
    settings: Settings,
    tell: Tell,
    explain: Callable[[Exception], object],
    ending: Callable[[Kind, Round], object],
) -> None:
    """Do rounds by the clock until a signal asks us to stop.

    What a round raises goes to *explain*, one that came to its end to *ending*. Raises BadgesError
    only at the start, where a setting is wrong or the ledger cannot be opened.
    """
    from bot.serve import serve, serving  # Late: all else does without a scheduler.

    with suppress(Interrupted), serving() as (stopping, wait):
        ledger = Ledger.open(settings.database_url)
        with suppress(WikiUnreachable):  # It may be back when a round is due.
            build_world(settings, build_wiki(settings), ledger, tell)

        def one(kind: Kind) -> None:
            tell(f"{kind}: the round begins")
            done = _round(settings, ledger, kind, tell, stopping)
            ending(kind, done)

        tell(
            f"Rounds come hourly at :{MINUTE}, daily at {HOUR:02}:{MINUTE}, weekly on Mondays (UTC)."
        )
        serve(ledger, one, explain, stopping, wait)


def _round(
    settings: Settings,
    ledger: Ledger,
    kind: Kind,
    tell: Tell,
    stopping: Stopping,
    *,
    accept: bool = False,
) -> Round:
    try:
        wiki = build_wiki(settings)
    except WikiUnreachable:
        with locked(ledger), noted(ledger, kind):
            raise
    world = build_world(settings, wiki, ledger, tell, stopping.look)
    try:
        return noted_round(world, kind, accept=accept)
    finally:
        if settings.digest and settings.operator and not stopping.asked:
            _tell_operator(settings, world, wiki)


def _tell_operator(settings: Settings, world: World, wiki: TalkingWiki) -> None:
    """Tell of trouble that lasts, while no other round is at work. Whatever goes wrong ends no round."""
    today = world.now.date()
    try:
        with locked(world.ledger):
            after_round(world.ledger, wiki, settings.operator, world.home, today)
    except BadgesError as error:
        step(f"The operator was not told: {error}")
    except Exception as error:
        failed("The operator could not be told: a fault of the program.", "fault", error)
