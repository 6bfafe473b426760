"""Code that lies on a wiki itself: gadgets, modules, templates, people's own scripts.

An edit is a change there; ``sources.contributions`` says which edits are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime

from scoring.model import Change
from sources.batch import batches
from sources.contributions import (
    SPACES,
    Edit,
    Revision,
    account_key,
    as_written,
    is_substantial,
    parse_changes,
    parse_contributions,
    parse_recent,
    parse_revisions,
)
from sources.http import Client
from sources.mediawiki import HARMLESS, MediaWiki
from sources.port import Account
from sources.shape import Shape, find
from sources.usage import Usage

SUBSTANTIAL = 200
"""Bytes by which an edit must make a page longer or shorter; a new page must have as many."""

BATCH = 50
"""How many pages or revisions one question names: more is for bots."""

PROPERTIES = "ids|title|timestamp|user|userid|comment|flags|sizes|sha1"
"""Names serve to tell one's own pages from others', summaries to find tasks; neither is kept."""

# A namespace that a wiki has not is a warning; the others are still asked for, and every filter is
# checked again on the answer.
_SPACES = "|".join(map(str, SPACES))
_HARMLESS = HARMLESS | {"recentchanges", "usercontribs"}


class OnWiki:
    """The code of one wiki: its ``api.php`` is at *url*, *wiki* its database name.

    *substantial* is the number of bytes from which an edit counts. Recent changes reach back 30 to
    90 days only: whoever was away for longer reads the accounts' histories instead.
    """

    def __init__(
        self, url: str, client: Client, wiki: str, *, substantial: int = SUBSTANTIAL
    ) -> None:
        self.wiki = wiki
        self.name = f"onwiki {wiki}"
        self._api = MediaWiki(url, client, harmless=_HARMLESS)
        self._shape = Shape(client.source)
        self._substantial = substantial
        self._usage = Usage(self._api, self._shape)

    def merged_since(self, start: datetime) -> Iterator[Change]:
        """Yield every substantial edit made at or after *start*, without usage. Raises SourceError.

        One request where nothing is new; ``with_usage`` adds how much each page is used.
        """
        answers = self._api.query(
            list="recentchanges",
            rcdir="newer",
            rcstart=f"{start.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            rcnamespace=_SPACES,
            rctype="edit|new",
            rcshow="!bot|!minor|!anon",
            rcprop=PROPERTIES,
            rclimit="max",
        )
        return self._changes(self._edits(answers, "recentchanges", parse_recent))

    def merged_by(self, account: str) -> Iterator[Change]:
        """Yield every substantial edit of the account ``onwiki:<wiki>:<local id>``, with usage.

        An account of another wiki has none here. Raises SourceError.
        """
        wiki, _, user = account.removeprefix("onwiki:").rpartition(":")
        if wiki != self.wiki:
            return
        answers = self._api.query(
            list="usercontribs",
            ucuserids=int(user),
            ucdir="newer",
            ucnamespace=_SPACES,
            ucshow="!minor",
            ucprop="ids|title|timestamp|comment|flags|size|sizediff",
            uclimit="max",
        )
        edits = as_written(self._edits(answers, "usercontribs", parse_contributions))
        yield from self.with_usage(self._changes(edits))

    def with_usage(self, changes: Iterable[Change]) -> Iterator[Change]:
        """Yield the same changes with how many pages or people use what they made.

        500 stands for "at least 500"; None where the wiki cannot tell. Raises SourceError.
        """
        waiting = list(changes)
        uses = self._usage.of(sorted({one.subject for one in waiting}))
        yield from (one._replace(usage=uses.get(one.subject)) for one in waiting)

    def standing(self, keys: Iterable[str]) -> Iterator[str]:
        """Yield those of *keys* whose edits still stand: not reverted, hidden or deleted since."""
        numbers = sorted({int(key.rpartition(":")[2]) for key in keys if self._is_here(key)})
        for revision in self._revisions(numbers):
            if "mw-reverted" not in revision.tags:
                yield f"{self.wiki}:{revision.number}"

    def account_of(self, name: str, central: int) -> Account | None:
        """The account called exactly *name*, if *central* is its central id. Raises SourceError.

        On a wiki without CentralAuth that is its own id, negative.
        """
        if not name or set(name) & set("|\x1f"):
            return None
        answers = self._api.query(list="users", ususers=name, usprop="centralids")
        rows = [row for answer in answers for row in self._shape.rows(answer, "users")]
        for row in rows:
            local = self._shape.optional_number(row, "userid")
            if local and find(row, "name") == name and self._central(row, local) == central:
                return Account(account_key(self.wiki, local), name)
        return None

    def _central(self, row: object, local: int) -> int:
        # Without an id an account is not joined to the central one, be the names alike.
        found = self._shape.fields(row, "centralids")
        if "CentralAuth" not in found:
            return -local
        attached = find(row, "attachedlocal", "CentralAuth") is not False
        return (self._shape.optional_number(found, "CentralAuth") or 0) if attached else 0

    def _edits(
        self,
        answers: Iterable[Mapping[str, object]],
        field: str,
        parse: Callable[[Iterable[object], Shape], Iterator[Edit]],
    ) -> Iterator[Edit]:
        for answer in answers:
            yield from parse(self._shape.rows(answer, field), self._shape)

    def _changes(self, edits: Iterable[Edit]) -> Iterator[Change]:
        return parse_changes(self._looked_at_again(edits), self.wiki)

    def _looked_at_again(self, edits: Iterable[Edit]) -> Iterator[tuple[Edit, Revision]]:
        """Pair each substantial edit with what it is today; what is gone or hidden has no pair."""
        seen: set[int] = set()
        fresh = (one for one in edits if is_substantial(one, self._substantial))
        for batch in batches(fresh, BATCH):
            found = {one.number: one for one in self._revisions(edit.number for edit in batch)}
            for edit in batch:
                if edit.number in found and edit.number not in seen:
                    seen.add(edit.number)
                    yield edit, found[edit.number]

    def _revisions(self, numbers: Iterable[int]) -> Iterator[Revision]:
        for batch in batches(numbers, BATCH):
            answers = self._api.query(
                prop="revisions",
                revids="|".join(map(str, batch)),
                # Names and summaries only to hear that they are hidden.
                rvprop="ids|userid|comment|sha1|tags|contentmodel",
                rvslots="main",
            )
            for answer in answers:
                # Nothing but numbers that are no more: then there are no pages.
                pages = self._shape.rows(answer, "pages") if "pages" in answer else ()
                yield from parse_revisions(pages, self._shape)

    def _is_here(self, key: str) -> bool:
        return key.rpartition(":")[0] == self.wiki
