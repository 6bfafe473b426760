"""One real MariaDB in one folder: made, served on a socket of its own, stopped again.

As on ToolsDB it is strict about values, and each reading sees one moment of the database. Its own
default alphabet is latin1, so that whatever forgets to name another is found out.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import tempfile
import time
from functools import cached_property
from pathlib import Path

from .mariadb_package import Programs, mariadb

PATIENCE = 60.0  # seconds until the server has to answer
USER = "badges"
SMALL = (
    "--innodb-buffer-pool-size=64M",
    "--innodb-log-file-size=8M",
    # What a test stores need not outlive the machine.
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-flush-method=nosync",
    "--innodb-doublewrite=0",
    "--sync-frm=0",
    "--skip-log-bin",
    "--performance-schema=OFF",
)
STRICT = (
    "--sql-mode=STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_CREATE_USER,"
    "NO_ENGINE_SUBSTITUTION",
    "--transaction-isolation=REPEATABLE-READ",
    "--character-set-server=latin1",
)


class MariadbError(Exception):
    """What was asked cannot be done; the message says what the server said."""


class Server:
    """A MariaDB with its data in the folder *home*, reached by a socket only."""

    def __init__(self, home: Path):
        self.home = home
        self.password = secrets.token_hex(8)
        # The path of a socket may have 107 bytes: so not below a test's long folder.
        self._short = tempfile.TemporaryDirectory(prefix="mariadb-")
        self.socket = f"{self._short.name}/socket"
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process that serves; None where none does."""
        return self._server.pid if self._server else None

    @cached_property
    def programs(self) -> Programs:
        """The programs that serve, ask, dump and restore."""
        return mariadb()

    def url(self, database: str) -> str:
        """Return the address of a database of this server, for SQLAlchemy."""
        return (
            f"mysql+pymysql://{USER}:{self.password}@localhost/{database}?unix_socket={self.socket}"
        )

    def start(self) -> None:
        """Make the data where there is none, and serve it until ``stop``."""
        data = self.home / "data"
        if not data.exists():
            data.mkdir(parents=True)
            self._fill(data)
        with open(self.home / "log", "ab") as log:
            self._server = subprocess.Popen(
                self._command(data, f"--socket={self.socket}", "--skip-networking"),
                env=self.programs.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self._wait()

    def stop(self) -> None:
        """Stop serving; the data stays."""
        if self._server is not None:
            self._server.terminate()
            self._server.wait()
            self._server = None

    def close(self) -> None:
        """Stop for good."""
        self.stop()
        self._short.cleanup()

    def create(self, database: str) -> str:
        """Make an empty database, dropping one of that name; return its address.

        Raises:
            MariadbError: the server refuses.

        """
        self.ask(f"DROP DATABASE IF EXISTS `{database}`; CREATE DATABASE `{database}`")
        return self.url(database)

    def ask(self, statements: str, database: str = "") -> str:
        """Do *statements* as the server's administrator; return what they answer, tab-separated."""
        options = ["--batch", "--skip-column-names", "--user=root", f"--socket={self.socket}"]
        command = [self.programs.path("bin/mariadb"), "--no-defaults", *options]
        done = subprocess.run(
            [*command, *([database] if database else [])],
            input=statements,
            env=self.programs.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise MariadbError(done.stderr.strip())
        return done.stdout

    def _fill(self, data: Path) -> None:
        share = self.programs.share
        files = ("mysql_system_tables", "mysql_performance_tables", "mysql_system_tables_data")
        tables = "".join((share / f"{name}.sql").read_text("utf-8") for name in files)
        # The bootstrap reads a statement a line.
        user = (
            f"FLUSH PRIVILEGES;\nCREATE USER {USER}@localhost IDENTIFIED BY '{self.password}';\n"
            f"GRANT ALL ON *.* TO {USER}@localhost;\n"
        )
        done = subprocess.run(
            self._command(data, "--bootstrap"),
            input=f"CREATE DATABASE mysql;\nUSE mysql;\n{tables}{user}",
            env=self.programs.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise MariadbError(f"The server made no data: {_last(done.stderr)}")

    def _command(self, data: Path, *more: str) -> list[str]:
        root = ["--user=root"] if os.geteuid() == 0 else []
        places = [f"--datadir={data}", f"--lc-messages-dir={self.programs.share}"]
        places += [f"--pid-file={data / 'pid'}", f"--tmpdir={self._short.name}"]
        program = self.programs.path("sbin/mariadbd")
        return [program, "--no-defaults", *places, *root, *SMALL, *STRICT, *more]

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self._server is None or self._server.poll() is not None:
                break
            try:
                self.ask("SELECT 1")
            except MariadbError:
                time.sleep(0.05)
            else:
                return
        self.stop()
        raise MariadbError(f"The server did not start: {_last((self.home / 'log').read_text())}")


def _last(text: str) -> str:
    lines = [line for line in text.splitlines() if "ERROR" in line] or text.splitlines() or [""]
    return lines[-1]
