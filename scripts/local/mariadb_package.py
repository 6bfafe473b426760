"""Where MariaDB comes from: Debian's packages, downloaded and unpacked, never installed.

Installing the server would start it, and keep it running. Unpacked it is a few programs and files;
the shared libraries that this machine lacks are unpacked beside them.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PACKAGES = ("mariadb-server-core", "mariadb-client-core", "mariadb-client")
LIBRARIES = {
    "libaio": ("libaio1", "libaio1t64"),
    "liburing": ("liburing2",),
    "libnuma": ("libnuma1",),
    "libpcre2-8": ("libpcre2-8-0",),
    "libsystemd": ("libsystemd0",),
    "libssl": ("libssl3", "libssl3t64"),
    "libcrypto": ("libssl3", "libssl3t64"),
    "libedit": ("libedit2",),
    "libncurses": ("libncurses6",),
    "libtinfo": ("libtinfo6",),
}
"""In which packages (Debian's, Ubuntu's) there are the libraries that the programs are linked to."""
PROGRAMS = ("sbin/mariadbd", "bin/mariadb", "bin/mariadb-dump")


class UnavailableError(Exception):
    """MariaDB is not to be had on this machine."""


@dataclass(frozen=True)
class Programs:
    """MariaDB as unpacked in the folder *tree*."""

    tree: Path

    def path(self, name: str) -> str:
        """Return the path of a program: ``sbin/mariadbd``, ``bin/mariadb-dump``."""
        return str(self.tree / "usr" / name)

    @property
    def share(self) -> Path:
        """Where the server's messages and the definitions of its own tables lie."""
        return self.tree / "usr/share/mysql"

    @property
    def environment(self) -> Mapping[str, str]:
        """What the programs need to find their libraries."""
        places = [*self.tree.glob("usr/lib/*-linux-gnu*"), *self.tree.glob("lib/*-linux-gnu*")]
        return os.environ | {"LD_LIBRARY_PATH": ":".join(map(str, places))}


def mariadb() -> Programs:
    """Return MariaDB's programs, fetching them where they are not in the cache."""
    for program in ("apt-get", "apt-cache", "dpkg", "ldd"):
        if not shutil.which(program):
            raise UnavailableError(f"MariaDB is not to be had: there is no {program} here")
    folder = _cache()
    with _alone(folder):
        target = folder / f"mariadb-{_version(PACKAGES[0])}"
        if not target.exists():
            with tempfile.TemporaryDirectory(dir=folder) as scratch:
                os.rename(_unpacked(Path(scratch)), target)
        return Programs(target)


def _unpacked(scratch: Path) -> Path:
    """Download and unpack the programs and the libraries that they lack; return the tree."""
    tree = scratch / "tree"
    for package in PACKAGES:
        _unpack(package, scratch, tree)
    for name in sorted(_missing(tree)):
        _unpack(_package_of(name), scratch, tree)
    if still := _missing(tree):
        raise UnavailableError(f"MariaDB needs {', '.join(sorted(still))}")
    return tree


def _unpack(package: str, scratch: Path, tree: Path) -> None:
    with tempfile.TemporaryDirectory(dir=scratch) as place:
        _run("apt-get", "download", package, cwd=place)
        for file in Path(place).glob("*.deb"):
            _run("dpkg", "-x", str(file), str(tree), cwd=place)


def _missing(tree: Path) -> set[str]:
    """Return the names of the libraries without which the programs do not start."""
    programs = Programs(tree)
    missing: set[str] = set()
    for name in PROGRAMS:
        said = _output("ldd", programs.path(name), env=programs.environment)
        missing |= set(re.findall(r"^\s*(\S+?)\.so\S* => not found", said, re.MULTILINE))
    return missing


def _package_of(library: str) -> str:
    for package in LIBRARIES.get(library, ()):
        if _version(package, known=False):
            return package
    raise UnavailableError(f"MariaDB needs {library}, and apt knows no package that has it")


def _version(package: str, *, known: bool = True) -> str:
    """Say which version apt would give: ``1:10.11.19-0+deb12u1`` → ``10.11.19-0+deb12u1``."""
    found = re.search(r"Candidate: (\d\S+)", _output("apt-cache", "policy", package))
    if found:
        return found[1].rpartition(":")[2]
    if known:
        raise UnavailableError(f"apt knows no package {package}; apt-get update first")
    return ""


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Fetch one at a time: tests run side by side."""
    with open(folder / "lock-mariadb", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(base) / "developer-badges"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _run(*command: str, cwd: str | Path) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip() or "no reason given").splitlines()[-1]
        raise UnavailableError(f"MariaDB is not to be had: {command[0]} says {last}")


def _output(*command: str, env: Mapping[str, str] | None = None) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    return done.stdout
