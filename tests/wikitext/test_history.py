from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from wikitext.history import Kind, Revision, follow, since_revision
from wikitext.leftovers import may_be_executed
from wikitext.registry import entry_digest
from wikitext.rows import bare
from wikitext.wishes import wish_digests

ADA, BERT, MALLORY = 1, 2, 3
LINES = {
    name: f"* {{{{Developer badges/Person|{name}}}}}" for name in ("Ada", "Bert", "Cleo", "Dora")
}
START = datetime(2026, 1, 1, tzinfo=UTC)


def follow_(before, revisions, parent=""):
    return follow(before, revisions, timedelta(days=14), parent=parent)


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


def test_anothers_change_to_an_entry_makes_it_nobodys_and_lets_the_old_one_wait():
    theirs = "* {{Developer badges/Person|Ada|developer=Mallory}}"
    found = follow_({}, history((ADA, ["Ada"]), (MALLORY, [theirs])))

    assert found[entry_digest(theirs)].adders == set()
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

    parent = revisions[:cut][-1].text if revisions[:cut] else ""
    again = follow_(follow_({}, revisions[:cut]), revisions[cut:], parent=parent)
    assert again == follow_({}, revisions)


@given(EDITS)
def test_no_edit_of_others_makes_an_entry_ones_own(edits):
    others = [edit for edit in edits if edit[0] != ADA]

    assert not any(ADA in one.adders for one in follow_({}, history(*others)).values())


def joined(*edits, who=ADA):
    """Whether after these edits the line of the account *who* is its own."""
    found = follow_({}, history(*edits))
    name = {ADA: "Ada", BERT: "Bert"}[who]
    one = found.get(entry_digest(LINES[name]))
    return one is not None and who in one.adders


LEFT = "* {{Developer badges/Person|1={{subst:REVISIONUSER}}|developer=Mallory}}"
PIECES = ("{{Wrap|", "x {{{{s")
"""What has not the look of anything that waits, and may still turn into anything."""


def test_what_others_left_to_be_executed_registers_nobody_who_saves_the_page():
    executed = ["== The people ==", "Ada"]
    assert not joined((MALLORY, ["== People ==", LEFT]), (ADA, executed))
    # The same in a page of text that becomes wikitext, or where it is left in fragments.
    for left in ([PIECES[0] + "x", "y}}"], ["x {{{{s", "ubst:x}}}}"], ["{{ers:x}}"], ["{{ ס: x}}"]):
        assert not joined((MALLORY, left), (ADA, ["Ada"]))


def test_what_stays_where_it_was_and_brings_a_line_at_every_save_registers_nobody():
    for left in ("{{subst:X}}", "{{ SafeSubst: X}}", "{{ERS:X}}", "{{\n展開：X}}"):
        assert may_be_executed(left)
        assert not joined((MALLORY, [left]), (ADA, [left, "Ada"]))
    assert not may_be_executed(
        "{{Developer badges/Person|Substance}} subst: {{Template:X}} {{#if:x}}"
    )


def test_who_leaves_a_page_with_something_left_is_not_registered_again_by_it():
    mine = "* {{Developer badges/Person|Ada|developer=A}}"
    assert not joined((ADA, [mine]), (MALLORY, [mine, LEFT]), (ADA, ["Ada"]))


def test_one_edit_may_mend_a_heading_sort_the_lines_and_add_ones_own():
    edits = (
        (BERT, ["== Peple ==", "{{intro}}", "Cleo"]),
        (BERT, ["== Peple ==", "{{intro}}", "Cleo", "Bert"]),
    )
    assert joined(*edits, (ADA, ["== People ==", " {{intro}} ", "Ada", "Bert", "Cleo"]))


def test_ones_own_line_may_change_but_not_together_with_what_another_wrote():
    mine = "* {{Developer badges/Person|Ada|developer=A}}"
    assert joined((BERT, ["Bert"]), (ADA, ["Bert", mine]), (ADA, ["Bert", "Ada"]))
    other = "* {{Developer badges/Person|Bert|developer=B}}"
    assert not joined((BERT, ["Bert"]), (ADA, ["Bert", mine]), (ADA, [other, "Ada"]))
    assert not joined((BERT, ["Bert"]), (ADA, ["Bert", mine]), (ADA, ["Ada"]))


def test_who_was_refused_for_what_others_left_joins_by_an_edit_that_changes_nothing_else():
    assert joined((MALLORY, [LEFT]), (ADA, ["x", "Ada"]), (ADA, ["x"]), (ADA, ["x", "Ada"]))


def test_a_reading_goes_on_from_the_text_it_saw_last_and_without_it_believes_nobody():
    first, second = history((MALLORY, [LEFT]), (ADA, ["Ada"]))
    assert since_revision([first, second], 1)[0] == first.text
    assert since_revision([], 0)[0] == ""
    for told in ([replace(first, text=None), second], [second]):
        parent, rest = since_revision(told, 1)
        assert parent is None
        [entry] = follow_({}, rest, parent=parent).values()
        assert entry.adders == set()


@given(EDITS, st.sampled_from([LEFT, *PIECES, "{{subst:X}}"]), st.integers(0, 8), st.booleans())
def test_no_save_of_a_page_with_something_left_on_it_registers_its_author(edits, left, at, stays):
    """Whatever was before: Mallory leaves something, and Ada's edit turns it into her line."""
    edits = [(user, names) for user, names in edits[:at] if user != ADA]
    text = next((list(names) for _, names in reversed(edits) if names is not None), [])
    kept = [name for name in text if name != "Ada"]
    after = [*kept, "Ada", *([left] if stays and may_be_executed(left) else [])]

    assert not joined(*edits, (MALLORY, [*kept, left]), (ADA, after))


TABLE = Kind(wish_digests, table=True, bare=bare)
WAITING = "* {{Developer badges/Wish|list=a|wish=1|title=x}}"
OTHER = WAITING.replace("wish=1", "wish=2")
REVIEWER = 4


def accepted(row):
    return row.replace("}}", "|accepted=yes}}")


def believed(*edits):
    """The accepted rows that the reviewer is taken to have accepted."""
    found = follow({}, history(*edits), timedelta(days=14), kind=TABLE)
    rows = {entry_digest(accepted(row)): row for row in (WAITING, OTHER)}
    return {rows[d] for d, one in found.items() if d in rows and REVIEWER in one.adders}


def test_a_reviewer_may_accept_rows_that_stood_there_and_add_accepted_ones():
    both = (REVIEWER, [accepted(WAITING), accepted(OTHER)])
    assert believed(both) == {WAITING, OTHER}
    assert believed((MALLORY, [WAITING, OTHER]), both) == {WAITING, OTHER}
    assert believed((MALLORY, [WAITING]), both) == {WAITING, OTHER}
    assert believed((MALLORY, [WAITING.replace("}}", "|accepted=no}}"), OTHER]), both)


def test_an_acceptance_that_another_left_to_be_executed_is_not_the_reviewers():
    left = WAITING.replace("}}", "|accepted={{subst:User:Mallory/Y}}}}")
    after = (REVIEWER, [accepted(WAITING), accepted(OTHER)])
    assert believed((MALLORY, [left, OTHER]), after) == set()
    assert believed((MALLORY, ["{{subst:W|1=", WAITING, "}}", OTHER]), after) == set()


def test_a_row_that_stood_there_is_accepted_whatever_else_the_edit_changes_and_no_other_is():
    left = WAITING.replace("}}", "|accepted={{Y}}}}")
    edits = (MALLORY, [left, OTHER]), (REVIEWER, [accepted(WAITING), accepted(OTHER)])
    assert believed(*edits) == {OTHER}


def test_words_that_change_in_a_reviewers_edit_make_an_accepted_row_wait():
    left = accepted(WAITING).replace("|acc", "|implementers={{Y}}|acc")
    assert believed((MALLORY, [left, OTHER]), (REVIEWER, [accepted(WAITING), OTHER])) == set()
