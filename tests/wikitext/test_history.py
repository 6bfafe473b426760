from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from wikitext.history import Revision, follow
from wikitext.registry import entry_digest

ADA, BERT, MALLORY = 1, 2, 3
LINES = {
    name: f"* {{{{Developer badges/Person|{name}}}}}" for name in ("Ada", "Bert", "Cleo", "Dora")
}
START = datetime(2026, 1, 1, tzinfo=UTC)


def follow_(before, revisions):
    return follow(before, revisions, timedelta(days=14))


def history(*edits):
    """Revisions from pairs (user, names on the page); None for a hidden text."""
    return [
        Revision(
            number,
            user,
            START + timedelta(hours=number),
            None if names is None else "\n".join(LINES.get(name, name) for name in names),
        )
        for number, (user, names) in enumerate(edits, 1)
    ]


def standing(*edits, before=None):
    found = follow_(before or {}, history(*edits))
    names = {entry_digest(line): name for name, line in LINES.items()}
    return {names[digest]: (set(one.adders), one.removed is None) for digest, one in found.items()}


def test_an_entry_belongs_to_the_account_that_added_it():
    assert standing((ADA, ["Ada"]), (BERT, ["Ada", "Bert"])) == {
        "Ada": ({ADA}, True),
        "Bert": ({BERT}, True),
    }


def test_somebody_elses_registration_keeps_the_name_of_who_made_it():
    assert standing((MALLORY, ["Ada"])) == {"Ada": ({MALLORY}, True)}


def test_who_removes_their_own_entry_is_forgotten():
    assert standing((ADA, ["Ada"]), (ADA, [])) == {}


def test_what_another_removes_waits_and_stands_again_when_anyone_restores_it():
    assert standing((ADA, ["Ada"]), (MALLORY, [])) == {"Ada": ({ADA}, False)}
    restored = standing((ADA, ["Ada"]), (MALLORY, []), (BERT, ["Ada"]))
    assert restored == {"Ada": ({ADA, BERT}, True)}


def test_what_comes_back_after_the_waiting_time_is_a_new_entry():
    edits = history((ADA, ["Ada"]), (MALLORY, []), (BERT, ["Ada"]))
    late = replace(edits[2], at=edits[1].at + timedelta(days=14))

    assert [one.adders for one in follow_({}, [*edits[:2], late]).values()] == [{BERT}]


def test_an_entry_put_back_after_its_owner_left_is_not_theirs():
    assert standing((ADA, ["Ada"]), (ADA, []), (MALLORY, ["Ada"])) == {"Ada": ({MALLORY}, True)}


def test_an_entry_that_somebody_wrote_first_becomes_ones_own_by_writing_it_again():
    edits = (MALLORY, ["Ada"]), (ADA, []), (ADA, ["Ada"])
    assert standing(*edits) == {"Ada": ({MALLORY, ADA}, True)}
    # And then neither can end it for the other: Mallory's removal waits, Ada's is her leaving.
    assert standing(*edits, (MALLORY, [])) == {"Ada": ({ADA}, False)}
    assert standing(*edits, (ADA, [])) == {"Ada": ({MALLORY}, False)}


def test_changing_ones_own_entry_makes_a_new_one_of_ones_own():
    mine = "* {{Developer badges/Person|Ada|developer=A}}"
    found = follow_({}, history((ADA, ["Ada"]), (ADA, [mine])))

    assert [one.adders for one in found.values()] == [{ADA}]
    assert set(found) == {entry_digest(mine)}


def test_anothers_change_to_an_entry_makes_it_theirs_and_lets_the_old_one_wait():
    theirs = "* {{Developer badges/Person|Ada|developer=Mallory}}"
    found = follow_({}, history((ADA, ["Ada"]), (MALLORY, [theirs])))

    assert found[entry_digest(theirs)].adders == {MALLORY}
    assert found[entry_digest(LINES["Ada"])].removed is not None


def test_after_a_hidden_version_nobody_is_taken_for_the_author():
    assert standing((MALLORY, None), (ADA, ["Ada"])) == {"Ada": (set(), True)}
    assert standing((ADA, ["Ada"]), (MALLORY, None), (ADA, [])) == {"Ada": ({ADA}, False)}


def test_blanking_and_restoring_between_two_rounds_changes_nothing():
    before = (ADA, ["Ada"]), (BERT, ["Ada", "Bert"])
    after = standing(*before, (MALLORY, []), (BERT, ["Ada", "Bert"]))
    assert after == {"Ada": ({ADA}, True), "Bert": ({BERT}, True)}


def test_who_restores_a_blanked_page_wrote_nothing_of_it():
    planted = standing(
        (MALLORY, ["Ada", "Bert"]), (MALLORY, ["Ada", "Bert"]), (BERT, []), (ADA, ["Ada", "Bert"])
    )
    assert planted["Bert"][0] == planted["Ada"][0] == set()


def test_a_page_blanked_by_who_planted_the_entries_makes_no_author_of_who_restores_it():
    planted = standing((MALLORY, ["Ada", "Bert"]), (MALLORY, []), (ADA, ["Ada", "Bert"]))
    assert planted["Ada"][0] == planted["Bert"][0] == set()


def test_who_undoes_an_edit_wrote_nothing_of_what_comes_back():
    edits = history((MALLORY, ["Ada"]), (BERT, []), (ADA, ["Ada"]))
    undone = [*edits[:2], replace(edits[2], restores=True)]

    [entry] = follow_({}, undone).values()
    assert entry.adders == {MALLORY}


def test_who_adds_their_own_line_again_by_itself_is_its_author():
    again = standing((MALLORY, ["Ada"]), (BERT, []), (ADA, ["Ada"]))
    assert again == {"Ada": ({MALLORY, ADA}, True)}


EDITS = st.lists(
    st.tuples(
        st.integers(1, 3),
        st.one_of(st.none(), st.lists(st.sampled_from(sorted(LINES)), unique=True)),
    ),
    max_size=8,
)


@given(EDITS, st.integers(0, 8))
def test_reading_in_two_goes_is_the_same_as_reading_in_one(edits, cut):
    revisions = history(*edits)
    if cut < len(edits) and edits and cut and edits[cut - 1][1] is None:
        cut -= 1  # A round never ends on a version that it could not read.
        while cut and edits[cut - 1][1] is None:
            cut -= 1

    assert follow_(follow_({}, revisions[:cut]), revisions[cut:]) == follow_({}, revisions)


@given(EDITS)
def test_no_edit_of_others_makes_an_entry_ones_own(edits):
    others = [edit for edit in edits if edit[0] != ADA]

    assert not any(ADA in one.adders for one in follow_({}, history(*others)).values())
