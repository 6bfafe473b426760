"""Works on pages: each on exactly one, every page small enough, one more work changes few."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.assess import assess
from scoring.model import Credit
from scoring.record import record_of
from tests.builders import a_change, a_task
from wikitext.json_text import MOST_BYTES, dumps, size_of
from wikitext.work_pages import MOST_REVIEWS, work_pages

LINE = "ü" * 300  # As long as a line may be shown, and two bytes a letter.


def one_work():
    changes = [a_change(1, "me", tasks=(9,)), a_change(2, "other 1", tasks=(9,))]
    return record_of("me", assess(changes, [a_task(9)])).credits[0]


WORK = one_work()
REVIEWS = [{"what": "size", "value": "large", "state": "pending", "revision": n} for n in range(5)]


def works_on(days):
    """A credit a day, each of a task of its own."""
    return tuple(_on(day, number) for number, day in enumerate(days, 1))


def _on(day, number) -> Credit:
    change = a_change(number, "me", tasks=(number,))
    work = WORK.work.work._replace(key=f"T{number}", parts=((change, 1.0),))
    assessment = WORK.work._replace(work=work, day=day)
    return Credit(assessment, WORK.share, WORK.credit, WORK.counted, WORK.issue)


def pages_of(credits_):
    ordered = sorted(credits_, key=lambda one: (one.work.day, one.work.key))
    lines = {change.key: LINE for one in ordered for change, _ in one.work.work.parts}
    reviews = {one.work.key: REVIEWS for one in ordered}
    return work_pages(ordered, "me", lines, reviews)


def are_sound(pages, credits_):
    """Whether each work is on exactly one page, and no page is too large."""
    found = [work["work"] for page in pages.values() for work in page["works"]]
    assert sorted(found) == sorted(one.work.key for one in credits_)
    assert all(len(dumps(page).encode()) <= MOST_BYTES for page in pages.values())
    for name, page in pages.items():
        assert name.startswith(str(page["year"]))
        assert page.get("name", str(page["year"])) == name
        assert all(work["day"].startswith(name[:7]) for work in page["works"])


def test_a_work_page_shows_one_persons_part_and_nobody_else():
    changes = [a_change(1, "me", tasks=(9,)), a_change(2, "other 1", tasks=(9,))]
    credits_ = record_of("me", assess(changes, [a_task(9)])).credits
    pages = work_pages(credits_, "me", {"mediawiki/extensions/Thanks~1": "fix: It"})

    assert pages.keys() == {"2025"}
    (work,) = pages["2025"]["works"]
    assert (work["work"], work["share"], work["about"]) == ("T9", 0.5, "fix: It")
    assert "other" not in dumps(pages)
    assert "name" not in pages["2025"]


def test_five_thousand_works_a_year_are_months_and_parts_of_months_in_their_order():
    days = [date(2025, 1, 1) + timedelta(days=number % 365) for number in range(5000)]
    credits_ = works_on([*days, date(2024, 5, 5)])

    pages = pages_of(credits_)

    are_sound(pages, credits_)
    names = list(pages)
    assert names[:4] == ["2024", "2025-01-1", "2025-01-2", "2025-01-3"]
    assert [page["works"][0]["day"] for page in pages.values()] == sorted(
        page["works"][0]["day"] for page in pages.values()
    )
    assert 36 <= len(names) <= 60


def test_a_day_that_is_too_large_for_a_page_is_cut_by_the_keys_of_its_works():
    credits_ = works_on([date(2025, 3, 7)] * 1000)

    pages = pages_of(credits_)

    are_sound(pages, credits_)
    assert next(iter(pages)) == "2025-03-1"


def test_one_more_work_changes_one_page_until_a_page_is_full():
    days = [date(2025, 1, 1) + timedelta(days=number % 365) for number in range(1500)]
    credits_ = works_on(days)
    before = pages_of(credits_)

    for day in (date(2025, 12, 31), date(2025, 1, 1), date(2025, 6, 15)):
        after = pages_of([*credits_, _on(day, 9999)])
        assert sum(after[name] != before.get(name) for name in after) == 1
        assert after.keys() == before.keys()


@settings(max_examples=12)
@given(
    st.lists(st.tuples(st.integers(0, 800), st.integers(1, 150)), min_size=1, max_size=8),
    st.integers(0, 800),
)
def test_however_works_lie_each_is_on_one_page_and_one_more_changes_few(bursts, at):
    start = date(2024, 1, 1)
    days = [start + timedelta(days=day) for day, times in bursts for _ in range(times)]
    credits_ = works_on(days)
    before = pages_of(credits_)
    are_sound(before, credits_)

    day = start + timedelta(days=at)
    more = [*credits_, _on(day, 5000)]
    after = pages_of(more)

    are_sound(after, more)
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    # A page that is full gives way to those of the months; nothing outside of its year is touched.
    assert len(changed) <= 13
    assert {name[:4] for name in changed} == {str(day.year)}
    if after.keys() == before.keys():
        assert len(changed) == 1


@given(
    st.recursive(
        st.one_of(st.text(), st.integers(), st.floats(allow_nan=False), st.booleans(), st.none()),
        lambda inner: st.one_of(
            st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=5), inner, max_size=4)
        ),
        max_leaves=20,
    ).filter(lambda value: _depth(value) <= 4)
)
def test_a_value_takes_no_more_bytes_on_a_page_than_it_is_measured_to(value):
    empty, page = dumps({"works": [""]}), dumps({"works": [value]})

    text = page.encode("utf-8", "replace")
    assert len(text) - len(empty) <= size_of(value)


def _depth(value):
    inner = value.values() if isinstance(value, dict) else value
    return 1 + max(map(_depth, inner), default=0) if isinstance(value, dict | list) else 0


def test_of_many_reviews_the_newest_are_shown():
    many = [{**REVIEWS[0], "revision": number} for number in range(MOST_REVIEWS + 7)]
    (page,) = work_pages([WORK], "me", {}, {"T9": many}).values()

    shown = [one["revision"] for one in page["works"][0]["reviews"]]
    assert shown == list(range(7, MOST_REVIEWS + 7))
