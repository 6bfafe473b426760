"""``python -m bot score``: the format of docs/scoring.md."""

import gzip
import json
import os
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli import main
from bot.score import ScoreFileError, score_files

CHANGE = {
    "project": "mediawiki/extensions/Cite", "number": 12, "author": "dev-0001",
    "committed": "2025-03-01T12:00:00Z", "insertions": 40, "deletions": 7, "bugs": [123],
    "files": [{"path": "src/Cite.php", "lines_inserted": 40, "lines_deleted": 7}],
}  # fmt: skip
TASK = {"task": 123, "priority": "High", "subscribers": 12, "tokens": 3, "created": "2020-01-01",
        "closed": "2025-03-02", "points": None, "wish_votes": 57}  # fmt: skip


def scored(tmp_path, *rows, name="facts.ndjson"):
    path = tmp_path / name
    path.write_text("\n".join(json.dumps(row) for row in rows))
    return [json.loads(line) for line in score_files([path])]


def test_a_line_a_work_with_reasons_and_shares(tmp_path):
    (work,) = scored(tmp_path, CHANGE, TASK)

    assert set(work) == {"work", "difficulty", "impact", "points", "estimate", "reasons", "shares"}
    assert work["work"] == "T123"
    assert work["shares"] == {"dev-0001": 1}
    assert ["size", 0.52, "36 effective lines in 1 file"] in work["reasons"]
    assert any(
        words == "57 votes for a wish, 0 duplicates, 3 tokens" for _, _, words in work["reasons"]
    )


def test_files_may_be_packed_and_several(tmp_path):
    packed, plain = tmp_path / "a.gz", tmp_path / "b"
    packed.write_bytes(gzip.compress(json.dumps(CHANGE).encode()))
    plain.write_text(json.dumps(TASK) + "\n\n")

    assert len(list(score_files([packed, plain]))) == 1


def test_the_order_of_lines_makes_no_difference(tmp_path):
    other = {**CHANGE, "number": 13, "author": "dev-0002"}

    assert scored(tmp_path, CHANGE, TASK, other) == scored(tmp_path, other, CHANGE, TASK)


TEXT = json.dumps(CHANGE).encode()

BAD = {
    "nonsense": "{",
    "a list": "[]",
    "no project": {k: v for k, v in CHANGE.items() if k != "project"},
    "a number that is none": {**CHANGE, "number": "twelve"},
    "a day that is none": {**CHANGE, "committed": "yesterday"},
    "files that are none": {**CHANGE, "files": [{"lines_inserted": 3}]},
    "lines below nothing": {**CHANGE, "files": [{"path": "x", "lines_inserted": -3}]},
    "nobody": {**CHANGE, "author": ""},
    "a day after the last": {**CHANGE, "committed": "9999-12-31T23:59:59-14:00"},
    "a number with endless digits": '{"task": ' + "9" * 5000 + "}",
    "a task without number": {"task": None},
    "endless points": {"task": 1, "points": 1e999},
    "too deep": "[" * 100_000,
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_names_file_and_line_and_says_what_to_do(tmp_path, case):
    bad = BAD[case]
    path = tmp_path / "bad.ndjson"
    path.write_text(json.dumps(CHANGE) + "\n" + (bad if isinstance(bad, str) else json.dumps(bad)))

    with pytest.raises(ScoreFileError, match=r"bad\.ndjson, line 2: .*docs/scoring\.md"):
        list(score_files([path]))


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    whole = gzip.compress(json.dumps(CHANGE).encode() * 100)
    cut = tmp_path / "cut.gz"
    cut.write_bytes(whole[: len(whole) // 2])

    for path in (tmp_path / "missing", tmp_path, cut):
        with pytest.raises(ScoreFileError, match="cannot be read"):
            list(score_files([path]))


def test_nothing_is_printed_of_a_file_with_a_fault(tmp_path, capsys):
    path = tmp_path / "facts"
    path.write_text(json.dumps(CHANGE) + "\n{")

    assert main(["score", str(path)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "line 2" in printed.err


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*CHANGE, *TASK, "x"]), JSON, max_size=6), st.booleans())
def test_no_line_makes_it_stumble(tmp_path_factory, strange, change):
    row = {**(CHANGE if change else {}), **strange}
    path = tmp_path_factory.getbasetemp() / "strange.ndjson"
    path.write_text(json.dumps(row))

    try:
        lines, fault = list(score_files([path])), ""
    except ScoreFileError as error:
        lines, fault = [], str(error)

    assert not fault or "strange.ndjson, line 1" in fault
    assert all(json.loads(line)["points"] >= 1 for line in lines)


def test_half_characters_can_be_printed(tmp_path, capsys):
    path = tmp_path / "facts"
    path.write_text(json.dumps({**CHANGE, "author": "x\ud800", "project": "y\udfff"}))

    assert main(["score", str(path)]) == 0
    assert json.loads(capsys.readouterr().out)["shares"] == {"x?": 1}


def test_a_day_is_that_of_utc(tmp_path):
    """Two merges on one day by the clock of Greenwich, on two by those of their authors."""
    early = {**CHANGE, "committed": "2025-03-02T01:00:00+05:00"}
    late = {**CHANGE, "number": 13, "committed": "2025-03-01T19:00:00Z"}
    (work,) = scored(tmp_path, early, late)

    assert "merged on 1 day" in {words for _, _, words in work["reasons"]}


def test_what_bots_made_earns_nothing_and_what_they_reverted_neither(tmp_path):
    mine = {**CHANGE, "change_id": "I1"}
    bots = {**CHANGE, "number": 13, "is_bot": True}
    revert = {**bots, "number": 14, "is_revert": True, "revert_of": "I1"}

    assert len(scored(tmp_path, mine, bots)) == 1
    assert scored(tmp_path, mine, bots, revert) == []


def test_a_pipe_is_a_file_too(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(gzip.compress(b"%b\n" % TEXT),))
    writer.start()

    assert len(list(score_files([pipe]))) == 1
    writer.join()
