"""What a round works with, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.ledger import Ledger
from bot.membership import Limits
from bot.onwiki import OnWikiSource
from bot.ports import Wiki
from bot.publisher import Outcome
from bot.reviews import review_pages
from bot.rulebook import Rulebook
from sources.port import ChangeSource, NewsSource, TaskSource, ToolSource, WishSource


@dataclass(frozen=True, slots=True)
class World:
    """Everything a round works with. A source that is switched off is None, or not in the list.

    ``forges`` are where changes are merged, Gerrit first: it tells the shell names by which GitLab
    knows developers. ``reviewers`` are the groups whose members may accept wishes and reviews,
    where the rules name none. ``book`` are the rules; a round reads them anew. ``look`` is called
    before each edit, and raises Interrupted once we are asked to stop.
    """

    wiki: Wiki
    ledger: Ledger
    phabricator: TaskSource | None
    forges: tuple[ChangeSource, ...]
    root: str
    now: datetime
    wishlist: WishSource | None = None
    toolhub: ToolSource | None = None
    technews: NewsSource | None = None
    onwiki: tuple[OnWikiSource, ...] = ()
    reviewers: frozenset[str] = frozenset({"sysop"})
    book: Rulebook = Rulebook()
    waiting_days: int = 14
    edit_budget: int = 500
    farewell: str = ""
    tell: Callable[[str], None] = lambda _line: None
    look: Callable[[], None] = lambda: None

    @property
    def home(self) -> str:
        """The page below which everything we write lies."""
        return f"User:{self.wiki.bot}/Developer badges"

    @property
    def registry(self) -> str:
        """The page on which people register."""
        return f"{self.root}/Registry"

    @property
    def wishes_table(self) -> str:
        """The page on which editors keep the wishes of all other lists."""
        return f"{self.root}/Wishes"

    @property
    def limits(self) -> Limits:
        """What a round may do to people that no human accepted."""
        return Limits(self.now, timedelta(days=self.waiting_days))

    @property
    def review_pages(self) -> dict[int, str]:
        """The pages on which reviews stand, by year."""
        return review_pages(self.root, self.now)

    def sources(self) -> Iterator[str]:
        """The names of all sources that are switched on."""
        others = (self.phabricator, self.wishlist, self.toolhub, self.technews)
        yield from (one.name for one in self.forges)
        yield from (one.name for one in self.onwiki)
        yield from (one.name for one in others if one is not None)


@dataclass(slots=True)
class Round:
    """What a round did: edits, what there is to say of sources (name and one sentence), which failed.

    A source that failed is not asked further questions in this round. ``stale`` are those that were
    when it began, and since when. ``unfinished`` are those that failed before all their
    news was stored.
    """

    outcome: Outcome = field(default_factory=Outcome)
    troubles: list[tuple[str, str]] = field(default_factory=list)
    failures: set[str] = field(default_factory=set)
    unfinished: set[str] = field(default_factory=set)
    stale: dict[str, date] = field(default_factory=dict)
    people: int = 0

    @property
    def partly(self) -> bool:
        """Whether something is left for the next round."""
        return bool(self.troubles or self.outcome.refused or self.outcome.later)

    def failed(self, source: str) -> bool:
        """Whether this source failed in this round."""
        return source in self.failures
