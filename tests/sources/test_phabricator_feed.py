"""A list that changes while it is read loses no task and repeats none."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources.phabricator import Phabricator
from sources.port import SourceUnreachable
from tests.sources.site import TOKEN, Site, a_row

START = 1_780_000_000
NUMBERS = st.integers(1, 450)

CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("touch"), NUMBERS),
        st.tuples(st.just("hide"), NUMBERS),
        st.tuples(st.just("close to strangers"), NUMBERS),
        st.tuples(st.just("new"), st.integers(1, 3)),
        st.tuples(st.just("outdate"), NUMBERS),
    ),
    max_size=12,
)


@pytest.fixture
def there(serve, a_client):
    """Let one server be this site from now on."""
    current = []
    server = serve(lambda request: current[-1](request))
    client = a_client("Phabricator")

    def move(site):
        current.append(site)
        return Phabricator(server.url, TOKEN, client), site

    return move


@dataclass
class MovingSite:
    """Tasks that are touched, hidden or made between one page and the next."""

    size: int
    between: list
    asked: int = 0
    moved: set = field(default_factory=set)
    """Numbers of tasks that left the window, or became secret, or were not there from the start."""

    def __post_init__(self):
        self.site = Site(tasks=[a_row(n, dateModified=START) for n in range(1, self.size + 1)])
        self.top = self.size

    def __call__(self, request):
        answer = self.site(request)
        if self.asked < len(self.between):
            for what, number in self.between[self.asked]:
                self.change(what, number)
        self.asked += 1
        return answer

    def change(self, what, number):
        if what == "new":
            for _ in range(number):
                self.top += 1
                self.site.conduit.add(tasks=[a_row(self.top, dateModified=START + 5)])
                self.moved.add(self.top)
        elif number in self.site.conduit.tasks:
            if what == "touch":
                self.site.change(number, dateModified=START + 9)
                return
            self.moved.add(number)
            if what == "hide":
                self.site.hide(number)
            elif what == "close to strangers":
                self.site.change(number, policy={"view": "users"})
            else:  # no server does so; a task may leave a window by losing a tag or a status
                self.site.change(number, dateModified=START - 9)


def in_window(source):
    return list(source.modified_since(datetime.fromtimestamp(START, UTC)))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(size=st.integers(0, 420), between=st.lists(CHANGES, max_size=5))
def test_a_list_that_changes_while_it_is_read_loses_no_task_and_repeats_none(there, size, between):
    source, moving = there(MovingSite(size, between))

    try:
        found = in_window(source)
    except SourceUnreachable:
        # Only where the last task of a page has turned secret: then the window is read again.
        assert any(what == "hide" for changes in between for what, _ in changes)
        found = in_window(source)

    numbers = [one.number for one in found]
    assert len(numbers) == len(set(numbers))
    assert set(range(1, size + 1)) - moving.moved <= set(numbers)
    assert all(one.task for one in found if one.number not in moving.moved)


def test_a_last_task_of_a_page_that_turned_secret_is_met_by_reading_again(there):
    source, _ = there(MovingSite(250, [[("hide", 151)]]))

    with pytest.raises(SourceUnreachable, match="changed while it was read"):
        in_window(source)

    assert {one.number for one in in_window(source)} == set(range(1, 251)) - {151}


@pytest.mark.parametrize("what", ["touch", "outdate", "close to strangers"])
def test_a_last_task_of_a_page_that_changed_otherwise_harms_nothing(there, what):
    source, _ = there(MovingSite(250, [[(what, 151)]]))

    assert [one.number for one in in_window(source)] == list(range(250, 0, -1))
