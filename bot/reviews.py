"""Reviews of works, from the pages on which anybody writes them: ``ROOT/Reviews/<year>``.

Read here: what each line says, and whose edits accepted it (``bot.acceptance``). Whether a reviewer
has a part in the work is judged by the ledger's facts (``bot.ledger.rulings``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.acceptance import SHOWN, Accepting, Rows, is_read, lost_too_many, read_rows, to_memo
from bot.lately import LATELY, lately_gone
from bot.ledger import Ledger
from bot.ledger.rulings import (
    ACCEPTED,
    NOT_ACCEPTED,
    OWN,
    PENDING,
    TOO_EARLY,
    KeptReview,
    reviewed,
)
from bot.ports import PageInfo
from sources.port import SourceChanged
from wikitext.history import Standing
from wikitext.reviews import ReviewRow, ReviewsText, parse_reviews, review_digests

REVIEWS = "reviews"
"""The name under which the ledger keeps how far the pages were read, by year."""
FIRST_YEAR = 2026
LATER = "never"
"""After every day."""


def review_pages(root: str, now: datetime) -> dict[int, str]:
    """The titles of the pages of reviews, by year, up to the year of *now*."""
    last = max(FIRST_YEAR, now.year)
    return {year: f"{root}/Reviews/{year}" for year in range(FIRST_YEAR, last + 1)}


def read_reviews(
    ledger: Ledger,
    accepting: Accepting,
    pages: Mapping[int, str],
    infos: Mapping[str, PageInfo],
    today: date,
    *,
    accept: bool = False,
) -> None:
    """Bring the ledger up to date with the pages of reviews (titles by year).

    Only pages that changed are read, or all where who takes part has; and when a day has come that
    was too early for a badge.

    Raises:
        SourceChanged: so many accepted reviews are gone that a human has to agree (*accept*).
        WikiError: a page cannot be read.

    """
    people = sorted(person.user for person in ledger.people.all())
    memos = ledger.notes.recall(REVIEWS) or {}
    changed = {
        year: title
        for year, title in pages.items()
        if not is_read(memos.get(str(year), {}), infos[title], people)
        or today.isoformat() >= memos.get(str(year), {}).get("again", LATER)
    }
    if not changed:
        return
    there = [title for title in changed.values() if infos[title].exists]
    texts = {page.title: page.text for page in accepting.wiki.texts(there)} if there else {}
    doubtful = None
    for year, title in changed.items():
        memo = memos.get(str(year), {})
        rows = read_rows(accepting, memo, title, infos[title], review_digests)
        page = parse_reviews(texts.get(title, ""))
        kept = _judge_page(accepting, year, page, rows, people, today)
        counted = {digest for digest, one in kept.items() if one.state == ACCEPTED}
        before = set(memo.get("counted", ()))
        lost = lately_gone(memo.get(LATELY, {}), before - counted, counted, today)
        if before - counted and lost_too_many(lost, before | lost.keys()) and not accept:
            doubtful = doubtful or _doubt(title, lost)
            continue
        marked = [one.digest for one in page.entries if one.row is not None and one.row.accepted]
        memos[str(year)] = {
            **to_memo(rows, infos[title], people, marked),
            "counted": sorted(counted),
            LATELY: {} if accept else lost,
            "notes": _wrong_lines(page)[:SHOWN],
            "again": min(_days_to_come(page, today), default=LATER),
        }
        with ledger.together():
            ledger.rulings.store(year, kept.values())
            ledger.notes.remember(REVIEWS, memos)
            ledger.facts.sweep()
    if doubtful is not None:
        raise doubtful


def accepted_comparisons(ledger: Ledger) -> list[tuple[str, str]]:
    """The keys of works of which a reviewer agreed which was harder: (harder, easier), oldest first."""
    said = reviewed(ledger.rulings.judged()).saying("harder-than")
    return [(one.work, one.value) for one in said]


def _judge_page(
    accepting: Accepting,
    year: int,
    page: ReviewsText,
    rows: Rows,
    people: Sequence[int],
    today: date,
) -> Mapping[str, KeptReview]:
    """What each line says that can be read, by digest: a line that stands there twice is one."""
    named = {name for e in page.entries if e.row and e.row.accepted for name in e.row.names}
    users = accepting.wiki.users(sorted(named)) if named else {}
    ids = {name: user.id for name, user in users.items()}
    found: dict[str, KeptReview] = {}
    for entry in page.entries:
        if entry.row is not None and entry.digest not in found:
            standing = rows.standing.get(entry.digest)
            one = _kept(year, entry.line, entry.row, standing, ids, people)
            early = one.state == ACCEPTED and _is_to_come(entry.row, today)
            found[entry.digest] = replace(one, state=TOO_EARLY) if early else one
    return found


def _kept(
    year: int,
    line: int,
    row: ReviewRow,
    standing: Standing | None,
    ids: Mapping[str, int],
    people: Sequence[int],
) -> KeptReview:
    adders = standing.adders if standing else frozenset[int]()
    named = {ids.get(name, name) for name in row.names}
    joined = named & set(people)
    reviewers = adders - named
    state = PENDING
    if row.accepted:
        state = ACCEPTED if reviewers else OWN if adders else NOT_ACCEPTED
    counts = state == ACCEPTED
    given = counts and row.kind == "badge" and bool(joined)
    return KeptReview(
        year,
        line,
        standing.revision if standing else 0,
        row.kind,
        row.work,
        row.value,
        state,
        people=tuple(sorted(one for one in joined if isinstance(one, int))) if counts else (),
        others=len(named) - len(joined) if counts else 0,
        reviewers=tuple(sorted(reviewers)) if counts else (),
        day=row.date if given else None,
        evidence=row.evidence if given else "",
    )


def _is_to_come(row: ReviewRow, today: date) -> bool:
    """Whether the day of a badge is still to come wherever one lives."""
    return row.date is not None and row.date > today + timedelta(days=1)


def _days_to_come(page: ReviewsText, today: date) -> Iterator[str]:
    """The days from which on badges count for whose day it is too early."""
    for one in page.entries:
        if one.row is not None and one.row.date is not None and _is_to_come(one.row, today):
            yield (one.row.date - timedelta(days=1)).isoformat()


def _wrong_lines(page: ReviewsText) -> list[tuple[int, list[str | int]]]:
    wrong: list[tuple[int, list[str | int]]] = [
        (one.line, list(one.problem)) for one in page.entries if one.problem is not None
    ]
    unclosed: list[tuple[int, list[str | int]]] = [(line, [word]) for line, word in page.unclosed]
    return sorted([*wrong, *unclosed], key=lambda one: one[0])


def _doubt(title: str, lost: Collection[str]) -> SourceChanged:
    return SourceChanged(
        f"{len(lost)} accepted reviews on [[{title}]] are gone, at once or within two weeks: nothing was"
        " changed there."
        " Look who removed them; restore the page, or agree with `run --accept`."
    )
