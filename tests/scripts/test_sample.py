"""The sample that ships: what can be held of it without the history it was shaped by."""

import gzip
import hashlib
import json
import re
import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sources" / "sample"
FILES = ("changes", "tasks")
LATEST = datetime(2026, 9, 1, tzinfo=UTC)


def packed(name):
    return json.loads(gzip.decompress((SAMPLE / name).read_bytes()))


@pytest.fixture(scope="module")
def changes():
    return packed("changes.json.gz")


@pytest.fixture(scope="module")
def tasks():
    return packed("tasks.json.gz")


@pytest.fixture(scope="module")
def people():
    return json.loads((SAMPLE / "people.json").read_text(encoding="utf-8"))


def everything():
    files = [gzip.decompress((SAMPLE / f"{name}.json.gz").read_bytes()) for name in FILES]
    return b"".join(files).decode() + (SAMPLE / "people.json").read_text(encoding="utf-8")


def revision(change):
    return change["revisions"][change["current_revision"]]


def named_tasks(change):
    return [
        int(n) for n in re.findall(r"^Bug: T(\d+)$", revision(change)["commit"]["message"], re.M)
    ]


def own(*key):
    return hashlib.sha1("\n".join(["developer badges sample", *key]).encode()).hexdigest()


def test_numbers_are_far_from_any_real_one(changes, tasks):
    numbers = [change["_number"] for change in changes]

    assert 9_000_000 < min(numbers) <= max(numbers) < 9_100_000
    assert len(set(numbers)) == len(numbers)
    assert all(8_000_000 < task["id"] < 8_100_000 for task in tasks)
    assert {n for change in changes for n in named_tasks(change)} <= {task["id"] for task in tasks}


def test_every_id_is_of_our_own_making(changes):
    for change in changes:
        source = change.get("cherry_pick_of_change", change["_number"])
        assert change["change_id"] == "I" + own("change", str(source))
        assert change["current_revision"] == own("commit", str(change["_number"]))


def test_nobody_in_it_is_anybody(people):
    text = everything()

    assert set(re.findall(r"@([\w.-]+\w)", text)) == {"example.org"}
    assert not re.search(r"\bdev-\d{4}\b", text)
    assert len({person["gerrit"] for person in people}) == len(people) == 20
    assert all(person["gerrit"] > 9_000_000 for person in people)


def test_dates_are_in_order_and_long_ago(changes, tasks):
    for change in changes:
        assert change["created"] <= change["updated"] < f"{LATEST:%Y-%m-%d}"
        assert change["updated"] >= change.get("submitted", "")
    for task in tasks:
        fields = task["fields"]
        closed = fields["dateClosed"] or fields["dateCreated"]
        assert fields["dateCreated"] <= closed <= fields["dateModified"] < LATEST.timestamp()


def test_sums_agree_with_the_files(changes):
    for change in changes:
        files = [f for path, f in revision(change)["files"].items() if path != "/COMMIT_MSG"]
        assert change["insertions"] == sum(f.get("lines_inserted", 0) for f in files)
        assert change["deletions"] == sum(f.get("lines_deleted", 0) for f in files)


def test_it_is_small():
    assert sum(path.stat().st_size for path in SAMPLE.iterdir()) < 600_000


def test_packed_files_hold_no_time_so_the_same_rows_give_the_same_bytes():
    for name in FILES:
        assert (SAMPLE / f"{name}.json.gz").read_bytes()[4:8] == bytes(4)


def test_it_has_people_at_every_stage(changes, tasks, people):
    resolved = {t["id"] for t in tasks if t["fields"]["status"]["value"] == "resolved"}
    merged = [change for change in changes if change["status"] == "MERGED"]
    patches = Counter(change["owner"]["username"] for change in merged)
    solved = defaultdict(set)
    for change in merged:
        solved[change["owner"]["username"]].update(resolved & set(named_tasks(change)))

    silver = [name for name in patches if patches[name] >= 50 and len(solved[name]) >= 25]
    assert sorted(silver) == ["ada", "bert", "cleo"]
    assert patches["ada"] >= 100
    assert 0 < len(solved["dina"]) < 5
    assert [person["joins"] for person in people] == [True] * 8 + [False] * 12


def test_it_has_one_of_each_kind(changes, tasks):
    statuses = Counter(task["fields"]["status"]["value"] for task in tasks)
    views = Counter(task["fields"]["policy"]["view"] for task in tasks)
    named = Counter(n for change in changes for n in named_tasks(change))
    undone = {change.get("revert_of") for change in changes}

    assert set(statuses) == {
        *("open", "progress", "stalled", "resolved", "declined", "invalid", "duplicate")
    }
    assert (views["admin"], views["users"]) == (1, 1)
    assert max(named.values()) > 30
    assert any(len(named_tasks(change)) > 1 for change in changes)
    assert any(task["id"] not in named for task in tasks)
    assert any(change["_number"] in undone for change in changes if change.get("revert_of"))
    assert any("tags" in change["owner"] for change in changes)
    assert {change["status"] for change in changes} == {"MERGED", "NEW", "ABANDONED"}
    assert any("[[" in change["subject"] for change in changes)
    assert any("Co-Authored-By: " in revision(change)["commit"]["message"] for change in changes)


def make_sample():
    """The script as a module, although its name does not end in .py."""
    loader = SourceFileLoader("make_sample", str(ROOT / "scripts" / "make-sample"))
    module = module_from_spec(spec_from_loader("make_sample", loader))
    sys.modules["make_sample"] = module
    loader.exec_module(module)
    return module


def public_row(change):
    """A row of a dataset as it would be if *change* were a public change."""
    files = [
        {
            "path": path,
            "lines_inserted": file.get("lines_inserted", 0),
            "lines_deleted": file.get("lines_deleted", 0),
        }
        for path, file in revision(change)["files"].items()
        if path != "/COMMIT_MSG"
    ]
    others = {"is_bot": False, "is_l10n": False, "committed": "2022-01-01T00:00:00Z"}
    ids = {"number": 1, "change_id": "I0", "author": "dev-0001", "bugs": []}
    return {**others, **ids, "project": "p", "files": files, "files_count": len(files)}


@pytest.fixture
def dataset(tmp_path):
    """A way to write a small dataset and read it as the script does."""
    script = make_sample()

    def write(*rows):
        lines = "\n".join(map(json.dumps, rows)).encode()
        (tmp_path / "changes-p.ndjson.gz").write_bytes(gzip.compress(lines))
        (tmp_path / "tasks.ndjson.gz").write_bytes(gzip.compress(b'{"task": 1}\n'))
        return script, script.Public(tmp_path)

    return write


def of_several_files(changes):
    fitting = (c for c in changes if len(revision(c)["files"]) == 4 and "revert_of" not in c)
    return next(fitting)


def test_a_row_that_is_in_the_dataset_is_found_there(changes, tasks, dataset):
    change = of_several_files(changes)
    row = public_row(change)

    for public_change, finds in [
        (row, f"paths and sizes of {change['_number']}"),
        ({**row, "files": [], "change_id": change["change_id"]}, f"id of {change['_number']}"),
        ({**row, "files": [], "number": change["_number"]}, f"id of {change['_number']}"),
        ({**row, "files": [], "bugs": [tasks[0]["id"]]}, f"T{tasks[0]['id']}"),
        ({**row, "files": [], "author": "ada"}, "ada"),
    ]:
        script, public = dataset(public_change)
        assert finds in script.check([change], tasks, script.accounts(), public)


def test_a_set_of_paths_that_fits_few_public_changes_is_found_although_sizes_differ(
    changes, dataset
):
    change = of_several_files(changes)
    row = public_row(change)
    for file in row["files"]:
        file["lines_inserted"] += 1000

    script, public = dataset(row)
    assert f"files of {change['_number']}" in script.check([change], [], {}, public)

    script, public = dataset(*[row] * 5)
    assert script.check([change], [], {}, public) == []
