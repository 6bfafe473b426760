"""What comes out of the command line, and what never does."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot import cli
from bot.logs import logging_to, say
from bot.output import show
from bot.stopping import Stopping

HERE = Path(__file__).parents[2]
SECRET = "S3cr3tW0rd"
TOKEN = "api-abcdefghijklmnopqrstuvwxyz12"


def bot(folder, *arguments, **environment):
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("BADGES_", "PYWIKIBOT"))}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env={**clean, "PYTHONPATH": str(HERE), "HOME": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_anything_the_sample_is_shown(tmp_path):
    done = bot(tmp_path)

    assert done.returncode == 0
    assert "sample data" in done.stdout
    assert "Task Tamer: silver" in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "code"),
    [
        (f"mysql+pymysql://tools:{SECRET}", 2),
        (f"mysql+pymysql://tools:{SECRET}/db", 1),
        (f"postgresql://tools:{SECRET}@127.0.0.1:9/db?{SECRET}=1", 2),
        (f"sqlite:////nowhere/{SECRET[:3]}/x.sqlite", 1),
        (f"nonsense {SECRET}", 2),
        ("sqlite://", 2),
        ("", 2),
    ],
)
def test_a_database_that_cannot_be_opened_is_one_sentence_without_its_password(tmp_path, url, code):
    done = bot(tmp_path, "explain", "Ada", BADGES_DATABASE_URL=url)

    assert done.returncode == code
    assert SECRET not in done.stdout + done.stderr
    assert "BADGES_DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("token", ["api-\u00e9", "api-\nx", "api-\x1b[2J"])
def test_a_token_of_odd_characters_is_refused_and_not_repeated(tmp_path, token):
    done = bot(tmp_path, "run", BADGES_PHABRICATOR_TOKEN=token)

    assert done.returncode == 2
    assert "BADGES_PHABRICATOR_TOKEN" in done.stderr
    assert token not in done.stderr


def test_even_a_fault_of_the_program_shows_no_secret(monkeypatch, capsys):
    monkeypatch.setenv("BADGES_PHABRICATOR_TOKEN", TOKEN)
    monkeypatch.setenv("BADGES_DATABASE_URL", f"mysql://me:{SECRET}@host/db")

    def fail(*_):
        raise RuntimeError(f"{TOKEN} and {SECRET}")

    monkeypatch.setattr(cli, "_explain", fail)

    assert cli.main(["explain", "Ada"]) == 1
    printed = capsys.readouterr().err
    assert "fault of the program" in printed
    assert TOKEN not in printed
    assert SECRET not in printed


def test_no_first_line_of_a_patch_can_steer_the_terminal(capsys):
    show(["fix \x1b]0;pwned\x07\x1b[2J it\r"])
    with logging_to():
        say("fix \x1b[2J it")

    printed = capsys.readouterr()
    assert not {"\x1b", "\x07", "\r"} & set(printed.out + printed.err)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_any_command_with_the_code_that_stands_for_it(monkeypatch, capsys, number):
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(cli, "doctor", lambda *_: os.kill(os.getpid(), number) or time.sleep(60))

    assert cli.main(["doctor"]) == 5
    assert "Interrupted" in capsys.readouterr().err
    assert signal.getsignal(signal.SIGTERM) is before


def test_whoever_was_asked_to_stop_is_not_killed_by_a_second_signal_on_the_way_out(monkeypatch):
    def asked(*_):
        with Stopping() as stopping:
            os.kill(os.getpid(), signal.SIGTERM)
            stopping.look()

    monkeypatch.setattr(cli, "doctor", asked)
    try:
        assert cli.main(["doctor"]) == 5
        os.kill(os.getpid(), signal.SIGTERM)
    finally:
        for number in (signal.SIGTERM, signal.SIGALRM):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
