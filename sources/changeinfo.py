"""Understand merged changes as Gerrit tells them, in its ChangeInfo.

Shape: https://gerrit-review.googlesource.com/Documentation/rest-api-changes.html#change-info
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime

from scoring.model import Change, File
from sources.footers import parse_reverted, parse_tasks_named
from sources.shape import Shape, find

FILES = 300
"""How many files of a change are kept; its counts speak of all."""

TRANSLATORS = frozenset({"l10n-bot", "translation updater bot"})

BOTS = TRANSLATORS | {
    "gerrit code review",
    "gerritbot",
    "jenkins-bot",
    "libraryupgrader",
    "mediawiki presync",
    "mwpresync",
    "pipelinebot",
    "releasetaggerbot",
    "trainbranchbot",
}
"""Names of automatic accounts, in lower case, beside those that Gerrit tags SERVICE_USER."""

_SHAPE = Shape("Gerrit")
_TRANSLATION = re.compile(r"Localisation updates from \S")
# Folders that bear people's names: puppet keeps their shell settings, sandboxes their drafts.
_HOME = re.compile(r"(?:^|(?<=/))(home/|users?/|people/)[^/]+(?=/)", re.IGNORECASE)


def parse_changes(rows: Iterable[object], bots: frozenset[str] = BOTS) -> Iterator[Change]:
    """Understand ChangeInfos, asked with the options of ``sources.gerrit``. Raises SourceChanged.

    What is not merged, or not public, is left out. *bots* are names in lower case.
    """
    for row in rows:
        private = bool(find(row, "is_private")) or bool(find(row, "work_in_progress"))
        if _SHAPE.text(row, "status") == "MERGED" and not private:
            yield _change(row, bots)


def account_key(owner: object) -> str:
    """Return the key of an AccountInfo: ``gerrit:1234``."""
    return f"gerrit:{_SHAPE.number(owner, '_account_id')}"


def is_service(owner: object) -> bool:
    """Whether Gerrit says that an AccountInfo is no human."""
    tags = find(owner, "tags")
    return isinstance(tags, list) and "SERVICE_USER" in tags


def moment(row: object, field: str) -> datetime:
    """Read ``2026-01-07 23:58:11.000000000``, which is UTC, to the second."""
    text = _SHAPE.text(row, field).partition(".")[0]
    with suppress(ValueError):
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    return _SHAPE.wrong("a moment like 2026-01-07 23:58:11.000000000", field)


def _change(row: object, bots: frozenset[str]) -> Change:
    commit = _SHAPE.text(row, "current_revision")
    revision = _SHAPE.fields(row, "revisions", commit)
    message = _SHAPE.text(revision, "commit", "message")
    files = _files(revision)
    names = _names(row, revision)
    subject = _SHAPE.optional_text(row, "subject")
    return Change(
        project=_SHAPE.text(row, "project"),
        number=_SHAPE.number(row, "_number"),
        # Very old changes do not say when they were submitted.
        merged=moment(row, "submitted" if find(row, "submitted") else "updated"),
        authors=_authors(row),
        tasks=parse_tasks_named(message),
        files=tuple(_file(path, files[path]) for path in sorted(files)[:FILES]),
        files_count=len(files),
        inserted=_SHAPE.optional_number(row, "insertions") or 0,
        deleted=_SHAPE.optional_number(row, "deletions") or 0,
        change_id=_SHAPE.optional_text(row, "change_id"),
        commit=commit,
        branch=_SHAPE.optional_text(row, "branch"),
        topic=_SHAPE.optional_text(row, "topic"),
        subject=subject,
        reverts=_reverts(row, message),
        is_bot=is_service(find(row, "owner")) or not names.isdisjoint(bots),
        is_translation=not names.isdisjoint(TRANSLATORS) or bool(_TRANSLATION.match(subject)),
    )


def _authors(row: object) -> tuple[str, ...]:
    """Who gets the credit. For now the owner alone; the git author and co-authors join here."""
    return (account_key(_SHAPE.fields(row, "owner")),)


def _names(row: object, revision: object) -> frozenset[str]:
    """Every name by which an owner or author could be known as a bot; used for that alone."""
    found = (
        find(row, "owner", "name"),
        find(row, "owner", "username"),
        find(revision, "commit", "author", "name"),
    )
    return frozenset(name.casefold() for name in found if isinstance(name, str))


def _reverts(row: object, message: str) -> str:
    number = _SHAPE.optional_number(row, "revert_of")
    return f"{_SHAPE.text(row, 'project')}~{number}" if number else parse_reverted(message)


def _files(revision: object) -> Mapping[str, object]:
    # Gerrit leaves the map out where it could not make it; its magic files begin with a slash.
    files = find(revision, "files")
    if files is None:
        return {}
    shown = _SHAPE.fields(revision, "files")
    return {path: info for path, info in shown.items() if not path.startswith("/")}


def _file(path: str, info: object) -> File:
    binary = bool(find(info, "binary"))
    return File(
        path=_HOME.sub(r"\1user", path.encode("utf-8", "replace").decode("utf-8")),
        inserted=None if binary else _SHAPE.optional_number(info, "lines_inserted") or 0,
        deleted=None if binary else _SHAPE.optional_number(info, "lines_deleted") or 0,
        renamed=find(info, "status") == "R",
    )
