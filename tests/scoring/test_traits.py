"""What the rules of badges may ask of a work: of one's own part in it."""

from datetime import date, timedelta

import pytest

from scoring.assess import assess
from scoring.model import File
from scoring.record import record_of
from scoring.rules import RULES
from scoring.traits import FIELDS, UNKNOWN, traits_of
from tests.builders import START, a_change, a_task

ADA = "ada"


def part(changes, tasks=(), author=ADA):
    """The author's part of the only work."""
    (work,) = assess(changes, tasks)
    return traits_of(work.work, author, RULES, work.reasons)


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("includes/A.php", ("php",)), ("src/App.vue", ("javascript",)), ("src/a.ts", ("javascript",)),
        ("a/b.py", ("python",)), ("Module/x.lua", ("lua",)), ("styles/a.less", ("css",)),
        ("app/A.java", ("java",)), ("app/A.kt", ("kotlin",)), ("ios/A.swift", ("swift",)),
        ("src/a.rs", ("rust",)), ("cmd/a.go", ("go",)), ("a.rb", ("ruby",)),
        ("modules/x/manifests/init.pp", ("puppet",)), ("bin/a.sh", ("shell",)), ("a.sql", ("sql",)),
        ("tests/ATest.php", ("php",)), ("README.md", ()), ("package.json", ()), ("i18n/de.json", ()),
        ("vendor/x/y.php", ()), ("dist/x.js", ()),
    ],
)  # fmt: skip
def test_a_language_is_told_by_the_ending_of_files_that_count(path, language):
    assert part([a_change(1, ADA, files=(File(path, 30, 0),))]).language == language


def test_a_few_lines_beside_many_make_no_language():
    files = (File("a.php", 300, 0), File("b.js", 9, 0), File("c.lua", 10, 0))

    assert part([a_change(1, ADA, files=files)]).language == ("lua", "php")
    assert part([a_change(1, ADA, files=(File("a.php", 1, 1),))]).language == ("php",)


def test_lines_are_those_of_files_that_count():
    files = (
        File("a.php", 10, 150), File("tests/ATest.php", 40, 0), File("README.md", 3, 0),
        File("i18n/de.json", 500, 0), File("logo.png", None, None),
    )  # fmt: skip
    found = part([a_change(1, ADA, files=files)])

    assert (found.lines, found.code, found.removed, found.tests) == (203, 160, 140, 0.2)


def test_where_files_are_not_told_only_the_lines_in_all_are_known():
    found = part([a_change(1, ADA, files=(), inserted=7, deleted=3)])

    assert (found.lines, found.code, found.language) == (10, 0, ())


def test_everybody_has_a_part_of_their_own():
    changes = [
        a_change(1, ADA, tasks=(9,), rounds=3),
        a_change(2, "bert", tasks=(9,), rounds=9, project="mediawiki/core"),
        a_change(3, authors=("bert", "cleo"), tasks=(9,), merged=START + timedelta(days=30)),
    ]
    ada, bert, cleo = (part(changes, [a_task(9)], name) for name in (ADA, "bert", "cleo"))

    assert (ada.changes, ada.days, ada.rounds, ada.project, ada.together) == (
        1, 0, 3, ("mediawiki/extensions/Thanks",), False,
    )  # fmt: skip
    assert (bert.changes, bert.days, bert.rounds, bert.together) == (2, 28, 9, True)
    assert (cleo.changes, cleo.rounds, cleo.together) == (1, UNKNOWN, True)


def test_a_part_is_seen_where_somebody_else_looked_at_one_of_its_changes():
    seen = [a_change(1, authors=(ADA, "bert"), tasks=(9,), reviewed=True)]
    unseen = [a_change(1, authors=(ADA, "bert"), tasks=(9,), reviewed=False)]

    assert [part(seen, [a_task(9)], name).seen for name in (ADA, "bert")] == [True, True]
    assert [part(unseen, [a_task(9)], name).seen for name in (ADA, "bert")] == [False, False]


def test_of_a_task_is_told_what_is_known():
    task = a_task(
        9, created=date(2015, 6, 1), closed=date(2025, 6, 1), projects=("RTL",), tokens=4,
        wish_votes=30, priority="unbreak", subtype="bug", in_news=True,
    )  # fmt: skip
    found = part([a_change(1, ADA, tasks=(9,))], [task])

    assert (found.task, found.priority, found.subtype, found.tags) == (
        9, ("unbreak",), ("bug",), ("RTL",),
    )  # fmt: skip
    assert (found.supporters, found.watchers, round(found.years_open, 1), found.news) == (
        30, 5, 10.0, True,
    )  # fmt: skip


def test_what_is_not_known_is_said_so():
    series = part([a_change(1, ADA)])
    bare = part([a_change(1, ADA, tasks=(9,))])

    for found in (series, bare):
        assert (found.supporters, found.watchers, found.years_open, found.rounds) == (UNKNOWN,) * 4
    assert (series.task, bare.task) == (UNKNOWN, 9)


def test_the_reach_is_the_one_that_the_points_were_given_for():
    assert part([a_change(1, ADA, project="mediawiki/core")]).reach == 1.0
    assert part([a_change(1, ADA, project="unheard-of")]).reach == RULES.unknown_reach


def test_fields_are_told_of_credits_by_their_paths():
    record = record_of(ADA, assess([a_change(1, ADA, tasks=(9,))], [a_task(9)]))
    (credit,) = record.credits
    for name, field in FIELDS.items():
        value = credit
        for step in filter(None, field.path.split(".")):
            value = getattr(value, step)
        kinds = {"number": (int, float), "flag": bool, "texts": tuple, "day": date}
        assert not field.path or isinstance(value, kinds[field.holds]), name
