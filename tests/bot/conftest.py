from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.scene import Scene


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """A world in which nobody has registered yet."""
    scene = Scene(tmp_path)
    yield scene
    scene.ledger.close()
