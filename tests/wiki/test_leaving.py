"""Leaving, end to end: join, be renamed, be hidden, leave, be forgotten; then everything is searched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.ledger import Ledger
from bot.traces import Traces, search_ledger
from scripts.local.api import Client
from sources.sample import sample_people
from tests.bot.conftest import database, mariadb, server  # noqa: F401 (fixtures)
from tests.databases import Database
from tests.wiki.conftest import PASSWORD, Wiki, standing
from tests.wiki.practice import HOME, REGISTRY, WIKI, Practice, practising, rename, script

pytestmark = [pytest.mark.wiki, pytest.mark.long]

STAYS, LEAVES, RENAMED = "Ada Example", "Cleo 示例", "Dina Demo"
HIDDEN, FORGOTTEN, NEW_NAME = "Bert Beispiel", "Niamh O'Sample", "Countess of Somewhere"
EVERYBODY = (STAYS, LEAVES, RENAMED, HIDDEN, FORGOTTEN)
GONE = EVERYBODY[1:]


class Story:
    """The bot on the wiki with a ledger of either kind, and all that its rounds said."""

    def __init__(self, wiki: Wiki, practice: Practice, kept_in: Database) -> None:
        self.wiki, self.practice, self.database = wiki, practice, kept_in
        self.clients = {name: practice.account(name) for name in EVERYBODY}
        self.log = ""

    def bot(self, *arguments: str, code: int = 0) -> str:
        """Run a command that ends with this code; return what it said. What a round says is kept."""
        done = self.practice.bot(*arguments, BADGES_DATABASE_URL=self.database.url)
        text = done.stdout + done.stderr
        assert done.returncode == code, text
        if arguments[0] == "run":
            self.log += text
        return text

    def maintenance(self, *arguments: str) -> None:
        script(WIKI, "maintenance", "--dir", str(self.wiki.home), *arguments)

    def rename(self, old: str, new: str) -> None:
        rename(self.wiki.home, old, new)

    def hide(self, name: str) -> None:
        """Somebody who may blocks the account for ever, and hides its name."""
        groups = ("--custom-groups", "suppress,sysop")
        self.maintenance("createAndPromote.php", "--force", *groups, "Hider", PASSWORD)
        self.hider(action="block", user=name, expiry="infinite", hidename=1)

    def hider(self, **action: object) -> None:
        client = Client(self.wiki.api).login("Hider", PASSWORD)
        token = client.api(action="query", meta="tokens")["query"]["tokens"]["csrftoken"]
        client.api(**action, token=token)

    def removes(self, client: Client, name: str) -> None:
        """The account of *client* takes the line of *name* away."""
        lines = (client.get(REGISTRY) or "").split("\n")
        client.edit(REGISTRY, "\n".join(one for one in lines if f"|{name}|" not in one))

    def state(self, name: str) -> str | None:
        page = self.practice.page(self.wiki.admin, f"people/{name}")
        return None if page is None else str(page["state"])

    def pages(self) -> dict[str, str]:
        """Every current page of the bot."""
        return {title: self.wiki.admin.get(title) or "" for title in self.wiki.admin.titles(HOME)}

    def of(self, name: str) -> dict[str, str]:
        return {title: text for title, text in self.pages().items() if f"/people/{name}" in title}

    def traces(self, name: str) -> Traces:
        """Everything that tells of one of the sample's people."""
        (one,) = (one for one in sample_people() if one.wiki == name)
        (user,) = self.wiki.admin.api(action="query", list="users", ususers=name)["query"]["users"]
        words = {name, one.phabricator or "", one.phid or "", f"gerrit:{one.gerrit}"}
        return Traces(frozenset(words), user["userid"], -user["userid"])

    def told(self, traces: Traces) -> dict[str, bool]:
        """Whether the ledger's rows, all of its bytes, and the current pages tell of somebody."""
        ledger = Ledger.open(self.database.url)
        rows = search_ledger(ledger, traces).places
        ledger.close()
        raw, texts = self.database.dump(), "\n".join(self.pages().values())
        return {
            "rows": bool(rows),
            "bytes": any(word.encode() in raw for word in traces.words),
            "pages": any(word in texts for word in traces.words),
        }


@pytest.fixture
def story(tmp_path: Path, database: Database) -> Iterator[Story]:  # noqa: F811
    """On a wiki of its own: who was renamed or hidden is nobody to meet for other tests."""
    with standing(tmp_path / "wiki") as wiki, practising(wiki, tmp_path) as practice:
        story = Story(wiki, practice, database)
        for name, client in story.clients.items():
            practice.register(client, name)
        story.bot("run")
        yield story


def test_of_who_left_in_whichever_way_no_log_no_ledger_and_no_page_tells_anything(story: Story):
    traces = {name: story.traces(name) for name in EVERYBODY}
    assert {story.state(name) for name in EVERYBODY} == {"ready"}
    for one in traces.values():
        found = story.told(one)
        assert found["rows"]
        assert found["bytes"]
        assert found["pages"] or found["rows"]

    story.hide(HIDDEN)
    story.rename(RENAMED, NEW_NAME)
    story.bot("run", "--hourly")
    assert story.state(HIDDEN) == "left"
    assert (story.state(RENAMED), story.state(NEW_NAME)) == ("left", "ready")
    assert not any(re.search(f"{NEW_NAME}|ready", text) for text in story.of(RENAMED).values())
    assert RENAMED not in "\n".join(story.pages().values())

    story.removes(story.clients[LEAVES], LEAVES)
    story.bot("run", "--hourly")
    assert story.state(LEAVES) == "left"

    before = story.of(STAYS)
    said = story.bot("forget", FORGOTTEN)
    assert "Nothing is left in ledger and pages." in said
    assert story.state(FORGOTTEN) == "left"
    assert story.of(STAYS) == before
    assert "does not take part" in story.bot("forget", FORGOTTEN)
    assert "nothing to forget" in story.bot("forget", "Nobody at all", code=1)

    story.removes(Client(story.wiki.api).login(NEW_NAME, PASSWORD), RENAMED)
    for kind in ((), ("--hourly",), ("--full",)):
        story.bot("run", *kind)

    for name in GONE:
        one = traces[name]
        one = Traces(one.words | {NEW_NAME}, one.user, one.central)
        assert story.told(one) == {"rows": False, "bytes": False, "pages": False}, name
        assert not any(word in story.log for word in one.words), name
    assert STAYS not in story.log
    assert story.state(STAYS) == "ready"
    secrets = (PASSWORD, story.practice.servers["token"])
    for secret in secrets:
        assert secret not in story.log + said
        assert secret.encode() not in story.database.dump()
        assert secret not in "\n".join(story.pages().values())
