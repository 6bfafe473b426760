"""Merged changes from Gerrit.

Facts: https://gerrit-review.googlesource.com/Documentation/rest-api-changes.html and
https://gerrit-review.googlesource.com/Documentation/user-search.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from scoring.model import Change
from sources.batch import batches
from sources.changeinfo import BOTS, parse_changes, parse_words
from sources.gerrit_accounts import Accounts
from sources.gerritapi import GerritApi, second
from sources.http import Client
from sources.port import Account
from sources.shape import Shape, find

__all__ = ["Gerrit", "parse_changes"]

BATCH = 50
"""How many tasks or changes one query names: the address stays below 2 kB."""

NAMES = 20
"""How many changes one query names by all their names: the address stays below 5 kB."""

LOOKED_AT = 20
"""How many changes are looked at for a word; others may have written it on many."""

OPTIONS = (
    "CURRENT_REVISION",
    "CURRENT_COMMIT",
    "CURRENT_FILES",
    "DETAILED_ACCOUNTS",
    "LABELS",
    "MESSAGES",
)

REMEMBERED = 50_000
"""Of more changes it is not kept how a message may call them, some 20 MiB: it is asked anew."""

_SHAPE = Shape("Gerrit")
_CODE = re.compile(r"[A-Za-z0-9-]{1,80}")


class Gerrit:
    """The public changes of the server at *url* (such as ``https://…/r``); a ChangeSource.

    *page* is how many rows one request asks for (anonymous callers get at most 500), *bots* are
    names of automatic accounts, in lower case.
    """

    name = "gerrit"
    missing: tuple[str, ...] = ()

    def __init__(
        self, url: str, client: Client, *, page: int = 250, bots: frozenset[str] = BOTS
    ) -> None:
        self._api = GerritApi(url, client, page)
        self._accounts = Accounts(self._api)
        self._bots = bots
        self._named: dict[str, tuple[str, str]] = {}  # commit and Change-Id, by key

    def merged_since(self, start: datetime) -> Iterator[Change]:
        """Yield every public change merged at or after *start*. Raises SourceError."""
        return self._changes(f'status:merged mergedafter:"{second(start)}"')

    def merged_by(self, account: str) -> Iterator[Change]:
        """Yield the whole merged history of the account ``gerrit:<number>``. Raises SourceError.

        What it owns, and what others uploaded that it wrote or had a part in.
        """
        if len(self._named) > REMEMBERED:
            self._named.clear()
        number = _number(account)
        address = self._accounts.address_of(number)
        its = f"owner:{number}"
        if address:
            its = f'({its} OR author:"{address}" OR message:"{address}")'
        found = self._changes(f"status:merged {its}")
        return (change for change in found if account in change.authors)

    def reviewed_by(self, account: str) -> Iterator[Change]:
        """Yield the merged changes of others that the account ``gerrit:<number>`` voted on.

        The votes that stood when the change was merged. Raises SourceError.
        """
        number = _number(account)
        voted = f"label:Code-Review=ANY,user={number}"
        found = self._changes(f"status:merged {voted} -owner:{number}")
        return (change for change in found if account in change.reviewers)

    def merged_for(self, tasks: Iterable[int]) -> Iterator[Change]:
        """Yield every merged change that names one of *tasks*. Raises SourceError."""
        return self._any_of([f"bug:T{task}" for task in sorted(set(tasks))], BATCH)

    def merged(self, keys: Iterable[str]) -> Iterator[Change]:
        """Yield the merged changes of these keys as they are now; who is gone is left out.

        Raises SourceError.
        """
        wanted = frozenset(keys)
        terms = [f"change:{number}" for number in sorted(set(map(_of_key, wanted)))]
        return (change for change in self._any_of(terms, BATCH) if change.key in wanted)

    def reverts_of(self, keys: Iterable[str]) -> Iterator[Change]:
        """Yield the merged changes that take back one of *keys*. Raises SourceError.

        Those made with Gerrit's own button, and those that say so in their message.
        """
        asked = sorted(set(keys), key=_of_key)
        for _ in self.merged(key for key in asked if key not in self._named):
            pass  # _changes keeps what a message may call them
        terms = [self._revert_terms(key) for key in asked]
        wanted = {name for key in asked for name in (key, *self._named.get(key, ())) if name}
        for change in self._any_of(terms, NAMES):
            if change.reverts in wanted:
                yield change

    def account_named(self, name: str, login: str = "") -> Account | None:
        """The one human account with exactly this name (LDAP cn), None if there is none.

        Where *login* is given and accounts show their user names, that decides instead.
        """
        return self._accounts.named(name, login)

    def posted(self, name: str, words: Iterable[str]) -> tuple[Account, str] | None:
        """The account called *name* and the first of *words* that it wrote on a change of its own.

        Each alone on its line, in a comment or a review. Raises SourceError.
        """
        wanted = [word for word in words if _CODE.fullmatch(word)]
        account = self._accounts.named(name) if wanted else None
        if account is None:
            return None
        said: set[str] = set()
        number = _number(account.key)
        for batch in batches(wanted, BATCH):
            terms = " OR ".join(f'comment:"{word}"' for word in batch)
            for row in self._api.first(f"owner:{number} ({terms})", ("MESSAGES",))[:LOOKED_AT]:
                said |= self._words(row, number, frozenset(batch))
        return next(((account, word) for word in wanted if word in said), None)

    def _words(self, row: object, number: int, wanted: frozenset[str]) -> set[str]:
        """Which of *wanted* the owner wrote on its change; inline comments are asked for last."""
        if find(row, "owner", "_account_id") != number or find(row, "is_private"):
            return set()
        said = parse_words(_SHAPE.rows(row, "messages"), number) & wanted
        if not said:
            comments = self._api.comments(_SHAPE.number(row, "_number"))
            said = parse_words(comments, number) & wanted
        return said

    def _revert_terms(self, key: str) -> str:
        commit, change_id = self._named.get(key, ("", ""))
        terms = [f"revertof:{_of_key(key)}"]
        terms += [f'message:"reverts commit {commit}"'] if commit else []
        terms += [f'message:"reverts change {change_id}"'] if change_id else []
        return " OR ".join(terms)

    def _any_of(self, terms: list[str], size: int) -> Iterator[Change]:
        seen: set[str] = set()
        for batch in batches(terms, size):
            for change in self._changes(f"({' OR '.join(batch)}) status:merged"):
                if change.key not in seen:
                    seen.add(change.key)
                    yield change

    def _changes(self, query: str) -> Iterator[Change]:
        rows = self._api.changes(query, OPTIONS)
        for change in parse_changes(rows, self._bots, self._accounts.with_address):
            self._named[change.key] = (change.commit, change.change_id)
            yield change


def _number(account: str) -> int:
    return int(account.removeprefix("gerrit:"))


def _of_key(key: str) -> int:
    return int(key.rpartition("~")[2])
