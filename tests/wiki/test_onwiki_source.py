"""On-wiki code read from a real MediaWiki, as nobody in particular."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scoring.model import Change
from scripts.local.api import Client
from sources.http import Client as Asker
from sources.onwiki import OnWiki
from tests.wiki.conftest import PASSWORD, Wiki, run

pytestmark = pytest.mark.wiki

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
LUA = "local p = {}\n" + "-- a line of a module\n" * 20 + "return p\n"
LONGER = LUA.replace("return", "-- a line that came later\n" * 20 + "return")
SCRIPT = "var example = 1;\n" * 30

IMPORTED = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="en">
<siteinfo><namespaces><namespace key="10">Template</namespace></namespaces></siteinfo>
<page><title>Template:Far imported</title><ns>10</ns><id>1</id><revision><id>1</id>
<timestamp>2010-01-01T00:00:00Z</timestamp><contributor><username>Ada Example</username><id>1</id></contributor>
<model>wikitext</model><format>text/x-wiki</format><text>{text}</text></revision></page></mediawiki>
"""


@pytest.fixture(scope="module")
def source(wiki: Wiki) -> Iterator[OnWiki]:
    agent = "DeveloperBadges/0 (https://example.org/bot)"
    client = Asker("Testwiki", agent, interval=0, pause=0, retries=0)
    yield OnWiki(wiki.api, client, "testwiki")
    client.close()


@pytest.fixture(scope="module")
def work(wiki: Wiki, tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """What happened on the wiki; the numbers of the revisions that are work, and of some others."""
    ada, grace, admin = wiki.ada, wiki.client("Grace Example"), wiki.admin
    numbers = {
        "module": save(ada, "Module:Far", LUA, "Bug: T123: a first module"),
        "more": save(grace, "Module:Far", LONGER, "more of it"),
        "template": save(grace, "Template:Far", "{{#invoke:Far|main}}" * 40, "new"),
        "extended": save(ada, "Template:Far", "{{#invoke:Far|main}}" * 80, "more"),
        "script": save(ada, "User:Ada Example/far.js", SCRIPT, "Bug: T123456"),
        "site": save(admin, "MediaWiki:Gadget-far.js", SCRIPT * 2, "a gadget"),
        "styles": save(ada, "Template:Far/styles.css", ".far { color: red }\n" * 30, "styles"),
    }
    take_back(admin, grace, numbers)
    save_what_is_no_work(wiki)
    numbers["hidden"] = save(grace, "Template:Far hidden", "x" * 900, "hidden")
    numbers["on top"] = save(grace, "Template:Far hidden", "y" * 1900, "seen")
    hide(wiki, numbers["hidden"], "Template:Far hidden")
    import_page(wiki, tmp_path_factory.mktemp("dump") / "page.xml")
    for number in range(3):
        save(ada, f"Far page {number}", "{{Far}}", "use")
    wiki.jobs()
    return numbers


def save(client: Client, title: str, text: str, summary: str, **options: Any) -> int:
    return int(client.edit(title, text, summary, **options)["newrevid"])


def take_back(admin: Client, grace: Client, numbers: dict[str, int]) -> None:
    numbers["undone"] = save(grace, "Template:Far", "junk " * 500, "vandalism")
    admin.api(
        action="edit", title="Template:Far", undo=numbers["undone"], token=token(admin, "csrf")
    )
    numbers["rolled back"] = save(grace, "Template:Far", "rubbish " * 500, "vandalism")
    admin.api(
        action="rollback",
        title="Template:Far",
        user="Grace Example",
        token=token(admin, "rollback"),
    )


def save_what_is_no_work(wiki: Wiki) -> None:
    ada, grace = wiki.ada, wiki.client("Grace Example")
    save(ada, "Module:Far/doc", "Words about it. " * 40, "doc")
    save(ada, "Template:Far/sandbox", "{{x}}" * 100, "try")
    save(ada, "Template:Far/data.json", '{"a": [' + "1," * 400 + "1]}", "data")
    save(ada, "Template:Far redirect", "#REDIRECT [[Template:Far]] " + "x" * 300, "redirect")
    save(ada, "Template:Far copy", "{{#invoke:Far|main}}" * 40, "copied from Template:Far")
    save(ada, "Module:Far", LONGER.replace("later", "yesterday"), "minor", minor=1)
    save(ada, "Module:Far", LONGER.replace("later", "today"), "a few bytes")
    save(ada, "Far page", "x" * 3000, "no code")
    save(ada, "User:Ada Example/far", "x" * 3000, "no code")
    save(wiki.bot, "Template:Far bot", "x" * 3000, "by a bot", bot=1)
    save(wiki.admin, "User:Ada Example/far.js", SCRIPT * 3, "on somebody else's page")
    save(grace, "Template:Far blank", "x" * 10, "short")
    save(grace, "Template:Far blank", "", "emptied")


def token(client: Client, kind: str) -> str:
    answer = client.api(action="query", meta="tokens", type=kind)
    return str(answer["query"]["tokens"][f"{kind}token"])


def hide(wiki: Wiki, number: int, title: str) -> None:
    arguments = ("--custom-groups", "suppress,sysop", "Hiding Example", PASSWORD)
    done = run("maintenance", "--dir", str(wiki.home), "createAndPromote.php", *arguments)
    assert done.returncode == 0, done.stderr
    hiding = Client(wiki.api).login("Hiding Example", PASSWORD)
    answer = hiding.api(
        action="revisiondelete",
        type="revision",
        target=title,
        ids=number,
        hide="content|comment|user",
        token=token(hiding, "csrf"),
    )
    assert answer["revisiondelete"]["status"] == "Success"


def import_page(wiki: Wiki, file: Path) -> None:
    file.write_text(IMPORTED.format(text="imported " * 100), "utf-8")
    done = run("maintenance", "--dir", str(wiki.home), "importDump.php", str(file))
    assert done.returncode == 0, done.stderr


def ours(changes: Iterator[Change]) -> dict[int, Change]:
    """Those of this module: other tests edit the same wiki."""
    return {one.number: one for one in changes if "far" in one.subject.lower()}


def local_id(wiki: Wiki, name: str) -> int:
    [user] = wiki.admin.api(action="query", list="users", ususers=name)["query"]["users"]
    return int(user["userid"])


WORK = {
    "module": "Module:Far",
    "more": "Module:Far",
    "template": "Template:Far",
    "extended": "Template:Far",
    "script": "User:Ada Example/far.js",
    "site": "MediaWiki:Gadget-far.js",
    "styles": "Template:Far/styles.css",
    "on top": "Template:Far hidden",
}


def test_the_feed_brings_exactly_what_is_work(source: OnWiki, work: dict[str, int]):
    found = ours(source.merged_since(LONG_AGO))

    assert {number: one.subject for number, one in found.items()} == {
        work[name]: title for name, title in WORK.items()
    }


def test_a_history_brings_what_the_feed_brought(wiki: Wiki, source: OnWiki, work: dict[str, int]):
    ada = f"onwiki:testwiki:{local_id(wiki, 'Ada Example')}"

    history = ours(source.merged_by(ada))
    # The feed knows a copy of somebody else's page for one; in one's own history it cannot be told.
    own = {number for number, one in history.items() if one.subject != "Template:Far copy"}

    assert own == {work[name] for name in ("module", "extended", "script", "styles")}
    assert all(one.authors == (ada,) for one in history.values())


def test_an_imported_edit_is_in_the_history_and_does_not_count(
    wiki: Wiki, source: OnWiki, work: dict[str, int]
):
    ada = local_id(wiki, "Ada Example")
    rows = wiki.admin.api(action="query", list="usercontribs", ucuserids=ada, uclimit=500)
    assert "Template:Far imported" in {one["title"] for one in rows["query"]["usercontribs"]}, (
        "it is listed"
    )

    history = ours(source.merged_by(f"onwiki:testwiki:{ada}"))

    assert "Template:Far imported" not in {one.subject for one in history.values()}


def test_no_edit_claims_the_task_that_its_summary_names(source: OnWiki, work: dict[str, int]):
    found = ours(source.merged_since(LONG_AGO))

    assert found[work["module"]].tasks == found[work["script"]].tasks == ()


def test_it_is_told_how_many_pages_use_a_template(source: OnWiki, work: dict[str, int]):
    found = ours(source.with_usage(source.merged_since(LONG_AGO)))

    assert found[work["template"]].usage == 3
    assert found[work["module"]].usage == 5  # the template and its copy too
    assert found[work["script"]].usage is None  # no search in sources here


def test_what_was_taken_back_stands_no_more(source: OnWiki, work: dict[str, int]):
    asked = [f"testwiki:{number}" for number in work.values()]

    gone = set(asked) - set(source.standing(asked))

    assert gone == {f"testwiki:{work[name]}" for name in ("undone", "rolled back", "hidden")}


def test_an_account_is_known_by_its_central_id(wiki: Wiki, source: OnWiki):
    local = local_id(wiki, "Ada Example")

    account = source.account_of("Ada Example", -local)

    assert account is not None
    assert account.key == f"onwiki:testwiki:{local}"
    assert source.account_of("Ada Example", local) is None
    assert source.account_of("Grace Example", -local) is None
    assert source.account_of("No Such Example", -local) is None
