"""What a check finds, and what checks look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from bot.errors import BadgesError
from bot.ledger import Ledger
from bot.ports import InspectedWiki, Wiki
from bot.settings import Given, Settings
from bot.world import World
from sources.port import SourceError


class State(StrEnum):
    """How it is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, how it is, what that is in words, and what to do (``""``: nothing)."""

    about: str
    state: State
    says: str
    remedy: str = ""


def ok(about: str, says: str, remedy: str = "") -> Finding:
    """All is well; *remedy* is then a hint."""
    return Finding(about, State.OK, says, remedy)


def warn(about: str, says: str, remedy: str) -> Finding:
    """The bot works, and something is not as it should be."""
    return Finding(about, State.WARN, says, remedy)


def fail(about: str, says: str, remedy: str) -> Finding:
    """The bot does not work, or not all of it."""
    return Finding(about, State.FAIL, says, remedy)


class NotSeen(Exception):
    """What this check needs was not to be had, and an earlier check says why."""


@dataclass
class Patient:
    """What is examined. The wiki, the ledger and the world are opened by one check each.

    ``given`` says of each setting that is set where that is; ``folder`` is where user-config.py lies, if it
    does; the functions open the real things (the wiki for an account, "": the bot's).
    """

    settings: Settings
    given: Mapping[str, Given]
    folder: Path | None
    find_wiki: Callable[[str], InspectedWiki]
    find_ledger: Callable[[], Ledger]
    find_world: Callable[[Wiki, Ledger], World]
    _wiki: InspectedWiki | None = field(default=None, init=False)
    _ledger: Ledger | None = field(default=None, init=False)
    wiki_id: str = field(default="", init=False)

    def open_wiki(self) -> InspectedWiki:
        """Log in. Raises BadgesError."""
        wiki = self.find_wiki("")
        self.wiki_id = wiki.check()
        self._wiki = wiki
        return wiki

    def open_ledger(self) -> Ledger:
        """Open the ledger. Raises BadgesError."""
        self._ledger = self.find_ledger()
        return self._ledger

    @property
    def wiki(self) -> InspectedWiki:
        """The wiki, once it was opened. Raises NotSeen."""
        if self._wiki is None:
            raise NotSeen("the wiki could not be asked")
        return self._wiki

    @property
    def ledger(self) -> Ledger:
        """The ledger, once it was opened. Raises NotSeen."""
        if self._ledger is None:
            raise NotSeen("the ledger could not be opened")
        return self._ledger


Look = Callable[[Patient], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what it is about, and the function that looks."""

    about: str
    look: Look


def found_by(about: str, look: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """What *look* finds; whatever it raises is a finding, too, and ends nothing."""
    try:
        yield from look()
    except NotSeen as error:
        yield warn(about, f"not checked: {error}.", "Mend what is said of that first.")
    except (BadgesError, SourceError) as error:
        yield fail(about, str(error), "")
    except Exception as error:  # One check shall not stop the others, whatever it meets.
        yield fail(
            about,
            f"this check failed itself ({type(error).__name__}).",
            "Please report it; BADGES_LOG_LEVEL=debug does not say more.",
        )
