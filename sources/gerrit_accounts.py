"""Whose account is it? Asked of Gerrit by name, by number and by address.

Facts: https://gerrit-review.googlesource.com/Documentation/user-search-accounts.html
"""

from __future__ import annotations

from collections.abc import Iterator

from sources.changeinfo import account_key, is_service
from sources.gerritapi import GerritApi, quotable
from sources.http import BadRequest, NoSuchPlace
from sources.port import Account, SourceRefused
from sources.shape import Shape, find

_SHAPE = Shape("Gerrit")
_ALL = "(is:active OR is:inactive)"


class Accounts:
    """The accounts of one server.

    Addresses are held in memory alone, each for the question whose it is. A server that lets
    nobody search accounts is asked once.
    """

    def __init__(self, api: GerritApi) -> None:
        self._api = api
        self._by_address: dict[str, object | None] = {}
        self._refused = False

    def named(self, name: str, login: str = "") -> Account | None:
        """The one human account with exactly this name, or with the user name *login*."""
        if not quotable(name) or (login and not quotable(login)):
            return None
        found = self._exact(self._search(_either(name, login)), name, login)
        if not found:
            # Not everywhere may everyone see accounts; a change names its owner all the same.
            found = self._exact(self._owners(login or name), name, login)
        if len(found) != 1:
            return None
        [(key, account)] = found.items()
        if is_service(account):
            return None
        shown, username = (_SHAPE.optional_text(account, part) for part in ("name", "username"))
        return Account(key, shown or name, username)

    def with_address(self, address: str) -> object | None:
        """The AccountInfo of the one account that shows this address, None if there is none."""
        address = address.casefold()
        if address not in self._by_address:
            found = []
            if quotable(address) and "@" in address:
                rows = self._search(f'email:"{address}"')
                found = [row for row in rows if _address(row).casefold() == address]
            self._by_address[address] = found[0] if len(found) == 1 else None
        return self._by_address[address]

    def address_of(self, number: int) -> str:
        """The address that an account shows, "" where it shows none."""
        rows = self._search(str(number))
        found = [_address(row) for row in rows if find(row, "_account_id") == number]
        return found[0] if found and quotable(found[0]) and "@" in found[0] else ""

    def _search(self, query: str) -> list[object]:
        if self._refused:
            return []
        try:
            return list(self._api.accounts(f"{query} {_ALL}"))
        except (BadRequest, NoSuchPlace, SourceRefused):
            self._refused = True
            return []

    def _owners(self, who: str) -> Iterator[object]:
        try:
            rows = self._api.first(f'owner:"{who}"', ("DETAILED_ACCOUNTS",))
        except BadRequest:
            return  # so says an older Gerrit of an owner it does not know
        for row in rows:
            yield _SHAPE.fields(row, "owner")

    def _exact(
        self, rows: Iterator[object] | list[object], name: str, login: str
    ) -> dict[str, object]:
        """Those who bear the name itself, by key; Gerrit finds beginnings and other letters too."""
        return {account_key(row): row for row in rows if _is(row, name, login)}


def _either(name: str, login: str) -> str:
    return f'(name:"{name}" OR username:"{login}")' if login else f'name:"{name}"'


def _is(row: object, name: str, login: str) -> bool:
    username = find(row, "username")
    if login and isinstance(username, str):
        # A user name never changes and is nobody else's; a name may be stale.
        return username.casefold() == login.casefold()
    return find(row, "name") == name


def _address(row: object) -> str:
    return _SHAPE.optional_text(row, "email")
