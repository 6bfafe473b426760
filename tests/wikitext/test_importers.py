"""Every page here is invented: no results page of a survey could be read. So several layouts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wikitext.importers import ERA, NotUnderstood, survey_results, template_era
from wikitext.wikitables import plain, tables
from wikitext.wishes import WISHLIST, WishRow, as_line, parse_wishes

EDITION = "Community Wishlist Survey 2022"

ONE_LINE_A_ROW = """
Here are the results.
{| class="wikitable sortable"
|+ Results
! Rank !! Proposal !! Support votes !! Status !! Phabricator
|-
| 1 || [[Community Wishlist Survey 2022/Reading/Dark mode|Dark mode]] || 123 || {{done}} || [[phab:T1]], {{tracked|T23}}
|-
| 2 || [[Community Wishlist Survey 2022/Editing/Better diffs|Better '''diffs''']] || 99 || In progress ||
|}
"""

ONE_LINE_A_CELL = """
{| class="wikitable"
|-
! scope="col" | Project status
! scope="col" | '''Wish'''
! №
|-
| style="background:#cfc" | [[File:Yes.svg|20px|link=]] Done
| Dark mode<ref name="x">See ''there'' | and here</ref>
| 1
|-
| {{not done}}
| Better diffs
| 2
|}
"""

MERGED = """
{| class="wikitable"
! colspan="2" | Wish
! rowspan="2" | Status
! rowspan="2" | Tasks
|-
! Rank
! Title
|-
| 1 || Dark mode || rowspan="2" | Completed || T1
|-
| 2 || Better diffs || T2
|-
| 3 || Hide ads || Declined || T3
|}
"""

GERMAN = """
{| class="wikitable"
! Platz !! Wunsch !! Stimmen !! Stand
|-
| 1 || Dunkler Modus || 12 || Erledigt
|-
| 2 || Bessere Diffs || 11 || Done
|}
"""


def found(text, edition=EDITION):
    return {row.title: row for row in survey_results(edition, text)}


def test_columns_are_found_by_their_headers_wherever_they_stand():
    first, second = found(ONE_LINE_A_ROW), found(ONE_LINE_A_CELL)

    assert first["Dark mode"] == WishRow("survey-2022", "dark-mode", "Dark mode", "done", (1, 23))
    assert first["Better diffs"].status == "in progress"
    assert second["Dark mode"] == WishRow("survey-2022", "dark-mode", "Dark mode", "done")
    assert second["Better diffs"].status == ""


def test_merged_cells_stand_in_each_of_their_places():
    rows = found(MERGED)

    assert [(row.title, row.status, row.tasks) for row in rows.values()] == [
        ("Dark mode", "done", (1,)),
        ("Better diffs", "done", (2,)),
        ("Hide ads", "declined", (3,)),
    ]


def test_a_table_may_leave_its_headers_unmarked():
    rows = found("{|\n| Votes || Proposal || Status\n|-\n| 7 || Dark mode || Done\n|}")

    assert rows["Dark mode"].status == "done"


def test_other_languages_have_their_words_for_headers_but_none_for_done():
    rows = found(GERMAN)

    assert rows["Bessere Diffs"].status == "done"
    assert rows["Dunkler Modus"].status == ""


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ("Done", "done"),
        ("'''Completed'''", "done"),
        ("{{Done}}", "done"),
        ("{{tick}}", "done"),
        ("{{tick|green}} Done.", "done"),
        ("✓ done", "done"),
        ("Not done", "not done"),
        ("{{not done}}", ""),
        ("{{Partially done}} Done", ""),
        ("Partially done", "partially done"),
        ("Resolved", ""),
        ("Delivered", ""),
        ("{{tick}} Half of it", "half of it"),
        ("In development", "in development"),
        ("Handed over", "handed over"),
        ("", ""),
    ],
)
def test_only_done_and_completed_are_taken_for_granted(cell, status):
    [row] = found(f"{{|\n! Proposal !! Status\n|-\n| A || {cell}\n|}}").values()

    assert row.status == status


def test_a_table_of_results_without_proposals_is_refused():
    table = "{|\n! Rank !! Votes\n|-\n| 1 || 2\n|}"

    with pytest.raises(NotUnderstood, match=r"no column of proposals; .* rank, votes\.$"):
        survey_results(EDITION, table)


def test_a_page_without_such_a_table_is_refused():
    for page in ("", "Text", "{|\n| a || b\n|}", "<!-- " + ONE_LINE_A_ROW):
        with pytest.raises(NotUnderstood, match="no table with a column of proposals"):
            survey_results(EDITION, page)


def test_a_survey_is_named_by_its_year():
    assert (
        found(GERMAN, "2016 Community Wishlist Survey/Results")["Bessere Diffs"].list
        == "survey-2016"
    )
    with pytest.raises(NotUnderstood, match="year"):
        survey_results("Community Wishlist Survey", GERMAN)


def test_two_wishes_of_one_name_are_told_apart_and_one_listed_twice_is_one():
    text = "{|\n! Wish !! Status\n|-\n| Search || Done\n|-\n| Search || Declined\n|-\n| Search || Done\n|}"

    assert [row.key for row in survey_results(EDITION, text)] == [
        "survey-2022 search",
        "survey-2022 search-2",
    ]


def test_no_task_column_means_that_every_cell_may_name_tasks():
    [row] = found("{|\n! Wish !! Notes\n|-\n| Search ([[phab:T7]]) || see T8 and T0\n|}").values()

    assert row.tasks == (7, 8)


def test_what_is_suggested_can_be_written_into_the_table():
    for text in (ONE_LINE_A_ROW, ONE_LINE_A_CELL, GERMAN):
        for row in survey_results(EDITION, text):
            [entry] = parse_wishes(as_line(row)).entries
            assert entry.row == row
            assert not row.accepted


# -- 2024 and 2025


OLD = """{{Community Wishlist/Wish
| status = Delivered
| type = feature
| title = <translate><!--T:1--> Dark mode for ''diagrams''</translate>
| description = <translate>A [[link|with a pipe]] and {{template|status=open}}.</translate>
| audience = Readers
| tasks = T312345, [[phab:T312346|T312346]]
| proposer = [[User:Example|Example]] 10:07, 3 November 2025 (UTC)
}} {{Community Wishlist/Wish|title=another}}"""


def test_a_page_of_2024_is_understood():
    assert template_era("Community Wishlist/Wishes/Dark mode", OLD) == WishRow(
        list=ERA,
        wish="dark-mode-for-diagrams",
        title="Dark mode for diagrams",
        status="done",
        tasks=(312345, 312346),
    )


def test_a_page_that_has_its_number_by_now_is_called_by_it():
    row = template_era("Community Wishlist/W463", OLD)

    assert (row.list, row.wish, row.key) == (WISHLIST, "W463", "W463")


def test_an_open_wish_of_2024_is_not_granted():
    row = template_era("Community Wishlist/Wishes/X", "{{Community Wishlist/Wish|status=open}}")

    assert (row.status, row.title) == ("open", "X")


def test_a_page_without_a_wish_is_refused():
    with pytest.raises(NotUnderstood, match="has no"):
        template_era("Community Wishlist/Wishes/X", "{{#CommunityRequests: wish|status=done}}")


# -- whatever comes


MARKUP = st.lists(
    st.sampled_from(
        ["{|", "|}", "|-", "\n", "! Wish !! Status", "| a || Done", "!", "|", "||", "[[", "]]", "{{", "}}", "<ref>",
         "</ref>", "<!--", 'rowspan="9999"|', 'colspan="9999"|', "T1", "{{Community Wishlist/Wish|", "title="]
    )
    | st.text(max_size=4)
).map("".join)  # fmt: skip


@given(MARKUP)
def test_nothing_but_a_sentence_comes_of_a_strange_page(text):
    for read in (survey_results, template_era):
        try:
            found = read(EDITION, text)
            rows = [found] if isinstance(found, WishRow) else list(found)
        except NotUnderstood:
            rows = []
        assert not any(row.accepted for row in rows)
    assert all(len(row) <= 50 for table in tables(text) for row in table)
    assert "\n" not in plain(text)
