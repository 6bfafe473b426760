"""Several sources, one person: what is told of the same work in several places is counted once."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.gather import LONGEST_AWAY
from scoring.model import Wish
from sources.port import SourceUnreachable
from tests.bot.scene import HOME, NOW, ROOT, Scene
from tests.builders import a_change, a_task
from tests.fakes import FakeGerrit, FakeWishlist
from wikitext.json_text import loads

TABLE = f"{ROOT}/Wishes"


class WideScene(Scene):
    """A scene with GitLab and a wishlist beside Gerrit and Phabricator."""

    def __init__(self, folder, database=None):
        super().__init__(folder, database)
        self.gitlab = FakeGerrit(name="gitlab")
        self.wishlist = FakeWishlist()
        self.wiki.groups["Root"] = {"sysop"}

    def exists(self, *names):
        super().exists(*names)
        self.gitlab.names.update({name: f"gitlab:{name}" for name in names})

    def world(self, **changed):
        wide = {"forges": (self.gerrit, self.gitlab), "wishlist": self.wishlist}
        return super().world(**{**wide, **changed})

    def wish(self, key, *tasks, status="done", granted=date(2025, 7, 1), touched=None, **facts):
        wish = Wish(key, status, tasks, granted, **{"votes": 40, "title": f"Wish {key}", **facts})
        self.wishlist.found[key] = (touched or self.now, wish)

    def table(self, *lines, by):
        self.wiki.edit(TABLE, "\n".join(lines), by, self.now)

    def source(self, name):
        report = loads(self.wiki.text(f"{HOME}/report.json"))
        return next(one for one in report["sources"] if one["source"] == name)


@pytest.fixture
def wide(tmp_path, database):
    scene = WideScene(tmp_path, database)
    scene.exists("Ada", "Bert", "Zoe")
    scene.registers("Ada")
    yield scene
    scene.ledger.close()


def at_gitlab(number, author, **facts):
    given = {"source": "gitlab", "project": "repos/x/y", "change_id": "", **facts}
    return a_change(number, f"gitlab:{author}", **given)


def test_a_task_done_in_two_places_is_one_work_of_both(wide):
    wide.task(a_task(100))
    wide.merges(a_change(1, "gerrit:Ada", tasks=(100,)))
    wide.gitlab.changes.append(at_gitlab(2, "Bert", tasks=(100,)))

    wide.round()

    assert wide.works("Ada").keys() == {"T100"}
    assert wide.works("Ada")["T100"]["share"] == 0.5


def test_one_persons_changes_of_two_places_are_one_persons(wide):
    wide.task(a_task(100))
    wide.merges(a_change(1, "gerrit:Ada", tasks=(100,)))
    wide.gitlab.changes += [at_gitlab(2, "Ada", tasks=(100,)), at_gitlab(30, "Ada")]

    wide.round()

    assert wide.works("Ada").keys() == {"T100", "repos/x/y!30"}
    assert wide.page("Ada")["total"]["patches"] == 3


def test_a_source_that_is_down_leaves_what_is_known_of_it_standing(wide):
    wide.gitlab.changes.append(at_gitlab(2, "Ada"))
    wide.round()
    before = wide.bytes_of("Ada")
    wide.gitlab.trouble = SourceUnreachable("GitLab does not answer.")
    wide.wishlist.trouble = SourceUnreachable("The wishlist does not answer.")

    done = wide.round()

    assert {name for name, _ in done.troubles} == {"gitlab", "wishlist"}
    assert wide.bytes_of("Ada") == before
    assert wide.source("gitlab")["says"] == [["unreachable"]]
    assert wide.source("gerrit")["state"] == "fresh"


def test_a_source_switched_off_leaves_what_is_known_of_it_standing(wide):
    wide.gitlab.changes.append(at_gitlab(2, "Ada"))
    wide.round()
    before = wide.bytes_of("Ada")

    wide.round(forges=(wide.gerrit,), wishlist=None)

    assert wide.bytes_of("Ada") == before


def test_a_feed_that_falls_silent_raises_an_alarm_and_costs_nothing(wide):
    wide.merges(a_change(1, "gerrit:Ada"))
    wide.round()
    before = wide.bytes_of("Ada")

    troubles = []
    for _ in range(6):
        wide.now += timedelta(days=1)
        troubles = wide.round().troubles

    assert "gerrit" in [name for name, _ in troubles]
    assert wide.source("gerrit")["says"] == [["silent"]]
    assert wide.bytes_of("Ada") == before
    wide.merges(a_change(2, "gerrit:Zoe", merged=wide.now))
    wide.round()
    assert wide.source("gerrit")["state"] == "fresh"


def test_reviews_of_others_changes_are_counted_and_no_word_of_these_is_kept(wide):
    foreign = a_change(1, "gerrit:Zoe", reviewers=("gerrit:Ada",), subject="Zoe's own words")
    wide.merges(foreign)
    wide.round()
    assert wide.page("Ada")["total"]["reviews"] == 1

    wide.merges(a_change(2, "gerrit:Zoe", reviewers=("gerrit:Ada",), merged=wide.now))
    wide.round()

    assert wide.page("Ada")["total"]["reviews"] == 2
    assert wide.page("Ada")["total"]["score"] == 0
    assert b"own words" not in wide.raw_ledger()


def test_nobody_reviews_their_own_work(wide):
    both = ("gerrit:Ada", "gerrit:Zoe")
    wide.merges(a_change(1, authors=both, reviewers=("gerrit:Ada",)))

    wide.round()

    assert wide.page("Ada")["total"]["reviews"] == 0


def test_a_granted_wish_is_theirs_who_did_its_tasks(wide):
    wide.task(a_task(100))
    wide.merges(a_change(1, "gerrit:Ada", tasks=(100,)))
    wide.wish("W463", 100)

    wide.round()

    total = wide.page("Ada")["total"]
    assert (total["issues"], total["wishes"], total["together"]) == (1, 1, 1)
    assert wide.page("Ada")["wishes"] == [
        {"wish": "W463", "list": "", "title": "Wish W463", "day": "2025-07-01", "share": 1}
    ]
    assert [
        reason[i] for reason in wide.works("Ada")["T100"]["reasons"] for i in (0, 3)
        if reason[0] == "demand"
    ] == ["demand", 40]  # fmt: skip


def test_a_wish_is_credited_through_the_subtasks_of_its_task(wide):
    wide.task(a_task(100, subtasks=(101, 102), status="open"))
    wide.task(a_task(101, parents=(100,)))
    wide.task(a_task(102, parents=(100,)))
    wide.merges(a_change(1, "gerrit:Ada", tasks=(101,)), a_change(40, "gerrit:Zoe", tasks=(102,)))
    wide.wish("W1", 100)

    wide.round()

    [wish] = wide.page("Ada")["wishes"]
    assert wish["share"] == 0.5


def test_a_wish_that_only_claims_to_be_done_counts_for_nobody(wide):
    wide.task(a_task(100))
    wide.merges(a_change(1, "gerrit:Ada", tasks=(100,)))
    wide.wish("W60", 100, status="claimed", granted=None)

    wide.round()

    assert wide.page("Ada")["total"]["wishes"] == 0


def test_a_wish_granted_later_counts_from_the_next_round_and_one_taken_back_no_more(wide):
    wide.task(a_task(100))
    wide.merges(a_change(1, "gerrit:Ada", tasks=(100,)))
    wide.wish("W1", 100, status="in-progress", granted=None)
    wide.round()
    assert wide.page("Ada")["total"]["wishes"] == 0

    wide.wish("W1", 100)
    wide.round()
    assert wide.page("Ada")["total"]["wishes"] == 1

    wide.wish("W1", 100, status="declined", granted=None)
    wide.round()
    assert wide.page("Ada")["total"]["wishes"] == 0


def test_a_grant_once_seen_stands_while_the_log_is_out_of_reach(wide):
    wide.task(a_task(100))
    wide.merges(a_change(1, "gerrit:Ada", tasks=(100,)))
    wide.wish("W1", 100)
    wide.round()

    wide.wish("W1", 100, granted=None, status="claimed")
    wide.round()

    assert wide.page("Ada")["wishes"][0]["day"] == "2025-07-01"


def test_a_wishlist_that_suddenly_lists_almost_nothing_changes_nothing(wide):
    wide.task(a_task(100))
    wide.merges(a_change(1, "gerrit:Ada", tasks=(100,)))
    for number in range(10):
        wide.wish(f"W{number}", 100)
    wide.round()
    before = wide.bytes_of("Ada")

    wide.wishlist.found.clear()
    done = wide.round(full=True)

    assert [name for name, _ in done.troubles] == ["wishlist"]
    assert wide.bytes_of("Ada") == before


def test_a_task_with_subtasks_that_have_changes_is_no_work_of_its_own(wide):
    closed = (wide.now + timedelta(days=1)).date()
    wide.task(a_task(100, subtasks=(101,), closed=closed))
    wide.merges(a_change(1, "gerrit:Ada", tasks=(100,)))
    wide.round()
    assert wide.works("Ada", closed.year).keys() == {"T100"}

    wide.merges(a_change(2, "gerrit:Zoe", tasks=(101,), merged=wide.now))
    wide.round()

    assert wide.works("Ada").keys() == {a_change(1).key}


def test_changes_on_a_task_that_was_merged_into_mine_are_part_of_my_work(wide):
    wide.task(a_task(100, merged=(99,), duplicates=1))
    wide.task(a_task(99, status="duplicate", duplicate_of=100))
    wide.merges(a_change(1, "gerrit:Ada", tasks=(100,)), a_change(2, "gerrit:Zoe", tasks=(99,)))

    wide.round()

    assert wide.works("Ada")["T100"]["share"] == 0.5


def test_a_demand_that_is_not_told_today_is_not_forgotten(wide):
    wide.task(a_task(100, tokens=7, duplicates=1, merged=(99,), subtasks=()))
    wide.merges(a_change(1, "gerrit:Ada", tasks=(100,)), a_change(2, "gerrit:Zoe", tasks=(99,)))
    wide.round()
    before = wide.bytes_of("Ada")

    wide.task(a_task(100), touched=wide.now)  # The server lacks token.given and edge.search now.
    wide.round()

    assert wide.bytes_of("Ada") == before


def test_a_task_that_named_a_wish_and_turned_secret_is_on_no_page(wide):
    wide.task(a_task(100))
    wide.merges(a_change(1, "gerrit:Ada", tasks=(100,)))
    wide.wish("W1", 100)
    wide.round()

    wide.task(a_task(100, public=False), touched=wide.now)
    wide.round()

    assert wide.page("Ada")["total"]["wishes"] == 0
    assert "T100" not in "".join(wide.bytes_of("Ada").values())


LINE = "* {{Developer badges/Wish|list=tw|wish=2015-3|title=Better quotes|status=done|tasks=T100|date=2025-03-04%s}}"


def test_a_row_of_the_wishes_table_counts_once_a_reviewer_accepted_it(wide):
    wide.task(a_task(100))
    wide.merges(a_change(1, "gerrit:Ada", tasks=(100,)))
    wide.table(LINE % "", by="Zoe")
    wide.round()
    assert wide.page("Ada")["total"]["wishes"] == 0

    wide.table(LINE % "|accepted=yes", by="Root")
    wide.round()

    assert [w["wish"] for w in wide.page("Ada")["wishes"]] == ["tw 2015-3"]
    wide.table(LINE % "", by="Zoe")
    wide.round()
    assert wide.page("Ada")["wishes"] == []


def test_nobody_but_a_reviewer_accepts_and_a_row_changed_afterwards_waits_again(wide):
    wide.task(a_task(100))
    wide.merges(a_change(1, "gerrit:Ada", tasks=(100,)))
    wide.table(LINE % "|accepted=yes", by="Ada")
    wide.round()
    assert wide.page("Ada")["wishes"] == []

    wide.table(
        LINE % "|accepted=yes", "by Root", by="Root"
    )  # Somebody else's row was there already.
    wide.round()
    assert wide.page("Ada")["wishes"] == []

    report = loads(wide.wiki.text(f"{HOME}/report.json"))
    assert report["wishes"] == [{"line": 1, "says": [["wish-not-accepted"]]}]


def test_restoring_a_table_that_somebody_blanked_accepts_nothing(wide):
    wide.task(a_task(100))
    wide.merges(a_change(1, "gerrit:Ada", tasks=(100,)))
    rows = [LINE % "|accepted=yes", LINE.replace("2015-3", "2015-9") % "|accepted=yes"]
    wide.table(*rows, by="Eve")
    wide.table("", by="Sock")
    wide.table(*rows, by="Root")

    wide.round()

    assert wide.page("Ada")["wishes"] == []


@pytest.mark.parametrize("cover", ["<!--\n%s\n-->", "<!-- %s -->", "<nowiki>%s</nowiki>"])
def test_taking_the_marks_of_a_comment_away_accepts_nothing(wide, cover):
    wide.task(a_task(100))
    wide.merges(a_change(1, "gerrit:Ada", tasks=(100,)))
    row = LINE % "|accepted=yes"
    wide.table(cover % row, by="Eve")
    wide.round()
    wide.table(row, by="Root")

    wide.round()

    assert wide.page("Ada")["wishes"] == []


def test_an_acceptance_stands_when_its_reviewer_resigns_and_somebody_joins(wide):
    wide.task(a_task(100))
    wide.merges(a_change(1, "gerrit:Ada", tasks=(100,)))
    wide.table(LINE % "|accepted=yes", by="Root")
    wide.round()
    wide.wiki.groups["Root"] = set()
    wide.registers("Bert")

    wide.round()
    assert [w["wish"] for w in wide.page("Ada")["wishes"]] == ["tw 2015-3"]

    other = LINE.replace("2015-3", "2015-9") % "|accepted=yes"
    wide.table(LINE % "|accepted=yes", other, by="Root")
    wide.round()
    assert [w["wish"] for w in wide.page("Ada")["wishes"]] == ["tw 2015-3"]


def test_blanking_the_table_costs_nobody_a_wish_until_a_human_agrees(wide):
    rows = []
    for number in range(100, 106):
        wide.task(a_task(number))
        wide.merges(a_change(number, "gerrit:Ada", tasks=(number,)))
        row = LINE.replace("2015-3", f"2015-{number}").replace("T100", f"T{number}")
        rows.append(row % "|accepted=yes")
    wide.table(*rows, by="Root")
    wide.round()
    assert wide.page("Ada")["total"]["wishes"] == 6

    wide.table("", by="Vandal")
    done = wide.round()
    assert [name for name, _ in done.troubles] == ["wishes table"]
    assert wide.page("Ada")["total"]["wishes"] == 6

    wide.table(*rows, by="Zoe")
    assert wide.round().troubles == []
    assert wide.page("Ada")["total"]["wishes"] == 6
    wide.table("", by="Vandal")
    wide.round(accept=True)
    assert wide.page("Ada")["total"]["wishes"] == 0


def test_a_source_that_answers_some_questions_a_round_is_read_in_the_end(wide):
    for number in range(100, 160):
        wide.task(a_task(number))
        wide.merges(a_change(number, "gerrit:Ada", tasks=(number,)))
    answer, answers = wide.gitlab.merged_for, []

    def tired(tasks):
        if len(answers) >= 2:
            raise SourceUnreachable("GitLab is tired.")
        answers.append(tasks)
        return answer(tasks)

    wide.gitlab.merged_for = tired
    for _ in range(4):
        answers.clear()
        wide.round()

    assert wide.ledger.facts.unheld_works("gitlab") == set()
    assert wide.page("Ada")["total"]["issues"] == 60


def test_one_missing_repository_keeps_no_other_from_being_read(wide):
    wide.task(a_task(100))
    wide.merges(a_change(1, "gerrit:Ada", tasks=(100,)))
    wide.gitlab.changes.append(at_gitlab(2, "Bert", tasks=(100,)))
    wide.gitlab.missing = ("repos/gone",)

    done = wide.round()

    assert [name for name, _ in done.troubles] == ["gitlab"]
    assert wide.works("Ada")["T100"]["share"] == 0.5


def test_what_was_merged_while_a_repository_was_not_shown_is_read_once_it_is_back(wide):
    wide.round()
    wide.gitlab.missing = ("repos/gone",)
    wide.now += timedelta(hours=6)
    hidden = at_gitlab(2, "Ada", merged=wide.now)
    wide.now += timedelta(hours=6)
    wide.round()
    wide.round()

    wide.gitlab.missing = ()
    wide.gitlab.changes.append(hidden)
    assert not wide.round().partly

    assert wide.page("Ada")["total"]["patches"] == 1
    wide.gitlab.asked.clear()
    wide.round()
    assert wide.gitlab.asked["feed"] == 1


def test_a_place_that_is_back_after_a_hundred_days_takes_nothing_from_the_others(wide):
    """Their feed begins before what is read of the place, where the bot was away longer itself."""
    wide.round()
    wide.gitlab.missing = ("repos/gone",)
    wide.round()
    wide.gitlab.changes.append(at_gitlab(2, "Ada", merged=wide.now + timedelta(days=5)))
    wide.now += LONGEST_AWAY + timedelta(days=20)
    wide.gitlab.missing = ()

    assert not wide.round().partly
    assert wide.page("Ada")["total"]["patches"] == 1


def test_a_source_whose_search_fails_every_day_is_stale_since_the_first_day(wide):
    """Its feed can be read, and ends no trouble that the same round meets again."""
    wide.task(a_task(100))
    wide.merges(a_change(1, "gerrit:Ada", tasks=(100,)))

    def tired(tasks):
        raise SourceUnreachable("GitLab is tired.")

    wide.gitlab.merged_for = tired
    first = wide.now.date()
    for _ in range(3):
        wide.round()
        wide.now += timedelta(days=1)

    assert wide.source("gitlab")["since"] == first.isoformat()
    del wide.gitlab.merged_for
    wide.round()
    assert wide.source("gitlab")["state"] == "fresh"


def test_a_renamed_repository_counts_nothing_twice(wide):
    wide.gitlab.changes.append(at_gitlab(2, "Ada"))
    wide.round()
    moved = at_gitlab(2, "Ada")._replace(project="repos/new/name")
    wide.gitlab.changes = [moved]

    wide.gitlab.merged_since = lambda start: iter([moved])
    wide.round()

    assert wide.page("Ada")["total"]["patches"] == 1


def test_a_change_that_nobody_else_saw_has_no_part_in_anothers_reviewed_work(wide):
    wide.task(a_task(100))
    wide.merges(a_change(1, "gerrit:Ada", tasks=(100,), reviewed=True))
    wide.gitlab.changes.append(at_gitlab(2, "Zoe", tasks=(100,), reviewed=False))

    wide.round()

    assert wide.works("Ada")["T100"]["share"] == 1


def test_an_unseen_change_on_a_made_up_subtask_turns_no_work_into_an_umbrella(wide):
    wide.task(a_task(100, subtasks=(999,)))
    wide.merges(a_change(1, "gerrit:Ada", tasks=(100,), reviewed=True))
    wide.gitlab.changes.append(at_gitlab(2, "Zoe", tasks=(999,), reviewed=False))

    wide.round()

    assert wide.works("Ada").keys() == {"T100"}


def test_who_is_named_in_a_row_cannot_accept_it_and_gains_nothing_by_accepting_another(wide):
    wide.exists("Root")
    wide.registers("Root")
    wide.task(a_task(100))
    wide.merges(a_change(1, "gerrit:Ada", tasks=(100,)), a_change(2, "gerrit:Root", tasks=(100,)))
    own = LINE.replace("T100", "") % "|implementers=Root|accepted=yes"
    wide.table(own, LINE.replace("2015-3", "2015-4") % "|accepted=yes", by="Root")

    wide.round()

    assert [w["wish"] for w in wide.page("Ada")["wishes"]] == ["tw 2015-4"]
    assert wide.page("Root")["wishes"] == []


def test_a_wish_that_no_task_granted_is_theirs_whom_an_accepted_row_names(wide):
    wide.merges(a_change(1, "gerrit:Ada"))
    row = LINE.replace("|tasks=T100", "") % "|implementers=Ada; Somebody Else|accepted=yes"
    wide.table(row, by="Root")

    wide.round()

    assert [(w["wish"], w["share"]) for w in wide.page("Ada")["wishes"]] == [("tw 2015-3", 0.5)]
    assert b"Somebody Else" not in wide.raw_ledger()


def test_whoever_joins_after_a_row_was_accepted_has_their_part_of_it(wide):
    row = LINE.replace("|tasks=T100", "") % "|implementers=Ada; Bert|accepted=yes"
    wide.table(row, by="Root")
    wide.merges(a_change(1, "gerrit:Ada"), a_change(2, "gerrit:Bert"))
    wide.round()
    before = wide.bytes_of("Ada")

    wide.registers("Bert")
    wide.round()

    assert wide.page("Bert")["wishes"][0]["share"] == 0.5
    assert wide.bytes_of("Ada") == before


def test_what_was_done_for_pay_is_marked_and_not_counted(wide):
    wide.unregisters("Ada")
    wide.exists("Cleo (WMF)")
    wide.registers("Cleo (WMF)")
    wide.task(a_task(100))
    wide.merges(a_change(1, "gerrit:Cleo (WMF)", tasks=(100,)))

    wide.round()

    page = wide.page("Cleo (WMF)")
    assert page["staff"] is True
    assert page["total"] == dict.fromkeys(page["total"], 0)
    assert wide.works("Cleo (WMF)")["T100"]["paid"] is True


def test_paid_months_of_an_entry_are_not_counted(wide):
    wide.unregisters("Ada")
    text = wide.wiki.text(f"{ROOT}/Registry")
    line = "* {{Developer badges/Person|Ada|developer=Ada|paid=2025-01..2025-02}}"
    wide.wiki.edit(f"{ROOT}/Registry", f"{text}\n{line}", "Ada", wide.now)
    wide.merges(a_change(1, "gerrit:Ada"), a_change(100, "gerrit:Ada"))

    wide.round()

    assert wide.page("Ada")["total"]["patches"] == 1
    assert [w.get("paid", False) for w in wide.works("Ada").values()] == [True, False]


def test_a_task_named_in_a_commit_message_alone_counts_for_its_own_author_only(wide):
    wide.task(a_task(100))
    wide.merges(a_change(1, "gerrit:Ada", tasks=(100,)))
    wide.gitlab.changes.append(at_gitlab(2, "Bert", tasks=(100,), aside=(100,)))
    wide.round()
    before = wide.bytes_of("Ada")
    assert wide.works("Ada")["T100"]["share"] == 1

    wide.registers("Bert")
    wide.round()

    assert wide.bytes_of("Ada") == before
    assert wide.works("Bert")["T100"]["share"] == 0.5


AUTHORS = st.sampled_from(["Ada", "Bert", "Zoe"])
TASKS = st.lists(st.integers(100, 104), max_size=2, unique=True).map(tuple)
WORLDS = st.tuples(
    st.lists(st.tuples(AUTHORS, TASKS, st.booleans(), AUTHORS), min_size=1, max_size=8),
    st.lists(st.tuples(st.integers(100, 104), st.integers(100, 104)), max_size=3),
    st.lists(TASKS, max_size=2),
)


def populate(scene, made, kin, wished):
    for number, (author, tasks, elsewhere, reviewer) in enumerate(made, 1):
        if elsewhere:
            key, aside = (f"gitlab:{reviewer}",), tasks[: number % 2]
            facts = {"tasks": tasks, "aside": aside, "reviewers": key, "reviewed": number % 3 != 0}
            scene.gitlab.changes.append(at_gitlab(number, author, **facts))
        else:
            key = (f"gerrit:{reviewer}",)
            scene.merges(a_change(number, f"gerrit:{author}", tasks=tasks, reviewers=key))
    for task in range(100, 105):
        children = tuple(sorted({child for parent, child in kin if parent == task != child}))
        scene.task(a_task(task, subtasks=children))
    for number, tasks in enumerate(wished):
        scene.wish(f"W{number}", *tasks, touched=NOW - timedelta(days=9))


@settings(max_examples=25, deadline=None)
@given(WORLDS)
def test_joining_and_leaving_change_no_byte_of_anothers_pages_whatever_was_done_where(
    tmp_path_factory, world
):
    scene = WideScene(tmp_path_factory.mktemp("wide"))
    scene.exists("Ada", "Bert", "Zoe")
    scene.registers("Ada")
    populate(scene, *world)
    scene.round()
    before = scene.bytes_of("Ada")

    scene.registers("Bert")
    scene.round()
    assert scene.bytes_of("Ada") == before
    scene.unregisters("Bert")
    scene.round()

    assert scene.bytes_of("Ada") == before
    assert b"Bert" not in scene.raw_ledger()
    scene.ledger.close()


@pytest.mark.long
@settings(max_examples=15, deadline=None)
@given(WORLDS)
def test_a_history_read_at_once_and_the_same_heard_bit_by_bit_give_the_same_pages(
    tmp_path_factory, world
):
    made, kin, wished = world
    pages = []
    for step in (len(made), 1):
        scene = WideScene(tmp_path_factory.mktemp("wide"))
        scene.exists("Ada", "Bert", "Zoe")
        scene.registers("Ada")
        populate(scene, [], kin, wished)
        everything = WideScene(tmp_path_factory.mktemp("all"))
        populate(everything, *world)
        waiting = [*everything.gerrit.changes, *everything.gitlab.changes]
        everything.ledger.close()
        if step == 1:
            scene.round()
        while waiting:
            for one in waiting[:step]:
                merged = one if step > 1 else one._replace(merged=one.merged)
                place = scene.gitlab if one.source == "gitlab" else scene.gerrit
                place.changes.append(merged)
            waiting = waiting[step:]
            for place in (scene.gerrit, scene.gitlab):
                place.merged_since = lambda start, place=place: iter(list(place.changes))
            scene.round()
        pages.append(scene.bytes_of("Ada"))
        scene.ledger.close()

    assert pages[0] == pages[1]


def test_a_quiet_round_asks_the_wiki_for_nothing_but_which_pages_changed(wide):
    wide.merges(a_change(1, "gerrit:Ada"))
    wide.table(LINE % "|accepted=yes", by="Root")
    wide.round()
    asked = []
    for name in ("check", "info", "texts", "revisions", "users", "users_with", "groups_of", "save"):
        ask = getattr(wide.wiki, name)
        setattr(wide.wiki, name, lambda *a, n=name, ask=ask: asked.append(n) or ask(*a))

    wide.round()

    # Of the control pages, and of what was published; then the people whose turn it is.
    assert asked == ["check", "info", "info", "users_with"]


def test_an_acceptance_that_its_reviewer_withdrew_is_nobodys_to_restore(wide):
    wide.task(a_task(100))
    wide.merges(a_change(1, "gerrit:Ada", tasks=(100,)))
    wide.table(LINE % "|accepted=yes", by="Root")
    wide.round()
    wide.table(LINE % "", by="Root")
    wide.table(LINE % "|accepted=yes", by="Zoe")

    wide.round()

    assert wide.page("Ada")["wishes"] == []
