"""One real MediaWiki for all tests of this folder, started and stopped by scripts/wiki."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from scripts.local.api import Client
from tests.wiki import kit

if TYPE_CHECKING:
    from tests.wiki.practice import Practice
from tests.wiki.browser import Browser, UnavailableError

SCRIPT = Path(__file__).parents[2] / "scripts" / "wiki"
UNAVAILABLE = 3
PASSWORD = "a password for tests"
ACCOUNTS = {
    "Admin": "sysop,interface-admin",
    "BadgeBot": "bot",
    "Ada Example": "",
    "Grace Example": "",
    "Ёлка 木": "",
}
ROOT = "Project:Developer badges"


@dataclass
class Wiki:
    """The wiki under test: where it is, and clients that are logged in."""

    home: Path
    url: str
    api: str
    version: str
    _clients: dict[str, Client] = field(default_factory=dict)

    def client(self, name: str) -> Client:
        """Return a client logged in as one of ACCOUNTS."""
        if name not in self._clients:
            self._clients[name] = Client(self.api).login(name, PASSWORD)
        return self._clients[name]

    @property
    def admin(self) -> Client:
        return self.client("Admin")

    @property
    def bot(self) -> Client:
        return self.client("BadgeBot")

    @property
    def ada(self) -> Client:
        return self.client("Ada Example")

    def jobs(self) -> None:
        """Run all waiting jobs: only then do dependent pages know of an edit."""
        run("jobs", "--dir", str(self.home))


def run(*args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *args]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def unavailable(reason: str) -> NoReturn:
    """Skip, or fail where every test has to run."""
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@contextmanager
def standing(home: Path, *more: str) -> Iterator[Wiki]:
    """A fresh wiki with ACCOUNTS, all with PASSWORD; TEST_WIKI_VERSION picks its version."""
    accounts = [f"{name}:{PASSWORD}:{groups}" for name, groups in ACCOUNTS.items()]
    options = [option for account in accounts for option in ("--account", account)]
    if version := os.environ.get("TEST_WIKI_VERSION"):
        options += ["--version", version]
    started = run("start", "--dir", str(home), *options, *more)
    if started.returncode == UNAVAILABLE:
        unavailable(started.stderr.strip())
    assert started.returncode == 0, started.stderr
    facts = json.loads((home / "wiki.json").read_text("utf-8"))
    try:
        yield Wiki(home, facts["url"], facts["api"], facts["version"])
    finally:
        run("stop", "--dir", str(home))


@pytest.fixture(scope="session")
def wiki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wiki]:
    """The wiki that the tests of one process share."""
    with standing(tmp_path_factory.mktemp("wiki") / "site") as wiki:
        yield wiki


@pytest.fixture(scope="session")
def kit_wiki(wiki: Wiki) -> Wiki:
    """The wiki with the kit of wikitext/onwiki on it."""
    kit.install(wiki.admin, "BadgeBot", ROOT)
    return wiki


@pytest.fixture
def publish(kit_wiki: Wiki) -> Callable[[str, Any], dict[str, Any]]:
    """Save a person's data page as the bot does: ``publish(name, data)``."""

    def save(name: str, data: Any) -> dict[str, Any]:
        title = f"User:BadgeBot/Developer badges/{name}.json"
        return kit_wiki.bot.edit(title, json.dumps(data, ensure_ascii=False), "test")

    return save


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One Chromium for all tests that look."""
    try:
        started = Browser(tmp_path_factory.mktemp("browser"))
    except UnavailableError as error:
        unavailable(str(error))
    yield started
    started.quit()


@pytest.fixture
def practice(wiki: Wiki, tmp_path: Path) -> Iterator[Practice]:
    """A bot with an empty ledger, and a wiki on which nobody ever registered."""
    from tests.wiki.practice import practising  # It knows the wiki from here.

    with practising(wiki, tmp_path) as practice:
        yield practice
