"""Where the real Gerrit comes from: what is wrong is never run, what cannot be had is said."""

import hashlib
import os
import re

import pytest

from scripts.local import gerrit_package
from scripts.local.fetching import UnavailableError
from scripts.local.gerrit_package import check_programs, jars
from tests.sources.server import Answer, Server

GOOD = b"the very bytes"


@pytest.fixture
def central(monkeypatch, tmp_path):
    """A place that gives GOOD for everything, and one jar that is wanted from it."""
    server = Server(lambda request: Answer(GOOD, kind="application/java-archive"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(gerrit_package, "CENTRAL", server.url)

    def want(sha256):
        monkeypatch.setattr(gerrit_package, "JARS", {"org/example/one/1/one-1.jar": sha256})

    server.want = want
    yield server
    server.close()


def test_a_jar_is_fetched_once(central):
    central.want(hashlib.sha256(GOOD).hexdigest())

    [first], [second] = jars(), jars()

    assert first == second
    assert first.read_bytes() == GOOD
    assert [request.path for request in central.requests] == ["/org/example/one/1/one-1.jar"]


def test_a_jar_that_is_another_is_refused_and_not_kept(central, tmp_path):
    central.want("0" * 64)

    with pytest.raises(UnavailableError, match="has the hash"):
        jars()

    assert not list(tmp_path.rglob("*.jar"))


def test_a_place_that_does_not_answer_is_said_in_one_line(central):
    central.want("0" * 64)
    central.close()

    with pytest.raises(UnavailableError, match=r"^Gerrit is not to be had: org/example/one"):
        jars()


@pytest.mark.parametrize(
    ("said", "reason"),
    [('openjdk version "11.0.2"', "Java is older than 17"), ("nonsense", "Java is older")],
)
def test_an_old_java_is_said_with_what_to_install(monkeypatch, tmp_path, said, reason):
    for name in ("java", "git"):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\necho '{said}' >&2\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/bin")

    with pytest.raises(UnavailableError, match=f"{reason}.*apt-get install"):
        check_programs()


def test_without_java_it_is_said_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(UnavailableError, match="is not installed: apt-get install"):
        check_programs()


def test_every_jar_is_pinned():
    for path, sha256 in gerrit_package.JARS.items():
        assert re.fullmatch(r"[0-9a-f]{64}", sha256)
        assert path.endswith(".jar")
