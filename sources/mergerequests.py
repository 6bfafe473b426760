"""Understand merged requests as GitLab tells them in its MergeRequest.

Shape: https://docs.gitlab.com/ee/api/graphql/reference/#mergerequest
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from scoring.model import Change, File
from sources.patches import (
    FILES,
    authors_of,
    is_translation,
    parse_moment,
    parse_taken_back,
    parse_tasks_aside,
    parse_tasks_claimed,
    safe_path,
)
from sources.shape import Shape, find

BOTS = frozenset({"l10n-bot", "translatewiki", "libraryupgrader", "jenkins-bot", "renovate-bot"})
"""Usernames of automatic accounts, in lower case, beside those that GitLab itself calls bots."""

GHOST = "gitlab:ghost"
"""Stands for an author whose account is no more; GitLab has a user called ghost for all of them."""

LIGHT = "iid mergedAt project { fullPath visibility }"
"""What a list asks of each merge request."""

LEAN = """
iid title description mergedAt targetBranch mergeCommitSha
author { id username bot } diffStatsSummary { additions deletions fileCount }
"""
"""What scoring cannot do without."""

OLDER = (
    LEAN
    + """
diffHeadSha diffStats { path additions deletions }
approvedBy(first: 20) { nodes { id username bot } }
commits(first: 50) { nodes { message author { id username bot } } }
"""
)
"""All but what an older server does not know."""

FULL = OLDER + "mergeUser { id username bot }"

_SHAPE = Shape("GitLab")
_ACCESS_BOT = re.compile(r"(?:project|group)_[0-9]+_bot", re.IGNORECASE)
_REVERTED = re.compile(
    r"^This reverts merge request ([\w.\-/]+)?!([1-9][0-9]{0,8})\b", re.MULTILINE
)
_ID = re.compile(r"gid://gitlab/[A-Za-z:]+/([0-9]{1,15})")


def parse_merge_request(row: object, project: str, bots: frozenset[str] = BOTS) -> Change | None:
    """Understand a MergeRequest of the public *project*; None if it is not merged.

    Asked with FULL, OLDER or LEAN. *bots* are usernames in lower case. Raises SourceChanged.
    """
    if find(row, "mergedAt") is None:
        return None
    title = _SHAPE.optional_text(row, "title")
    text = _SHAPE.optional_text(row, "description")
    commits = optional_nodes(row, "commits")
    messages = [_SHAPE.optional_text(commit, "message") for commit in commits]
    authors = _authors(row, commits, bots)
    files = _files(row)
    return Change(
        source="gitlab",
        project=project,
        number=_SHAPE.id(row, "iid"),
        merged=parse_moment(_SHAPE, row, "mergedAt"),
        authors=authors,
        tasks=parse_tasks_claimed(title, text, messages),
        aside=parse_tasks_aside(title, text, messages),
        files=tuple(sorted(files, key=lambda file: file.path)[:FILES]),
        files_count=_total(row, "fileCount", len(files)),
        inserted=_total(row, "additions", sum(file.inserted or 0 for file in files)),
        deleted=_total(row, "deletions", sum(file.deleted or 0 for file in files)),
        # A request merged by fast-forward has no commit of its own.
        commit=_SHAPE.optional_text(row, "mergeCommitSha")
        or _SHAPE.optional_text(row, "diffHeadSha"),
        branch=_SHAPE.optional_text(row, "targetBranch"),
        subject=title,
        reverts=parse_taken_back(title, text, messages, _REVERTED, project, "!"),
        is_bot=_is_bots(row, commits, bots),
        is_translation=is_translation(title, _SHAPE.optional_text(row, "author", "username")),
        reviewers=_others(optional_nodes(row, "approvedBy"), authors, bots),
        reviewed=_reviewed(row, authors, bots),
    )


def is_bot(user: object, bots: frozenset[str]) -> bool:
    """Whether *user* is automatic: GitLab says so, its name does, or it is one of *bots*."""
    name = _SHAPE.optional_text(user, "username")
    known = name.casefold() in bots or bool(_ACCESS_BOT.match(name))
    return known or find(user, "bot") is True


def user_key(user: object) -> str:
    """Return the key of a user: ``gitlab:77``, from ``gid://gitlab/User/77``."""
    if user is None or find(user, "username") == "ghost":
        return GHOST
    found = _ID.fullmatch(_SHAPE.text(user, "id"))
    return f"gitlab:{int(found[1])}" if found else _SHAPE.wrong("an id like gid://…/77", "id")


def optional_nodes(row: object, *path: str) -> list[object]:
    """Return the nodes of a connection, none where it is null: not to be seen, or not asked."""
    if find(row, *path) is None:
        return []
    return [node for node in _SHAPE.rows(row, *path, "nodes") if node is not None]


def _authors(row: object, commits: list[object], bots: frozenset[str]) -> tuple[str, ...]:
    """Those authors of commits whom GitLab itself knows as its users; who opened it if there is none.

    Whoever opens a request with the commits of others has written nothing.
    """
    opener = user_key(find(row, "author"))
    signed = [find(commit, "author") for commit in commits]
    people = [user for user in signed if user is not None and not is_bot(user, bots)]
    return authors_of(opener, (key for key in map(user_key, people) if key != GHOST))


def _is_bots(row: object, commits: list[object], bots: frozenset[str]) -> bool:
    """Whether something automatic opened it, or wrote all of it."""
    wrote = bool(commits) and all(is_bot(find(commit, "author"), bots) for commit in commits)
    return wrote or is_bot(find(row, "author"), bots)


def _others(
    users: Iterable[object], authors: tuple[str, ...], bots: frozenset[str]
) -> tuple[str, ...]:
    """The keys of those *users* who are people and no authors."""
    keys = dict.fromkeys(user_key(user) for user in users if not is_bot(user, bots))
    return tuple(key for key in keys if key not in authors and key != GHOST)


def _reviewed(row: object, authors: tuple[str, ...], bots: frozenset[str]) -> bool | None:
    """Whether another approved or merged it; None where GitLab tells neither."""
    merger = find(row, "mergeUser")
    if merger is None and find(row, "approvedBy") is None:
        return None
    return bool(_others([*optional_nodes(row, "approvedBy"), merger], authors, bots))


def _files(row: object) -> list[File]:
    # Null where the diff is no longer there.
    if find(row, "diffStats") is None:
        return []
    return [
        File(
            path=safe_path(_SHAPE.text(stat, "path")),
            inserted=_SHAPE.number(stat, "additions"),
            deleted=_SHAPE.number(stat, "deletions"),
        )
        for stat in _SHAPE.rows(row, "diffStats")
    ]


def _total(row: object, field: str, otherwise: int) -> int:
    found = _SHAPE.optional_number(row, "diffStatsSummary", field)
    return otherwise if found is None else found
