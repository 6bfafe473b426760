"""Toolhub, by a server built from documented replies, not seen on a real server."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.port import SourceChanged, SourceUnreachable, Tool
from sources.toolhub import Toolhub, forge_of, parse_tools
from tests.sources.server import Answer, as_json

FOLDER = Path(__file__).parents[1] / "data" / "toolhub"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def the_list():
    return json.loads((FOLDER / "tools.json").read_text("utf-8"))


def a_row(number, modified=NEW_YEAR, **fields):
    return the_list()["results"][0] | {
        "name": f"tool-{number}",
        "modified_date": modified.isoformat(),
        **fields,
    }


class Catalogue:
    """Serves rows as Toolhub does; *meanwhile* is called with them after each answer."""

    def __init__(self, rows, meanwhile=lambda rows: None):
        self.rows = list(rows)
        self.meanwhile = meanwhile

    def __call__(self, request):
        asked = dict(request.query)
        assert request.path == "/api/tools/"
        assert asked["ordering"] == "-modified_date"
        page, size = int(asked["page"]), int(asked["page_size"])
        ordered = sorted(self.rows, key=lambda row: row["modified_date"], reverse=True)
        found = ordered[(page - 1) * size : page * size]
        more = len(ordered) > page * size
        self.meanwhile(self.rows)
        if not found and page > 1:
            return as_json({"code": 4004, "message": "Invalid page."}, status=404)
        elsewhere = "http://127.0.0.1:9/api/tools/?page=2" if more else None
        return as_json({"count": len(ordered), "next": elsewhere, "results": found})


def names(tools):
    return [one.name for one in tools]


def test_a_tool_is_what_its_entry_says_without_anybodys_address():
    tools = list(parse_tools(the_list()["results"]))

    assert tools[0] == Tool(
        name="toolforge-exampletool",
        title="Example tool",
        kind="web app",
        repository="https://gitlab.wikimedia.org/toolforge-repos/exampletool",
        tracker="https://phabricator.wikimedia.org/tag/exampletool/",
        authors=("Example Dev", "Ada Example"),
    )
    for private in ("@", "real name", "exampledev", "another", "~"):
        assert private not in repr(tools)


def test_what_the_community_added_stands_in_where_the_tool_says_nothing():
    script = list(parse_tools(the_list()["results"]))[1]

    assert script.repository == "https://github.com/ada-example/script"
    assert script.tracker == "https://github.com/ada-example/script/issues?q=is%3Aopen"


def test_only_addresses_of_the_web_are_taken():
    old = list(parse_tools(the_list()["results"]))[2]

    assert (old.repository, old.tracker) == ("", "")


@pytest.mark.parametrize("author", [None, "A Name", {"name": "A"}, [None, "A Name", 7], [{}]])
def test_authors_in_another_form_are_nobody(author):
    [tool] = parse_tools([a_row(1, author=author)])

    assert tool.authors == ()


def test_a_tool_without_annotations_is_fine():
    [tool] = parse_tools([{"name": "a"}])

    assert tool == Tool("a", "")


@pytest.mark.parametrize("field", ["name", "title", "tool_type", "repository", "bugtracker_url"])
def test_a_field_of_another_type_is_said(field):
    with pytest.raises(SourceChanged, match=f"Toolhub has changed: {field} should be"):
        list(parse_tools([a_row(1) | {field: 7}]))


def test_a_quiet_round_asks_once(serve, a_client):
    server = serve(as_json(the_list() | {"next": "https://elsewhere.example/"}))

    found = Toolhub(server.url, a_client()).changed_since(datetime(2026, 2, 1, tzinfo=UTC))

    assert list(found) == []
    assert len(server.requests) == 1


def test_the_reading_stops_at_the_cursor(serve, a_client):
    rows = [a_row(number, NEW_YEAR - timedelta(days=number)) for number in range(10)]
    server = serve(Catalogue(rows))

    found = Toolhub(server.url, a_client(), page=4).changed_since(NEW_YEAR - timedelta(days=2))

    assert names(found) == ["tool-0", "tool-1", "tool-2"]
    assert len(server.requests) == 1


def test_a_deprecated_tool_is_history_too(serve, a_client):
    server = serve(as_json(the_list()))

    found = names(Toolhub(server.url, a_client()).changed_since(LONG_AGO))

    assert found == ["toolforge-exampletool", "example-script", "old-tool"]


def test_a_long_list_is_read_page_by_page_and_never_where_the_server_points(serve, a_client):
    rows = [a_row(number, NEW_YEAR - timedelta(days=number)) for number in range(7)]
    server = serve(Catalogue(rows))

    found = names(Toolhub(server.url, a_client(), page=3).changed_since(LONG_AGO))

    assert found == [f"tool-{number}" for number in range(7)]
    assert [dict(one.query)["page"] for one in server.requests] == ["1", "2", "3"] * 2


@given(moves=st.lists(st.tuples(st.booleans(), st.integers(0, 11)), max_size=4))
def test_a_list_that_moves_while_it_is_read_loses_nothing(serve_list, a_toolhub, moves):
    """Between two pages one tool goes or is touched; every one that stays comes, as it is last."""
    waiting, clock = list(moves), [NEW_YEAR]

    def meanwhile(rows):
        if waiting:
            goes, place = waiting.pop()
            row = rows.pop(place % len(rows))
            if not goes:
                clock[0] += timedelta(days=1)
                rows.append(row | {"modified_date": clock[0].isoformat(), "title": str(clock[0])})

    rows = [a_row(number, NEW_YEAR - timedelta(days=number)) for number in range(12)]
    catalogue = Catalogue(rows, meanwhile)

    found = {one.name: one for one in a_toolhub(serve_list(catalogue)).changed_since(LONG_AGO)}

    assert {row["name"] for row in catalogue.rows} <= found.keys()
    last = {row["name"]: row["title"] for row in catalogue.rows}
    assert all(found[name].title == title for name, title in last.items())


@pytest.fixture(scope="module")
def serve_list():
    """Let one server answer with this function from now on."""
    from tests.sources.server import Server

    now = [None]
    server = Server(lambda request: now[0](request))

    def start(reply):
        now[0] = reply
        return server.url

    yield start
    server.close()


@pytest.fixture(scope="module")
def a_toolhub():
    from sources.http import Client

    agent = "DeveloperBadges/0 (https://example.org/bot)"
    client = Client("Toolhub", agent, pause=0, longest_pause=0, interval=0, retries=0)
    yield lambda url: Toolhub(url, client, page=3)
    client.close()


def test_a_list_that_never_holds_still_is_left_for_the_next_round(serve, a_client):
    number = [100]

    def meanwhile(rows):
        number[0] += 1
        rows.append(a_row(number[0], NEW_YEAR + timedelta(days=number[0])))

    rows = [a_row(one, NEW_YEAR - timedelta(days=one)) for one in range(4)]
    toolhub = Toolhub(serve(Catalogue(rows, meanwhile)).url, a_client("Toolhub"), page=3)

    with pytest.raises(SourceUnreachable, match="Toolhub's list changed each time"):
        list(toolhub.changed_since(LONG_AGO))


def test_a_list_that_is_sorted_otherwise_is_not_believed(serve, a_client):
    rows = [a_row(1, NEW_YEAR), a_row(2, NEW_YEAR + timedelta(days=1))]
    server = serve(as_json({"next": None, "results": rows}))

    with pytest.raises(SourceChanged, match="sorts its list no more"):
        list(Toolhub(server.url, a_client()).changed_since(NEW_YEAR))


@pytest.mark.parametrize("moment", ["", None, 7, "yesterday", "2026-01-01", "2026-01-01T00:00:00"])
def test_a_tool_without_a_moment_is_said(serve, a_client, moment):
    server = serve(as_json({"next": None, "results": [a_row(1) | {"modified_date": moment}]}))

    with pytest.raises(SourceChanged, match="modified_date should be"):
        list(Toolhub(server.url, a_client()).changed_since(NEW_YEAR))


def test_no_catalogue_at_the_address_is_said(serve, a_client):
    server = serve(Answer(status=404))

    with pytest.raises(SourceChanged, match="nothing there"):
        list(Toolhub(server.url, a_client()).changed_since(NEW_YEAR))


FORGES = {
    "https://github.com/o/r.git": ("github", "o/r"),
    "http://me:secret@GitHub.com/o/r.js/tree/main?x=1#y": ("github", "o/r.js"),
    "https://github.com/o": ("elsewhere", "https://github.com/o"),
    "https://gist.github.com/o/1a": ("elsewhere", "https://gist.github.com/o/1a"),
    "https://github.com.evil.example/o/r": ("elsewhere", "https://github.com.evil.example/o/r"),
    "https://gitlab.wikimedia.org/toolforge-repos/x": ("gitlab", "toolforge-repos/x"),
    "https://gitlab.wikimedia.org/repos/x/y/-/tree/main": ("gitlab", "repos/x/y"),
    "https://gitlab.com/x/y": ("elsewhere", "https://gitlab.com/x/y"),
    "https://gerrit.wikimedia.org/r/mediawiki/extensions/Echo": (
        "gerrit",
        "mediawiki/extensions/Echo",
    ),
    "https://gerrit.wikimedia.org/r/p/mediawiki/core.git": ("gerrit", "mediawiki/core"),
    "https://gerrit.wikimedia.org/r/a/mediawiki/core/": ("gerrit", "mediawiki/core"),
    "https://gerrit.wikimedia.org/g/mediawiki/core/+/refs/heads/master": (
        "gerrit",
        "mediawiki/core",
    ),
    "https://gerrit.wikimedia.org/r/plugins/gitiles/labs/x/+/master/a/b": ("gerrit", "labs/x"),
    "https://gerrit.wikimedia.org/r/admin/repos/labs%2Fx,general": ("gerrit", "labs/x"),
    "https://gerrit.wikimedia.org/r/c/mediawiki/core/+/123": (
        "elsewhere",
        "https://gerrit.wikimedia.org/r/c/mediawiki/core/+/123",
    ),
    "https://gerrit.wikimedia.org/r/#/admin/projects/x": (
        "elsewhere",
        "https://gerrit.wikimedia.org/r",
    ),
    "https://phabricator.wikimedia.org/diffusion/TABC/": (
        "elsewhere",
        "https://phabricator.wikimedia.org/diffusion/TABC",
    ),
}


@pytest.mark.parametrize("address", FORGES)
def test_a_repository_is_known_by_its_forge(address):
    assert forge_of(address) == FORGES[address]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "github.com/o/r",
        "git@github.com:o/r.git",
        "ssh://gerrit.wikimedia.org:29418/x",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://",
        "https://[x/",
        "https://x:99999/y",
        "https://github.com/o/r\u202e",
        "https://github.com/o /r",
        'https://github.com/o"/r',
    ],
)
def test_what_is_no_address_has_no_forge(address):
    assert forge_of(address) is None


@given(st.text())
def test_any_text_may_stand_in_a_tools_entry(text):
    [tool] = parse_tools(
        [a_row(1, repository=text, bugtracker_url=text, title=text, annotations=None)]
    )

    assert not tool.repository or tool.repository.startswith("https://")
    assert not tool.tracker or tool.tracker.startswith(("https://", "http://"))
    assert forge_of(tool.repository) == forge_of(text.strip())


@given(st.text(alphabet="abc:@/?#.%-", max_size=40))
def test_no_password_stays_in_an_address(rest):
    [tool] = parse_tools(
        [
            a_row(
                1,
                repository=f"https://me:secret@{rest}",
                bugtracker_url=f"https://me:secret@{rest}",
            )
        ]
    )

    assert "secret" not in tool.repository + tool.tracker
