"""The badges that we ship, as data."""

from __future__ import annotations

from scoring.model import Badge

CATALOGUE: tuple[Badge, ...] = (
    Badge("task-tamer", "issues", (5, 25, 100, 500), "Task Tamer"),
    Badge("patch-quilter", "patches", (10, 50, 250, 1000), "Patch Quilter"),
    Badge("barn-raiser", "points", (50, 250, 1000, 5000), "Barn Raiser"),
)
