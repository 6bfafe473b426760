"""Which accounts of Phabricator belong to whom: links to other accounts, and profiles."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sources.batch import batches
from sources.conduit import Conduit, Rejected, Value
from sources.port import Account
from sources.shape import Shape

BATCH = 100
"""The most users that one look-up gives."""

NOT_PEOPLE = frozenset({"disabled", "bot", "agent", "list"})
"""Roles: ``user.search`` says *bot* where the other methods say *agent*."""

USERNAME = re.compile(r"[A-Za-z0-9._-]{1,64}")

_SHAPE = Shape("Phabricator")


@dataclass(frozen=True, slots=True)
class User:
    """A user as ``user.search`` tells of them; *shown* is the text of their profile."""

    account: Account
    is_person: bool
    shown: str = ""


class Users:
    """The users of one server."""

    def __init__(self, conduit: Conduit) -> None:
        self._conduit = conduit

    def linked_to_wiki(self, names: Iterable[str]) -> dict[str, tuple[Account, ...]]:
        """Accounts linked to these wiki names, each with the day it was created."""
        linked = self._linked("user.mediawikiquery", "names", "mediawiki_username", names)
        keys = sorted({one.key for accounts in linked.values() for one in accounts})
        people = self._people(keys)
        dated = {
            name: tuple(replace(one, created=people[one.key]) for one in found if one.key in people)
            for name, found in linked.items()
        }
        return {name: found for name, found in dated.items() if found}

    def linked_to_developer(self, names: Iterable[str]) -> dict[str, tuple[Account, ...]]:
        """Accounts linked to these developer names."""
        return self._linked("user.ldapquery", "ldapnames", "ldap_username", names)

    def posted(self, name: str, words: Iterable[str]) -> tuple[Account, str] | None:
        """The account called *name* and the first of *words* that its profile shows."""
        wanted = [word for word in words if word]
        # A name that no account can have is a lookalike, or would be two names.
        if not wanted or not USERNAME.fullmatch(name):
            return None
        for user in self._search({"usernames": [name]}):
            if user.is_person and _same(user.account.name, name):
                word = next((word for word in wanted if word in user.shown), None)
                return None if word is None else (user.account, word)
        return None

    def _people(self, keys: list[str]) -> dict[str, date | None]:
        """When those of *keys* who are people were created."""
        found: dict[str, date | None] = {}
        for batch in batches(keys, BATCH):
            users = self._search({"phids": batch})
            found |= {user.account.key: user.account.created for user in users if user.is_person}
        return found

    def _search(self, constraints: Mapping[str, Value]) -> list[User]:
        asked: dict[str, Value] = {"constraints": constraints, "limit": BATCH}
        return list(parse_users(_SHAPE.rows(self._conduit.call("user.search", asked), "data")))

    def _linked(
        self, method: str, parameter: str, field: str, names: Iterable[str]
    ) -> dict[str, tuple[Account, ...]]:
        linked: dict[str, tuple[Account, ...]] = {}
        for batch in batches(sorted({name for name in names if _askable(name)}), BATCH):
            rows = list(self._look_up(method, parameter, batch))
            linked.update(parse_accounts(rows, field, batch))
        return linked

    def _look_up(self, method: str, parameter: str, names: list[str]) -> Iterator[object]:
        for offset in range(0, BATCH * BATCH, BATCH):
            try:
                asked: dict[str, Value] = {parameter: names, "limit": BATCH, "offset": offset}
                rows = _SHAPE.rows(self._conduit.call(method, asked))
            except Rejected as error:
                # "None of these names is known" comes as an error; some of them, does not.
                if not error.info.startswith("Unknown or missing"):
                    raise
                return
            yield from rows
            # The limit counts users, and one name may have several.
            if len(rows) < BATCH:
                return


def parse_accounts(
    rows: Iterable[object], field: str, names: Iterable[str]
) -> dict[str, tuple[Account, ...]]:
    """Understand a look-up: accounts by the name in *field*, where that is exactly one of *names*.

    The server's database decides what matches, and may take "Ángel" for "Angel"; we do not.
    Raises SourceChanged.
    """
    linked: dict[str, set[Account]] = {}
    wanted = frozenset(names)
    for row in rows:
        name = _SHAPE.text(row, field)
        account = Account(_SHAPE.text(row, "phid"), _SHAPE.text(row, "userName"))
        if name in wanted and _is_person(_SHAPE.rows(row, "roles")):
            linked.setdefault(name, set()).add(account)
    return {name: tuple(sorted(found, key=lambda a: a.key)) for name, found in linked.items()}


def parse_users(rows: Iterable[object]) -> Iterator[User]:
    """Understand the rows of ``user.search``. Raises SourceChanged."""
    for row in rows:
        created = _SHAPE.optional_day(row, "fields", "dateCreated")
        account = Account(
            _SHAPE.text(row, "phid"),
            _SHAPE.text(row, "fields", "username"),
            created=created or _SHAPE.wrong("a moment", "fields", "dateCreated"),
        )
        shown = _SHAPE.optional_text(row, "fields", "realName")
        yield User(account, _is_person(_SHAPE.rows(row, "fields", "roles")), shown)


def _same(name: str, asked: str) -> bool:
    """The server takes upper and lower case for the same, and so do we; nothing else."""
    return USERNAME.fullmatch(name) is not None and name.lower() == asked.lower()


def _is_person(roles: Iterable[object]) -> bool:
    return NOT_PEOPLE.isdisjoint(map(str, roles))


def _askable(name: str) -> bool:
    """Whether *name* can be anybody's; a broken one would spoil the answer for all the others."""
    broken = any(unicodedata.category(sign) in ("Cc", "Cs") for sign in name)
    return 0 < len(name) <= 255 and not broken
