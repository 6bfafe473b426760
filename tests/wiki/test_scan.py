"""Everybody leaves, everything fails, with secrets everywhere; then all that remains is searched."""

from __future__ import annotations

import os
import pty
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from scripts.local.api import Client
from sources.sample import sample_people
from tests.bot.conftest import database, mariadb, server  # noqa: F401 (fixtures)
from tests.databases import Database
from tests.scan import Gone, scan
from tests.sources.server import Answer, Server
from tests.wiki.conftest import PASSWORD, Wiki, standing
from tests.wiki.practice import HERE, HOME, REGISTRY, WIKI, Practice, practising, rename, script

pytestmark = [pytest.mark.wiki, pytest.mark.long]

STAYS, REMOVED, RENAMED = "Ada Example", "Bert Beispiel", "Dina Demo"
VANISHES, LEAVES, FORGOTTEN = "Cleo 示例", "Hana Příklad", "Niamh O'Sample"
EVERYBODY = (STAYS, REMOVED, RENAMED, VANISHES, LEAVES, FORGOTTEN)
NEW_NAME, NOBODY = "Countess of Somewhere", "Vanished user 8271635"
FIRST_ID = 1_900_000_000
"""Great enough that nothing else is this number by chance."""
SECRETS = {
    "the bot's password": 'Bot/pass+word="4711"&Zoë',
    "a wrong password": "wr0ng/pass%word'8812",
    "the password of the database": "db:pa/ss@word#1x9",
    "the token of GitLab": "glpat-Xy7/+Za93kLmNoP",
    "the token of GitHub": "ghp_Q2w3E4r5T6y7U8i9O0p1",
    "the secret of OAuth": "oauth-5ecret/0123456789abcdef",
}
GIVEN = ("user-config.py", "user-password.py", "news.json")
BOOM = """\
import sys, bot.cli, requests
def boom(*_, **__):
    secrets = {secrets!r}
    try:
        try:
            raise KeyError(secrets, {{"Authorization": "Bearer " + secrets[3]}})
        except KeyError as error:
            raise requests.ConnectionError("GET https://me:" + secrets[2] + "@host/?token=" + secrets[4]) from error
    except requests.ConnectionError as error:
        raise RuntimeError([secrets, error.args, b"%r" % secrets[0].encode()]) from error
bot.cli.run_once = boom
sys.exit(bot.cli.main(["run"]))
"""


def tells_all(request: object) -> Answer:
    """A server in trouble: whatever it was asked, it says it again."""
    return Answer(f"<h1>{request!r}</h1>".encode(), 500, "text/html")


class Life:
    """The bot with secrets in every setting, and every word it says, wherever it says it."""

    def __init__(self, wiki: Wiki, practice: Practice, kept_in: Database, broken: str) -> None:
        self.wiki, self.practice, self.database, self.broken = wiki, practice, kept_in, broken
        self.log = b""
        self.trusting = False

    @property
    def settings(self) -> dict[str, str]:
        return {
            "BADGES_DATABASE_URL": self.database.url,
            "BADGES_GITLAB_TOKEN": SECRETS["the token of GitLab"],
            "BADGES_GITHUB_TOKEN": SECRETS["the token of GitHub"],
            "PWB_OAUTH_SECRET": SECRETS["the secret of OAuth"],
        }

    @property
    def trouble(self) -> dict[str, str]:
        """Settings that lead to a server in trouble."""
        return {
            "BADGES_GITLAB_URL": self.broken, "BADGES_GITLAB_GROUPS": "repos",
            "BADGES_GITHUB_URL": self.broken, "BADGES_GITHUB_REPOSITORIES": "o/r",
            "BADGES_GERRIT_URL": self.broken,
            "BADGES_PHABRICATOR_URL": self.broken,
        }  # fmt: skip

    def bot(self, *words: str, codes: tuple[int, ...] = (0,), **changed: str) -> str:
        """Run a command that ends with one of these codes; what it says is kept.

        But for the name of whom it was asked about: that is no news to who asks.
        """
        done = self.practice.bot(*words, **{**self.settings, **changed})
        said = done.stdout + done.stderr
        kept = said
        for word in words[1:]:
            kept = kept.replace(word, "")
        self.log += kept.encode("utf-8", "surrogateescape")
        assert done.returncode in codes, said
        return said

    def at_a_terminal(self, *words: str, **changed: str) -> bytes:
        """Run a command where somebody looks on, bars and all."""
        ours, theirs = pty.openpty()
        environment = self.practice.environment(**{**self.settings, **changed})
        process = subprocess.Popen(
            [sys.executable, *words], cwd=HERE, env=environment,
            stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs,
        )  # fmt: skip
        os.close(theirs)
        said = b""
        while True:
            try:
                more = os.read(ours, 65536)
            except OSError:  # The other end is closed.
                break
            if not more:
                break
            said += more
        os.close(ours)
        process.wait()
        self.log += said
        return said

    def served(self) -> str:
        """Serve until the first round is done, and ask it to stop."""
        log = self.practice.folder / "serve.log"
        environment = self.practice.environment(**{**self.settings, **self.trouble})
        with log.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "bot", "serve"], cwd=HERE,
                env=environment | {"BADGES_LOG_FORMAT": "json"},
                stdin=subprocess.DEVNULL, stdout=file, stderr=file,
            )  # fmt: skip
        try:
            end = time.monotonic() + 60
            while b'"event": "round"' not in log.read_bytes() and time.monotonic() < end:
                assert process.poll() is None, log.read_text()
                time.sleep(0.1)
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0, log.read_text()
        finally:
            process.kill()
            process.wait()
        self.log += log.read_bytes()
        return log.read_text()

    def log_in_anew(self, password: str = SECRETS["the bot's password"]) -> None:
        self.practice.configure(password=password)
        for file in self.practice.folder.glob("pywikibot-*.lwp"):
            file.unlink()

    def pages(self) -> dict[str, str]:
        """Every current page of the bot, and where it talks."""
        titles = [*self.wiki.admin.titles(HOME), "User talk:Admin"]
        return {title: self.wiki.admin.get(title) or "" for title in titles}

    def found(self, people: Mapping[str, Gone]) -> list[str]:
        """What the scan finds in all that remains."""
        token = self.practice.servers["token"]
        return scan(
            log=self.log, ledger=self.database.dump(), pages=self.pages(),
            files=[one for one in self.practice.folder.iterdir() if one.name not in ("wiki", "servers")],
            secrets={**SECRETS, "the token of Phabricator": token},
            people=people.values(), given=GIVEN,
        )  # fmt: skip


@pytest.fixture
def life(tmp_path: Path, database: Database) -> Iterator[Life]:  # noqa: F811
    broken = Server(tells_all)
    folder = tmp_path / "bot"
    folder.mkdir()
    with standing(tmp_path / "wiki") as wiki, practising(wiki, folder) as practice:
        with closing(sqlite3.connect(wiki.home / "data" / "wiki.sqlite")) as db, db:
            db.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'user'", (FIRST_ID,))
        password = ("--force", "BadgeBot", SECRETS["the bot's password"])
        script(WIKI, "maintenance", "--dir", str(wiki.home), "createAndPromote.php", *password)
        life = Life(wiki, practice, database, broken.url)
        life.log_in_anew()
        yield life
    broken.close()


def gone(wiki: Wiki, name: str) -> Gone:
    """What tells of one of the sample's people, who has an account by now."""
    (one,) = (one for one in sample_people() if one.wiki == name)
    (user,) = wiki.admin.api(action="query", list="users", ususers=name)["query"]["users"]
    assert user["userid"] > FIRST_ID
    words = (name, one.developer, one.phabricator or name, one.phid or name, f"gerrit:{one.gerrit}")
    return Gone(words, (user["userid"], -user["userid"], one.gerrit))


def without(client: Client, name: str) -> None:
    """The account of *client* takes a line away."""
    lines = (client.get(REGISTRY) or "").split("\n")
    client.edit(REGISTRY, "\n".join(one for one in lines if f"|{name}|" not in one))


def everybody_leaves(life: Life, clients: Mapping[str, Client]) -> None:
    """By every way there is, and rounds in between, some of which fail."""
    wiki, practice = life.wiki, life.practice
    without(clients[LEAVES], LEAVES)
    without(wiki.admin, REMOVED)
    rename(wiki.home, RENAMED, NEW_NAME)
    rename(wiki.home, VANISHES, NOBODY)
    life.bot("run", "--hourly", codes=(3,), BADGES_LOG_FORMAT="json", **life.trouble)
    assert "Nothing is left" in life.bot("forget", FORGOTTEN)
    life.at_a_terminal("-m", "bot", "run", "--hourly")
    without(Client(wiki.api).login(NEW_NAME, PASSWORD), RENAMED)
    practice.fault("phabricator", "500")
    life.bot("run", codes=(3,), BADGES_LOG_LEVEL="debug")
    practice.fault("phabricator", "none")


def self_told(life: Life) -> list[str]:
    """The secrets that stand in the environment of every command."""
    return [one for one in life.settings.values() if one in SECRETS.values()]


def everything_fails(life: Life) -> None:
    """The program itself, the login, the database, the sources; and somebody asks what is the matter."""
    for form in ("text", "json"):
        # Those that the environment told it of; no program knows a password that nobody gave to it.
        told = [one for one in self_told(life) for _ in range(2)]
        boom = BOOM.format(secrets=told)
        said = life.at_a_terminal("-c", boom, BADGES_LOG_FORMAT=form)
        assert b"Traceback" in said
    password = quote(SECRETS["the password of the database"], safe="")
    url = f"mysql+pymysql://me:{password}@127.0.0.1:9/d"
    for words in (("run",), ("status", "--json", "--offline"), ("doctor",)):
        life.bot(*words, codes=(1, 2, 3), BADGES_DATABASE_URL=url)
    wrong = quote(SECRETS["a wrong password"], safe="")
    for url in (f"http://me:{wrong}@127.0.0.1:9/", f"http://127.0.0.1:9/?token={wrong}"):
        life.bot("run", codes=(2, 3), BADGES_GERRIT_URL=url)
        life.bot("doctor", codes=(1, 2, 3), BADGES_GERRIT_URL=url)
    life.log_in_anew(SECRETS["a wrong password"])
    for words in (("run", "--hourly"), ("doctor", "--json"), ("status",)):
        life.bot(*words, codes=(0, 1, 2, 3))
    life.log_in_anew()
    life.bot("doctor", "--json", codes=(1, 2, 3), **life.trouble)
    assert '"event"' in life.served()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_after_all_of_it_no_secret_is_told_and_nothing_of_who_left(life: Life):
    clients = {name: life.practice.account(name) for name in EVERYBODY}
    for name, client in clients.items():
        life.practice.register(client, name)
    people = {name: gone(life.wiki, name) for name in EVERYBODY if name != STAYS}
    life.bot("run")
    before = life.found(people)
    for number in range(1, len(people) + 1):
        assert any("ledger" in one and f"person {number}" in one for one in before), (
            "they took part"
        )
    assert not any("log" in one or ("file" in one and "ledger" not in one) for one in before), (
        before
    )

    everybody_leaves(life, clients)
    everything_fails(life)
    # Whom somebody else removed may come back within 14 days; then they are forgotten, too.
    life.bot("run", "--full", codes=(0, 3), BADGES_NOW="2027-12-25T00:00:00Z")
    life.bot("status", "--json")
    life.bot("explain", STAYS)

    assert life.found(people) == []
