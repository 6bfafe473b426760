from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wikitext.registry import MAX_BYTES, canonical_name, entry_digest
from wikitext.wishes import (
    WISHLIST,
    WishRow,
    as_line,
    clean_title,
    parse_wishes,
    wish_digests,
    wish_status,
)

FULL = (
    "* {{Developer badges/Wish|list=lusophone|wish=3|title=Duplicate references|status=Done"
    "|tasks=T1, T23|implementers=Ada Example; Zoë O’Neil|date=2025-05-30"
    "|evidence=https://diff.wikimedia.org/?p=1&x=2|accepted=yes}}"
)


def entry(line):
    [found] = parse_wishes(line).entries
    return found


def row(**values):
    return entry(a_line(**values)).row


def problem(**values):
    return entry(a_line(**values)).problem


def a_line(**values):
    values = {"list": "lusophone", "wish": "3"} | values
    told = "".join(f"|{name}={value}" for name, value in values.items() if value is not None)
    return f"* {{{{Developer badges/Wish{told}}}}}"


def test_a_line_says_what_was_wished_and_who_granted_it():
    found = entry(FULL)

    assert found.row == WishRow(
        list="lusophone",
        wish="3",
        title="Duplicate references",
        status="done",
        tasks=(1, 23),
        implementers=("Ada Example", "Zoë O’Neil"),
        date=date(2025, 5, 30),
        evidence="https://diff.wikimedia.org/?p=1&x=2",
        accepted=True,
    )
    assert (found.problem, found.line, found.digest) == (None, 1, entry_digest(FULL))


def test_a_wish_is_called_by_its_list_but_for_those_of_the_wishlist_itself():
    assert row().key == "lusophone 3"
    assert row(list="survey-2022", wish="dark-mode").key == "survey-2022 dark-mode"
    for wish in ("463", "W463", "w463"):
        assert row(list=WISHLIST, wish=wish).key == "W463"
    assert problem(list=WISHLIST, wish="dark-mode") == ("bad-option", "wish")


def test_the_template_may_be_written_in_every_way_mediawiki_takes():
    for line in (
        "*{{developer badges/Wish|list=a|wish=1}}",
        "* {{Template:Developer_badges/Wish | list = a | wish = 1 }}",
        "* {{ Developer badges/Wish|wish=1|list=A}} <!-- seen -->  ",
    ):
        assert entry(line).row.key == "a 1", line


def test_every_word_for_granted_is_one_and_other_words_are_kept():
    for word in ("done", "Delivered", "COMPLETED", "resolved", "Erledigt"):
        assert row(status=word).status == "done"
    assert row(status="In  Progress").status == "in progress"
    assert row().status == ""
    assert wish_status("Not done") == "not done"


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"list": None}, ("missing-option", "list")),
        ({"wish": ""}, ("missing-option", "wish")),
        ({"list": "No list!"}, ("bad-option", "list")),
        ({"wish": "../1"}, ("bad-option", "wish")),
        ({"status": "<b>"}, ("nested",)),
        ({"status": "?"}, ("bad-option", "status")),
        ({"tasks": "T1, D7"}, ("bad-option", "tasks")),
        ({"tasks": "T0"}, ("bad-option", "tasks")),
        ({"tasks": ", ".join(f"T{n}" for n in range(1, 60))}, ("bad-option", "tasks")),
        ({"implementers": "Ada; a#b"}, ("bad-implementer",)),
        ({"date": "1 May 2024"}, ("bad-option", "date")),
        ({"date": "2024-02-30"}, ("bad-option", "date")),
        ({"evidence": "http://example.org"}, ("bad-option", "evidence")),
        ({"evidence": "javascript:alert(1)"}, ("bad-option", "evidence")),
        ({"evidence": "https://example.org/a b"}, ("bad-option", "evidence")),
        ({"accepted": "perhaps"}, ("bad-option", "accepted")),
        ({"title": "x" * 256}, ("bad-option", "title")),
        ({"title": "a\u202eb"}, ("invisible-characters",)),
        ({"title": "a&#x202e;b"}, ("invisible-characters",)),
        ({"title": "a&#10;b"}, ("invisible-characters",)),
        ({"title": "{{x}}"}, ("nested",)),
        ({"title": "[[x]]"}, ("nested",)),
        ({"accept": "yes"}, ("unknown-option", "…")),
        ({"1": "yes"}, ("unknown-option", "…")),
        ({"wish ": "4"}, ("option-twice", "wish")),
        ({"title": "x" * 1000}, ("too-long", MAX_BYTES)),
    ],
)
def test_what_cannot_be_read_is_named(values, says):
    found = entry(a_line(**values))

    assert (found.row, found.problem) == (None, says)


def test_a_line_that_is_no_row_says_how_one_is_written():
    for line in (
        "{{Developer badges/Wish|list=a|wish=1}}",
        "* {{Developer badges/Wish|list=a|wish=1}} and more",
        "* {{Developer badges/Wish|list=a|wish=1}} {{Developer badges/Wish|list=a|wish=2}}",
        "* {{Developer badges/Wishes|list=a}} {{developer badges/wish",
        "* {{Developer badges/Wish|list=a|wish=1",
    ):
        assert entry(line).problem == ("bad-wish-line",), line


def test_an_unknown_word_is_not_repeated_since_it_may_be_anybodys_name():
    found = entry(a_line(**{"Kim did it": "1"}))

    assert found.problem == ("unknown-option", "…")


def test_a_title_may_look_like_anything_once_it_is_written_as_text():
    assert row(title="A &#124; &lt;b&gt; &amp; ''c''").title == "A | <b> & ''c''"


def test_a_line_in_a_comment_is_no_entry_and_an_unclosed_one_hides_nothing():
    assert not parse_wishes(f"<!--\n{FULL}\n-->").entries
    assert not parse_wishes(f"<nowiki>{FULL}</nowiki>").entries

    page = parse_wishes(f"<!-- oops\n{FULL}")
    assert len(page.entries) == 1
    assert page.unclosed == ((1, "unclosed-comment"),)


def test_no_line_harms_another():
    page = parse_wishes(
        f"* {{{{Developer badges/Wish|title={{{{\n{FULL}\n* {{{{Developer badges/Wish|\n"
    )

    assert [bool(found.row) for found in page.entries] == [False, True, False]
    assert [found.line for found in page.entries] == [1, 2, 3]


LINES = st.lists(
    st.sampled_from(
        ["* {{Developer badges/Wish", "|list=a", "|wish=1", "|title=", "|tasks=T1", "}}", "{{", "[[", "<!--",
         "-->", "<nowiki>", "</nowiki>", "&#x110000;", "&#xD800;", "&bogus;", "[https://x y]", "https://", "\n"]
    )
    | st.text(max_size=5)
).map("".join)  # fmt: skip


@given(LINES)
def test_nothing_makes_the_reader_fail(text):
    for found in parse_wishes(text).entries:
        assert (found.row is None) != (found.problem is None)


NAMES = (
    st.text(min_size=1, max_size=30)
    .map(canonical_name)
    .filter(lambda name: name and ";" not in name)
)
ROWS = st.builds(
    WishRow,
    list=st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}", fullmatch=True),
    wish=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,20}", fullmatch=True),
    title=st.text(max_size=60).map(clean_title),
    status=st.sampled_from(["", "done", "in progress", "declined", "angenommen"]),
    tasks=st.lists(st.integers(1, 9_999_999), max_size=5, unique=True).map(tuple),
    implementers=st.lists(NAMES, max_size=3, unique=True).map(tuple),
    date=st.none() | st.dates(),
    evidence=st.sampled_from(["", "https://example.org/wiki/A_b?c=d&e=%7C#f", "https://x.org/(a)"]),
    accepted=st.booleans(),
).filter(lambda one: one.list != WISHLIST)


@given(ROWS)
def test_a_row_that_is_written_reads_the_same(row):
    try:
        line = as_line(row)
    except ValueError:
        line = None  # too long for a line

    if line is None:
        assert len(row.title) + sum(map(len, row.implementers)) > 50
    else:
        assert entry(line).row == row
        assert "\n" not in line
        assert "~~~" not in line


def test_what_cannot_be_written_is_refused():
    good = row()

    assert as_line(good) == "* {{Developer badges/Wish|list=lusophone|wish=3}}"
    for change in (
        {"implementers": ("a; b",)},
        {"title": "a\nb"},
        {"title": "|" * 250},
        {"list": "x y"},
        {"evidence": "https://x|accepted=yes"},
    ):
        with pytest.raises(ValueError, match="cannot be written"):
            as_line(replace(good, **change))


def test_entries_are_told_by_their_text_without_being_parsed():
    text = f"{FULL}\n* {{{{Developer badges/Wish|broken"

    assert wish_digests(text) == {found.digest for found in parse_wishes(text).entries}


def test_a_hostile_page_is_read_all_the_same():
    """Line by line: the parser alone would need hours for this page."""
    hostile = [
        "* {{Developer badges/Wish|" + "{{" * 480,
        "* {{Developer badges/Wish|title=" + "[[a|" * 230 + "}}",
        "* {{Developer badges/Wish|title=" + "[https://" * 100 + "}}",
        "* {{Developer badges/Wish|title=" + "&#1;" * 230 + "}}",
    ]

    found = parse_wishes("\n".join(hostile * 20)).entries

    assert len(found) == 80
    assert not any(one.row for one in found)
