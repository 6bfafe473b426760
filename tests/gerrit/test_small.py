"""The demo's small Gerrit against the real one: the same questions, the same answers."""

import itertools
import json
import urllib.error
import urllib.request
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from scripts.local.gerrit import Gerrit as Small
from scripts.local.serving import Request
from sources.gerrit import OPTIONS
from tests.gerrit.story import CODE, PEOPLE, QUOTED

pytestmark = pytest.mark.gerrit

KNOWN = "status:open OR status:merged OR status:abandoned"


@pytest.fixture(scope="module")
def small(told):
    """A small Gerrit with what everyone sees of the real one."""
    server = Small()
    rows = told.world.query(KNOWN, *OPTIONS, user="", n=500)
    for row in rows:
        row.pop("_more_changes", None)
    ids = told.world.ids
    server.add(
        rows,
        [
            {"gerrit": ids[login], "gerrit_username": login, "developer": name}
            for login, name in PEOPLE.items()
        ],
    )
    return server


@pytest.fixture
def both(told, small):
    """Ask both; return (status, kind, value) of each."""

    def ask(path):
        parts = urlsplit(path)
        query = parse_qsl(parts.query, keep_blank_values=True)
        reply = small.answer(Request("GET", "/r" + parts.path, query, ""))
        ours = answer(reply.status, reply.content_type, reply.body)
        try:
            with urllib.request.urlopen(told.world.site.url + path) as found:
                real = answer(found.status, found.headers["Content-Type"], found.read())
        except urllib.error.HTTPError as error:
            with error:
                real = answer(error.code, error.headers["Content-Type"], error.read())
        return real, ours

    return ask


def answer(status, kind, body):
    kind = kind.lower().replace(" ", "")
    text = body.decode()
    if "json" in kind:
        assert text.startswith(")]}'\n")
        return status, kind, json.loads(text[5:])
    return status, kind, text.strip()


def changes(query, *options, **more):
    pairs = [("q", query), *(("o", option) for option in options), *more.items()]
    return "/changes/?" + urlencode(pairs)


@pytest.mark.parametrize(
    "query",
    [
        "status:merged",
        "status:open",
        "status:new",
        "status:abandoned",
        "status:closed",
        "is:merged",
        "-is:wip status:open",
        "NOT status:merged",
        "owner:{ada}",
        "owner:ada status:merged",
        'owner:"Ada Example" status:merged',
        "owner:ada@example.org",
        "-owner:{ada} status:merged",
        "owner:nobody",
        'owner:"Two Example"',
        "owner:999999",
        "owner:ada OR owner:bert",
        "status:merged (owner:ada OR owner:bert)",
        'author:"bert@example.org"',
        'author:"nobody@example.org"',
        'status:merged (owner:{cleo} OR author:"cleo@example.org" OR message:"cleo@example.org")',
        "label:Code-Review=ANY,user={cleo}",
        "status:merged label:Code-Review=ANY,user={dora} -owner:{dora}",
        "label:Code-Review=ANY,user=999999",
        "bug:T101",
        "(bug:T102 OR bug:T103) status:merged",
        "bug:T10",
        "tr:T201",
        "project:mediawiki/core status:merged",
        "projects:operations",
        "branch:REL1_43",
        "revertof:{feature}",
        "(revertof:{feature} OR revertof:{revert}) status:merged",
        "revertof:999999",
        "cherrypickof:{everywhere}",
        "change:{feature}",
        "(change:{feature} OR change:{revert}) status:merged",
        'message:"reverts commit {commit}"',
        'message:"reverts change {change_id}"',
        "commit:{commit}",
        'owner:{bert} (comment:"{CODE}")',
        'comment:"{QUOTED}"',
        'comment:"developer-badges-nowhere"',
        'mergedafter:"2026-01-01 00:00:00 +0000"',
        'mergedbefore:"2026-01-01 00:00:00 +0000"',
        'status:merged mergedafter:"{submitted} +0000"',
        'status:merged mergedbefore:"{submitted} +0000"',
        'status:merged -mergedbefore:"{submitted} +0000"',
        'status:merged before:"{submitted} +0000"',
        'status:merged after:"{submitted} +0000" before:"{submitted} +0000"',
        "is:private",
        "is:wip",
    ],
)
def test_the_same_changes_are_found_in_the_same_order(told, both, query):
    [row] = told.world.query(f"change:{told.changes['by commit']}", "CURRENT_REVISION")
    asked = query.format(
        **told.world.ids,
        **told.changes,
        CODE=CODE,
        QUOTED=QUOTED,
        commit=row["current_revision"],
        change_id=told.world.change_id(told.changes["by change"]),
        submitted=row["submitted"][:19],
    )

    real, ours = both(changes(asked))

    assert real[0] == 200
    assert by_second(ours[2]) == by_second(real[2])


def by_second(rows):
    """The numbers, sorted within one second: there the real order is that of its index."""
    groups = itertools.groupby(rows, key=lambda row: row["updated"])
    return [(moment, sorted(row["_number"] for row in group)) for moment, group in groups]


@pytest.mark.parametrize(
    "options",
    [
        (),
        OPTIONS,
        ("DETAILED_ACCOUNTS",),
        ("MESSAGES",),
        ("LABELS",),
        ("LABELS", "DETAILED_ACCOUNTS"),
        ("CURRENT_REVISION",),
        ("CURRENT_REVISION", "CURRENT_COMMIT", "MESSAGES"),
        ("CURRENT_REVISION", "CURRENT_FILES"),
        ("TRACKING_IDS",),
        ("SKIP_DIFFSTAT",),
    ],
)
def test_the_same_is_told_of_them(both, options):
    real, ours = both(changes("status:merged bug:T101", *options))

    assert len(real[2]) == 1
    assert ours == real


@pytest.mark.parametrize(
    "more", [{}, {"n": 1}, {"n": 2, "S": 1}, {"n": 3, "S": 3}, {"n": 500}, {"S": 900}, {"n": 0}]
)
def test_pages_say_alike_whether_there_is_more(both, more):
    real, ours = both(changes("status:merged project:mediawiki/core", **more))

    assert [row.get("_more_changes") for row in ours[2]] == [
        row.get("_more_changes") for row in real[2]
    ]


@pytest.mark.parametrize(
    "path",
    [
        changes("nosuch:1"),
        changes('mergedafter:"yesterday"'),
        changes("(status:merged"),
        changes("status:frob"),
        changes("is:frob"),
        changes("change:abc"),
        changes("revertof:x"),
        changes(""),
        changes('author:""'),
        changes('-mergedafter:"2026-01-01 00:00:00 +0000"'),
        changes('-after:"2026-01-01"'),
        changes("owner:self"),
        changes("status:merged", "FROB"),
        changes("status:merged", n="x"),
        "/accounts/",
        "/accounts/?q=",
        "/accounts/?q=frob:1",
        "/accounts/999999",
        "/accounts/nobody",
        "/nothing/here",
        "/changes/999999/comments",
    ],
)
def test_what_makes_no_sense_is_refused_alike(both, path):
    real, ours = both(path)

    assert real[0] in (400, 403, 404)
    assert ours == real


@pytest.mark.parametrize(
    "query",
    [
        'name:"Ada Example" (is:active OR is:inactive)',
        '(name:"Ada Example" OR username:"bert") (is:active OR is:inactive)',
        'name:"ada example"',
        'name:"Ada"',
        'name:"ampl"',
        'name:"Example Ada"',
        'name:"Two Example"',
        'name:"Nobody"',
        "username:ada",
        "username:ad",
        'email:"ada@example.org" (is:active OR is:inactive)',
        "email:ada",
        "email:example.org",
        "{ada} (is:active OR is:inactive)",
        "999999",
        "ada",
        'name:"Some Robot"',
    ],
)
@pytest.mark.parametrize("options", [(), ("DETAILS",)])
def test_the_same_accounts_are_found(told, both, query, options):
    pairs = [("q", query.format(**told.world.ids)), *(("o", option) for option in options)]

    real, ours = both("/accounts/?" + urlencode(pairs))

    def key(account):
        return account["_account_id"]

    assert sorted(ours[2], key=key) == sorted(real[2], key=key)


@pytest.mark.parametrize("who", ["{ada}", "ada", "ada@example.org", "Ada%20Example"])
def test_the_same_account_is_shown(told, both, who):
    real, ours = both("/accounts/" + who.format(**told.world.ids))

    assert ours == real
    assert real[2]["username"] == "ada"


def test_comments_are_told_by_file(told, both):
    real, ours = both(f"/changes/{told.changes['reviewed']}/comments")

    assert ours == real == (200, "application/json;charset=utf-8", {})
