"""The source against a real Gerrit: what it asks is answered, and what it tells is so."""

from datetime import UTC, datetime, timedelta

import pytest

from scoring.rules import Rules
from scoring.works import gather_works
from sources.port import Account
from tests.gerrit.story import (
    ASKED,
    CODE,
    CORE,
    HASHTAG,
    INLINE,
    PEOPLE,
    PUPPET,
    QUOTED,
    TOPIC,
)

pytestmark = pytest.mark.gerrit

START = datetime(2026, 1, 1, tzinfo=UTC)
MERGED = [
    "alone",
    "amended",
    "backport",
    "by change",
    "by commit",
    "by hand",
    "by hand too",
    "everywhere",
    "feature",
    "foreign",
    "helped",
    "jenkins'",
    "reland",
    "revert",
    "reverts some",
    "reviewed",
    "robot wrote",
    "robot's",
    "says it reverts",
]


@pytest.fixture
def by_name(told, source):
    changes = {change.number: change for change in source.merged_since(START)}
    return lambda name: changes[told.changes[name]]


@pytest.fixture
def key(told):
    """The key of an account by its login."""
    return lambda login: f"gerrit:{told.world.ids[login]}"


def names(told, changes):
    return told.named(change.number for change in changes)


def test_all_that_is_merged_is_told_and_nothing_else(told, source):
    changes = source.merged_since(START)

    assert names(told, (one for one in changes if one.project in (CORE, PUPPET))) == MERGED


def test_nothing_new_is_one_request(told, ask, a_counter):
    source = ask()

    assert list(source.merged_since(datetime.now(UTC) + timedelta(hours=1))) == []
    assert a_counter(source) == 1


def test_a_reviewed_change_is_told_in_full(by_name, told, key):
    change = by_name("reviewed")

    assert (change.key, change.authors) == (f"{CORE}~{change.number}", (key("ada"),))
    assert (change.tasks, change.branch, change.is_bot) == ((101, 102), "master", False)
    assert change.subject == "Close the dialog on Escape"
    assert change.change_id == told.world.change_id(change.number)
    assert change.commit == told.world.hash(change.number)
    paths = {file.path: (file.inserted, file.deleted) for file in change.files}
    assert paths == {"home/user/close.png": (None, None), "resources/dialog.js": (40, 0)}
    assert (change.files_count, change.inserted, change.deleted) == (2, 40, 0)


def test_a_round_of_review_is_an_upload_that_followed_anothers_words(by_name):
    assert by_name("reviewed").rounds == 1
    assert by_name("feature").rounds == 0


def test_reviewers_are_the_others_who_voted(by_name, key):
    assert by_name("reviewed").reviewers == ("gerrit:1000000", key("cleo"))


def test_who_voted_is_found_by_their_vote(told, source, key):
    assert names(told, source.reviewed_by(key("cleo"))) == ["reviewed"]
    assert names(told, source.reviewed_by(key("ada"))) == []
    assert len(list(source.reviewed_by("gerrit:1000000"))) > 5


def test_the_credit_goes_to_who_wrote_it_and_who_helped(by_name, key):
    assert by_name("helped").authors == (key("bert"), key("cleo"))


def test_of_an_address_that_gerrit_does_not_know_the_owner_gets_the_credit(by_name, key):
    assert by_name("foreign").authors == (key("dora"),)


def test_a_history_holds_what_others_uploaded_too(told, source, key):
    assert names(told, source.merged_by(key("bert"))) == [
        "backport",
        "by commit",
        "everywhere",
        "helped",
        "reverts some",
        "says it reverts",
    ]
    assert names(told, source.merged_by(key("cleo"))) == [
        "amended",
        "by change",
        "by hand",
        "helped",
    ]


def test_what_somebody_only_uploaded_is_not_their_history(told, source, key):
    assert "helped" not in names(told, source.merged_by(key("ada")))
    assert names(told, source.merged_by(key("dora"))) == ["foreign", "revert"]


def test_who_amends_the_change_of_another_as_its_author_shares_it(by_name, told, source, key):
    assert by_name("amended").authors == (key("cleo"), key("ada"))
    assert "amended" in names(told, source.merged_by(key("ada")))


def test_who_uploads_or_picks_what_another_wrote_has_no_part(by_name, key):
    assert key("ada") not in by_name("helped").authors
    assert by_name("backport").authors == (key("bert"),)


def test_it_is_reviewed_where_another_voted_or_merged(by_name):
    assert by_name("reviewed").reviewed is True
    assert by_name("alone").reviewed is False


@pytest.mark.parametrize("name", ["robot's", "jenkins'", "robot wrote"])
def test_what_a_bot_wrote_or_uploaded_is_a_bots(by_name, name):
    assert by_name(name).is_bot


def test_changes_are_found_by_the_tasks_they_name(told, source):
    assert names(told, source.merged_for([102, 103, 999])) == ["helped", "reviewed"]
    assert names(told, source.merged_for([10])) == []


def test_changes_are_found_by_their_keys_as_they_are_now(told, source, by_name):
    hidden = [f"{CORE}~{told.changes[name]}" for name in ("private", "wip", "open", "abandoned")]
    elsewhere = by_name("feature").key.replace(CORE, PUPPET)
    asked = [by_name("reviewed").key, *hidden, elsewhere, f"{CORE}~999999"]

    assert names(told, source.merged(asked)) == ["reviewed"]


def test_every_kind_of_revert_is_found(told, source, by_name):
    asked = {name: by_name(name).key for name in ("feature", "by commit", "by change", "reviewed")}

    def reverts(*names_asked):
        return names(told, source.reverts_of(asked[name] for name in names_asked))

    assert reverts("feature") == ["revert"]
    assert reverts("by commit") == ["by hand"]
    assert reverts("by change") == ["by hand too"]
    assert reverts("reviewed") == []
    assert reverts(*asked) == ["by hand", "by hand too", "revert"]
    assert names(told, source.reverts_of([by_name("revert").key])) == ["reland"]


def test_reverts_are_found_for_changes_never_heard_of(told, ask, by_name):
    assert names(told, ask().reverts_of([by_name("by commit").key])) == ["by hand"]


def test_a_revert_names_what_it_takes_back(by_name):
    assert by_name("revert").reverts == by_name("feature").key
    assert by_name("reland").reverts == by_name("revert").key
    assert by_name("by hand").reverts == by_name("by commit").commit
    assert by_name("by hand too").reverts == by_name("by change").change_id


@pytest.mark.parametrize("name", ["says it reverts", "reverts some"])
def test_a_line_in_a_message_takes_nothing_from_anybody(told, source, by_name, name):
    assert by_name(name).reverts == ""
    assert names(told, source.reverts_of([by_name("amended").key])) == []


def test_each_achievement_is_a_work_once(told, source):
    changes = list(source.merged_since(START))

    works = {work.key: work for work in gather_works(changes, [], Rules())}

    def parts(key):
        return names(told, (change for change, _ in works[key].parts))

    assert parts("T201") == ["feature"]
    assert parts("T204") == ["everywhere"]
    assert parts("T101") == parts("T102") == ["reviewed"]
    assert not {"T202", "T203", "T301"} & set(works)


def test_an_account_is_found_by_its_name(source, key):
    for login in ("ada", "bert"):
        found = Account(key(login), PEOPLE[login], login)
        assert source.account_named(PEOPLE[login]) == found
        assert source.account_named(PEOPLE[login], login) == found


def test_two_of_one_name_are_told_apart_by_their_login_only(source, key):
    assert source.account_named("Two Example") is None
    assert source.account_named("Two Example", "eva").key == key("eva")


def test_whom_the_login_names_is_found_under_another_name_too(source, key):
    assert source.account_named("Ada Formerly", "ada").key == key("ada")


@pytest.mark.parametrize(
    ("name", "login"),
    [
        ("Ada", ""),
        ("ada example", ""),
        ("ada", ""),
        ("Some Robot", ""),
        ("Nobody At All", ""),
        ("Ada Example", "ad"),
        ("Ada Example", "nobody"),
        ("Some Robot", "robot"),
    ],
)
def test_lookalikes_robots_and_strangers_are_nobody(source, name, login):
    assert source.account_named(name, login) is None


def test_a_word_counts_where_its_owner_wrote_it(source, key):
    bert = Account(key("bert"), "Bert Example", "bert")

    assert source.posted("Bert Example", ["developer-badges-00000000", CODE]) == (bert, CODE)
    assert source.posted("Bert Example", [INLINE]) == (bert, INLINE)
    assert source.posted("Bert Example", [INLINE, CODE]) == (bert, INLINE)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("Bert Example", QUOTED),
        ("Cleo Example", QUOTED),
        ("Cleo Example", CODE),
        ("Bert Example", ASKED),
        ("Bert Example", "developer-badges"),
        ("Bert Example", "developer-badges-4f7k"),
        ("Nobody At All", CODE),
    ],
)
def test_what_others_wrote_or_wrote_elsewhere_does_not_count(source, name, word):
    assert source.posted(name, [word]) is None


@pytest.mark.parametrize("word", [TOPIC, HASHTAG])
def test_what_gerrit_says_in_ones_name_is_not_posted(told, source, word):
    [row] = told.world.query(f"change:{told.changes['labelled']}", "MESSAGES")
    in_his_name = [
        message
        for message in row["messages"]
        if word in message["message"] and message["author"]["_account_id"] == told.world.ids["bert"]
    ]

    assert in_his_name
    assert source.posted("Bert Example", [word]) is None


def test_no_address_is_told(told, source, key):
    said = [*source.merged_since(START), source.account_named("Ada Example")]
    said += source.merged_by(key("cleo"))

    assert "@" not in repr(said)
    assert PUPPET in repr(said)
