"""The rules as a page that people write: what is read, and what is said of whatever cannot be."""

import json
import re
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.badges import tier_of_example
from scoring.difficulty import label_of
from scoring.model import Badge, Condition, Example
from scoring.rules import RULES, Rules
from wikitext.rules_badges import BADGE, read_badges
from wikitext.rules_json import DEEPEST, MOST_BYTES
from wikitext.rules_page import (
    COMMUNITY,
    Community,
    RulesError,
    RulesPage,
    StaffPeriod,
    differences_of,
    dump_rules,
    parse_rules,
    recall_rules,
)
from wikitext.rules_shapes import FIXED, SHAPES

SHIPPED = dump_rules(RulesPage())
I18N = Path(__file__).parents[2] / "wikitext" / "onwiki" / "i18n"


def page(**values):
    return json.dumps({"schema": 1, **values}, indent="\t")


def wrong(text):
    with pytest.raises(RulesError) as caught:
        parse_rules(text)
    return caught.value


def says(text):
    return wrong(text).says


def test_a_page_that_says_nothing_is_the_rules_we_ship():
    assert parse_rules('{"schema": 1}').rules is RULES
    assert parse_rules(SHIPPED) == RulesPage()


def test_only_what_differs_has_to_be_there():
    read = parse_rules(page(lines_cap=500, labels=[[1, 0.5]]))

    assert read.rules.lines_cap == 500
    assert read.rules.labels == ((1.0, 0.5),)
    assert read.rules.size == RULES.size
    assert [name for name, _, _ in differences_of(RulesPage(), read)] == ["lines_cap", "labels"]


def test_every_field_of_a_badge_has_a_shape():
    assert {one.name for one in fields(Badge)} == set(BADGE)


def test_every_field_of_the_rules_has_a_shape_or_is_fixed():
    assert {one.name for one in fields(Rules)} == SHAPES.keys() | FIXED
    assert {one.name for one in fields(Community)} == COMMUNITY.keys()


def test_the_error_names_the_line_and_what_is_expected():
    error = wrong('{\n\t"schema": 1,\n\t"lines_cap": 9,\n\t"replaced_part": 7\n}')

    assert str(error) == "line 4: “replaced_part” must be a number from 0 to 1."
    assert (error.line, error.says) == (4, ("rules-number", "replaced_part", 0, 1))


def test_the_line_is_that_of_the_very_value_in_a_list():
    text = '{"schema": 1,\n"badges": {\n"task-tamer": {\n"tiers": [\n1,\n"\\"}]\\u0041",\n3]}}}'

    assert (wrong(text).line, wrong(text).says[0]) == (6, "rules-whole")


def test_a_key_that_means_nothing_is_refused_with_the_nearest_that_does():
    assert says(page(lines_cup=1)) == ("rules-unknown", "lines_cup", "lines_cap")
    assert says(page(community={"reviewer": []})) == ("rules-unknown", "reviewer", "reviewers")
    assert says(page(bots=["x"])) == ("rules-in-community", "bots")


@pytest.mark.parametrize("field", sorted(FIXED))
def test_what_says_what_the_ledger_keeps_cannot_be_changed(field):
    assert says(page(**{field: 1})) == ("rules-fixed", field)


def test_a_page_needs_its_schema_so_that_a_later_form_is_not_misread():
    assert says("{}") == ("rules-missing", "schema")
    assert says('{"schema": 2}')[0] == "rules-whole"


def test_a_key_twice_is_an_error_for_one_of_them_was_not_meant():
    error = wrong('{"schema": 1,\n"lines_cap": 5,\n"lines_cap": 6}')

    assert (error.line, error.says) == (3, ("rules-twice", "lines_cap"))
    assert says('{"schema": 1, "priorities": {"high": 1, "h\\u0069gh": 0}}')[0] == "rules-twice"


def test_what_is_no_json_is_said_with_line_and_column():
    error = wrong('{\n\t"schema": 1\n\t"size": 1\n}')

    assert (error.line, error.says) == (3, ("rules-json", 2))
    assert says("") == ("rules-json", 1)
    assert says("[]") == ("rules-no-object",)


def test_weights_add_up_to_one():
    assert says(page(size=0.5)) == ("rules-sum", "size, spread, review, chain", 1.02)
    assert parse_rules(page(size=0.4, spread=0.38)).rules.spread == 0.38
    assert parse_rules(page(size=0.4800000001)).rules.size > 0.48
    assert says(page(reach=0.2))[0] == "rules-sum"


def test_each_word_of_reviewers_has_a_value_and_its_place_whatever_order_the_page_has():
    assert says(page(sizes=dict(RULES.sizes[1:]))) == ("rules-missing", "tiny")

    turned = parse_rules(page(sizes=dict(reversed(RULES.sizes)))).rules
    assert turned.sizes == RULES.sizes
    assert label_of("massive", "review-size", turned).values == (5,)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 9000, "true"])
def test_no_number_is_beyond_all_numbers(value):
    assert says(f'{{"schema": 1, "years_cap": {value}}}')[0] == "rules-number"
    assert says(f'{{"schema": 1, "lines_cap": {value}}}')[0] == "rules-whole"


@pytest.mark.parametrize(
    ("field", "value", "word"),
    [
        ("lines_cap", 0, "rules-whole"),
        ("lines_cap", 1.5, "rules-whole"),
        ("lines_cap", None, "rules-whole"),
        ("directories_cap", 1, "rules-whole"),
        ("entropy_bits", 0, "rules-number"),
        ("kinds", {}, "rules-list"),
        ("kinds", [["code"]], "rules-row"),
        ("kinds", [["Code", []]], "rules-like"),
        ("kinds", [["code", ["{"]]], "rules-glob"),
        ("reaches", [["reach-moon", 0.5, ["a"]]], "rules-one-of"),
        ("reaches", [["reach-core", 2, ["a"]]], "rules-number"),
        ("priorities", {"urgent": 1}, "rules-one-of"),
        ("priorities", [], "rules-object"),
        ("sizes", {"tiny": 0.1}, "rules-missing"),
        ("sizes", {"huge": 0.1}, "rules-one-of"),
        ("line_weights", {"code": -1}, "rules-number"),
        ("labels", [], "rules-list"),
        ("labels", [[1, 0.5], [1, 0.6]], "rules-rising"),
        ("staff_names", ["x" * 501], "rules-text"),
        ("staff_names", ["*a*a*a*a*b"], "rules-stars"),
        ("staff_names", ["a\u202eb"], "rules-text"),
        ("badges", 1, "rules-list"),
        ("badges", [{"id": "a", "counts": "issues", "tiers": [1]}], "rules-missing"),
        ("badges", {"Task": {}}, "rules-like"),
        ("badges", {"task-tamer": {"id": "other"}}, "rules-other-id"),
        ("badges", {"task-tamer": {"tier": [1]}}, "rules-unknown"),
        ("badges", {"task-tamer": {"tiers": [1, 1]}}, "rules-rising"),
        ("badges", {"task-tamer": {"tiers": [1, 2, 3, 4, 5]}}, "rules-list"),
        ("badges", {"task-tamer": {"state": "off"}}, "rules-one-of"),
        ("badges", {"task-tamer": {"discussion": "javascript:alert(1)"}}, "rules-like"),
        ("badges", {"task-tamer": {"where": [{"field": "__class__"}]}}, "rules-like"),
        ("badges", {"task-tamer": {"where": [{"field": "unheard", "least": 1}]}}, "rules-field"),
        ("badges", {"patch-quilter": {"where": [{"field": "share", "least": 1}]}}, "rules-field"),
        ("badges", {"task-tamer": {"counts": "reviews"}}, "rules-field"),
        ("badges", {"task-tamer": {"distinct": "issue"}}, "rules-field"),
        ("badges", {"task-tamer": {"highest": "tags"}}, "rules-field"),
        ("badges", {"task-tamer": {"where": [{"field": "tags", "least": 1}]}}, "rules-ask-texts"),
        ("badges", {"task-tamer": {"where": [{"field": "lines"}]}}, "rules-ask-number"),
        (
            "badges",
            {"task-tamer": {"where": [{"field": "lines", "among": ["x"]}]}},
            "rules-ask-number",
        ),
        (
            "badges",
            {"task-tamer": {"examples": [{"has": [{"times": 0}], "tier": 0}]}},
            "rules-whole",
        ),
        (
            "badges",
            {"task-tamer": {"examples": [{"has": [{"times": 10**9}], "tier": 0}]}},
            "rules-whole",
        ),
        (
            "badges",
            {"task-tamer": {"examples": [{"has": [{"lines": "many"}], "tier": 0}]}},
            "rules-event",
        ),
        (
            "badges",
            {"task-tamer": {"examples": [{"has": [{"tags": 3}], "tier": 0}]}},
            "rules-event",
        ),
        (
            "badges",
            {"task-tamer": {"examples": [{"has": [{"wings": 2}], "tier": 0}]}},
            "rules-event",
        ),
        (
            "badges",
            {"task-tamer": {"examples": [{"has": [{"day": "soon"}], "tier": 0}]}},
            "rules-event",
        ),
        ("badges", {"task-tamer": {"examples": [{"has": [{}], "tier": 1}]}}, "rules-example"),
        ("community", {"reviewers": ["A|B"]}, "rules-user"),
        ("community", {"reviewers": "Ada"}, "rules-list"),
        ("community", {"staff": [{"user": "Ada"}]}, "rules-missing"),
        ("community", {"staff": [{"user": "Ada", "from": "2019"}]}, "rules-text"),
        ("community", {"staff": [{"user": "Ada", "from": "2019-13"}]}, "rules-like"),
        (
            "community",
            {"staff": [{"user": "Ada", "from": "2019-03", "to": "2019-02"}]},
            "rules-backwards",
        ),
        ("community", {"github_repositories": ["a/b/c"]}, "rules-like"),
        ("community", {"gitlab_groups": ["../x"]}, "rules-like"),
    ],
)
def test_each_value_has_its_range_and_its_shape(field, value, word):
    assert says(page(**{field: value}))[0] == word


@pytest.mark.parametrize(
    "address",
    [
        "metawiki=http://meta.wikimedia.org/w/api.php",
        "metawiki=https://127.0.0.1/w/api.php",
        "metawiki=https://localhost/w/api.php",
        "metawiki=https://user:word@meta.wikimedia.org/w/api.php",
        "metawiki=https://meta.wikimedia.org:22/w/api.php",
        "metawiki=https://meta.wikimedia.org/w/index.php",
        "metawiki=https://meta.wikimedia.org/w/api.php?x=1",
        "metawiki=https://[::1/w/api.php",
        "https://meta.wikimedia.org/w/api.php",
        7,
    ],
)
def test_the_bot_is_sent_to_public_wikis_only(address):
    assert says(page(community={"onwiki": [address]}))[0] == "rules-like"


def test_the_community_names_its_people_and_places():
    read = parse_rules(
        page(
            community={
                "reviewer_groups": ["sysop", "badge-reviewer"],
                "reviewers": ["user:ada_Example"],
                "staff": [
                    {"user": "Bert", "from": "2019-03", "to": "2024-06"},
                    {"user": "Bert", "from": "2025-01"},
                ],
                "excluded": ["Mallory"],
                "bots": ["SomeBot"],
                "onwiki": ["metawiki=https://meta.wikimedia.org/w/api.php"],
                "gitlab_groups": [],
            }
        )
    ).community

    assert read.reviewers == {"Ada Example"}
    assert read.staff[1] == StaffPeriod("Bert", "2025-01")
    assert read.bots == {"somebot"}
    assert read.gitlab_groups == frozenset()
    assert read.github_repositories is None
    assert read.names == {"Ada Example", "Bert", "Mallory"}


def test_single_badges_are_changed_and_new_ones_come_last():
    changes = {
        "task-tamer": {"state": "paused"},
        "night-owl": {"name": "Night Owl", "counts": "works", "tiers": [1, 2]},
    }
    badges = parse_rules(page(badges=changes)).rules.badges

    assert badges[: len(RULES.badges)] == tuple(
        replace(one, state="paused") if one.id == "task-tamer" else one for one in RULES.badges
    )
    assert badges[-1] == Badge("night-owl", "works", (1, 2), "Night Owl")
    assert says(page(badges={"night-owl": {"name": "Night Owl"}})) == ("rules-missing", "counts")


def test_a_badge_with_another_rule_does_not_keep_the_examples_of_the_old_one():
    example = {"has": [{"times": 9, "tags": ["x"]}], "tier": 1}
    badge = {"id": "a", "counts": "issues", "tiers": [9], "name": "A", "examples": [example]}
    shipped = listing_of(badge)

    paused = read_badges(shipped)({"a": {"state": "paused"}}, ())
    raised = read_badges(shipped)({"a": {"tiers": [10]}}, ())
    given = read_badges(shipped)({"a": {"tiers": [8], "examples": [example]}}, ())

    assert shipped[0].examples == (Example(({"times": 9, "tags": ("x",)},), 1),)
    assert [len(one[0].examples) for one in (paused, raised, given)] == [1, 0, 1]


def listing_of(*badges):
    return parse_rules(page(badges=[*badges])).rules.badges


def test_a_whole_catalogue_replaces_the_one_we_ship():
    badge = {"id": "a", "counts": "issues", "tiers": [1], "name": "A"}

    assert parse_rules(page(badges=[badge])).rules.badges == (Badge("a", "issues", (1,), "A"),)
    assert says(page(badges=[badge, badge])) == ("rules-same-id", "a")


# What no page may do to the program ---------------------------------------------------------------


@pytest.mark.parametrize("whole", [True, False])
def test_all_examples_together_tell_of_so_few_events_that_no_round_stalls(whole):
    example = {"has": [{"share": 0.5, "times": 5000}], "tier": 1}
    badge = {"name": "A", "counts": "reviews", "tiers": [5000], "examples": [example] * 3}

    def badges(many):
        found = {f"a-{n}": badge for n in range(many)}
        return [one | {"id": id_} for id_, one in found.items()] if whole else found

    assert says(page(badges=badges(2))) == ("rules-many-events", 20_000)
    assert wrong(page(badges=badges(200))).says[0] == "rules-many-events"
    parse_rules(page(badges=badges(1)))


def test_a_page_too_large_is_not_even_read():
    assert says(" " * (5 * 1024 * 1024))[0] == "rules-too-large"
    assert says('"' + "é" * (MOST_BYTES // 2 + 1) + '"')[0] == "rules-too-large"


@pytest.mark.parametrize("opening", ["[", '{"a":', '{"a":[', '"[\\"",['])
def test_nesting_without_end_is_refused_before_it_takes_the_stack(opening):
    many = opening * (MOST_BYTES // len(opening) // 2)

    assert says(many)[0] in ("rules-too-deep", "rules-json")
    assert says("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1)) == ("rules-too-deep", DEEPEST)
    assert says("]" * 9 + "[" * (DEEPEST + 9)) == ("rules-json", 1)


@pytest.mark.parametrize("text", ['\\"' * 120_000, '"' + '\\"' * 120_000, '"' * 250_000])
def test_quotation_marks_without_end_are_looked_at_once(text):
    assert says(text)[0] == "rules-json"


def test_what_is_repeated_of_a_page_is_short_and_steers_nothing():
    _, repeated, _ = says(json.dumps({"schema": 1, "\u202e\x1b\ud800" + "x" * 500: 1}))

    assert len(repeated) <= 40
    assert not {"\u202e", "\x1b", "\ud800"} & set(repeated)


def test_a_user_name_is_not_repeated():
    assert "Mallory" not in str(wrong(page(community={"excluded": ["Mallory|x"]})))


def test_half_characters_are_refused():
    assert says(page(staff_names=["\ud800"]))[0] == "rules-text"
    assert says('{"schema": "\ud800"}')[0] == "rules-whole"


# Properties ---------------------------------------------------------------------------------------


def sound(badge, has):
    """The badge, with examples that come out as they say."""
    examples = [Example(events, tier_of_example(badge, events), "why") for events in has]
    return replace(badge, examples=tuple(examples))


def whole_pages():
    names = st.sampled_from(["Ada Example", "Bert", "Ёлка 木", "ليلى", "O'Sample"])
    months = st.from_regex(r"20[0-2]\d-0[1-9]", fullmatch=True)
    weights = st.floats(0, 0.5).map(lambda one: {"size": one, "spread": 0.78 - one})
    share, count = st.floats(0, 1), st.integers(1, 1000)
    numbers = st.tuples(st.floats(-100, 100), st.none() | st.integers(0, 9).map(float))
    patterns = st.lists(st.sampled_from(["a*", "Ünïcode"]), min_size=1, max_size=2)
    conditions = numbers.map(lambda one: Condition("difficulty", *one)) | patterns.map(
        lambda one: Condition("tags", among=tuple(one))
    )
    events = st.fixed_dictionaries(
        {},
        optional={
            "issue": st.booleans(),
            "times": st.integers(1, 9),
            "lines": st.integers(0, 9),
            "tags": st.sampled_from([("a", "b"), ()]),
            "day": st.just("2025-03-04"),
        },
    )
    examples = st.lists(events, max_size=2).map(tuple)
    badges = st.builds(
        lambda counts, where, distinct, has, **more: sound(
            Badge(
                counts=counts,
                where=() if counts == "given" else tuple(where),
                distinct="" if counts == "given" else distinct,
                **more,
            ),
            has,
        ),
        st.sampled_from(["issues", "points", "given"]),
        st.lists(conditions, max_size=2),
        st.sampled_from(["", "project"]),
        st.lists(examples, max_size=2),
        id=st.from_regex(r"[a-z][a-z0-9-]{0,9}", fullmatch=True),
        tiers=st.sets(count, min_size=1, max_size=4).map(lambda found: tuple(sorted(found))),
        name=st.sampled_from(["One", "Zwölf"]),
        state=st.sampled_from(["active", "paused"]),
    )
    rules = st.builds(
        lambda sums, values: replace(RULES, **sums, **values),
        weights,
        st.fixed_dictionaries(
            {},
            optional={
                "lines_cap": count,
                "unknown_age": share,
                "priorities": st.just((("low", 0.5),)),
                "kinds": st.just((("code", ("*.x", "é")),)),
                "tags": st.just(()),
                "badges": st.lists(badges, max_size=3, unique_by=lambda one: one.id).map(tuple),
            },
        ),
    )
    places = st.none() | st.just(frozenset({"a/b", "c/d"}))
    community = st.builds(
        Community,
        reviewers=st.frozensets(names),
        staff=st.lists(
            st.builds(StaffPeriod, names, months, st.none() | st.just("2031-01")), max_size=2
        ).map(tuple),
        excluded=st.frozensets(names),
        bots=st.frozensets(st.sampled_from(["a bot", "straße"]).map(str.casefold)),
        github_repositories=places,
        gitlab_groups=places,
    )
    return st.builds(RulesPage, rules, community)


@given(whole_pages())
def test_what_is_written_is_read_again(page):
    text = dump_rules(page)

    assert parse_rules(text) == page
    assert recall_rules(text) == page
    assert dump_rules(parse_rules(text)) == text
    assert all(name in text for name in SHAPES)


@given(whole_pages(), whole_pages())
def test_pages_are_equal_if_nothing_differs(one, other):
    assert (one == other) == (dump_rules(one) == dump_rules(other))
    if one == other:
        assert hash(one) == hash(other)


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=8,
)


def bears(text):
    """Either rules, or an error with a line of the text; nothing else is raised."""
    wrong = None
    try:
        read = parse_rules(text)
    except RulesError as error:
        wrong = error
    else:
        assert parse_rules(dump_rules(read)) == read
    if wrong is not None:
        assert 1 <= wrong.line <= text.count("\n") + 1
        assert len(str(wrong)) < 1000
    recall_rules(text)


@given(st.text())
def test_no_text_raises_anything_else(text):
    bears(text)


@settings(max_examples=300)
@given(
    st.dictionaries(
        st.sampled_from([*SHAPES, *FIXED, "schema", "community"]), VALUES, max_size=4
    ).map(lambda one: page(**one))
)
def test_no_value_raises_anything_else(text):
    bears(text)


@given(
    st.sampled_from(sorted(COMMUNITY)), VALUES, st.sampled_from(["task-tamer", "new"]), VALUES,
    st.sampled_from([one.name for one in fields(Badge)]),
)  # fmt: skip
def test_no_list_or_badge_raises_anything_else(name, value, badge, part, field):
    bears(page(community={name: value}))
    bears(page(badges={badge: {field: part}}))
    bears(page(badges=[{field: part}]))


@settings(max_examples=300)
@given(st.integers(0, len(SHIPPED)), st.integers(0, 40), st.text(max_size=5))
def test_no_slip_of_the_hand_raises_anything_else(at, many, typed):
    bears(SHIPPED[:at] + typed + SHIPPED[at + many :])


def test_an_earlier_programs_rules_are_recalled_as_far_as_they_are_known():
    old = json.loads(SHIPPED) | {"a_field_of_old": 1, "lines_cap": 77, "years_cap": "x"}
    recalled = recall_rules(json.dumps(old))

    assert (recalled.rules.lines_cap, recalled.rules.years_cap) == (77, RULES.years_cap)
    assert recall_rules("damaged") == RulesPage()


def test_everything_that_can_be_wrong_has_words():
    text = "".join(
        (I18N.parents[1] / name).read_text("utf-8")
        for name in (
            "shapes.py",
            "rules_page.py",
            "rules_json.py",
            "rules_badges.py",
            "rules_fit.py",
        )
    )
    keys = set(re.findall(r'"(rules-[a-z-]+)"', text)) | {"bad-rules", "excluded"}
    known = json.loads((I18N / "en.json").read_text("utf-8"))

    assert len(keys) > 20
    assert {f"report-{key}" for key in keys} == {
        key for key in known if key.startswith("report-rules-")
    } | {"report-bad-rules", "report-excluded"}
