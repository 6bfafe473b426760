"""A round that dies at any of its edits, before it or after it, is made up for by the next: wiki and ledger.

What dies here is a Python call. ``tests/wiki/test_kill.py`` kills processes, on a real wiki.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bot.forget import forget_person
from bot.rounds import ROUNDS, TURNS
from sources.port import SourceUnreachable
from tests.bot.scene import NOW, Scene
from tests.builders import a_change, a_task


class Death(BaseException):
    """What nobody catches."""


ROUND: dict[str, Callable[[Scene], Any]] = {
    "hourly": lambda scene: scene.round(hourly=True),
    "daily": lambda scene: scene.round(),
    "weekly": lambda scene: scene.round(full=True),
    "forget": lambda scene: forget_person(scene.world(), "Ada"),
}
LATELY = NOW.replace(month=3)


def nobody_read(folder: Path) -> Scene:
    """Ada, Cleo and Dora have registered, and there was no round yet."""
    folder.mkdir()
    scene = Scene(folder)
    scene.exists("Ada", "Bert", "Cleo", "Dora")
    for number, name in enumerate(("Ada", "Bert", "Cleo", "Dora"), 1):
        scene.merges(a_change(number, f"gerrit:{name}", tasks=(100 + number,), merged=LATELY))
        scene.task(a_task(100 + number, closed=date(2026, 6, 1)), owner=name)
    scene.merges(a_change(5, "gerrit:Ada", tasks=(105,), merged=LATELY))
    scene.task(a_task(105, closed=date(2026, 6, 1)), owner="Ada")
    for name in ("Ada", "Cleo", "Dora"):
        scene.registers(name)
    scene.chooses("Ada", "wall=yes")
    return scene


def one_left(folder: Path) -> Scene:
    """After a round Cleo leaves."""
    scene = nobody_read(folder)
    scene.round()
    scene.unregisters("Cleo")
    return scene


def much_is_new(folder: Path) -> Scene:
    """Bert registers, too; a task of Ada turns secret, and she has a new change, as has Dora, of a new year."""
    scene = one_left(folder)
    scene.registers("Bert")
    scene.merges(a_change(6, "gerrit:Ada", merged=scene.now))
    scene.merges(a_change(7, "gerrit:Dora", merged=scene.now.replace(year=2027)))
    scene.task(a_task(105, public=False), touched=scene.now)
    return scene


def nobody_knew_them(folder: Path) -> Scene:
    """Emil registers while the sources are away, and leaves before he has a page; Ada has news."""
    scene = nobody_read(folder)
    scene.round()
    scene.exists("Emil")
    scene.registers("Emil")
    scene.gerrit.trouble = scene.phabricator.trouble = SourceUnreachable("It is away.")
    scene.round()
    scene.gerrit.trouble = scene.phabricator.trouble = None
    scene.unregisters("Emil")
    scene.merges(a_change(6, "gerrit:Ada", merged=scene.now))
    return scene


def a_name_is_taken(folder: Path) -> Scene:
    """Cleo leaves, and is renamed; somebody new has an account of her former name, and registers it."""
    scene = one_left(folder)
    scene.is_free_and_taken("Cleo")
    scene.merges(a_change(990, "gerrit:Mallory", merged=LATELY))
    return scene


def what_is(scene: Scene) -> dict[str, Any]:
    """Every page with the number of its revisions, and every row but when rounds were."""
    pages = {title: (len(one), scene.wiki.text(title)) for title, one in scene.wiki.pages.items()}
    rows = sorted(
        f"{table} {json.dumps(row, sort_keys=True)}"
        for table, row in scene.ledger.cells.all()
        if row.get("name") not in (ROUNDS, TURNS)
    )
    return {"pages": pages, "rows": rows}


def dies(scene: Scene, act: Callable[[Scene], Any], at: int, *, saved: bool) -> bool:
    """Do *act* until its edit number *at*, which is *saved* or not; False if there are fewer."""
    real, edits = scene.wiki.save, count(1)

    def save(*args: Any) -> int:
        if next(edits) == at:
            if saved:
                real(*args)
            raise Death
        return real(*args)

    now = scene.now
    scene.wiki.save = save  # type: ignore[method-assign]
    try:
        act(scene)
    except Death:
        return True
    finally:
        scene.wiki.save, scene.now = real, now  # type: ignore[method-assign]
    return False


STORIES = [
    ("daily", nobody_read), ("hourly", one_left), ("forget", one_left),
    ("hourly", much_is_new), ("weekly", much_is_new), ("hourly", nobody_knew_them),
    ("daily", a_name_is_taken),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "story"), STORIES)
def test_what_died_at_any_edit_is_made_up_for_by_the_next(
    tmp_path: Path, kind: str, story: Callable[[Path], Scene]
):
    whole = story(tmp_path / "whole")
    ROUND[kind](whole)
    wanted = what_is(whole)
    edits = 0

    for at in count(1):
        for saved in (False, True):
            scene = story(tmp_path / f"{at} {saved}")
            if not dies(scene, ROUND[kind], at, saved=saved):
                assert edits >= 3
                return
            ROUND[kind](scene)
            assert what_is(scene) == wanted, f"died {'after' if saved else 'before'} edit {at}"
            scene.ledger.close()
        edits = at


@pytest.mark.parametrize("source", ["gerrit", "phabricator"])
@pytest.mark.parametrize(("kind", "story"), [one for one in STORIES if one[0] != "forget"])
def test_what_died_while_a_source_was_asked_is_made_up_for_by_the_next(
    tmp_path: Path, kind: str, story: Callable[[Path], Scene], source: str
):
    whole, scene = story(tmp_path / "whole"), story(tmp_path / "killed")
    ROUND[kind](whole)

    getattr(scene, source).trouble = Death()
    now = scene.now
    with pytest.raises(Death):
        ROUND[kind](scene)
    getattr(scene, source).trouble, scene.now = None, now
    ROUND[kind](scene)

    assert what_is(scene) == what_is(whole)
