"""One wiki in one folder: installed, served by PHP's own server, stopped again.

In that folder: ``wiki.json`` (where it answers, and which process that is), ``html/w``
(MediaWiki), ``data`` (its database, SQLite), ``cache``, ``tmp`` and ``server.log``.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from local.wiki_package import check_php, mediawiki

HERE = Path(__file__).parent
EXTENSIONS = ("ParserFunctions", "Scribunto", "TemplateData", "Renameuser")
SKINS = ("MinervaNeue", "MonoBook", "Timeless", "Vector")
LEFT_OUT = ("LocalSettings.php", "config", "extensions", "extensions-core", "images")
PATIENCE = 60  # seconds until the wiki has to answer


class WikiError(Exception):
    """What was asked cannot be done; the message says what to do instead."""


@dataclass(frozen=True)
class Account:
    """An account to make."""

    name: str
    password: str
    groups: str = ""

    @classmethod
    def parse(cls, text: str) -> Account:
        """Read ``NAME:PASSWORD[:GROUP,GROUP]``."""
        name, password, groups = [*text.split(":", 2), "", ""][:3]
        if not (name and password):
            raise argparse.ArgumentTypeError(f"{text!r} is not NAME:PASSWORD[:GROUP,…]")
        return cls(name, password, groups)


class Site:
    """A wiki in the folder *home*."""

    def __init__(self, home: Path):
        self.home = home
        self.code = home / "html" / "w"
        self._facts_file = home / "wiki.json"
        self._extensions: tuple[str, ...] = EXTENSIONS

    @property
    def facts(self) -> dict[str, str | int | None]:
        """What wiki.json tells: url, api, port, pid, started, version."""
        if not self._facts_file.exists():
            raise WikiError(f"there is no wiki in {self.home}")
        facts: dict[str, str | int | None] = json.loads(self._facts_file.read_text("utf-8"))
        return facts

    def start(
        self,
        port: int,
        accounts: Sequence[Account],
        version: str | None,
        extensions: Sequence[str] = (),
        *,
        clean: bool,
    ) -> None:
        """Install a wiki with *accounts* and some more *extensions*; serve it until ``stop``."""
        check_php()
        self._extensions = (*EXTENSIONS, *extensions)
        source = mediawiki(version)
        port = _free_port(port)
        self._make_room(clean=clean)
        url = f"http://127.0.0.1:{port}"
        facts: dict[str, str | int | None] = {
            "url": f"{url}/wiki/",
            "api": f"{url}/w/api.php",
            "port": port,
            "pid": None,
            "started": None,
            "version": source.name.removeprefix("mediawiki-").split("+")[0].split("-")[0],
        }
        self._write(facts)
        self._copy(source)
        self._install(url)
        for account in accounts:
            self._create(account)
        pid = self._serve(port)
        self._write(facts | {"pid": pid, "started": _started(pid)})
        self._wait(f"{facts['api']}?action=query&meta=siteinfo&format=json")

    def stop(self) -> bool:
        """End the server and its workers, and nothing else; say whether there was one."""
        facts = self.facts
        pid, started = facts["pid"], facts["started"]
        if not isinstance(pid, int) or _started(pid) not in (started, None):
            return False  # never served, or the number belongs to somebody else by now
        ours = _session(pid)
        for sign in (signal.SIGTERM, signal.SIGKILL):
            for each in _session(pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(each, sign)
            _until(lambda: not _session(pid), seconds=5)
        self._write(facts | {"pid": None, "started": None})
        return bool(ours)

    def maintenance(self, script: str, args: Sequence[str]) -> int:
        """Run a maintenance script of this wiki, its output shown."""
        if not (self.facts and (self.code / "maintenance" / script).exists()):
            raise WikiError(f"MediaWiki has no maintenance script {script}")
        return subprocess.run(self._script(script, *args), env=self._environment()).returncode

    def _make_room(self, *, clean: bool) -> None:
        if self.home.exists() and any(self.home.iterdir()):
            if not self._facts_file.exists():
                raise WikiError(f"{self.home} is not empty, and holds no wiki of ours")
            if not clean:
                raise WikiError(f"there is a wiki in {self.home} already: --clean replaces it")
            self.stop()
            shutil.rmtree(self.home)
        for folder in ("html", "data", "tmp", "cache"):
            (self.home / folder).mkdir(parents=True)

    def _copy(self, source: Path) -> None:
        shutil.copytree(
            source,
            self.code,
            symlinks=True,
            copy_function=_link,
            ignore=lambda folder, _: LEFT_OUT if Path(folder) == source else (),
        )
        for name in self._extensions:
            if (source / "extensions-core" / name).exists():
                shutil.copytree(
                    source / "extensions-core" / name,
                    self.code / "extensions" / name,
                    copy_function=_link,
                )
        (self.code / "images").mkdir()
        shutil.copy(HERE / "wiki_settings.php", self.home / "settings.php")
        shutil.copy(HERE / "wiki_styles.php", self.home / "styles.php")
        shutil.copy(HERE / "wiki_router.php", self.home / "router.php")

    def _install(self, url: str) -> None:
        extensions = [
            name for name in self._extensions if (self.code / "extensions" / name).exists()
        ]
        self._quietly(
            "install.php",
            *("--dbtype", "sqlite", "--dbpath", str(self.home / "data"), "--dbname", "wiki"),
            *("--server", url, "--scriptpath", "/w", "--lang", "en"),
            *("--extensions", ",".join(extensions), "--skins", ",".join(SKINS)),
            *("--pass", secrets.token_urlsafe(24), "Developer Wiki", "Installer"),
        )
        for database in (self.home / "data").glob("*.sqlite"):
            connection = sqlite3.connect(database)
            connection.execute("PRAGMA journal_mode = WAL")  # readers never wait for a writer
            connection.close()
        with (self.code / "LocalSettings.php").open("a", encoding="utf-8") as settings:
            settings.write(f"\nrequire {json.dumps(str(self.home / 'settings.php'))};\n")

    def _create(self, account: Account) -> None:
        groups = [f"--custom-groups={account.groups}"] if account.groups else []
        self._quietly("createAndPromote.php", *groups, account.name, account.password)

    def _serve(self, port: int) -> int:
        command = [*self._php(), "-S", f"127.0.0.1:{port}"]
        command += ["-t", str(self.home / "html"), str(self.home / "router.php")]
        with (self.home / "server.log").open("wb") as log:
            server = subprocess.Popen(
                command,
                env=self._environment() | {"PHP_CLI_SERVER_WORKERS": "4"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return server.pid

    def _wait(self, url: str) -> None:
        if not _until(lambda: _answers(url), seconds=PATIENCE):
            self.stop()
            raise WikiError(f"the wiki does not answer; see {self.home / 'server.log'}")

    def _quietly(self, script: str, *args: str) -> None:
        done = subprocess.run(
            self._script(script, *args),
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            said = (done.stdout + done.stderr).strip().splitlines()
            raise WikiError(f"{script} failed: {' '.join(said[-3:])}")

    def _script(self, script: str, *args: str) -> list[str]:
        runner = self.code / "maintenance" / "run.php"
        start = [str(runner)] if runner.exists() and script != "install.php" else []
        return [*self._php(), *start, str(self.code / "maintenance" / script), *args]

    def _php(self) -> list[str]:
        tmp = self.home / "tmp"
        places = ("sys_temp_dir", "upload_tmp_dir", "session.save_path")
        no_deprecations = "-derror_reporting=8191"
        return ["php", *(f"-d{place}={tmp}" for place in places), no_deprecations]

    def _environment(self) -> dict[str, str]:
        return dict(os.environ) | {"TMPDIR": str(self.home / "tmp")}

    def _write(self, facts: dict[str, str | int | None]) -> None:
        self._facts_file.write_text(json.dumps(facts, indent=2) + "\n", "utf-8")


def _free_port(wanted: int) -> int:
    """Return *wanted* if nobody listens there; some free port if it is 0."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except (OSError, OverflowError) as error:
            raise WikiError(f"port {wanted} is not free ({error}); name another: --port") from error
        port: int = probe.getsockname()[1]
        return port


def _link(source: str, target: str) -> None:
    """Link a file of the cache, which nobody changes; copy it from another file system."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            return b'"generator"' in answer.read()
    except (urllib.error.URLError, OSError):
        return False


def _until(done: Callable[[], bool], seconds: float) -> bool:
    """Wait until *done* says yes, and say whether it did in time."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat from the state on; [] if there is no such process."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return []
    return [] if fields[0] == "Z" else fields


def _started(pid: int) -> int | None:
    """When a process began, in ticks since the machine did: with its id, its identity."""
    fields = _stat(pid)
    return int(fields[19]) if fields else None


def _session(leader: int) -> list[int]:
    """All processes of the session *leader* began.

    No new process gets the number of a session that still has members, so as long as there are
    any, they are the ones we started.
    """
    pids = [int(entry) for entry in os.listdir("/proc") if entry.isdigit()]
    return [pid for pid in pids if (fields := _stat(pid)) and int(fields[3]) == leader]
