"""Bars for whoever sits at a terminal, and nothing for anybody else."""

import io
import sys

import pytest

from bot import progress as shown
from bot.logs import logging_to, say
from bot.progress import bars, progress
from bot.score import score_files


class Terminal(io.StringIO):
    def isatty(self):
        return True


def at_a_terminal(monkeypatch):
    monkeypatch.setattr(shown, "DELAY", 0)
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    return terminal


def test_at_a_terminal_long_work_says_how_far_it_is_and_lines_stand_above(monkeypatch):
    terminal = at_a_terminal(monkeypatch)
    with logging_to(), bars():
        for page in progress(["one", "two"], "publishing"):
            say(f"saved {page}")

    told = terminal.getvalue()
    assert "publishing" in told
    assert "0/2" in told
    assert "saved one\n" in told


def test_a_file_is_read_with_a_bar_that_counts_its_bytes(tmp_path, monkeypatch):
    terminal = at_a_terminal(monkeypatch)
    monkeypatch.setattr(shown, "LINES", 1)
    (tmp_path / "facts.json").write_text('{"task": 1}\n' * 200)
    with bars():
        works = list(score_files([tmp_path / "facts.json"]))

    assert works == list(score_files([tmp_path / "facts.json"]))
    assert "facts.json" in terminal.getvalue()


@pytest.mark.parametrize("where", [io.StringIO, lambda: None])
def test_elsewhere_there_are_none(where, monkeypatch):
    monkeypatch.setattr(sys, "stderr", where())
    with bars():
        items = [1, 2]
        assert progress(items, "publishing") is items
