"""Python told in a test, done by a process of its own."""

import subprocess
import sys
import textwrap
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]


def process(code: str, *arguments: str) -> "subprocess.Popen[str]":
    """Start it; what it says can be read."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *arguments],
        cwd=HERE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
