"""What cannot wait for the daily round: who left or is new, what is no longer to be told, the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from bot.farewell import whose
from bot.ledger import Ledger
from bot.ports import Wiki
from bot.publisher import Wanted
from wikitext.json_text import loads


def hourly_part(
    wiki: Wiki, ledger: Ledger, home: str, wanted: Sequence[Wanted], also: Collection[str] = ()
) -> list[Wanted]:
    """Those of the *wanted* pages that an hourly round publishes; *also* is at once too.

    The pages of a person go together. If one of them is new or withdrawn, or the wiki still tells
    something that it should no longer tell (a task turned secret, a wish to hide), none waits; nor
    if one already stands as it should, by a round that was cut off.
    """
    known = {title for title, one in ledger.notes.pages().items() if one.stands}
    reasons = {
        one.title
        for one in wanted
        if one.gone or one.now or one.title in also or one.title not in known
    }
    reasons.add(f"{home}/report.json")
    hot = {_whose(home, title) for title in reasons}
    maybe = {one.title: one for one in wanted if _whose(home, one.title) not in hot}
    for page in wiki.texts(maybe):
        before, after = loads(page.text), maybe[page.title].value
        if before == after or _loses(before, after):
            reasons.add(page.title)
    hot = {_whose(home, title) for title in reasons}
    part = [one for one in wanted if _whose(home, one.title) in hot]
    return _reasons_last(home, part, reasons)


def _reasons_last(home: str, part: Sequence[Wanted], reasons: Collection[str]) -> list[Wanted]:
    """The same, with what goes along just before the first page of the same person that is a reason.

    A round that is cut off between them so leaves the next one the reason.
    """
    along: dict[str, list[Wanted]] = {}
    for one in part:
        if one.title not in reasons:
            along.setdefault(_whose(home, one.title), []).append(one)
    found: list[Wanted] = []
    for one in part:
        if one.title in reasons:
            found += [*along.pop(_whose(home, one.title), ()), one]
    return found


def _whose(home: str, title: str) -> str:
    """What tells the pages of one person from those of others; of another page: its title."""
    name = whose(home, title)
    return title if name is None else f"{home}/people/{name}"


def _loses(before: object, after: object) -> bool:
    """Whether a key or a text of *before* is not in *after*. Numbers may change."""
    return bool(Counter(_words(before)) - Counter(_words(after)))


def _words(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield f"{key}:"
            yield from _words(one)
    elif isinstance(value, list):
        for one in value:
            yield from _words(one)
