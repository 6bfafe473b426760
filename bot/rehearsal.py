"""Wikis that change nothing: a real one seen through glass, and one that exists in memory only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from bot.errors import EditConflict
from bot.ports import LogReading, PageInfo, PageText, Wiki, WikiUser
from wikitext.history import Revision
from wikitext.words import ENGLISH


class Rehearsal:
    """A wiki that is read as it is; what would be saved is kept here."""

    def __init__(self, wiki: Wiki) -> None:
        self._wiki = wiki
        self.bot = wiki.bot
        self.saved: dict[str, tuple[str, str]] = {}
        """Titles with the text and the summary they would have been saved with."""

    @property
    def language(self) -> str:
        """See ``bot.ports.Wiki``."""
        return self._wiki.language

    def check(self) -> str:
        """See ``bot.ports.Wiki``."""
        return self._wiki.check()

    def info(self, titles: Iterable[str]) -> Mapping[str, PageInfo]:
        """See ``bot.ports.Wiki``."""
        return self._wiki.info(titles)

    def texts(self, titles: Iterable[str]) -> Iterator[PageText]:
        """See ``bot.ports.Wiki``."""
        return self._wiki.texts(titles)

    def revisions(self, title: str, after: int, since: datetime | None) -> Iterator[Revision]:
        """See ``bot.ports.Wiki``."""
        return self._wiki.revisions(title, after, since)

    def users(self, names: Iterable[str]) -> Mapping[str, WikiUser]:
        """See ``bot.ports.Wiki``."""
        return self._wiki.users(names)

    def users_with(self, ids: Iterable[int]) -> Mapping[int, WikiUser]:
        """See ``bot.ports.Wiki``."""
        return self._wiki.users_with(ids)

    def bears_since(self, user: WikiUser, day: date) -> bool:
        """See ``bot.ports.Wiki``."""
        return self._wiki.bears_since(user, day)

    def closed(self, users: Iterable[WikiUser]) -> frozenset[int]:
        """See ``bot.ports.Wiki``."""
        return self._wiki.closed(users)

    @property
    def many(self) -> int:
        """See ``bot.ports.Wiki``."""
        return self._wiki.many

    @property
    def account_logs(self) -> tuple[str, ...]:
        """See ``bot.ports.Wiki``."""
        return self._wiki.account_logs

    def read_log(self, log: str, since: datetime | None) -> LogReading | None:
        """See ``bot.ports.Wiki``."""
        return self._wiki.read_log(log, since)

    def pages_below(self, title: str) -> Iterator[str]:
        """See ``bot.ports.Wiki``."""
        return self._wiki.pages_below(title)

    def user_page_urls(self, name: str) -> tuple[str, ...]:
        """See ``bot.ports.Wiki``."""
        return self._wiki.user_page_urls(name)

    def groups_of(self, ids: Iterable[int]) -> Mapping[int, frozenset[str]]:
        """See ``bot.ports.Wiki``."""
        return self._wiki.groups_of(ids)

    def save(self, title: str, text: str, summary: str, base: int) -> int:
        """Keep what would have been saved."""
        self.saved[title] = (text, summary)
        return base


@dataclass
class MemoryWiki:
    """A wiki of pages in memory, for the sample and for tests: revisions, accounts, conflicts.

    It knows no rights, filters or rendering; those are tried on a real MediaWiki.
    """

    bot: str = "BadgeBot"
    language: str = ENGLISH
    accounts: dict[str, int] = field(default_factory=dict)
    groups: dict[str, set[str]] = field(default_factory=dict)
    """The groups of accounts, by their names."""
    pages: dict[str, list[Revision]] = field(default_factory=dict)
    edits: list[tuple[str, str]] = field(default_factory=list)
    """Titles and summaries of what the bot saved."""
    named: dict[str, date] = field(default_factory=dict)
    """Since when accounts bear their names; those not in it always did."""
    locked: set[str] = field(default_factory=set)
    asked: Counter[str] = field(default_factory=Counter)
    """How often the wiki was asked about single people."""
    many: int = 50
    account_logs: tuple[str, ...] = ("renameuser",)
    logged: dict[str, list[tuple[datetime, frozenset[str]]]] = field(default_factory=dict)
    """The events of each log there is: when, and the names in it."""
    _last: int = 0
    _now: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def edit(self, title: str, text: str, user: str, at: datetime | None = None) -> int:
        """Let *user* (made on first use) save a page; return the revision."""
        self._last += 1
        moment = self._now = at or self._now + timedelta(minutes=1)
        number = self.accounts.setdefault(user, len(self.accounts) + 1)
        self.pages.setdefault(title, []).append(Revision(self._last, number, moment, text))
        return self._last

    def text(self, title: str) -> str:
        """What the page says now."""
        return self.pages[title][-1].text or ""

    def check(self) -> str:
        """See ``bot.ports.Wiki``."""
        return "a wiki in memory"

    def info(self, titles: Iterable[str]) -> Mapping[str, PageInfo]:
        """See ``bot.ports.Wiki``."""
        return {title: PageInfo(title, self._newest(title)) for title in titles}

    def texts(self, titles: Iterable[str]) -> Iterator[PageText]:
        """See ``bot.ports.Wiki``."""
        for title in titles:
            number = self._newest(title)
            yield PageText(title, number, self.text(title) if number else "")

    def revisions(self, title: str, after: int, since: datetime | None) -> Iterator[Revision]:
        """See ``bot.ports.Wiki``."""
        young = (one for one in self.pages.get(title, []) if one.id > after)
        return (one for one in young if since is None or one.at >= since)

    def users(self, names: Iterable[str]) -> Mapping[str, WikiUser]:
        """See ``bot.ports.Wiki``."""
        known = {name: self.accounts[name] for name in names if name in self.accounts}
        return {name: WikiUser(number, -number, name) for name, number in known.items()}

    def users_with(self, ids: Iterable[int]) -> Mapping[int, WikiUser]:
        """See ``bot.ports.Wiki``."""
        known = {number: name for name, number in self.accounts.items()}
        return {n: WikiUser(n, -n, known[n]) for n in ids if n in known}

    def bears_since(self, user: WikiUser, day: date) -> bool:
        """See ``bot.ports.Wiki``."""
        self.asked["name"] += 1
        return user.name not in self.named or self.named[user.name] <= day

    def closed(self, users: Iterable[WikiUser]) -> frozenset[int]:
        """See ``bot.ports.Wiki``."""
        return frozenset(one.central for one in users if one.name in self.locked)

    def read_log(self, log: str, since: datetime | None) -> LogReading | None:
        """See ``bot.ports.Wiki``."""
        if log not in self.logged:
            return None
        found = [words for at, words in self.logged[log] if since is not None and at >= since]
        return LogReading(len(found), frozenset().union(*found), self._now)

    def pages_below(self, title: str) -> Iterator[str]:
        """See ``bot.ports.Wiki``."""
        return (one for one in sorted(self.pages) if one.startswith(f"{title}/"))

    def user_page_urls(self, name: str) -> tuple[str, ...]:
        """See ``bot.ports.Wiki``."""
        return (f"https://wiki.example/wiki/User:{name.replace(' ', '_')}",)

    def groups_of(self, ids: Iterable[int]) -> Mapping[int, frozenset[str]]:
        """See ``bot.ports.Wiki``."""
        known = {number: name for name, number in self.accounts.items()}
        return {n: frozenset(self.groups.get(known[n], ())) for n in ids if n in known}

    def save(self, title: str, text: str, summary: str, base: int) -> int:
        """See ``bot.ports.Wiki``."""
        if base != self._newest(title):
            raise EditConflict(f"[[{title}]]: somebody was faster.")
        self.edits.append((title, summary))
        return self.edit(title, text, self.bot)

    def _newest(self, title: str) -> int:
        revisions = self.pages.get(title)
        return revisions[-1].id if revisions else 0
