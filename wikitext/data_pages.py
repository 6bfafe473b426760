"""Write what we know as the JSON of our data pages; docs/data-pages.md says field by field what it is.

Pure, and "same facts, same bytes": sorted keys, fixed roundings, no clock, no words of a language.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scoring.assess import main_change
from scoring.model import Award, Credit, Grant, Reason, Record, Tally
from scoring.tiers import ACTIVE
from wikitext.words import is_message

SCHEMA = 1
ABOUT_CHARACTERS = 200
"""How much of a first line is shown: git allows any length, a table does not."""

Json = dict[str, Any]


def person_page(record: Record, unconfirmed: int, *, staff: bool = False) -> Json:
    """The page of a person: their numbers, badges and granted wishes.

    *staff*: the account is one used at work, so nothing of it is in the numbers.
    """
    page: Json = {
        "schema": SCHEMA,
        "state": "ready",
        "total": _tally(record.total),
        "years": [{"year": year, **_tally(tally)} for year, tally in sorted(record.years.items())],
        "badges": [_award(award) for award in record.awards],
        "works": sorted({credit.work.day.year for credit in record.credits}),
        "unconfirmed": unconfirmed,
        "estimate": any(credit.work.estimate for credit in record.credits),
        "wishes": [_grant(grant) for grant in record.grants],
    }
    return {**page, "staff": True} if staff else page


def work_page(
    year: int, credits_: Sequence[Credit], me: str, first_lines: Mapping[str, str]
) -> Json:
    """The page with every work of one year; *first_lines* are those of the person's own changes."""
    works = [
        _credit(credit, me, first_lines) for credit in credits_ if credit.work.day.year == year
    ]
    return {"schema": SCHEMA, "year": year, "works": works}


def tombstone(note: str) -> Json:
    """What stands where a person's page was: nothing about anybody."""
    return {"schema": SCHEMA, "state": "left", "note": note}


def report_page(
    entries: Iterable[Json],
    sources: Iterable[Json],
    notes: Iterable[Json],
    wishes: Iterable[Json] = (),
) -> Json:
    """The state of each registry entry, of each source, and of rows of the wishes table that wait."""
    return {
        "schema": SCHEMA,
        "entries": list(entries),
        "sources": list(sources),
        "notes": list(notes),
        "wishes": list(wishes),
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
        "reasons": [_reason(reason) for reason in work.reasons],
    }
    return {**shown, "paid": True} if credit.paid else shown


def _reason(reason: Reason) -> list[Any]:
    values = [_number(v, 2) if isinstance(v, float) else v for v in reason.values]
    return [reason.term, _number(reason.value, 2), reason.fact, *values]
