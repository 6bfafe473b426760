"""Renamed: the pages follow the name, none is lost, and none shows somebody else's badges."""

import pytest

from bot.choices import chose_anew
from bot.errors import NeedsAcceptance, SaveRefused
from bot.names import names_on_pages
from sources.port import SourceError
from tests.bot.scene import HOME
from tests.builders import a_change, a_task
from tests.databases import sqlite_in


@pytest.fixture
def two(scene):
    """Ada closed T100, Bert T101, and both have their pages; nobody else takes part yet."""
    scene.exists("Ada", "Bert", "Cleo")
    for number, name in enumerate(("Ada", "Bert", "Cleo")):
        scene.merges(a_change(number + 1, f"gerrit:{name}", tasks=(100 + number,)))
        scene.task(a_task(100 + number))
    scene.registers("Ada")
    scene.registers("Bert")
    scene.round()
    return scene


def rename(scene, old, new):
    scene.wiki.accounts[new] = scene.wiki.accounts.pop(old)


def swap(scene):
    accounts = scene.wiki.accounts
    accounts["Ada"], accounts["Bert"] = accounts["Bert"], accounts["Ada"]


@pytest.fixture
def waiting(two, monkeypatch):
    """Other rules would take badges from many: every round waits for a human."""

    def wait(*_):
        raise NeedsAcceptance("Other rules.")

    def rounds(times=1):
        with monkeypatch.context() as patched:
            patched.setattr("bot.round.describe_all", wait)
            for _ in range(times):
                with pytest.raises(NeedsAcceptance) as asked:
                    two.round()
        return str(asked.value)

    return rounds


def test_who_is_renamed_while_rules_wait_keeps_the_pages_until_there_are_others(two, waiting):
    before = two.bytes_of("Ada")
    edits = len(two.wiki.edits)
    rename(two, "Ada", "Countess")

    assert waiting(times=3) == "Other rules."
    assert two.bytes_of("Ada") == before
    assert len(two.wiki.edits) == edits

    two.round()
    assert "T100" in two.works("Countess")
    assert two.page("Ada")["state"] == "left"
    assert "Countess" not in "".join(two.bytes_of("Ada").values())
    assert b"Ada.json" not in two.raw_ledger()


def test_who_is_renamed_and_leaves_while_rules_wait_leaves_no_page_under_either_name(two, waiting):
    rename(two, "Ada", "Countess")
    waiting()
    two.unregisters("Ada", by="Countess")

    assert "shown no more" in waiting()
    assert two.page("Ada")["state"] == "left"
    assert not two.bytes_of("Countess")
    assert b"Countess" not in two.raw_ledger()
    assert set(names_on_pages(two.ledger).values()) == {frozenset({"Bert"})}


def test_who_leaves_after_a_swap_while_rules_wait_is_on_no_page_of_the_other(two, waiting):
    swap(two)
    waiting()
    two.unregisters("Bert", by="Ada")  # By the line of before.
    ada = two.bytes_of("Ada")
    waiting()

    assert two.page("Bert")["state"] == "left"
    assert two.bytes_of("Ada") == ada
    two.round()
    assert set(two.works("Bert")) == {"T100"}
    assert two.page("Ada")["state"] == "left"


def test_the_former_name_goes_from_the_ledger_once_the_new_pages_stand(two):
    rename(two, "Ada", "Countess")
    two.round(edit_budget=1)
    assert {"Ada", "Countess"} in names_on_pages(two.ledger).values()
    two.round()

    assert list(names_on_pages(two.ledger).values()) == [{"Countess"}, {"Bert"}]


def refuse(scene, monkeypatch, *starts):
    """The wiki saves no page whose title begins so below the bot's."""
    save = type(scene.wiki).save

    def may_save(self, title, *rest):
        if title.removeprefix(f"{HOME}/").startswith(starts):
            raise SaveRefused("protected")
        return save(self, title, *rest)

    monkeypatch.setattr(type(scene.wiki), "save", may_save)


def test_the_former_name_goes_although_the_wiki_refuses_a_page_of_another(two, monkeypatch):
    refuse(two, monkeypatch, "people/Bert", "statistics.json")
    two.chooses("Bert", "wall=yes|hide=score")
    rename(two, "Ada", "Countess")
    assert len(two.round().outcome.refused) > 1

    assert list(names_on_pages(two.ledger).values()) == [{"Countess"}, {"Bert"}]


@pytest.mark.parametrize("name", ["Ada", "Countess"])
def test_the_former_name_stays_while_a_page_under_either_name_is_refused(two, monkeypatch, name):
    with monkeypatch.context() as protected:
        refuse(two, protected, f"people/{name}")
        rename(two, "Ada", "Countess")
        for _ in range(2):
            two.round()
    assert list(names_on_pages(two.ledger).values()) == [{"Ada", "Countess"}, {"Bert"}]

    two.round()
    assert list(names_on_pages(two.ledger).values()) == [{"Countess"}, {"Bert"}]


def chosen_anew(scene):
    return [one.name for one in chose_anew(scene.ledger, scene.ledger.people.all())]


def test_choices_stand_although_the_wiki_refuses_a_page_of_another(two, monkeypatch):
    with monkeypatch.context() as protected:
        refuse(two, protected, "people/Bert")
        for name in ("Ada", "Bert"):
            two.chooses(name, "hide=score")
        two.round()
        assert chosen_anew(two) == ["Bert"]

    two.round()
    assert chosen_anew(two) == []


def test_no_choice_stands_while_a_page_that_lists_people_is_refused(two, monkeypatch):
    refuse(two, monkeypatch, "statistics.json")
    two.chooses("Ada", "wall=yes|hide=score")
    assert two.round().outcome.refused

    assert chosen_anew(two) == ["Ada"]


@pytest.mark.parametrize("budget", [0, 1, 2])
def test_who_swap_their_names_show_nobody_the_others_badges_whatever_the_budget(two, budget):
    swap(two)
    two.registers("Cleo")
    done = two.round(hourly=True, edit_budget=budget)

    assert "T101" in two.works("Ada")
    assert "T100" in two.works("Bert")
    assert done.outcome.later == 2 - budget  # Cleo's.


def test_the_pages_of_who_was_renamed_are_made_before_those_of_newcomers(two):
    rename(two, "Bert", "Zoe")
    two.registers("Cleo")
    two.round(hourly=True, edit_budget=4)

    assert two.page("Bert")["state"] == "left"
    assert "T101" in two.works("Zoe")
    assert f"{HOME}/people/Cleo.json" not in two.wiki.pages


def test_who_takes_the_former_name_of_another_is_not_shown_with_their_badges(two):
    rename(two, "Ada", "Countess")
    rename(two, "Bert", "Ada")
    two.round(edit_budget=0)

    assert set(two.works("Ada")) == {"T101"}


def test_who_is_renamed_while_a_history_is_still_unread_is_no_newcomer_and_has_pages_all_the_same(
    two,
):
    ada = two.ledger.people.all()[0]
    two.ledger.people.prove(ada, "gerrit", "gerrit:Ada2", "Ada2", "by hand", two.now.date())
    two.gerrit.trouble = SourceError("Gerrit is away")
    rename(two, "Ada", "Countess")
    two.round()

    assert two.page("Ada")["state"] == "left"
    assert "T100" in two.works("Countess")


# A name that is free, and taken ----------------------------------------------------------------------


def tiers(scene, name):
    return {one["id"]: one["tier"] for one in scene.page(name)["badges"] if one["tier"]}


@pytest.fixture
def rich(scene):
    """Ada closed thirty tasks, and her page shows badges; Mallory has one patch, and no page."""
    scene.exists("Ada", "Zed")
    for number in range(1, 31):
        scene.merges(a_change(number, "gerrit:Ada", tasks=(100 + number,)))
        scene.task(a_task(100 + number), owner="Ada")
    scene.merges(a_change(990, "gerrit:Mallory"))
    scene.registers("Ada")
    scene.registers("Zed")
    scene.round()
    assert len(tiers(scene, "Ada")) > 3
    return scene


@pytest.mark.parametrize("leaves", [False, True])
def test_who_takes_a_free_name_takes_no_badge_with_it(rich, leaves):
    if leaves:
        rich.unregisters("Ada")
    rich.is_free_and_taken("Ada")
    rich.round()

    assert 900 in {one.user for one in rich.ledger.people.all()}
    assert tiers(rich, "Ada") == {"hello-world": 1}
    for _ in range(3):
        rich.round(full=True)
    assert tiers(rich, "Ada") == {"hello-world": 1}
    if not leaves:
        assert len(tiers(rich, "Countess")) > 3


@pytest.mark.parametrize("leaves", [False, True])
def test_nor_do_they_show_a_page_before_their_history_is_read(rich, leaves):
    if leaves:
        rich.unregisters("Ada")
    rich.is_free_and_taken("Ada")
    real = rich.gerrit.merged_by

    def fails(account):
        if account == "gerrit:Mallory":
            raise SourceError("It makes no sense.")
        return real(account)

    rich.gerrit.merged_by = fails
    rich.round()
    assert rich.page("Ada")["state"] == "left"
    assert rich.page("Ada").keys() == {"schema", "state", "note"}


def test_a_leavers_page_is_gone_before_any_source_is_asked_though_their_name_is_taken(rich):
    rich.unregisters("Ada")
    rich.is_free_and_taken("Ada")
    rich.gerrit.trouble = rich.phabricator.trouble = KeyboardInterrupt()
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            rich.round()
    assert rich.page("Ada")["state"] == "left"


def test_who_is_renamed_before_a_lost_ledger_is_filled_again_keeps_page_and_tiers(two, tmp_path):
    before = tiers(two, "Ada")
    (tmp_path / "another").mkdir()
    two.database = sqlite_in(tmp_path / "another")
    two.ledger.close()
    two.ledger = two.database.open()
    two.gerrit.trouble = two.phabricator.trouble = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        two.round()
    rename(two, "Ada", "Countess")
    two.phabricator.wiki["Countess"] = two.phabricator.wiki["Ada"]
    two.wiki.logged = {"renameuser": [(two.now, frozenset({"Ada", "Countess"}))]}
    with pytest.raises(KeyboardInterrupt):
        two.round()
    assert two.page("Ada")["state"] == "ready"

    two.gerrit.trouble = two.phabricator.trouble = None
    two.round()
    assert tiers(two, "Countess") == before
    assert two.page("Ada")["state"] == "left"
