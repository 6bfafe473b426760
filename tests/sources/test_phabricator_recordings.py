"""Everything that a real server was seen to answer is understood, or refused calmly."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.conduit import Conduit, Rejected
from sources.maniphest import parse_rows
from sources.phabricator_edges import parse_edges, parse_tokens
from sources.phabricator_projects import parse_projects
from sources.phabricator_users import parse_accounts, parse_users
from sources.port import SourceChanged, SourceError, SourceRefused, SourceUnreachable
from tests.sources import recordings

READ = {
    "maniphest.search": lambda result: parse_rows(result["data"]),
    "edge.search": lambda result: parse_edges(result["data"]),
    "project.search": lambda result: parse_projects(result["data"]),
    "user.search": lambda result: parse_users(result["data"]),
    "token.given": parse_tokens,
    "user.mediawikiquery": lambda result: parse_accounts(result, "mediawiki_username", []),
    "user.ldapquery": lambda result: parse_accounts(result, "ldap_username", []),
}
"""How the result of each method is understood that we ask."""

SEARCHES = ("maniphest.search", "edge.search", "project.search", "user.search")

NO_TOKEN = ("ERR-INVALID-AUTH", "ERR-INVALID-SESSION")


@pytest.fixture
def replay(serve, a_client):
    """Ask a server that gives this recording, and understand the answer."""

    def make(name):
        method = recordings.load(name)["conduit_method"]
        client = a_client("Phabricator", retries=0)
        caller = Conduit(serve(recordings.answer(name)).url, recordings.TOKEN, client)
        result = caller.call(method or "some.method", {})
        return list(READ.get(method, lambda _: [])(result))

    return make


def expected(response):
    """The kind of error that a recorded response is to us, None where it is an answer."""
    if response["status"] == 414 or (response["status"] == 200 and response["body"] is None):
        return SourceChanged
    if response["status"] != 200:
        return SourceUnreachable
    code, info = response["body"]["error_code"], response["body"]["error_info"] or ""
    if code in NO_TOKEN or "does not exist." in info:
        return SourceRefused
    if "overheated" in info:
        return SourceUnreachable
    return Rejected if code else None


@pytest.mark.parametrize("name", sorted(recordings.FILES))
def test_every_recorded_answer_is_understood_or_refused_calmly(replay, name):
    response = recordings.load(name)["response"]
    kind = expected(response)

    if kind is None:
        found = replay(name)
        result = response["body"]["result"]
        rows = result.get("data", []) if isinstance(result, dict) else []
        assert (
            len(found) == len(rows)
            or recordings.load(name)["conduit_method"] not in READ
            or not rows
        )
        return
    with pytest.raises(SourceError, match=r"^Phabricator .*\.$") as caught:
        replay(name)
    assert isinstance(caught.value, kind)
    assert recordings.TOKEN not in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("method", READ)
def test_every_method_that_we_ask_was_recorded(method):
    answered = [name for name in recordings.FILES if name.startswith(f"{method}.")]

    assert len(answered) >= 4


@pytest.mark.parametrize("recording", ["token.given.objects", "token.given.all"])
def test_tokens_are_told_one_by_one(recording):
    objects = list(parse_tokens(recordings.result(recording)))

    assert len(objects) == len(recordings.result(recording))
    assert all(one.startswith("PHID-TASK-") for one in objects)


def test_a_project_list_is_names_by_phid():
    found = dict(parse_projects(recordings.rows("project.search.all")))

    assert len(found) == 15
    assert found["PHID-PROJ-l477gpicgnggbacbymiv"] == "Sprint Team (Sprint 1)"
    assert found["PHID-PROJ-vpavnrjiggyhm4e63a2l"] == "Wikidata-Query"


# Whatever else may come

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
WELL = {
    "maniphest.search": "maniphest.search.ids-attachments",
    "edge.search": "edge.search.both",
    "project.search": "project.search.phids-status-all",
    "user.search": "user.search.phids",
    "token.given": "token.given.objects",
    "user.mediawikiquery": "user.mediawikiquery.known",
}


def places(value, path=()):
    """Every place in a value that something else could stand at."""
    yield path
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, one in inner:
        yield from places(one, (*path, key))


def put(value, path, other):
    """Return *value* with *other* at *path*."""
    if not path:
        return other
    changed = value.copy()
    changed[path[0]] = put(value[path[0]], path[1:], other)
    return changed


@pytest.mark.parametrize("method", WELL)
@given(data=st.data())
def test_an_odd_value_anywhere_in_a_row_is_understood_or_a_change_of_the_source(method, data):
    result = recordings.result(WELL[method])
    rows = result if isinstance(result, list) else result["data"]
    path = data.draw(st.sampled_from([path for path in places(rows) if path]))
    odd = put(rows, path, data.draw(JSON))

    with suppress(SourceChanged):
        list(READ[method](odd if isinstance(result, list) else {"data": odd}))
