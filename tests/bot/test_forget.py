"""``forget PERSON``: at once, everything, and proved; nobody else's pages change."""

import pytest

from bot.errors import Interrupted, Stopped, WikiRefused, WikiUnreachable
from bot.explain import NotFoundInLedger
from bot.forget import forget_person
from bot.rehearsal import MemoryWiki
from bot.whom import NotSure
from tests.bot.full_scene import KEYS, NAMES, full_scene
from tests.bot.scene import HOME, REGISTRY, ROOT
from tests.builders import a_change


@pytest.fixture
def augusta(tmp_path, database):
    """Augusta as she was, and Bert, who shares a task with her and chose to be on the wall, as she did."""
    scene = full_scene(tmp_path, database)
    scene.exists("Bert")
    scene.registers("Bert")
    scene.chooses("Bert", "wall=yes")
    scene.merges(a_change(3, "gerrit:Bert", tasks=(100,)))
    text = scene.wiki.text(REGISTRY).replace("|Augusta|", "|Augusta|wall=yes|hide=W1|")
    scene.wiki.edit(REGISTRY, text, "Augusta", scene.now)
    scene.round(full=True)
    yield scene
    scene.ledger.close()


def forget(scene, name="Augusta"):
    told = forget_person(scene.world(), name)
    return told, "\n".join(told.lines)


def numbers_in_ledger(scene, name):
    """Where the id of an account here stands in what the ledger remembers of people who take part."""
    number = scene.wiki.accounts[name]
    memos = [
        scene.ledger.notes.recall("wishes table"),
        *scene.ledger.notes.recall("reviews").values(),
    ]
    found = [memo["people"] for memo in memos if number in memo["people"]]
    with scene.ledger.together():
        rows = list(scene.ledger.cells.all())
    found += [
        row["people"]
        for table, row in rows
        if table == "ruling" and str(number) in row["people"].split()[1:]
    ]
    found += [
        row["by"] for table, row in rows if table == "wish" and str(number) in row["by"].split()[1:]
    ]
    return found + [
        row
        for table, row in rows
        if table == "entry" and str(number) in row["adders"].strip("[]").split(", ")
    ]


def test_before_that_there_is_something_to_forget(augusta):
    assert len(numbers_in_ledger(augusta, "Augusta")) >= 5
    assert "Augusta" in augusta.wiki.text(f"{HOME}/statistics.json")


def test_forgetting_is_at_once_and_nothing_is_left_in_ledger_and_pages(augusta):
    bert = augusta.bytes_of("Bert")
    edits = len(augusta.wiki.edits)
    told, text = forget(augusta)

    ledger, pages = augusta.raw_ledger(), augusta.pages_text()
    for trace in (*NAMES, *KEYS):
        assert trace.encode() not in ledger
        assert trace not in pages
    assert numbers_in_ledger(augusta, "Augusta") == []
    assert told.clean
    assert "Nothing is left in ledger and pages." in text
    assert augusta.page("Augusta") == {"schema": 1, "state": "left", "note": "{{Delete}}"}
    saved = {title for title, _ in augusta.wiki.edits[edits:]}
    assert saved == {*augusta.bytes_of("Augusta"), f"{HOME}/report.json", f"{HOME}/statistics.json"}
    assert augusta.bytes_of("Bert") == bert


def test_it_says_what_went_and_what_stays_where_it_cannot_reach(augusta):
    text = forget(augusta)[1]

    assert "person 1" in text
    assert "account 5" in text
    assert f"[[{HOME}/people/Augusta.json]]" in text
    assert "until an administrator deletes them" in text
    assert f"line still stands on [[{REGISTRY}]]" in text
    assert "Kept" not in text


def test_the_next_rounds_change_nobody_elses_pages_and_register_nobody_by_the_old_line(augusta):
    forget(augusta)
    bert = augusta.bytes_of("Bert")
    augusta.round()
    augusta.round(full=True)
    assert augusta.report()[0]["says"] == [["hidden-revision"]]
    for who in ("Bert", "Augusta"):
        text = f"{augusta.wiki.text(REGISTRY)}\nSee you!"
        augusta.wiki.edit(REGISTRY, text, who, augusta.now)
        augusta.round()
        assert augusta.page("Augusta")["state"] == "left"
    assert augusta.bytes_of("Bert") == bert
    assert b"gerrit:Augusta" not in augusta.raw_ledger()
    assert numbers_in_ledger(augusta, "Augusta") == []


def test_who_was_forgotten_takes_part_again_by_a_new_line_of_their_own(augusta):
    forget(augusta)
    line = next(one for one in augusta.wiki.text(REGISTRY).split("\n") if "Augusta" in one)
    text = augusta.wiki.text(REGISTRY)
    augusta.wiki.edit(REGISTRY, text.replace(f"\n{line}", ""), "Augusta", augusta.now)
    augusta.round()
    augusta.wiki.edit(REGISTRY, f"{augusta.wiki.text(REGISTRY)}\n{line}", "Augusta", augusta.now)
    augusta.round()

    assert augusta.page("Augusta")["state"] == "ready"


def test_who_was_removed_by_others_is_forgotten_before_the_days_are_over(augusta):
    text = "\n".join(one for one in augusta.wiki.text(REGISTRY).split("\n") if "Augusta" not in one)
    augusta.wiki.edit(REGISTRY, text, "Mallory", augusta.now)
    augusta.round()
    assert b"gerrit:Augusta" in augusta.raw_ledger()
    told, said = forget(augusta)

    assert told.clean
    assert "line still stands" not in said
    assert b"gerrit:Augusta" not in augusta.raw_ledger()
    augusta.wiki.edit(REGISTRY, augusta.wiki.pages[REGISTRY][-2].text, "Bert", augusta.now)
    augusta.round()
    assert augusta.page("Augusta")["state"] == "left"


def test_the_stop_page_leaves_the_pages_and_the_ledger_forgets_all_the_same(augusta):
    augusta.wiki.edit(f"{HOME}/stop", "Stop!", "Anybody")
    before = augusta.bytes_of("Augusta")
    told, text = forget(augusta)

    assert isinstance(told.error, Stopped)
    assert augusta.bytes_of("Augusta") == before
    assert b"gerrit:Augusta" not in augusta.raw_ledger()
    assert "the next round empties them" in text
    assert f"page: [[{HOME}/report.json]]" in text
    assert "Nothing is left" not in text
    augusta.wiki.edit(f"{HOME}/stop", "", "Anybody")
    augusta.round()
    assert augusta.page("Augusta")["state"] == "left"
    assert "Nothing is left" in forget(augusta)[1]


def test_a_signal_between_ledger_and_pages_leaves_the_pages_to_the_next_round(augusta):
    def asked():
        raise Interrupted("Asked to stop, and stopped.")

    before = augusta.bytes_of("Augusta")
    told = forget_person(augusta.world(look=asked), "Augusta")

    assert isinstance(told.error, Interrupted)
    assert augusta.bytes_of("Augusta") == before
    assert b"gerrit:Augusta" not in augusta.raw_ledger()
    augusta.round()
    assert augusta.page("Augusta")["state"] == "left"


def test_a_wiki_that_is_away_keeps_nobody_from_being_forgotten(augusta, monkeypatch):
    def away(*_):
        raise WikiUnreachable("The wiki does not answer.")

    for question in ("check", "pages_below", "texts"):
        monkeypatch.setattr(MemoryWiki, question, away)
    told, text = forget(augusta)

    assert not told.clean
    assert "The wiki does not answer." in text
    assert b"gerrit:Augusta" not in augusta.raw_ledger()


def test_a_wiki_that_refuses_the_bot_keeps_nobody_from_being_forgotten(augusta, monkeypatch):
    """The bot lost its right, as after a block; the pages wait until it has it again."""

    def refuse(*_):
        raise WikiRefused("BadgeBot has no bot right here.")

    with monkeypatch.context() as patched:
        patched.setattr(MemoryWiki, "check", refuse)
        told, text = forget(augusta)

    assert not told.clean
    assert "no bot right" in text
    assert "2 that the ledger knows of" in text
    assert "the next round empties them, once the wiki lets the bot in again" in text
    assert "could not be asked whose the name is" in text
    assert "Nothing is left" not in text
    assert b"gerrit:Augusta" not in augusta.raw_ledger()
    augusta.round()
    assert augusta.page("Augusta")["state"] == "left"


def test_on_another_wiki_nobody_is_forgotten(augusta, monkeypatch):
    monkeypatch.setattr(MemoryWiki, "check", lambda _: "elsewhere")
    with pytest.raises(WikiRefused, match="belongs to the wiki"):
        forget(augusta)
    assert b"gerrit:Augusta" in augusta.raw_ledger()


def swap(scene):
    """Since the last round, Augusta and Bert have taken each other's name."""
    accounts = scene.wiki.accounts
    accounts["Augusta"], accounts["Bert"] = accounts["Bert"], accounts["Augusta"]


def test_a_name_that_is_anothers_now_forgets_nobody_and_says_who_is_who(augusta):
    swap(augusta)
    edits = len(augusta.wiki.edits)
    with pytest.raises(NotSure) as said:
        forget(augusta)

    assert "Who was called so is “Bert” today. Who is called so today was “Bert”." in str(
        said.value
    )
    assert len(augusta.ledger.people.all()) == 2
    assert len(augusta.wiki.edits) == edits


def test_said_again_with_todays_name_it_forgets_who_bears_it_and_no_page_tells_of_them(augusta):
    was, bert = augusta.wiki.accounts["Augusta"], augusta.wiki.accounts["Bert"]
    swap(augusta)
    other = augusta.bytes_of("Bert")
    with pytest.raises(NotSure):
        forget(augusta, "Bert")
    forget(augusta, "Bert")

    assert [one.user for one in augusta.ledger.people.all()] == [bert]
    assert augusta.wiki.accounts["Bert"] == was
    assert b"gerrit:Augusta" not in augusta.raw_ledger()
    assert augusta.page("Augusta")["state"] == "left"
    assert augusta.bytes_of("Bert") == other
    augusta.round()
    assert augusta.page("Augusta")["state"] == "ready"
    assert augusta.page("Bert")["state"] == "left"


def test_a_name_that_a_stranger_bears_now_forgets_nobody_either(augusta):
    augusta.wiki.accounts["Countess"] = augusta.wiki.accounts.pop("Augusta")
    augusta.wiki.accounts["Augusta"] = 77

    with pytest.raises(NotSure, match=r"“Countess” today.*“Augusta” today does not take part"):
        forget(augusta)
    assert len(augusta.ledger.people.all()) == 2
    _told, text = forget(augusta, "Countess")
    assert "Countess is forgotten" in text
    assert augusta.page("Augusta")["state"] == "left"


def test_who_was_renamed_since_the_last_round_is_forgotten_by_either_name(augusta):
    augusta.wiki.accounts["Countess"] = augusta.wiki.accounts.pop("Augusta")
    told, text = forget(augusta, "Countess")

    assert told.clean
    assert "Countess (“Augusta” in the ledger) is forgotten" in text
    assert augusta.page("Augusta")["state"] == "left"
    assert b"gerrit:Augusta" not in augusta.raw_ledger()


def test_pages_that_the_ledger_has_lost_are_emptied_by_their_titles(augusta):
    augusta.ledger.notes.withdrawn(augusta.ledger.notes.pages())
    forget(augusta)

    assert {"left"} == {
        "left" if '"left"' in text else text for text in augusta.bytes_of("Augusta").values()
    }


def test_who_has_left_already_can_be_asked_for_by_name_and_it_is_proved_again(augusta):
    forget(augusta)
    augusta.round()
    edits = len(augusta.wiki.edits)
    told, text = forget(augusta, "user:augusta")

    assert told.clean
    assert "does not take part" in text
    assert "Nothing is left" in text
    assert len(augusta.wiki.edits) == edits


@pytest.mark.parametrize("name", ["Nobody at all", "a[b", ""])
def test_a_name_that_nothing_tells_of_is_a_calm_error(augusta, name):
    before = augusta.raw_ledger()
    with pytest.raises(NotFoundInLedger):
        forget(augusta, name)
    assert augusta.database.kind != "sqlite" or augusta.raw_ledger() == before


def test_what_still_tells_of_them_is_named_and_is_no_success(augusta):
    """A wish of the table that was granted by somebody else has her name in its title."""
    row = (
        "* {{Developer badges/Wish|list=x|wish=2|title=For Augusta|status=done|date=2025-01-01"
        "|implementers=Bert|accepted=yes}}"
    )
    table = f"{ROOT}/Wishes"
    augusta.wiki.edit(table, f"{augusta.wiki.text(table)}\n{row}", "Root", augusta.now)
    augusta.round()
    told, text = forget(augusta)

    assert not told.clean
    assert "ledger: wish.title (1)" in told.places
    assert f"page: [[{HOME}/people/Bert.json]]" in told.places
    assert "somebody else of the same name" in text
    assert "Nothing is left" not in text


def test_what_a_reviewer_accepted_stands_and_it_is_said_that_it_is_kept(augusta):
    augusta.wiki.groups["Augusta"] = {"sysop"}
    row = "* {{Developer badges/Wish|list=x|wish=3|status=done|date=2025-01-01|implementers=Bert|accepted=yes}}"
    table = f"{ROOT}/Wishes"
    augusta.wiki.edit(table, f"{augusta.wiki.text(table)}\n{row}", "Augusta", augusta.now)
    augusta.round()
    bert = augusta.bytes_of("Bert")
    told, text = forget(augusta)
    augusta.round()

    assert told.clean
    assert "Kept: wish.reviewer (1)" in text
    assert augusta.bytes_of("Bert") == bert
