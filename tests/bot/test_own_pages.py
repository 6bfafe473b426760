"""Pages of ours that the ledger does not know: it was killed before it noted them, lost, or is an older one."""

import pytest

from bot.errors import NeedsAcceptance, SaveRefused
from bot.rehearsal import MemoryWiki
from sources.port import SourceUnreachable
from tests.bot.scene import HOME, REGISTRY
from tests.builders import a_change, a_task

NAMES = ["Ada", "Bert"]
MORE = ["Cleo", "Dora", "Emil"]


class Died(BaseException):
    """As with kill -9: nobody catches it."""


def joins(scene, *names):
    """People with a patch each, on tasks of their own."""
    scene.exists(*names)
    for name in names:
        number = scene.wiki.accounts[name]
        scene.registers(name)
        scene.merges(a_change(number, f"gerrit:{name}", tasks=(number,)))
        scene.task(a_task(number))


@pytest.fixture
def two(scene):
    joins(scene, *NAMES)
    return scene


def lose_the_ledger(scene):
    scene.ledger.close()
    scene.database.lose()
    scene.ledger = scene.database.open()


def forget_notes(scene, name):
    """The ledger is one of before this person joined, as a backup may be."""
    pages = scene.ledger.notes.pages()
    scene.ledger.notes.withdrawn([one for one in pages if f"/people/{name}" in one])


def dies_at(monkeypatch, title, *, saved):
    """The bot is killed when it saves the page of this *title*: after that, or just before."""
    save = MemoryWiki.save

    def die(self, one, *rest):
        if one == title and not saved:
            raise Died
        revision = save(self, one, *rest)
        if one == title:
            raise Died
        return revision

    monkeypatch.setattr(MemoryWiki, "save", die)


def works_of(name):
    return f"{HOME}/people/{name}/work-2025.json"


@pytest.mark.parametrize("title", [f"{HOME}/people/Ada.json", works_of("Ada")])
def test_who_leaves_after_a_death_between_the_edit_and_its_note_is_shown_no_more(
    two, monkeypatch, title
):
    dies_at(monkeypatch, title, saved=True)
    with pytest.raises(Died):
        two.round()
    monkeypatch.undo()
    two.unregisters("Ada")
    two.round(hourly=True)

    assert '"ready"' not in "".join(two.bytes_of("Ada").values())
    assert "T1" not in "".join(two.bytes_of("Ada").values())
    assert two.page("Bert")["state"] == "ready"
    assert not [one for one in two.ledger.notes.pages() if "/people/Ada" in one]


@pytest.mark.parametrize("saved", [True, False])
def test_after_such_a_death_an_hourly_round_publishes_the_rest_and_nothing_twice(
    two, monkeypatch, saved
):
    dies_at(monkeypatch, f"{HOME}/people/Ada.json", saved=saved)
    with pytest.raises(Died):
        two.round()
    monkeypatch.undo()
    two.round(hourly=True)

    titles = [title for title, _ in two.wiki.edits]
    assert sorted(titles) == sorted(set(titles))
    assert set(titles) >= {*two.bytes_of("Ada"), *two.bytes_of("Bert")}
    assert all(one.stands for one in two.ledger.notes.pages().values())


def test_a_page_that_was_never_saved_gets_no_tombstone(two, monkeypatch):
    def refuse(self, title, *_):
        raise SaveRefused("no")

    monkeypatch.setattr(MemoryWiki, "save", refuse)
    two.round()
    monkeypatch.undo()
    two.unregisters("Ada")
    two.round()

    assert two.bytes_of("Ada") == {}
    assert not [one for one in two.ledger.notes.pages() if "/people/Ada" in one]


def test_who_leaves_while_the_ledger_is_lost_leaves_in_the_first_round_on_the_new_one(two):
    two.round()
    edits = len(two.wiki.edits)
    lose_the_ledger(two)
    two.unregisters("Ada")
    two.round(hourly=True)

    assert two.page("Ada")["state"] == "left"
    saved = [title for title, _ in two.wiki.edits[edits:]]
    assert sorted(saved) == sorted(
        {*two.bytes_of("Ada"), f"{HOME}/report.json", f"{HOME}/statistics.json"}
    )


def test_on_a_lost_ledger_nothing_is_edited_that_is_right_already(two):
    two.round()
    two.unregisters("Bert")
    two.round()
    edits = len(two.wiki.edits)
    lose_the_ledger(two)
    two.round(farewell="{{Delete by other words}}")  # What is empty is not emptied again.

    assert len(two.wiki.edits) == edits
    assert not [one for one in two.ledger.notes.pages() if "/people/Bert" in one]


def test_on_a_lost_ledger_a_source_that_fails_takes_nobodys_page(two):
    two.round()
    before = {name: two.bytes_of(name) for name in NAMES}
    lose_the_ledger(two)
    for source in (two.phabricator, two.gerrit):
        source.trouble = SourceUnreachable("It does not answer.")
        two.round()
        source.trouble = None
        assert {name: two.bytes_of(name) for name in NAMES} == before
    two.round()

    assert {name: two.bytes_of(name) for name in NAMES} == before
    assert all(one.stands for one in two.ledger.notes.pages().values())


def test_who_leaves_while_their_page_waits_for_a_source_is_shown_no_more(two):
    two.round()
    lose_the_ledger(two)
    two.phabricator.trouble = SourceUnreachable("Phabricator does not answer.")
    two.round()
    two.unregisters("Ada")
    two.round(hourly=True)

    assert two.page("Ada")["state"] == "left"
    assert two.page("Bert")["state"] == "ready"


def test_who_joined_and_left_since_a_backup_is_found_by_the_full_check(two):
    two.round()
    two.unregisters("Bert")
    two.wiki.edit(works_of("Carl"), '{"schema": 1, "works": [{"work": "T3"}]}', "BadgeBot")
    two.wiki.edit(works_of("Bert"), '{"schema": 1, "works": [{"work": "T2"}]}', "BadgeBot")
    forget_notes(two, "Bert")
    two.round()
    assert two.page("Bert")["state"] == "ready"  # Nobody looks every hour.
    two.round(full=True)

    assert two.page("Bert")["state"] == "left"
    for name in ("Bert", "Carl"):
        assert '"left"' in two.wiki.text(works_of(name))
    edits = len(two.wiki.edits)
    two.round(full=True)
    assert len(two.wiki.edits) == edits


def test_an_unknown_page_of_somebody_who_stays_and_that_nothing_describes_is_emptied(two):
    """A year of which nothing is to be shown any more."""
    old = f"{HOME}/people/Ada/work-2019.json"
    two.round()
    two.wiki.edit(old, '{"schema": 1, "works": [{"work": "T9"}]}', "BadgeBot")
    two.round(full=True)

    assert '"left"' in two.wiki.text(old)
    assert two.page("Ada")["state"] == "ready"


def test_what_is_no_json_below_our_pages_is_not_ours(two):
    stranger = f"{HOME}/people/Somebody"
    two.wiki.edit(stranger, "Hello!", "Mallory")
    done = two.round(full=True)

    assert two.wiki.text(stranger) == "Hello!"
    assert done.outcome.refused == []


def test_on_a_lost_ledger_a_blanked_registry_empties_nobodys_page_without_a_human(two):
    joins(two, *MORE)
    two.round()
    everybody = [*NAMES, *MORE]
    before = {name: two.bytes_of(name) for name in everybody}
    text = two.wiki.text(REGISTRY)
    lose_the_ledger(two)
    two.wiki.edit(REGISTRY, "", "Mallory", two.now)
    for _ in range(2):
        with pytest.raises(NeedsAcceptance, match=r"pages of 5 people.*`run --full --accept`"):
            two.round()
    assert {name: two.bytes_of(name) for name in everybody} == before

    two.wiki.edit(REGISTRY, text, "Bert", two.now)
    two.round()
    assert {name: two.bytes_of(name) for name in everybody} == before
    lose_the_ledger(two)
    two.wiki.edit(REGISTRY, "", "Mallory", two.now)
    two.round(accept=True, full=True)
    assert {two.page(name)["state"] for name in everybody} == {"left"}
