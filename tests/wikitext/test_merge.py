"""What two sides made of one text: nothing of either is lost, or it is a conflict."""

import json
from collections import Counter

from hypothesis import example, given
from hypothesis import strategies as st

from wikitext.merge import differing, merge, same_text

BASE = "one\ntwo\nthree\nfour\nfive\n"


def test_changes_in_different_places_come_together():
    merged = merge(BASE, BASE.replace("one", "ONE"), BASE.replace("five", "FIVE"))

    assert merged.conflicts == ()
    assert merged.text == "ONE\ntwo\nthree\nfour\nFIVE"


def test_the_same_change_of_both_is_made_once():
    same = BASE.replace("three", "3")

    assert merge(BASE, same, same).text == same.rstrip()


def test_one_line_changed_in_two_ways_is_a_conflict_that_says_where():
    here = "a line of the wiki\n" + BASE.replace("three", "drei")
    merged = merge(BASE, here, BASE.replace("three", "trois"))

    assert merged.text is None
    (hunk,) = merged.conflicts
    assert (hunk.place, hunk.here, hunk.kit) == ("line 4", ("drei",), ("trois",))


def messages(**values):
    return json.dumps(values, ensure_ascii=False, indent=2)


def test_a_translation_of_the_wiki_stays_and_new_messages_come():
    merged = merge(
        messages(title="Badges", old="Gone", goal="Goal"),
        messages(title="Abzeichen", old="Gone", goal="Goal", ours="Hier"),
        messages(title="Badges", goal="The goal", wall="Wall"),
    )

    assert merged.conflicts == ()
    assert list(json.loads(merged.text).items()) == [
        ("title", "Abzeichen"),
        ("goal", "The goal"),
        ("wall", "Wall"),
        ("ours", "Hier"),
    ]


def test_a_message_that_the_kit_gave_up_stays_where_somebody_had_changed_it():
    merged = merge(messages(old="Gone"), messages(old="Weg"), messages())

    assert json.loads(merged.text) == {"old": "Weg"}


def test_a_key_that_both_changed_is_a_conflict_and_so_is_one_that_the_wiki_removed():
    merged = merge(messages(a="1", b="1"), messages(a="2"), messages(a="3", b="3"))

    assert [hunk.place for hunk in merged.conflicts] == ['key "a"', 'key "b"']
    assert merged.conflicts[0].here == ('\t"a": "2"',)
    assert merged.conflicts[1].here == ()


def test_a_conflict_concerns_only_its_key_and_stays_one_until_it_is_settled():
    base, here = messages(about="About", old="Old"), messages(about="Hier", old="Old")
    kit = messages(about="Of", new="New")
    merged = merge(base, here, kit)

    assert json.loads(merged.text) == {"about": "Hier", "new": "New"}
    assert json.loads(merged.base) == {"about": "About", "new": "New"}
    again = merge(merged.base, merged.text, kit)
    assert (json.loads(again.text), again.conflicts) == (json.loads(merged.text), merged.conflicts)

    settled = merge(base, here, kit, settled=True)
    assert (settled.text, settled.conflicts) == (merged.text, ())
    assert json.loads(settled.base) == json.loads(kit)


def test_a_fixed_key_is_in_conflict_as_soon_as_somebody_changed_it():
    base, here = messages(bot="BadgeBot", a="1"), messages(bot="Mallory", a="2")
    for settled in (False, True):
        merged = merge(base, here, base, ("bot",), settled=settled)
        assert [(hunk.place, hunk.fixed) for hunk in merged.conflicts] == [('key "bot"', True)]
        assert json.loads(merged.text) == {"bot": "Mallory", "a": "2"}
    for changed in (messages(a="1"), messages(a="2", bot=["BadgeBot"])):
        assert merge(base, changed, base, ("bot",), settled=True).conflicts
    # Where the settings changed, and nobody else did anything, there is none.
    moved = merge(base, messages(bot="BadgeBot", a="2"), messages(bot="NewBot", a="1"), ("bot",))
    assert (json.loads(moved.text), moved.conflicts) == ({"bot": "NewBot", "a": "2"}, ())


def test_true_and_one_are_two_things():
    assert not same_text('{"a": 1}', '{"a": true}')
    assert json.loads(merge('{"a": 1}', '{"a": true}', '{"a": 1, "b": 2}').text)["a"] is True


def test_json_that_was_broken_on_the_wiki_is_a_conflict_as_a_whole():
    numbers = (
        '{"b": 1e999}',
        '{"b": [-1e999]}',
        '{"b": NaN}',
        '{"b": Infinity}',
        f'{{"b": {"9" * 400}}}',
    )
    halves = (r'{"b": "\ud800"}', r'{"\udfff": 1}')
    for broken in ('{"a": 1,', '["a"]', "", "[" * 100_000, *numbers, *halves):
        merged = merge('{"a": 1}', broken, '{"a": 2}')
        assert (merged.text, bool(merged.conflicts)) == (None, True), broken[:20]
        assert merge('{"a": 1}', broken, '{"a": 2}', settled=True).conflicts == merged.conflicts


def test_whole_characters_are_json_however_they_are_written():
    merged = merge('{"a": 1}', r'{"a": "\ud83d\ude00"}', '{"a": 1, "b": 1.5}')

    assert json.loads(merged.text) == {"a": "\U0001f600", "b": 1.5}


def test_layout_and_blanks_at_the_end_are_no_difference():
    assert same_text("a\nb", "a\r\nb\n\n")
    assert same_text('{"a":1,"b":[2]}', '{\n\t"b": [2],\n\t"a": 1\n}\n')
    assert not same_text("a", " a")
    assert differing("a\nb", "a\nb\n") == ()


# Lines that repeat, lines without anything in them, and many alike: what makes lines hard to match.
LINES = st.lists(st.sampled_from(["a", "b", "", "}", "\t}", "end"]), max_size=30)
EDITS = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from(["insert", "delete", "replace"])), max_size=8
)


def edited(lines, edits, name):
    """The lines after these edits, and the lines that were written (each unlike any other)."""
    lines = list(lines)
    for number, (at, what) in enumerate(edits):
        at = min(at, len(lines))
        words = [] if what == "delete" else [f"{name} {number}"]
        lines[at : at + (what != "insert")] = words
    return lines, [line for line in lines if line.startswith(name)]


@given(LINES, EDITS, EDITS)
@example(["a"] * 30, [(3, "insert")], [(3, "delete"), (9, "insert")])
def test_no_line_that_either_side_wrote_is_ever_lost_without_a_conflict(base, ours, theirs):
    here, written = edited(base, ours, "wiki")
    kit, shipped = edited(base, theirs, "kit")
    merged = merge(*("\n".join(lines) for lines in (base, here, kit)))

    if merged.conflicts:
        assert merged.text is None
        return
    found = merged.text.split("\n")
    for wanted in (written, shipped):
        assert [line for line in found if line in wanted] == wanted  # All of them, in their order.
    # And nothing is there that neither side has.
    assert not Counter(found) - (Counter(here) + Counter(kit)) - Counter([""])
    back = merge(*("\n".join(lines) for lines in (base, kit, here)))
    assert (back.text, back.conflicts) == (merged.text, ())


VALUES = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from([1, True, "x", None, [1]]))


@given(VALUES, VALUES, VALUES)
def test_of_each_key_the_value_of_whoever_changed_it_stands(base, here, kit):
    merged = merge(*(json.dumps(one) for one in (base, here, kit)))
    gone = object()

    def value(one, key):
        return repr(one.get(key, gone))

    found, conflicts = json.loads(merged.text), {hunk.place[5] for hunk in merged.conflicts}
    for key in base | here | kit:
        was, ours, theirs = (value(one, key) for one in (base, here, kit))
        stands = value(found, key)
        if key in conflicts:
            assert stands == ours
            assert len({was, ours, theirs}) == 3
        else:
            assert stands == (theirs if ours == was else ours)
            assert stands == theirs or ours != was


@given(VALUES, VALUES, VALUES, VALUES, st.booleans())
def test_no_conflict_ever_costs_a_key_of_the_kit(base, here, kit, later, settled):
    merged = merge(*(json.dumps(one) for one in (base, here, kit)), settled=settled)
    found, conflicts = json.loads(merged.text), [hunk.place for hunk in merged.conflicts]
    removed = base.keys() - here.keys()  # By editors.

    assert kit.keys() - removed <= found.keys()
    again = merge(merged.base, merged.text, json.dumps(kit))
    assert [hunk.place for hunk in again.conflicts] == conflicts
    assert same_text(again.text, merged.text)
    # With the next version of the kit, too, nothing but what editors removed is missing.
    after = merge(merged.base, merged.text, json.dumps(later))
    assert later.keys() - removed <= json.loads(after.text).keys()
