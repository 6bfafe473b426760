"""For every test: no network but this machine's, the same random numbers, and no silent skip."""

from __future__ import annotations

import os
import socket
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")

_connect = socket.socket.connect


def _only_here(self: socket.socket, address: Any) -> None:
    host = address[0] if isinstance(address, tuple) else ""
    if self.family != socket.AF_UNIX and not str(host).startswith(("127.", "::1", "localhost")):
        raise OSError(f"a test wanted to leave this machine: {host}")
    _connect(self, address)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", _only_here)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where tests run side by side, a file stays together, and so does all that needs a Gerrit."""
    for item in items:
        needs_gerrit = item.get_closest_marker("gerrit")
        item.add_marker(pytest.mark.xdist_group("gerrit" if needs_gerrit else str(item.path)))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI what was skipped was not tested, and that is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
