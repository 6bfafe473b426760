"""A round, told as stories."""

from datetime import timedelta

import pytest

from bot.errors import NeedsAcceptance, Stopped, WikiRefused
from bot.explain import explain_work, find_person
from scoring.model import File
from sources.port import SourceChanged, SourceRefused, SourceUnreachable
from tests.bot.scene import HOME, NOW, REGISTRY, ROOT, Scene
from tests.builders import a_change, a_task


def says(entry):
    return [words[0] for words in entry["says"]]


def test_a_person_who_registers_gets_a_page_with_their_work(ada):
    done = ada.round()

    page = ada.page("Ada")
    assert (page["state"], page["total"]["issues"], page["total"]["patches"]) == ("ready", 1, 1)
    assert page["total"]["score"] > 0
    assert ada.works("Ada")["T100"]["about"] == "thanks: Change number 1"
    assert not done.partly
    assert ada.report()[0]["state"] == "accepted"


def test_a_second_round_edits_nothing_and_asks_each_source_once(ada):
    ada.round()
    ada.gerrit.asked.clear()
    ada.phabricator.asked.clear()
    edits = len(ada.wiki.edits)

    ada.round()

    assert len(ada.wiki.edits) == edits
    assert ada.gerrit.asked == {"feed": 1}
    assert ada.phabricator.asked == {"feed": 1}


def test_the_day_of_the_round_changes_nothing(ada):
    ada.round()
    edits = len(ada.wiki.edits)

    ada.now += timedelta(days=400)
    ada.round()

    assert len(ada.wiki.edits) == edits


def test_a_new_patch_changes_one_data_page_one_work_page_and_the_statistics(ada):
    ada.exists("Bert")
    ada.registers("Bert")
    ada.round()
    edits = len(ada.wiki.edits)

    ada.merges(a_change(2, "gerrit:Ada", merged=ada.now, project="mediawiki/core"))
    ada.round()

    titles = {title for title, _ in ada.wiki.edits[edits:]}
    assert titles == {
        f"{HOME}/people/Ada.json",
        f"{HOME}/people/Ada/work-2026.json",
        f"{HOME}/statistics.json",
    }


def test_somebody_elses_registration_is_refused_and_nobody_is_named(scene):
    scene.exists("Ada", "Mallory")
    scene.merges(a_change(1, "gerrit:Ada"))
    scene.registers("Ada", by="Mallory")

    scene.round()

    (entry,) = scene.report()
    assert (entry["state"], says(entry)) == ("refused", ["not-yourself"])
    assert not any(
        "Ada" in scene.wiki.text(title) for title in scene.wiki.pages if title != REGISTRY
    )
    assert not scene.gerrit.asked


def test_a_hostile_line_is_reported_and_everybody_else_is_unaffected(ada):
    text = ada.wiki.text(REGISTRY)
    ada.wiki.edit(REGISTRY, f"* {{{{Developer badges/Person|{{{{evil}}}}}}}}\n{text}", "Mallory")

    ada.round()

    assert [says(one)[0] for one in ada.report()] == ["nested", "proved"]
    assert ada.page("Ada")["total"]["issues"] == 1


def test_claiming_the_developer_name_of_another_earns_nothing(scene):
    scene.exists("Ada", "Mallory")
    scene.merges(a_change(1, "gerrit:Ada"))
    scene.registers("Mallory", developer="Ada")

    scene.round()

    (entry,) = scene.report()
    assert says(entry) == ["proved", "developer-not-proved", "code", "post-gerrit"]
    assert scene.page("Mallory")["total"]["patches"] == 0
    assert "history" not in scene.gerrit.asked


def test_without_a_linked_phabricator_account_there_is_no_page_but_a_way_on(scene):
    scene.exists("Ada")
    scene.phabricator.wiki.clear()
    scene.registers("Ada")

    scene.round()

    (entry,) = scene.report()
    assert (entry["state"], says(entry)) == (
        "waiting",
        ["not-linked-phabricator", "code", "post-gerrit"],
    )
    assert f"{HOME}/people/Ada.json" not in scene.wiki.pages


def test_the_sole_person_can_leave_even_by_blanking_the_page(ada):
    ada.round()

    ada.wiki.edit(REGISTRY, "", "Ada")
    ada.round()

    assert ada.page("Ada") == {"schema": 1, "state": "left", "note": "{{Delete}}"}
    assert ada.wiki.text(f"{HOME}/people/Ada/work-2025.json").count("T100") == 0
    assert ada.report() == []
    assert b"Ada" not in ada.raw_ledger()


def test_an_entry_that_a_vandal_removed_hides_the_person_and_stands_again_when_restored(ada):
    ada.exists("Bert", "Mallory")
    ada.registers("Bert")
    ada.round()
    before = ada.bytes_of("Ada")

    ada.unregisters("Ada", by="Mallory")
    ada.round()
    hidden = ada.page("Ada")["state"]
    ada.wiki.edit(REGISTRY, ada.wiki.pages[REGISTRY][-2].text, "Bert")
    ada.round()

    assert hidden == "left"
    assert ada.bytes_of("Ada") == before
    assert ada.gerrit.asked["history"] == 2  # Ada's and Bert's, each once: the facts had waited.


def test_who_was_removed_by_another_is_forgotten_after_fourteen_days(ada):
    ada.exists("Bert", "Mallory")
    ada.registers("Bert")
    ada.round()

    ada.wiki.edit(REGISTRY, ada.wiki.text(REGISTRY).replace("Person|Ada", "Person|Eve"), "Mallory",
                  at=ada.now)  # fmt: skip
    ada.round()
    assert b"gerrit:Ada" in ada.raw_ledger()
    ada.now += timedelta(days=14)
    ada.round()

    assert b"Ada" not in ada.raw_ledger()


def test_two_share_a_task_and_one_leaves_and_returns_without_changing_the_others_pages(scene):
    scene.exists("Ada", "Bert")
    scene.task(a_task(100), owner="Ada")
    scene.merges(
        a_change(1, "gerrit:Ada", tasks=(100,)),
        a_change(2, "gerrit:Bert", tasks=(100,)),
        a_change(3, "gerrit:Ada", subject="a secret plan of hers", topic="hers"),
        a_change(4, "gerrit:Carl", tasks=(100,)),
    )
    scene.registers("Bert")
    scene.round()
    alone = scene.bytes_of("Bert")

    scene.registers("Ada")
    scene.round()
    both = scene.bytes_of("Bert")
    scene.unregisters("Ada")
    scene.round()
    after = scene.bytes_of("Bert")
    ledger = scene.raw_ledger()
    scene.registers("Ada")
    scene.round()

    assert alone == both == after == scene.bytes_of("Bert")
    assert scene.works("Bert")["T100"]["share"] == pytest.approx(1 / 3, abs=0.01)
    for trace in (b"Ada", b"secret plan", b"Carl"):
        assert trace not in ledger, trace
    assert scene.page("Ada")["total"]["patches"] == 2


def test_a_task_that_turned_secret_leaves_pages_and_ledger_in_the_same_round(ada):
    ada.round()

    ada.task(a_task(100, public=False), touched=ada.now)
    ada.round()

    assert ada.page("Ada")["total"]["issues"] == 0
    assert "T100" not in "".join(ada.bytes_of("Ada").values())
    assert ada.ledger.tasks.shown() == set()


def test_a_reopened_task_is_no_issue_until_it_is_resolved_again(ada):
    ada.round()
    ada.task(a_task(100, status="open", closed=None), owner="Ada", touched=ada.now)
    ada.round()
    reopened = ada.page("Ada")["total"]
    ada.task(a_task(100), owner="Ada", touched=ada.now)
    ada.round()

    assert (reopened["issues"], reopened["patches"]) == (0, 1)
    assert ada.page("Ada")["total"]["issues"] == 1


def test_foreign_news_on_a_known_task_is_read_as_a_set_and_repeating_it_is_harmless(ada):
    ada.task(a_task(100, closed=ada.now.date()), owner="Ada", touched=ada.now)
    ada.round()
    ada.merges(a_change(5, "gerrit:Carl", tasks=(100,), merged=ada.now))
    ada.round()
    shared = ada.works("Ada", 2026)["T100"]["share"]
    edits = len(ada.wiki.edits)

    ada.round(full=True)

    assert shared == pytest.approx(0.5)
    assert len(ada.wiki.edits) == edits
    assert b"Carl" not in ada.raw_ledger()


def test_a_revert_takes_the_credit_back_even_by_a_stranger_without_a_task(scene):
    scene.exists("Ada")
    scene.registers("Ada")
    change = a_change(1, "gerrit:Ada")
    scene.merges(change)
    scene.round()
    earned = scene.page("Ada")["total"]["score"]

    scene.merges(a_change(2, "gerrit:Carl", reverts=change.key, merged=scene.now))
    scene.round()

    assert earned > 0
    assert scene.page("Ada")["total"]["score"] == 0


@pytest.mark.parametrize(
    ("kind", "word"),
    [(SourceUnreachable, "unreachable"), (SourceRefused, "refused"), (SourceChanged, "changed")],
)
def test_a_source_that_fails_costs_nobody_a_badge_and_is_named_in_the_report(ada, kind, word):
    ada.round()
    before = ada.bytes_of("Ada")
    ada.gerrit.trouble = kind("Gerrit is not well.")
    ada.merges(a_change(7, "gerrit:Ada", merged=ada.now), a_change(8, "gerrit:Ada", merged=ada.now))

    done = ada.round()

    assert done.partly
    assert done.troubles == [("gerrit", "Gerrit is not well.")]
    assert ada.bytes_of("Ada") == before
    text = ada.wiki.text(f"{HOME}/report.json")
    assert '"stale"' in text
    assert word in text
    ada.gerrit.trouble = None
    ada.round()
    assert ada.page("Ada")["total"]["patches"] == 3
    assert '"stale"' not in ada.wiki.text(f"{HOME}/report.json")


def test_a_newcomer_waits_while_phabricator_is_down_and_is_proved_in_the_next_round(ada):
    ada.phabricator.trouble = SourceUnreachable("Phabricator does not answer.")
    ada.round()
    first = ada.report()[0]["state"]
    ada.phabricator.trouble = None
    ada.round()

    assert first == "waiting"
    assert ada.page("Ada")["total"]["issues"] == 1


def test_text_on_the_stop_page_stops_everything(ada):
    ada.wiki.edit(f"{HOME}/stop", "please stop", "Bert")

    with pytest.raises(Stopped, match="stop"):
        ada.round()

    assert ada.wiki.edits == []


def test_an_empty_stop_page_stops_nothing(ada):
    ada.wiki.edit(f"{HOME}/stop", " \n", "Bert")

    assert ada.round().outcome.saved


def test_no_registry_page_is_an_error_that_says_what_to_do(scene):
    del scene.wiki.pages[REGISTRY]

    with pytest.raises(WikiRefused, match="publish"):
        scene.round()


def five_people(scene):
    names = ["Ada", "Bert", "Cleo", "Dora", "Emil"]
    scene.exists(*names, "Mallory")
    for name in names:
        scene.registers(name)
    scene.round()
    return names


@pytest.mark.parametrize("how", ["missing", "blanked", "emptied"])
def test_people_who_would_vanish_by_others_hands_need_a_human(scene: Scene, how):
    names = five_people(scene)
    edits = len(scene.wiki.edits)
    kept = scene.wiki.pages[REGISTRY]
    if how == "missing":
        del scene.wiki.pages[REGISTRY]
    else:
        scene.wiki.edit(REGISTRY, "" if how == "blanked" else "People:", "Mallory", at=scene.now)

    with pytest.raises(NeedsAcceptance, match="--accept"):
        scene.round()
    assert len(scene.wiki.edits) == edits

    scene.round(accept=True)
    assert {scene.page(name)["state"] for name in names} == {"left"}
    if how == "missing":
        scene.wiki.pages[REGISTRY] = kept
    else:
        scene.wiki.edit(REGISTRY, kept[-2].text, "Bert")
    scene.round()
    assert {scene.page(name)["state"] for name in names} == {"ready"}


def test_people_who_leave_by_themselves_never_need_a_human(scene):
    names = five_people(scene)
    for name in names:
        scene.unregisters(name)

    scene.round()

    assert {scene.page(name)["state"] for name in names} == {"left"}


def test_the_ledger_of_one_wiki_is_not_used_on_another(ada, monkeypatch):
    ada.round()
    monkeypatch.setattr(type(ada.wiki), "check", lambda self: "another wiki")

    with pytest.raises(WikiRefused, match="another wiki"):
        ada.round()


def test_a_round_over_its_edit_budget_leaves_the_rest_for_the_next(ada):
    done = ada.round(edit_budget=1)

    assert (len(done.outcome.saved), done.outcome.later > 0, done.partly) == (1, True, True)
    assert not ada.round().partly
    assert ada.page("Ada")["total"]["issues"] == 1


def test_changing_the_developer_name_ends_what_was_proved_by_the_old_one(ada):
    ada.exists("Second")
    ada.round()

    ada.unregisters("Ada")
    ada.registers("Ada", developer="Second")
    ada.round()

    assert ada.page("Ada")["total"]["patches"] == 0
    assert says(ada.report()[0]) == ["proved", "developer-not-proved", "code", "post-gerrit"]


def test_a_resolved_task_that_names_no_change_waits_for_a_reviewer(ada):
    ada.task(a_task(200), owner="Ada")
    ada.round()

    page = ada.page("Ada")
    assert (page["total"]["issues"], page["unconfirmed"]) == (1, 1)


def test_rehearsing_a_round_leaves_the_ledger_as_it_was(ada):
    with ada.ledger.rehearsal():
        ada.round()

    assert ada.ledger.people.all() == []
    assert ada.ledger.notes.pages() == {}


def test_names_of_every_kind_get_pages(scene):
    names = ["123", "O'Neill", "ليلى مثال", "Ünïcode 木", 'Quo"te = x']
    scene.exists(*names)
    for number, name in enumerate(names, 1):
        scene.merges(a_change(number, f"gerrit:{name}"))
        scene.registers(name)

    scene.round()

    assert [scene.page(name)["total"]["patches"] for name in names] == [1] * len(names)


def test_what_a_page_says_is_never_older_than_what_somebody_else_left_there(ada):
    """Somebody with the right to edit our page damages it; the next change of facts mends it."""
    ada.round()
    ada.wiki.edit(f"{HOME}/people/Ada.json", "[]", "Administrator")
    ada.merges(a_change(9, "gerrit:Ada", merged=NOW))

    ada.round()

    assert ada.page("Ada")["total"]["patches"] == 2
    assert ROOT in ada.wiki.edits[-1][1]


def test_a_credit_that_is_as_without_the_task_says_so(scene):
    scene.exists("Ada")
    scene.registers("Ada")
    scene.merges(
        *(
            a_change(n, "gerrit:Ada", tasks=(100,), files=(File(f"f{n}.php", 2, 0),))
            for n in range(10, 150, 20)
        )
    )
    scene.task(a_task(100, priority="lowest"), owner="Ada")
    scene.round()

    work = scene.works("Ada")["T100"]
    assert work["credit"] > work["points"] * work["share"]
    assert work["reasons"][-1] == ["credit", 0, "as-without-task"]
    person = find_person(scene.ledger, "Ada")
    assert any("without the task" in line for line in explain_work(scene.ledger, person, "T100"))
