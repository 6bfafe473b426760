"""A wiki of its own for the tests of faults, with all that refuses edits, and a bot on it."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from bot.ledger import Ledger
from bot.publisher import REFUSED
from scripts.local.api import APIError, Client
from tests.wiki.between import Answer, Asked, Between, Fault
from tests.wiki.conftest import PASSWORD, Wiki, standing
from tests.wiki.practice import HOME, WIKI, Practice, script

EXTENSIONS = ("AbuseFilter", "ConfirmEdit", "SpamBlacklist", "TitleBlacklist")
BLACKLIST = "MediaWiki:Titleblacklist"
STOP = f"{HOME}/stop"
SWITCHES = "switches.txt"
CONSTANT = """
$wgMainCacheType = CACHE_DB;
$wgBlacklistSettings = [ 'spam' => [ 'files' => [] ] ];
$wgGroupPermissions['sysop']['userrights'] = true;
$wgCaptchaTriggers = [];
"""
"""Rate limits need a memory; the list of spam would be fetched from Meta."""
RETRIES = 2
"""So often is asked again what the wiki did not do; the product does it more often."""
WITHOUT_SOURCES = {"BADGES_GERRIT_URL": "", "BADGES_PHABRICATOR_URL": ""}
"""What is known stands; and a round is quick."""
ADA, CLEO = "Ada Example", "Cleo 示例"


@dataclass
class Troubled:
    """The wiki, the bot, the proxy between them, and the pages as they are when all is well."""

    wiki: Wiki
    practice: Practice
    between: Between
    well: dict[str, Any] = field(default_factory=dict)

    @property
    def admin(self) -> Client:
        return self.wiki.admin

    def pages(self) -> dict[str, Any]:
        """Every page that the bot keeps, by its title."""
        asked = {"generator": "allpages", "gapnamespace": 2, "gaplimit": "max",
                 "gapprefix": f"{HOME}/".removeprefix("User:"),
                 "prop": "revisions", "rvprop": "content", "rvslots": "main"}  # fmt: skip
        found = self.admin.api(action="query", **asked)["query"]["pages"]
        texts = {one["title"]: one["revisions"][0]["slots"]["main"]["content"] for one in found}
        return {title: json.loads(texts[title]) for title in sorted(texts) if title != STOP}

    def is_well(self) -> bool:
        """Whether every page is as it is when all is well."""
        return self.pages() == self.well

    def spoil(self, *titles: str) -> None:
        """Let an administrator damage pages; the next full check has to mend them."""
        for title in titles:
            self.admin.edit(title, '{"spoilt": true}', "damage")

    def edits(self) -> int:
        """How many edits of the bot the wiki has ever saved."""
        asked = {"list": "usercontribs", "ucuser": "BadgeBot", "uclimit": "max", "ucprop": "ids"}
        return len(self.admin.api(action="query", **asked)["query"]["usercontribs"])

    def switch(self, php: str = "") -> None:
        """Set settings of the wiki until the next call."""
        switch(self.wiki, php)

    def round(
        self, fault: Fault = lambda _asked: None, *more: str, **changed: str
    ) -> CompletedProcess[str]:
        """One full round during which *fault* happens; no password, token or traceback is in what it says."""
        with self.between.with_fault(fault):
            done = self.practice.bot("run", "--full", *more, **WITHOUT_SOURCES | changed)
        self._was_a_good_guest()
        said = done.stdout + done.stderr
        assert PASSWORD not in said
        assert "Traceback" not in said, said
        return done

    def _was_a_good_guest(self) -> None:
        """One request at a time; every edit is an assertion, and about a page of the bot's own."""
        assert self.between.most_at_once == 1
        for one in self.between.asked:
            if one.action == "edit":
                assert one.title.startswith(f"{HOME}/")
                assert one.title.endswith(".json")
                expected = {"assert": "bot", "assertuser": "BadgeBot", "bot": "1"}
                assert expected.items() <= one.params.items(), {
                    k: v for k, v in one.params.items() if k != "text"
                }
                assert one.params.keys() & {"baserevid", "createonly"}
                assert "maxlag" in {k: v for k, v in one.params.items() if k != "text"}

    def filter(self, pattern: str, *consequences: str) -> None:
        """Have one abuse filter, which does this to the edits that match; without consequences none."""
        with (
            closing(sqlite3.connect(self.wiki.home / "data" / "wiki.sqlite")) as database,
            database,
        ):
            database.execute("DELETE FROM abuse_filter")
            database.execute("DELETE FROM abuse_filter_action")
            if not consequences:
                return
            row = {
                "af_id": 1, "af_pattern": pattern, "af_timestamp": "20260101000000",
                "af_user": 1, "af_user_text": "Admin", "af_actor": 1,  # Who made it, then and now.
                "af_actions": ",".join(consequences), "af_public_comments": "no badges",
            }  # fmt: skip
            known = {name for _, name, *_ in database.execute("PRAGMA table_info(abuse_filter)")}
            row = {name: one for name, one in row.items() if name in known}
            columns, marks = ", ".join(row), ", ".join("?" * len(row))
            database.execute(
                f"INSERT INTO abuse_filter ({columns}) VALUES ({marks})", [*row.values()]
            )
            database.executemany(
                "INSERT INTO abuse_filter_action VALUES (1, ?, '')",
                [(one,) for one in consequences],
            )

    def protect(self, title: str, level: str = "sysop") -> None:
        """Protect a page; "" ends it."""
        protections = f"edit={level}" if level else ""
        self._do(action="protect", title=title, protections=protections)

    def block(self, **more: Any) -> None:
        """Block the bot."""
        how = {"expiry": "never", "reason": "It errs", "allowusertalk": 1}
        self._do(action="block", user="BadgeBot", **how, **more)

    def change_right(self, **change: str) -> None:
        """Put the bot into a group, or take it out."""
        asked = self.admin.api(action="query", meta="tokens", type="userrights")
        token = asked["query"]["tokens"]["userrightstoken"]
        self.admin.api(action="userrights", user="BadgeBot", token=token, **change)

    def change_model(self, title: str, model: str) -> None:
        """Change the content model of a page."""
        self._do(action="changecontentmodel", title=title, model=model, summary="damage")

    def move(self, old: str, new: str) -> None:
        """Move a page."""
        self._do(action="move", **{"from": old}, to=new)

    def calm(self, *protected: str) -> None:
        """End all that administrators and settings do to the bot."""
        self.switch()
        self.filter("")
        for title in protected:
            self.protect(title, "")
        self.admin.edit(BLACKLIST, "# Nothing.")  # To delete it would leave it in the cache.
        with suppress(APIError):
            self._do(action="unblock", user="BadgeBot")
        self.change_right(add="bot")
        self.admin.edit(STOP, "")
        ledger = Ledger.open(self.practice.environment()["BADGES_DATABASE_URL"])
        ledger.notes.remember(REFUSED, 0)  # After many refusals the next round begins behind them.
        ledger.close()

    def _do(self, **params: Any) -> None:
        self.admin.api(**params, token=self.admin._token)

    def maintenance(self, *names: str) -> str:
        """Run a maintenance script of the wiki."""
        return script(WIKI, "maintenance", "--dir", str(self.wiki.home), *names)


@contextmanager
def a_troubled_wiki(folder: Path) -> Iterator[Troubled]:
    """All of it, with the pages of two people published."""
    more = [part for name in EXTENSIONS for part in ("--extension", name)]
    with standing(folder / "site", *more) as wiki, Between(wiki.api).running() as between:
        with (wiki.home / "html" / "w" / "LocalSettings.php").open("a", encoding="utf-8") as file:
            # Not required as a file of PHP, which PHP would not look at anew with every request.
            file.write(f"\neval(file_get_contents({json.dumps(str(wiki.home / SWITCHES))}));\n")
        switch(wiki)
        time.sleep(2.5)  # PHP looks for a change of LocalSettings.php every two seconds.
        practice = Practice(folder, wiki.home, wiki.api, PASSWORD)
        practice.configure(api=between.api)
        with (folder / "user-config.py").open("a", encoding="utf-8") as file:
            file.write(f"max_retries = {RETRIES}\n")
        practice.start_servers()
        try:
            for name in (ADA, CLEO):
                practice.register(practice.account(name), name)
            troubled = Troubled(wiki, practice, between)
            practice.run()

            done = troubled.round()
            assert (done.returncode, between.edits()) == (0, [f"{HOME}/report.json"]), done.stderr
            troubled.well = troubled.pages()
            yield troubled
        finally:
            practice.stop_servers()


def switch(wiki: Wiki, php: str = "") -> None:
    """Set settings of the wiki until the next call."""
    (wiki.home / SWITCHES).write_text(f"{CONSTANT}{php}\n", "utf-8")


def at_edit(number: int, do: Callable[[], Any]) -> Fault:
    """Do this once, just before the how-many-th edit of the round gets to the wiki."""
    left = [do]

    def fault(asked: Asked) -> None:
        if asked.edit == number and left:
            left.pop()()

    return fault


def answer_at_edit(number: int, answer: Answer | Fault, until: int = 0) -> Fault:
    """Answer in the wiki's place from the how-many-th edit on, *until* another (0: only this one)."""

    def fault(asked: Asked) -> Answer | dict[str, str] | None:
        if not number <= asked.edit <= (until or number):
            return None
        return answer if isinstance(answer, Answer) else answer(asked)

    return fault
