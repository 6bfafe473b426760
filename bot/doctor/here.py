"""What is here: versions, and who may read the files with passwords."""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bot.doctor.findings import Check, Finding, Patient, fail, ok, warn

OLDEST_PYTHON = (3, 11)
LIBRARIES = {"pywikibot": (11, 9), "SQLAlchemy": (2, 1), "requests": (2, 32), "urllib3": (2, 8)}
OTHERS_MAY_WRITE, OTHERS_MAY_READ = 0o022, 0o044
_KEY = re.compile(r"[\"'][0-9A-Za-z]{16,}[\"']")
"""A key of OAuth, as it stands in a file: 32 or 40 digits."""


def python(_patient: Patient) -> Iterator[Finding]:
    """The version of Python."""
    here = platform.python_version()
    if sys.version_info[:2] < OLDEST_PYTHON:
        yield fail("Python", f"{here} is too old.", "Install Python 3.11 or newer.")
    else:
        yield ok("Python", here)


def libraries(_patient: Patient) -> Iterator[Finding]:
    """The versions of the libraries without which nothing works."""
    for name, least in LIBRARIES.items():
        try:
            found = version(name)
        except PackageNotFoundError:
            yield fail(name, "is not installed.", "Run scripts/install.")
            continue
        numbers = tuple(int(one) for one in found.split(".")[:2] if one.isdigit())
        wanted = ".".join(map(str, least))
        if numbers < least:
            yield fail(name, f"{found} is older than {wanted}.", "Run scripts/install.")
        else:
            yield ok(name, found)


def configuration(patient: Patient) -> Iterator[Finding]:
    """user-config.py, and the files beside it."""
    if patient.folder is None:
        yield fail(
            "user-config.py",
            "there is none here.",
            "Copy user-config.py.sample to user-config.py, fill it in, and run from that folder or set"
            " PYWIKIBOT_DIR to it.",
        )
        return
    yield _config_file(patient.folder / "user-config.py")
    yield from _secret_files(patient.folder)


def _config_file(path: Path) -> Finding:
    mode, name = path.stat().st_mode, path.name
    if mode & OTHERS_MAY_WRITE:
        return fail(name, "others may write it: pywikibot ignores it.", f"chmod go-w {name}")
    if path.stat().st_uid not in (os.geteuid(), 0):
        return fail(name, "it belongs to somebody else: pywikibot ignores it.", f"chown it: {name}")
    text = path.read_text("utf-8", "replace")
    # The sample names the place for keys, too, and reads them from the environment.
    if mode & OTHERS_MAY_READ and "authenticate[" in text and _KEY.search(text):
        return warn(
            name, "others may read it, and it seems to hold OAuth keys.", f"chmod 600 {name}"
        )
    return ok(name, "is here, and only its owner may write it.")


def _secret_files(folder: Path) -> Iterator[Finding]:
    for path in sorted([*folder.glob("user-password*"), *folder.glob("pywikibot-*.lwp")]):
        if path.name.endswith(".sample"):
            continue
        # Of a file of cookies the name is an account's.
        name = path.name if path.suffix == ".py" else "the file of cookies"
        if path.is_symlink():
            yield fail(name, "is a link: pywikibot refuses that.", "Put the file itself there.")
        elif path.stat().st_mode & (OTHERS_MAY_READ | OTHERS_MAY_WRITE):
            yield fail(name, "others may read it.", f"chmod 600 {path.name}")
        else:
            yield ok(name, "only its owner may read it.")


CHECKS = (
    Check("Python", python),
    Check("libraries", libraries),
    Check("user-config.py", configuration),
)
