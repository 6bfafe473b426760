"""Long lists that change while they are read.

The server here is built after what tests/gerrit saw of a real one: newest update first, bounds in
whole seconds that count in, fewer rows than asked.
"""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.gerritapi import GerritApi
from sources.port import SourceUnreachable

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


class Server:
    """A list of changes, each last updated at some second; what ``meddle`` does comes between."""

    def __init__(self, seconds, ceiling, meddle=None):
        self.seconds = dict(enumerate(seconds, 1))
        self.ceiling, self.meddle, self.asked = ceiling, meddle or {}, []

    def get(self, url, query, prefix):
        for number in self.meddle.get(len(self.asked), ()):
            self.touch(number)
        asked = dict(query)
        self.asked.append(asked["q"])
        found = sorted(
            (number for number in self.seconds if self.fits(number, asked["q"])),
            key=lambda number: (self.seconds[number], number),
            reverse=True,
        )
        skip, size = int(asked["S"]), min(int(asked["n"]), self.ceiling)
        rows = [{"_number": n, "updated": text(self.seconds[n])} for n in found[skip : skip + size]]
        if rows and len(found) > skip + size:
            rows[-1]["_more_changes"] = True
        return rows

    def touch(self, number):
        self.seconds[number] = max(self.seconds.values(), default=0) + 1

    def fits(self, number, query):
        moment = text(self.seconds[number])[:19]
        after = re.search(r'after:"(.{19})', query)
        before = re.search(r'before:"(.{19})', query)
        return (not after or moment >= after[1]) and (not before or moment <= before[1])


def text(second):
    return f"{BEGIN + timedelta(seconds=second):%Y-%m-%d %H:%M:%S}.000000000"


def read(server, page=500):
    rows = GerritApi("http://x", server, page).changes("status:merged", ())
    return [row["_number"] for row in rows]


SECONDS = st.lists(st.integers(0, 6), max_size=40)


@given(SECONDS, st.integers(1, 9), st.integers(1, 9))
def test_everything_is_read_once_however_little_comes_at_once(seconds, page, ceiling):
    assert Counter(read(Server(seconds, ceiling), page)) == Counter(range(1, len(seconds) + 1))


@given(
    SECONDS,
    st.integers(2, 9),
    st.dictionaries(st.integers(1, 12), st.lists(st.integers(1, 50), max_size=3), max_size=6),
)
def test_what_is_touched_or_merged_meanwhile_is_neither_lost_nor_told_twice(seconds, page, meddle):
    server = Server(seconds, 500, meddle)

    try:
        found = Counter(read(server, page))
    except SourceUnreachable:
        return  # one second was touched too often: the next round reads again

    assert set(found.values()) <= {1}
    assert set(found) >= set(range(1, len(seconds) + 1))


def test_a_list_that_fits_is_one_request():
    server = Server(range(500), 500)

    assert len(read(server)) == 500
    assert len(server.asked) == 1


def test_a_long_list_costs_a_request_a_page_and_one_to_see_that_nothing_moved():
    server = Server(range(2_000), 500)

    assert len(read(server)) == 2_000
    assert len(server.asked) == 6
    assert server.asked[-1] == 'status:merged after:"2026-01-01 00:33:19 +0000"'


def test_a_second_that_never_holds_still_is_left_to_the_next_round():
    server = Server([1] * 20, 2, {n: [20 - n] for n in range(1, 19)})

    with pytest.raises(SourceUnreachable, match=r"next round reads it again\.$"):
        read(server)
