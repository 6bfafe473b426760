"""``doctor``: each thing that may be wrong is found, has its remedy, and stops no other check."""

import json
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pytest

from bot import cli, doctor
from bot.account_news import MEMO
from bot.doctor import CHECKS, Patient, State, code_of, examine, lines
from bot.doctor.findings import Check, ok
from bot.errors import LedgerError, WikiRefused, WikiUnreachable
from bot.install import install_kit
from bot.kit import Orders, pages_to_install, plan_kit
from bot.kit_texts import KitTexts
from bot.ledger.census import Lying
from bot.ledger.tables import EXACT
from bot.ports import AccountFacts
from bot.settings import Settings, try_settings
from sources.port import SourceChanged, SourceRefused, SourceUnreachable
from tests.bot.kit_wiki import ROOT, MemoryKitWiki
from tests.bot.scene import HOME
from tests.databases import sqlite_in
from wikitext.rules_page import TITLE

HERE = Path(__file__).parents[2]
TOKEN = "api-abcdefghijklmnopqrstuvwxyz12"
RIGHTS = frozenset(
    {
        "bot",
        "edit",
        "createpage",
        "editmyuserjson",
        "noratelimit",
        "apihighlimits",
        "editcontentmodel",
    }
)
WELL = {
    "BADGES_PHABRICATOR_TOKEN": TOKEN,
    "BADGES_OPERATOR": "Olga Operator",
    "BADGES_CONTACT": "User:Olga",
}


@dataclass
class InspectedMemoryWiki(MemoryKitWiki):
    """A wiki in memory that tells about the account."""

    bot: str = "BadgeBot"
    rights: frozenset[str] = RIGHTS | {"editinterface", "editsitejson"}
    version: str = "MediaWiki 1.43.1"
    facts: AccountFacts = field(
        default_factory=lambda: AccountFacts("BadgeBot", RIGHTS, frozenset({"bot"}))
    )
    open_to_all: set[str] = field(default_factory=set)
    refusal: Exception | None = None

    def check(self):
        if self.refusal:
            raise self.refusal
        return "memory"

    def account(self):
        return self.facts

    def unprotected(self, titles):
        return frozenset(self.open_to_all & set(titles))


class Ward:
    """A bot that is well, until a test makes it ill."""

    def __init__(self, scene, folder):
        self.scene = scene
        self.wiki = InspectedMemoryWiki(pages=scene.wiki.pages, accounts=scene.wiki.accounts)
        self.wiki.accounts["Olga Operator"] = 99
        pages = pages_to_install(ROOT, "BadgeBot")
        texts = KitTexts(scene.ledger)
        plan = plan_kit(self.wiki, texts, pages, ROOT, Orders())
        with scene.ledger.together():  # One step instead of seventy.
            install_kit(self.wiki, texts, plan, ROOT, lambda _: None)
        self.environ = dict(WELL)
        self.folder = folder
        self.operator = self.wiki
        for name in ("user-config.py", "user-password.py"):
            (folder / name).write_text("#")
            (folder / name).chmod(0o600)

    def patient(self):
        settings, given = try_settings(self.environ)
        wiki = lambda user: self.operator if user else self.wiki  # noqa: E731
        return Patient(
            settings, given, self.folder, wiki, lambda: self.scene.ledger,
            lambda wiki, _ledger: self.scene.world(wiki=wiki),
        )  # fmt: skip

    def findings(self, checks=CHECKS):
        return list(examine(self.patient(), checks))

    def ills(self):
        """What is not as it should be: about, state, and all that is said."""
        found = self.findings()
        assert all(one.remedy for one in found if one.state is State.WARN)
        return {
            (one.about, one.state.value): " ".join(lines(one)) for one in found if one.state != "ok"
        }


@pytest.fixture
def ward(scene, tmp_path):
    folder = tmp_path / "configuration"
    folder.mkdir()
    return Ward(scene, folder)


def test_a_bot_that_is_well_has_no_warning_and_every_setting_has_its_line(ward):
    found = ward.findings()

    assert ward.ills() == {}
    assert code_of(found) == 0
    about = [one.about for one in found]
    for name in Settings.__dataclass_fields__:
        assert about.count(f"BADGES_{name.upper()}") == 1
    assert TOKEN not in repr(found)
    assert any(one.remedy for one in found if one.about == "BADGES_DIGEST"), "it is recommended"


@pytest.mark.parametrize(
    ("name", "value", "state", "says"),
    [
        ("PHABRICATOR_TOKEN", "", "fail", "Conduit API Tokens"),
        ("PHABRICATOR_TOKEN", "x-" + TOKEN, "warn", "does not look like"),
        ("PHABRICATOR_URL", "http://p.example", "fail", "unencrypted"),
        ("GITHUB_REPOSITORIES", "a/b", "fail", "without any scope"),
        ("ONWIKI_URL", "m=https://m.example/wiki", "warn", "/api.php"),
        ("EDIT_BUDGET", "many", "fail", "Mend it where it is set"),
        ("LOG_LEVEL", "loud", "fail", "must be one of"),
        ("DIGEST", "perhaps", "fail", "on or off"),
        ("NONSENSE", "1", "fail", "no such setting"),
        ("ROOT", "[[Portal]]", "fail", "without brackets"),
        ("OPERATOR", "", "warn", "Name your account"),
        ("CONTACT", "", "warn", "user page"),
        ("CONTACT", "Benutzer:Ö", "warn", "ASCII"),
        ("TOMBSTONE", "{{Delete}}", "warn", "$1"),
        ("HEALTH_HOURS", "1", "warn", "2 or more"),
        ("NOW", "2026-01-01", "warn", "pretends"),
        ("SETTINGS", "/nowhere/x.toml", "fail", "cannot be read"),
    ],
)
def test_a_setting_that_is_wrong_is_said_and_the_others_are_looked_at(
    ward, name, value, state, says
):
    ward.environ[f"BADGES_{name}"] = value

    ills = ward.ills()
    about = {"PHABRICATOR_URL": "PHABRICATOR_TOKEN", "GITHUB_REPOSITORIES": "GITHUB_TOKEN"}
    where = "the file of settings" if name == "SETTINGS" else f"BADGES_{about.get(name, name)}"
    assert says in ills[where, state]
    assert len(ills) == 1 or name == "ROOT"


def facts(ward, **changed):
    ward.wiki.facts = replace(ward.wiki.facts, **changed)


def kit_page(ward):
    return next(title for title in ward.wiki.pages if title.endswith("/person"))


ILLS = {
    "no bot group": (
        lambda w: facts(w, rights=RIGHTS - {"bot"}, groups=frozenset()),
        "bot right",
        "fail",
        "Ask for the group",
    ),
    "no bot grant": (
        lambda w: facts(w, rights=RIGHTS - {"bot"}),
        "bot right",
        "fail",
        "High-volume",
    ),
    "no JSON": (
        lambda w: facts(w, rights=RIGHTS - {"editmyuserjson"}),
        "editmyuserjson",
        "fail",
        "grants",
    ),
    "blocked": (lambda w: facts(w, blocked=True), "block", "fail", "talk to whoever"),
    "slow": (
        lambda w: facts(w, rights=RIGHTS - {"noratelimit"}, limited=True),
        "noratelimit",
        "warn",
        "so often",
    ),
    "messages": (lambda w: facts(w, messages=True), "talk page", "warn", "answer"),
    "captcha": (
        lambda w: setattr(w.wiki, "extensions", w.wiki.extensions | {"ConfirmEdit"}),
        "skipcaptcha",
        "warn",
        "captchas",
    ),
    "no operator": (
        lambda w: w.wiki.accounts.pop("Olga Operator"),
        "operator",
        "fail",
        "BADGES_OPERATOR",
    ),
    "operator elsewhere": (
        lambda w: setattr(w, "operator", InspectedMemoryWiki(refusal=WikiRefused("No."))),
        "operator",
        "warn",
        "elsewhere",
    ),
    "no registry": (lambda w: w.wiki.delete(f"{ROOT}/Registry"), "registry", "fail", "publish"),
    "no wishes": (lambda w: w.wiki.delete(f"{ROOT}/Wishes"), "wishes", "warn", "publish"),
    "stopped": (
        lambda w: w.wiki.edit(f"{HOME}/stop", "Stop", "X"),
        "stop page",
        "fail",
        "empty the page",
    ),
    "bad rules": (lambda w: w.wiki.edit(TITLE, "{", "X"), "page of rules", "fail", "rules FILE"),
    "kit missing": (lambda w: w.wiki.delete(kit_page(w)), "kit", "fail", "missing"),
    "kit older": (
        lambda w: [
            KitTexts(w.scene.ledger).note(kit_page(w), "old"),
            w.wiki.edit(kit_page(w), "old", "X"),
        ],
        "kit",
        "warn",
        "not of this version",
    ),
    "conflict": (
        lambda w: [
            KitTexts(w.scene.ledger).note(kit_page(w), "a"),
            w.wiki.edit(kit_page(w), "b", "X"),
        ],
        "kit",
        "warn",
        "--diff",
    ),
    "content model": (
        lambda w: w.wiki.models.update({kit_page(w): "wikitext"}),
        "content model",
        "fail",
        "ChangeContentModel",
    ),
    "open": (lambda w: w.wiki.open_to_all.add(kit_page(w)), "protection", "warn", "protect them"),
    "refuses": (
        lambda w: setattr(w.scene.gerrit, "trouble", SourceRefused("Gerrit refused.")),
        "gerrit",
        "fail",
        "new token",
    ),
    "away": (
        lambda w: setattr(w.scene.gerrit, "trouble", SourceUnreachable("Away.")),
        "gerrit",
        "fail",
        "address",
    ),
    "changed": (
        lambda w: setattr(w.scene.gerrit, "trouble", SourceChanged("Odd.")),
        "gerrit",
        "fail",
        "report it",
    ),
    "not shown": (lambda w: setattr(w.scene.gerrit, "missing", ("a/b",)), "gerrit", "warn", "a/b"),
    "links": (
        lambda w: setattr(
            w.scene.phabricator, "linked_to_wiki", partial(refuse, "user.mediawikiquery")
        ),
        "phabricator: links to wiki accounts",
        "fail",
        "user.mediawikiquery",
    ),
    "password readable": (
        lambda w: (w.folder / "user-password.py").chmod(0o644),
        "user-password.py",
        "fail",
        "chmod 600",
    ),
    "config writable": (
        lambda w: (w.folder / "user-config.py").chmod(0o666),
        "user-config.py",
        "fail",
        "ignores",
    ),
    "keys readable": (
        lambda w: [
            (w.folder / "user-config.py").write_text(
                f"authenticate['x'] = ('{'0f' * 16}', '{'1e' * 20}', '{'2d' * 16}', '{'3c' * 20}')"
            ),
            (w.folder / "user-config.py").chmod(0o644),
        ],
        "user-config.py",
        "warn",
        "OAuth",
    ),
    "no config": (
        lambda w: setattr(w, "folder", None),
        "user-config.py",
        "fail",
        "user-config.py.sample",
    ),
    "refused log": (lambda w: logged(w, "refused"), "log renameuser", "warn", "right to read it"),
    "mute": (lambda w: logged(w, "mute"), "log renameuser", "warn", "report how its lines look"),
    "hanging": (lambda w: w.scene.ledger.notes.take_lock("x", -5), "lock", "warn", "given back"),
    "clock": (lambda w: lying(w, ahead=-3600), "clock", "warn", "NTP"),
    "journal": (lambda w: lying(w, kind="sqlite", journal="delete"), "journal", "warn", "NFS"),
    "collation": (
        lambda w: lying(w, collation="latin1_swedish_ci", charset="latin1"),
        "collation",
        "fail",
        "mixed up",
    ),
    "mode": (lambda w: lying(w, mode=""), "SQL mode", "fail", "not strict"),
    "schema": (lambda w: lying(w, schema=1), "schema", "fail", "version 1"),
    "public": (
        lambda w: [lying(w), w.environ.update(BADGES_DATABASE_URL="mysql://u:p@h/u__b_p")],
        "name of the database",
        "fail",
        "everybody",
    ),
    "another wiki": (
        lambda w: w.scene.ledger.notes.remember("wiki", "elsewhere"),
        "ledger",
        "fail",
        "belongs to",
    ),
}


def refuse(what, _names):
    raise SourceRefused(f"Phabricator does not let us use {what}.")


def logged(ward, state):
    ward.scene.ledger.notes.remember(MEMO, {"logs": {"renameuser": {"state": state}}})


def lying(ward, **changed):
    well = Lying("mariadb", 4, 10, 0, "10.11", "utf8mb4", EXACT, "STRICT_ALL_TABLES")
    ward.scene.ledger.census.lying = lambda: replace(well, **changed)


@pytest.mark.parametrize(("state", "says"), [("read", "is read"), ("absent", "do without it")])
def test_a_log_that_is_read_or_that_the_wiki_does_not_have_is_no_ill(ward, state, says):
    logged(ward, state)

    found = {one.about: one.says for one in ward.findings()}
    assert says in found["log renameuser"]
    assert not ward.ills()


@pytest.mark.parametrize("ill", ILLS)
def test_every_ill_is_found_with_its_remedy_and_alone(ward, ill):
    if ill in ("mode", "another wiki"):
        ward.findings()
    inflict, about, state, says = ILLS[ill]
    inflict(ward)

    ills = ward.ills()
    assert says in ills[about, state]
    assert {one for one, _ in ills} == {about}


def test_the_sample_as_it_is_holds_no_keys_and_others_may_read_it(ward):
    config = ward.folder / "user-config.py"
    config.write_bytes((HERE / "user-config.py.sample").read_bytes())
    config.chmod(0o644)
    assert ward.ills() == {}

    config.write_text(config.read_text().replace('TOKEN", ""', f'TOKEN", "{"0f" * 16}"'))
    assert "OAuth" in ward.ills()["user-config.py", "warn"]


def test_a_ledger_that_others_may_read_is_a_warning(tmp_path):
    ledger = sqlite_in(tmp_path).open()
    patient = Patient(Settings(), {}, None, None, lambda: ledger, None)
    checks = doctor.database.CHECKS
    assert {one.state for one in examine(patient, checks)} == {State.OK}

    (tmp_path / "ledger.sqlite").chmod(0o644)
    (ill,) = [one for one in examine(patient, checks) if one.state is not State.OK]
    assert (ill.about, ill.remedy) == ("ledger.sqlite", "chmod 600 ledger.sqlite")
    ledger.close()


def test_a_wiki_or_a_ledger_that_is_away_is_said_once_and_the_rest_is_looked_at(ward):
    ward.wiki.refusal = WikiUnreachable("Nobody answers.")
    found = ward.findings()

    assert [one.says for one in found if one.state is State.FAIL] == ["Nobody answers."]
    assert {one.about for one in found if "not checked: the wiki" in one.says} >= {"kit", "rights"}
    assert any(one.about == "badges" and one.state is State.OK for one in found)

    def gone():
        raise LedgerError("The ledger cannot be opened.")

    patient = replace(ward.patient(), find_ledger=gone)
    assert "not checked: the ledger could not be opened." in [one.says for one in examine(patient)]


def test_a_check_that_fails_itself_stops_no_other_and_tells_no_secret(ward):
    def broken(_patient):
        yield ok("first", "seen.")
        raise ZeroDivisionError(TOKEN)

    found = ward.findings((Check("broken", broken), *CHECKS))

    assert [one.about for one in found[:2]] == ["first", "broken"]
    assert "(ZeroDivisionError)" in found[1].says
    assert TOKEN not in repr(found)
    assert len(found) > 40


def test_examples_of_badges_that_come_out_wrong_are_failures(ward, monkeypatch):
    monkeypatch.setattr(
        doctor.rules, "check_examples", lambda _: ["task-tamer, example 1: tier 0."]
    )

    assert "example 1" in ward.ills()["badges", "fail"]


def test_the_command_needs_no_configuration_and_says_what_to_do(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PYWIKIBOT_DIR", str(tmp_path))
    monkeypatch.setenv("BADGES_EDIT_BUDGET", "many")
    monkeypatch.setattr(
        "bot.watching.build_inspected_wiki",
        lambda *_: InspectedMemoryWiki(refusal=WikiRefused("No.")),
    )

    assert cli.main(["doctor", "--json"]) == 1
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {one["state"] for one in told} == {"ok", "warn", "fail"}
    assert cli.main(["doctor"]) == 1
    printed = capsys.readouterr().out
    assert "fail  BADGES_EDIT_BUDGET: cannot be read" in printed
    assert "Copy user-config.py.sample" in printed
    assert printed.splitlines()[-1].endswith("failures")
