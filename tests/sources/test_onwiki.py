"""On-wiki code, by a server that plays recorded replies: see ``tests/data/onwiki/README.md``."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.model import Change, File
from sources.contributions import (
    BYTES_PER_LINE,
    Edit,
    Revision,
    as_written,
    is_substantial,
    parse_changes,
    parse_contributions,
    parse_recent,
)
from sources.onwiki import OnWiki
from sources.port import Account, SourceChanged
from sources.shape import Shape
from tests.sources.server import as_json

FOLDER = Path(__file__).parents[1] / "data" / "onwiki"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 1, 7, 12, tzinfo=UTC)
SHAPE = Shape("Onwiki")
QUIET = {"batchcomplete": True, "query": {"recentchanges": [], "usercontribs": []}}


def load(name):
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


class Recorded:
    """Answers each question with the recording it is from; *instead* puts others in their place."""

    def __init__(self, **instead):
        self.instead = instead

    def __call__(self, request):
        asked = dict(request.query) | dict(request.form)
        assert asked["action"] == "query"
        name = asked.get("list") or asked.get("meta") or asked["prop"]
        name = {"querypage": "gadgetusage"}.get(name, name)
        answer = self.instead.get(name) or load(name)
        if name == "revisions" and name not in self.instead:
            wanted = set(asked["revids"].split("|"))
            for page in answer["query"]["pages"]:
                page["revisions"] = [r for r in page["revisions"] if str(r["revid"]) in wanted]
        if name == "transcludedin" and name not in self.instead:
            wanted = set(asked["titles"].split("|"))
            pages = [page for page in answer["query"]["pages"] if page["title"] in wanted]
            answer["query"]["pages"] = pages
        return as_json(answer)


def questions(server):
    found = [dict(one.query) | dict(one.form) for one in server.requests]
    return [one.get("list") or one.get("meta") or one["prop"] for one in found]


def a_wiki(serve, a_client, **instead):
    server = serve(Recorded(**instead))
    return OnWiki(f"{server.url}/w/api.php", a_client("Onwiki"), "testwiki"), server


def an_edit(number=1001, **fields):
    edit = Edit(
        number=number,
        space=828,
        title="Module:Example",
        when=NOON,
        user=42,
        name="Ada Example",
        new=False,
        size=5120,
        growth=400,
    )
    return replace(edit, **fields)


def a_revision(number=1001, **fields):
    revision = Revision(number, 828, "Module:Example", "Scribunto", f"sha1 {number}", frozenset())
    return replace(revision, **fields)


def changes(edit, **fields):
    """The changes that an edit is, where the second look tells these *fields*."""
    second = a_revision(edit.number, space=edit.space, title=edit.title)
    return list(parse_changes([(edit, replace(second, **fields))], "testwiki"))


def test_the_feed_brings_what_is_work_and_nothing_else(serve, a_client):
    wiki, _ = a_wiki(serve, a_client)

    found = {one.number: one.subject for one in wiki.merged_since(LONG_AGO)}

    assert found == {
        2: "Module:One",
        3: "Module:One",  # taken back, but by somebody whom the wiki does not trust to
        5: "Template:Two",
        6: "Template:Two",
        10: "User:Ada Example/x.js",
        16: "Template:Hid",
        17: "MediaWiki:Gadgets-definition",
        18: "MediaWiki:Gadget-foo.js",
        19: "MediaWiki:Gadget-all.js",
        20: "Template:Two/styles.css",
    }


def test_a_history_has_what_the_feed_had_and_how_much_it_is_used(serve, a_client):
    wiki, _ = a_wiki(serve, a_client)
    feed = [one for one in wiki.merged_since(LONG_AGO) if "onwiki:testwiki:4" in one.authors]

    history = list(wiki.merged_by("onwiki:testwiki:4"))

    assert [one._replace(usage=None) for one in history] == feed
    assert {one.subject: one.usage for one in history} == {
        "Module:One": 0,
        "Template:Two": 3,
        "User:Ada Example/x.js": None,
    }


def test_an_edit_is_a_change_of_one_file(serve, a_client):
    wiki, _ = a_wiki(serve, a_client)

    [first, *_] = wiki.merged_since(LONG_AGO)

    assert first == Change(
        project="testwiki",
        number=2,
        merged=first.merged,
        authors=("onwiki:testwiki:4",),
        tasks=(),  # though its summary names one
        files=(File("Module:One", 9, 0),),  # 321 bytes
        files_count=1,
        inserted=9,
        subject="Module:One",
        source="onwiki",
        reviewed=False,
    )
    assert first.key == "testwiki:2"
    assert first.merged.utcoffset() == timedelta(0)


def test_a_quiet_round_asks_once(serve, a_client):
    wiki, server = a_wiki(serve, a_client, recentchanges=QUIET)

    assert list(wiki.with_usage(wiki.merged_since(NOON))) == []
    assert questions(server) == ["recentchanges"]


def test_many_edits_are_looked_at_again_fifty_at_a_time(serve, a_client):
    rows = [
        load("recentchanges")["query"]["recentchanges"][0] | {"revid": number}
        for number in range(1, 121)
    ]
    feed = {"batchcomplete": True, "query": {"recentchanges": rows}}
    wiki, server = a_wiki(serve, a_client, recentchanges=feed)

    list(wiki.merged_since(LONG_AGO))

    assert questions(server) == ["recentchanges", "revisions", "revisions", "revisions"]


def test_an_edit_that_is_listed_twice_comes_once(serve, a_client):
    row = load("recentchanges")["query"]["recentchanges"][0]
    feed = {"batchcomplete": True, "query": {"recentchanges": [row, row]}}
    wiki, _ = a_wiki(serve, a_client, recentchanges=feed)

    assert [one.number for one in wiki.merged_since(LONG_AGO)] == [2]


def test_a_namespace_that_the_wiki_has_not_does_no_harm(serve, a_client):
    warning = {"recentchanges": {"warnings": 'Unrecognized value for "rcnamespace": 2300'}}
    wiki, _ = a_wiki(serve, a_client, recentchanges=QUIET | {"warnings": warning})

    assert list(wiki.merged_since(NOON)) == []


def test_a_deleted_page_takes_its_edits_along(serve, a_client):
    gone = {"batchcomplete": True, "query": {"badrevids": {"2": {"revid": 2, "missing": True}}}}
    wiki, _ = a_wiki(serve, a_client, revisions=gone)

    assert list(wiki.merged_since(LONG_AGO)) == []


def test_an_account_of_another_wiki_has_no_history_here(serve, a_client):
    wiki, server = a_wiki(serve, a_client)

    assert list(wiki.merged_by("onwiki:otherwiki:4")) == []
    assert server.requests == []


def test_what_stands_is_neither_reverted_nor_hidden_nor_deleted(serve, a_client):
    wiki, _ = a_wiki(serve, a_client)
    asked = [f"testwiki:{number}" for number in (2, 7, 12, 15, 9999)] + ["otherwiki:3"]

    assert set(wiki.standing(asked)) == {"testwiki:2", "testwiki:12"}


# Which edits count


@pytest.mark.parametrize("growth", [200, -200, 100_000])
def test_a_large_edit_is_substantial(growth):
    assert is_substantial(an_edit(growth=growth), 200)


def test_a_new_page_is_measured_like_any_edit():
    assert is_substantial(an_edit(new=True, size=200, growth=200), 200)
    assert not is_substantial(an_edit(new=True, size=199, growth=199), 200)


@pytest.mark.parametrize("growth", [0, 199, -199])
def test_a_small_edit_is_not(growth):
    assert not is_substantial(an_edit(growth=growth), 200)


def test_emptying_a_page_is_no_work():
    assert not is_substantial(an_edit(size=0, growth=-5000), 200)


NO_CODE = [
    (0, "Example"),
    (2, "User:Ada Example"),
    (2, "User:Ada Example/notes"),
    (2, "User:Ada Example/data.json"),
    (3, "User talk:Ada Example/x.js"),
    (8, "MediaWiki:Sitenotice"),
    (8, "MediaWiki:Developer-badges.json"),
    (10, "Template:Example/doc"),
    (10, "Template:Example/Doku"),
    (10, "Template:Example/sandbox"),
    (10, "Template:Example/sandbox2"),
    (10, "Template:Example/sandbox/styles.css"),
    (10, "Vorlage:Beispiel/Dokumentation"),
    (828, "Module:Example/testcases"),
    (828, "Module:Example/doc/de"),
    (828, "Module:Example/data.json"),
]


@pytest.mark.parametrize(("space", "title"), NO_CODE)
def test_a_page_about_code_or_of_data_is_no_code(space, title):
    assert not is_substantial(an_edit(space=space, title=title), 200)


CODE = [
    (2, "User:Ada Example/x.js", "javascript"),
    (2, "Benutzerin:Ada Example/x.css", "css"),
    (8, "MediaWiki:Common.js", "javascript"),
    (8, "MediaWiki:Gadget-x.css", "css"),
    (8, "MediaWiki:Gadgets-definition", "wikitext"),
    (10, "Template:Example", "wikitext"),
    (10, "Template:Example/styles.css", "sanitized-css"),
    (10, "Template:Documentation", "wikitext"),
    (828, "Module:Sandbox", "Scribunto"),
    (2300, "Gadget:x.js", "javascript"),
]


@pytest.mark.parametrize(("space", "title", "model"), CODE)
def test_code_is_code(space, title, model):
    edit = an_edit(space=space, title=title)

    assert is_substantial(edit, 200)
    assert len(changes(edit, model=model)) == 1


@pytest.mark.parametrize(
    ("space", "title", "model"),
    [
        (828, "Module:Beispiel/Erklärung", "wikitext"),
        (10, "Template:Example", "json"),
        (8, "MediaWiki:Gadget-x.js", "wikitext"),
    ],
)
def test_the_content_model_has_the_last_word(space, title, model):
    assert changes(an_edit(space=space, title=title), model=model) == []


TAKEN_BACK = ["mw-undo", "mw-rollback", "mw-reverted", "mw-manual-revert"]


@pytest.mark.parametrize("tag", [*TAKEN_BACK, "mw-new-redirect", "mw-blank"])
def test_what_takes_back_or_was_taken_back_is_left_out(tag):
    assert changes(an_edit(), tags=frozenset({tag, "visualeditor"})) == []


def test_other_tags_say_nothing():
    assert len(changes(an_edit(), tags=frozenset({"visualeditor", "mw-replace"}))) == 1


def test_other_peoples_user_pages_are_left_out():
    edit = an_edit(space=2, title="User:Grace Example/x.js")

    assert changes(edit, model="javascript") == []


def test_a_name_that_begins_like_ones_own_is_another():
    edit = an_edit(space=2, title="User:Ada Example 2/x.js")

    assert changes(edit, model="javascript") == []


def test_a_page_that_was_moved_is_judged_where_it_lies_now():
    edit = an_edit(space=2, title="User:Ada Example/x.js")

    [moved] = changes(edit, space=8, title="MediaWiki:Gadget-x.js", model="javascript")

    assert moved.subject == "MediaWiki:Gadget-x.js"
    assert changes(edit, title="User:Grace Example/x.js", model="javascript") == []


def test_a_new_page_with_the_text_of_an_earlier_one_is_a_copy():
    pairs = [
        (an_edit(1, new=True), a_revision(1, sha1="a")),
        (an_edit(2, new=True, title="Module:Copy"), a_revision(2, sha1="a", title="Module:Copy")),
        (an_edit(3, new=True), a_revision(3, sha1="b")),
    ]

    assert [one.number for one in parse_changes(pairs, "w")] == [1, 3]


def test_imported_edits_have_a_new_number_and_an_old_date():
    own = [an_edit(number, when=NOON + timedelta(days=number)) for number in range(3)]
    imported = [an_edit(100, when=NOON - timedelta(days=900))]
    later = [an_edit(200, when=NOON + timedelta(days=900))]

    assert list(as_written([*imported, *own, *later])) == own + later


HIDDEN = ["texthidden", "userhidden", "commenthidden", "sha1hidden", "suppressed"]


@pytest.mark.parametrize("mark", HIDDEN)
def test_hidden_edits_never_come(mark):
    recent = load("recentchanges")["query"]["recentchanges"][0]
    contribution = load("usercontribs")["query"]["usercontribs"][0]

    assert list(parse_recent([recent | {mark: True}], SHAPE)) == []
    assert list(parse_contributions([contribution | {mark: True}], SHAPE)) == []


@pytest.mark.parametrize("mark", HIDDEN)
def test_what_is_hidden_by_the_second_look_does_not_come(serve, a_client, mark):
    second = load("revisions")
    for page in second["query"]["pages"]:
        for revision in page["revisions"]:
            revision[mark] = True
    wiki, _ = a_wiki(serve, a_client, revisions=second)

    assert list(wiki.merged_since(LONG_AGO)) == []


@pytest.mark.parametrize("field", ["bot", "minor"])
def test_edits_of_bots_and_minor_ones_are_left_out(field):
    recent = load("recentchanges")["query"]["recentchanges"][0]

    assert list(parse_recent([recent | {field: True}], SHAPE)) == []


def test_an_edit_by_nobody_in_particular_is_left_out():
    recent = load("recentchanges")["query"]["recentchanges"][0]

    assert list(parse_recent([recent | {"userid": 0, "user": "192.0.2.1"}], SHAPE)) == []


def test_log_entries_are_no_edits():
    assert list(parse_recent([{"type": "log"}, {"type": "categorize"}], SHAPE)) == []


def test_sizes_that_were_never_noted_are_not_substantial():
    row = load("usercontribs")["query"]["usercontribs"][0] | {"new": False}
    del row["sizediff"]

    [edit] = parse_contributions([row], SHAPE)

    assert not is_substantial(edit, 200)


@pytest.mark.parametrize("field", ["revid", "ns", "title", "timestamp", "user", "userid", "size"])
def test_a_field_of_another_type_is_said(field):
    row = load("usercontribs")["query"]["usercontribs"][0] | {field: {}}

    with pytest.raises(SourceChanged, match=f"Onwiki has changed: {field} should be"):
        list(parse_contributions([row], SHAPE))


@given(growth=st.integers(-(10**9), 10**9), new=st.booleans())
def test_lines_are_bytes_in_another_measure(growth, new):
    [change] = changes(an_edit(growth=growth, new=new))

    lines = change.inserted + change.deleted
    assert (lines - 1) * BYTES_PER_LINE < max(abs(growth), 1) <= max(lines, 1) * BYTES_PER_LINE
    assert change.inserted == 0 or change.deleted == 0
    assert change.files == (File("Module:Example", change.inserted, change.deleted),)


# What a summary says


@pytest.mark.parametrize("space", [2, 8, 10, 828])
@given(summary=st.text() | st.sampled_from(["Bug: T123456", "phab:T123456", "T123456"]))
def test_no_summary_claims_a_task_or_is_told(space, summary):
    row = load("usercontribs")["query"]["usercontribs"][0]
    row |= {"ns": space, "comment": f"thanks, Somebody! {summary}", "size": 900, "sizediff": 900}
    [edit] = parse_contributions([row], SHAPE)
    found = changes(replace(edit, title="X:Ada Example/x.js", name="Ada Example"), model="css")

    assert [one.tasks for one in found] == [()]
    assert "Somebody" not in repr((edit, found))


def test_nobody_has_reviewed_an_edit():
    [change] = changes(an_edit())

    assert change.reviewed is False


# How much a page is used


def a_change(title):
    return Change("testwiki", 1, NOON, ("onwiki:testwiki:4",), subject=title, source="onwiki")


def usage(wiki, *titles):
    return {one.subject: one.usage for one in wiki.with_usage(map(a_change, titles))}


def test_a_template_is_used_by_pages_and_a_gadget_by_people(serve, a_client):
    wiki, _ = a_wiki(serve, a_client)

    found = usage(wiki, "Template:Two", "MediaWiki:Gadget-foo.js", "MediaWiki:Gadget-all.js")

    assert found["Template:Two"] == 3
    assert found["MediaWiki:Gadget-foo.js"] == 1
    assert found["MediaWiki:Gadget-all.js"] == 500  # on for everybody


def test_a_script_is_used_by_those_whose_scripts_name_it(serve, a_client):
    cirrus = {"batchcomplete": True, "query": {"extensions": [{"name": "CirrusSearch"}]}}
    wiki, server = a_wiki(serve, a_client, siteinfo=cirrus)

    assert usage(wiki, "User:Ada Example/x.js") == {"User:Ada Example/x.js": 37}
    assert dict(server.requests[-1].query)["srsearch"] == 'insource:"Ada Example/x.js"'


def test_without_a_search_in_sources_nobody_knows(serve, a_client):
    wiki, server = a_wiki(serve, a_client)

    assert usage(wiki, "User:Ada Example/x.js") == {"User:Ada Example/x.js": None}
    assert "search" not in questions(server)


def test_a_wiki_without_gadgets_is_not_asked_for_them(serve, a_client):
    bare = {"batchcomplete": True, "query": {"extensions": []}}
    wiki, server = a_wiki(serve, a_client, siteinfo=bare)

    assert usage(wiki, "MediaWiki:Gadget-foo.js") == {"MediaWiki:Gadget-foo.js": None}
    assert questions(server) == ["transcludedin", "siteinfo"]


def test_the_same_page_is_asked_for_once(serve, a_client):
    wiki, server = a_wiki(serve, a_client)

    list(wiki.with_usage([a_change("Template:Two")] * 100))

    assert questions(server) == ["transcludedin"]


def test_a_page_of_millions_leaves_room_for_the_others(serve, a_client):
    uses = {"Template:A": 2_000_000, "Template:B": 7, "Template:C": 600, "Template:D": 0}

    def reply(request):
        left, pages = 500, []
        for title in dict(request.query)["titles"].split("|"):
            shown = min(left, uses[title])
            left -= shown
            page = {"ns": 10, "title": title, "pageid": 1}
            pages.append(page | ({"transcludedin": [{"pageid": 1}] * shown} if shown else {}))
        more = {} if left else {"continue": {"ticontinue": "1|1", "continue": "||"}}
        return as_json({"query": {"pages": pages}} | more)

    server = serve(reply)
    wiki = OnWiki(server.url, a_client(), "testwiki")

    found = usage(wiki, *uses)

    assert found == {"Template:A": 500, "Template:B": 7, "Template:C": 500, "Template:D": 0}
    assert len(server.requests) <= 2 * len(uses)


# Whose account it is


def test_without_central_accounts_the_own_id_counts_and_is_negative(serve, a_client):
    wiki, _ = a_wiki(serve, a_client)

    assert wiki.account_of("Ada Example", -4) == Account("onwiki:testwiki:4", "Ada Example")
    assert wiki.account_of("Ada Example", 4) is None
    assert wiki.account_of("Ada Example", -5) is None


def test_with_central_accounts_the_central_id_counts(serve, a_client):
    wiki, _ = a_wiki(serve, a_client, users=load("users-central"))

    assert wiki.account_of("Ada Example", 4711) == Account("onwiki:testwiki:4", "Ada Example")
    assert wiki.account_of("Ada Example", 4712) is None
    assert wiki.account_of("Ada Example", -4) is None


def test_an_account_that_only_bears_the_name_is_somebody_else(serve, a_client):
    users = load("users-central")
    users["query"]["users"][0]["attachedlocal"]["CentralAuth"] = False
    wiki, _ = a_wiki(serve, a_client, users=users)

    assert wiki.account_of("Ada Example", 4711) is None


def test_another_name_is_another_account(serve, a_client):
    wiki, _ = a_wiki(serve, a_client)

    assert wiki.account_of("ada Example", -4) is None


@pytest.mark.parametrize("row", [{"missing": True}, {"invalid": True}])
def test_a_name_that_nobody_bears_is_nobody(serve, a_client, row):
    users = {"batchcomplete": True, "query": {"users": [{"name": "Ada Example"} | row]}}
    wiki, _ = a_wiki(serve, a_client, users=users)

    assert wiki.account_of("Ada Example", -4) is None


@pytest.mark.parametrize("name", ["", "Ada|Grace", "\x1fAda"])
def test_a_name_that_is_several_is_not_asked_for(serve, a_client, name):
    wiki, server = a_wiki(serve, a_client)

    assert wiki.account_of(name, -4) is None
    assert server.requests == []
