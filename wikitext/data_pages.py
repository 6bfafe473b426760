"""Write what we know as the JSON of our data pages; docs/data-pages.md says field by field what it is.

Pure, and "same facts, same bytes": sorted keys, fixed roundings, no clock, no words of a language.
Works have pages of their own: ``wikitext.work_pages``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scoring.badge import ACTIVE
from scoring.model import Award, Grant, Record, Tally
from wikitext.choices import Goal
from wikitext.hidden import NOTHING_HIDDEN, Hidden
from wikitext.json_text import Json, clean, number
from wikitext.words import is_message
from wikitext.work_pages import ABOUT_CHARACTERS, SCHEMA

MOST_WISHES = 500
"""How many wishes a page tells, the newest; and badges that were given."""


def person_page(
    record: Record,
    unconfirmed: int,
    works: Iterable[str] = (),
    *,
    staff: bool = False,
    goal: Goal | None = None,
    hidden: Hidden = NOTHING_HIDDEN,
) -> Json:
    """The page of a person: their numbers, badges and granted wishes, and what they do not hide.

    *works* are the names of the pages with their works. *staff*: the account is one used at work, so
    nothing of it is in the numbers.
    """
    page: Json = {"schema": SCHEMA, "state": "ready", "total": _tally(record.total, hidden)}
    if staff:
        page["staff"] = True
    if (shown := hidden.goal(goal)) is not None:
        page["goal"] = _goal(shown)
    if hidden.most:
        return page
    page |= {
        "years": [
            {"year": y, **_tally(tally, hidden)} for y, tally in sorted(record.years.items())
        ],
        "badges": [_award(one) for one in record.awards if not hidden.badge(one.badge)],
        "works": list(works),
        "unconfirmed": unconfirmed,
        "wishes": _wishes(record, hidden),
    }
    if not hidden.score:
        page["estimate"] = any(credit.work.estimate for credit in record.credits)
    if given := _given(record, hidden):
        page["given"] = given
    return page


def _wishes(record: Record, hidden: Hidden) -> list[Json]:
    return [_grant(one, hidden) for one in record.grants if not hidden.key(one.wish.key)][
        -MOST_WISHES:
    ]


def _given(record: Record, hidden: Hidden) -> list[Json]:
    # Evidence is for who sees the badge: it may name who gave it.
    held = {award.badge for award in record.awards if award.tier and not hidden.badge(award.badge)}
    return [
        {"badge": badge, "day": day.isoformat(), "evidence": evidence}
        for badge, day, evidence in record.given
        if badge in held and not hidden.evident(evidence)
    ][-MOST_WISHES:]


def tombstone(note: str) -> Json:
    """What stands where a person's page was: nothing about anybody."""
    return {"schema": SCHEMA, "state": "left", "note": note}


def is_tombstone(value: Json | None) -> bool:
    """Whether this value of a page tells of nobody any more, whatever its note says."""
    return value is not None and value == tombstone(value.get("note", ""))


def report_page(
    entries: Sequence[Json],
    sources: Iterable[Json],
    notes: Iterable[Json],
    wishes: Iterable[Json] = (),
    reviews: Iterable[Json] = (),
) -> Json:
    """The state of each registry entry, of each source, and of wishes and reviews that wait."""
    return {
        "schema": SCHEMA,
        "entries": list(entries),
        "sources": list(sources),
        "notes": list(notes),
        "wishes": list(wishes),
        "reviews": list(reviews),
    }


def _tally(tally: Tally, hidden: Hidden) -> Json:
    shown: Json = {
        "issues": tally.issues,
        "wishes": tally.wishes,
        "together": tally.together,
    }
    if not hidden.most:
        shown |= {"patches": tally.patches, "reviews": tally.reviews}
    if not hidden.score:
        shown["score"] = number(tally.score, 1)
    return shown


def _goal(goal: Goal) -> Json:
    page: Json = {"field": goal.field, "target": goal.target}
    return {**page, "day": goal.day.isoformat()} if goal.day else page


def _award(award: Award) -> Json:
    page: Json = {"id": award.badge, "tier": award.tier, "value": number(award.value, 1)}
    if award.since is not None:
        page["since"] = award.since.isoformat()
    if award.line is not None:
        page["line"] = number(award.line, 1)
    if award.below:
        page["below"] = [
            {"tier": tier, "since": since.isoformat(), "line": number(line, 1)}
            for tier, since, line in award.below
        ]
    for name in ("next", "more", "times"):
        if (found := getattr(award, name)) is not None:
            page[name] = found
    if award.waits:
        page["waits"] = award.waits
    if award.taken is not None:
        tier, line, value = award.taken
        page["taken"] = {"tier": tier, "line": number(line, 1), "value": number(value, 1)}
    if award.state != ACTIVE:
        page["state"] = award.state
    if not is_message(f"badge-{award.badge}-name"):
        page["name"] = clean(award.name)[:ABOUT_CHARACTERS]
    return page


def _grant(grant: Grant, hidden: Hidden) -> Json:
    return {
        "wish": grant.wish.key,
        "list": grant.wish.list,
        "title": clean(hidden.text(grant.wish.title))[:ABOUT_CHARACTERS],
        "day": grant.day.isoformat(),
        "share": number(grant.share, 2),
    }
