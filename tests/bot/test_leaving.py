"""Leaving, while a round waits for a human: who goes by their own hand goes at once all the same."""

import json
from datetime import timedelta

import pytest

from bot.errors import NeedsAcceptance, SaveRefused, Stopped, WikiUnreachable
from sources.port import SourceUnreachable
from tests.bot.scene import HOME, REGISTRY, entry
from tests.builders import a_change, a_task
from wikitext.rules_page import TITLE, RulesPage, dump_rules

NAMES = [f"Person {letter}" for letter in "ABCDEFGHIJ"]
LEAVER = "Augusta"


@pytest.fixture
def crowd(scene):
    """Ten people and Augusta, each with a patch on one task, and a page each; she is on the wall."""
    everybody = [*NAMES, LEAVER]
    scene.exists(*everybody, "Mallory")
    for number, name in enumerate(everybody):
        scene.registers(name)
        scene.merges(a_change(number + 1, f"gerrit:{name}", tasks=(100,)))
    scene.task(a_task(100))
    scene.chooses(LEAVER, "wall=yes")
    scene.round()
    assert LEAVER in scene.wiki.text(f"{HOME}/statistics.json")
    return scene


def remove(scene, *names, by="Mallory"):
    for name in names:
        scene.unregisters(name, by)


def leave(scene):
    text = scene.wiki.text(REGISTRY)
    kept = [line for line in text.split("\n") if LEAVER not in line]
    scene.wiki.edit(REGISTRY, "\n".join(kept), LEAVER, scene.now)


def pages_and_ledger(scene):
    pages = [scene.wiki.text(title) for title in scene.wiki.pages if title.startswith(HOME)]
    return "\n".join(pages).encode() + scene.raw_ledger()


def is_forgotten(scene):
    here = pages_and_ledger(scene)
    number = scene.wiki.accounts[LEAVER]
    with scene.ledger.together():
        adders = {hand for one in scene.ledger.people.entries().values() for hand in one.adders}
    return (
        not any(trace in here for trace in (LEAVER.encode(), b"PHID-USER-Augusta"))
        and number not in adders
        and f'"central": {-number},'.encode() not in here
    )


def test_who_leaves_does_so_at_once_while_others_removals_wait_for_a_human(crowd):
    remove(crowd, *NAMES[:2])
    leave(crowd)
    remove(crowd, *NAMES[2:5])
    others = {name: crowd.bytes_of(name) for name in NAMES}
    edits = len(crowd.wiki.edits)

    with pytest.raises(NeedsAcceptance, match=r"removed 5 of 11.*shown no more") as asked:
        crowd.round()

    assert asked.value.exit_code == 4
    assert crowd.page(LEAVER)["state"] == "left"
    assert is_forgotten(crowd)
    saved = {title for title, _ in crowd.wiki.edits[edits:]}
    assert saved == {*crowd.bytes_of(LEAVER), f"{HOME}/report.json", f"{HOME}/statistics.json"}
    assert {name: crowd.bytes_of(name) for name in NAMES} == others


def test_the_next_round_asks_again_and_edits_nothing_and_accepting_ends_it(crowd):
    remove(crowd, *NAMES[:2])
    leave(crowd)
    remove(crowd, *NAMES[2:5])
    with pytest.raises(NeedsAcceptance):
        crowd.round()
    edits = len(crowd.wiki.edits)
    with pytest.raises(NeedsAcceptance, match=r"removed 5 of 10.*\.$"):
        crowd.round()
    assert len(crowd.wiki.edits) == edits

    crowd.round(accept=True)
    assert {crowd.page(name)["state"] for name in NAMES[:5]} == {"left"}
    assert {crowd.page(name)["state"] for name in NAMES[5:]} == {"ready"}
    for name in NAMES[:5]:
        crowd.registers(name)
    crowd.round()
    assert {crowd.page(name)["state"] for name in NAMES} == {"ready"}
    assert is_forgotten(crowd)


def test_who_left_meanwhile_is_taken_for_nobody_elses_and_can_come_back(crowd):
    remove(crowd, *NAMES[:2])
    leave(crowd)
    remove(crowd, *NAMES[2:5])
    with pytest.raises(NeedsAcceptance):
        crowd.round()
    crowd.registers(LEAVER, by="Mallory")
    crowd.round(accept=True)
    assert crowd.page(LEAVER)["state"] == "left"
    assert [["not-yourself"]] in [one["says"] for one in crowd.report()]

    crowd.unregisters(LEAVER, by="Mallory")
    crowd.registers(LEAVER)
    crowd.round()
    assert crowd.page(LEAVER)["state"] == "ready"


def test_a_line_written_before_the_guard_and_after_is_the_writers_even_if_they_left_in_between(
    crowd,
):
    remove(crowd, *NAMES[:5])
    leave(crowd)
    with pytest.raises(NeedsAcceptance):
        crowd.round()
    crowd.registers(LEAVER)
    with pytest.raises(NeedsAcceptance):
        crowd.round()
    assert crowd.page(LEAVER)["state"] == "left"
    crowd.round(accept=True)

    assert crowd.page(LEAVER)["state"] == "ready"


def without_a_badge():
    """Rules that would take a badge from everybody: a human has to look."""
    whole = json.loads(dump_rules(RulesPage()))["badges"]
    kept = [one for one in whole if one["id"] != "hello-world"]
    return json.dumps({"schema": 1, "badges": kept})


@pytest.mark.parametrize("how", ["lists", "rules"])
def test_who_leaves_does_so_at_once_while_rules_wait_for_a_human(crowd, how):
    page = json.dumps({"schema": 1, "community": {"excluded": NAMES}})
    before = crowd.bytes_of(NAMES[0])
    crowd.wiki.edit(TITLE, without_a_badge() if how == "rules" else page, "Admin", crowd.now)
    leave(crowd)

    with pytest.raises(NeedsAcceptance, match=r"--accept.*shown no more"):
        crowd.round()

    assert crowd.page(LEAVER)["state"] == "left"
    assert is_forgotten(crowd)
    assert crowd.bytes_of(NAMES[0]) == before


def test_nobody_is_kept_by_writing_their_line_a_second_time(crowd):
    """Mallory takes Augusta's line away and writes it again, and so has added it as well."""
    remove(crowd, LEAVER)
    crowd.registers(LEAVER, by="Mallory")
    crowd.round()
    assert crowd.page(LEAVER)["state"] == "ready"
    remove(crowd, *NAMES[:5])
    leave(crowd)
    with pytest.raises(NeedsAcceptance, match=r"removed 5 of 11.*shown no more"):
        crowd.round()

    assert crowd.page(LEAVER)["state"] == "left"


def test_many_who_leave_are_not_taken_for_removed_because_another_wrote_their_lines_too(crowd):
    for name in NAMES[:4]:
        remove(crowd, name)
        crowd.registers(name, by="Mallory")
    crowd.round()
    for name in NAMES[:4]:
        remove(crowd, name, by=name)
    crowd.round()

    assert {crowd.page(name)["state"] for name in NAMES[:4]} == {"left"}


def blank_the_registry(scene):
    scene.wiki.edit(REGISTRY, "", "Mallory", scene.now)


@pytest.mark.parametrize("how", ["hidden", "locked"])
def test_whose_account_ended_is_gone_at_once_while_a_blanked_registry_waits_for_a_human(crowd, how):
    crowd.wiki.account_logs, crowd.wiki.logged = ("globalauth",), {"globalauth": []}
    crowd.round()
    text = crowd.wiki.text(REGISTRY)
    others = {name: crowd.bytes_of(name) for name in NAMES}
    blank_the_registry(crowd)
    number = crowd.wiki.accounts[LEAVER]
    if how == "hidden":
        del crowd.wiki.accounts[LEAVER]
    else:
        crowd.wiki.locked.add(LEAVER)
        crowd.wiki.logged["globalauth"].append((crowd.now, frozenset({LEAVER})))
    with pytest.raises(NeedsAcceptance, match=r"blanked.*shown no more"):
        crowd.round()
    crowd.wiki.accounts[LEAVER] = number

    assert crowd.page(LEAVER)["state"] == "left"
    assert is_forgotten(crowd)
    assert {name: crowd.bytes_of(name) for name in NAMES} == others
    crowd.wiki.edit(REGISTRY, text, "Anybody", crowd.now)
    crowd.round()
    assert crowd.page(LEAVER)["state"] == "left"
    assert {name: crowd.bytes_of(name) for name in NAMES} == others


def test_whose_turn_comes_while_a_blanked_registry_waits_is_asked_about_too(crowd):
    crowd.wiki.many = 3
    blank_the_registry(crowd)
    number = crowd.wiki.accounts.pop(LEAVER)
    for _ in range(4):
        with pytest.raises(NeedsAcceptance, match="blanked"):
            crowd.round()
    crowd.wiki.accounts[LEAVER] = number

    assert crowd.page(LEAVER)["state"] == "left"


def test_many_ended_accounts_wait_as_well_while_a_blanked_registry_waits(crowd):
    blank_the_registry(crowd)
    for name in NAMES[:4]:
        del crowd.wiki.accounts[name]
    edits = len(crowd.wiki.edits)
    with pytest.raises(NeedsAcceptance, match="blanked"):
        crowd.round()

    assert len(crowd.wiki.edits) == edits
    assert len(crowd.ledger.people.all()) == 11


def test_who_is_renamed_keeps_their_page_while_a_blanked_registry_waits(crowd):
    """The page of the new name would have to wait; afterwards the rename is followed as ever."""
    text = crowd.wiki.text(REGISTRY)
    blank_the_registry(crowd)
    crowd.wiki.logged = {"renameuser": [(crowd.now, frozenset({LEAVER, "Countess"}))]}
    crowd.wiki.accounts["Countess"] = crowd.wiki.accounts.pop(LEAVER)
    with pytest.raises(NeedsAcceptance, match="blanked"):
        crowd.round()
    assert crowd.page(LEAVER)["state"] == "ready"
    crowd.wiki.edit(REGISTRY, text, "Anybody", crowd.now)
    crowd.round()

    assert crowd.page(LEAVER)["state"] == "left"
    assert crowd.page("Countess")["state"] == "ready"


@pytest.mark.parametrize("question", ["users_with", "bears_since"])
def test_who_leaves_does_so_at_once_while_the_wiki_fails_at_a_question_about_others(
    crowd, monkeypatch, question
):
    def fail(*_):
        raise WikiUnreachable("The wiki gives no useful answer.")

    leave(crowd)
    crowd.exists("Newcomer")
    crowd.registers("Newcomer")
    others = {name: crowd.bytes_of(name) for name in NAMES}
    monkeypatch.setattr(crowd.wiki, question, fail)
    with pytest.raises(WikiUnreachable, match="no useful answer"):
        crowd.round()

    assert crowd.page(LEAVER)["state"] == "left"
    assert is_forgotten(crowd)
    assert {name: crowd.bytes_of(name) for name in NAMES} == others


@pytest.mark.parametrize("hourly", [False, True])
def test_who_leaves_is_off_the_wiki_before_any_source_is_asked(crowd, hourly):
    """So a source that never comes to its end keeps nobody there, whatever ends the round."""
    leave(crowd)
    others = {name: crowd.bytes_of(name) for name in NAMES}
    crowd.gerrit.trouble = crowd.phabricator.trouble = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        crowd.round(hourly=hourly)

    assert crowd.page(LEAVER)["state"] == "left"
    assert is_forgotten(crowd)
    assert {name: crowd.bytes_of(name) for name in NAMES} == others


@pytest.mark.parametrize("hourly", [False, True])
def test_who_leaves_before_they_have_a_page_is_off_the_report_before_any_source_is_asked(
    crowd, hourly
):
    crowd.exists("Newcomer")
    crowd.registers("Newcomer")
    crowd.gerrit.trouble = crowd.phabricator.trouble = SourceUnreachable("It is away.")
    crowd.round()
    crowd.gerrit.trouble = crowd.phabricator.trouble = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        crowd.round(hourly=hourly)
    assert "Newcomer" in crowd.wiki.text(f"{HOME}/report.json")

    crowd.unregisters("Newcomer")
    with pytest.raises(KeyboardInterrupt):
        crowd.round(hourly=hourly)
    assert "Newcomer" not in crowd.wiki.text(f"{HOME}/report.json")


def test_an_hourly_round_takes_who_left_out_of_the_statistics(crowd):
    leave(crowd)
    crowd.round(hourly=True)
    assert json.loads(crowd.wiki.text(f"{HOME}/statistics.json"))["people"] == len(NAMES)


def refuse(crowd, monkeypatch, *titles):
    """The wiki refuses to save these; the list returned tells how often it was asked to."""
    real, asked = crowd.wiki.save, []

    def save(title, *rest):
        if title in titles:
            asked.append(title)
            raise SaveRefused(f"[[{title}]]: a filter does not let it pass.")
        return real(title, *rest)

    monkeypatch.setattr(crowd.wiki, "save", save)
    return asked


def test_a_farewell_that_the_wiki_refuses_is_tried_once_a_round_and_told_once(crowd, monkeypatch):
    titles = sorted([*crowd.bytes_of(LEAVER), f"{HOME}/statistics.json"])
    leave(crowd)
    with monkeypatch.context() as filtered:
        asked = refuse(crowd, filtered, *titles)
        done = crowd.round()
    assert sorted(asked) == titles
    assert sorted(title for title, _ in done.outcome.refused) == titles

    assert not crowd.round().partly
    assert crowd.page(LEAVER)["state"] == "left"
    assert LEAVER not in crowd.wiki.text(f"{HOME}/statistics.json")


def test_farewells_are_a_part_of_the_edit_budget_and_what_waits_is_counted_once(crowd):
    for name in NAMES[:3]:
        crowd.unregisters(name)
    for name in NAMES[3:]:
        crowd.chooses(name, "goal=issues:50")
    lists = {f"{HOME}/report.json", f"{HOME}/statistics.json"}
    edits = len(crowd.wiki.edits)

    done = crowd.round(edit_budget=4)
    saved = [title for title, _ in crowd.wiki.edits[edits:] if title not in lists]
    gone = [title for name in NAMES[:3] for title in crowd.bytes_of(name)]
    assert saved == sorted(gone)[:4]
    assert done.outcome.later == len(gone) - 4 + len(NAMES[3:])


def test_what_no_budget_keeps_waiting_costs_nobody_else_theirs(crowd):
    leave(crowd)
    crowd.chooses(NAMES[0], "hide=score")
    budget = len(crowd.bytes_of(LEAVER)) + len(crowd.bytes_of(NAMES[0]))

    done = crowd.round(edit_budget=budget)
    assert len(done.outcome.saved) > budget
    assert not done.partly


def test_who_was_removed_by_others_is_not_said_to_have_left_by_themselves(crowd):
    remove(crowd, NAMES[0])
    crowd.wiki.edit(TITLE, without_a_badge(), "Admin", crowd.now)

    with pytest.raises(NeedsAcceptance, match=r"edits for people who are shown no more"):
        crowd.round()
    assert crowd.page(NAMES[0])["state"] == "left"


def test_the_stop_page_stops_that_too(crowd):
    remove(crowd, *NAMES[:5])
    leave(crowd)
    crowd.wiki.edit(f"{HOME}/stop", "stop", "Anyone")
    with pytest.raises(Stopped):
        crowd.round()
    assert crowd.page(LEAVER)["state"] == "ready"


def test_removals_that_were_never_read_before_their_days_ended_need_a_human_too(crowd):
    """The bot was down for three weeks: what others removed meanwhile is no leaving."""
    remove(crowd, *NAMES[:5])
    crowd.now += timedelta(days=21)
    crowd.wiki.edit(REGISTRY, f"{crowd.wiki.text(REGISTRY)}\nThanks!", "Mallory", crowd.now)

    with pytest.raises(NeedsAcceptance, match="5 of 11"):
        crowd.round()


def test_nothing_is_kept_of_who_was_removed_by_others_once_the_days_are_over(crowd):
    remove(crowd, LEAVER)
    text = crowd.wiki.text(REGISTRY)
    kept = [line for line in text.split("\n") if LEAVER not in line]
    crowd.wiki.edit(REGISTRY, "\n".join(kept), "Mallory", crowd.now)
    crowd.round()
    assert crowd.page(LEAVER)["state"] == "left"
    assert entry(LEAVER) not in crowd.wiki.text(REGISTRY)
    crowd.now += timedelta(days=15)
    crowd.round()

    assert is_forgotten(crowd)
    assert (crowd.ledger.notes.recall("registry") or {})["lately"] == []
