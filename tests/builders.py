"""Facts for tests, said in a few words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from scoring.model import Change, File, Task

START = datetime(2025, 1, 1, tzinfo=UTC)


def a_change(number: int, author: str = "gerrit:1", **facts: Any) -> Change:
    """A change of fifty lines in two files; its number also says when it was merged (days)."""
    files = facts.pop("files", (File("src/a.php", 40, 5), File("tests/ATest.php", 10, 0)))
    defaults: dict[str, Any] = {
        "project": "mediawiki/extensions/Thanks",
        "number": number,
        "merged": START + timedelta(days=number % 10_000),
        "authors": (author,),
        "files": files,
        "files_count": len(files),
        "inserted": sum(one.inserted or 0 for one in files),
        "deleted": sum(one.deleted or 0 for one in files),
        "change_id": f"I{number:040d}",
        "commit": f"{number:040x}",
        "branch": "master",
        "subject": f"thanks: Change number {number}",
    }
    return Change(**{**defaults, **facts})


def a_task(number: int, **facts: Any) -> Task:
    """A resolved public task."""
    defaults: dict[str, Any] = {
        "number": number,
        "priority": "medium",
        "subscribers": 5,
        "created": date(2024, 1, 1),
        "closed": date(2025, 6, 1),
    }
    return Task(**{**defaults, **facts})
