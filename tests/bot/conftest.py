"""A scene on each of the two databases; scripts/test runs most tests on MariaDB only with --all."""

import gc
import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from scripts.local.fetching import UnavailableError
from scripts.local.mariadb_site import Server
from tests.bot.scene import Scene
from tests.builders import a_change, a_task
from tests.databases import Database, mariadb_at, sqlite_in, unavailable

ALWAYS = (
    "test_lock",
    "test_lease",
    "test_migrations",
    "test_databases",
    "test_faults_database",
    "test_round",
    "test_scan",
    "test_tiers",
)
"""The files whose tests run on MariaDB whenever they run."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """On MariaDB the other files are for those who have time."""
    for item in items:
        here = item.path.parent == Path(__file__).parent
        if here and item.get_closest_marker("mariadb") and item.path.stem not in ALWAYS:
            item.add_marker(pytest.mark.long)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real MariaDB of this test run."""
    server = Server(tmp_path_factory.mktemp("mariadb"))
    try:
        server.start()
    except UnavailableError as error:
        unavailable(str(error))
    yield server
    server.close()


@pytest.fixture
def mariadb(server: Server) -> Iterator[Database]:
    """An empty database in it."""
    yield mariadb_at(server, "ledger")
    server.ask("DROP DATABASE `ledger`")


@pytest.fixture(params=["sqlite", pytest.param("mariadb", marks=pytest.mark.mariadb)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """An empty database, of either kind."""
    if request.param == "sqlite":
        return sqlite_in(tmp_path)
    found: Database = request.getfixturevalue("mariadb")
    return found


@pytest.fixture
def careless_driver() -> Iterator[None]:
    """PyMySQL leaves a socket that nobody answers to the collection of garbage."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield
        gc.collect()


@pytest.fixture
def scene(tmp_path: Path, database: Database) -> Iterator[Scene]:
    """A world in which nobody has registered yet."""
    scene = Scene(tmp_path, database)
    yield scene
    scene.ledger.close()


@pytest.fixture
def ada(scene: Scene) -> Scene:
    """Ada has registered, and closed a task with a patch."""
    scene.exists("Ada")
    scene.registers("Ada")
    scene.merges(a_change(1, "gerrit:Ada", tasks=(100,)))
    scene.task(a_task(100), owner="Ada")
    return scene


@pytest.fixture(scope="module")
def bot_pages(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The modules that know pywikibot, imported with a configuration of their own."""
    folder = tmp_path_factory.mktemp("pywikibot")
    (folder / "user-config.py").write_text("family = 'meta'\nmylang = 'meta'\n")
    before = os.environ.get("PYWIKIBOT_DIR")
    os.environ["PYWIKIBOT_DIR"] = str(folder)
    import bot.pages
    import bot.pages.manners

    if before is None:
        del os.environ["PYWIKIBOT_DIR"]
    return bot.pages
