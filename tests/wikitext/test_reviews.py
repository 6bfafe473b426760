from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wikitext.registry import MAX_BYTES, canonical_name, entry_digest
from wikitext.reviews import (
    KINDS,
    MOST_NAMES,
    OF_TASKS,
    WORDS,
    ReviewRow,
    as_line,
    parse_reviews,
    review_digests,
)
from wikitext.rows import clean_text

FULL = (
    "* {{Developer badges/Review|work=T123|size=Large|reason=A parser, written anew"
    "|evidence=https://phabricator.wikimedia.org/T123#4|accepted=yes}}"
)


def entry(line):
    [found] = parse_reviews(line).entries
    return found


def a_line(**values):
    told = "".join(
        f"|{name.replace('_', '-')}={value}" for name, value in values.items() if value is not None
    )
    return f"* {{{{Developer badges/Review{told}}}}}"


def row(**values):
    return entry(a_line(**values)).row


def problem(**values):
    return entry(a_line(**values)).problem


def test_a_line_says_one_thing_of_one_work_and_why():
    found = entry(FULL)

    assert found.row == ReviewRow(
        "size",
        work="T123",
        value="large",
        reason="A parser, written anew",
        evidence="https://phabricator.wikimedia.org/T123#4",
        accepted=True,
    )
    assert (found.problem, found.line, found.digest) == (None, 1, entry_digest(FULL))


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"size": "tiny"}, ("size", "tiny", ())),
        ({"impact": "MASSIVE"}, ("impact", "massive", ())),
        ({"fix": "no"}, ("fix", "no", ())),
        ({"split": "yes"}, ("split", "yes", ())),
        ({"same": "t99"}, ("same", "T99", ())),
        ({"by": "Ada; user:Bert_B"}, ("by", "", ("Ada", "Bert B"))),
        ({"not-by": "Ada"}, ("not-by", "", ("Ada",))),
        ({"harder-than": "owner/name#7"}, ("harder-than", "owner/name#7", ())),
    ],
)
def test_each_kind_has_its_value(values, says):
    found = row(work="T1", **values)

    assert (found.kind, found.value, found.names) == says


def test_a_given_badge_names_a_person_a_day_and_what_shows_it():
    given = {"badge": "mentor", "person": "Ada", "date": "2026-02-03", "evidence": "https://x.org"}

    assert row(**given) == ReviewRow(
        "badge", value="mentor", names=("Ada",), date=date(2026, 2, 3), evidence="https://x.org"
    )
    for name in ("person", "date", "evidence"):
        assert problem(**{**given, name: None}) == ("missing-option", name)
    assert problem(**given, work="T1") == ("bad-option", "work")


@pytest.mark.parametrize(
    "key",
    [
        "T1",
        "mediawiki/core~12",
        "repos/x/y!3",
        "owner/name.js#4",
        "metawiki:77",
        "labs/tools/a-b_c~1",
    ],
)
def test_a_work_is_called_as_on_every_page(key):
    assert row(work=key, size="small").work == key


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"work": None}, ("missing-option", "work")),
        ({"size": None}, ("review-one-kind",)),
        ({"impact": "large"}, ("review-one-kind",)),
        ({"work": "T0"}, ("bad-option", "work")),
        ({"work": "T1, T2"}, ("bad-option", "work")),
        ({"work": "../x~1"}, ("bad-option", "work")),
        ({"work": "x" * 300 + "~1"}, ("bad-option", "work")),
        ({"size": "huge"}, ("bad-option", "size")),
        ({"size": "7"}, ("bad-option", "size")),
        ({"size": None, "fix": "yes"}, ("bad-option", "fix")),
        ({"size": None, "split": "no"}, ("bad-option", "split")),
        ({"size": None, "same": "project~1"}, ("bad-option", "same")),
        ({"size": None, "same": "t1"}, ("bad-option", "same")),
        ({"size": None, "harder-than": "T1"}, ("bad-option", "harder-than")),
        ({"size": None, "harder-than": "T2 and T3"}, ("bad-option", "harder-than")),
        ({"size": None, "by": "a#b"}, ("bad-reviewed-name",)),
        ({"size": None, "by": ";"}, ("bad-option", "by")),
        ({"size": None, "by": "; ".join(f"A{n}" for n in range(30))}, ("bad-option", "by")),
        ({"size": None, "not-by": "Ada; Bert"}, ("bad-option", "not-by")),
        ({"size": None, "split": "yes", "work": "a~1"}, ("bad-option", "work")),
        ({"size": None, "by": "Ada", "work": "a~1"}, ("bad-option", "work")),
        ({"person": "Ada"}, ("bad-option", "person")),
        ({"date": "2026-01-01"}, ("bad-option", "date")),
        ({"evidence": "javascript:alert(1)"}, ("bad-option", "evidence")),
        ({"accepted": "perhaps"}, ("bad-option", "accepted")),
        ({"reason": "x" * 256}, ("bad-option", "reason")),
        ({"reason": "a\u202eb"}, ("invisible-characters",)),
        ({"reason": "a&#10;b"}, ("invisible-characters",)),
        ({"reason": "{{x}}"}, ("nested",)),
        ({"reason": "<b>"}, ("nested",)),
        ({"Kim did it": "1"}, ("unknown-option", "…")),
        ({"work ": "T4"}, ("option-twice", "work")),
        ({"reason": "x" * 1000}, ("too-long", MAX_BYTES)),
    ],
)
def test_what_cannot_be_read_is_named_and_nobodys_name_is_repeated(values, says):
    found = entry(a_line(**{"work": "T1", "size": "large", **values}))

    assert (found.row, found.problem) == (None, says)


def test_a_line_that_is_no_review_says_how_one_is_written():
    for line in (
        "{{Developer badges/Review|work=T1|size=large}}",
        "* {{Developer badges/Review|work=T1|size=large}} and more",
        "* {{Developer badges/Reviews|work=T1}} {{developer badges/review",
        "* {{Developer badges/Review|work=T1",
    ):
        assert entry(line).problem == ("bad-review-line",), line


def test_a_line_in_a_comment_is_no_review_and_an_unclosed_one_hides_nothing():
    assert not parse_reviews(f"<!--\n{FULL}\n-->").entries
    assert not parse_reviews(f"<nowiki>{FULL}</nowiki>").entries
    assert parse_reviews(f"<!-- oops\n{FULL}").unclosed == ((1, "unclosed-comment"),)
    assert review_digests(f"<!--\n{FULL}\n-->") == {entry_digest(FULL)}


LINES = st.lists(
    st.sampled_from(
        ["* {{Developer badges/Review", "|work=T1", "|size=large", "|by=", "|same=T2", "|badge=x", "|accepted=yes",
         "}}", "{{", "[[", "<!--", "-->", "<nowiki>", "</nowiki>", "&#x110000;", "&#xD800;", "[https://x y]", "\n"]
    )
    | st.text(max_size=5)
).map("".join)  # fmt: skip


@given(LINES)
def test_nothing_makes_the_reader_fail(text):
    for found in parse_reviews(text).entries:
        assert (found.row is None) != (found.problem is None)


NAMES = (
    st.text(min_size=1, max_size=30)
    .map(canonical_name)
    .filter(lambda name: name and ";" not in name)
)
TASKS = st.integers(1, 9_999_999).map("T{}".format)
WORKS = TASKS | st.from_regex(
    r"[a-z]{1,9}(/[a-z.-]{1,9}){0,2}[~!#:][1-9][0-9]{0,6}", fullmatch=True
)
EVIDENCE = st.sampled_from(["https://example.org/wiki/A_b?c=d&e=%7C#f", "https://x.org/(a)"])


@st.composite
def rows(draw):
    kind = draw(st.sampled_from(KINDS))
    values = {
        "size": st.sampled_from(WORDS), "impact": st.sampled_from(WORDS), "fix": st.just("no"),
        "split": st.just("yes"), "same": TASKS, "by": st.just(""), "not-by": st.just(""),
        "harder-than": WORKS, "badge": st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}", fullmatch=True),
    }  # fmt: skip
    most = {"by": MOST_NAMES // 4, "not-by": 1, "badge": 1}.get(kind, 0)
    of_badge = kind == "badge"
    return ReviewRow(
        kind,
        work="" if of_badge else draw(TASKS if kind in OF_TASKS else WORKS),
        value=draw(values[kind]),
        names=tuple(draw(st.lists(NAMES, min_size=min(1, most), max_size=most, unique=True))),
        date=draw(st.dates()) if of_badge else None,
        reason=draw(st.text(max_size=60).map(clean_text)),
        evidence=draw(EVIDENCE if of_badge else st.just("") | EVIDENCE),
        accepted=draw(st.booleans()),
    )


@given(rows().filter(lambda one: one.work != one.value))
def test_a_review_that_is_written_reads_the_same(row):
    try:
        line = as_line(row)
    except ValueError:
        line = None  # too long for a line

    if line is None:
        assert len(row.reason) + sum(map(len, row.names)) > 50
    else:
        assert entry(line).row == row
        assert "\n" not in line
        assert "~~~" not in line


def test_what_cannot_be_written_is_refused():
    good = row(work="T1", size="large")

    assert as_line(good) == "* {{Developer badges/Review|work=T1|size=large}}"
    for change in (
        {"value": "huge"},
        {"work": "T1|accepted=yes"},
        {"reason": "a\nb"},
        {"names": ("Ada",)},
        {"kind": "by", "value": ""},
        {"kind": "by", "value": "", "names": ("a; b",)},
    ):
        with pytest.raises(ValueError, match="cannot be written"):
            as_line(replace(good, **change))


def test_a_hostile_page_is_read_all_the_same():
    hostile = [
        "* {{Developer badges/Review|" + "{{" * 480,
        "* {{Developer badges/Review|reason=" + "[[a|" * 230 + "}}",
        "* {{Developer badges/Review|work=" + "a/" * 480 + "}}",
        "* {{Developer badges/Review|size=large|work=" + "a-" * 450 + "}}",
        "* {{Developer badges/Review|reason=" + "&#1;" * 230 + "}}",
    ]

    found = parse_reviews("\n".join(hostile * 20)).entries

    assert len(found) == 100
    assert not any(one.row for one in found)


def test_rows_made_to_be_slow_are_refused_before_they_are_parsed():
    bars = "* {{Developer badges/Review|" + "|" * 900 + "}}"
    calls = "* {{Developer badges/Review|" + "{{a|" * 200 + "}}"

    for line in (bars, calls):
        (entry,) = parse_reviews(line).entries
        assert entry.problem == ("nested",)


@pytest.mark.parametrize("mark", ["ACCEPTED=yes", "Accepted=yes", "accepted=YES", "accepted=Yes"])
def test_a_mark_that_the_template_does_not_show_is_none(mark):
    (entry,) = parse_reviews(f"* {{{{Developer badges/Review|work=T1|size=large|{mark}}}}}").entries

    assert entry.row is None
