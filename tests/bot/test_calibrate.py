"""``calibrate``: weights are proposed where comparisons carry them, and saved by nobody but humans."""

import json
import re
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import cli
from bot.calibrate import FEWEST, PageUnreadable, calibrate
from bot.comparisons import of_file, of_ledger
from bot.errors import SettingsError
from bot.output import USAGE
from bot.rulebook import MEMO
from bot.score import ScoreFileError
from scoring.assess import assess
from scoring.model import File
from scoring.rules import RULES
from tests.bot.judged import SCATTER, a_shape, difficulty, rows_by, written
from tests.bot.test_cli import bot
from tests.bot.test_reviews import ReviewedScene, line
from tests.builders import a_change, a_task
from tests.scoring import judgements
from wikitext.rules_page import TITLE, parse_rules

SHIPPED_FILE = Path(__file__).parents[1] / "data" / "judgements.json.gz"


@pytest.fixture(autouse=True)
def nowhere(tmp_path, monkeypatch):
    """No wiki is configured."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("PYWIKIBOT_DIR", raising=False)


@pytest.fixture
def scattered(tmp_path):
    """Sixty judgements of somebody to whom scattered work is harder."""
    return written(tmp_path / "scattered.gz", rows_by(SCATTER, tmp_path, 60))


def agreed(lines, what):
    """The two numbers of a line of the table."""
    return [
        float(one.rstrip("%")) for one in next(x for x in lines if x.startswith(what)).split()[-2:]
    ]


# From a file ---------------------------------------------------------------------------------------


def test_weights_that_agree_better_with_what_was_held_out_are_proposed(scattered):
    done = calibrate(None, scattered)
    before, after = agreed(done.lines, "held out")

    assert after > before
    assert done.page is not None
    proposed = parse_rules(done.page).rules
    assert proposed.spread > RULES.spread + 0.05
    assert proposed.size < RULES.size
    assert proposed.chain <= 0.05
    assert (
        replace(RULES, size=proposed.size, spread=proposed.spread, chain=proposed.chain).review
        == proposed.review
    )


def test_only_what_changes_is_on_the_page(scattered):
    page = json.loads(calibrate(None, scattered).page)

    assert page.pop("schema") == 1
    assert page.keys() <= {"size", "spread", "chain"}
    assert all(
        value != getattr(RULES, name) == round(getattr(RULES, name), 3)
        for name, value in page.items()
    )


def test_a_term_that_is_the_same_in_all_works_is_said_to_be_kept(scattered):
    (row,) = [one for one in calibrate(None, scattered).lines if one.startswith("review")]

    assert row.split()[1:3] == ["0.170", "0.170"]
    assert row.endswith("kept)")


@pytest.mark.parametrize("number", [0, 1, FEWEST - 1])
def test_of_few_comparisons_nothing_is_proposed(tmp_path, number):
    done = calibrate(None, written(tmp_path / "few", rows_by(SCATTER, tmp_path, FEWEST)[:number]))

    assert done.page is None
    assert done.lines[-1].startswith(f"Fewer than {FEWEST} comparisons say nothing about weights.")


def test_of_comparisons_that_all_share_a_work_nothing_is_proposed(tmp_path):
    rows = rows_by(SCATTER, tmp_path, 40)
    one = a_shape(Random(7), True)
    done = calibrate(None, written(tmp_path / "star", [{**row, "easier": one} for row in rows]))

    assert done.page is None
    assert done.lines[-1].startswith("They hang together")


def test_where_the_weights_in_force_do_as_well_nothing_is_proposed(tmp_path):
    done = calibrate(None, written(tmp_path / "same", rows_by(RULES, tmp_path, 60)))

    assert agreed(done.lines, "held out")[0] == 100
    assert done.page is None
    assert "agree no better" in done.lines[-1]


def test_a_small_difference_is_called_chance(tmp_path):
    rows = rows_by(SCATTER, tmp_path, 34)
    done = calibrate(None, written(tmp_path / "little", rows))

    assert done.page is not None
    assert "may be chance" in done.lines[-1]


def test_it_reads_the_judgements_that_ship_as_the_tests_of_the_score_do():
    found = of_file(SHIPPED_FILE, RULES)
    pairs = judgements.pairs()

    assert (len(found.comparisons), found.missing, found.worded) == (len(pairs), 0, 0)
    for one, pair in zip(found.comparisons, pairs, strict=True):
        apart = judgements.difficulty(pair.harder) - judgements.difficulty(pair.easier)
        assert difficulty(RULES, one.difference) == pytest.approx(apart)


def test_a_work_that_is_compared_with_itself_is_counted_aside(tmp_path):
    one, other = a_shape(Random(1), True), a_shape(Random(2), False)
    path = written(tmp_path / "odd", [{"harder": one, "easier": two} for two in (one, other)])
    found = of_file(path, RULES)

    assert (len(found.comparisons), found.missing, found.worded) == (1, 1, 0)
    assert "1 more cannot be used" in "\n".join(calibrate(None, path).lines)


def test_the_judgement_in_the_document_is_one(tmp_path):
    text = (Path(__file__).parents[2] / "docs" / "reviews.md").read_text("utf-8")
    (row,) = re.findall(r"```json\n(.*?)\n```", text, re.S)
    (one,) = of_file(written(tmp_path / "one", [json.loads(row)]), RULES).comparisons

    assert difficulty(RULES, one.difference) > 0


GOOD = {"day": 0, "author": 1, "project": 1, "files": [["a.php", 1, 0, 0]]}
BAD = {
    "nonsense": "{",
    "a list": [],
    "one side": {"harder": [GOOD]},
    "no change": {"harder": [], "easier": [GOOD]},
    "a change that is none": {"harder": [3], "easier": [GOOD]},
    "a file that is none": {"harder": [{**GOOD, "files": [["a.php"]]}], "easier": [GOOD]},
    "lines below nothing": {"harder": [{**GOOD, "files": [["a", -1, 0, 0]]}], "easier": [GOOD]},
    "lines that are words": {"harder": [{**GOOD, "files": [["a", "b", 0, 0]]}], "easier": [GOOD]},
    "a day before the first": {"harder": [{**GOOD, "day": -1}], "easier": [GOOD]},
    "a day that never comes": {"harder": [{**GOOD, "day": 1e300}], "easier": [GOOD]},
    "a day that is none": {"harder": [{**GOOD, "day": "x"}], "easier": [GOOD]},
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_bad_line_is_named_and_nothing_is_printed(tmp_path, capsys, case):
    bad = BAD[case]
    path = tmp_path / "bad.ndjson"
    good = json.dumps({"harder": [GOOD], "easier": [GOOD]})
    path.write_text(f"{good}\n{bad if isinstance(bad, str) else json.dumps(bad)}")

    assert cli.main(["calibrate", "--judgements", str(path)]) == cli.FAILED
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"{path}, line 2: ")
    assert "docs/reviews.md" in printed.err
    assert printed.err.count("\n") == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from([*GOOD, "x"]), inner, max_size=4),
    max_leaves=10,
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(JSON | st.lists(st.fixed_dictionaries(dict.fromkeys(GOOD, JSON)), max_size=3))
def test_no_line_makes_it_stumble(tmp_path_factory, strange):
    path = tmp_path_factory.getbasetemp() / "strange.ndjson"
    path.write_text(json.dumps({"harder": strange, "easier": [GOOD]}))

    try:
        fault = f"{path}, line 1" if of_file(path, RULES) else ""
    except ScoreFileError as error:
        fault = str(error)

    assert fault.startswith(f"{path}, line 1")


# The command ---------------------------------------------------------------------------------------


def test_the_command_prints_the_page_saves_nothing_and_says_what_comes_next(tmp_path, scattered):
    there = set(tmp_path.iterdir())
    done = bot(tmp_path, "calibrate", "--judgements", str(scattered))

    assert (done.returncode, done.stderr) == (0, "")
    before, page = done.stdout.split("\n{\n")
    page, after = page.split("\n}\n")
    assert parse_rules(f"{{\n{page}\n}}").rules.spread > RULES.spread
    assert f"[[{TITLE}]]; nothing was saved" in before
    assert "python -m bot preview --rules FILE" in after
    assert set(tmp_path.iterdir()) == there


def test_the_same_judgements_give_the_same_bytes(tmp_path, scattered):
    rows = rows_by(SCATTER, tmp_path, 60)
    turned = written(tmp_path / "turned.gz", rows[::-1])
    first, again = (bot(tmp_path, "calibrate", "--judgements", str(scattered)) for _ in range(2))
    other = bot(tmp_path, "calibrate", "--judgements", str(turned))

    assert first.stdout == again.stdout
    assert first.stdout.splitlines()[1:] == other.stdout.splitlines()[1:]


def test_the_page_can_be_written_to_a_file_that_preview_reads(tmp_path, scattered, capsys):
    out = tmp_path / "rules.json"

    assert cli.main(["calibrate", "--judgements", str(scattered), "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert out.read_text("utf-8") == calibrate(None, scattered).page
    assert "{" not in printed
    assert f"python -m bot preview --rules {out}" in printed
    assert bot(tmp_path, "rules", str(out)).returncode == 0


def test_a_file_that_cannot_be_written_is_one_sentence(tmp_path, scattered, capsys):
    out = tmp_path / "no" / "rules.json"

    assert cli.main(["calibrate", "--judgements", str(scattered), "--out", str(out)]) == USAGE
    assert capsys.readouterr().err == f"{out} cannot be written (FileNotFoundError).\n"


def test_without_wiki_and_file_it_says_what_to_give(capsys):
    assert cli.main(["calibrate"]) == USAGE
    assert "--judgements FILE" in capsys.readouterr().err


def test_where_scipy_is_missing_one_sentence_says_how_to_get_it(scattered, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)

    assert cli.main(["calibrate", "--judgements", str(scattered)]) == USAGE
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "`pip install .[calibrate]`" in printed.err
    assert printed.err.count("\n") == 1


# From the wiki -------------------------------------------------------------------------------------


@pytest.fixture
def scene(tmp_path):
    scene = ReviewedScene(tmp_path)
    scene.exists("Ada", "Zoe")
    scene.registers("Ada")
    yield scene
    scene.ledger.close()


def compared(scene, pairs, rules):
    """Ada resolves two tasks for each pair; a reviewer agrees which was harder by *rules*."""
    random = Random(3)
    lines = []
    for pair in range(pairs):
        keys = []
        for large in (False, True):
            number = 100 + 2 * pair + large
            files = tuple(File(*one) for one in a_shape(random, large)[0]["files"])
            change = a_change(
                number, "gerrit:Ada", tasks=(number,), files=files, rounds=random.randrange(1, 9)
            )
            scene.merges(change)
            scene.task(a_task(number), owner="Ada")
            (work,) = assess([change], [a_task(number)], rules)
            keys.append((work.difficulty, work.key))
        (_, easier), (_, harder) = sorted(keys)
        lines.append(line(accepted=True, work=harder, harder_than=easier))
    return lines


def test_accepted_comparisons_of_the_wiki_are_fitted_to_and_the_page_in_force_is_kept(scene):
    page = {
        "schema": 1,
        "lines_cap": 900,
        "community": {"reviewers": ["Root"]},
        "spread": 0.3,
        "review": 0.17,
    }
    scene.wiki.edit(TITLE, json.dumps(page), "Root", scene.now)
    scene.reviews(*compared(scene, 40, SCATTER), by="Root")
    scene.round()

    done = calibrate(scene.ledger)

    assert done.lines[0] == "40 comparisons accepted by reviewers"
    proposed = json.loads(done.page)
    assert list(proposed)[: len(page)] == list(page)
    assert {
        **proposed,
        **{name: page[name] for name in ("spread", "review")},
    }.items() >= page.items()
    assert proposed["spread"] > 0.35
    assert parse_rules(done.page).community.reviewers == {"Root"}


def test_nothing_is_changed_on_the_wiki_and_nothing_in_the_ledger(scene):
    scene.reviews(*compared(scene, 40, SCATTER), by="Root")
    scene.round()
    before, pages = scene.raw_ledger(), dict(scene.wiki.pages)

    assert calibrate(scene.ledger).page is not None

    assert scene.raw_ledger() == before
    assert scene.wiki.pages == pages


def test_comparisons_that_cannot_be_used_are_counted_by_their_reason(scene):
    lines = compared(scene, 3, RULES)
    scene.task(a_task(90, points=3.0), owner="Ada")
    scene.merges(a_change(90, "gerrit:Ada", tasks=(90,)))
    lines += [
        line(accepted=True, work="T100", size="massive"),
        line(accepted=True, work="T104", harder_than="T90"),
        line(accepted=True, work="T104", harder_than="T999"),
        line(work="T104", harder_than="T105"),
    ]
    scene.reviews(*lines, by="Root")
    scene.round()

    found = of_ledger(scene.ledger)

    assert (len(found.comparisons), found.missing, found.worded) == (2, 1, 2)


def test_works_that_are_one_by_now_say_nothing_of_weights(scene):
    lines = compared(scene, 1, RULES)
    scene.reviews(*lines, line(accepted=True, work="T101", same="T100"), by="Root")
    scene.round()

    found = of_ledger(scene.ledger)

    assert (len(found.comparisons), found.missing) == (0, 1)


def test_a_file_is_fitted_to_beside_the_wiki_by_its_rules(scene, scattered):
    scene.wiki.edit(TITLE, '{"schema": 1, "spread": 0.2, "size": 0.58}', "Root", scene.now)
    scene.reviews(*compared(scene, 4, RULES), by="Root")
    scene.round()

    lines = calibrate(scene.ledger, scattered).lines

    assert lines[:2] == ("4 comparisons accepted by reviewers", f"60 comparisons of {scattered}")
    (spread,) = [one for one in lines if one.startswith("spread")]
    assert spread.split()[1] == "0.200"


def test_a_page_that_went_bad_is_told(scene, scattered):
    scene.wiki.edit(TITLE, '{"schema": 1,\n"size": 2}', "Root", scene.now)
    scene.round()

    done = calibrate(scene.ledger, scattered)

    assert done.page is not None
    assert done.lines[-1].startswith(f"[[{TITLE}]], line 2: ")


def test_a_page_that_this_version_cannot_read_is_not_merged_with(scene, scattered):
    scene.wiki.edit(TITLE, '{"schema": 1, "lines_cap": 900}', "Root", scene.now)
    scene.round()
    memo = scene.ledger.notes.recall(MEMO)
    scene.ledger.notes.remember(MEMO, {**memo, "page": '{"schema": 1, "older": 3}'})

    with pytest.raises(PageUnreadable, match="mend it first"):
        calibrate(scene.ledger, scattered)


def test_names_on_the_page_stay_letter_by_letter(scene, scattered):
    page = {"schema": 1, "community": {"excluded": ["A\u030asa"]}}
    scene.wiki.edit(TITLE, json.dumps(page), "Root", scene.now)
    scene.round()

    done = calibrate(scene.ledger, scattered)

    assert json.loads(done.page)["community"] == page["community"]


def test_neither_wiki_nor_file_is_an_error():
    with pytest.raises(SettingsError, match="nothing to fit"):
        calibrate(None)
