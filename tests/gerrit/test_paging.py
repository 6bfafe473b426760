"""Long lists of a real Gerrit that gives little at once, and changes while it is read."""

import itertools
from collections import Counter
from datetime import UTC, datetime

import pytest

pytestmark = pytest.mark.gerrit

PROJECT = "tools/paging"
START = datetime(2026, 1, 1, tzinfo=UTC)
CHAIN = 8


@pytest.fixture(scope="module")
def world(told):
    """Eight changes merged within one second, and five merged one by one."""
    world = told.world
    world.person("pia", "Pia Example")
    world.project(PROJECT)
    tip = "origin/master"
    for part in range(CHAIN):
        tip = world.commit(PROJECT, f"Part {part}\n\nBug: T700", "pia", base=tip)
    last = world.push(PROJECT, tip, "pia")
    for number in numbers_of(world):
        world.review(number, "admin", 2)
    world.submit(last)
    world.fetch(PROJECT)
    for part in range(5):
        world.merged(PROJECT, f"Alone {part}\n\nBug: T701", "pia")
    return world


@pytest.fixture
def little(world):
    """Everyone gets at most three rows at once, whatever they ask for; says what there is."""
    merged = numbers_of(world, "status:merged")
    limit = {"rules": {"global:Anonymous-Users": {"action": "ALLOW", "min": 0, "max": 3}}}
    section = {"GLOBAL_CAPABILITIES": {"permissions": {"queryLimit": limit}}}
    world.site.call("POST", "projects/All-Projects/access", {"add": section})
    assert len(world.query(f"project:{PROJECT}", user="", n=500)) == 3
    yield merged
    world.site.call("POST", "projects/All-Projects/access", {"remove": section})


def numbers_of(world, more=""):
    return {row["_number"] for row in world.query(f"project:{PROJECT} {more}", n=500)}


def each_once(changes):
    counted = Counter(change.number for change in changes)
    assert set(counted.values()) <= {1}
    return set(counted)


def test_a_ceiling_hides_nothing(world, little, source):
    assert len(little) >= CHAIN + 5
    assert len(each_once(source.merged_for([700, 701]))) == CHAIN + 5
    assert each_once(source.merged_since(START)) >= little
    assert each_once(source.merged_by(f"gerrit:{world.ids['pia']}")) == little


@pytest.mark.parametrize("page", [1, 2, 3, 5, 7, 8, 13, 500])
def test_pages_of_any_size_bring_everything_once(world, ask, page):
    found = each_once(ask(page=page).merged_by(f"gerrit:{world.ids['pia']}"))

    assert found == numbers_of(world, "status:merged")


@pytest.mark.parametrize("read", [1, 3, 6, 9])
def test_what_is_merged_or_touched_meanwhile_is_not_lost(world, ask, read):
    before = sorted(numbers_of(world, "status:merged"))
    reading = ask(page=2).merged_by(f"gerrit:{world.ids['pia']}")
    found = list(itertools.islice(reading, read))

    fresh = [world.merged(PROJECT, f"Meanwhile {part}\n\nx", "pia") for part in range(3)]
    for number in (before[0], before[1], before[-1]):
        world.review(number, "dora", None, "Still nice.")
    found += reading

    assert each_once(found) == {*before, *fresh}


def test_bounds_of_time_count_in(world, source):
    """So "merged since the moment of the last one" has the last one."""
    merged = world.query(f"project:{PROJECT} status:merged", n=500)
    moments = sorted({row["submitted"][:19] for row in merged})
    middle = moments[len(moments) // 2]

    for bound in ("mergedafter", "mergedbefore"):
        found = numbers_of(world, f'status:merged {bound}:"{middle} +0000"')
        assert {row["_number"] for row in merged if row["submitted"][:19] == middle} <= found
    for bound in ("after", "before"):
        touched = merged[len(merged) // 2]["updated"][:19]
        found = numbers_of(world, f'status:merged {bound}:"{touched} +0000"')
        assert {row["_number"] for row in merged if row["updated"][:19] == touched} <= found
    since = datetime.strptime(middle, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    told = {one.number for one in source.merged_since(since) if one.project == PROJECT}
    assert told == {row["_number"] for row in merged if row["submitted"][:19] >= middle}
