"""A wiki and its sources on which much has happened since the last round, so that the next has much to do."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from scripts.local.api import Client
from tests.databases import Database
from tests.wiki.conftest import PASSWORD, Wiki
from tests.wiki.mortal import Mortal, State
from tests.wiki.practice import HERE, HOME, REGISTRY, REVIEWS, RULES, TABLE, Practice, entry, rename

STAYS, CHOOSES, UNTOUCHED = "Gus Primjer", "ليلى مثال", "Niamh O'Sample"
LEAVES, RENAMED, REMOVED = "Kira Dæmi", "Jun 例", "Pia Esimerkki"
FIRST, SECOND = (STAYS, CHOOSES, LEAVES), (UNTOUCHED, RENAMED, REMOVED)
NEWCOMERS = ("Ada Example", "Hana Příklad")
NEW_NAME = "Countess of Somewhere"
YEAR = "2024"
SECRET, SHARED = 8000658, 8000497
"""A task of STAYS that turns secret; one on which a newcomer worked, too."""
NEW = 8009001
CHOICES = "|hide=score|goal=issues:50|wall=yes}}"


def sample(folder: Path) -> Path:
    """The sample of one year alone: so everybody has one page of works, and a round is over soon."""
    folder.mkdir()
    changes = [one for one in _rows("changes") if one.get("submitted", "").startswith(YEAR)]
    (folder / "changes.json").write_text(json.dumps(changes), "utf-8")
    (folder / "tasks.json").write_text(json.dumps(_rows("tasks")), "utf-8")
    shutil.copy(HERE / "sources" / "sample" / "people.json", folder / "people.json")
    return folder


def _rows(name: str) -> list[dict[str, Any]]:
    packed = HERE / "sources" / "sample" / f"{name}.json.gz"
    found: list[dict[str, Any]] = json.loads(gzip.decompress(packed.read_bytes()))
    return found


class Eventful(Mortal):
    """``first``: nobody was ever read, and there is no ledger. Since a round, in ``leaving`` one has left;
    in ``waiting`` a vandal has removed most others, too; in ``later`` much else happened instead.
    """

    first: State
    leaving: State
    waiting: State
    later: State

    def prepare(self) -> None:
        """Let it all happen."""
        clients = {name: self._account(name) for name in (*FIRST, *SECOND, *NEWCOMERS)}
        before = (self.today - timedelta(days=1)).isoformat()
        for name in FIRST:
            self.practice.register(clients[name], name)
        self.first = self.keep("first")
        for name in SECOND:
            self.practice.register(clients[name], name)
        assert self.do("run", BADGES_NOW=before)["code"] == 0, self.log.read_text("utf-8")
        self.practice.unregister(clients[LEAVES], LEAVES)
        self.leaving = self.keep("leaving")
        for name in (STAYS, CHOOSES, RENAMED, REMOVED):
            self.practice.unregister(clients[UNTOUCHED], name)
        self.waiting = self.keep("waiting")
        self.put_back(self.leaving)
        clients = {name: Client(self.wiki.api).login(name, PASSWORD) for name in clients}
        self._on_the_registry(clients)
        self._by_reviewers()
        self._at_the_sources()
        self.later = self.keep("later")

    def _account(self, name: str) -> Client:
        """A new account, made as people make theirs: sooner than by a maintenance script."""
        client = Client(self.wiki.api)
        tokens = client.api(action="query", meta="tokens", type="createaccount")["query"]["tokens"]
        client.api(
            action="createaccount", username=name, password=PASSWORD, retype=PASSWORD,
            createtoken=tokens["createaccounttoken"], createreturnurl=self.wiki.url,
        )  # fmt: skip
        return client.login(name, PASSWORD)

    def _on_the_registry(self, clients: dict[str, Client]) -> None:
        for name in NEWCOMERS:
            self.practice.register(clients[name], name)
        self.practice.unregister(clients[UNTOUCHED], REMOVED)
        text = clients[CHOOSES].get(REGISTRY) or ""
        line = entry(CHOOSES)
        clients[CHOOSES].edit(REGISTRY, text.replace(line, line.removesuffix("}}") + CHOICES))
        rename(self.wiki.home, RENAMED, NEW_NAME)

    def _by_reviewers(self) -> None:
        admin = Client(self.wiki.api).login("Admin", PASSWORD)
        row = f"* {{{{Developer badges/Review|work=T{SHARED}|size=massive|reason=much|accepted=yes}}}}"
        admin.edit(REVIEWS, f"Reviews:\n{row}")
        row = (
            "* {{Developer badges/Wish|list=sample|wish=1|title=Brackets|status=done|tasks=T8000639"
        )
        admin.edit(TABLE, f"Wishes:\n{row}|date=2024-07-21|accepted=yes}}}}")
        admin.edit(RULES, '{"schema": 1, "lines_cap": 900}')
        admin.edit(f"{HOME}/people/{UNTOUCHED}.json", "{}", "vandalism")

    def _at_the_sources(self) -> None:
        """A change is merged on a new task, and a known task turns secret."""
        moment = self.today - timedelta(hours=1)
        change = next(one for one in _rows("changes") if one["_number"] == 9001434)
        text = json.dumps(change).replace("9001434", "9009001").replace("T8000639", f"T{NEW}")
        old, new = change["current_revision"], "a" * 40
        text = text.replace(old, new).replace(change["change_id"], f"I{new}")
        change = json.loads(text)
        change["submitted"] = change["updated"] = f"{moment:%Y-%m-%d %H:%M:%S}.000000000"
        tasks = {one["id"]: one for one in _rows("tasks")}
        fresh = json.loads(json.dumps(tasks[8000639]).replace("8000639", str(NEW)))
        fresh["phid"] = "PHID-TASK-new"
        fresh["fields"] |= {"dateClosed": int(moment.timestamp())}
        secret = tasks[SECRET]
        secret["fields"]["policy"]["view"] = "PHID-PLCY-secret"
        for one in (fresh, secret):
            one["fields"]["dateModified"] = int(moment.timestamp())
        self.practice.news(changes=[change], tasks=[fresh, secret])


@contextmanager
def eventful(wiki: Wiki, folder: Path, database: Database) -> Iterator[Eventful]:
    """Everything, ready; *wiki* is a new one, of which nothing is needed afterwards."""
    folder.mkdir()
    practice = Practice(folder, wiki.home, wiki.api, PASSWORD)
    practice.configure()
    practice.start_servers("--sample", str(sample(folder / "sample")))
    try:
        done = practice.bot(
            "publish", "--yes", BADGES_DATABASE_URL=f"sqlite:///{folder}/kit.sqlite"
        )
        assert done.returncode == 0, done.stderr
        scene = Eventful(wiki, practice, database)
        try:
            scene.prepare()
            yield scene
        finally:
            scene.close()
    finally:
        practice.stop_servers()
