"""How a guest waits: what the wiki says with its answers, beside them, and what pywikibot does not hear.

pywikibot waits for ``Retry-After`` only where the answer is a good one, and forgets which error it
gave up on. So every answer is looked at here, before pywikibot sees it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from pywikibot.comms.http import session
from pywikibot.exceptions import FatalServerError, ServerError

from bot.errors import WikiUnreachable

PATIENCE = 120
"""Seconds for which a round waits when it is asked to; whoever asks for more is left alone until then."""


def seconds_of(retry_after: str, now: datetime) -> int:
    """The seconds that a header ``Retry-After`` names, as a number or as a moment; 0 where it names none."""
    try:
        return max(0, int(float(retry_after)))
    except (ValueError, OverflowError):
        pass
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return 0
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0, round((moment - now).total_seconds()))


class Manners:
    """Watches the answers of one wiki.

    ``refusal`` is the wiki's code for its last no ("" after a yes); ``answered``: it has spoken as a
    MediaWiki does, so that later nonsense is a trouble of the moment.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.refusal = ""
        self.answered = False
        self._until = 0.0
        self._site: Any = None
        self._clock = clock

    def watch(self, site: Any) -> None:
        """Look at every answer from now on; *site* is pywikibot's, whose throttle then waits."""
        self._site = site
        hooks = session.hooks["response"]
        if self.look not in hooks:
            hooks.append(self.look)

    def look(self, response: Any, **_: Any) -> None:
        """Hear what the headers of an answer say.

        Raises:
            FatalServerError: no answer, and we shall wait for longer than we do.
            ServerError: too many requests; pywikibot then asks again later, as after other such errors.

        """
        told = response.headers
        self.refusal = told.get("MediaWiki-API-Error", "")
        json = "json" in told.get("Content-Type", "")
        self.answered = self.answered or (response.ok and json)
        seconds = seconds_of(told.get("Retry-After", "0"), datetime.now(UTC))
        if "Retry-After" in told:
            told["Retry-After"] = str(min(seconds, PATIENCE))  # It knows no other way to say it.
        self._until = self._clock() + seconds
        if seconds > PATIENCE and not (response.ok and json and not self.refusal):
            raise FatalServerError("asked to wait")
        if not response.ok:
            self._hold(seconds)
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            raise ServerError("too many requests")

    def before(self) -> None:
        """Let the next request wait for what is left. Raises WikiUnreachable where that is too long."""
        left = self._until - self._clock()
        if left > PATIENCE:
            raise WikiUnreachable(self.why())
        if left > 0:
            self._hold(math.ceil(left))

    def _hold(self, seconds: int) -> None:
        # From now on: the throttle's own clock has run since the last question.
        throttle = self._site.throttle
        throttle.last_read = throttle.last_write = time.time()
        throttle.retry_after = seconds

    def why(self) -> str:
        """Why there was no useful answer, as far as the wiki said so; "" where it did not."""
        left = round(self._until - self._clock())
        if left > PATIENCE:
            return f"the wiki asks to be left alone for {left} seconds; try again later."
        if self.refusal:
            return f"the wiki says “not now” ({self.refusal}); try again later."
        return ""


our_manners = Manners()
"""Those of this process, which knows one wiki; pywikibot's connection is one, too."""
