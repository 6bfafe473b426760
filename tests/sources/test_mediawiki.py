"""What every reading of a wiki heeds; the answers are recorded unless a test says otherwise."""

from itertools import count

import pytest

from sources.mediawiki import BadContinue, MediaWiki, NoSuchList
from sources.paging import PATIENCE
from sources.port import SourceChanged, SourceRefused, SourceUnreachable
from tests.sources.server import as_json
from tests.sources.wishes_wiki import answer, body


@pytest.fixture
def ask(serve, a_client):
    """Ask a wiki that gives these answers; return what it said, with the server."""

    def ask(*answers, **parameters):
        server = serve(*answers)
        wiki = MediaWiki(f"{server.url}/w/api.php", a_client("Wiki"))
        return list(wiki.query(**(parameters or {"list": "logevents"}))), server

    return ask


def an_error(code):
    """Built from the documentation of errors, not seen on a real server."""
    return as_json({"error": {"code": code, "info": "Kim's secret words", "docref": "…"}})


def test_a_list_is_read_to_its_end(ask):
    answers, server = ask(
        *(answer(f"logevents.paging.0{page}") for page in (1, 2)),
        as_json({"batchcomplete": True, "query": {"logevents": []}}),
        list="logevents",
    )

    assert [len(one["logevents"]) for one in answers] == [40, 40, 0]
    second = dict(server.requests[1].query)
    assert second["lecontinue"] == body("logevents.paging.01")["continue"]["lecontinue"]
    assert second["continue"] == "-||"


def test_every_question_says_how_it_is_to_be_answered(ask):
    _, server = ask(answer("wishes.count"), as_json({"query": {}}), list="x", crwlimit=1)

    for request in server.requests:
        asked = dict(request.query)
        assert (asked["action"], asked["format"], asked["formatversion"]) == ("query", "json", "2")
        assert (asked["maxlag"], asked["crwlimit"]) == ("5", "1")


def test_a_batch_that_is_complete_may_still_be_continued(ask):
    """Surprise 7."""
    assert body("wishes.default")["batchcomplete"] is True

    answers, _ = ask(answer("wishes.default"), as_json({"query": {"end": True}}))

    assert len(answers) == 2


def test_a_long_question_goes_by_post(ask):
    names = "|".join(f"{'ü' * 80} {n}" for n in range(50))

    _, server = ask(answer("wishes.default.post"), as_json({"query": {}}), ususers=names)

    assert server.requests[0].method == "POST"
    assert dict(server.requests[0].form)["ususers"] == names
    assert len(server.requests[0].target) < 50


def test_an_error_comes_with_a_good_status_and_is_one_all_the_same(ask):
    """Surprise 8."""
    with pytest.raises(
        SourceChanged, match=r"^Wiki answered with an error \(badvalue\)\. .*look\.$"
    ):
        ask(answer("logevents.wiki-without"))
    with pytest.raises(SourceChanged, match=r"\(badvalue\)"):
        ask(answer("error.action-unknown"))


def test_a_place_that_the_wiki_lost_is_an_error_of_its_own(ask):
    """Surprise 1."""
    for name in ("paging.badcontinue", "error.continue-text"):
        with pytest.raises(BadContinue, match="place in its list"):
            ask(answer(name))


@pytest.mark.parametrize(
    "code",
    [
        "maxlag",
        "ratelimited",
        "readonly",
        "internal_api_error_DBQueryError",
        "internal_api_error_TypeError",
    ],
)
def test_what_passes_by_itself_is_worth_another_try(ask, code):
    with pytest.raises(SourceUnreachable, match=r"^Wiki .* The next round asks again\.$") as caught:
        ask(an_error(code))

    assert "Kim" not in str(caught.value)


def test_a_server_that_stumbles_is_worth_another_try(ask):
    """Surprise 37: an exception inside the server comes with status 200."""
    with pytest.raises(SourceUnreachable):
        ask(answer("write.edit-votes-page-no-comment"))


@pytest.mark.parametrize("code", ["permissiondenied", "readapidenied", "mustbeloggedin", "blocked"])
def test_who_may_not_read_is_refused(ask, code):
    with pytest.raises(SourceRefused, match=rf"^Wiki refused to answer \({code}\)"):
        ask(an_error(code))


def test_the_recorded_refusal_is_one(ask):
    with pytest.raises(SourceRefused, match="assertuserfailed"):
        ask(answer("error.assert-user"))


@pytest.mark.parametrize(
    "name",
    [
        "wishes.status-unknown",
        "wishes.status-unknown-only",
        "wishes.status-star",
        "error.list-parameter-unknown",
        "error.prop-unknown",
        "error.limit-501",
    ],
)
def test_a_warning_is_a_failure(ask, name):
    """Surprises 3 and 6: what was not understood is left out of the question, so the answer is another."""
    with pytest.raises(SourceChanged, match="did not take all of our question"):
        ask(answer(name))


def test_the_warning_of_an_answer_cut_by_bytes_is_harmless(ask):
    """Built from the documentation: what was left out comes with the next answer."""
    answers, _ = ask(
        as_json({"warnings": {"result": {"warnings": "truncated"}}, "query": {"x": []}})
    )

    assert answers == [{"x": []}]


def test_a_list_that_is_not_there_says_so(ask):
    """Surprise 10: a warning, and an answer without a query."""
    with pytest.raises(NoSuchList, match="does not know that list"):
        ask(answer("error.module-unknown"))


def test_an_answer_without_a_query_is_a_failure(ask):
    with pytest.raises(SourceChanged, match="has no “query”"):
        ask(as_json({"batchcomplete": True}))


def test_a_generator_that_finds_nothing_answers_without_a_query(ask):
    answers, _ = ask(as_json({"batchcomplete": True}), generator="allpages")

    assert answers == [{}]


def test_a_wiki_that_promises_more_for_ever_is_left(ask):
    with pytest.raises(SourceChanged, match="repeats the same"):
        ask(answer("wishes.default"))


def test_a_wiki_that_repeats_the_same_at_ever_new_places_is_left(serve, a_client):
    places = count()
    server = serve(
        lambda request: as_json(
            {"continue": {"rccontinue": next(places)}, "query": {"recentchanges": [{"revid": 1}]}}
        )
    )

    with pytest.raises(SourceChanged, match="repeats the same"):
        list(MediaWiki(server.url, a_client("Wiki")).query(list="recentchanges"))

    assert len(server.requests) == PATIENCE + 2


@pytest.mark.parametrize(
    "broken", [{"error": "down"}, {"error": {"code": 7}}, {"errors": [{"code": "x"}]}]
)
def test_an_error_of_another_shape_is_still_an_error(ask, broken):
    with pytest.raises(SourceChanged, match="no known code"):
        ask(as_json(broken))


def test_no_word_of_an_error_goes_on(ask):
    with pytest.raises(SourceChanged) as caught:
        ask(an_error("Kim did <b>it</b>"))

    assert "Kim" not in str(caught.value)
    assert caught.value.__context__ is None
