"""``publish`` on a real MediaWiki: as an interface administrator, and as a plain account."""

import json
import re
from pathlib import Path

import pytest

from bot.kit_texts import KitTexts
from bot.ledger import Ledger
from bot.rulebook import SHIPPED
from tests.wiki.conftest import Wiki
from tests.wiki.practice import REGISTRY, ROOT, RULES, practising
from wikitext.kit import kit_pages
from wikitext.rules_page import parse_rules

pytestmark = pytest.mark.wiki

MODULE, TEMPLATE = "Module:Developer badges", "Template:Developer badges"
PERSON, CONFIG, ENGLISH = f"{MODULE}/person", f"{MODULE}/config.json", f"{MODULE}/i18n/en.json"
KIT = {page.title: page.text for page in kit_pages(ROOT, "BadgeBot")}


@pytest.fixture
def practice(wiki: Wiki, tmp_path):
    """The kit just installed by Admin; whatever happens to its pages is mended afterwards."""
    with practising(wiki, tmp_path) as practice:
        yield practice
        wiki.admin.api(action="protect", title=TEMPLATE, protections="", token=wiki.admin._token)
        assert practice.bot("publish", "--yes", "--overwrite").returncode == 0


def was(practice, **texts):
    """The kit that we published before had these texts."""
    ledger = Ledger.open(practice.environment()["BADGES_DATABASE_URL"])
    for title, text in texts.items():
        KitTexts(ledger).note(title, text)
    ledger.close()


def summaries(wiki, title):
    found = wiki.admin.api(action="query", prop="revisions", titles=title, rvprop="comment")
    return [one["comment"] for one in found["query"]["pages"][0]["revisions"]]


def test_an_operator_upgrades_a_wiki_whose_editors_changed_the_kit(wiki: Wiki, practice):
    # As it was saved it stands: MediaWiki makes no other text of any page.
    again = practice.bot("publish", "--yes")
    assert (again.returncode, again.stderr) == (0, "")
    assert f"0 pages to save, {len(KIT) + 1} as they should be.\n" in again.stdout
    assert practice.bot("publish", "--diff").returncode == 0
    assert parse_rules(wiki.admin.get(RULES)) == SHIPPED

    # An older kit, and what editors made of it.
    older = KIT[PERSON].replace("-- One entry", "-- An entry", 1)
    config = json.loads(KIT[CONFIG])
    was(practice, **{PERSON: older, CONFIG: json.dumps(config | {"schema": 0})})
    # Of two messages of the kit one was another, which editors changed, and one is new.
    english = json.loads(KIT[ENGLISH])
    mine, new = sorted(english)[:2]
    earlier = {key: text for key, text in english.items() if key != new} | {mine: "Once"}
    was(practice, **{ENGLISH: json.dumps(earlier)})
    was(practice, **{TEMPLATE: f"{KIT[TEMPLATE]}\nOlder"})
    wiki.admin.edit(PERSON, f"{older}\n-- \x1b[2J of this wiki")
    wiki.admin.edit(CONFIG, json.dumps(config | {"schema": 0, "phabricator": "https://p.example"}))
    wiki.admin.edit(TEMPLATE, f"{KIT[TEMPLATE]}\nOurs")
    wiki.admin.delete(ENGLISH)
    wiki.admin.edit(ENGLISH, json.dumps(earlier | {mine: "Of here"}), contentmodel="wikitext")
    assert wiki.admin.info(ENGLISH)["contentmodel"] == "wikitext"
    before = wiki.admin.info(PERSON)["lastrevid"]

    asked = practice.bot("publish")
    assert (asked.returncode, "--yes" in asked.stderr) == (2, True)
    looked = practice.bot("publish", "--diff")
    assert looked.returncode == 3
    assert "--- An entry" in looked.stdout
    assert "+-- One entry" in looked.stdout
    assert "\x1b" not in looked.stdout
    assert f"conflict: [[{TEMPLATE}]]" in looked.stdout
    assert "  wiki: Ours" in looked.stdout
    assert f'@@ key "{mine}" @@' in looked.stdout
    assert "Anybody may edit these pages of the kit" in looked.stdout
    assert re.search(rf"\[\[{MODULE}\]\] and its subpages: all \d\d+ pages", looked.stdout)
    assert f"[[{ROOT}/Registry]]" in looked.stdout.splitlines()[-1]
    assert "content model: wikitext → json" in looked.stdout
    assert wiki.admin.info(PERSON)["lastrevid"] == before

    # The template is in conflict, so all code waits; of the messages all but one come in.
    for saved in ("2 pages saved", "0 pages saved"):
        done = practice.bot("publish", "--yes")
        assert (done.returncode, saved in done.stdout) == (3, True)
        assert "these pages wait" in done.stdout
        assert f'@@ key "{mine}" @@' in done.stdout
        assert json.loads(wiki.admin.get(ENGLISH)) == english | {mine: "Of here"}
    assert wiki.admin.info(ENGLISH)["contentmodel"] == "json"
    assert json.loads(wiki.admin.get(CONFIG)) == config | {"phabricator": "https://p.example"}
    assert wiki.admin.get(TEMPLATE).endswith("Ours")
    assert wiki.admin.info(PERSON)["lastrevid"] == before

    keep = ("--keep", TEMPLATE, ENGLISH)
    done = practice.bot("publish", "--yes", *keep)
    assert (done.returncode, "1 page saved" in done.stdout) == (0, True)
    stands = wiki.admin.get(PERSON)
    assert stands.startswith(KIT[PERSON].rstrip())
    assert stands.endswith("of this wiki")
    assert summaries(wiki, PERSON)[0].endswith("bring in what is new in the kit")
    assert practice.bot("publish", "--diff").returncode == 0

    # A lost ledger: the history tells what each page was made of (if any does), and nothing is saved.
    lost = f"sqlite:///{practice.folder / 'lost.sqlite'}"
    done = practice.bot("publish", "--yes", BADGES_DATABASE_URL=lost)
    assert "0 pages saved" in done.stdout
    assert "3 kept as changed on the wiki, 1 in conflict" in done.stdout
    assert wiki.admin.get(PERSON) == stands

    done = practice.bot("publish", "--yes", "--overwrite", TEMPLATE)
    assert (done.returncode, "1 page saved" in done.stdout) == (0, True)
    assert wiki.admin.get(TEMPLATE) == KIT[TEMPLATE].rstrip()
    assert wiki.admin.get(PERSON) == stands

    # Somebody makes the module believe their own pages: nothing can keep that.
    wiki.admin.edit(CONFIG, json.dumps(config | {"bot": "Mallory"}))
    done = practice.bot("publish", "--yes", "--keep", CONFIG)
    assert (done.returncode, "which account's pages the module believes" in done.stdout) == (
        3,
        True,
    )
    assert practice.bot("publish", "--yes", "--overwrite", CONFIG, ENGLISH).returncode == 0
    assert json.loads(wiki.admin.get(CONFIG)) == config


def test_an_account_without_rights_publishes_what_it_may_and_says_what_to_paste(
    wiki: Wiki, practice
):
    olga = "Olga Operator"
    practice.account(olga)
    practice.password_of(olga)
    wiki.admin.delete(RULES)
    wiki.admin.delete(f"{MODULE}/report")
    wiki.admin.edit(TEMPLATE, "older")
    was(practice, **{TEMPLATE: "older"})
    wiki.admin.api(
        action="protect", title=TEMPLATE, protections="edit=sysop", token=wiki.admin._token
    )
    registry = wiki.admin.get(REGISTRY)
    folder = practice.folder / "paste"

    done = practice.bot("publish", "--yes", "--paste", str(folder), BADGES_OPERATOR=olga)
    # The module waits for the template that an administrator has to paste.
    assert (done.returncode, done.stderr) == (3, "")
    assert f"then run `publish` again:\n  [[{MODULE}/report]]\n" in done.stdout
    # The ledger remembers the rules: they are administrators', and deleted they stay.
    assert f"left [[{RULES}]]" in done.stdout
    done = practice.bot(
        "publish", "--yes", "--overwrite", RULES, "--paste", str(folder), BADGES_OPERATOR=olga
    )
    assert done.returncode == 3
    assert f"{olga} may not save these pages" in done.stdout
    texts = {path.name: path for path in folder.iterdir()}
    assert sorted(texts) == [
        "MediaWiki%3ADeveloper-badges.json",
        "Template%3ADeveloper badges",
    ]
    assert wiki.admin.get(RULES) is None

    for title, name in ((RULES, sorted(texts)[0]), (TEMPLATE, sorted(texts)[1])):
        wiki.admin.edit(title, Path(texts[name]).read_text("utf-8"))
    done = practice.bot("publish", "--yes", BADGES_OPERATOR=olga)
    assert (done.returncode, done.stderr) == (0, f"saved {MODULE}/report\n")
    assert wiki.admin.get(REGISTRY) == registry
    assert wiki.client("Ada Example").get(RULES) == wiki.admin.get(RULES)
