"""Where axe-core comes from: npm's registry, as npm is set up here; one archive, known by its hash.

    python3 -m scripts.local.axe_package    put it into the cache

axe-core looks at a page as people with disabilities meet it. Nothing of it is kept in this
repository (its licence is the MPL 2.0).
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import sys
import tarfile
import tempfile
from pathlib import Path

from .fetching import UnavailableError, cache, fetch

VERSION = "4.14.1"
SHA512 = "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
PATIENCE = 120  # seconds


def axe() -> str:
    """Return the script, fetching it where it is not in the cache."""
    archive = cache() / f"axe-core-{VERSION}.tgz"
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
        command = ("npm", "pack", "--ignore-scripts", f"axe-core@{VERSION}")
        fetch("axe-core", *command, cwd=scratch, patience=PATIENCE)
        os.replace(Path(scratch) / archive.name, archive)  # whole, or not at all


if __name__ == "__main__":
    try:
        axe()
    except UnavailableError as error:
        sys.exit(f"Not to be had here: {error}")
