"""Rounds in earnest, with the real things: one now, or one after the other by the clock."""

from __future__ import annotations

from collections.abc import Callable

from bot.ledger import Ledger
from bot.rounds import noted_round
from bot.schedule import HOUR, MINUTE, Kind
from bot.settings import Settings
from bot.stopping import Stopping
from bot.wiring import build_wiki, build_world
from bot.world import Round, World


def run_once(
    settings: Settings, kind: Kind, tell: Callable[[str], None], *, accept: bool = False
) -> Round:
    """Do one round of this *kind*. Raises BadgesError; Interrupted if a signal asks us to stop."""
    with Stopping() as stopping:
        wiki, ledger = build_wiki(settings), Ledger.open(settings.database_url)
        world = build_world(settings, wiki, ledger, tell, stopping.look)
        return noted_round(world, kind, accept=accept)


def serve_rounds(
    settings: Settings,
    tell: Callable[[str], None],
    explain: Callable[[Exception], object],
    ending: Callable[[Round], object],
) -> None:
    """Do rounds by the clock until a signal asks us to stop.

    What a round raises goes to *explain*, one that came to its end to *ending*. Raises BadgesError
    only at the start, where a setting is wrong or the ledger cannot be opened.
    """
    from bot.serve import serve, serving  # Late: all else does without a scheduler.

    with serving() as (stopping, wait):
        wiki, ledger = build_wiki(settings), Ledger.open(settings.database_url)

        def world() -> World:
            return build_world(settings, wiki, ledger, tell, stopping.look)

        def one(kind: Kind) -> None:
            tell(f"{kind}: the round begins")
            done = noted_round(world(), kind)
            tell(f"{kind}: {done.people} people, {len(done.outcome.saved)} edits")
            ending(done)

        world()  # Whatever is wrong with the settings shows now.
        tell(
            f"Rounds come hourly at :{MINUTE}, daily at {HOUR:02}:{MINUTE}, weekly on Mondays (UTC)."
        )
        serve(ledger, one, explain, stopping, wait)
