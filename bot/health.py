"""``python -m bot status --health``: whether whoever watches should start us anew. Asks the ledger alone."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.ledger import Ledger
from bot.rounds import last_rounds

WELL = frozenset({"done", "partly", "stopped", "acceptance", "refused"})
"""A round that waits for a human is no reason to start anew: that would change nothing. Nor would it
where the wiki refuses us, as it does who is blocked or has a wrong password.
"""

AHEAD = timedelta(hours=1)
"""What ended later than that from now is not known to have ended: some clock was wrong."""


def illness(ledger: Ledger, now: datetime, hours: int) -> str:
    """What is wrong, in one sentence; "" if nothing is.

    Well is who did a round to its end less than *hours* ago, or is doing one: who does renews the lock
    (``bot.lock``). A lock that ran out and is still there is that of a round that hangs, or died.
    """
    held = ledger.census.held()
    if held is not None and held.left <= 0:
        return "A round hangs, or died: its lock has run out and was not given back."
    if held is not None:
        return ""
    well = [one for one in last_rounds(ledger) if one["outcome"] in WELL]
    told = [datetime.fromisoformat(one["end"]) for one in well]
    ends = [end for end in told if end <= now + AHEAD]
    if not ends:
        return "No round has succeeded yet."
    since = now - ends[-1]
    if since > timedelta(hours=hours):
        return (
            f"The last round that succeeded ended {_hours(since)} hours ago; {hours} are allowed."
        )
    return ""


def _hours(span: timedelta) -> int:
    return int(span.total_seconds() // 3600)
