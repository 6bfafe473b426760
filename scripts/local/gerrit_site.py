"""One real Gerrit in one folder: made, served on loopback, stopped again."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .gerrit_package import check_programs, jars

PREFIX = ")]}'"
PATIENCE = 120  # seconds until the server has to answer
ADMIN, PASSWORD = "admin", "secret"
"""The account that ``init --dev`` makes."""

LAUNCHER = "com.google.gerrit.launcher.GerritLauncher"
BACKEND = "com.google.common.flogger.backend.log4j.Log4jBackendFactory#getInstance"
LOG = """\
log4j.rootLogger=WARN,out
log4j.appender.out=org.apache.log4j.ConsoleAppender
log4j.appender.out.layout=org.apache.log4j.PatternLayout
log4j.appender.out.layout.ConversionPattern=%d %p %c %m%n
"""


class GerritError(Exception):
    """What was asked cannot be done; the message says what Gerrit said."""


class Site:
    """A Gerrit in the folder *home*, configured as Wikimedia's in what concerns this project."""

    def __init__(self, home: Path):
        self.home = home
        self.url = f"http://127.0.0.1:{_free_port()}/r"
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process that serves; None where none does."""
        return self._server.pid if self._server else None

    def start(self) -> None:
        """Make the site and serve it until ``stop``."""
        check_programs()
        (self.home / "java").mkdir(parents=True)
        (self.home / "log4j.properties").write_text(LOG, "utf-8")
        self._run(*self._java("init", "--batch", "--dev", "--no-auto-start", "--skip-plugins"))
        self._set(self._config())
        self._serve()

    def restart(self, **settings: str) -> None:
        """Serve the same site with other *settings* of ``gerrit.config``."""
        self.stop()
        self._set(settings)
        self._serve()

    def _set(self, settings: Mapping[str, str]) -> None:
        file = str(self.home / "site" / "etc" / "gerrit.config")
        for name, value in settings.items():
            self._run("git", "config", "-f", file, name, value)

    def _serve(self) -> None:
        command = self._java("daemon", "--headless", "--console-log")
        if shutil.which("setpriv"):
            # Should whoever began it be killed, it ends as well.
            command = ["setpriv", "--pdeathsig", "KILL", *command]
        with (self.home / "server.log").open("ab") as log:
            self._server = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        end = time.monotonic() + PATIENCE
        while not self._answers():
            if self._server.poll() is not None or time.monotonic() > end:
                self.stop()
                words = (self.home / "server.log").read_text("utf-8", "replace")
                raise GerritError(f"Gerrit does not answer:\n{words[-2000:]}")
            time.sleep(0.1)

    def stop(self) -> None:
        """End the server, and nothing else."""
        if self._server is None:
            return
        for sign in (signal.SIGTERM, signal.SIGKILL):
            if self._server.poll() is None:
                self._server.send_signal(sign)
            try:
                self._server.wait(10)
                break
            except subprocess.TimeoutExpired:
                continue
        self._server = None

    def call(self, method: str, path: str, value: object = None, user: str = ADMIN) -> Any:
        """Send one REST request as *user* (``""``: as nobody) and return the decoded answer."""
        private = "/a" if user else ""
        request = urllib.request.Request(f"{self.url}{private}/{path}", method=method)
        if user:
            token = base64.b64encode(f"{user}:{PASSWORD}".encode()).decode()
            request.add_header("Authorization", f"Basic {token}")
        if value is not None:
            request.add_header("Content-Type", "application/json")
            request.data = json.dumps(value).encode()
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                text = answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                said = error.read().decode("utf-8", "replace")
            raise GerritError(f"{method} {path}: {error.code} {said}") from None
        return json.loads(text.removeprefix(PREFIX)) if text.strip() else None

    def _config(self) -> dict[str, str]:
        return {
            "httpd.listenUrl": f"{self.url}/",
            "gerrit.canonicalWebUrl": f"{self.url}/",
            "sshd.listenAddress": "off",
            "sendemail.enable": "false",
            "user.email": "gerrit@example.org",
            "cache.directory": "",
            "trackingid.phab.footer": "Bug:",
            "trackingid.phab.match": r"\bT\d+\b",
            "trackingid.phab.system": "Phab",
        }

    def _java(self, *command: str) -> list[str]:
        return [
            "java",
            "-Xmx512m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            f"-Duser.home={self.home / 'java'}",
            f"-Djava.io.tmpdir={self.home / 'java'}",
            f"-Dlog4j.configuration=file:{self.home / 'log4j.properties'}",
            f"-Dflogger.backend_factory={BACKEND}",
            "-cp",
            os.pathsep.join(map(str, jars())),
            LAUNCHER,
            *command,
            "-d",
            str(self.home / "site"),
        ]

    def _run(self, *command: str) -> None:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            said = (done.stdout + done.stderr).strip()
            raise GerritError(f"{command[0]} failed: {said[-2000:]}")

    def _answers(self) -> bool:
        try:
            self.call("GET", "config/server/version", user="")
        except (OSError, GerritError):
            return False
        return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
