"""``rules`` and ``preview --rules FILE``: from files and the ledger alone."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import cli
from bot.compare import badge_name, compare_rules
from bot.output import USAGE
from scoring.catalogue import CATALOGUE
from tests.bot.test_cli import bot
from tests.builders import a_change, a_task
from wikitext.rules_page import TITLE, RulesPage, dump_rules, parse_rules
from wikitext.words import message


@pytest.fixture
def two(scene):
    """Ada closed ten tasks, Bert one."""
    scene.exists("Ada", "Bert")
    scene.registers("Ada")
    scene.registers("Bert")
    for number in range(10):
        scene.merges(a_change(number, "gerrit:Ada", tasks=(100 + number,)))
        scene.task(a_task(100 + number), owner="Ada")
    scene.merges(a_change(50, "gerrit:Bert", tasks=(150,)))
    scene.task(a_task(150), owner="Bert")
    scene.round()
    return scene


def compared(scene, **values):
    page = parse_rules(json.dumps({"schema": 1, **values}))
    return [*compare_rules(scene.ledger, page)]


def test_the_rules_in_force_change_nothing(two):
    lines = [*compare_rules(two.ledger, RulesPage())]

    assert lines[-1] == "2 people: 0 would gain and 0 would lose something, 0 of them a tier (0%)."
    assert "Task Tamer: bronze → bronze" in "\n".join(lines)


def test_who_would_gain_a_tier_and_who_would_keep_one_beyond_the_facts_is_told(two):
    lines = compared(
        two,
        badges={
            "task-tamer": {"tiers": [1, 20]},
            "patch-quilter": {"tiers": [11]},
            "early-bird": {"name": "Early Bird", "counts": "issues", "tiers": [1]},
        },
    )
    ada = lines[: lines.index(next(line for line in lines if line.startswith("Bert")))]

    assert ada[0].endswith("issues 10 → 10, wishes 0 → 0")
    assert {
        "  Task Tamer: bronze → bronze",
        "  Patch Quilter: bronze → bronze (by the facts alone: not yet)",
        "  Early Bird: not yet → bronze",
    } <= set(ada[1:])
    assert "  Task Tamer: not yet → bronze" in lines
    assert lines[-2:] == [
        "Tiers are those that would be held once these rules are 14 days in force; by the facts alone,"
        " 1 would keep what they have not reached.",
        "2 people: 2 would gain and 0 would lose something, 0 of them a tier (0%).",
    ]


@pytest.mark.parametrize(
    "badges",
    [
        {"task-tamer": {"tiers": [1, 2, 3, 4]}, "patch-quilter": {"tiers": [11]}},
        {"task-tamer": {"where": [{"field": "changes", "least": 2}]}},
        {"task-tamer": {"state": "retired"}, "hello-world": {"state": "paused"}},
    ],
)
def test_what_is_foretold_is_what_the_pages_say_once_the_rules_are_old_enough(two, badges):
    told = compared(two, badges=badges)
    two.wiki.edit(TITLE, json.dumps({"schema": 1, "badges": badges}), "Root", two.now)
    two.round()
    two.now += timedelta(days=14)
    two.round(full=True)

    names = {badge.id: badge_name(badge) for badge in CATALOGUE}
    ada = next(n for n, line in enumerate(told) if line.startswith("Bert"))
    for person, lines in (("Ada", told[:ada]), ("Bert", told[ada:])):
        held = [
            (names[one["id"]], one["tier"]) for one in two.page(person)["badges"] if one["tier"]
        ]
        foretold = [re.fullmatch(r"  (.+): .+ → ([a-z]+)(?: \(.+\))?", line) for line in lines]
        assert [(one[1], one[2]) for one in foretold if one] == [
            (name, message(f"tier-{tier}")) for name, tier in held
        ]


def test_a_badge_that_is_taken_out_would_be_lost(two):
    whole = json.loads(dump_rules(RulesPage()))["badges"]
    lines = compared(two, badges=[one for one in whole if one["id"] != "hello-world"])

    assert lines.count("  Hello, World: bronze → not yet") == 2
    assert (
        lines[-1] == "2 people: 0 would gain and 2 would lose something, 2 of them a tier (100%)."
    )


def test_rules_that_wait_are_not_foretold_as_held_by_those_in_force(two):
    badges = {"task-tamer": {"tiers": [1, 20]}}
    two.wiki.edit(TITLE, json.dumps({"schema": 1, "badges": badges}), "Root", two.now)
    two.round()

    assert "  Task Tamer: not yet → bronze" in compared(two, badges=badges)


def test_who_would_be_excluded_would_have_nothing(two):
    lines = compared(two, community={"excluded": ["Bert"]})

    assert next(line for line in lines if line.startswith("Bert")).endswith(
        "→ 0.0, issues 1 → 0, wishes 0 → 0"
    )


def test_no_source_and_no_wiki_is_asked_and_nothing_is_kept(two):
    two.gerrit.asked.clear()
    before = two.raw_ledger()

    compared(two, lines_cap=5)

    assert not two.gerrit.asked
    assert two.raw_ledger() == before


def test_without_configuration_the_sample_is_compared(tmp_path):
    file = tmp_path / "rules.json"
    file.write_text('{"schema": 1, "badges": {"task-tamer": {"tiers": [1000]}}}', "utf-8")

    done = bot(tmp_path, "preview", "--rules", str(file))

    assert done.returncode == 0, done.stderr
    assert "sample data" in done.stdout
    assert "Task Tamer: silver → silver (by the facts alone: not yet)" in done.stdout
    assert "0 would lose something" in done.stdout


@pytest.mark.parametrize("command", [["preview", "--rules"], ["rules"]])
def test_a_bad_file_is_one_sentence_with_its_line_and_exit_code_2(tmp_path, command):
    file = tmp_path / "rules.json"
    file.write_text('{"schema": 1,\n"size": 2}', "utf-8")

    done = bot(tmp_path, *command, str(file))

    assert done.returncode == USAGE
    assert done.stderr == f"{file}, line 2: “size” must be a number from 0 to 1.\n"
    assert done.stdout == ""


def test_printing_the_rules_plays_the_examples_of_the_badges_we_ship_and_tells_what_comes_out_wrong(
    monkeypatch, capsys
):
    assert cli.main(["rules"]) == cli.DONE
    assert capsys.readouterr().err == ""

    risen = replace(CATALOGUE[0], tiers=(10_000,))
    monkeypatch.setattr(cli, "CATALOGUE", (risen, *CATALOGUE[1:]))
    assert cli.main(["rules"]) == cli.FAILED
    told = capsys.readouterr()
    assert f"please report it. {risen.id}, example 1: tier 0 comes out instead of 1." in told.err
    assert parse_rules(told.out) == RulesPage()


@pytest.mark.parametrize("content", [None, b"\xff"])
def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path, content):
    file = tmp_path / "rules.json"
    if content is not None:
        file.write_bytes(content)

    done = bot(tmp_path, "rules", str(file))

    assert done.returncode == USAGE
    assert done.stderr.startswith(f"{file} cannot be read")


def test_the_printed_rules_are_good_ones_and_those_we_ship(tmp_path):
    printed = bot(tmp_path, "rules")
    assert parse_rules(printed.stdout) == RulesPage()

    file = tmp_path / "rules.json"
    file.write_text(printed.stdout.replace('"lines_cap": 1000', '"lines_cap": 900'), "utf-8")
    done = bot(tmp_path, "rules", str(file))

    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        f"{file}: these rules are good; 1 field not as we ship them.",
        "  lines_cap: 1000 → 900",
    ]
