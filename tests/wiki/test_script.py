"""What scripts/wiki promises."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.wiki.conftest import ACCOUNTS, Wiki, run

pytestmark = pytest.mark.wiki


def test_every_account_is_there_with_its_groups(wiki: Wiki):
    users = wiki.ada.api(action="query", list="users", ususers="|".join(ACCOUNTS), usprop="groups")[
        "query"
    ]["users"]

    for user in users:
        wanted = set(filter(None, ACCOUNTS[user["name"]].split(",")))
        assert wanted <= set(user["groups"])


def test_the_wiki_listens_to_this_machine_only(wiki: Wiki):
    assert wiki.api.startswith("http://127.0.0.1:")


def test_a_wiki_is_not_replaced_by_accident(wiki: Wiki):
    done = run("start", "--dir", str(wiki.home))

    assert done.returncode == 1
    assert "--clean replaces it" in done.stderr


def test_a_folder_of_somebody_else_is_never_emptied(wiki: Wiki, tmp_path: Path):
    (tmp_path / "thesis.txt").write_text("years of work")

    done = run("start", "--dir", str(tmp_path), "--clean")

    assert done.returncode == 1
    assert (tmp_path / "thesis.txt").exists()


def test_a_port_in_use_is_named_with_the_way_out(wiki: Wiki, tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        done = run("start", "--dir", str(tmp_path / "site"), "--port", str(port))

    assert done.returncode == 1
    assert f"port {port} " in done.stderr
    assert "--port" in done.stderr


def test_a_folder_without_a_wiki_has_nothing_to_stop(tmp_path: Path):
    done = run("stop", "--dir", str(tmp_path))

    assert done.returncode == 1
    assert done.stderr.startswith("scripts/wiki: there is no wiki in ")


def test_stopping_ends_every_process_and_nothing_else(wiki: Wiki, tmp_path: Path):
    home = tmp_path / "site"
    assert run("start", "--dir", str(home)).returncode == 0

    first, second = run("stop", "--dir", str(home)), run("stop", "--dir", str(home))

    assert first.stdout == "stopped\n"
    assert second.stdout == "nothing was running\n"
    served = [path for path in Path("/proc").glob("[0-9]*/cmdline") if _names(path, str(home))]
    assert not served
    assert wiki.ada.get("Main Page")


def test_maintenance_scripts_are_at_hand(wiki: Wiki):
    done = run("maintenance", "--dir", str(wiki.home), "showJobs.php")

    assert done.returncode == 0
    assert done.stdout.strip().isdigit()


def _names(cmdline: Path, text: str) -> bool:
    try:
        return text in cmdline.read_text("utf-8", "replace")
    except OSError:
        return False
