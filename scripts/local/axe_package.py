"""Where axe-core comes from: npm's registry, as npm is set up here; one archive, known by its hash.

    python3 scripts/local/axe_package.py    put it into the cache

axe-core looks at a page as people with disabilities meet it. Nothing of it is kept in this
repository (its licence is the MPL 2.0).
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

VERSION = "4.14.1"
SHA512 = "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
PATIENCE = 120  # seconds


class UnavailableError(Exception):
    """npm or axe-core is not to be had on this machine."""


def axe() -> str:
    """Return the script, fetching it where it is not in the cache."""
    archive = _cache() / f"axe-core-{VERSION}.tgz"
    if not archive.exists():
        _fetch(archive)
    found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != SHA512:
        raise UnavailableError(f"{archive} is not the axe-core we know; delete it and try again")
    with tarfile.open(archive) as packed:
        script = packed.extractfile("package/axe.min.js")
        if script is None:
            raise UnavailableError(f"{archive} holds no axe.min.js")
        return script.read().decode("utf-8")


def _fetch(archive: Path) -> None:
    if not shutil.which("npm"):
        raise UnavailableError("npm is not installed: apt-get install --no-install-recommends npm")
    with tempfile.TemporaryDirectory(dir=archive.parent) as scratch:
        command = ["npm", "pack", "--ignore-scripts", f"axe-core@{VERSION}"]
        done = subprocess.run(
            command, cwd=scratch, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        if done.returncode:
            last = (done.stderr.strip() or "no reason given").splitlines()[-1]
            raise UnavailableError(f"axe-core is not to be had: npm says {last}")
        os.replace(Path(scratch) / archive.name, archive)  # whole, or not at all


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(base) / "developer-badges"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


if __name__ == "__main__":
    try:
        axe()
    except UnavailableError as error:
        sys.exit(f"Not to be had here: {error}")
