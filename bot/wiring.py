"""Choose the real things. Nothing else does."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bot.errors import SettingsError
from bot.kit import may_install
from bot.ledger import Ledger
from bot.ports import InspectedWiki, KitWiki, TalkingWiki, Wiki
from bot.rehearsal import MemoryWiki
from bot.rulebook import known_rules
from bot.settings import Secret, Settings
from bot.world import World
from sources.changeinfo import BOTS
from sources.gerrit import Gerrit
from sources.github import Github
from sources.gitlab import Gitlab
from sources.http import Client
from sources.mediawiki import MediaWiki
from sources.onwiki import OnWiki
from sources.phabricator import Phabricator
from sources.port import ChangeSource
from sources.sample import SampleChanges, SampleTasks, sample_people, sample_wishes
from sources.technews import TechNews
from sources.toolhub import Toolhub
from sources.wishlist import Wishlist
from wikitext.rules_page import Community

VERSION = "0.1.0"
Clients = Callable[..., Client]
"""Makes the client of a source, of its name and secrets."""
PROJECT = "https://meta.wikimedia.org/wiki/Developer_badges"


def may_save_data(account: str, title: str) -> bool:
    """The allow-list of the running bot: JSON below its own page, and nothing else.

    With ``BADGES_DIGEST=on`` there is one exception, which is no page that it may save: a new section
    on the operator's talk page (``bot.pages.talk``).
    """
    return title.startswith(f"User:{account}/Developer badges/") and title.endswith(".json")


def build_wiki(settings: Settings) -> TalkingWiki:
    """The wiki of user-config.py, for the bot. Raises BadgesError."""
    with _reading_configuration():
        from bot.pages import talk  # Late: importing pywikibot reads its configuration.
    operator = settings.operator if settings.digest else ""
    return talk.TalkingWiki(may_save_data, operator=operator, contact=_agent(settings))


def build_inspected_wiki(settings: Settings, user: str = "") -> InspectedWiki:
    """The wiki of user-config.py, for looking only; *user* "" is the bot. Raises BadgesError."""
    with _reading_configuration():
        from bot.pages import inspection
    return inspection.InspectedWiki(user, _agent(settings))


def build_kit_wiki(settings: Settings) -> KitWiki:
    """The wiki of user-config.py, for the operator. Raises BadgesError."""
    with _reading_configuration():
        from bot.pages.operator import OperatorWiki
    may_save, user = may_install(settings.root), settings.operator
    return OperatorWiki(may_save, user, flag=False, contact=_agent(settings))


@contextmanager
def _reading_configuration() -> Iterator[None]:
    try:
        yield
    except Exception as error:  # user-config.py is a program: anything may go wrong in it.
        raise SettingsError(
            f"user-config.py cannot be read ({type(error).__name__}): compare it with"
            " user-config.py.sample."
        ) from None


def build_world(
    settings: Settings,
    wiki: Wiki,
    ledger: Ledger,
    tell: Callable[[str], None],
    look: Callable[[], None] = lambda: None,
) -> World:
    """Everything a round needs; *look* is called before each request and edit. Raises BadgesError.

    Where the sources look is told by the rules that the last round read: a change of those lists takes
    effect with the round after the one that reads it.
    """
    community = known_rules(ledger).now.community
    settings = with_community(settings, community)
    client = partial(_client, settings, look)
    return World(
        wiki=wiki,
        ledger=ledger,
        phabricator=_phabricator(settings, client),
        forges=tuple(_forges(settings, client, community.bots)),
        wishlist=_wishlist(settings, client),
        toolhub=_toolhub(settings, client),
        technews=_technews(settings, client),
        onwiki=tuple(_onwiki(settings, client)),
        reviewers=settings.reviewer_groups,
        root=settings.root,
        now=settings.now or datetime.now(UTC),
        waiting_days=settings.waiting_days,
        edit_budget=settings.edit_budget,
        farewell=settings.tombstone,
        tell=tell,
        look=look,
    )


def with_community(settings: Settings, community: Community) -> Settings:
    """The settings with the lists that the rules' page gives in their place."""
    given: dict[str, Any] = {
        "github_repositories": community.github_repositories,
        "gitlab_groups": community.gitlab_groups,
        "onwiki_url": community.onwiki,
    }
    return replace(settings, **{key: one for key, one in given.items() if one is not None})


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
    wiki.groups["Reviewer"] = {"sysop"}
    wiki.edit(f"{root}/Wishes", sample_wishes(), "Reviewer")
    ledger = Ledger.open(f"sqlite:///{folder / 'sample.sqlite'}")
    # A day of its own: the sample is the same whenever somebody looks at it.
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=300)
    return World(wiki, ledger, SampleTasks(), (SampleChanges(),), root, now, tell=tell)


def has_configuration() -> bool:
    """Whether anybody has configured a wiki here; without one, ``preview`` shows the sample."""
    return configuration_folder() is not None


def configuration_folder() -> Path | None:
    """The folder with the user-config.py that pywikibot will read; None where there is none."""
    folders = (os.environ.get("PYWIKIBOT_DIR", ""), ".", Path.home() / ".pywikibot")
    found = (Path(folder) for folder in folders if folder)
    return next((one for one in found if (one / "user-config.py").is_file()), None)


def _agent(settings: Settings) -> str:
    contact = settings.contact if settings.contact.isascii() else ""
    return f"DeveloperBadges/{VERSION} ({contact or PROJECT})"


def _client(settings: Settings, look: Callable[[], None], name: str, *secrets: Secret) -> Client:
    told = [secret.reveal() for secret in secrets if secret.reveal()]
    return Client(name, _agent(settings), secrets=told, look=look)


def _phabricator(settings: Settings, client: Clients) -> Phabricator | None:
    if not settings.phabricator_url:
        return None
    token = settings.phabricator_token
    return Phabricator(
        settings.phabricator_url,
        token.reveal(),
        client("Phabricator", token),
        public_spaces=settings.phabricator_spaces,
    )


def _forges(settings: Settings, client: Clients, bots: frozenset[str]) -> Iterator[ChangeSource]:
    """Where changes are merged; Gerrit first, see ``World``."""
    if settings.gerrit_url:
        yield Gerrit(settings.gerrit_url, client("Gerrit"), bots=BOTS | bots)
    if settings.gitlab_url and settings.gitlab_groups:
        token = settings.gitlab_token
        yield Gitlab(
            settings.gitlab_url,
            client("GitLab", token),
            token=token.reveal(),
            groups=tuple(sorted(settings.gitlab_groups)),
            bots=bots,
        )
    if settings.github_url and settings.github_repositories:
        token = settings.github_token
        yield Github(
            settings.github_url,
            client("GitHub", token),
            token=token.reveal(),
            repositories=tuple(sorted(settings.github_repositories)),
            bots=bots,
        )


def _wishlist(settings: Settings, client: Clients) -> Wishlist | None:
    url = settings.wishlist_url
    return Wishlist(url, client("Wishlist")) if url else None


def page_reader(settings: Settings) -> Callable[[str], str | None]:
    """What reads the text of a page of the wiki that has the Community Wishlist."""
    return MediaWiki(settings.wishlist_url, _client(settings, lambda: None, "The wiki")).text


def _technews(settings: Settings, client: Clients) -> TechNews | None:
    url = settings.technews_url
    return TechNews(url, client("Tech News")) if url else None


def _toolhub(settings: Settings, client: Clients) -> Toolhub | None:
    url = settings.toolhub_url
    return Toolhub(url, client("Toolhub")) if url else None


def _onwiki(settings: Settings, client: Clients) -> Iterator[OnWiki]:
    for place in sorted(settings.onwiki_url):
        name, _, url = place.partition("=")
        yield OnWiki(url, client(f"The code of {name}"), name)
