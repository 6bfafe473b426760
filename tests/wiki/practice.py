"""The bot as an operator runs it, on the real wiki, against local servers with the sample."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.local.api import Client
from tests.wiki import kit
from tests.wiki.conftest import PASSWORD, Wiki

HERE = Path(__file__).parents[2]
ROOT = "Project:Developer badges"
REGISTRY = f"{ROOT}/Registry"
TABLE = f"{ROOT}/Wishes"
REVIEWS = f"{ROOT}/Reviews/2026"
RULES = "MediaWiki:Developer-badges.json"
HOME = "User:BadgeBot/Developer badges"
SERVERS = HERE / "scripts" / "servers"
WIKI = HERE / "scripts" / "wiki"

USER_CONFIG = """\
family_files['local'] = {api!r}
family = mylang = 'local'
usernames['local']['local'] = {name!r}
password_file = 'user-password.py'
put_throttle = minthrottle = maxthrottle = retry_wait = 0
"""


def entry(name: str) -> str:
    return f"* {{{{Developer badges/Person|{name}|developer={name}}}}}"


def script(path: Path, *arguments: str) -> str:
    command = [sys.executable, str(path), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@contextmanager
def practising(wiki: Wiki, folder: Path) -> Iterator[Practice]:
    """A bot with an empty ledger, on a wiki on which nobody ever registered or wished."""
    practice = Practice(folder, wiki.home, wiki.api, PASSWORD)
    practice.configure()
    practice.start_servers()
    try:
        wipe(wiki)
        wiki.jobs()  # One left over would stand for those to come, and refresh what it knew of.
        published = practice.bot("publish", "--yes", "--overwrite")
        assert published.returncode == 0, published.stderr
        yield practice
    finally:
        practice.stop_servers()
        wipe(wiki)
        kit.give_back(wiki.admin, "BadgeBot", ROOT)


def wipe(wiki: Wiki) -> None:
    """Delete what editors wrote, for its history counts, the rules, and all that a bot has written."""
    for title in (TABLE, REVIEWS, REGISTRY, RULES, *wiki.admin.titles(HOME)):
        wiki.admin.delete(title)


def rename(home: Path, old: str, new: str) -> None:
    """Rename an account as MediaWiki does it: by an extension before 1.40, by the core since."""
    names: tuple[str, ...] = ("renameUser.php", old, new)
    if not (home / "html" / "w" / "maintenance" / names[0]).exists():
        path = "../extensions/Renameuser/maintenance/renameUser.php"
        names = (path, "--oldname", old, "--newname", new)
    script(WIKI, "maintenance", "--dir", str(home), *names)


@dataclass
class Practice:
    """One bot: its configuration, its ledger, the servers it asks, the people it meets."""

    folder: Path
    wiki_home: Path
    api: str
    password: str

    def configure(self, name: str = "BadgeBot", password: str | None = None, api: str = "") -> None:
        (self.folder / "user-config.py").write_text(
            USER_CONFIG.format(api=api or self.api, name=name), "utf-8"
        )
        secrets = self.folder / "user-password.py"
        lines = [(name, password or self.password), ("Admin", self.password)]
        secrets.write_text("".join(f"{line!r}\n" for line in lines), "utf-8")
        secrets.chmod(0o600)

    def password_of(self, name: str) -> None:
        """Let the bot's commands log in as one more account, such as another operator's."""
        with (self.folder / "user-password.py").open("a", encoding="utf-8") as secrets:
            secrets.write(f"{(name, self.password)!r}\n")

    def start_servers(self, *more: str) -> None:
        printed = script(SERVERS, "start", "--dir", str(self.folder / "servers"), *more)
        self.servers = dict(re.findall(r"^(\w+): (.+)$", printed, re.M))

    def stop_servers(self) -> None:
        script(SERVERS, "stop", "--dir", str(self.folder / "servers"))

    def environment(self, **changed: str) -> dict[str, str]:
        return {
            **os.environ,
            "BADGES_ROOT": ROOT,
            "BADGES_OPERATOR": "Admin",
            "BADGES_DATABASE_URL": f"sqlite:///{self.folder / 'ledger.sqlite'}",
            "BADGES_GERRIT_URL": self.servers["gerrit"],
            "BADGES_PHABRICATOR_URL": self.servers["phabricator"],
            "BADGES_PHABRICATOR_TOKEN": self.servers["token"],
            **{f"BADGES_{name}_URL": "" for name in ("GITLAB", "WISHLIST", "TECHNEWS", "TOOLHUB")},
            "BADGES_LOG_FORMAT": "text",
            "PYWIKIBOT_DIR": str(self.folder),
            **changed,
        }

    def bot(self, *arguments: str, **changed: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the bot; whatever it says, the token is not in it."""
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=HERE,
            env=self.environment(**changed),
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=300,
            check=False,
        )
        token = self.environment(**changed)["BADGES_PHABRICATOR_TOKEN"]
        assert not token or token not in done.stdout + done.stderr
        return done

    def run(self, *arguments: str, **changed: str) -> int:
        """Do a round that must succeed; return the number of edits."""
        done = self.bot("run", *arguments, **changed)
        assert done.returncode == 0, done.stderr
        match = re.search(r"(\d+) edits", done.stdout)
        assert match
        return int(match[1])

    def asked(self) -> dict[str, int]:
        """How many requests each server got since the last time."""
        counts: dict[str, int] = json.loads(
            script(SERVERS, "count", "--reset", "--dir", str(self.folder / "servers"))
        )
        return counts

    def news(self, **found: list[Any]) -> None:
        file = self.folder / "news.json"
        file.write_text(json.dumps(found), "utf-8")
        script(SERVERS, "add", "--dir", str(self.folder / "servers"), str(file))

    def fault(self, server: str, kind: str) -> None:
        script(SERVERS, "fault", "--dir", str(self.folder / "servers"), server, kind)

    def account(self, name: str) -> Client:
        """A fresh account on the wiki, logged in."""
        arguments = ("--force", name, self.password)
        script(
            WIKI, "maintenance", "--dir", str(self.wiki_home), "createAndPromote.php", *arguments
        )
        return Client(self.api).login(name, self.password)

    def register(self, client: Client, name: str) -> None:
        """Add the entry of *name* under the account of *client*."""
        text = (client.get(REGISTRY) or "").rstrip()
        client.edit(REGISTRY, f"{text}\n{entry(name)}", "register")

    def unregister(self, client: Client, name: str) -> None:
        text = client.get(REGISTRY) or ""
        client.edit(REGISTRY, text.replace(f"\n{entry(name)}", ""), "remove")

    def page(self, client: Client, title: str) -> Any:
        text = client.get(f"{HOME}/{title}.json")
        return None if text is None else json.loads(text)

    def raw_ledger(self) -> bytes:
        return (self.folder / "ledger.sqlite").read_bytes()
