"""The promises of DESIGN 8, as properties."""

import math
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.assess import assess
from scoring.badges import awards
from scoring.catalogue import CATALOGUE
from scoring.credits import small_sums
from scoring.model import File, Ruling, Wish
from scoring.record import record_of
from scoring.rules import RULES
from tests.builders import START, a_change, a_task

ADA = "ada"
PATHS = ["src/a.php", "src/b.php", "resources/c.js", "tests/d.php", "README.md", "i18n/de.json"]

FILES = st.lists(
    st.builds(File, st.sampled_from(PATHS), st.integers(0, 400), st.integers(0, 400)), max_size=5
).map(tuple)
CHANGES = st.lists(
    st.tuples(
        st.lists(st.sampled_from(["ada", "bert", "cleo"]), min_size=1, max_size=3, unique=True),
        st.lists(st.integers(1, 4), max_size=4, unique=True).map(tuple),
        FILES,
        st.integers(0, 6),
    ),
    max_size=12,
).map(
    lambda rows: [
        a_change(
            number,
            authors=tuple(authors),
            tasks=tasks,
            files=files,
            reverts=f"mediawiki/extensions/Thanks~{reverted}" if 0 < reverted < number else "",
        )
        for number, (authors, tasks, files, reverted) in enumerate(rows, 1)
    ]
)
TASKS = st.lists(st.sampled_from(["resolved", "open", "declined"]), min_size=4, max_size=4).map(
    lambda words: [a_task(number, status=word) for number, word in enumerate(words, 1)]
)


def points(*changes, tasks=()):
    return math.fsum(work.points for work in assess(changes, tasks))


def score(changes, tasks=()):
    return record_of(ADA, assess(changes, tasks)).total.score


@given(CHANGES, TASKS)
def test_1_the_shares_of_a_work_add_up_to_one(changes, tasks):
    for work in assess(changes, tasks):
        if work.shares:
            assert math.fsum(work.shares.values()) == pytest.approx(1)
        assert all(share > 0 for share in work.shares.values())


@given(CHANGES, TASKS, st.randoms(use_true_random=False))
def test_7_the_order_of_arrival_makes_no_difference(changes, tasks, random):
    shuffled = random.sample(changes, len(changes)), random.sample(tasks, len(tasks))

    assert assess(*shuffled) == assess(changes, tasks)
    assert record_of(ADA, assess(*shuffled)) == record_of(ADA, assess(changes, tasks))


@given(CHANGES, TASKS)
def test_points_are_between_one_and_a_hundred(changes, tasks):
    for work in assess(changes, tasks):
        assert 1 <= work.points <= 100
        assert 0 <= work.difficulty <= 1
        assert 0 <= work.impact <= 1


@given(st.integers(20, 2000), st.sampled_from([(), (9,)]))
def test_2_ten_slices_are_worth_at_most_a_fifth_more_than_the_whole(lines, tasks):
    def slices(number):
        files = tuple(File(path, lines // number, 0) for path in PATHS[:3])
        return [
            a_change(n, ADA, files=files, tasks=tasks, merged=START + timedelta(hours=12 * n))
            for n in range(1, number + 1)
        ]

    assert points(*slices(10)) <= 1.2 * points(*slices(1))


@given(
    st.sampled_from(
        [
            "vendor/x/y.php",
            "i18n/de.json",
            "package-lock.json",
            "dist/x.js",
            "lib/x/y.js",
            "a.min.js",
        ]
    ),
    st.integers(1, 5000),
)
def test_2_padding_with_lines_that_are_nobodys_work_gains_nothing(path, lines):
    plain = a_change(1, ADA)
    padded = a_change(1, ADA, files=(*plain.files, File(path, lines, 0)))

    assert points(padded) <= points(plain) * 1.0001


def test_2_renaming_ten_thousand_lines_gains_next_to_nothing():
    renames = tuple(File(f"src/f{n}.php", 250, 250) for n in range(40))
    sweep = tuple(File(f"src/g{n}.php", 2, 2) for n in range(400))
    medium = tuple(File(f"src/h{n}/x.php", 60, 10) for n in range(5))

    for files in (renames, sweep):
        assert points(a_change(1, ADA, files=files)) < points(a_change(1, ADA, files=medium)) / 1.5


@given(FILES, st.lists(st.integers(0, 6), min_size=1, max_size=5))
def test_2_naming_the_task_of_a_series_never_earns_less(files, days):
    def series(tasks):
        return [
            a_change(n, ADA, files=(File("src/a.php", 3, 0), *files), tasks=tasks, merged=START + timedelta(days=d))
            for n, d in enumerate(sorted(days), 1)
        ]  # fmt: skip

    task = a_task(9, priority="lowest", subscribers=0, tokens=0)
    assert points(*series((9,)), tasks=[task]) >= points(*series(()))


def test_2_a_hundred_typos_are_less_than_one_medium_feature():
    typos = [
        a_change(n, ADA, files=(File(f"src/f{n}.php", 1, 1),), merged=START + timedelta(hours=n))
        for n in range(1, 101)
    ]
    feature = a_change(
        500, ADA, tasks=(9,), rounds=4, project="mediawiki/extensions/Cite",
        files=tuple(File(f"d{n}/f{n}.php", 80, 20) for n in range(8)),
    )  # fmt: skip
    task = a_task(9, wish_votes=20, subscribers=20, priority="high", created=date(2022, 1, 1))

    assert score(typos) < score([feature], [task])


@given(st.lists(st.tuples(st.integers(0, 90), st.floats(0.1, 2.9)), max_size=60))
def test_2_small_works_add_at_most_twenty_points_in_any_thirty_days(works):
    days = sorted(works)
    rows = [(date(2025, 1, 1) + timedelta(days=day), points) for day, points in days]
    counted = small_sums(rows, RULES)

    for start in range(92):
        window = math.fsum(
            c for (day, _), c in zip(days, counted, strict=True) if start <= day < start + 30
        )
        assert window <= RULES.small_sum + 1e-6
    assert all(c <= row[1] for row, c in zip(rows, counted, strict=True))


def test_2_a_series_squashed_into_one_patch_is_worth_no_less_than_a_fifth_below():
    slices = [
        a_change(n, ADA, files=(File(f"s{n}.php", 60, 0),), merged=START + timedelta(hours=2 * n))
        for n in range(1, 9)
    ]
    squashed = a_change(9, ADA, files=tuple(one.files[0] for one in slices))

    assert points(squashed) <= points(*slices) <= 1.2 * points(squashed)


def test_2_the_same_line_in_fifty_repositories_is_capped():
    same = [
        a_change(n, ADA, project=f"p{n}", subject="Fix typo", merged=START, files=(File("README.md", 1, 1),))
        for n in range(1, 51)
    ]  # fmt: skip

    assert score(same) <= RULES.small_sum + 1e-9


def test_2_generated_code_and_moved_code_beside_a_fix_gain_next_to_nothing():
    fix = (File("src/a.php", 20, 3),)
    dresses = {
        "generated": (File("app/dist/bundle.js", 9000, 8000), File("src/Grammar.php", 4000, 3900)),
        "translated": (File("i18n/en.json", 50, 2), File("i18n/de.json", 50, 0)),
        "moved": (File("new/B.php", 5, 5, True), File("new/C.php", 0, 0, True)),
        "lock": (File("package-lock.json", 5000, 4000),),
        "brought in": (File("modules/x/LICENSE", 20, 0), File("modules/x/lib.pp", 900, 0)),
        "images": (File("images/a.svg", 700, 0),),
    }
    for dress, files in dresses.items():
        padded = points(a_change(1, ADA, files=(*fix, *files)))
        assert padded <= 1.05 * points(a_change(1, ADA, files=fix)), dress


def test_2_a_revert_takes_the_score_back_and_a_reland_gives_it_once():
    first = a_change(1, ADA, tasks=(9,))
    revert = a_change(2, "bert", reverts=first.change_id)
    again = a_change(3, ADA, tasks=(9,), change_id=first.change_id)
    task = [a_task(9)]

    assert record_of(ADA, assess([first, revert], task)).total.score == 0
    assert score([first, revert, again], task) == pytest.approx(score([first], task), rel=0.05)


def test_2_a_task_of_ones_own_without_any_demand_adds_little_to_the_fix():
    fix = a_change(1, ADA, rounds=1)
    own = a_task(9, priority="unbreak", subscribers=2, tokens=0, created=date(2025, 1, 1),
                 closed=date(2025, 1, 2))  # fmt: skip

    assert points(fix._replace(tasks=(9,)), tasks=[own]) <= 1.3 * points(fix)


@given(FILES.filter(len), st.integers(2, 5))
def test_2_a_change_earns_once_however_many_tasks_it_names(files, many):
    change = a_change(1, ADA, files=files)
    tasks = [a_task(n, priority="lowest", subscribers=0) for n in range(1, many + 1)]
    once = score([change._replace(tasks=(1,))], tasks[:1])
    often = score([change._replace(tasks=tuple(range(1, many + 1)))], tasks)

    # Half the lines of a file may escape the cap of it: so not quite the same.
    assert score([change]) - 1e-9 <= often <= 1.2 * once


def test_2_co_author_lines_divide_and_never_multiply():
    names = tuple(f"friend {n}" for n in range(9))
    alone = score([a_change(1, ADA)])
    shared = assess([a_change(1, authors=(ADA, *names))], [])

    assert math.fsum(record_of(n, shared).total.score for n in (ADA, *names)) == pytest.approx(
        alone
    )


def test_2_large_works_are_never_cut():
    files = tuple(File(f"d{n}/f{n}.php", 80, 0) for n in range(6))
    changes = [a_change(n, ADA, project=f"p{n}", files=files) for n in range(1, 11)]
    record = record_of(ADA, assess(changes, []))

    assert all(credit.work.points > RULES.small_points for credit in record.credits)
    assert record.total.score == pytest.approx(points(*changes))


@given(CHANGES, st.lists(st.integers(0, 400), min_size=12, max_size=12))
def test_2_naming_the_task_costs_nobody_anything_however_many_share_it_and_for_how_long(made, days):
    changes = [
        one._replace(tasks=(), reverts="", merged=START + timedelta(days=day))
        for one, day in zip(made, days, strict=False)
    ]
    named = [one._replace(tasks=(9,)) for one in changes]

    for author in ("ada", "bert", "cleo"):
        own = [one for one in changes if author in one.authors]
        without = record_of(author, assess(own, [])).total.score
        with_it = record_of(author, assess(named, [a_task(9, priority="lowest")])).total.score
        assert with_it >= without - 1e-9


@pytest.mark.parametrize("apart", [1, 8, 40])
def test_2_many_typos_under_one_task_earn_what_they_earn_without_it(apart):
    typos = [
        a_change(
            n, ADA, files=(File(f"src/f{n}.php", 1, 1),), merged=START + timedelta(days=apart * n)
        )
        for n in range(1, 31)
    ]  # fmt: skip
    task = a_task(9, closed=date(2028, 6, 1))
    named = score([one._replace(tasks=(9,)) for one in typos], [task])

    assert named == pytest.approx(score(typos), abs=2)
    assert named <= RULES.small_sum * (1 + 30 * apart / RULES.small_days)


@given(st.integers(20, 300), st.integers(2, 12), st.sampled_from([(), (9,)]), st.integers(0, 12))
def test_2_slices_of_different_files_are_worth_at_most_a_fifth_more_than_the_whole(
    lines, number, tasks, hours
):
    files = [File(f"src/f{n}.php", lines, 0) for n in range(number)]
    whole = [a_change(1, ADA, files=tuple(files), tasks=tasks)]
    slices = [
        a_change(n, ADA, files=(one,), tasks=tasks, merged=START + timedelta(hours=hours * n))
        for n, one in enumerate(files, 1)
    ]

    assert score(slices) <= 1.2 * score(whole)


def test_naming_old_tasks_does_not_spread_unseen_work_over_their_days():
    changes = [
        a_change(n, ADA, tasks=(n,), project=f"p{n}", reviewed=False, merged=START)
        for n in range(1, 200)
    ]
    closed = [a_task(n, closed=date(2010, 1, 1) + timedelta(days=27 * n)) for n in range(1, 200)]
    total = record_of(ADA, assess(changes, closed)).total

    assert total.score <= RULES.small_sum + 1e-9
    assert total.issues <= RULES.unseen_issues


def test_what_is_merged_long_after_a_task_was_closed_is_no_part_of_it():
    task = a_task(9, closed=date(2025, 6, 1))
    late = a_change(1, ADA, tasks=(9,), merged=START + timedelta(days=300))
    soon = a_change(2, ADA, tasks=(9,), merged=START + timedelta(days=200))

    assert [work.key for work in assess([late], [task])] == ["T9", late.key]
    assert [work.key for work in assess([soon], [task])] == ["T9"]


def test_work_that_nobody_else_looked_at_grants_no_wish():
    changes = [a_change(1, ADA, tasks=(8,), reviewed=False)]
    wish = Wish("W1", "done", (8,), date(2025, 6, 1))

    assert record_of(ADA, assess(changes, [a_task(8)]), [wish]).total.wishes == 0
    seen = [one._replace(reviewed=True) for one in changes]
    assert record_of(ADA, assess(seen, [a_task(8)]), [wish]).total.wishes == 1


def test_5_what_a_human_said_of_a_work_stands_also_where_it_is_less():
    changes = [a_change(n, ADA, tasks=(9,), merged=START + timedelta(days=20 * n)) for n in (1, 2)]
    told = [a_task(9, points=0)]
    small = {"T9": Ruling(size="tiny", impact="tiny")}

    for works in (assess(changes, told), assess(changes, [a_task(9)], RULES, small)):
        (credit,) = record_of(ADA, works).credits
        assert credit.credit == pytest.approx(credit.work.points)


def test_work_that_nobody_else_looked_at_is_capped_and_is_an_issue_but_a_few_times():
    files = tuple(File(f"d{n}/f{n}.php", 80, 0) for n in range(6))
    changes = [
        a_change(n, ADA, tasks=(n,), files=files, reviewed=False, merged=START)
        for n in range(1, 21)
    ]
    tasks = [a_task(n, priority="lowest") for n in range(1, 21)]
    total = record_of(ADA, assess(changes, tasks)).total
    seen = record_of(ADA, assess([c._replace(reviewed=True) for c in changes], tasks)).total

    assert total.score == pytest.approx(RULES.small_sum)
    assert total.issues == RULES.unseen_issues
    assert (seen.issues, seen.score > 4 * total.score) == (20, True)


def typo(project):
    return a_change(1, ADA, tasks=(9,), rounds=1, project=project, files=(File("src/a.php", 1, 1),))


def test_4_with_the_evidence_present_the_ladder_is_that_of_experienced_developers():
    small = {"priority": "low", "subscribers": 2, "tokens": 0, "created": date(2025, 5, 1)}
    ordinary = {"priority": "medium", "subscribers": 5, "tokens": 1, "created": date(2024, 1, 1)}
    large = {
        "priority": "high", "subscribers": 120, "wish_votes": 180, "tokens": 40,
        "created": date(2016, 1, 1),
    }  # fmt: skip
    bug = a_change(
        1, ADA, tasks=(9,), rounds=3, project="mediawiki/extensions/Cite",
        files=(File("src/a.php", 30, 10), File("src/b.php", 10, 0), File("tests/a.php", 20, 0)),
    )  # fmt: skip
    dark_mode = [
        a_change(
            n, ADA, tasks=(9,), rounds=6, project="mediawiki/skins/Vector",
            files=tuple(File(f"dir{d}/f{n}.less", 60, 20) for d in range(6)),
        )
        for n in range(1, 13)
    ]  # fmt: skip

    assert 1 <= points(typo("mediawiki/extensions/Cite"), tasks=[a_task(9, **small)]) <= 2
    assert 1 <= points(typo("mediawiki/core"), tasks=[a_task(9, **small)]) <= 2.5
    assert 3.5 <= points(bug, tasks=[a_task(9, **ordinary)]) <= 7
    assert points(*dark_mode, tasks=[a_task(9, **large)]) >= 50


@given(
    st.integers(0, 1),
    st.integers(1, 2),
    st.sampled_from(["low", "lowest"]),
    st.integers(0, 4),
    st.sampled_from([None, 1]),
)
def test_4_a_typo_is_worth_one_to_two_whatever_else_is_known(out, into, priority, watchers, rounds):
    task = a_task(9, priority=priority, subscribers=watchers, tokens=0, created=date(2025, 1, 1))
    typo = {"tasks": (9,), "rounds": rounds, "files": (File("src/a.php", into, out),)}

    assert 1 <= points(a_change(1, ADA, **typo), tasks=[task]) <= 2
    assert 1 <= points(a_change(1, ADA, project="mediawiki/core", **typo), tasks=[task]) <= 2.5


def test_4_a_feature_is_worth_fifty_even_where_nobody_told_the_rounds_of_review():
    feature = [
        a_change(
            n, ADA, tasks=(9,), project="mediawiki/extensions/Cite",
            files=tuple(File(f"dir{d}/f{n}.php", 40, 6) for d in range(6)),
        )
        for n in range(1, 13)
    ]  # fmt: skip
    task = a_task(
        9, priority="high", subscribers=100, wish_votes=120, tokens=30, created=date(2016, 1, 1)
    )

    assert points(*feature, tasks=[task]) >= 50


def test_3_a_task_in_two_wishes_is_one_wish_and_one_thing():
    works = assess(
        [a_change(1, ADA, tasks=(8,)), a_change(2, ADA, tasks=(9,))], [a_task(8), a_task(9)]
    )
    twice = [Wish("W1", "done", (8,)), Wish("W2", "done", (8,))]
    foreign = [*twice, Wish("W3", "done", (77,)), Wish("W4", "open", (9,))]
    total = record_of(ADA, works, foreign).total

    assert (total.issues, total.wishes, total.together) == (2, 1, 2)


def test_3_a_wish_split_or_merged_is_counted_as_what_was_done_for_it():
    works = assess(
        [a_change(1, ADA, tasks=(8,)), a_change(2, ADA, tasks=(9,))], [a_task(8), a_task(9)]
    )

    def wishes(*granted):
        return record_of(ADA, works, granted).total.wishes

    assert wishes(Wish("W1", "done", (8, 9))) == 1
    assert wishes(Wish("W1", "done", (8,)), Wish("W2", "done", (9,))) == 2
    assert (
        wishes(Wish("W1", "done", (8,)), Wish("W3", "done", (8, 9)), Wish("W2", "done", (9,))) == 1
    )


def test_a_wish_needs_a_fifth_of_its_credit_over_its_tasks():
    files = tuple(File(f"src/{n}.php", 150, 0) for n in range(9))
    changes = [
        a_change(1, ADA, tasks=(8,), files=(File("x.php", 1, 0),)),
        a_change(2, "bert", tasks=(9,), files=files),
    ]
    works = assess(
        changes, [a_task(8, priority="low"), a_task(9, priority="high", wish_votes=99, points=13)]
    )
    wish = Wish("W1", "delivered", (8, 9), date(2026, 1, 1))

    assert record_of(ADA, works, [wish]).total.wishes == 0
    bert = record_of("bert", works, [wish])
    assert (bert.total.wishes, bert.years[2026].wishes) == (1, 1)


@given(CHANGES, TASKS)
@settings(max_examples=50)
def test_the_years_add_up_to_all_time(changes, tasks):
    record = record_of(ADA, assess(changes, tasks))

    for name in ("issues", "patches", "score"):
        years = [getattr(tally, name) for tally in record.years.values()]
        assert math.fsum(years) == pytest.approx(getattr(record.total, name))


def test_a_badge_is_held_since_the_day_of_the_event_that_crossed_the_line():
    changes = [a_change(n, ADA, project=f"p{n}") for n in range(1, 13)]
    record = record_of(ADA, assess(changes, []))
    patches = {award.badge: award for award in awards(record, CATALOGUE)}["patch-quilter"]

    assert (patches.tier, patches.value, patches.next) == (1, 12, 50)
    assert patches.since == changes[4].merged.date()


def test_without_anything_every_badge_is_still_to_come():
    for award, badge in zip(awards(record_of(ADA, [])), CATALOGUE, strict=True):
        following = badge.tiers[0] if badge.counts != "given" else None
        assert (award.tier, award.since, award.value, award.next) == (0, None, 0, following)


def test_mechanical_changes_are_no_patches_for_badges():
    sweep = tuple(File(f"src/g{n}.php", 2, 2) for n in range(50))

    assert record_of(ADA, assess([a_change(1, ADA, files=sweep)], [])).total.patches == 0


def test_nobodys_points_fall_because_others_worked():
    mine = a_change(1, ADA, tasks=(9,))
    alone = score([mine], [a_task(9)])
    others = [a_change(n, "bert", tasks=(8,)) for n in range(2, 30)]

    assert score([mine, *others], [a_task(8), a_task(9)]) == pytest.approx(alone)
