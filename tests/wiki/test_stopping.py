"""Processes that are asked to stop, on the real wiki, against servers that do not answer."""

import os
import signal
import subprocess
import sys
import time

import pytest

from bot.ledger import Ledger
from bot.rounds import TURNS, last_rounds, turns_of
from bot.schedule import Kind
from tests.wiki.conftest import Wiki
from tests.wiki.practice import HERE, practising

pytestmark = pytest.mark.wiki

ADA = "Ada Example"
GRACE = 30.0
"""Seconds after which Kubernetes kills."""


@pytest.fixture
def practice(wiki: Wiki, tmp_path):
    with practising(wiki, tmp_path) as practice:
        practice.register(practice.account(ADA), ADA)
        yield practice


class Process:
    """A command of the bot that goes on beside the test."""

    def __init__(self, practice, *arguments):
        self.practice = practice
        self.log = practice.folder / "bot.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", *arguments],
                cwd=HERE, env=practice.environment(), stdin=subprocess.DEVNULL,
                stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def said(self):
        return self.log.read_text("utf-8")

    def until(self, what):
        """Wait until *what* gives something."""
        end = time.monotonic() + 120
        while not (found := what()):
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < end, self.said()
            time.sleep(0.05)
        return found

    def asked(self, number=signal.SIGTERM):
        """Ask it to stop, twice; return its exit code."""
        os.kill(self.process.pid, number)
        time.sleep(0.5)
        if self.process.poll() is None:
            os.kill(self.process.pid, number)
        return self.process.wait(timeout=GRACE)


@pytest.fixture
def ledger(practice):
    ledger = Ledger.open(practice.environment()["BADGES_DATABASE_URL"])
    yield ledger
    ledger.close()


def outcomes(ledger):
    return [(one["kind"], one["outcome"]) for one in last_rounds(ledger)]


def test_a_round_that_waits_for_a_slow_source_stops_in_time_and_the_next_one_does_it_all(
    practice, wiki, ledger
):
    practice.fault("gerrit", "slow")
    with Process(practice, "run") as bot:
        bot.until(lambda: practice.asked()["gerrit"])
        assert ledger.notes.lock_holder()
        second = practice.bot("run", "--hourly")
        code = bot.asked()
        said = bot.said()

    assert (second.returncode, "Another round is running" in second.stderr) == (5, True)
    assert (code, "Asked to stop" in said, "Traceback" in said) == (5, True, False)
    assert ledger.notes.lock_holder() == ""
    assert outcomes(ledger) == [("daily", "interrupted")]
    practice.fault("gerrit", "none")
    assert practice.run("--hourly") > 0
    assert practice.page(wiki.admin, f"people/{ADA}")["state"] == "ready"
    assert practice.run() == 0


def test_serve_makes_up_for_what_was_missed_and_stops_when_asked_at_work_or_at_rest(
    practice, wiki, ledger
):
    practice.fault("gerrit", "slow")
    with Process(practice, "serve") as bot:
        bot.until(lambda: practice.asked()["gerrit"])
        assert bot.asked() == 0, bot.said()
    assert outcomes(ledger) == [("weekly", "interrupted")]
    practice.fault("gerrit", "none")

    with Process(practice, "serve") as bot:
        bot.until(lambda: len(last_rounds(ledger)) > 1)
        assert bot.asked(signal.SIGINT) == 0, bot.said()
    assert outcomes(ledger)[1:] == [("weekly", "done")]
    assert practice.page(wiki.admin, f"people/{ADA}")["state"] == "ready"

    ledger.notes.remember(TURNS, {})  # As if much time had passed.
    practice.configure(api="http://127.0.0.1:9/api.php")
    with Process(practice, "serve") as bot:
        bot.until(lambda: len(last_rounds(ledger)) > 2)
        assert bot.asked() == 0, bot.said()  # A wiki that is away ends no process.
    assert outcomes(ledger)[2:] == [("weekly", "unreachable")]
    turn = turns_of(ledger)[Kind.WEEKLY]
    assert (turn.waits, turn.tries) == (True, 1)
    with Process(practice, "serve") as bot:
        bot.until(lambda: "Rounds come" in bot.said())
        assert bot.asked() == 0, bot.said()  # At rest: it is tried again in five minutes only.
    assert ledger.notes.lock_holder() == ""
    assert "begins" not in bot.said()
    wrong = practice.bot("serve", BADGES_GERRIT_URL="no address")
    assert (wrong.returncode, "BADGES_GERRIT_URL" in wrong.stderr) == (2, True)
    (practice.folder / "user-config.py").unlink()
    assert practice.bot("serve").returncode == 2
