"""Understand merged pull requests as GitHub tells them.

Shape: https://docs.github.com/graphql/reference/objects#pullrequest
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

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

BOTS = frozenset({"dependabot", "renovate", "github-actions", "translatewiki", "weblate"})
"""Logins of automatic accounts, in lower case, beside those that GitHub itself calls bots."""

GHOST = "github:ghost"
"""Stands for an author whose account is no more; GitHub itself shows them as @ghost."""

REPOSITORY = "nameWithOwner isPrivate isMirror mirrorUrl description homepageUrl"
"""What must be known of a repository to show anything of it."""

LEAN = """
number title body mergedAt baseRefName mergeCommit { oid } additions deletions changedFiles
author { ...A }
"""
"""What scoring cannot do without."""

FULL = (
    LEAN
    + """
files(first: 100) { nodes { path additions deletions changeType } }
commits(first: 50) { nodes { commit { message
  authors(first: 10) { nodes { user { databaseId login } } } } } }
reviews(first: 50, states: [APPROVED, CHANGES_REQUESTED]) { nodes { author { ...A } } }
mergedBy { ...A }
"""
)

ACTOR = """
fragment A on Actor { __typename login ... on User { databaseId } ... on Bot { databaseId } }
"""

_SHAPE = Shape("GitHub")
_REVERTED = re.compile(r"^Reverts ([\w.-]+/[\w.-]+)?#([1-9][0-9]{0,8})\b", re.MULTILINE)
_CHANGE_ID = re.compile(r"^Change-Id: I[0-9a-f]{40}\s*$", re.MULTILINE)
_MIRROR = re.compile(r"\bmirror(?:ed)?\b", re.IGNORECASE)
_HOME_OF_MIRRORED = re.compile(r"gerrit|gitlab|gitblit|phabricator|read[- ]only", re.IGNORECASE)


def is_public(repository: object) -> bool:
    """Whether everyone may see a repository; where it does not say so, no. Raises SourceChanged."""
    return find(repository, "isPrivate") is False


def is_mirror(repository: object) -> bool:
    """Whether what is merged in a repository was merged elsewhere, as far as it says so."""
    if find(repository, "isMirror") is not False or find(repository, "mirrorUrl") is not None:
        return True
    text = _SHAPE.optional_text(repository, "description")
    home = _SHAPE.optional_text(repository, "homepageUrl")
    said = bool(_MIRROR.search(text)) and bool(_HOME_OF_MIRRORED.search(f"{text} {home}"))
    return said or "gerrit." in home.casefold()


def parse_pull_request(row: object, project: str, bots: frozenset[str] = BOTS) -> Change | None:
    """Understand a PullRequest of the public *project*; None if it is not merged, or not here.

    What came through Gerrit is counted there. Asked with FULL or LEAN. *bots* are logins in
    lower case. Raises SourceChanged.
    """
    if find(row, "mergedAt") is None:
        return None
    title = _SHAPE.optional_text(row, "title")
    text = _SHAPE.optional_text(row, "body")
    commits = [_SHAPE.fields(node, "commit") for node in _optional_nodes(row, "commits")]
    messages = [_SHAPE.optional_text(commit, "message") for commit in commits]
    if any(map(_CHANGE_ID.search, messages)):
        return None
    authors = _authors(row, commits, bots)
    files = _files(row)
    return Change(
        source="github",
        project=project,
        number=_SHAPE.id(row, "number"),
        merged=parse_moment(_SHAPE, row, "mergedAt"),
        authors=authors,
        tasks=parse_tasks_claimed(title, text, messages),
        aside=parse_tasks_aside(title, text, messages),
        files=tuple(sorted(files, key=lambda file: file.path)[:FILES]),
        files_count=_SHAPE.number(row, "changedFiles"),
        inserted=_SHAPE.number(row, "additions"),
        deleted=_SHAPE.number(row, "deletions"),
        commit=_SHAPE.optional_text(row, "mergeCommit", "oid"),
        branch=_SHAPE.optional_text(row, "baseRefName"),
        subject=title,
        reverts=parse_taken_back(title, text, messages, _REVERTED, project, "#"),
        is_bot=_is_bots(row, commits, bots),
        is_translation=is_translation(title, _SHAPE.optional_text(row, "author", "login")),
        reviewers=_others(_voters(row), authors, bots),
        reviewed=_reviewed(row, authors, bots),
    )


def _authors(
    row: object, commits: list[Mapping[str, object]], bots: frozenset[str]
) -> tuple[str, ...]:
    """Those authors of commits whom GitHub itself knows as its users; who opened it if there is none.

    Whoever opens a request with the commits of others has written nothing.
    """
    signed = [user for user in _signed(commits) if user is not None and _key(user) != GHOST]
    people = [user for user in signed if not _is_bot(user, bots)]
    return authors_of(_key(find(row, "author")), map(_key, people))


def _signed(commits: list[Mapping[str, object]]) -> list[object]:
    """The user of each name that a commit bears, None where GitHub knows none."""
    return [find(name, "user") for commit in commits for name in _optional_nodes(commit, "authors")]


def _is_bots(row: object, commits: list[Mapping[str, object]], bots: frozenset[str]) -> bool:
    """Whether something automatic opened it, or wrote all of it."""
    signed = _signed(commits)
    wrote = bool(signed) and all(_is_bot(user, bots) for user in signed)
    return wrote or _is_bot(find(row, "author"), bots)


def _voters(row: object) -> list[object]:
    return [find(review, "author") for review in _optional_nodes(row, "reviews")]


def _others(
    actors: Iterable[object], authors: tuple[str, ...], bots: frozenset[str]
) -> tuple[str, ...]:
    """The keys of those *actors* who are people and no authors."""
    keys = dict.fromkeys(_key(actor) for actor in actors if not _is_bot(actor, bots))
    return tuple(key for key in keys if key not in authors and key != GHOST)


def _reviewed(row: object, authors: tuple[str, ...], bots: frozenset[str]) -> bool | None:
    """Whether another voted on it or merged it; None where GitHub tells neither."""
    merger = find(row, "mergedBy")
    if merger is None and find(row, "reviews") is None:
        return None
    return bool(_others([*_voters(row), merger], authors, bots))


def _key(actor: object) -> str:
    # Others than people and bots (an organization, an import's placeholder) are no accounts.
    if find(actor, "databaseId") is None:
        return GHOST
    return f"github:{_SHAPE.id(actor, 'databaseId')}"


def _is_bot(actor: object, bots: frozenset[str]) -> bool:
    login = _SHAPE.optional_text(actor, "login").casefold()
    return find(actor, "__typename") == "Bot" or login.endswith("[bot]") or login in bots


def _files(row: object) -> list[File]:
    return [
        File(
            path=safe_path(_SHAPE.text(node, "path")),
            inserted=_SHAPE.number(node, "additions"),
            deleted=_SHAPE.number(node, "deletions"),
            renamed=find(node, "changeType") == "RENAMED",
        )
        for node in _optional_nodes(row, "files")
    ]


def _optional_nodes(row: object, *path: str) -> list[object]:
    """The nodes of a connection, none where it is null: too large to list, or not asked."""
    if find(row, *path) is None:
        return []
    return [node for node in _SHAPE.rows(row, *path, "nodes") if node is not None]
