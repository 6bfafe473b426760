"""How facts are written as rows of the ledger, and read from them again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Row

from scoring.model import Change, File, Task
from sources.port import FoundTask

LONGEST = 255
"""Characters that a column takes. What is longer is nobody's honest topic or branch."""
_BRANCH_OF_SOMEBODY = re.compile(r"^(sandbox|user|users|private|personal|dev|wip)/.*", re.I | re.S)


def change_row(one: Change, source: str, *, mine: bool) -> dict[str, Any]:
    """A change of *source*; its words only where it is *mine*, that is of somebody who joined."""
    files = [[f.path, f.inserted, f.deleted, int(f.renamed)] for f in one.files]
    return {
        "key": one.key,
        "source": source,
        "project": one.project,
        "number": one.number,
        "merged": int(one.merged.timestamp()),
        "change_id": one.change_id[:LONGEST],
        "commit": one.commit[:LONGEST],
        # "sandbox/somebody/…": of such branches the first word is enough.
        "branch": _BRANCH_OF_SOMEBODY.sub(r"\1/…", one.branch)[:LONGEST],
        "topic": one.topic[:LONGEST] if mine else "",
        "subject": one.subject if mine else "",
        "reverts": one.reverts[:LONGEST],
        "is_bot": one.is_bot,
        "is_translation": one.is_translation,
        "rounds": one.rounds,
        "usage": one.usage,
        "reviewed": one.reviewed,
        "inserted": one.inserted,
        "deleted": one.deleted,
        "files_count": one.files_count,
        "files": json.dumps(files, ensure_ascii=False, separators=(",", ":")),
    }


def change_of(row: Row[Any], authors: tuple[str, ...], tasks: tuple[int, ...]) -> Change:
    """The change of a row, made by *authors*, naming *tasks*."""
    return Change(
        project=row.project,
        number=row.number,
        merged=datetime.fromtimestamp(row.merged, UTC),
        authors=authors,
        tasks=tasks,
        files=tuple(File(path, i, d, bool(moved)) for path, i, d, moved in json.loads(row.files)),
        files_count=row.files_count,
        inserted=row.inserted,
        deleted=row.deleted,
        change_id=row.change_id,
        commit=row.commit,
        branch=row.branch,
        topic=row.topic,
        subject=row.subject,
        reverts=row.reverts,
        is_bot=row.is_bot,
        is_translation=row.is_translation,
        rounds=row.rounds,
        source=row.source.partition(" ")[0],  # "onwiki metawiki": one of several wikis
        usage=row.usage,
        reviewed=row.reviewed,
    )


def task_row(one: Task, found: FoundTask, ours: Mapping[str, int]) -> dict[str, Any]:
    """A task; of its owner only which account of *ours* it is."""
    return {
        "number": one.number,
        "status": one.status[:LONGEST],
        "priority": one.priority[:LONGEST],
        "subtype": one.subtype[:LONGEST],
        "points": one.points,
        "subscribers": one.subscribers,
        "tokens": one.tokens,
        "duplicates": one.duplicates,
        "created": one.created.isoformat() if one.created else None,
        "closed": one.closed.isoformat() if one.closed else None,
        "projects": json.dumps(one.projects),
        "umbrella": one.umbrella,
        "duplicate_of": one.duplicate_of,
        "owner": ours.get(found.owner or ""),
    }


def task_of(row: Row[Any], children: Iterable[int], *, umbrella: bool) -> Task:
    """The task of a row, with the numbers of its *children*."""
    return Task(
        number=row.number,
        status=row.status,
        public=True,
        priority=row.priority,
        subtype=row.subtype,
        points=row.points,
        subscribers=row.subscribers,
        tokens=row.tokens,
        duplicates=row.duplicates,
        created=date.fromisoformat(row.created) if row.created else None,
        closed=date.fromisoformat(row.closed) if row.closed else None,
        projects=tuple(json.loads(row.projects)),
        umbrella=row.umbrella or umbrella,
        duplicate_of=row.duplicate_of,
        subtasks=tuple(sorted(children)),
    )
