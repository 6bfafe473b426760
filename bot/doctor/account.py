"""The account: who we are on the wiki, and what we may do there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.account_news import ABSENT, MUTE, REFUSED, UNREACHABLE, log_states
from bot.doctor.findings import Check, Finding, Patient, fail, ok, warn
from bot.errors import BadgesError

NEEDED: Mapping[str, str] = {
    "edit": "edit existing pages",
    "createpage": "create, edit, and move pages",
    "editmyuserjson": "edit your own user CSS/JSON/JavaScript",
}
"""Rights without which no round gets far, and the grants of a bot password that bring them."""


def login(patient: Patient) -> Iterator[Finding]:
    """The wiki knows us as the account of user-config.py."""
    wiki = patient.open_wiki()
    yield ok("login", f"as {wiki.bot} on {patient.wiki_id} ({wiki.version}).")


def rights(patient: Patient) -> Iterator[Finding]:
    """What the account may do; a right comes by a group and by a grant."""
    facts = patient.wiki.account()
    if facts.blocked:
        yield fail(
            "block",
            "the account is blocked.",
            "Read its talk page, and talk to whoever blocked it.",
        )
    if "bot" in facts.rights:
        yield ok("bot right", "is there.")
    elif "bot" in facts.groups:
        yield fail(
            "bot right", "the account is in the group bot, its password may not use it.",
            "Tick “High-volume (bot) access” in the grants of its password.",
        )  # fmt: skip
    else:
        yield fail("bot right", "is missing.", "Ask for the group bot on this wiki.")
    for right, grant in NEEDED.items():
        if right in facts.rights:
            yield ok(right, "is there.")
        else:
            yield fail(right, "is missing.", f"Tick “{grant}” in the grants of its password.")


def limits(patient: Patient) -> Iterator[Finding]:
    """How fast the account may work."""
    facts, extensions = patient.wiki.account(), patient.wiki.extensions
    if facts.limited and "noratelimit" not in facts.rights:
        yield warn(
            "noratelimit", "is missing: the wiki lets us edit only so often a minute.",
            "It comes with the group bot and the grant “High-volume (bot) access”.",
        )  # fmt: skip
    else:
        yield ok("noratelimit", "edits are not limited.")
    if "apihighlimits" in facts.rights:
        yield ok("apihighlimits", "is there: 500 pages a request.")
    else:
        yield ok("apihighlimits", "is missing: 50 pages a request, which is enough.")
    if "ConfirmEdit" in extensions and "skipcaptcha" not in facts.rights:
        yield warn(
            "skipcaptcha", "is missing, and this wiki asks captchas.", "Ask for the group bot."
        )


def central(patient: Patient) -> Iterator[Finding]:
    """Whether accounts are known by ids that all wikis share."""
    if "CentralAuth" in patient.wiki.extensions:
        yield ok("CentralAuth", "accounts are known by their central ids.")
    else:
        yield ok("CentralAuth", "is not here: renames and locks are local.")


def logs(patient: Patient) -> Iterator[Finding]:
    """Whether the logs that tell of renames and endings told the rounds anything."""
    for log, state in log_states(patient.ledger).items():
        about = f"log {log}"
        if state == MUTE:
            yield warn(
                about, "there are events in it, and they name nobody that we understand.",
                "Look at Special:Log, and report how its lines look; renames and endings are found in"
                " turn and by the weekly check meanwhile.",
            )  # fmt: skip
        elif state == REFUSED:
            yield warn(
                about, "the wiki does not let the bot read it.",
                "Give the account the right to read it; renames and endings are found in turn and by the"
                " weekly check meanwhile.",
            )  # fmt: skip
        elif state == UNREACHABLE:
            yield warn(
                about, "the wiki did not give it to the last round.",
                "Nothing, if that passes; else look at Special:Log. Renames and endings are found in turn"
                " and by the weekly check meanwhile.",
            )  # fmt: skip
        elif state == ABSENT:
            yield ok(about, "this wiki has none, or does not show it: the turns do without it.")
        else:
            yield ok(about, "is read.")


def messages(patient: Patient) -> Iterator[Finding]:
    """Somebody may have written to the bot."""
    if patient.wiki.account().messages:
        yield warn(
            "talk page",
            "there are unread messages on the bot's talk page.",
            "Read and answer them.",
        )
    else:
        yield ok("talk page", "nothing unread.")


def operator(patient: Patient) -> Iterator[Finding]:
    """The account for ``publish``: it exists, and whether it can log in from here."""
    name = patient.settings.operator
    if not name:
        return
    if not patient.wiki.users([name]):
        yield fail("operator", "there is no such account.", "Mend BADGES_OPERATOR.")
        return
    try:
        wiki = patient.find_wiki(name)
        wiki.check()
    except BadgesError as error:
        yield warn(
            "operator", f"cannot log in from here: {error}",
            "Nothing, if `publish` runs elsewhere; else mend the password file.",
        )  # fmt: skip
        return
    if {"editinterface", "editsitejson"} <= wiki.rights:
        yield ok("operator", "can log in, and install all of the kit.")
    else:
        hint = "`publish --paste FOLDER` writes what an administrator has to paste."
        yield ok("operator", "can log in, and may not edit the page of rules.", hint)


CHECKS = (
    Check("login", login),
    Check("rights", rights),
    Check("limits", limits),
    Check("CentralAuth", central),
    Check("logs of accounts", logs),
    Check("talk page", messages),
    Check("operator", operator),
)
