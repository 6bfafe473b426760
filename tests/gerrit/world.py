"""Invented people who write, review and merge changes on a real Gerrit."""

from __future__ import annotations

import hashlib
import itertools
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from scripts.local.gerrit_site import PASSWORD, Site

GIT = {
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_COMMITTER_DATE": "2026-01-05 10:00:00 +0000",
    "GIT_AUTHOR_DATE": "2026-01-05 10:00:00 +0000",
    "no_proxy": "*",
}


class World:
    """People, projects and changes on one *site*; git works in *folder*."""

    def __init__(self, site: Site, folder: Path):
        self.site = site
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.ids: dict[str, int] = {}
        self._count = itertools.count(1)
        # As on Wikimedia, one may upload what another has written and committed.
        self.allow("refs/heads/*", "forgeCommitter", "global:Registered-Users")

    def allow(self, ref: str, permission: str, group: str) -> None:
        """Grant a permission everywhere."""
        rules = {"rules": {group: {"action": "ALLOW"}}}
        added = {ref: {"permissions": {permission: rules}}}
        self.site.call("POST", "projects/All-Projects/access", {"add": added})

    def person(self, login: str, name: str) -> int:
        """Make an account ``<login>@example.org``; return its number."""
        wanted = {"name": name, "email": f"{login}@example.org", "http_password": PASSWORD}
        account = self.site.call("PUT", f"accounts/{login}", wanted)
        self.ids[login] = account["_account_id"]
        return self.ids[login]

    def project(self, name: str, *branches: str) -> None:
        """Make a project with these branches, and a clone of it."""
        wanted = {"create_empty_commit": True, "branches": ["master", *branches]}
        self.site.call("PUT", f"projects/{quote(name, '')}", wanted)
        self._git(None, "clone", "--quiet", self._remote(name, "admin"), str(self._clone(name)))

    def commit(
        self,
        project: str,
        message: str,
        author: str,
        *,
        files: Mapping[str, str | bytes] | None = None,
        moved: Mapping[str, str] | None = None,
        change_id: str = "",
        base: str = "origin/master",
    ) -> str:
        """Make one commit on *base*, its Change-Id in the last paragraph; return its hash.

        *author* is a login, or ``Name <mail>``.
        """
        number = next(self._count)
        change_id = change_id or "I" + hashlib.sha1(str(number).encode()).hexdigest()
        self._git(project, "checkout", "--quiet", "--detach", base)
        for old, new in (moved or {}).items():
            self._git(project, "mv", old, new)
        for path, text in (files or {f"src/{number}.txt": f"{number}\n"}).items():
            file = self._clone(project) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text if isinstance(text, bytes) else text.encode())
        self._git(project, "add", "--all")
        who = author if "<" in author else f"{author} <{author}@example.org>"
        join = "\n" if "\n\n" in message.strip() else "\n\n"
        text = f"{message.strip()}{join}Change-Id: {change_id}\n"
        name, _, mail = who.rstrip(">").partition(" <")
        self._git(project, "commit", "--quiet", "--allow-empty", "-m", text, author=(name, mail))
        return self._git(project, "rev-parse", "HEAD")

    def push(self, project: str, commit: str, owner: str, to: str = "master", *options: str) -> int:
        """Push *commit* for review as *owner*; return the number of its change."""
        target = f"{commit}:refs/for/{to}" + ("%" + ",".join(options) if options else "")
        self._git(project, "push", "--quiet", self._remote(project, owner), target)
        [found] = self.query(f"commit:{commit}", user=owner)
        number: int = found["_number"]
        return number

    def review(
        self, change: int, who: str, vote: int | None = None, message: str = "", **more: Any
    ) -> None:
        """Vote on Code-Review, or say something."""
        labels = {} if vote is None else {"Code-Review": vote}
        sent = {"labels": labels, "message": message, **more}
        self.site.call("POST", f"changes/{change}/revisions/current/review", sent, who)

    def label(self, change: int, who: str, *, topic: str, hashtags: Mapping[str, Any]) -> None:
        """Set the topic of a change, and add or remove hashtags."""
        self.site.call("PUT", f"changes/{change}/topic", {"topic": topic}, who)
        self.site.call("POST", f"changes/{change}/hashtags", hashtags, who)

    def submit(self, change: int, *, approve: bool = True) -> dict[str, Any]:
        """Approve as the administrator and merge."""
        if approve:
            self.review(change, "admin", 2)
        found: dict[str, Any] = self.site.call("POST", f"changes/{change}/submit", {})
        return found

    def merged(self, project: str, message: str, owner: str, **more: Any) -> int:
        """Write, push and merge one change; return its number."""
        options = {"author": owner, **more}
        to = options.pop("to", "master")
        commit = self.commit(project, message, options.pop("author"), **options)
        number = self.push(project, commit, owner, to)
        self.submit(number)
        self.fetch(project)
        return number

    def revert(self, change: int, who: str = "admin", message: str = "") -> int:
        """Press the button; return the number of the revert."""
        sent = {"message": message} if message else {}
        found: dict[str, Any] = self.site.call("POST", f"changes/{change}/revert", sent, who)
        number: int = found["_number"]
        return number

    def cherry_pick(self, change: int, branch: str, who: str = "admin") -> int:
        """Press the other button; return the number of the copy."""
        sent = {"destination": branch, "message": self.message(change)}
        path = f"changes/{change}/revisions/current/cherrypick"
        found: dict[str, Any] = self.site.call("POST", path, sent, who)
        number: int = found["_number"]
        return number

    def message(self, change: int) -> str:
        """Return the commit message of a change."""
        found = self.site.call("GET", f"changes/{change}/revisions/current/commit")
        text: str = found["message"]
        return text

    def hash(self, change: int) -> str:
        """Return the commit of a change."""
        [row] = self.query(f"change:{change}", "CURRENT_REVISION")
        return str(row["current_revision"])

    def change_id(self, change: int) -> str:
        """Return the Change-Id of a change."""
        [row] = self.query(f"change:{change}")
        return str(row["change_id"])

    def query(self, query: str, *options: str, user: str = "admin", **more: Any) -> Any:
        """Search changes."""
        pairs = [("q", query), *(("o", option) for option in options), *more.items()]
        return self.site.call("GET", f"changes/?{urlencode(pairs)}", user=user)

    def fetch(self, project: str) -> None:
        """Let the clone know of what was merged."""
        self._git(project, "fetch", "--quiet", "origin")

    def _clone(self, project: str) -> Path:
        return self.folder / project.replace("/", "-")

    def _remote(self, project: str, user: str) -> str:
        return f"{self.site.url.replace('//', f'//{user}:{PASSWORD}@')}/a/{project}"

    def _git(
        self,
        project: str | None,
        *command: str,
        author: Sequence[str] = ("admin", "admin@example.com"),
    ) -> str:
        name, mail = author
        who = {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": mail}
        who |= {"GIT_COMMITTER_NAME": name, "GIT_COMMITTER_EMAIL": mail}
        where = ["-C", str(self._clone(project))] if project else []
        done = subprocess.run(
            ["git", *where, *command],
            env=os.environ | GIT | who,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()
