"""Built from the script that makes the list and from the documentation: no page was recorded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.port import SourceChanged
from sources.technews import PAGE, TechNews, parse_resolved
from tests.sources.server import as_json
from tests.sources.wishes_wiki import answer, body

TABLE = """== Week 46 ==
{| class="wikitable"
! url
! taskTitle
! author
! assignee
|-
| [[phab:T312345]] || Dialog ignores Escape key || ReporterName || AssigneeName
|-
| [[:phab:T7|T7]] || T99999 in a title || A || B
|}
<!-- [[phab:T1]] --> <nowiki>[[phab:T2]]</nowiki> T3, phab:T4
* {{Tracked|T50}} {{phab|51}} {{phab| 1 = T52 }} [[Phabricator:T53#1234|x]] {{phabricator|T54|resolved}}
"""


def a_page(text):
    revision = {"slots": {"main": {"contentmodel": "wikitext", "content": text}}}
    return as_json({"query": {"pages": [{"pageid": 1, "title": PAGE, "revisions": [revision]}]}})


@pytest.fixture
def read(serve, a_client):
    def read(*answers):
        server = serve(*answers)
        return TechNews(server.url, a_client("Tech News")).resolved(), server

    return read


def test_every_task_that_is_linked_is_a_sign_of_demand(read):
    found, server = read(a_page(TABLE))

    assert found == {312345, 7, 50, 51, 52, 53, 54}
    assert [dict(request.query)["titles"] for request in server.requests] == [PAGE]


def test_a_recorded_page_is_read_by_the_same_way(read):
    """A wish page, since no page of Tech News was recorded: the way to the text is the same."""
    found, _ = read(answer("wikitext.wish-W1"))

    assert (
        "content" in body("wikitext.wish-W1")["query"]["pages"][0]["revisions"][0]["slots"]["main"]
    )
    assert found == frozenset()


def test_a_page_that_is_not_there_is_no_empty_list(read):
    with pytest.raises(SourceChanged, match=r"^Tech News has no list .*\.$"):
        read(answer("wikitext.deleted-W67"))


@pytest.mark.parametrize(
    "pages",
    [[], [{"title": PAGE}], [{"title": PAGE, "revisions": []}], [{"invalid": True}], [None]],
)
def test_an_answer_without_the_page_is_no_empty_list(read, pages):
    with pytest.raises(SourceChanged, match=r"^Tech News "):
        read(as_json({"query": {"pages": pages}}))


def test_a_page_whose_text_is_hidden_is_no_empty_list(read):
    hidden = {"slots": {"main": {"texthidden": True}}}

    with pytest.raises(SourceChanged, match="no such page to be seen"):
        read(as_json({"query": {"pages": [{"title": PAGE, "revisions": [hidden]}]}}))


def test_an_empty_page_is_an_empty_list(read):
    assert read(a_page(""))[0] == frozenset()


@given(st.lists(st.sampled_from(["[[phab:T1", "]]", "{{tracked|", "T22", "}}", "<!--", "-->", "<nowiki>", " "])
                | st.text(max_size=3)).map("".join))  # fmt: skip
def test_whatever_the_page_says_only_tasks_are_found(text):
    assert all(0 < number < 10**7 for number in parse_resolved(text))
