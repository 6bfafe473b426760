"""Choose the real things. Nothing else does."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.errors import SettingsError
from bot.kit import may_install
from bot.ledger import Ledger
from bot.ports import Wiki
from bot.rehearsal import MemoryWiki
from bot.round import World
from bot.settings import Settings
from sources.gerrit import Gerrit
from sources.http import Client
from sources.phabricator import Phabricator
from sources.sample import SampleChanges, SampleTasks, sample_people

VERSION = "0.1.0"
PROJECT = "https://meta.wikimedia.org/wiki/Developer_badges"


def may_save_data(account: str, title: str) -> bool:
    """The allow-list of the running bot: JSON below its own page, and nothing else."""
    return title.startswith(f"User:{account}/Developer badges/") and title.endswith(".json")


def build_wiki(settings: Settings, *, operator: bool = False) -> Wiki:
    """The wiki of user-config.py, for the bot or for the operator. Raises BadgesError."""
    try:
        from bot.pages import PywikibotWiki  # Late: importing pywikibot reads its configuration.
    except Exception as error:  # user-config.py is a program: anything may go wrong in it.
        raise SettingsError(
            f"user-config.py cannot be read ({type(error).__name__}): compare it with"
            " user-config.py.sample."
        ) from None
    if operator:
        may_save, user, flag = may_install(settings.root), settings.operator, False
    else:
        may_save, user, flag = may_save_data, "", True
    return PywikibotWiki(may_save, user, flag=flag, contact=_agent(settings))


def build_world(
    settings: Settings, wiki: Wiki, ledger: Ledger, tell: Callable[[str], None]
) -> World:
    """Everything a round needs. Raises BadgesError."""
    return World(
        wiki=wiki,
        ledger=ledger,
        phabricator=_phabricator(settings),
        gerrit=_gerrit(settings),
        root=settings.root,
        now=settings.now or datetime.now(UTC),
        waiting_days=settings.waiting_days,
        edit_budget=settings.edit_budget,
        farewell=settings.tombstone,
        tell=tell,
    )


def sample_world(folder: Path, tell: Callable[[str], None]) -> World:
    """The shipped sample: a wiki in memory on which everybody registered, a ledger in *folder*."""
    wiki = MemoryWiki()
    root = Settings().root
    lines = ["People of the sample; none of them exists."]
    for person in sample_people():
        if person.wiki and person.joins:
            developer = f"|developer={person.developer}" if person.developer else ""
            lines.append(f"* {{{{Developer badges/Person|{person.wiki}{developer}}}}}")
            wiki.edit(f"{root}/Registry", "\n".join(lines), person.wiki)
    ledger = Ledger.open(f"sqlite:///{folder / 'sample.sqlite'}")
    # A day of its own: the sample is the same whenever somebody looks at it.
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=300)
    return World(wiki, ledger, SampleTasks(), SampleChanges(), root, now, tell=tell)


def has_configuration() -> bool:
    """Whether anybody has configured a wiki here; without one, ``preview`` shows the sample."""
    folders = (os.environ.get("PYWIKIBOT_DIR", ""), ".", Path.home() / ".pywikibot")
    return any((Path(folder) / "user-config.py").is_file() for folder in folders if folder)


def _agent(settings: Settings) -> str:
    contact = settings.contact if settings.contact.isascii() else ""
    return f"DeveloperBadges/{VERSION} ({contact or PROJECT})"


def _phabricator(settings: Settings) -> Phabricator | None:
    if not settings.phabricator_url:
        return None
    token = settings.phabricator_token.reveal()
    client = Client("Phabricator", _agent(settings), secrets=[token] if token else [])
    return Phabricator(
        settings.phabricator_url, token, client, public_spaces=settings.phabricator_spaces
    )


def _gerrit(settings: Settings) -> Gerrit | None:
    if not settings.gerrit_url:
        return None
    return Gerrit(settings.gerrit_url, Client("Gerrit", _agent(settings)))
