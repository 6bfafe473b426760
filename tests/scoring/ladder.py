"""Ten works from a typo to dark mode, with all that would be known of them; made up, shaped by real ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from scoring.assess import assess
from scoring.model import Assessment, Change, File, Task
from tests.builders import START, a_change

ADA = "ada"


@dataclass(frozen=True)
class Rung:
    """A work, and between which points everybody would put it."""

    name: str
    changes: tuple[Change, ...]
    task: Task
    least: float
    most: float

    def assessed(self) -> Assessment:
        """The work with its points."""
        (work,) = assess(self.changes, [self.task])
        return work


def _change(number: int, project: str, rounds: int, *files: File, day: int | None = None) -> Change:
    when = START + timedelta(days=number if day is None else day)
    return a_change(
        number,
        ADA,
        tasks=(9,),
        project=project,
        rounds=rounds,
        files=files,
        merged=when,
        reviewed=True,
    )


def _task(priority: str, watchers: int, opened: int, **facts: int) -> Task:
    known = {"tokens": 0, "duplicates": 0, "wish_votes": 0, **facts}
    return Task(
        9, priority=priority, subscribers=watchers, created=date(opened, 1, 1),
        closed=date(2025, 7, 1), **known,
    )  # fmt: skip


CITE, VECTOR, CORE = "mediawiki/extensions/Cite", "mediawiki/skins/Vector", "mediawiki/core"
TOOL, SMALL = "toolforge/wishes", "mediawiki/extensions/Poem"
ENDINGS = ("php", "js", "less", "vue", "php", "js")

LADDER = (
    Rung("a typo in a message of an extension", (_change(1, SMALL, 1, File("src/Poem.php", 1, 1)),),
         _task("low", 2, 2025), 1.0, 2.0),
    Rung("a typo in MediaWiki core", (_change(1, CORE, 1, File("includes/Title.php", 1, 1)),),
         _task("low", 3, 2025), 1.0, 2.5),
    Rung("a library updated", (
        _change(1, CITE, 1, File("resources/lib/x/x.js", 4000, 3500), File("foreign-resources.yaml", 2, 2)),
    ), _task("medium", 4, 2025), 1.0, 2.8),
    Rung("a rename in two hundred files", (
        _change(1, CORE, 2, *(File(f"includes/a{n % 9}/C{n}.php", 2, 2) for n in range(200))),
    ), _task("medium", 5, 2024), 1.2, 3.5),
    Rung("an ordinary bug", (
        _change(1, CITE, 3, File("src/Cite.php", 25, 9), File("src/Parser.php", 6, 2),
                File("tests/phpunit/CiteTest.php", 40, 3)),
    ), _task("medium", 6, 2023, tokens=1), 4.0, 7.0),
    Rung("a small security fix with its tests", (
        _change(1, CORE, 4, File("includes/api/ApiCheck.php", 14, 4), File("includes/Permissions.php", 9, 2),
                File("tests/phpunit/ApiCheckTest.php", 60, 0)),
    ), _task("unbreak", 12, 2025), 5.0, 11.0),
    Rung("a small wish, in a tool", (
        _change(1, TOOL, 2, File("app/main.py", 120, 6), File("app/views.py", 60, 0),
                File("tests/test_main.py", 70, 0)),
    ), _task("medium", 6, 2024, wish_votes=7), 4.5, 9.5),
    Rung("a bug of eight years in the upload wizard", tuple(
        _change(n, "mediawiki/extensions/UploadWizard", 5, File(f"resources/ui/Step{n}.js", 50, 18),
                File("resources/Upload.js", 25, 9), File(f"tests/qunit/Step{n}.test.js", 40, 0), day=9 * n)
        for n in range(1, 4)
    ), _task("high", 30, 2017, tokens=8, duplicates=4), 10.0, 26.0),
    Rung("sub-referencing", tuple(
        _change(n, CITE, 5, *(File(f"{where}/Sub{n}.php", 70, 15) for where in ("src", "modules", "includes")),
                File(f"tests/phpunit/Sub{n}Test.php", 80, 4), day=12 * n)
        for n in range(1, 13)
    ), _task("high", 90, 2012, tokens=30, duplicates=6, wish_votes=120), 50.0, 100.0),
    Rung("dark mode", tuple(
        _change(n, VECTOR, 6, *(File(f"dir{d}/Night{n}.{end}", 60, 20) for d, end in enumerate(ENDINGS)), day=9 * n)
        for n in range(1, 21)
    ), _task("high", 120, 2016, tokens=60, duplicates=12, wish_votes=180), 60.0, 100.0),
)  # fmt: skip
