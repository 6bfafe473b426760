"""What a round needs from the wiki, as small frozen values and one protocol."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from wikitext.history import Revision


@dataclass(frozen=True, slots=True)
class PageInfo:
    """A page without its text. ``revision`` is 0 where the page does not exist."""

    title: str
    revision: int

    @property
    def exists(self) -> bool:
        """Missing is not blank: whoever mistakes one for the other opts everybody out."""
        return self.revision > 0


@dataclass(frozen=True, slots=True)
class PageText(PageInfo):
    """A page with its text (``""`` where it does not exist; so ask ``exists`` first).

    ``model`` is its content model as the wiki names it, ``""`` where that is not known.
    """

    text: str
    model: str = ""


@dataclass(frozen=True, slots=True)
class WikiUser:
    """An account on the wiki: its id here, its central id (minus the local one without CentralAuth), its name."""

    id: int
    central: int
    name: str


@dataclass(frozen=True, slots=True)
class LogReading:
    """What a log of the wiki told of accounts: how many events there were, and every name in them.

    ``until`` is the moment, by the wiki's clock, up to which it was read; ``more``: there is more after it.
    """

    events: int
    words: frozenset[str]
    until: datetime
    more: bool = False


@dataclass(frozen=True, slots=True)
class PageState:
    """What a page is, and whether we may save it; of a page that is missing: what it would be.

    ``level`` is the wiki's word for who may edit it at all, ``""``: it is not protected.
    """

    model: str
    editable: bool
    level: str = ""


@dataclass(frozen=True, slots=True)
class PastText:
    """A revision of a page: the name of who saved it, their summary (``""``: not to be seen), its text."""

    user: str
    summary: str
    text: str


class Wiki(Protocol):
    """The wiki as a round sees it. Every method raises WikiError."""

    bot: str
    """The account that edits, without its namespace."""

    @property
    def many(self) -> int:
        """How many accounts may be asked about by id in one request."""

    @property
    def account_logs(self) -> tuple[str, ...]:
        """The logs that tell here of renames and, where there are central accounts, of locks."""

    @property
    def language(self) -> str:
        """The language of the wiki's content, as far as ``check`` has told; else English."""

    def check(self) -> str:
        """Make sure that we may work here; return a name for this wiki that never changes."""

    def info(self, titles: Iterable[str]) -> Mapping[str, PageInfo]:
        """Say of each page whether it exists and in which revision, in one request."""

    def texts(self, titles: Iterable[str]) -> Iterator[PageText]:
        """Read pages, fifty a request."""

    def revisions(self, title: str, after: int, since: datetime | None) -> Iterator[Revision]:
        """The revisions of a page with a number above *after* and not before *since*, oldest first.

        One at a time: together they may be larger than memory.
        """

    def users(self, names: Iterable[str]) -> Mapping[str, WikiUser]:
        """Look up accounts by the names as they were asked; who does not exist is left out."""

    def users_with(self, ids: Iterable[int]) -> Mapping[int, WikiUser]:
        """Look up accounts by their ids here; who does not exist is left out."""

    def groups_of(self, ids: Iterable[int]) -> Mapping[int, frozenset[str]]:
        """The groups that accounts are in today, by their ids here; who does not exist is left out."""

    def bears_since(self, user: WikiUser, day: date) -> bool:
        """Whether this account has borne its name since *day* at least; False where that is not known."""

    def closed(self, users: Iterable[WikiUser]) -> frozenset[int]:
        """The central ids of those whose central account is locked or hidden.

        Nobody's where the wiki has no central accounts. A block here is no lock.
        """

    def read_log(self, log: str, since: datetime | None) -> LogReading | None:
        """What a log tells since a moment (None: nothing but what time it is); None where there is none.

        Of very many events the first few thousand, ``until`` the last of them.
        """

    def pages_below(self, title: str) -> Iterator[str]:
        """The titles of all pages below *title*, redirects too."""

    def user_page_urls(self, name: str) -> tuple[str, ...]:
        """The ways to write the address of an account's user page here."""

    def save(self, title: str, text: str, summary: str, base: int) -> int:
        """Save a page over revision *base* (0: create it); return the revision that now stands.

        Raises:
            EditConflict: somebody was faster.
            SaveRefused: this page cannot be saved; others may.

        """


class KitWiki(Wiki, Protocol):
    """The wiki as ``publish`` sees it, under the operator's account. Every method raises WikiError."""

    rights: frozenset[str]
    """The rights of the account, as the wiki names them; known after ``check``."""

    extensions: frozenset[str]
    """The extensions of the wiki, as it names them; known after ``check``."""

    def states(self, titles: Iterable[str]) -> Mapping[str, PageState]:
        """The content model of each page, whether we may save it, its protection; fifty a request."""

    def past(self, title: str) -> Iterable[PastText]:
        """The newest fifty revisions of a page, newest first, in one request; hidden texts are left out."""

    def save(self, title: str, text: str, summary: str, base: int, model: str = "") -> int:
        """See ``Wiki``; *model* is the content model that the page gets (``""``: it keeps its own)."""


class TalkingWiki(Wiki, Protocol):
    """The wiki as the running bot sees it: it may tell the operator of trouble."""

    def has_messages(self) -> bool:
        """Whether our talk page has messages that we did not read."""

    def tell(self, operator: str, heading: str, text: str) -> None:
        """Add a section to the operator's talk page, and touch nothing else.

        Raises:
            SaveRefused: this is not the operator that the settings name, or the page cannot be saved.

        """


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What the wiki says of the account that is logged in. ``limited``: its edits a minute are."""

    name: str
    rights: frozenset[str]
    groups: frozenset[str]
    limited: bool = False
    blocked: bool = False
    messages: bool = False


class InspectedWiki(KitWiki, Protocol):
    """The wiki as ``doctor`` and ``status`` see it; it saves nothing. Every method raises WikiError."""

    @property
    def version(self) -> str:
        """What runs there ("MediaWiki 1.39.1"); known after ``check``."""

    def account(self) -> AccountFacts:
        """The account that is logged in."""

    def unprotected(self, titles: Iterable[str]) -> frozenset[str]:
        """Those of the pages that exist and that everybody may edit."""
