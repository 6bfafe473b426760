"""The real Gerrit is nobody's but the tests', and goes when they go."""

import re
from contextlib import suppress
from pathlib import Path

import pytest

from scripts.local.gerrit_site import GerritError

pytestmark = pytest.mark.gerrit

SOCKET = re.compile(r"socket:\[(\d+)\]")
LOOPBACK = {"0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000"}


def listeners(pid):
    """The addresses, in hexadecimal, at which a process listens."""
    inodes = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # Gerrit closes files while we look.
            inodes |= set(SOCKET.findall(str(link.readlink())))
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                found.add(fields[1].partition(":")[0])
    return found


def test_it_listens_on_loopback_only(told):
    found = listeners(told.world.site.pid)

    assert found
    assert found <= LOOPBACK


def test_what_was_stopped_is_gone(told):
    before = told.world.site.pid

    told.world.site.restart()

    assert told.world.site.pid != before
    assert not Path(f"/proc/{before}").exists()


def test_everyone_may_read_and_nobody_may_write_unasked(told):
    assert told.world.query("status:merged", user="")
    with pytest.raises(GerritError, match="403"):
        told.world.site.call("POST", "changes/1/abandon", {}, user="")
