"""The local servers: Conduit against recordings of a real one, and both through the command line."""

import gzip
import http.client
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import pytest

from tests.sources import recordings

ROOT = Path(__file__).parents[2]
RECORDINGS = ROOT / "tests" / "data" / "conduit"
PLACEHOLDER = "api-xxxxxxxxxxxxxxxxxxxxxxxxxxxx"
NOT_OF_THE_APPLICATION = {"Server", "Date", "Transfer-Encoding", "Connection"}
LINKS = {"Cleo": ("Cleo", None), "Ada": ("Ada A", "ada"), "Bert": ("Bert (WMX)", "bert-shell")}


def servers(*arguments):
    """Call ``scripts/servers`` as a user would."""
    command = [sys.executable, str(ROOT / "scripts" / "servers"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def started(directory, *more):
    """Start a pair of servers; return what ``start`` printed, by name."""
    done = servers("start", "--dir", directory, *more)
    assert done.returncode == 0, done.stderr
    return dict(line.split(": ", 1) for line in done.stdout.splitlines())


def counted(directory, *more):
    return json.loads(servers("count", "--dir", directory, *more).stdout)


def ask(url, path, method="GET", body=None, headers=()):
    """Send one request; return status, headers and body."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    try:
        connection.request(method, path, body, dict(headers))
        reply = connection.getresponse()
        return reply.status, dict(reply.getheaders()), reply.read()
    finally:
        connection.close()


def form(url, method, token, *pairs):
    """Call a Conduit method in the form encoding; return the envelope."""
    body = urlencode([("api.token", token), *pairs])
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return json.loads(ask(url, f"/api/{method}", "POST", body, headers)[2])


def gerrit(url, query, *options, **more):
    """Search changes; return them."""
    pairs = [("q", query), *[("o", option) for option in options], *more.items()]
    status, headers, body = ask(url, "/changes/?" + urlencode(pairs))
    assert status == 200, body
    assert headers["Content-Type"].startswith("application/json")
    assert body.startswith(b")]}'\n")
    return json.loads(body[5:])


def numbers(changes):
    return {change["_number"] for change in changes}


def recording(name):
    return json.loads((RECORDINGS / f"{name}.json").read_text(encoding="utf-8"))


def replayed(pair, recorded):
    """Send a recorded request to the local server."""
    request = recorded["request"]
    url = urlsplit(request["url"])
    path = url.path + (f"?{url.query}" if url.query else "")
    body = request["body"] and request["body"].replace(PLACEHOLDER, pair["token"])
    path = path.replace(PLACEHOLDER, pair["token"])
    return ask(pair["phabricator"], path, request["method"], body, request["headers"])


def shape(value):
    """Reduce *value* to its keys and types."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value[:1]]
    return type(value)


def recorded_world():
    """Gather every task and user that the recordings tell of, and two tasks they only hide."""
    tasks = {}
    for name in ("page-1of2", "page-2of2", *[f"typical-page-{n}" for n in (1, 2, 3)]):
        for row in recording(f"maniphest.search.{name}")["response"]["body"]["result"]["data"]:
            known = tasks.get(row["id"], {}).get("attachments", {})
            tasks[row["id"]] = {**row, "attachments": known | row["attachments"]}
    for number in (13, 14):
        fields = {**tasks[1]["fields"], "policy": {"view": "admin"}}
        tasks[number] = {**tasks[1], "id": number, "phid": f"PHID-TASK-{number}", "fields": fields}
    rows = recording("user.search.all")["response"]["body"]["result"]["data"]
    people = []
    for row in sorted(rows, key=lambda row: row["id"]):
        name = row["fields"]["username"]
        wiki, developer = LINKS.get(name, (None, None))
        names = {"wiki": wiki, "developer": developer, "phabricator": name}
        person = {**names, "phid": row["phid"], "gerrit": None, "gerrit_username": None}
        people.append({**person, "fields": row["fields"]})
    return {
        "tasks.json": list(tasks.values()),
        "people.json": people,
        "projects.json": recordings.projects(),
        "tokens.json": recordings.result("token.given.all"),
        "edges.json": recordings.edges(),
    }


@pytest.fixture(scope="module")
def recorded_directory(tmp_path_factory):
    directory = tmp_path_factory.mktemp("recorded")
    for name, rows in recorded_world().items():
        (directory / name).write_text(json.dumps(rows), encoding="utf-8")
    return directory


@pytest.fixture(scope="module")
def recorded_pair(recorded_directory):
    """Servers with the world of the recordings."""
    yield started(recorded_directory, "--sample", recorded_directory)
    servers("stop", "--dir", recorded_directory)


@pytest.fixture(scope="module")
def sample_directory(tmp_path_factory):
    return tmp_path_factory.mktemp("sample")


@pytest.fixture(scope="module")
def pair(sample_directory):
    """Servers with the sample that ships."""
    yield started(sample_directory)
    servers("stop", "--dir", sample_directory)


@pytest.fixture
def fault(pair, sample_directory):
    """A way to let a server misbehave; afterwards all is well again."""

    def set_fault(server, what, *more):
        assert servers("fault", "--dir", sample_directory, server, what, *more).returncode == 0

    yield set_fault
    set_fault("gerrit", "none")
    set_fault("phabricator", "none")


# Conduit, against the recordings

CANNOT = (
    *("project.search.ancestors", "project.search.attachments", "project.search.icons-colors"),
    *("project.search.is-milestone", "project.search.members", "project.search.name"),
    *("project.search.name-exact", "project.search.order-name", "project.search.slugs"),
    *("project.search.slugs-archived", "project.search.slugs-hash", "project.search.slugs-unknown"),
    *("edge.search.page-1", "edge.search.page-2"),  # it can; their cursor is another
    *("user.search.attachments", "user.search.is-bot", "user.search.is-disabled"),
    "user.search.name-like",
)
"""What the local server refuses, since nobody asks it so."""

SAME = sorted(
    path.stem
    for path in RECORDINGS.glob("*.json")
    if path.stem.startswith(
        ("conduit.", "edge.", "error.", "maniphest.", "project.", "token.", "user.search.")
    )
    and not path.stem.endswith(("now-secret", *CANNOT))
)
ALIKE = ["user.ldapquery.known", "user.mediawikiquery.known-and-unknown"]
ALIKE += ["user.whoami"]


@pytest.mark.parametrize("name", SAME)
def test_a_recorded_request_gets_the_recorded_answer(recorded_pair, name):
    recorded = recording(name)

    status, headers, body = replayed(recorded_pair, recorded)

    expected = recorded["response"]
    assert status == expected["status"]
    assert headers["Content-Type"] == expected["headers"]["Content-Type"]
    if expected["body"] is None:
        assert b"<title>Authentication Failure</title>" in body
    elif "body_text" in expected:
        assert body.decode("ascii") == expected["body_text"]
    else:
        assert json.loads(body) == expected["body"]


def test_edges_are_paged_by_a_cursor_that_is_no_number(recorded_pair):
    first, second = (
        recording(f"edge.search.{name}")["response"]["body"]["result"]
        for name in ("page-1", "page-2")
    )
    asked = [("sourcePHIDs[0]", first["data"][0]["sourcePHID"]), ("types[0]", "task.subtask")]
    asked += [("limit", "2")]
    url, token = recorded_pair["phabricator"], recorded_pair["token"]

    found = form(url, "edge.search", token, *asked)["result"]
    more = form(url, "edge.search", token, *asked, ("after", found["cursor"]["after"]))["result"]

    assert [found["data"], more["data"]] == [first["data"], second["data"]]
    assert [shape(found), shape(more)] == [shape(first), shape(second)]
    assert re.fullmatch(r"\d+_\d+", more["cursor"]["after"])


@pytest.mark.parametrize("name", ALIKE)
def test_an_answer_about_users_has_the_recorded_shape(recorded_pair, name):
    recorded = recording(name)

    _, _, body = replayed(recorded_pair, recorded)

    assert shape(json.loads(body)) == shape(recorded["response"]["body"])


@pytest.mark.parametrize("method", ["user.mediawikiquery", "user.ldapquery"])
def test_only_unknown_names_are_an_error(recorded_pair, method):
    recorded = recording(f"{method}.unknown")

    _, _, body = replayed(recorded_pair, recorded)

    assert json.loads(body) == recorded["response"]["body"]


def test_a_name_instead_of_a_list_of_names_breaks_the_server_as_it_does_the_real_one(recorded_pair):
    recorded = recording("user.mediawikiquery.scalar")

    status, headers, body = replayed(recorded_pair, recorded)

    assert (status, headers["Content-Type"]) == (500, "text/html; charset=UTF-8")
    assert f"<title>{recorded['response']['html_title']}</title>".encode() in body


def test_users_come_with_the_newest_account_first(recorded_pair):
    recorded = recording("user.ldapquery.known")

    _, _, body = replayed(recorded_pair, recorded)

    names = [user["userName"] for user in json.loads(body)["result"]]
    assert names == [user["userName"] for user in recorded["response"]["body"]["result"]]


def test_headers_are_those_of_the_real_server(recorded_pair):
    recorded = recording("maniphest.search.ids")

    _, headers, _ = replayed(recorded_pair, recorded)

    assert set(recorded["response"]["headers"]) - NOT_OF_THE_APPLICATION <= set(headers)
    assert headers["Set-Cookie"].startswith("phsid=")


def test_a_cursor_whose_task_became_secret_fails_the_whole_call(recorded_directory, tmp_path):
    pair = started(tmp_path / "servers", "--sample", recorded_directory)
    tasks = json.loads((recorded_directory / "tasks.json").read_text(encoding="utf-8"))
    row = next(row for row in tasks if row["id"] == 115)
    row["fields"]["policy"]["view"] = "admin"
    news = tmp_path / "news.json"
    news.write_text(json.dumps({"tasks": [row]}), encoding="utf-8")
    recorded = recording("maniphest.search.changing-newest-page-2-cursor-now-secret")

    servers("add", "--dir", tmp_path / "servers", news)
    _, _, body = replayed(pair, recorded)
    servers("stop", "--dir", tmp_path / "servers")

    assert json.loads(body) == recorded["response"]["body"]


def test_what_the_local_server_cannot_do_it_refuses(pair):
    for key in ("constraints[query]", "constraints[parentIDs][0]", "constraints[projects][0]"):
        answer = form(pair["phabricator"], "maniphest.search", pair["token"], (key, "1"))
        assert answer["error_code"] == "ERR-CONDUIT-CORE"
        assert "local server" in answer["error_info"]


def test_of_what_the_sample_does_not_tell_there_is_none(pair):
    url, token = pair["phabricator"], pair["token"]
    (row,) = form(url, "maniphest.search", token, ("limit", "1"))["result"]["data"]
    edges = [("sourcePHIDs[0]", row["phid"]), ("types[0]", "task.parent")]

    assert form(url, "token.given", token, ("objectPHIDs[0]", row["phid"]))["result"] == []
    assert form(url, "edge.search", token, *edges)["result"]["data"] == []
    assert form(url, "project.search", token)["result"]["data"] == []


def test_news_may_be_tokens_and_edges_too(recorded_directory, tmp_path):
    pair = started(tmp_path / "servers", "--sample", recorded_directory)
    source, target = (recordings.tasks()[place]["phid"] for place in (0, 1))
    edge = {"sourcePHID": source, "edgeType": "task.merged-in", "destinationPHID": target}
    token = {**recordings.result("token.given.all")[0], "objectPHID": source}
    news = tmp_path / "news.json"
    news.write_text(json.dumps({"edges": [{**edge, "created": 1}], "tokens": [token]}), "utf-8")

    servers("add", "--dir", tmp_path / "servers", news)
    url, asked = pair["phabricator"], [("sourcePHIDs[0]", source), ("types[0]", "task.merged-in")]
    edges = form(url, "edge.search", pair["token"], *asked)["result"]["data"]
    tokens = form(url, "token.given", pair["token"], ("objectPHIDs[0]", source))["result"]
    servers("stop", "--dir", tmp_path / "servers")

    assert edge in edges
    assert token in tokens


def test_paging_the_sample_brings_every_visible_task_once(pair):
    rows = json.loads(gzip.decompress((ROOT / "sources" / "sample" / "tasks.json.gz").read_bytes()))
    found, after = [], ""
    while after is not None:
        pairs = [("order", "newest"), ("limit", "50"), ("after", after)]
        answer = form(pair["phabricator"], "maniphest.search", pair["token"], *pairs)["result"]
        found += [row["id"] for row in answer["data"]]
        after = answer["cursor"]["after"]

    hidden = [row["id"] for row in rows if row["fields"]["policy"]["view"] == "admin"]
    assert len(hidden) == 1
    assert found == sorted({row["id"] for row in rows} - set(hidden), reverse=True)


# Gerrit; tests/gerrit compares it with the real one


def test_changes_come_newest_first_and_page_by_page(pair):
    everything = gerrit(pair["gerrit"], "status:merged")
    pages, start = [], 0
    while not pages or pages[-1].get("_more_changes"):
        pages += gerrit(pair["gerrit"], "status:merged", n=100, S=start)
        start += 100

    assert [c["_number"] for c in pages] == [c["_number"] for c in everything]
    updated = [change["updated"] for change in everything]
    assert updated == sorted(updated, reverse=True)
    assert sum("_more_changes" in change for change in pages) == len(everything) // 100


def test_only_what_was_asked_for_is_told(pair):
    (bare,) = gerrit(pair["gerrit"], "status:merged", n=1)
    options = ("CURRENT_REVISION", "CURRENT_COMMIT", "CURRENT_FILES", "DETAILED_ACCOUNTS")
    (full,) = gerrit(pair["gerrit"], "status:merged", *options, "MESSAGES", n=1)

    assert set(bare["owner"]) == {"_account_id"}
    assert not {"revisions", "current_revision", "messages"} & set(bare)
    assert set(full["owner"]) >= {"_account_id", "name", "email", "username"}
    revision = full["revisions"][full["current_revision"]]
    assert "/COMMIT_MSG" in revision["files"]
    assert f"Change-Id: {full['change_id']}" in revision["commit"]["message"]
    assert full["messages"]


def test_searching_by_owner_task_time_and_project(pair):
    url = pair["gerrit"]
    every = gerrit(url, "status:merged", "DETAILED_ACCOUNTS", "TRACKING_IDS")
    mine = numbers(c for c in every if c["owner"]["username"] == "ada")
    account = next(c["owner"]["_account_id"] for c in every if c["owner"]["username"] == "ada")
    tasks = {i["id"] for c in every if c["_number"] in mine for i in c["tracking_ids"]}
    first, second = sorted(tasks)[:2]
    day = every[200]["submitted"][:19]

    assert len(mine) > 100
    for who in (account, "ada", '"Ada Example"', "ada@example.org"):
        assert numbers(gerrit(url, f"owner:{who} status:merged")) == mine
    assert numbers(gerrit(url, f"(bug:{first} OR bug:{second}) status:merged")) == {
        c["_number"] for c in every if {first, second} & {i["id"] for i in c["tracking_ids"]}
    }
    assert numbers(gerrit(url, f'mergedafter:"{day}"')) == {
        c["_number"] for c in every if c["submitted"][:19] >= day
    }
    assert numbers(gerrit(url, f'status:merged mergedbefore:"{day} +0000"')) == {
        c["_number"] for c in every if c["submitted"][:19] <= day
    }
    assert numbers(gerrit(url, "project:mediawiki/extensions/Cite is:merged")) == {
        c["_number"] for c in every if c["project"].endswith("/Cite")
    }
    undone = next(c for c in every if "revert_of" in c)
    assert undone["_number"] in numbers(gerrit(url, f"revertof:{undone['revert_of']}"))


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("change:nobody", "Invalid change format"),
        ("nosuch:1", "Unsupported operator nosuch:1"),
        ('mergedafter:"yesterday"', "Invalid date format: yesterday"),
        ("(status:merged", "mismatched input"),
        ('-mergedafter:"2026-01-01"', "cannot negate"),
    ],
)
def test_a_bad_query_is_refused_in_plain_text(pair, query, says):
    status, headers, body = ask(pair["gerrit"], f"/changes/?q={quote(query)}")

    assert status == 400
    assert headers["Content-Type"].startswith("text/plain")
    assert says in body.decode()


def test_accounts_are_found_by_the_beginning_of_a_name(pair):
    def search(query, *more):
        path = "/accounts/?" + urlencode([("q", query), *more])
        return json.loads(ask(pair["gerrit"], path)[2][5:])

    (bare,) = search('name:"Cleo 示例"')
    (full,) = search('name:"Cleo 示例" (is:active OR is:inactive)', ("o", "DETAILS"))

    assert set(bare) == {"_account_id"}
    assert (full["name"], full["username"]) == ("Cleo 示例", "cleo")
    assert search("username:cleo") == search('name:"cl"') == [bare]
    assert search('name:"Nobody At All"') == []


def test_the_version_of_gerrit_can_be_asked(pair):
    _, _, body = ask(pair["gerrit"], "/config/server/version")

    assert re.fullmatch(rb"\)\]\}'\n\"3\.\d+\.\d+\"\n", body)


# The command line


def test_one_connection_serves_many_requests(pair):
    for name, path in (("gerrit", "/config/server/version"), ("phabricator", "/api/conduit.ping")):
        connection = http.client.HTTPConnection(urlsplit(pair[name]).netloc, timeout=10)
        connection.connect()
        local = connection.sock.getsockname()
        for _ in range(3):
            connection.request("GET", path)
            reply = connection.getresponse()
            reply.read()
            assert reply.getheader("Content-Length")
            assert connection.sock.getsockname() == local
        connection.close()


def test_requests_are_counted_from_the_last_reset(pair, sample_directory):
    counted(sample_directory, "--reset")
    gerrit(pair["gerrit"], "status:merged", n=1)
    form(pair["phabricator"], "user.whoami", pair["token"])
    form(pair["phabricator"], "user.whoami", pair["token"])

    assert counted(sample_directory, "--reset") == {"gerrit": 1, "phabricator": 2}
    assert counted(sample_directory) == {"gerrit": 0, "phabricator": 0}


def test_news_replace_what_has_the_same_number(pair, sample_directory, tmp_path):
    options = ("CURRENT_REVISION", "CURRENT_COMMIT", "CURRENT_FILES", "DETAILED_ACCOUNTS")
    (change,) = gerrit(pair["gerrit"], "status:merged", *options, n=1)
    before = len(gerrit(pair["gerrit"], "status:merged"))
    fresh = {**change, "_number": 9_099_999, "updated": "2026-10-30 00:00:00.000000000"}
    zoe = {"wiki": "Zoe", "developer": "Zoe", "phabricator": "Zoe", "phid": "PHID-USER-zoe"}
    person = {**zoe, "gerrit": 9_099_999, "gerrit_username": "zoe"}
    news = tmp_path / "news.json"
    news.write_text(json.dumps({"changes": [fresh], "people": [person]}), encoding="utf-8")

    assert servers("add", "--dir", sample_directory, news).returncode == 0
    assert servers("add", "--dir", sample_directory, news).returncode == 0

    assert gerrit(pair["gerrit"], "status:merged", n=1)[0]["_number"] == 9_099_999
    assert len(gerrit(pair["gerrit"], "status:merged")) == before + 1
    assert gerrit(pair["gerrit"], "owner:zoe") == []
    names = ("names[0]", "Zoe")
    (found,) = form(pair["phabricator"], "user.mediawikiquery", pair["token"], names)["result"]
    assert found["phid"] == "PHID-USER-zoe"


@pytest.mark.parametrize(
    ("what", "status", "kind"),
    [("429", 429, "text/plain"), ("500", 500, "text/html"), ("html", 200, "text/html")],
)
def test_a_fault_shows_at_one_server_only(pair, fault, what, status, kind):
    fault("phabricator", what)

    found, headers, _ = ask(pair["phabricator"], "/api/conduit.ping")
    assert (found, headers["Content-Type"].split(";")[0]) == (status, kind)
    assert ask(pair["gerrit"], "/config/server/version")[0] == 200


def test_a_server_that_is_down_refuses_and_comes_back_where_it_was(pair, fault):
    held = http.client.HTTPConnection(urlsplit(pair["gerrit"]).netloc, timeout=10)
    held.request("GET", "/config/server/version")
    held.getresponse().read()

    fault("gerrit", "down")
    with pytest.raises(ConnectionError):
        ask(pair["gerrit"], "/config/server/version")
    assert held.sock.recv(1) == b""  # whoever was connected was hung up on
    held.close()
    fault("gerrit", "none")

    assert ask(pair["gerrit"], "/config/server/version")[0] == 200


def test_an_answer_cut_short_is_shorter_than_promised(pair, fault):
    fault("gerrit", "cut")

    with pytest.raises(http.client.IncompleteRead):
        ask(pair["gerrit"], "/changes/?q=status:merged")


def test_nonsense_is_json_of_no_known_shape(pair, fault):
    fault("gerrit", "nonsense")
    fault("phabricator", "nonsense")

    assert ask(pair["gerrit"], "/changes/?q=status:merged")[2] == b")]}'\n[42]\n"
    assert "data" not in form(pair["phabricator"], "maniphest.search", pair["token"])["result"]


def test_slow_is_as_slow_as_said(pair, fault):
    fault("gerrit", "slow", "--seconds", "0.4")
    began = time.monotonic()

    ask(pair["gerrit"], "/config/server/version")

    assert time.monotonic() - began >= 0.4


def test_a_directory_has_one_pair_of_servers(pair, sample_directory):
    again = servers("start", "--dir", sample_directory)

    assert again.returncode == 1
    assert "already running" in again.stderr
    assert ask(pair["gerrit"], "/config/server/version")[0] == 200


def test_stopping_ends_them_and_only_them(pair, tmp_path):
    other = started(tmp_path)
    card = json.loads((tmp_path / "servers.json").read_text(encoding="utf-8"))

    assert servers("stop", "--dir", tmp_path).returncode == 0

    with pytest.raises(ConnectionError):
        ask(other["gerrit"], "/config/server/version")
    assert ask(pair["gerrit"], "/config/server/version")[0] == 200
    again = servers("stop", "--dir", tmp_path)
    assert (again.returncode, again.stdout) == (1, "")
    # A card that was left behind, its process id now somebody else's: nobody is ended.
    card["servers"] = {name: {**s, "pid": os.getpid()} for name, s in card["servers"].items()}
    (tmp_path / "servers.json").write_text(json.dumps(card), encoding="utf-8")
    assert "no servers are running" in servers("stop", "--dir", tmp_path).stderr


def test_only_who_knows_the_key_can_give_orders(pair, sample_directory):
    card = json.loads((sample_directory / "servers.json").read_text(encoding="utf-8"))
    control = urlsplit(card["control"])

    status, _, _ = ask(f"http://{control.netloc}", "/guess/stop", "POST", "{}")

    assert status == 403
    assert ((sample_directory / "servers.json").stat().st_mode & 0o777) == 0o600


def test_a_sample_that_is_not_there_is_said_so(tmp_path):
    done = servers("start", "--dir", tmp_path / "a", "--sample", tmp_path / "b")

    assert done.returncode == 1
    assert "holds no changes.json.gz" in done.stderr
