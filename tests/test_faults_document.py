"""docs/faults.md names tests that exist, in every row."""

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1]
TEXT = (HERE / "docs" / "faults.md").read_text("utf-8")
TESTS = {
    name
    for path in (HERE / "tests").rglob("test_*.py")
    for name in re.findall(r"^ *(?:async )?def (test_\w+)", path.read_text("utf-8"), re.M)
}
ROWS = [
    [cell.strip() for cell in line.strip("| ").split(" | ")]
    for line in TEXT.splitlines()
    if line.startswith("|") and not re.fullmatch(r"[|\s:-]+", line)
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:40])
def test_every_fault_names_a_test_that_exists(row):
    assert len(row) == 4, row
    if row[0] == "fault":  # The head of a table.
        return
    named = re.findall(r"`(test_\w+)(?:\[[^`]*\])?`", row[-1])
    assert named, row
    assert set(named) <= TESTS


def test_every_test_of_the_faults_of_the_wiki_stands_in_the_table():
    path = HERE / "tests" / "wiki" / "test_faults.py"
    for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.M):
        assert f"`{name}`" in TEXT, name
