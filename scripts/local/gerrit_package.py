"""Where Gerrit comes from: Maven Central, in the jars that authors of plugins test against.

Together they are the whole server, without its web pages. The file names, their hashes and the
place are all that is known of them here.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import tempfile
import urllib.request
from pathlib import Path

from .fetching import UnavailableError, cache

VERSION = "3.10.2"
CENTRAL = "https://repo1.maven.org/maven2"
JARS = {
    f"com/google/gerrit/gerrit-plugin-api/{VERSION}/gerrit-plugin-api-{VERSION}.jar": (
        "3ee733da1bd1379c61005cde3ac4bced480ab211dc51f62ad7821a7f35b15c43"
    ),
    f"com/google/gerrit/gerrit-acceptance-framework/{VERSION}"
    f"/gerrit-acceptance-framework-{VERSION}.jar": (
        "29fd6bf05585ba57490d13e28fd4c5f9f859d3b55f5e1217ca437aa4f8f84c13"
    ),
    "org/bouncycastle/bcprov-jdk18on/1.78.1/bcprov-jdk18on-1.78.1.jar": (
        "add5915e6acfc6ab5836e1fd8a5e21c6488536a8c1f21f386eeb3bf280b702d7"
    ),
    "org/bouncycastle/bcpg-jdk18on/1.78.1/bcpg-jdk18on-1.78.1.jar": (
        "1463bb2cb8737e9ae34f5bd93f48e27711365bb277f4918f44608ed89b68792d"
    ),
    "org/bouncycastle/bcutil-jdk18on/1.78.1/bcutil-jdk18on-1.78.1.jar": (
        "d9fa56f97b0f761ce3bc8d9d74c5d7137a987bf5bd3abfe1003f9bafa45a1d2f"
    ),
}
"""Path of each jar, and its SHA-256."""

OLDEST_JAVA = 17
PATIENCE = 120
INSTALL = "apt-get install --no-install-recommends default-jre-headless git"


def check_programs() -> None:
    """Make sure that git and a Java that is new enough are here."""
    for program in ("git", "java"):
        if not shutil.which(program):
            raise UnavailableError(f"{program} is not installed: {INSTALL}")
    said = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', said)
    if not found or int(found[1]) < OLDEST_JAVA:
        raise UnavailableError(f"Java is older than {OLDEST_JAVA}: {INSTALL}")


def jars() -> list[Path]:
    """Return every jar of the server, fetching those that are not in the cache."""
    return [_jar(path, sha256) for path, sha256 in JARS.items()]


def _jar(path: str, sha256: str) -> Path:
    target = cache(f"gerrit-{VERSION}") / path.rpartition("/")[2]
    if target.exists():
        return target
    with tempfile.TemporaryDirectory(dir=cache(f"gerrit-{VERSION}")) as scratch:
        loaded = Path(scratch) / target.name
        try:
            _load(f"{CENTRAL}/{path}", loaded)
        except OSError as error:
            raise UnavailableError(f"Gerrit is not to be had: {path}: {error}") from error
        found = hashlib.sha256(loaded.read_bytes()).hexdigest()
        if found != sha256:
            raise UnavailableError(f"Gerrit is not to be had: {path} has the hash {found}")
        loaded.replace(target)  # if somebody was faster, they have the same
    return target


def _load(url: str, target: Path) -> None:
    with urllib.request.urlopen(url, timeout=PATIENCE) as answer, target.open("wb") as file:
        shutil.copyfileobj(answer, file)
