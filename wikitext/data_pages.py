"""Write what we know as the JSON of our data pages; docs/data-pages.md says field by field what it is.

Pure, and "same facts, same bytes": sorted keys, fixed roundings, no clock, no words of a language.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from scoring.assess import main_change, names_of
from scoring.badge import ACTIVE
from scoring.credits import reasons_of
from scoring.model import Assessment, Award, Credit, Grant, Reason, Record, Tally
from wikitext.words import is_message

SCHEMA = 1
ABOUT_CHARACTERS = 200
"""How much of a first line is shown: git allows any length, a table does not."""

Json = dict[str, Any]
NO_REVIEWS: Mapping[str, Sequence[Json]] = {}


def person_page(
    record: Record, unconfirmed: int, corrected: Iterable[int] = (), *, staff: bool = False
) -> Json:
    """The page of a person: their numbers, badges and granted wishes.

    *corrected* are the years of works that reviews corrected away: their pages say so.
    *staff*: the account is one used at work, so nothing of it is in the numbers.
    """
    page: Json = {
        "schema": SCHEMA,
        "state": "ready",
        "total": _tally(record.total),
        "years": [{"year": year, **_tally(tally)} for year, tally in sorted(record.years.items())],
        "badges": [_award(award) for award in record.awards],
        "works": sorted({*corrected, *(credit.work.day.year for credit in record.credits)}),
        "unconfirmed": unconfirmed,
        "estimate": any(credit.work.estimate for credit in record.credits),
        "wishes": [_grant(grant) for grant in record.grants],
    }
    # Evidence is for who sees the badge: it may name who gave it.
    held = {award.badge for award in record.awards if award.tier}
    given = [
        {"badge": badge, "day": day.isoformat(), "evidence": evidence}
        for badge, day, evidence in record.given
        if badge in held
    ]
    if given:
        page["given"] = given
    return {**page, "staff": True} if staff else page


def work_page(
    year: int,
    credits_: Sequence[Credit],
    me: str,
    first_lines: Mapping[str, str],
    reviews: Mapping[str, Sequence[Json]] = NO_REVIEWS,
    corrected: Iterable[Assessment] = (),
) -> Json:
    """The page with every work of one year; *first_lines* are those of the person's own changes.

    *reviews* are what is shown of reviews, by the key of their work; *corrected* the works that
    accepted ones corrected away.
    """
    works = []
    own = {credit.work.key for credit in credits_} if reviews else set()
    for credit in credits_:
        if credit.work.day.year == year:
            of_work = _reviews(reviews, credit.work, own)
            works.append(_credit(credit, me, first_lines) | of_work)
    gone = [
        {"work": one.key, "day": one.day.isoformat()} | _reviews(reviews, one, own)
        for one in corrected
        if one.day.year == year
    ]
    page: Json = {"schema": SCHEMA, "year": year, "works": works}
    return {**page, "corrected": gone} if gone else page


def tombstone(note: str) -> Json:
    """What stands where a person's page was: nothing about anybody."""
    return {"schema": SCHEMA, "state": "left", "note": note}


def report_page(
    entries: Iterable[Json],
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


def dumps(value: Json) -> str:
    """The text of a page. MediaWiki lays it out anew; so compare values, never texts."""
    return json.dumps(value, ensure_ascii=False, indent="\t", sort_keys=True)


def loads(text: str) -> Json | None:
    """The value of a page of ours, None where somebody left something else there."""
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def digest_of(value: Json) -> str:
    """A short name for exactly this value, however it is laid out."""
    text = json.dumps(_plain(value), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def clean(text: str) -> str:
    """*text* as MediaWiki will store it in JSON: composed, no control characters, no half characters."""
    if text.isascii() and text.isprintable():
        return text
    shown = text.encode("utf-8", "replace").decode("utf-8")
    normal = unicodedata.normalize("NFC", shown).translate(_DIRECTIONS)
    return "".join("\ufffd" if unicodedata.category(c) in ("Cc", "Cs") else c for c in normal)


# Signs that turn the direction of what follows, on pages that others read without our care.
_DIRECTIONS = dict.fromkeys(
    [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)


def _plain(value: Any) -> Any:
    """1.0 as 1, which is what MediaWiki makes of it."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _number(value: float, digits: int) -> float | int:
    rounded: float | int = _plain(round(value, digits))
    return rounded


def _tally(tally: Tally) -> Json:
    return {
        "issues": tally.issues,
        "wishes": tally.wishes,
        "together": tally.together,
        "patches": tally.patches,
        "reviews": tally.reviews,
        "score": _number(tally.score, 1),
    }


def _award(award: Award) -> Json:
    page: Json = {"id": award.badge, "tier": award.tier, "value": _number(award.value, 1)}
    if award.since is not None:
        page["since"] = award.since.isoformat()
    if award.line is not None:
        page["line"] = _number(award.line, 1)
    if award.below:
        page["below"] = [
            {"tier": tier, "since": since.isoformat(), "line": _number(line, 1)}
            for tier, since, line in award.below
        ]
    for name in ("next", "more", "times"):
        if (number := getattr(award, name)) is not None:
            page[name] = number
    if award.waits:
        page["waits"] = award.waits
    if award.taken is not None:
        tier, line, value = award.taken
        page["taken"] = {"tier": tier, "line": _number(line, 1), "value": _number(value, 1)}
    if award.state != ACTIVE:
        page["state"] = award.state
    if not is_message(f"badge-{award.badge}-name"):
        page["name"] = clean(award.name)[:ABOUT_CHARACTERS]
    return page


def _reviews(reviews: Mapping[str, Sequence[Json]], work: Assessment, own: Collection[str]) -> Json:
    """The reviews of a work by all its names, the oldest first; nothing if there are none.

    *own* are the keys of all works.
    """
    keys = names_of(work.work, own) if reviews else []
    found = [one for key in keys for one in reviews.get(key, ())]
    return {"reviews": sorted(found, key=lambda one: int(one["revision"]))} if found else {}


def _grant(grant: Grant) -> Json:
    return {
        "wish": grant.wish.key,
        "list": grant.wish.list,
        "title": clean(grant.wish.title)[:ABOUT_CHARACTERS],
        "day": grant.day.isoformat(),
        "share": _number(grant.share, 2),
    }


def _credit(credit: Credit, me: str, first_lines: Mapping[str, str]) -> Json:
    work = credit.work
    main = main_change(work.work, me)
    shown: Json = {
        "work": work.key,
        "day": work.day.isoformat(),
        "main": main,
        "about": clean(first_lines.get(main, ""))[:ABOUT_CHARACTERS],
        "points": _number(work.points, 1),
        "difficulty": _number(work.difficulty, 2),
        "impact": _number(work.impact, 2),
        "estimate": work.estimate,
        "share": _number(credit.share, 2),
        "credit": _number(credit.credit, 1),
        "counted": _number(credit.counted, 1),
        "issue": credit.issue,
        "reasons": [_reason(reason) for reason in reasons_of(credit)],
    }
    return {**shown, "paid": True} if credit.paid else shown


def _reason(reason: Reason) -> list[Any]:
    values = [_number(v, 2) if isinstance(v, float) else v for v in reason.values]
    return [reason.term, _number(reason.value, 2), reason.fact, *values]
