"""Merged changes from GitLab.

Facts: https://docs.gitlab.com/ee/api/graphql/reference/ and
https://docs.gitlab.com/ee/api/merge_requests.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from scoring.model import Change
from sources.gitlabapi import GitlabApi, nodes, public_places
from sources.graphql import NotKnown
from sources.http import Client
from sources.mergerequests import BOTS, LIGHT, is_bot, parse_merge_request
from sources.patches import parse_moment, posted_word
from sources.port import Account, SourceRefused
from sources.shape import Shape, find

__all__ = ["Gitlab", "parse_merge_request"]

PROFILE = (
    "bio",
    "website_url",
    "location",
    "organization",
    "job_title",
    "pronouns",
    "linkedin",
    "twitter",
    "discord",
    "github",
    "mastodon",
)
"""What an account writes about itself, and nobody else."""

_SHAPE = Shape("GitLab")


class Gitlab:
    """The public merge requests below *groups* of the server at *url*; a ChangeSource.

    *groups* are full paths, subgroups included. Without *token* everything public is still read,
    but perhaps no profile. It should be that of an account that is a member of nothing: members
    see merge requests of public projects that others do not. *bots* are more usernames of
    automatic accounts. ``missing`` are the groups that the server did not show when last asked.
    """

    name = "gitlab"

    def __init__(
        self,
        url: str,
        client: Client,
        *,
        token: str = "",
        groups: tuple[str, ...] = ("repos", "toolforge-repos"),
        bots: frozenset[str] = frozenset(),
    ) -> None:
        self._client = client
        self._groups = groups
        self._bots = BOTS | {name.casefold() for name in bots}
        self._api = GitlabApi(url, client, token, self._bots)
        self._since = "mergedAfter"
        self.missing: tuple[str, ...] = ()

    def merged_since(self, start: datetime) -> Iterator[Change]:
        """Yield every public change merged at or after *start*. Raises SourceError."""
        self.missing = ()
        rows = (row for group in self._groups for row in self._listed_since(group, start))
        # For us to check: an older server lists whatever was touched since.
        return self._api.changes(public_places(row for row in rows if _is_merged(row, start)))

    def merged_by(self, account: str) -> Iterator[Change]:
        """Yield the whole merged history of ``gitlab:<number>``, below the groups."""
        for change in self._of_user("authoredMergeRequests", account):
            if account in change.authors:
                yield change

    def reviewed_by(self, account: str) -> Iterator[Change]:
        """Yield the changes of others that ``gitlab:<number>`` was asked to review and approved."""
        for change in self._of_user("reviewRequestedMergeRequests", account):
            if account in change.reviewers:
                yield change

    def merged_for(self, tasks: Iterable[int]) -> Iterator[Change]:
        """Yield every merged change that names one of *tasks*. Raises SourceError.

        Found by title and description: one that names its task in a commit message alone comes
        by ``merged_since`` and ``merged_by`` only. One request a task and group.
        """
        wanted = frozenset(tasks)
        places = (
            place
            for group in self._groups
            for task in sorted(wanted)
            for place in self._api.found(
                f"groups/{quote(group, '')}", f"T{task}", "title,description"
            )
        )
        for change in self._api.changes(places):
            if not wanted.isdisjoint(change.tasks):
                yield change

    def merged(self, keys: Iterable[str]) -> Iterator[Change]:
        """Yield the merged changes of these keys as they are now. Raises SourceError."""
        parts = (key.rpartition("!") for key in keys)
        return self._api.changes((project, number) for project, mark, number in parts if mark)

    def reverts_of(self, keys: Iterable[str]) -> Iterator[Change]:
        """Yield the merged changes of the same projects that say they take back one of *keys*."""
        wanted = frozenset(key for key in keys if "!" in key)
        projects = sorted({key.rpartition("!")[0] for key in wanted})
        places = (
            place
            for project in projects
            for place in self._api.found(
                f"projects/{quote(project, '')}", "reverts merge request", "description"
            )
        )
        for change in self._api.changes(places):
            if change.reverts in wanted:
                yield change

    def account_named(self, name: str, login: str = "") -> Account | None:
        """The account of the developer *name* whose shell name is *login*, None if there is none.

        Username and display name must both be theirs: either can be changed by its bearer.
        """
        row = self._user(login)
        if row is None or _SHAPE.optional_text(row, "name") != name:
            return None
        return _account(row)

    def posted(self, name: str, words: Iterable[str]) -> tuple[Account, str] | None:
        """The account called *name* and the first of *words* that is a field of its profile.

        Or a line of one that has several. Raises SourceError.
        """
        row = self._user(name)
        if row is None:
            return None
        account = _account(row)
        word = posted_word(self._profile(_SHAPE.id(row, "id")), words)
        return (account, word) if word else None

    def _listed_since(self, group: str, start: datetime) -> Iterator[object]:
        try:
            yield from self._group_list(group, start)
            return
        except NotKnown:
            if self._since == "updatedAfter":
                raise
        # An older server: what was merged since was touched since.
        self._since = "updatedAfter"
        yield from self._group_list(group, start)

    def _group_list(self, group: str, start: datetime) -> Iterator[object]:
        # A second early: whether "after" means "at or after" is for us to say.
        since = (start.astimezone(UTC) - timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        query = f"""query($of: ID!, $since: Time!, $first: Int!, $after: String) {{
            of: group(fullPath: $of) {{ list: mergeRequests(state: merged, {self._since}: $since,
            includeSubgroups: true, sort: CREATED_DESC, first: $first, after: $after)
            {{ nodes {{ {LIGHT} }} pageInfo {{ hasNextPage endCursor }} }} }} }}"""
        for page in self._api.pages(query, {"of": group, "since": since}):
            if page is None:
                self.missing += (group,)
                return
            yield from nodes(page)

    def _of_user(self, field: str, account: str) -> Iterator[Change]:
        number = int(account.removeprefix("gitlab:"))
        query = f"""query($of: UserID!, $first: Int!, $after: String) {{
            of: user(id: $of) {{ list: {field}(state: merged,
            sort: CREATED_DESC, first: $first, after: $after)
            {{ nodes {{ {LIGHT} }} pageInfo {{ hasNextPage endCursor }} }} }} }}"""
        pages = self._api.pages(query, {"of": f"gid://gitlab/User/{number}"})
        rows = (row for page in pages if page is not None for row in nodes(page))
        places = public_places(rows)
        below = tuple(f"{group}/" for group in self._groups)
        return self._api.changes(place for place in places if place[0].startswith(below))

    def _user(self, login: str) -> object:
        """The row of the active, human user with exactly this username, None if there is none."""
        if not (login and login.isprintable() and len(login) <= 255):
            return None
        for row in _SHAPE.rows(self._api.get("users", [("username", login)]).data):
            exact = _SHAPE.text(row, "username") == login
            if exact and find(row, "state") == "active" and not is_bot(row, self._bots):
                return row
        return None

    def _profile(self, number: int) -> str:
        refused = False
        try:
            row = self._api.get(f"users/{number}").data
        except SourceRefused:
            refused = True
        if refused:
            return self._bio(number)
        return "\n".join(_SHAPE.optional_text(row, field) for field in PROFILE)

    def _bio(self, number: int) -> str:
        """What GitLab shows of a profile to those whom it does not know."""
        user = f"gid://gitlab/User/{number}"
        with suppress(NotKnown):
            data = self._api.graphql.ask(
                "query($of: UserID!) { of: user(id: $of) { bio } }", {"of": user}
            )
            return _SHAPE.optional_text(data.data, "of", "bio")
        return self._client.fail(
            SourceRefused, "shows no profiles without a token. Set BADGES_GITLAB_TOKEN."
        )


def _is_merged(row: object, since: datetime) -> bool:
    # The day of very old merges was not written down; their number was.
    _SHAPE.id(row, "iid")
    if find(row, "mergedAt") is None:
        return False
    return parse_moment(_SHAPE, row, "mergedAt") >= since.replace(microsecond=0)


def _account(row: object) -> Account:
    name = _SHAPE.optional_text(row, "name")
    return Account(f"gitlab:{_SHAPE.id(row, 'id')}", name, _SHAPE.text(row, "username"))
