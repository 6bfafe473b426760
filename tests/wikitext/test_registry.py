import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wikitext.choices import NO_CHOICES, Goal, hide_words
from wikitext.registry import (
    MAX_BYTES,
    canonical_name,
    entry_digest,
    entry_digests,
    parse_registry,
)

ADA = "* {{Developer badges/Person|Ada Example|developer=Ada E}}"


def entries(text):
    return parse_registry(text).entries


def problems(text):
    return [entry.problem and entry.problem[0] for entry in entries(text)]


def test_an_entry_says_who_and_under_which_developer_name():
    (entry,) = entries(f"People:\n{ADA}\nThat is all.")

    assert (entry.line, entry.name, entry.developer, entry.problem) == (
        2,
        "Ada Example",
        "Ada E",
        None,
    )


def test_the_template_may_be_written_in_every_way_mediawiki_takes():
    for line in (
        "*{{developer badges/Person|Ada}}",
        "* {{Template:Developer_badges/Person | user = Ada }}",
        "* {{Developer badges/Person|User:Ada}} <!-- since 2026 -->",
        "*   {{ Developer badges/Person |1=Ada}}   ",
    ):
        (entry,) = entries(line)
        assert (entry.name, entry.problem) == ("Ada", None), line


def test_a_line_in_a_closed_comment_is_no_entry_so_commenting_oneself_out_is_leaving():
    assert not entries(f"<!--\n{ADA}\n-->")
    assert not entries(f"<nowiki>{ADA}</nowiki>")
    assert not entries(f"text <!-- {ADA} -->")
    for tag in ("nowiki x", "pre", "syntaxhighlight lang=text", "SOURCE"):
        assert not entries(f"<{tag}>\n{ADA}\n</{tag.split()[0]}>"), tag


def test_an_unclosed_comment_hides_nobody_and_is_reported():
    page = parse_registry(f"<!-- oops\n{ADA}\n<nowiki>\n{ADA}x")

    assert len(page.entries) == 2
    assert page.unclosed == ((1, "unclosed-comment"), (3, "unclosed-nowiki"))


def test_one_broken_line_harms_no_other():
    text = "\n".join(
        [
            "* {{Developer badges/Person|Bro''ken",
            ADA,
            "* {{Developer badges/Person|{{x|''}}",
            "<b><ref>",
        ]
    )

    assert problems(text) == ["bad-line", None, "bad-line"]


def test_what_is_wrong_with_a_line_is_said():
    table = {
        "* {{Developer badges/Person}}": "bad-name",
        "* {{Developer badges/Person|}}": "bad-name",
        "* {{Developer badges/Person|A/B}}": "bad-name",
        "* {{Developer badges/Person|A|user=B}}": "bad-name",
        "* {{Developer badges/Person|A<b>}}": "nested",
        "* {{Developer badges/Person|[[A]]}}": "nested",
        "* {{Developer badges/Person|{{PAGENAME}}}}": "nested",
        "* {{Developer badges/Person|A|hidden=score}}": "unknown-option",
        "* {{Developer badges/Person|A|developer=x|developer=y}}": "option-twice",
        "* {{Developer badges/Person|A}} {{Developer badges/Person|B}}": "bad-line",
        "* Hello {{Developer badges/Person|A}}": "bad-line",
        "{{Developer badges/Person|A}}": "bad-line",
        "** {{Developer badges/Person|A}}": "bad-line",
        f"* {{{{Developer badges/Person|A|developer={'x' * MAX_BYTES}}}}}": "too-long",
    }

    assert entries("* {{Developer badges/Person|A|Zoe=1}}")[0].problem == ("unknown-option", "…")
    assert {line: problems(line) for line in table} == {
        line: [word] for line, word in table.items()
    }


def test_an_entry_claims_accounts_by_source_and_several_with_commas():
    (entry,) = entries(
        "* {{Developer badges/Person|Ada|phabricator=Ada, ada.2|gitlab=ada_e|github=Ada-E,ada-e}}"
    )

    assert entry.claims == {
        "phabricator": ("Ada", "ada.2"),
        "gitlab": ("ada_e",),
        "github": ("Ada-E", "ada-e"),
    }


def test_an_entry_tells_its_paid_periods_by_month():
    (entry,) = entries("* {{Developer badges/Person|Ada|paid=2025-01.., 2019-03 .. 2024-06}}")

    assert entry.paid == (("2019-03", "2024-06"), ("2025-01", None))


def test_an_option_without_a_value_says_nothing():
    (entry,) = entries("* {{Developer badges/Person|Ada|github=|paid= |developer=}}")

    assert (entry.name, entry.claims, entry.paid, entry.problem) == ("Ada", {}, (), None)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("github", "\u0430da"),  # Cyrillic
        ("github", "ada e"),
        ("github", "-ada"),
        ("github", "github.com/ada"),
        ("github", "@ada"),
        ("github", "ada,"),
        ("gitlab", "a,b,c,d,e,f"),
        ("phabricator", "x" * 65),
        ("paid", "2019"),
        ("paid", "2019-03"),
        ("paid", "2019-13..2020-01"),
        ("paid", "2020-02..2020-01"),
        ("paid", "..2020-01"),
        ("paid", "2019-03-01..2019-04-01"),
        ("paid", "\u0662\u0660\u0661\u0669-03.."),
        ("paid", "yes"),
    ],
)
def test_an_option_that_cannot_be_understood_is_not_guessed_at(option, value):
    (entry,) = entries(f"* {{{{Developer badges/Person|Ada|{option}={value}}}}}")

    assert (entry.name, entry.problem) == ("", ("bad-option", option))


def test_claims_with_signs_that_nobody_sees_are_refused():
    for option in ("phabricator", "gitlab", "github", "paid", "hide", "goal", "wall"):
        assert problems(f"* {{{{Developer badges/Person|A|{option}=ada\u200b}}}}") == [
            "invisible-characters"
        ]


def test_an_entry_chooses_what_to_hide_a_goal_and_the_wall():
    (entry,) = entries(
        "* {{Developer badges/Person|Ada|hide= Score, barn-raiser,t123, mediawiki/core~7,"
        "a/b!8, owner/name#9, metawiki:10, W463, w12, wmde-wishes 3b,|goal= Issues : 50 , 2026-12-31"
        "|wall=Yes}}".replace(",|goal", "|goal")
    )

    assert entry.problem is None
    assert set(entry.choices.hide) == {
        "score", "barn-raiser", "T123", "mediawiki/core~7", "a/b!8", "owner/name#9", "metawiki:10",
        "W463", "W12", "wmde-wishes 3b",
    }  # fmt: skip
    assert entry.choices.goal == Goal("issues", 50, date(2026, 12, 31))
    assert entry.choices.wall is True


def test_who_chooses_nothing_hides_nothing():
    for options in ("", "|hide=|goal= |wall=", "|wall=no"):
        (entry,) = entries(f"* {{{{Developer badges/Person|Ada{options}}}}}")
        assert (entry.problem, entry.choices) == (None, NO_CHOICES)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("hide", "score,"),
        ("hide", "Barn Raiser!"),
        ("hide", "core~x"),
        ("hide", "\u0430ll"),  # Cyrillic
        ("hide", ",".join(f"T{number}" for number in range(1, 52))),
        ("goal", "issues"),
        ("goal", "50"),
        ("goal", "points:50"),
        ("goal", "issues:0"),
        ("goal", "issues:1000001"),
        ("goal", "issues:1,000"),
        ("goal", "issues:5.5"),
        ("goal", "issues:-5"),
        ("goal", "issues:\u0665"),
        ("goal", "issues:50, 2026-02-30"),
        ("goal", "issues:50, 31.12.2026"),
        ("goal", "issues:50, 2026-12-31, 2027-12-31"),
        ("wall", "maybe"),
        ("wall", "1"),
    ],
)
def test_a_choice_that_cannot_be_understood_makes_the_entry_wait(option, value):
    (entry,) = entries(f"* {{{{Developer badges/Person|Ada|{option}={value}}}}}")

    assert (entry.name, entry.choices) == ("", NO_CHOICES)
    assert entry.problem == ("bad-option", option)


@given(st.text(alphabet="abeghlost T1W~!#:/, -", max_size=60))
def test_whatever_stands_for_things_to_hide_is_understood_as_a_whole_or_not_at_all(text):
    found = hide_words(text)

    if found is not None:
        assert len({part.strip().casefold() for part in text.split(",")}) >= len(found) > 0
        assert hide_words(", ".join(found)) == found


@given(st.text(alphabet="0123456789-., ..\u0660", max_size=40))
def test_whatever_stands_for_paid_months_is_a_list_of_periods_or_refused(text):
    (entry,) = entries(f"* {{{{Developer badges/Person|Ada|paid={text}}}}}")

    assert all(last is None or first <= last for first, last in entry.paid)
    assert entry.paid or entry.problem or not text.strip()


def test_a_name_that_looks_like_another_by_invisible_characters_is_refused():
    for hidden in "\u200b\u202e\u00ad\ufeff\u2066\u200f":
        assert canonical_name(f"Ada{hidden} Example") is None
        line = f"* {{{{Developer badges/Person|A|developer=Ada{hidden}}}}}"
        assert problems(line) == ["invisible-characters"]


def test_names_come_out_as_mediawiki_writes_them():
    assert canonical_name(" user:Ada_Example ") == "Ada Example"
    assert canonical_name("E\u0301va") == "\u00c9va"
    assert canonical_name("123") == "123"
    assert canonical_name('O\'Neill "x" = y') == 'O\'Neill "x" = y'


def test_the_digest_is_that_of_the_text_as_mediawiki_stores_it():
    assert entry_digest(f"  {ADA}  ") == entry_digest(ADA)
    assert entry_digest("e\u0301") == entry_digest("\u00e9")
    assert entry_digest(ADA) != entry_digest(ADA.replace("Ada E}", "Ada F}"))


SLOW = {
    "braces that never end": "\n".join(["* {{Developer badges/Person|" + "{{a|b=" * 150] * 200),
    "tags that never end": "\n".join(["* {{Developer badges/Person|" + "<b " * 300 + "}}"] * 1000),
    "comments on one line": "<pre>" + "{{ " * 60_000 + "<!---->" * 150_000 + "</pre>",
    "comments that never end": "<!--" * 300_000,
    "links that never end": "[[a|" * 300_000,
    "very many entries": "* {{Developer badges/Person|A}}\n" * 30_000,
}


@pytest.mark.parametrize("how", SLOW)
def test_a_page_made_to_be_slow_is_read_in_a_moment(how):
    """The bound is far above what it takes, and far below what a quadratic reading would (hours)."""
    started = time.process_time()
    parse_registry(SLOW[how])
    entry_digests(SLOW[how])

    assert time.process_time() - started < 60


@given(st.text(alphabet="*{}|<>!-[]'=\n Dd/evloprbadgsPn\u202e", max_size=300))
def test_whatever_stands_on_the_page_reading_it_never_fails(text):
    for entry in entries(text + ADA):
        assert entry.problem or entry.name


@given(st.lists(st.text(max_size=80), max_size=8))
def test_no_other_lines_can_hide_an_entry_that_stands_first(lines):
    first = entries("\n".join([ADA, *lines]))[0]

    assert (first.name, first.problem) == ("Ada Example", None)
