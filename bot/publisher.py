"""Make the wiki's pages as they were described: only what changed, each edit with its reason."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.errors import EditConflict, SaveRefused, Stopped
from bot.ledger import Ledger
from bot.ledger.notes import Published
from bot.ports import PageText, Wiki
from bot.progress import progress
from sources.batch import batches
from wikitext.data_pages import tombstone
from wikitext.json_text import Json, digest_of, dumps, loads
from wikitext.words import message

BATCH = 50
TRIES = 3
REFUSALS = 10
"""After so many refusals one after the other the rest waits: a filter that refuses all is not knocked at."""
REFUSED = "refused"
"""The memo of how many of the wanted pages come last in the next round: those refused in such a row."""
MODEL = "json"
EDITS_BETWEEN_LOOKS = 10
SECONDS_BETWEEN_LOOKS = 30.0


@dataclass(slots=True)
class Outcome:
    """What a round did to the wiki. ``refused`` pairs titles with the reason; ``later`` counts what waits:
    over budget, or behind too many refusals. ``spent`` of the budget are all edits that could have waited.
    """

    saved: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    later: int = 0
    spent: int = 0


class StopPage:
    """The page on which anyone stops the bot; looked at again every 30 seconds or 10 edits."""

    def __init__(self, wiki: Wiki, title: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._wiki = wiki
        self.title = title
        self._clock = clock
        self._looked = clock()
        self._edits = 0

    def look(self) -> None:
        """Raise Stopped if there is any text on the page."""
        self._looked, self._edits = self._clock(), 0
        for page in self._wiki.texts([self.title]):
            if page.text.strip():
                raise Stopped(
                    f"There is text on [[{self.title}]]: nothing more is edited. Empty the page to go on."
                )

    def before_edit(self) -> None:
        """Look again if it is time."""
        self._edits += 1
        late = self._clock() - self._looked >= SECONDS_BETWEEN_LOOKS
        if late or self._edits > EDITS_BETWEEN_LOOKS:
            self.look()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page as it should be; ``why`` is the key of a message. ``gone`` pages are forgotten once they stand.

    ``now``: no edit budget keeps it waiting. ``first``: nor does a row of refusals, as with ``gone``.
    """

    title: str
    value: Json
    why: str
    gone: bool = False
    now: bool = False
    first: bool = False

    @property
    def patient(self) -> bool:
        """Whether it may wait behind pages that the wiki refuses."""
        return not (self.gone or self.now or self.first)


def differences(
    ledger: Ledger,
    desired: Mapping[str, Json],
    farewell: str,
    urgent: Collection[str] = (),
    shared: Collection[str] = (),
    waiting: Collection[str] = (),
    *,
    left: bool = False,
) -> list[Wanted]:
    """What differs from what we last published: leavers first, then *urgent* pages, newcomers, the rest.

    *shared* pages name many people, or bear a name that is another's now: once somebody *left*, chose
    anew or was renamed they come before all others, whatever the edit budget. Before the tombstones,
    too: as long as one of these is not noted, a round that was cut off shows the next one that
    somebody left. *waiting* pages are left alone.
    """
    noted = ledger.notes.pages()
    known = {title: one for title, one in noted.items() if one.stands}
    gone = [
        Wanted(title, tombstone(farewell), "summary-no-longer-shown", gone=True)
        for title in sorted(noted.keys() - desired.keys() - set(waiting))
    ]
    fresh = [
        Wanted(title, value, "summary-first-published")
        for title, value in sorted(desired.items())
        if title not in known
    ]
    changed = [
        Wanted(title, value, "summary-changed")
        for title, value in sorted(desired.items())
        if title in known and known[title].digest != digest_of(value)
    ]
    of_all = [one for one in changed if one.title in shared] if left or gone or urgent else []
    rest = [one for one in changed if one not in of_all]
    first = [replace(one, first=True) for one in [*rest, *fresh] if one.title in urgent]
    last = [one for one in [*fresh, *rest] if one.title not in urgent]
    return [replace(one, now=True) for one in of_all] + gone + first + last


class Publisher:
    """Saves wanted pages one by one; what was saved is noted at once, so a death costs nothing."""

    def __init__(
        self,
        wiki: Wiki,
        ledger: Ledger,
        stop: StopPage,
        link: str,
        tell: Callable[[str], None],
        renew: Callable[[], None] = lambda: None,
        look: Callable[[], None] = lambda: None,
    ) -> None:
        """*look* and *renew* are called before each edit; they may raise to stop us."""
        self._wiki = wiki
        self._ledger = ledger
        self._stop = stop
        self._link = link
        self._tell = tell
        self._renew = renew
        self._look = look

    def publish(
        self, wanted: Sequence[Wanted], budget: int, outcome: Outcome | None = None
    ) -> Outcome:
        """Try to save up to *budget* pages in all; *outcome* knows what was saved even if this raises.

        Raises:
            Stopped, Interrupted: somebody stopped the bot; what was saved is noted.
            WikiError: the wiki cannot be used any more.

        """
        outcome = Outcome() if outcome is None else outcome
        known = self._ledger.notes.recall(REFUSED) or 0
        ahead = sorted((one for one in wanted if not one.patient), key=lambda one: not one.now)
        rest = [one for one in wanted if one.patient]
        start = known % max(1, len(rest))
        wanted = [*ahead, *rest[start:], *rest[:start]]
        row = 0
        # Refused ones are counted apart: they keep nobody waiting, and are no flood either.
        refused = {True: 0, False: 0}
        for one, page in progress(self._read(wanted), "publishing", total=len(wanted)):
            over = max(outcome.spent, refused[one.patient]) >= budget
            if not one.now and (over or (one.patient and row >= REFUSALS)):
                outcome.later += 1
                continue
            before = len(outcome.saved)
            if not self._may_publish(one, page, outcome):
                refused[one.patient] += not one.now
                row += one.patient
            elif len(outcome.saved) > before:
                outcome.spent += not one.now  # Those keep nobody else waiting.
                row = 0
        # Pages that are refused for ever keep no others waiting for ever. A small round, as most
        # hourly ones are, says nothing of those that the whole one refused.
        vain = outcome.later and row >= min(REFUSALS, budget) > 0
        last = start + refused[True] if vain else 0
        if last != known and (vain or (outcome.later and len(rest) > known)):
            self._ledger.notes.remember(REFUSED, last)
        return outcome

    def _may_publish(self, one: Wanted, page: PageText, outcome: Outcome) -> bool:
        """Publish a page; False if the wiki refused it."""
        try:
            self._publish_one(one, page, outcome)
        except SaveRefused as error:
            outcome.refused.append((one.title, str(error)))
            return False
        return True

    def _read(self, wanted: Sequence[Wanted]) -> Iterator[tuple[Wanted, PageText]]:
        """Each page with what stands there now; many are read at once."""
        for batch in batches(wanted, BATCH):
            texts = {page.title: page for page in self._wiki.texts([one.title for one in batch])}
            yield from ((one, texts[one.title]) for one in batch)

    def _publish_one(self, one: Wanted, page: PageText, outcome: Outcome) -> None:
        for attempt in range(TRIES):
            if _stands(one, page) or (one.gone and not page.exists):
                self._note(one, page.revision)
                return
            self._look()
            self._stop.before_edit()
            self._renew()
            if not page.exists:  # A death before it is noted must not make us forget it.
                self._ledger.notes.published(Published(one.title))
            try:
                summary = message(one.why, self._link, language=self._wiki.language)
                revision = self._wiki.save(one.title, dumps(one.value), summary, page.revision)
            except EditConflict:
                if attempt == TRIES - 1:
                    raise
                (page,) = self._wiki.texts([one.title])
                continue
            outcome.saved.append(one.title)
            self._tell(f"saved {_spoken(one.title)}")
            self._note(one, revision)
            return

    def _note(self, one: Wanted, revision: int) -> None:
        if one.gone:
            self._ledger.notes.withdrawn([one.title])
        else:
            self._ledger.notes.published(Published(one.title, digest_of(one.value), revision))


def _stands(one: Wanted, page: PageText) -> bool:
    """Whether the page is as it should be: with the same text as another model it is no data."""
    return page.model in ("", MODEL) and loads(page.text) == one.value


def _spoken(title: str) -> str:
    """A title for the log, which names nobody: it may be kept longer than they stay."""
    start, people, rest = title.partition("/people/")
    return f"{start}{people}… ({'work' if '/' in rest else 'data'} page)" if people else title
