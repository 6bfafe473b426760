"""Histories of newcomers are read and stored in slices: what is cut off goes on from there, and nothing is missed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from weakref import WeakSet

import pytest

from bot import gather, reading
from bot.errors import LockLost
from bot.gather import MISSING
from bot.ledger.facts import Facts
from bot.reading import Histories
from sources.port import Account, FoundTask, SourceChanged, SourceUnreachable
from tests.bot.scene import HOME, NOW, Scene
from tests.bot.test_cut_off import Death, what_is
from tests.bot.test_elsewhere import an_edit
from tests.builders import a_change, a_task
from tests.fakes import FakeGerrit, FakeWikiOfCode

CROWD = ("Ada", "Bert", "Cleo", "Dora", "Emil")
EARLIER = NOW - timedelta(days=30)
SECRET = 777
HISTORY = ("merged_by", "reviewed_by", "reverts_of", "resolved_by")
"""What is asked for histories."""


class Steps:
    """Counts steps, until histories are read; the one of the number *at* fails."""

    def __init__(self, at: int, error: type[BaseException]) -> None:
        self.at, self.error, self.count, self.over = at, error, 0, False

    def counting(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **named: Any) -> Any:
            if not self.over:
                self.count += 1
                if self.count == self.at:
                    raise self.error("It breaks off.")
            return real(*args, **named)

        return step

    def ending(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def end(*args: Any) -> Any:
            self.over = True
            return real(*args)

        return end


class Crowded(Scene):
    """Five people with shared work, at four sources; of histories two at a time make a slice."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        super().__init__(folder)
        self.gitlab = FakeGerrit(name="gitlab")
        self.code = FakeWikiOfCode()
        self.exists(*CROWD, "Zoe")
        for number, name in enumerate(CROWD, 1):
            self.gitlab.names[name] = f"gitlab:{name}"
            here = f"onwiki:metawiki:{number}"
            self.code.accounts[-self.wiki.accounts[name]] = Account(here, name)
            self.code.changes.append(an_edit(number, here, title=f"Module:{name}"))
            self.merges(
                a_change(number, f"gerrit:{name}", tasks=(100 + number, 100), merged=EARLIER)
            )
            self.task(a_task(100 + number), owner=name)
            change = a_change(50 + number, f"gitlab:{name}", source="gitlab", project="x/y")
            self.gitlab.changes.append(change._replace(tasks=(100 + number,), change_id=""))
        self.task(a_task(100))
        self._shared()

    def _shared(self) -> None:
        """What ties people of different slices to each other, and to somebody who did not join."""
        key = a_change(2).key
        self.merges(
            a_change(11, "gerrit:Zoe", tasks=(100, 101, 105), reviewers=("gerrit:Emil",)),
            a_change(12, authors=("gerrit:Ada", "gerrit:Emil"), reviewers=("gerrit:Cleo",)),
            a_change(13, "gerrit:Zoe", tasks=(102,), reverts=key),
            a_change(14, "gerrit:Dora", reviewers=("gerrit:Ada", "gerrit:Bert")),
        )
        secret = FoundTask(SECRET, a_task(SECRET, public=False), "PHID-USER-Bert")
        self.phabricator.set(secret)

    def world(self, **changed: Any) -> Any:
        wide = {"forges": (self.gerrit, self.gitlab), "onwiki": (self.code,)}
        return super().world(**{**wide, **changed})

    def cut_off(self, at: int, error: type[BaseException] = Death) -> bool:
        """A round that fails at this step of the histories, no time passes; False if there are fewer."""
        steps, begun = Steps(at, error), self.now
        sources = (self.gerrit, self.gitlab, self.code, self.phabricator)
        todo = [(one, name) for one in sources for name in HISTORY if hasattr(one, name)]
        if error is Death:
            todo += [(self.ledger.people, "history_read"), (self.ledger.notes, "reached")]
        with pytest.MonkeyPatch.context() as patch:
            for owner, name in todo:
                patch.setattr(owner, name, steps.counting(getattr(owner, name)))
            patch.setattr(gather, "complete_works", steps.ending(gather.complete_works))
            with suppress(Death):
                self.round()
        self.now = begun
        return steps.count >= at

    def read(self, source: str = "gerrit") -> set[str]:
        """Whose histories were read."""
        return {one.name for one in self.ledger.people.accounts(source=source) if one.read}


def newcomers(folder: Path) -> Crowded:
    """Nobody was ever read."""
    scene = Crowded(folder)
    for name in CROWD:
        scene.registers(name)
    return scene


def later_newcomers(folder: Path) -> Crowded:
    """Ada was read; then the others came, and the feeds have news. A place of GitLab is not shown."""
    scene = Crowded(folder)
    scene.registers("Ada")
    scene.round()
    for name in CROWD[1:]:
        scene.registers(name)
    scene.gitlab.missing = ("x/z",)
    scene.merges(
        a_change(21, "gerrit:Ada", tasks=(100,), merged=scene.now),
        a_change(22, "gerrit:Zoe", tasks=(101,), merged=scene.now, reviewers=("gerrit:Ada",)),
    )
    scene.task(a_task(121), owner="Ada", touched=scene.now)
    scene.code.changes.append(an_edit(30, "onwiki:metawiki:1", merged=scene.now))
    return scene


@pytest.fixture(autouse=True)
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "ACCOUNTS", 2)


@pytest.fixture
def crowd(tmp_path: Path) -> Iterator[Crowded]:
    scene = newcomers(tmp_path / "crowd")
    yield scene
    scene.ledger.close()


def in_the_end(scene: Scene) -> dict[str, Any]:
    """Every page and row; not how often pages were saved: a round that failed has saved some."""
    is_now = what_is(scene)
    rows = [json.loads(row.partition(" ")[2]) for row in is_now["rows"]]
    for row in rows:
        row.pop("revision", None)
    pages = {title: text for title, (_, text) in is_now["pages"].items()}
    return {"pages": pages, "rows": sorted(json.dumps(row, sort_keys=True) for row in rows)}


def steps_made_up_for(
    folder: Path,
    story: Callable[[Path], Crowded],
    error: type[BaseException],
    state: Callable[[Scene], dict[str, Any]],
) -> int:
    """Let every step of the histories fail in its turn: one round more, and the *state* is as it should be.

    Returns how many steps there are, and one.
    """
    whole = story(folder / "whole")
    whole.round()
    expected = state(whole)
    whole.ledger.close()

    for at in count(1):
        scene = story(folder / str(at))
        failed = scene.cut_off(at, error)
        if failed:
            scene.round()
        assert state(scene) == expected, f"{error.__name__} at step {at}"
        scene.ledger.close()
        if not failed:
            break
    return at


@pytest.mark.parametrize("story", [newcomers, later_newcomers])
def test_wherever_histories_are_cut_off_one_round_makes_up_for_it(
    tmp_path: Path, story: Callable[[Path], Crowded]
):
    assert steps_made_up_for(tmp_path, story, Death, what_is) > 30


@pytest.mark.parametrize("story", [newcomers, later_newcomers])
def test_wherever_a_source_fails_in_histories_one_round_makes_up_for_it(
    tmp_path: Path, story: Callable[[Path], Crowded]
):
    assert steps_made_up_for(tmp_path, story, SourceUnreachable, in_the_end) > 20


def test_a_round_that_is_cut_off_goes_on_where_it_was(crowd: Crowded):
    crowd.gerrit.merged_by = _dying_at(crowd.gerrit.merged_by, "gerrit:Emil")
    with suppress(Death):
        crowd.round()
    assert crowd.read() == {"Ada", "Bert", "Cleo", "Dora"}
    del crowd.gerrit.merged_by
    crowd.gerrit.asked.clear()

    crowd.round()

    assert crowd.gerrit.asked["history"] == 1
    assert crowd.read() == set(CROWD)


def _dying_at(real: Callable[..., Any], key: str, error: BaseException | None = None) -> Any:
    def ask(account: str) -> Any:
        if account == key:
            raise error or Death
        return real(account)

    return ask


def test_what_happens_between_a_first_reading_cut_off_and_the_next_round_is_not_missed(
    crowd: Crowded,
):
    """Ada was read at every source, and none of them was read to its end."""
    for source, ask in (
        (crowd.phabricator, "resolved_by"), (crowd.gerrit, "merged_by"), (crowd.code, "merged_by"),
    ):  # fmt: skip
        last = next(a.key for a in accounts_at(crowd, source) if a.name.endswith("Emil"))
        trouble = SourceUnreachable("It fails.")
        setattr(source, ask, _dying_at(getattr(source, ask), last, trouble))
    crowd.round()
    assert {"Ada"} < crowd.read() < set(CROWD)
    assert crowd.read("onwiki metawiki") == {"Ada", "Bert", "Cleo", "Dora"}
    since = crowd.now - timedelta(minutes=30)
    crowd.merges(
        a_change(31, "gerrit:Ada", tasks=(300,), merged=since, reviewers=("gerrit:Bert",)),
        a_change(32, "gerrit:Zoe", merged=since, reverts=a_change(1).key),
    )
    crowd.task(a_task(300), owner="Ada", touched=since)
    crowd.code.changes.append(an_edit(33, "onwiki:metawiki:1", merged=since))

    for source, ask in (
        (crowd.phabricator, "resolved_by"), (crowd.gerrit, "merged_by"), (crowd.code, "merged_by"),
    ):  # fmt: skip
        delattr(source, ask)
    crowd.now += timedelta(days=3)
    crowd.round()

    known = crowd.ledger.facts.keys()
    assert {a_change(31).key, a_change(32).key, "metawiki:33"} <= known
    assert 300 in crowd.ledger.tasks.shown()
    assert crowd.page("Bert")["total"]["reviews"] == 2


def accounts_at(scene: Crowded, source: Any) -> list[Any]:
    """The accounts that people are going to prove there, in their order."""
    if source is scene.phabricator:
        return [scene.phabricator.wiki[name][0] for name in CROWD]
    if source is scene.code:
        return list(scene.code.accounts.values())
    return [Account(scene.gerrit.names[name], name) for name in CROWD]


def test_a_source_that_fails_half_way_keeps_what_it_told_and_its_place(tmp_path: Path):
    scene = later_newcomers(tmp_path / "later")
    reached = scene.ledger.notes.source("gerrit").reached
    scene.gerrit.merged_by = _dying_at(
        scene.gerrit.merged_by, "gerrit:Emil", SourceUnreachable("It fails.")
    )

    done = scene.round()

    note = scene.ledger.notes.source("gerrit")
    assert (note.reached, note.trouble) == (reached, "unreachable")
    assert done.failures == {"gerrit"}
    assert scene.read() == {"Ada", "Bert", "Cleo"}
    scene.ledger.close()


def test_a_first_page_waits_for_others_work_where_a_source_failed_half_way(crowd: Crowded):
    """Of Ada all is stored that she has done, but not what Zoe did on her task."""
    crowd.gerrit.merged_by = _dying_at(
        crowd.gerrit.merged_by, "gerrit:Emil", SourceUnreachable("It fails.")
    )
    crowd.round()

    assert "Ada" in crowd.read()
    assert f"{HOME}/people/Ada.json" not in crowd.wiki.pages
    del crowd.gerrit.merged_by
    crowd.round()
    assert crowd.page("Ada")["total"]["patches"] > 0


def test_a_first_page_waits_for_unknown_tasks_where_phabricator_failed_half_way(crowd: Crowded):
    crowd.phabricator.resolved_by = _dying_at(
        crowd.phabricator.resolved_by, "PHID-USER-Emil", SourceUnreachable("It fails.")
    )
    crowd.round()

    assert f"{HOME}/people/Ada.json" not in crowd.wiki.pages
    del crowd.phabricator.resolved_by
    crowd.round()
    assert crowd.page("Ada")["total"]["issues"] > 0


def test_a_first_page_does_not_wait_for_a_source_where_one_has_no_account(crowd: Crowded):
    del crowd.gitlab.names["Ada"]
    crowd.gitlab.merged_by = _dying_at(
        crowd.gitlab.merged_by, "gitlab:Emil", SourceUnreachable("It fails.")
    )

    crowd.round()

    assert crowd.page("Ada")["total"]["patches"] > 0
    assert f"{HOME}/people/Bert.json" not in crowd.wiki.pages


def test_one_account_that_makes_no_sense_costs_its_slice_nothing(crowd: Crowded):
    trouble = SourceChanged("Gerrit makes no sense of this account.")
    crowd.gerrit.merged_by = _dying_at(crowd.gerrit.merged_by, "gerrit:Bert", trouble)

    done = crowd.round()

    assert done.troubles == [("gerrit", "Gerrit makes no sense of this account.")]
    assert crowd.ledger.notes.source("gerrit").trouble == "changed"
    assert crowd.read() == {"Ada", "Cleo", "Dora", "Emil"}
    assert f"{HOME}/people/Bert.json" not in crowd.wiki.pages
    # Work that is shared is read all the same: Zoe's part in Ada's task.
    assert crowd.ledger.facts.unheld_works("gerrit") == set()
    del crowd.gerrit.merged_by
    assert not crowd.round().troubles
    assert crowd.read() == set(CROWD)


def test_a_task_of_two_slices_is_read_anew_as_a_set(tmp_path: Path):
    """It was held while only Ada had joined; Bert's part in it is his from now on."""
    scene = later_newcomers(tmp_path / "later")
    assert scene.ledger.facts.unheld_works("gerrit") == set()
    scene.gerrit.merged_by = _dying_at(
        scene.gerrit.merged_by, "gerrit:Emil", SourceUnreachable("It fails.")
    )

    scene.round()

    assert {100, 102, 103} <= scene.ledger.facts.unheld_works("gerrit")
    scene.ledger.close()


def test_a_place_that_was_missing_from_the_first_on_is_noted_the_same(tmp_path: Path):
    ends = []
    for cut in (False, True):
        scene = newcomers(tmp_path / str(cut))
        scene.gitlab.missing = ("x/z",)
        if cut:
            scene.gitlab.merged_by = _dying_at(scene.gitlab.merged_by, "gitlab:Emil")
            with suppress(Death):
                scene.round()
            del scene.gitlab.merged_by
        else:
            scene.round()
        scene.now = NOW
        scene.round()
        ends.append((scene.ledger.notes.recall(MISSING), scene.ledger.notes.sources()))
        scene.ledger.close()

    assert ends[0] == ends[1]
    assert ends[0][0] == {"gitlab": {"x/z": (NOW - reading.OVERLAP).isoformat()}}


def test_each_slice_is_stored_before_the_next_is_read(crowd: Crowded):
    read_so_far = []
    real = crowd.gerrit.merged_by

    def ask(account: str) -> Any:
        with closing(sqlite3.connect(crowd.database.url.removeprefix("sqlite:///"))) as db:
            [[number]] = db.execute("SELECT count(*) FROM account WHERE source = 'gerrit' AND read")
        read_so_far.append(number)
        return real(account)

    crowd.gerrit.merged_by = ask
    crowd.round()

    assert read_so_far == [0, 0, 2, 2, 4]


class Thing:
    """Something that a history tells."""


def noting(sizes: list[int]) -> Callable[[Sequence[Any]], Callable[[], None]]:
    """Stores nothing, and notes how much was told at once."""
    return lambda told: partial(sizes.append, len(told))


def test_no_more_than_a_slice_is_in_memory(crowd: Crowded):
    crowd.round()
    everybody = crowd.ledger.people.accounts(source="gerrit")
    alive: WeakSet[Thing] = WeakSet()
    most = 0

    def ask(_key: str) -> Iterator[Thing]:
        nonlocal most
        for _ in range(10):
            thing = Thing()
            alive.add(thing)
            most = max(most, len(alive))
            yield thing

    sizes: list[int] = []
    histories = Histories(crowd.ledger, "gerrit", everybody, NOW)
    histories.each(ask, noting(sizes))

    assert (sizes, histories.told, most) == ([20, 20, 10], 50, 20)


def test_the_number_of_a_secret_task_does_not_stay_while_a_source_fails_at_a_later_account(
    crowd: Crowded, monkeypatch: pytest.MonkeyPatch
):
    """Nothing else is read, so nothing else sweeps."""
    trouble = SourceUnreachable("It fails.")
    crowd.gerrit.trouble = crowd.gitlab.trouble = crowd.code.trouble = trouble
    dying = _dying_at(crowd.phabricator.resolved_by, "PHID-USER-Emil", trouble)
    monkeypatch.setattr(crowd.phabricator, "resolved_by", dying)
    for _ in range(2):
        crowd.round()
        assert "phab-Bert" in crowd.read("phabricator")
        assert SECRET not in withheld(crowd)


def withheld(scene: Scene) -> list[int]:
    """The numbers of tasks that may not be shown, as the ledger keeps them."""
    return [row["task"] for table, row in scene.ledger.cells.all() if table == "withheld"]


def test_facts_of_nobody_do_not_stay_where_unknown_tasks_are_not_all_told(
    crowd: Crowded, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(gather, "TASKS", 2)
    crowd.round()
    numbers = [SECRET, *range(900, 904)]
    monkeypatch.setattr(type(crowd.ledger.tasks), "unknown", lambda _: set(numbers))

    def tasks(asked: list[int]) -> Any:
        if 902 in asked:
            raise SourceUnreachable("It fails.")
        return [FoundTask(number, None) for number in asked]

    monkeypatch.setattr(crowd.phabricator, "tasks", tasks)
    with pytest.raises(SourceUnreachable):
        gather.ask_unknown_tasks(crowd.ledger, crowd.phabricator, lambda _: None)

    assert set(numbers).isdisjoint(withheld(crowd))


def test_unknown_tasks_that_were_told_before_phabricator_failed_are_not_asked_for_again(
    crowd: Crowded, monkeypatch: pytest.MonkeyPatch
):
    """The five people's changes name six tasks."""
    monkeypatch.setattr(gather, "TASKS", 2)
    monkeypatch.setattr(crowd.phabricator, "resolved_by", lambda _: iter(()))
    asked: list[list[int]] = []
    real = crowd.phabricator.tasks

    def tasks(numbers: list[int]) -> Any:
        asked.append(list(numbers))
        if len(asked) == 2:
            raise SourceUnreachable("It fails.")
        return real(numbers)

    monkeypatch.setattr(crowd.phabricator, "tasks", tasks)
    crowd.round()
    crowd.round()

    assert asked == [[100, 101], [102, 103], [102, 103], [104, 105]]


def test_a_slice_ends_early_where_much_was_done(crowd: Crowded, monkeypatch: pytest.MonkeyPatch):
    crowd.round()
    monkeypatch.setattr(reading, "FACTS", 5)
    histories = Histories(
        crowd.ledger, "gerrit", crowd.ledger.people.accounts(source="gerrit"), NOW
    )

    sizes: list[int] = []
    histories.each(lambda _: range(5), noting(sizes))

    assert sizes == [5] * len(CROWD)


def test_a_long_history_is_in_memory_in_parts(crowd: Crowded, monkeypatch: pytest.MonkeyPatch):
    crowd.round()
    monkeypatch.setattr(reading, "FACTS", 5)
    sizes: list[int] = []
    histories = Histories(
        crowd.ledger, "gerrit", crowd.ledger.people.accounts(source="gerrit"), NOW
    )
    histories.each(lambda key: range(12 if key == "gerrit:Bert" else 1), noting(sizes))

    assert sizes == [5, 5, 4, 2]


@pytest.mark.parametrize("error", [Death, SourceUnreachable])
def test_who_is_cut_off_in_the_middle_of_a_long_history_reads_it_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
):
    monkeypatch.setattr(reading, "FACTS", 1)
    whole, scene = newcomers(tmp_path / "whole"), newcomers(tmp_path / "cut")
    whole.round()
    real = scene.gerrit.merged_by

    def ask(key: str) -> Iterator[Any]:
        yield from real(key)
        if key == "gerrit:Dora":
            raise error("It breaks off.")

    scene.gerrit.merged_by = ask
    begun = scene.now
    with suppress(Death):
        scene.round()
    assert a_change(4).key in scene.ledger.facts.keys("gerrit")
    assert "Dora" not in scene.read()

    del scene.gerrit.merged_by
    scene.now = begun
    scene.round()

    assert in_the_end(scene) == in_the_end(whole)
    whole.ledger.close()
    scene.ledger.close()


def test_the_lock_is_looked_at_before_each_history(crowd: Crowded):
    crowd.round()
    everybody = crowd.ledger.people.accounts(source="gerrit")
    other = crowd.database.open()
    asked = []

    def ask(key: str) -> list[int]:
        asked.append(key)
        if len(asked) == 2:
            other.notes.take_lock("another", 60)
        return []

    crowd.ledger.notes.take_lock("we", 0)
    histories = Histories(crowd.ledger, "gerrit", everybody, NOW)
    with crowd.ledger.guarded("we"), pytest.raises(LockLost):
        histories.each(ask, noting([]))

    assert asked == [one.key for one in everybody[:2]]
    other.close()


def test_the_whole_ledger_is_swept_once_for_all_slices_of_a_source(
    crowd: Crowded, monkeypatch: pytest.MonkeyPatch
):
    swept = []
    real = Facts.sweep
    monkeypatch.setattr(Facts, "sweep", lambda self: swept.append(1) or real(self))
    everybody = crowd.round() and crowd.ledger.people.accounts(source="gerrit")
    swept.clear()

    histories = Histories(crowd.ledger, "gerrit", everybody, NOW)
    histories.each(lambda _: [1], noting([]))

    assert swept == [1]


def test_the_number_of_a_secret_task_does_not_stay_where_a_round_is_cut_off(
    crowd: Crowded, monkeypatch: pytest.MonkeyPatch
):
    def die(*_: object) -> None:
        raise Death

    monkeypatch.setattr(crowd.ledger.notes, "reached", die)
    with suppress(Death):
        crowd.round()
    assert crowd.read("phabricator")

    assert SECRET not in withheld(crowd)
