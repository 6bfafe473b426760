"""Our wiki, by pywikibot; the only module that knows it.

Requests go through pywikibot's throttle, maxlag and token handling, but in their raw form: so
``baserevid``, ``assert`` and ``assertuser`` stand in every edit, which ``Page.save`` does not do.
Import this module late: pywikibot reads its configuration when it is imported.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pywikibot
from pywikibot import config
from pywikibot.exceptions import APIError

from bot.errors import SaveRefused, SettingsError, WikiRefused
from bot.pages import logs, people
from bot.pages.answers import check_version, revision_of, saved_revision
from bot.pages.configured import configured_name, never_ask
from bot.pages.errors import LOGGED_OUT, no_login, translated
from bot.pages.manners import our_manners
from bot.pages.passwords import learn_passwords
from bot.ports import LogReading, PageInfo, PageText, WikiUser
from sources.batch import batches
from wikitext.history import Revision
from wikitext.words import ENGLISH

BATCH, HIGH = 50, 500
_DELIVERED = frozenset({"missing", "invalid", "lastrevid", "revisions"})
"""One of these is in every page of an answer that is whole."""
RETRIES = 4


class PywikibotWiki:
    """The wiki of user-config.py. *may_save* decides which titles may be saved at all."""

    rights: frozenset[str] = frozenset()
    extensions: frozenset[str] = frozenset()

    def __init__(
        self,
        may_save: Callable[[str, str], bool],
        user: str = "",
        *,
        flag: bool = True,
        contact: str = "",
    ) -> None:
        """*user* is the account to use (default: that of user-config.py); *flag*: a bot's edits.

        Raises:
            SettingsError: there is no usable user-config.py.

        """
        if not (Path(config.base_dir) / "user-config.py").is_file():
            raise SettingsError(
                "There is no user-config.py: copy user-config.py.sample to user-config.py, fill in the"
                " wiki and the account, and run from that folder (or set PYWIKIBOT_DIR to it)."
            )
        config.max_retries = min(config.max_retries, RETRIES)
        config.solve_captcha = False
        config.user_agent_description = contact or config.user_agent_description
        pywikibot.input = never_ask
        learn_passwords()
        # Its own words on the terminal, tracebacks among them, would stand beside our one sentence.
        pywikibot.bot.init_handlers()
        logging.getLogger("pywiki").setLevel(logging.CRITICAL + 1)
        self._may_save = may_save
        self._flag = flag
        self._general: Mapping[str, Any] = {}
        # Asked first: without a name pywikibot would go to the wiki to find out who we are.
        name = user or configured_name()
        with translated("user-config.py"):
            self._site = pywikibot.Site(user=name)
        self.bot = str(self._site.username() or name)
        our_manners.watch(self._site)

    @property
    def many(self) -> int:
        """See ``bot.ports.Wiki``."""
        return HIGH if "apihighlimits" in self.rights else BATCH

    @property
    def account_logs(self) -> tuple[str, ...]:
        """See ``bot.ports.Wiki``; known after ``check``."""
        return logs.account_logs(self.extensions)

    @property
    def language(self) -> str:
        """See ``bot.ports.Wiki``."""
        return str(self._general.get("lang", ENGLISH))

    def check(self) -> str:
        """See ``bot.ports.Wiki``."""
        with translated("the wiki"):
            info = {"meta": "siteinfo", "siprop": "general|extensions"}
            answer = self._ask(action="query", **info)["query"]
        self._general = general = answer["general"]
        check_version(str(general.get("generator", "")))
        self.extensions = frozenset(str(one.get("name")) for one in answer.get("extensions", ()))
        if "Scribunto" not in self.extensions:
            raise WikiRefused(
                f"{general.get('base', 'The wiki')} has no Scribunto: the badges need Lua."
                " Is this the right wiki? See user-config.py."
            )
        self._log_in()
        return f"{general['wikiid']} at {general['server']}"

    def _log_in(self) -> None:
        with translated("the login"), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # They quote the password file, line by line.
            self._site.login()
            if not self._site.logged_in():
                raise WikiRefused(no_login(self.bot))
            info = self._ask(action="query", meta="userinfo", uiprop="rights")["query"]["userinfo"]
        if info["name"] != self.bot:
            raise WikiRefused(
                f"The wiki knows us as {info['name']}, not as {self.bot}: mend user-config.py."
            )
        self.rights = frozenset(map(str, info["rights"]))
        if self._flag and "bot" not in self.rights:
            raise WikiRefused(
                f"{self.bot} has no bot right here: ask for the bot group, and tick “High-volume (bot)"
                " access” in the grants of its password."
            )

    def info(self, titles: Iterable[str]) -> Mapping[str, PageInfo]:
        """See ``bot.ports.Wiki``."""
        found: dict[str, PageInfo] = {}
        for batch in batches(titles, self.many):
            for title, page in self._query(batch, prop="info"):
                found[title] = PageInfo(title, int(page.get("lastrevid", 0)))
        return found

    def texts(self, titles: Iterable[str]) -> Iterator[PageText]:
        """See ``bot.ports.Wiki``."""
        for batch in batches(titles, BATCH):
            pages = self._query(batch, prop="revisions", rvprop="ids|content", rvslots="main")
            for title, page in pages:
                if "revisions" not in page:
                    yield PageText(title, 0, "")
                    continue
                with translated(f"[[{title}]]"):
                    (revision,) = page["revisions"]
                    # A text that cannot be shown is no empty one: the stop page may have such.
                    slot = revision["slots"]["main"]
                    text, model = slot["content"], str(slot.get("contentmodel", ""))
                yield PageText(title, int(revision["revid"]), text, model)

    def revisions(self, title: str, after: int, since: datetime | None) -> Iterator[Revision]:
        """See ``bot.ports.Wiki``."""
        ask: dict[str, Any] = {
            "action": "query", "prop": "revisions", "titles": title, "rvdir": "newer",
            "rvprop": "ids|userid|timestamp|content|tags", "rvslots": "main",
            "rvlimit": BATCH if since else "max",
        }  # fmt: skip
        if since is not None:
            # By time, not by number: the revision that we saw last may have been deleted.
            ask["rvstart"] = since.strftime("%Y-%m-%dT%H:%M:%SZ")
        more: Mapping[str, Any] = {}
        while True:
            with translated("the wiki"):
                answer = self._ask(**ask, **more)
                pages = answer["query"]["pages"]
                found = [revision_of(one) for page in pages for one in page.get("revisions", ())]
            yield from (one for one in found if one.id > after)
            if "continue" not in answer:
                return
            more = answer["continue"]

    def users(self, names: Iterable[str]) -> Mapping[str, WikiUser]:
        """See ``bot.ports.Wiki``."""
        found: dict[str, WikiUser] = {}
        for batch in batches(names, BATCH):
            known = {one.name: one for one in self._users(ususers="|".join(batch))}
            for name in batch:
                one = known.get(name) or known.get(name[:1].upper() + name[1:])
                if one is not None:
                    found[name] = one
        return found

    def users_with(self, ids: Iterable[int]) -> Mapping[int, WikiUser]:
        """See ``bot.ports.Wiki``."""
        asked = ("|".join(map(str, batch)) for batch in batches(ids, self.many))
        return {one.id: one for some in asked for one in self._users(ususerids=some)}

    def groups_of(self, ids: Iterable[int]) -> Mapping[int, frozenset[str]]:
        """See ``bot.ports.Wiki``."""
        with translated("the wiki"):
            return people.groups_of(self._ask, ids)

    def bears_since(self, user: WikiUser, day: date) -> bool:
        """See ``bot.ports.Wiki``."""
        with translated("An account"):
            return not people.registered_after(self._ask, user, day) and not people.renamed_after(
                self._ask, user, day
            )

    def closed(self, users: Iterable[WikiUser]) -> frozenset[int]:
        """See ``bot.ports.Wiki``."""
        with translated("the wiki"):
            return frozenset(one.central for one in users if people.is_closed(self._ask, one))

    def read_log(self, log: str, since: datetime | None) -> LogReading | None:
        """See ``bot.ports.Wiki``."""
        with translated(f"the log {log}"):
            return logs.read_log(self._ask, log, since)

    def pages_below(self, title: str) -> Iterator[str]:
        """See ``bot.ports.Wiki``."""
        with translated("the wiki"):
            yield from logs.pages_below(self._ask, title)

    def user_page_urls(self, name: str) -> tuple[str, ...]:
        """See ``bot.ports.Wiki``."""
        with translated("the wiki"):
            if not self._general:
                answer = self._ask(action="query", meta="siteinfo", siprop="general")
                self._general = answer["query"]["general"]
            local = str(self._site.namespace(2))
            return people.user_page_urls(self._general, local, name)

    def _users(self, **which: str) -> Iterator[WikiUser]:
        with translated("the wiki"):
            yield from people.users(self._ask, **which)

    def save(self, title: str, text: str, summary: str, base: int) -> int:
        """See ``bot.ports.Wiki``."""
        return self._edit(title, text, summary, base, contentmodel="json")

    def _edit(self, title: str, text: str, summary: str, base: int, **more: str) -> int:
        if not self._may_save(self.bot, title):
            raise SaveRefused(f"[[{title}]] is none of our pages: it is never saved.")
        edit: dict[str, Any] = {
            "action": "edit", "title": title, "text": text, "summary": summary[:480],
            "assertuser": self.bot, "watchlist": "nochange", **more,
        }  # fmt: skip
        edit |= {"baserevid": base, "nocreate": 1} if base else {"createonly": 1}
        return self._send(title, edit, base) or base

    def _send(self, title: str, edit: dict[str, Any], base: int = 0) -> int:
        """Do an edit; return the new revision, 0 where nothing changed."""
        with translated(f"[[{title}]]", saving=True):
            try:
                answer = self._save(edit)
            except APIError as error:
                if error.code not in LOGGED_OUT:
                    raise
                # The session may have ended: logging in says whether it is that, or a lost right.
                del self._site.userinfo
                self._site.tokens.clear()
                self._log_in()
                answer = self._save(edit)
            return saved_revision(title, answer["edit"], base)

    def _save(self, edit: dict[str, Any]) -> Any:
        request = self._request(**edit, token=self._site.tokens["csrf"])
        if self._flag:
            # Only now: pywikibot has put its own assertion there, which holds for every account.
            request["bot"], request["assert"] = "1", "bot"
        return request.submit()

    def _query(self, titles: list[str], **params: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Pages by the titles as they were asked, however many answers that takes."""
        found: dict[str, dict[str, Any]] = {}
        asked: dict[str, str] = {}
        more: Mapping[str, Any] = {}
        with translated("the wiki"):
            while True:
                answer = self._ask(action="query", titles="|".join(titles), **params, **more)
                asked |= {one["to"]: one["from"] for one in answer["query"].get("normalized", ())}
                for page in answer["query"]["pages"]:
                    found[page["title"]] = {**found.get(page["title"], {}), **page}
                if "continue" not in answer:
                    break
                more = answer["continue"]
            # Not delivered is not missing: whoever mistakes one for the other loses pages.
            if not all(page.keys() & _DELIVERED for page in found.values()):
                raise KeyError("revisions")
        for title, page in found.items():
            yield asked.get(title, title), page

    def _ask(self, **params: Any) -> Any:
        return self._request(**params).submit()

    def _request(self, **params: Any) -> Any:
        our_manners.before()
        return self._site.simple_request(**params, formatversion=2)
