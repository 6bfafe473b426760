"""One real Gerrit for all tests of this folder, with everything that the story tells."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from scripts.local.fetching import UnavailableError
from scripts.local.gerrit_site import Site
from sources.gerrit import Gerrit
from sources.http import Client
from tests.gerrit import story
from tests.gerrit.world import World


@dataclass
class Told:
    """The world, and the changes of the story by name."""

    world: World
    changes: dict[str, int]

    def named(self, numbers: Any) -> list[str]:
        """The names of these changes, sorted; a number where it has none."""
        names = {number: name for name, number in self.changes.items()}
        return sorted(str(names.get(number, number)) for number in numbers)


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    home = tmp_path_factory.mktemp("gerrit")
    site = Site(home)
    try:
        site.start()
    except UnavailableError as error:
        if os.environ.get("CI"):
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))
    try:
        world = World(site, home / "clones")
        yield Told(world, story.tell(world))
    finally:
        site.stop()


@pytest.fixture
def ask(told: Told, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Gerrit]]:
    """Make a source that asks the real Gerrit as everyone may, and waits for nothing."""
    monkeypatch.setenv("NO_PROXY", "*")
    made: list[Client] = []

    def make(**settings: Any) -> Gerrit:
        made.append(Client("Gerrit", "DeveloperBadges/0 (https://example.org/bot)", interval=0))
        return Gerrit(told.world.site.url, made[-1], **settings)

    yield make
    for client in made:
        client.close()


@pytest.fixture
def source(ask: Callable[..., Gerrit]) -> Gerrit:
    return ask()


@pytest.fixture
def a_counter(monkeypatch: pytest.MonkeyPatch) -> Callable[[Gerrit], int]:
    """Count the requests of this test."""
    asked: list[str] = []
    get = Client.get

    def counted(self: Client, url: str, *more: Any) -> object:
        asked.append(url)
        return get(self, url, *more)

    monkeypatch.setattr(Client, "get", counted)
    return lambda _: len(asked)
