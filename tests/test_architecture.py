"""What must stay true of the whole tree."""

import ast
import re
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1]
ROOMS = {
    "scoring": set(),
    "sources": {"scoring"},
    "wikitext": {"scoring"},
    "bot": {"scoring", "sources", "wikitext"},
}
ONLY_HERE = {
    "apscheduler": {"bot/serve.py"},
    "merge3": {"wikitext/merge.py"},
    "mwparserfromhell": {"wikitext/parser.py"},
    "pywikibot": {"bot/pages/"},
    "requests": {"sources/http.py"},
    "urllib3": {"sources/http.py"},
    "sqlalchemy": {"bot/ledger/"},
    "scipy": {"bot/fitting.py"},
    "tqdm": {"bot/progress.py"},
}


def modules(*folders):
    return [path for folder in folders for path in sorted((HERE / folder).rglob("*.py"))]


def imported(path):
    """The top-level names that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]


@pytest.mark.parametrize("room", ROOMS)
def test_imports_point_one_way(room):
    for path in modules(room):
        wrong = set(imported(path)) & (ROOMS.keys() | {"tests", "scripts"}) - ROOMS[room] - {room}
        assert not wrong, f"{path.relative_to(HERE)} imports {wrong}"


@pytest.mark.parametrize("library", ONLY_HERE)
def test_each_library_is_known_to_one_module(library):
    knowing = {str(path.relative_to(HERE)) for path in modules(*ROOMS) if library in imported(path)}
    places = ONLY_HERE[library]

    assert knowing, "the library is used nowhere; drop it"
    assert all(name.startswith(tuple(places)) for name in knowing), knowing


def test_the_core_needs_the_standard_library_only():
    for path in modules("scoring"):
        assert set(imported(path)) <= sys.stdlib_module_names | {"scoring"}, path


def test_the_core_and_the_text_read_no_clock_and_log_nothing():
    for path in modules("scoring", "wikitext"):
        text = path.read_text("utf-8")
        assert not re.search(r"\.now\(|\.today\(|time\.time|import logging|print\(", text), path


def test_local_servers_share_no_code_with_the_sources():
    for path in modules("scripts"):
        assert not set(imported(path)) & ROOMS.keys(), path


def test_no_room_is_too_large_to_read():
    long = {
        str(path.relative_to(HERE)): lines
        for path in modules(*ROOMS)
        if (lines := len(path.read_text("utf-8").splitlines())) > 300
    }
    assert not long


def test_importing_the_program_does_nothing():
    """Settings, connections, pywikibot's configuration and scipy are touched when a command runs."""
    import subprocess

    code = "import bot.cli, sys; assert not {'pywikibot', 'scipy', 'numpy', 'apscheduler', 'tqdm'} & sys.modules.keys()"
    done = subprocess.run([sys.executable, "-c", code], cwd=HERE, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
