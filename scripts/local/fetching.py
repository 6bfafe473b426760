"""What fetching real parts has in common: where they are kept, and how programs are asked for them."""

from __future__ import annotations

import fcntl
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


class UnavailableError(Exception):
    """A real part (MediaWiki, MariaDB, Gerrit, axe-core) is not to be had on this machine."""


def cache(name: str = "") -> Path:
    """Return the folder in which what was fetched is kept, or the folder *name* in it."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(base) / "developer-badges" / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Fetch one at a time: tests run side by side, and apt's lists take one writer."""
    with open(cache() / f"lock-{name}", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def output(*command: str, env: Mapping[str, str] | None = None) -> str:
    """Return what a program prints, be it well or not."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    return done.stdout


def fetch(what: str, *command: str, cwd: str | Path, patience: float | None = None) -> None:
    """Run a program that brings a part of *what*. Raises UnavailableError with its last word."""
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, timeout=patience
    )
    if done.returncode:
        last = (done.stderr.strip() or "no reason given").splitlines()[-1]
        raise UnavailableError(f"{what} is not to be had: {command[0]} says {last}")
