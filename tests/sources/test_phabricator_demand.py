"""Tasks in full, from the local server with the world of the recordings."""

from datetime import UTC, date, datetime

import pytest

from scoring.model import Task
from sources.phabricator import Phabricator
from sources.port import FoundTask, SourceChanged, SourceRefused, SourceUnreachable
from tests.sources import recordings
from tests.sources.server import Answer, conduit
from tests.sources.site import TOKEN, Site, a_project, a_row, a_token, an_edge, phid, recorded_site

ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
DORA, GUS = "PHID-USER-o4vjmjry2tktz3v7kz4y", "PHID-USER-obcabn4xfderf6twxmol"


@pytest.fixture
def ask(serve, a_client):
    """Make a Phabricator that asks this site, and the server to look at."""

    def make(site):
        server = serve(site)
        return Phabricator(server.url, TOKEN, a_client("Phabricator")), server

    return make


def tasks_of(found):
    return {one.number: one.task for one in found}


def methods(server):
    return [request.path.removeprefix("/api/") for request in server.requests]


# What a task in full is


def test_a_task_comes_in_full(ask):
    source, _ = ask(recorded_site())

    [found] = source.tasks([104])

    assert found == FoundTask(
        number=104,
        owner=DORA,
        closer=DORA,
        task=Task(
            number=104,
            status="resolved",
            priority="lowest",
            subtype="bug",
            points=3.0,
            subscribers=5,
            tokens=2,
            duplicates=0,
            created=date(2026, 10, 3),
            closed=date(2026, 11, 20),
            projects=("Documentation",),
        ),
    )


def test_parents_and_subtasks_are_numbers(ask):
    source, _ = ask(recorded_site())

    found = tasks_of(source.tasks([6, 20, 31, 100]))

    assert found[6].subtasks == (20, 21, 22, 30, 100)
    assert found[100].parents == (6, 99)
    assert found[20].parents == (6,)
    assert found[31].parents == ()


def test_a_merged_task_names_the_one_it_was_merged_into(ask):
    source, _ = ask(recorded_site())

    found = tasks_of(source.tasks([107, 114]))

    assert (found[114].status, found[114].duplicate_of) == ("duplicate", 107)
    assert (found[107].duplicates, found[107].merged) == (1, (114,))
    assert found[107].duplicate_of is None


def test_a_duplicate_by_hand_is_a_duplicate_of_nothing(ask):
    source, _ = ask(recorded_site())

    [found] = source.tasks([129])

    assert (found.task.status, found.task.duplicate_of) == ("duplicate", None)


def test_a_duplicate_that_was_resolved_after_all_is_no_duplicate(ask):
    site = recorded_site()
    site.change(114, status={"value": "resolved"})
    source, _ = ask(site)

    [found] = source.tasks([114])

    assert (found.task.status, found.task.duplicate_of) == ("resolved", None)


def test_every_kind_of_token_counts_as_one(ask):
    source, _ = ask(recorded_site())

    found = tasks_of(source.tasks([1, 2, 104, 105]))

    assert {n: task.tokens for n, task in found.items()} == {1: 3, 2: 1, 104: 2, 105: 0}


# What changes after a task was closed


def test_a_reopened_task_has_no_closer_and_no_day(ask):
    source, _ = ask(recorded_site())

    [found] = source.tasks([7])

    assert (found.task.status, found.task.closed, found.closer) == ("open", None, None)


def test_a_task_resolved_again_by_another_has_the_other_as_closer(ask):
    source, _ = ask(recorded_site())

    [found] = source.tasks([10])

    assert (found.task.status, found.task.closed) == ("resolved", date(2026, 6, 19))
    assert found.closer == GUS != found.owner


def test_a_change_between_closed_statuses_keeps_closer_and_day(ask):
    """T104: resolved by Dora, then declined and resolved again by Ada."""
    rows = {row["id"]: row for row in recordings.rows("maniphest.search.closer-is-first-closer")}
    source, _ = ask(Site(tasks=rows.values()))

    found = {one.number: one for one in source.tasks(rows)}

    assert found[104].closer == DORA
    assert found[104].task.closed == date(2026, 11, 20)


def test_points_given_a_year_later_come_with_the_feed(ask):
    site = recorded_site()
    long_after = datetime(2027, 12, 1, tzinfo=UTC)
    source, _ = ask(site)
    assert list(source.modified_since(long_after)) == []

    site.change(10, points="13", dateModified=int(long_after.timestamp()) + 5)
    [found] = source.with_demand(source.modified_since(long_after))

    assert found.task.points == 13.0
    assert found.task.closed == date(2026, 6, 19)


def test_a_merge_of_which_no_status_transaction_tells_comes_with_the_feed(ask):
    site = recorded_site()
    touched = site.conduit.tasks[114]["fields"]["dateModified"]
    source, _ = ask(site)

    feed = source.modified_since(datetime.fromtimestamp(touched, UTC))

    assert tasks_of(source.with_demand(feed))[114].duplicate_of == 107


def test_a_task_that_turned_secret_after_it_was_shown_may_not_be_shown(ask):
    site = recorded_site()
    source, _ = ask(site)
    assert [one.task is None for one in source.tasks([100, 104])] == [False, False]

    site.hide(104)

    assert [one.task is None for one in source.tasks([100, 104])] == [False, True]


# Demand for what the feed brought


def test_the_feed_itself_asks_nothing_more(ask):
    source, server = ask(recorded_site())

    found = list(source.modified_since(datetime(2026, 11, 20, 6, tzinfo=UTC)))

    assert methods(server) == ["maniphest.search"]
    assert found
    assert all(one.task.tokens is one.task.duplicates is None for one in found)


def test_what_the_feed_brought_is_not_asked_again(ask):
    source, server = ask(recorded_site())
    feed = list(source.modified_since(datetime(2026, 11, 20, 6, tzinfo=UTC)))
    server.requests.clear()

    in_full = list(source.with_demand(feed))

    assert [one.number for one in in_full] == [one.number for one in feed]
    assert methods(server)[:3] == ["project.search", "token.given", "edge.search"]
    assert "constraints[ids][0]" not in dict(server.requests[-1].form)


def test_demand_for_others_asks_for_them_again(ask):
    source, server = ask(recorded_site())

    [found] = source.with_demand([FoundTask(107, Task(107))])

    assert (found.task.status, found.task.duplicates) == ("open", 1)
    assert ("constraints[ids][0]", "107") in server.requests[0].form


def test_demand_for_nothing_is_no_request(ask):
    source, server = ask(recorded_site())

    assert list(source.with_demand([])) == []
    assert list(source.with_demand([FoundTask(5, None)])) == [FoundTask(5, None)]
    assert server.requests == []


def test_both_ways_lead_to_the_same_tasks(ask):
    source, _ = ask(recorded_site())

    feed = list(source.with_demand(source.modified_since(ALWAYS)))
    numbered = list(source.tasks(one.number for one in feed))

    assert sorted(feed, key=lambda one: one.number) == numbered
    assert len(feed) == 128


def test_only_the_last_reading_of_the_feed_is_kept(ask):
    source, server = ask(recorded_site())
    feed = list(source.modified_since(ALWAYS))
    list(source.modified_since(datetime(2027, 6, 1, tzinfo=UTC)))
    server.requests.clear()

    list(source.with_demand(feed[:1]))

    assert "constraints[ids][0]" in dict(server.requests[0].form)


def test_what_the_feed_showed_as_hidden_stays_hidden_whatever_was_known(ask):
    site = recorded_site()
    site.change(104, policy={"view": "users"})
    source, _ = ask(site)
    list(source.modified_since(ALWAYS))

    assert list(source.with_demand([FoundTask(104, Task(104))])) == [FoundTask(104, None)]


def test_of_what_may_not_be_shown_nothing_is_asked(ask):
    source, server = ask(recorded_site())
    list(source.modified_since(ALWAYS))
    server.requests.clear()

    assert list(source.with_demand([FoundTask(104, None)])) == [FoundTask(104, None)]
    assert server.requests == []


# Projects


def test_projects_are_names_archived_ones_and_milestones_too(ask):
    tags = ["PHID-PROJ-l477gpicgnggbacbymiv", "PHID-PROJ-btafwrvzghgmit56jr7g"]
    tags += ["PHID-PROJ-5g22fivsavigz672ibrl", "PHID-PROJ-aaaaaaaaaaaaaaaaaaaa"]
    row = a_row(1) | {"attachments": {"projects": {"projectPHIDs": tags}}}
    source, _ = ask(Site(tasks=[row], projects=recordings.projects()))

    [found] = source.with_projects(source.modified_since(ALWAYS))

    assert found.task.projects == (
        "Old-Extension",
        "Sprint Team (Sprint 1)",
        "Übersetzung & Sprache",
    )


def test_a_project_is_asked_for_once(ask):
    tags = {"projects": {"projectPHIDs": [phid(1, "PROJ"), phid(2, "PROJ")]}}
    rows = [a_row(number) | {"attachments": tags} for number in (1, 2)]
    source, server = ask(Site(tasks=rows, projects=[a_project(1, "Cite")]))

    for _ in range(2):
        assert [one.task.projects for one in source.tasks([1, 2])] == [("Cite",), ("Cite",)]

    assert methods(server).count("project.search") == 1


@pytest.mark.parametrize(
    "fields", [{"policy": {"view": "PHID-PLCY-x"}}, {"spacePHID": "PHID-SPCE-x"}]
)
def test_a_project_that_not_everybody_may_see_is_not_named(serve, a_client, fields):
    """Even where our token sees it, as that of an administrator does."""
    row = a_row(1) | {"attachments": {"projects": {"projectPHIDs": [phid(1, "PROJ")]}}}
    seen = conduit({"data": [a_project(1, "Secret affair", **fields)]})
    site = Site(tasks=[row])
    server = serve(lambda asked: seen if asked.path == "/api/project.search" else site(asked))
    spaces = frozenset({"PHID-SPCE-public"})
    source = Phabricator(server.url, TOKEN, a_client(), public_spaces=spaces)

    [found] = source.tasks([1])

    assert found.task.projects == ()


# What our token may not see


def test_one_invisible_task_spoils_the_edges_of_no_other(ask):
    site = Site(
        tasks=[a_row(n) for n in range(1, 201)],
        edges=[
            *(an_edge(n, "parent", n + 100) for n in range(1, 101)),
            *(an_edge(n, "parent", 50) for n in range(1, 4)),
        ],
    )
    source, server = ask(site)
    feed = list(source.modified_since(ALWAYS))
    site.hide(50)
    site.change(51, policy={"view": "users"})
    server.requests.clear()

    found = {one.number: one for one in source.with_demand(feed)}

    assert found[50] == FoundTask(50, None)
    assert found[51] == FoundTask(51, None)
    assert {n: found[n].task.parents for n in (1, 49, 52, 100)} == {
        1: (101,),
        49: (149,),
        52: (152,),
        100: (200,),
    }
    assert methods(server).count("edge.search") == 3


@pytest.mark.parametrize("view", ["admin", "users"])
def test_a_parent_that_not_everybody_may_see_is_left_out(ask, view):
    edges = [an_edge(1, kind, 9) for kind in ("parent", "subtask", "duplicate", "merged-in")]
    rows = [a_row(1, status={"value": "duplicate"}), a_row(9, policy={"view": view})]
    source, _ = ask(Site(tasks=rows, edges=edges))

    [found] = source.tasks([1])

    assert (found.task.parents, found.task.subtasks, found.task.merged) == ((), (), ())
    assert (found.task.duplicates, found.task.duplicate_of) == (0, None)


def test_the_edges_of_a_hidden_task_are_not_even_asked_for(ask):
    source, server = ask(Site(tasks=[a_row(1, policy={"view": "users"})]))

    assert list(source.tasks([1])) == [FoundTask(1, None)]
    assert methods(server) == ["maniphest.search"]


# Other servers


@pytest.mark.parametrize(
    "info", ["Something is wrong.", 'Invalid edge type(s) included for "types".']
)
@pytest.mark.parametrize("code", ["ERR-CONDUIT-CORE", "ERR-BAD-TYPES"])
def test_a_server_that_knows_edges_otherwise_leaves_them_unknown(ask, code, info):
    site = recorded_site()

    def older(request):
        if request.path == "/api/edge.search":
            return conduit(None, code, info)
        return site(request)

    source, server = ask(older)

    found = list(source.tasks(range(1, 131)))

    assert all(one.task is None or one.task.duplicates is None for one in found)
    assert tasks_of(found)[104].tokens == 2
    assert methods(server).count("edge.search") == 2


def test_a_server_that_wants_shorter_pages_of_edges_gets_them(ask):
    site = recorded_site()

    def stricter(request):
        if request.path == "/api/edge.search" and int(dict(request.form)["limit"]) > 100:
            return conduit(None, "ERR-CONDUIT-CORE", "Maximum page size is 100.")
        return site(request)

    source, _ = ask(stricter)

    [found] = source.tasks([6])

    assert found.task.subtasks == (20, 21, 22, 30, 100)


def test_a_server_without_edges_leaves_them_unknown(ask):
    source, server = ask(recorded_site("edge.search"))

    found = tasks_of(source.tasks(range(1, 131)))

    assert (found[107].duplicates, found[114].duplicate_of, found[6].subtasks) == (None, None, ())
    assert (found[104].tokens, found[104].points) == (2, 3.0)
    assert methods(server).count("edge.search") == 1


def test_a_server_that_knows_tokens_otherwise_leaves_them_unknown(ask):
    site, no = recorded_site(), conduit(None, "ERR-CONDUIT-CORE", "No.")
    source, _ = ask(lambda asked: no if asked.path == "/api/token.given" else site(asked))

    found = tasks_of(source.tasks([104, 107]))

    assert (found[104].tokens, found[107].tokens, found[107].duplicates) == (None, None, 1)


def test_a_server_without_tokens_leaves_them_unknown(ask):
    source, server = ask(recorded_site("token.given"))

    found = tasks_of(source.tasks(range(1, 131)))

    assert (found[104].tokens, found[107].duplicates) == (None, 1)
    assert methods(server).count("token.given") == 1


@pytest.mark.parametrize("method", ["token.given", "edge.search", "project.search"])
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(b"TOO MANY REQUESTS", 429, "text/plain"), SourceUnreachable),
        (recordings.answer("error.bad-token"), SourceRefused),
        (conduit({"data": [None]}), SourceChanged),
        (conduit([{}]), SourceChanged),
        (conduit("text"), SourceChanged),
    ],
)
def test_a_failure_is_not_taken_for_a_nought(ask, method, answer, kind):
    site = recorded_site()
    source, _ = ask(lambda asked: answer if asked.path == f"/api/{method}" else site(asked))

    with pytest.raises(kind, match=r"^Phabricator .*\.$"):
        list(source.tasks([104]))


# How much is asked


MANY = 2_000
KIN = 300
"""Parents that are not among the tasks."""


@pytest.fixture(scope="module")
def crowd():
    """2,000 tasks: 400 projects, three tokens and an edge or two on each."""
    rows = []
    for number in range(1, MANY + 1):
        tags = [phid(1 + (number * step) % 400, "PROJ") for step in (1, 7)]
        rows.append(a_row(number) | {"attachments": {"projects": {"projectPHIDs": tags}}})
    rows += [a_row(MANY + n, dateModified=1) for n in range(1, KIN + 1)]
    edges = [an_edge(n, "parent", MANY + 1 + n % KIN) for n in range(1, MANY + 1)]
    edges += [an_edge(n, "subtask", n % MANY + 1) for n in range(1, MANY + 1)]
    edges += [an_edge(n, "merged-in", n + 1) for n in range(1, MANY)]
    tokens = [a_token(n, giver) for n in range(1, MANY + 1) for giver in (1, 2, 3)]
    projects = [a_project(n, f"Project {n}") for n in range(1, 401)]
    return {"tasks": rows, "edges": edges, "tokens": tokens, "projects": projects}


def test_a_quiet_round_is_one_request(ask, crowd):
    source, server = ask(Site(**crowd))

    assert list(source.with_demand(source.modified_since(datetime(2027, 1, 1, tzinfo=UTC)))) == []
    assert len(server.requests) == 1


def test_two_thousand_tasks_with_projects_are_25_requests(ask, crowd):
    source, server = ask(Site(**crowd))

    found = list(source.with_projects(source.modified_since(datetime(2026, 1, 1, tzinfo=UTC))))

    assert len(found) == MANY
    assert all(len(one.task.projects) >= 1 for one in found)
    assert len(server.requests) <= 25


@pytest.mark.parametrize("way", ["feed", "numbers"])
def test_two_thousand_tasks_in_full_are_70_requests(ask, crowd, way):
    source, server = ask(Site(**crowd))

    if way == "feed":
        found = source.with_demand(source.modified_since(datetime(2026, 1, 1, tzinfo=UTC)))
    else:
        found = source.tasks(range(1, MANY + 1))
    tasks = tasks_of(found)

    assert len(tasks) == MANY
    assert (tasks[1].tokens, tasks[1].duplicates) == (3, 1)
    assert (tasks[1].parents, tasks[1].subtasks, tasks[1].merged) == ((2002,), (2,), (2,))
    assert len(server.requests) <= 70


def test_edges_of_more_than_a_page_are_all_read(ask):
    rows = [a_row(n) for n in range(1, 1302)]
    site = Site(tasks=rows, edges=[an_edge(1, "subtask", n) for n in range(2, 1302)])
    source, server = ask(site)

    [found] = source.tasks([1])

    assert found.task.subtasks == tuple(range(2, 1302))
    assert methods(server).count("edge.search") == 2


def test_a_server_that_gives_fewer_edges_a_page_is_read_to_the_end(ask):
    """As the recorded pages of T6: two at a time, with a cursor that is no number."""
    pages = [recordings.answer(f"edge.search.page-{n}") for n in (1, 2)]
    last = recordings.rows("edge.search.subtask")[4:]
    pages.append(conduit({"data": last, "cursor": {"limit": 2, "after": None, "before": "1_1"}}))
    site = recorded_site()
    source, server = ask(
        lambda asked: pages.pop(0) if asked.path == "/api/edge.search" else site(asked)
    )

    [found] = source.tasks([6])

    assert found.task.subtasks == (20, 21, 22, 30, 100)
    asked = [dict(r.form).get("after") for r in server.requests if r.path == "/api/edge.search"]
    assert asked == [None, "1795154401_3", "1795154401_1"]
