"""Every setting: whether it can be read, and whether it does what one would want."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from urllib.parse import urlsplit

from bot.doctor.findings import Check, Finding, Patient, fail, ok, warn
from bot.settings import PREFIX, Secret, Settings

Advice = Callable[[str, Settings], Finding | None]
CONDUIT_TOKEN = re.compile(r"(?:api|cli)-[a-z0-9]{28}")
HERE = frozenset({"localhost", "127.0.0.1", "::1"})


def settings(patient: Patient) -> Iterator[Finding]:
    """One line a setting."""
    known = {one.name: one for one in fields(Settings)}
    for name, given in patient.given.items():
        if name not in known:
            yield fail(given.where, given.wrong, "Mend the name, or remove it.")
    for name in known:
        yield _setting(name, patient)


def _setting(name: str, patient: Patient) -> Finding:
    about = f"{PREFIX}{name.upper()}"
    given = patient.given.get(name)
    if given is not None and given.wrong:
        return fail(about, given.wrong, f"Mend it where it is set: {given.where}.")
    advise = ADVICE.get(name)
    advice = advise(about, patient.settings) if advise is not None else None
    if advice is not None:
        return advice
    if given is None:
        return ok(about, "the default.")
    where = "in the environment" if given.where == about else f"in {given.where.partition(':')[0]}"
    return ok(about, f"set {where}.")


def _phabricator_token(about: str, now: Settings) -> Finding | None:
    token = now.phabricator_token.reveal()
    if not now.phabricator_url:
        return None
    if not token:
        return fail(
            about, "is not set: no tasks are read.",
            "Make one in Phabricator (Settings → Conduit API Tokens) as the bot.",
        )  # fmt: skip
    if not CONDUIT_TOKEN.fullmatch(token):
        return warn(
            about, "does not look like a Conduit token (api- and 28 letters or digits).",
            "Copy it again, without what stands around it.",
        )  # fmt: skip
    return _in_the_open(about, now.phabricator_url, now.phabricator_token)


def _gitlab_token(about: str, now: Settings) -> Finding | None:
    return _in_the_open(about, now.gitlab_url, now.gitlab_token)


def _github_token(about: str, now: Settings) -> Finding | None:
    if now.github_url and now.github_repositories and not now.github_token.reveal():
        return fail(
            about, "is not set, and repositories on GitHub are to count.",
            "Make a token without any scope, or empty BADGES_GITHUB_REPOSITORIES.",
        )  # fmt: skip
    return _in_the_open(about, now.github_url, now.github_token)


def _in_the_open(about: str, url: str, token: Secret) -> Finding | None:
    parts = urlsplit(url)
    if token.reveal() and parts.scheme == "http" and parts.hostname not in HERE:
        return fail(about, "would be sent unencrypted.", "Let the address begin with https://.")
    return None


def _operator(about: str, now: Settings) -> Finding | None:
    if not now.operator:
        return warn(
            about,
            "is empty.",
            "Name your account: it installs the pages, and can be told of trouble.",
        )
    return None


def _contact(about: str, now: Settings) -> Finding | None:
    if not now.contact:
        return warn(
            about,
            "is empty: nobody who is bothered by the bot knows whom to ask.",
            "Name your user page.",
        )
    if not now.contact.isascii():
        return warn(
            about, "is not plain ASCII, and so is not sent.", "Encode it as in an address (%C3%A9)."
        )
    return None


def _digest(about: str, now: Settings) -> Finding | None:
    if not now.digest:
        hint = "on: you are told on your talk page of trouble that lasts, once a week at most."
        return ok(about, "off.", hint)
    if not now.operator:
        return warn(
            about, "is on, and BADGES_OPERATOR is empty: nobody is told.", "Name the operator."
        )
    return ok(about, "on.")


def _tombstone(about: str, now: Settings) -> Finding | None:
    if "$1" not in now.tombstone:
        return warn(
            about, "does not say why a page is to be deleted.", "Put $1 where the reason goes."
        )
    return None


def _now(about: str, now: Settings) -> Finding | None:
    if now.now is not None:
        return warn(about, "the bot pretends that it is another moment.", "Unset it in earnest.")
    return None


def _health_hours(about: str, now: Settings) -> Finding | None:
    if now.health_hours < 2:
        return warn(about, "is shorter than two hourly rounds may take.", "Set it to 2 or more.")
    return None


def _onwiki_url(about: str, now: Settings) -> Finding | None:
    plain = [one for one in now.onwiki_url if not one.endswith("/api.php")]
    if plain:
        return warn(about, "an address does not end in /api.php.", "Name the address of the API.")
    return None


ADVICE: Mapping[str, Advice] = {
    "phabricator_token": _phabricator_token,
    "gitlab_token": _gitlab_token,
    "github_token": _github_token,
    "onwiki_url": _onwiki_url,
    "operator": _operator,
    "contact": _contact,
    "digest": _digest,
    "tombstone": _tombstone,
    "health_hours": _health_hours,
    "now": _now,
}
CHECKS = (Check("settings", settings),)
