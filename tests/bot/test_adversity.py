"""What may go wrong between people, sources and the ledger; each was once a fault, or nearly."""

from datetime import timedelta

import pytest

from bot import ask
from sources.port import SourceChanged, SourceUnreachable
from tests.bot.scene import HOME, REGISTRY, entry
from tests.builders import a_change, a_task
from tests.fakes import FakeGerrit


def says(entry):
    return [words[0] for words in entry["says"]]


@pytest.fixture
def ada(scene):
    """Ada has registered, and closed a task with a patch."""
    scene.exists("Ada", "Bert", "Mallory", "Zoe")
    scene.registers("Ada")
    scene.merges(a_change(1, "gerrit:Ada", tasks=(100,)))
    scene.task(a_task(100))
    return scene


def test_a_task_that_was_secret_for_a_while_counts_again_when_it_is_public(ada):
    ada.round()
    ada.task(a_task(100, public=False), touched=ada.now)
    ada.round()
    secret = ada.page("Ada")["total"]["issues"]

    ada.task(a_task(100), touched=ada.now)
    ada.round()

    assert (secret, ada.page("Ada")["total"]["issues"]) == (0, 1)


def test_a_patch_merged_while_its_task_was_private_counts_once_the_task_is_public(ada):
    ada.task(a_task(100, public=False))
    ada.round()
    asked = dict(ada.phabricator.asked)
    ada.round()
    asked_again = ada.phabricator.asked["numbers"] - asked["numbers"]
    ada.task(a_task(100), touched=ada.now)
    ada.round()

    assert asked_again == 0  # Once asked for, a secret task costs no request an hour.
    assert ada.page("Ada")["total"]["issues"] == 1


def test_a_token_that_has_become_blind_takes_nobodys_tasks(ada):
    ada.merges(*(a_change(n, "gerrit:Ada", tasks=(n * 100,)) for n in range(2, 7)))
    for number in range(2, 7):
        ada.task(a_task(number * 100))
    ada.round()
    before = ada.bytes_of("Ada")
    ada.phabricator.found.clear()

    done = ada.round(full=True)

    assert done.partly
    assert "token" in done.troubles[0][1]
    assert ada.bytes_of("Ada") == before


def test_who_left_is_forgotten_even_if_somebody_reverts_their_edit_at_once(ada):
    ada.round()
    ada.unregisters("Ada")
    ada.registers("Ada", by="Bert")

    ada.round()

    assert ada.page("Ada")["state"] == "left"
    assert says(ada.report()[0]) == ["not-yourself"]
    assert b"gerrit:Ada" not in ada.raw_ledger()
    assert b"PHID-USER-Ada" not in ada.raw_ledger()


def test_a_death_between_registry_and_proofs_is_made_good_by_the_next_round(ada, monkeypatch):
    def die(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(ask, "prove_at_phabricator", die)
    with pytest.raises(KeyboardInterrupt):
        ada.round()
    monkeypatch.undo()
    ada.round()

    assert ada.page("Ada")["total"]["issues"] == 1


def test_who_registers_while_phabricator_is_switched_off_is_proved_when_it_is_on(ada):
    ada.round(phabricator=None)
    ada.round()

    assert ada.page("Ada")["total"]["issues"] == 1


@pytest.mark.long
def test_a_death_anywhere_in_the_ledger_is_made_good_by_the_next_round(ada, tmp_path, monkeypatch):
    """Killed before each transaction in turn: afterwards one round gives the very same pages."""
    ada.exists("Cleo")
    ada.registers("Cleo")
    ada.merges(a_change(2, "gerrit:Cleo", tasks=(100,)), a_change(3, "gerrit:Cleo"))
    ada.round()
    expected = {**ada.bytes_of("Ada"), **ada.bytes_of("Cleo")}
    revision = ada.wiki.pages[REGISTRY]
    from bot.ledger.store import Store
    from tests.bot.scene import Scene

    begin = Store.transaction
    for point in range(1, 1000):
        folder = tmp_path / str(point)
        folder.mkdir()
        again = Scene(folder)
        again.gerrit, again.phabricator = ada.gerrit, ada.phabricator
        again.wiki.accounts, again.wiki.pages[REGISTRY] = dict(ada.wiki.accounts), list(revision)
        count = 0

        def transaction(self, point=point):
            nonlocal count
            count += 1
            if count == point:
                raise KeyboardInterrupt
            return begin(self)

        monkeypatch.setattr(Store, "transaction", transaction)
        try:
            again.round()
            finished = True
        except KeyboardInterrupt:
            finished = False
        monkeypatch.setattr(Store, "transaction", begin)
        again.ledger.notes.free_lock(again.ledger.notes.lock_holder())
        again.round()
        assert {**again.bytes_of("Ada"), **again.bytes_of("Cleo")} == expected, point
        assert len(again.wiki.edits) == len(set(again.wiki.edits)) == len(ada.wiki.edits), point
        again.ledger.close()
        if finished:
            break

    assert finished
    assert point > 20


def test_a_secret_task_of_somebody_who_joins_changes_no_others_share(ada):
    """Carl's change names a secret task, too; that is known only once Ada has joined."""
    ada.merges(
        a_change(2, "gerrit:Bert", tasks=(300,)),
        a_change(3, "gerrit:Carl", tasks=(999, 300)),
        a_change(4, "gerrit:Ada", tasks=(999,)),
    )
    ada.task(a_task(300))
    ada.task(a_task(999, public=False))
    ada.unregisters("Ada")
    ada.registers("Bert")
    ada.round()
    alone = ada.bytes_of("Bert")

    ada.registers("Ada")
    ada.round()

    assert ada.bytes_of("Bert") == alone
    assert "T999" not in "".join(ada.bytes_of("Ada").values())


def test_what_gerrit_fails_at_is_not_held_against_phabricator(ada):
    ada.round()
    ada.gerrit.trouble = SourceUnreachable("Gerrit does not answer.")
    ada.registers("Bert")
    ada.task(a_task(100, public=False), touched=ada.now)

    done = ada.round()

    assert {source for source, _ in done.troubles} == {"gerrit"}
    assert ada.page("Ada")["total"]["issues"] == 0
    ada.gerrit.trouble = None
    ada.round()
    assert says(ada.report()[1]) == ["proved", "proved"]


def test_a_newcomers_first_page_waits_for_their_whole_history(ada):
    ada.gerrit.trouble = SourceUnreachable("Gerrit does not answer.")
    ada.gerrit.account_named = lambda name, login="": None if name != "Ada" else ada_account
    from sources.port import Account

    ada_account = Account("gerrit:Ada", "Ada")
    ada.round()
    waiting = f"{HOME}/people/Ada.json" in ada.wiki.pages
    ada.gerrit.trouble = None
    ada.round()

    assert not waiting
    assert ada.page("Ada")["total"]["patches"] == 1


def test_whose_line_a_vandal_wrote_first_can_still_register(ada):
    ada.unregisters("Ada")
    ada.registers("Ada", by="Mallory")
    ada.round()
    refused = says(ada.report()[0])
    ada.unregisters("Ada")
    ada.registers("Ada")
    ada.round()

    assert refused == ["not-yourself"]
    assert ada.report()[0]["state"] == "accepted"
    ada.unregisters("Ada", by="Mallory")
    ada.round()
    assert b"gerrit:Ada" in ada.raw_ledger()  # Hidden by Mallory, forgotten only in time.


def test_a_renamed_person_keeps_their_badges_under_the_new_name(ada):
    ada.round()
    ada.wiki.accounts["Countess"] = ada.wiki.accounts.pop("Ada")
    ada.phabricator.wiki["Countess"] = ada.phabricator.wiki["Ada"]
    ada.registers("Zoe")
    ada.round()

    assert ada.page("Countess")["total"]["issues"] == 1
    assert ada.page("Ada")["state"] == "left"
    assert "Countess" not in ada.wiki.text(f"{HOME}/people/Ada.json")


def test_the_fourteen_days_end_although_the_registry_stays_missing(ada):
    ada.round()
    kept = ada.wiki.pages.pop(REGISTRY)
    days = 0
    while ada.ledger.people.all():
        ada.round(accept=True)
        ada.now += timedelta(days=1)
        days += 1

    assert days == 15
    assert kept
    assert b"gerrit:Ada" not in ada.raw_ledger()


def test_one_account_that_a_source_cannot_read_costs_nobody_else_anything(ada):
    ada.round()
    ada.registers("Bert")
    history = ada.gerrit.merged_by

    def merged_by(account):
        if account == "gerrit:Bert":
            raise SourceChanged("Gerrit makes no sense of this account.")
        return history(account)

    ada.gerrit.merged_by = merged_by
    ada.merges(a_change(2, "gerrit:Ada", merged=ada.now))
    done = ada.round()

    assert done.troubles == [("gerrit", "Gerrit makes no sense of this account.")]
    assert ada.page("Ada")["total"]["patches"] == 2


def test_strangers_of_two_works_are_not_taken_for_one(ada):
    """Six people on one task have each a sixth; that one of them worked elsewhere changes nothing."""
    ada.merges(
        a_change(10, "gerrit:Carl", tasks=(50,)),
        a_change(11, "gerrit:Gus", tasks=(50, 100)),
        *(a_change(n, f"gerrit:Stranger {n}", tasks=(100,)) for n in range(12, 16)),
    )
    ada.round()

    work = ada.works("Ada")["T100"]
    assert work["share"] < 0.2
    assert work["issue"] is True


def test_work_of_strangers_is_read_even_if_nobody_has_a_gerrit_account(scene):
    scene.exists("Ada")
    scene.gerrit.names.clear()
    scene.registers("Ada")
    scene.task(a_task(200), owner="Ada")
    scene.round()
    before = scene.page("Ada")["unconfirmed"]

    scene.merges(a_change(5, "gerrit:Carl", tasks=(200,), merged=scene.now))
    scene.round()

    assert (before, scene.page("Ada")["unconfirmed"]) == (1, 0)


def test_news_within_the_overlap_is_no_news_the_next_time(ada):
    ada.round()
    ada.merges(a_change(2, "gerrit:Ada", merged=ada.now, tasks=(100,)))
    ada.now += timedelta(minutes=1)
    ada.round()
    ada.gerrit.asked.clear()

    ada.now -= timedelta(minutes=58)
    ada.round()

    assert ada.gerrit.asked == {"feed": 1}


def test_the_daily_round_mends_a_page_that_somebody_else_damaged(ada):
    ada.round()
    before = ada.bytes_of("Ada")
    ada.wiki.edit(f"{HOME}/people/Ada.json", "{}", "Administrator")

    ada.round(hourly=True)
    assert ada.bytes_of("Ada") != before
    ada.round()
    assert ada.bytes_of("Ada") == before


def test_a_rehearsal_keeps_no_round_from_its_work(ada):
    other = ada.database.open()
    with other.rehearsal():
        other.notes.remember("x", 1)
        ada.round()

    assert ada.page("Ada")["total"]["issues"] == 1
    assert other.notes.recall("x") is None
    other.close()


def test_an_older_line_that_somebody_else_removed_cannot_bring_back_who_has_left(ada):
    ada.round()
    ada.unregisters("Ada", by="Mallory")
    ada.registers("Ada", developer="Ada ")  # A line of her own again, one blank different.
    ada.round()
    text = ada.wiki.text(REGISTRY).replace("\n* {{Developer badges/Person|Ada|developer=Ada }}", "")
    ada.wiki.edit(REGISTRY, text, "Ada", ada.now)
    ada.round()
    ada.registers("Ada", by="Mallory")
    ada.round()

    assert says(ada.report()[0]) == ["not-yourself"]
    assert ada.page("Ada")["state"] == "left"


def test_who_takes_away_what_a_vandal_made_of_their_line_has_left(ada):
    ada.round()
    text = ada.wiki.text(REGISTRY)
    ada.wiki.edit(REGISTRY, text.replace("|Ada|", "| Ada|"), "Mallory", ada.now)
    ada.wiki.edit(REGISTRY, "People:", "Ada", ada.now)
    ada.round()
    ada.wiki.edit(REGISTRY, text, "Mallory", ada.now)
    ada.round()

    assert ada.page("Ada")["state"] == "left"
    assert b"gerrit:Ada" not in ada.raw_ledger()


@pytest.mark.parametrize(
    ("made", "left"),
    [
        ("* {{Developer badges/Person|Buy pills}}", False),
        ("* {{Developer badges/Person|Adamant}}", False),
        ("* {{Developer badges/Person|ada|developer=Mallory}}", True),
        ("* {{Developer badges/Person|Ada|developer=Ada|x=y}}", True),
    ],
)
def test_who_takes_away_a_vandals_line_leaves_only_if_it_names_them(ada, made, left):
    """What names them may be what the vandal made of their own line, to keep them from leaving."""
    ada.round()
    text = ada.wiki.text(REGISTRY)
    ada.wiki.edit(REGISTRY, text.replace(entry("Ada"), made), "Mallory", ada.now)
    ada.round()
    ada.wiki.edit(REGISTRY, "People:", "Ada", ada.now)
    ada.round()
    ada.wiki.edit(REGISTRY, text, "Admin", ada.now)
    ada.round()

    assert ada.page("Ada")["state"] == ("left" if left else "ready")


def test_who_takes_away_what_a_vandal_made_of_their_line_and_restores_their_own_stays(ada):
    ada.round()
    text = ada.wiki.text(REGISTRY)
    ada.wiki.edit(REGISTRY, text.replace("|Ada|", "|Ada|paid=|"), "Mallory", ada.now)
    ada.round()
    ada.wiki.edit(REGISTRY, text, "Ada", ada.now)
    ada.round()

    assert ada.page("Ada")["state"] == "ready"


def test_an_account_that_vanished_is_forgotten_when_the_registry_is_next_read(ada):
    ada.round()
    del ada.wiki.accounts["Ada"]
    ada.registers("Zoe")
    ada.round()

    assert ada.page("Ada")["state"] == "left"
    assert b"gerrit:Ada" not in ada.raw_ledger()


def test_removing_people_bit_by_bit_needs_a_human_too(scene):
    from bot.errors import NeedsAcceptance

    names = [f"P{number:02}" for number in range(12)]
    scene.exists(*names, "Mallory")
    for name in names:
        scene.registers(name)
    scene.round()
    for name in names[:3]:
        scene.unregisters(name, by="Mallory")
    scene.round()
    for name in names[3:6]:
        scene.unregisters(name, by="Mallory")

    with pytest.raises(NeedsAcceptance, match="6 of 12"):
        scene.round()
    scene.round(accept=True)
    scene.unregisters(names[6], by="Mallory")
    scene.round()  # What a human accepted is not counted again.


def test_a_flood_of_lines_leaves_room_for_everybody_else_in_the_report(ada):
    flood = "\n".join(f"* {{{{Developer badges/Person|a{n}}}}}" for n in range(1000))
    ada.wiki.edit(REGISTRY, f"{flood}\n{ada.wiki.text(REGISTRY)}", "Mallory", ada.now)
    ada.round()

    report = ada.report()
    assert (len(report), report[-1]["person"]) == (201, "Ada")
    assert "\t800\n" in ada.wiki.text(f"{HOME}/report.json")


def test_nobody_can_make_the_bot_say_a_name_by_inventing_an_option(ada):
    line = "* {{Developer badges/Person|Mallory|grace example is a thief=1}}"
    ada.wiki.edit(REGISTRY, f"{ada.wiki.text(REGISTRY)}\n{line}", "Mallory", ada.now)
    ada.round()

    assert "grace" not in ada.wiki.text(f"{HOME}/report.json")
    assert b"grace example" not in ada.raw_ledger()


def test_extreme_values_are_stored_or_refused_but_stop_no_round(ada):
    """Columns are sized for MariaDB, which is strict where SQLite is not."""
    from bot.ledger import tables

    long = "x" * 3000
    ada.merges(
        a_change(7, "gerrit:Ada", topic=long, branch=f"sandbox/jane/{long}", change_id="I" + long),
        a_change(2**40, "gerrit:Ada", merged=ada.now, inserted=10**14, deleted=10**14),
    )
    ada.round()

    assert ada.page("Ada")["total"]["patches"] == 3
    assert b"jane" not in ada.raw_ledger()
    sized = {"topic", "branch", "change_id", "commit", "reverts"}
    with ada.ledger.together():
        rows = ada.ledger._store._connection.execute(tables.change.select()).mappings().all()
    assert all(len(row[name]) <= 255 for row in rows for name in sized)


def test_deleted_revisions_make_nobody_the_author_of_what_they_did_not_bring(ada):
    """An administrator deletes the newest revision, or restores one: what lay between is not seen."""
    ada.unregisters("Ada")
    ada.registers("Ada", by="Mallory")
    ada.wiki.edit(REGISTRY, f"{ada.wiki.text(REGISTRY)}\nThanks!", "Ada", ada.now)
    ada.unregisters("Ada", by="Mallory")
    ada.round()

    ada.wiki.pages[REGISTRY].pop()
    ada.round()

    assert says(ada.report()[0]) == ["hidden-revision"]
    assert f"{HOME}/people/Ada.json" not in ada.wiki.pages


def test_who_left_stays_gone_when_the_revision_of_their_leaving_is_deleted(ada):
    ada.round()
    ada.unregisters("Ada")
    ada.round()
    ada.wiki.pages[REGISTRY].pop()
    ada.round()

    assert ada.page("Ada")["state"] == "left"


def test_an_old_name_that_somebody_else_bears_now_hides_nobody_and_proves_nothing(ada):
    ada.round()
    number = ada.wiki.accounts.pop("Ada")
    ada.wiki.accounts["Countess"] = number
    ada.wiki.accounts["Ada"] = 777
    ada.phabricator.wiki["Countess"] = ada.phabricator.wiki.pop("Ada")
    from sources.port import Account

    ada.phabricator.wiki["Ada"] = (Account("PHID-USER-Newbie", "newbie"),)
    ada.round(full=True)
    proved = {account.key for account in ada.ledger.people.accounts()}
    ada.registers("Zoe")
    ada.round()

    assert "PHID-USER-Newbie" not in proved
    assert ada.page("Countess")["total"]["issues"] == 1


def test_an_open_duplicate_that_is_assigned_to_somebody_changes_nothing_for_them(ada):
    """It enters the ledger only because another person, who joined, has a change on it."""
    ada.unregisters("Ada")
    ada.registers("Bert")
    ada.merges(a_change(2, "gerrit:Bert", tasks=(105,)), a_change(3, "gerrit:Ada", tasks=(104,)))
    ada.task(a_task(105))
    ada.task(a_task(104, status="duplicate", duplicate_of=105), owner="Bert")
    ada.round()
    alone = ada.bytes_of("Bert")
    ada.registers("Ada")
    ada.round()

    assert ada.bytes_of("Bert") == alone


def test_who_works_on_very_many_tasks_keeps_nobody_elses_first_page_waiting(scene):
    """At GitLab tasks are searched for one by one, 400 a round; each new patch asks for its tasks anew."""
    gitlab = FakeGerrit(name="gitlab")
    forges = (scene.gerrit, gitlab)
    scene.exists("Mallory", "Cleo")
    gitlab.names |= {name: f"gitlab:{name}" for name in ("Mallory", "Cleo")}

    def flood(hour):
        gitlab.changes += [
            a_change(
                10_000 + hour * 100 + number, "gitlab:Mallory", source="gitlab", project="m/x",
                tasks=tuple(range(1 + number * 20, 21 + number * 20)), merged=scene.now,
                change_id="", commit=f"{hour}-{number}",
            )
            for number in range(21)
        ]  # fmt: skip
        return scene.round(forges=forges)

    scene.registers("Mallory")
    flood(0)
    late = {"project": "m/y", "tasks": (900_000,), "merged": scene.now - timedelta(days=9)}
    gitlab.changes.append(a_change(77, "gitlab:Cleo", source="gitlab", change_id="", **late))
    scene.task(a_task(900_000))
    scene.registers("Cleo")
    for hour in (1, 2):
        flood(hour)
    assert f"{HOME}/people/Cleo.json" in scene.wiki.pages
