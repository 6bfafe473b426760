"""Where MediaWiki comes from: Debian's package, downloaded and unpacked, never installed.

Installing the package would pull in and start a web server. Debian 12 and Ubuntu 24.04 carry
1.39, Debian 13 carries 1.43, which also runs on Debian 12's PHP.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

from .fetching import UnavailableError, alone, cache, fetch, output

PACKAGES = ("mediawiki", "mediawiki-classes")
OLDEST = (1, 39)
ELSEWHERE = {"1.43": "trixie"}
"""Versions to be had from another release of Debian than the one that runs here."""
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
PHP_NEEDS = ("luasandbox", "pdo_sqlite", "intl", "mbstring", "dom", "xml", "curl", "gmp")
INSTALL = (
    "apt-get install --no-install-recommends php-cli php-sqlite3 php-luasandbox php-intl php-gmp "
    "php-mbstring php-xml php-curl php-apcu"
)


def check_php() -> None:
    """Make sure that PHP is here with all that MediaWiki and Scribunto need."""
    if not shutil.which("php"):
        raise UnavailableError(f"PHP is not installed: {INSTALL}")
    listed = output("php", "-m").lower().split()
    missing = [name for name in PHP_NEEDS if name not in listed]
    if missing:
        raise UnavailableError(f"PHP lacks {', '.join(missing)}: {INSTALL}")


def mediawiki(version: str | None = None) -> Path:
    """Return the unpacked tree of MediaWiki, fetching it where it is not in the cache.

    *version* is "1.39" or "1.43"; None means whatever this system carries.
    """
    with alone("mediawiki"):
        return _fetched(version)


def _fetched(version: str | None) -> Path:
    here = _candidate()
    if here and (version is None or _series(here) == version):
        _check_age(here)
        return _cached(here) or _unpack(here, options=())
    known = sorted(cache().glob(f"mediawiki-{version or '1.'}*"))
    if known:
        return known[-1]
    if version in ELSEWHERE and KEYRING.exists() and _mirror():
        options = _private_apt(ELSEWHERE[version])
        return _unpack(_candidate(options), options)
    wanted = f"MediaWiki {version}" if version else "MediaWiki"
    offers = f"it offers {here}" if here else "it knows no package mediawiki; apt-get update first"
    raise UnavailableError(f"{wanted} is not to be had from apt: {offers}")


def _unpack(package_version: str, options: tuple[str, ...]) -> Path:
    """Download the packages and unpack them into the cache."""
    target = cache() / f"mediawiki-{_plain(package_version)}"
    with tempfile.TemporaryDirectory(dir=cache()) as scratch:
        fetch("MediaWiki", "apt-get", *options, "download", *PACKAGES, cwd=scratch)
        for package in Path(scratch).glob("*.deb"):
            fetch("MediaWiki", "dpkg", "-x", str(package), f"{scratch}/tree", cwd=scratch)
        os.rename(f"{scratch}/tree/usr/share/mediawiki", target)
    return target


def _private_apt(release: str) -> tuple[str, ...]:
    """Set up an apt of our own that reads another release, its index signed as ever."""
    home = cache() / f"apt-{release}"
    for folder in ("lists/partial", "archives/partial"):
        (home / folder).mkdir(parents=True, exist_ok=True)
    (home / "status").touch()
    sources = home / "sources.list"
    sources.write_text(f"deb [signed-by={KEYRING}] {_mirror()} {release} main\n", "utf-8")
    options = (
        "-oAcquire::Languages=none",
        "-oAPT::Update::Post-Invoke-Success=true",
        f"-oDir::Etc::SourceList={sources}",
        "-oDir::Etc::SourceParts=/dev/null",
        f"-oDir::State::Lists={home / 'lists'}",
        f"-oDir::State::status={home / 'status'}",
        f"-oDir::Cache={home}",
    )
    fetch("MediaWiki", "apt-get", *options, "update", cwd=home)
    return options


def _candidate(options: tuple[str, ...] = ()) -> str:
    """Say which version of the package apt would give; "" where it knows none."""
    if not shutil.which("apt-cache"):
        return ""
    found = re.search(r"Candidate: (\d\S+)", output("apt-cache", *options, "policy", "mediawiki"))
    return found.group(1) if found else ""


def _mirror() -> str:
    """Return the address this machine gets Debian's main archive from; "" if it is no Debian."""
    listed = output("apt-get", "indextargets", "--format", "$(ORIGIN) $(LABEL) $(REPO_URI)")
    found = re.search(r"^Debian Debian (\S+)", listed, re.MULTILINE)
    return found.group(1) if found else ""


def _check_age(package_version: str) -> None:
    series = _series(package_version)
    if tuple(int(part) for part in series.split(".")) < OLDEST:
        raise UnavailableError(f"MediaWiki {series} is too old: 1.39 or newer is needed")


def _cached(package_version: str) -> Path | None:
    tree = cache() / f"mediawiki-{_plain(package_version)}"
    return tree if tree.exists() else None


def _plain(package_version: str) -> str:
    """``1:1.39.17-1+deb12u2`` → ``1.39.17-1+deb12u2``."""
    return package_version.rpartition(":")[2]


def _series(package_version: str) -> str:
    """``1:1.39.17-1+deb12u2`` → ``1.39``."""
    return ".".join(_plain(package_version).split(".")[:2])
