"""Where MariaDB comes from: Debian's packages, downloaded and unpacked, never installed.

Installing the server would start it, and keep it running. Unpacked it is a few programs and files;
the shared libraries that this machine lacks are unpacked beside them.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .fetching import UnavailableError, alone, cache, fetch, output

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
    folder = cache()
    with alone("mariadb"):
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
        fetch("MariaDB", "apt-get", "download", package, cwd=place)
        for file in Path(place).glob("*.deb"):
            fetch("MariaDB", "dpkg", "-x", str(file), str(tree), cwd=place)


def _missing(tree: Path) -> set[str]:
    """Return the names of the libraries without which the programs do not start."""
    programs = Programs(tree)
    missing: set[str] = set()
    for name in PROGRAMS:
        said = output("ldd", programs.path(name), env=programs.environment)
        missing |= set(re.findall(r"^\s*(\S+?)\.so\S* => not found", said, re.MULTILINE))
    return missing


def _package_of(library: str) -> str:
    for package in LIBRARIES.get(library, ()):
        if _version(package, known=False):
            return package
    raise UnavailableError(f"MariaDB needs {library}, and apt knows no package that has it")


def _version(package: str, *, known: bool = True) -> str:
    """Say which version apt would give: ``1:10.11.19-0+deb12u1`` → ``10.11.19-0+deb12u1``."""
    found = re.search(r"Candidate: (\d\S+)", output("apt-cache", "policy", package))
    if found:
        return found[1].rpartition(":")[2]
    if known:
        raise UnavailableError(f"apt knows no package {package}; apt-get update first")
    return ""
