"""Suggest rows of the curated table from pages of older wishlists. What they find, a human checks.

No results page of a survey could be read while this was written: columns are found by what their
headers say, never by their place, and a table that does not say is refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import takewhile

from wikitext.wikitables import Cell, Table, hide_pipes, plain, show_pipes, tables
from wikitext.wishes import MOST_TASKS, WISHLIST, WishRow, clean_title, wish_status

ERA = "community-wishlist-2024"
"""The list of wishes as they were filed from July 2024 on, before they had numbers."""

HEADERS = {
    "tasks": "phabricator|task|tracking|ticket|tracked|bug|aufgabe|tarefa|tarea|tâche|zadani",
    "status": "status|state|stand|zustand|outcome|result|estado|statut|état|stato|situação|situation",
    "votes": "vote|support|stimme|unterstützung|voto|apoio|apoyo|soutien|voti|score|points",
    "rank": "rank|rang|place|platz|position|posição|posición|№|#|no\\.|nr",
    "proposal": "proposal|wish|title|idea|project|request|feature|vorschlag|wunsch|wünsche|titel|thema"
    "|proposta|desejo|título|proposição|propuesta|deseo|proposition|souhait|titre|proposta|titolo",
}
"""How the headers of a column begin, in the order in which a header is tried."""

_HEADERS = {role: re.compile(rf"(?<!\w)(?:{words})", re.I) for role, words in HEADERS.items()}
_TASK = re.compile(r"(?<!\w)T([1-9]\d{0,6})(?!\d)")
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_DONE_WORDS = frozenset({"done", "completed"})
_DONE_TEMPLATE = re.compile(r"\{\{\s*(?:done|tick|completed)\s*(?:\|[^{}]*)?\}\}", re.I)
_OTHER_TEMPLATE = re.compile(r"\{\{\s*(?!(?:done|tick|completed)\s*[|}])[^{}]*\}\}", re.I)
_STATUS = re.compile(r"[^\W_][\w -]{0,39}")
_TRANSLATION = re.compile(r"</?translate\b[^<>]*>|<tvar\b[^<>]*>|</tvar>|<!--.*?-->", re.S)
_ERA_CALL = re.compile(r"\{\{\s*Community[ _]Wishlist/Wish\s*(?=\|)", re.I)
_NUMBERED = re.compile(r"/W([1-9]\d{0,8})(?=/|$)")


class NotUnderstood(ValueError):
    """A page that does not say what would be needed; the sentence says what is missing."""


def survey_results(edition: str, wikitext: str) -> Iterator[WishRow]:
    """Suggest a row for each proposal in the tables of the survey *edition*, by its page name.

    Only ``Done``, ``Completed`` and their templates are taken for granted. Raises NotUnderstood
    where a table of results has no column of proposals, and where there is no such table.
    """
    survey = _survey(edition)
    rows: list[WishRow] = []
    for table in tables(wikitext):
        start, columns = _columns(table)
        if "proposal" in columns:
            rows += _proposals(survey, table[start:], columns)
        elif columns:
            found = ", ".join(sorted(columns))
            raise NotUnderstood(
                f"A table has no column of proposals; its headers speak of {found}."
            )
    if not rows:
        raise NotUnderstood("There is no table with a column of proposals on this page.")
    return iter(_told_apart(rows))


def template_era(title: str, wikitext: str) -> WishRow:
    """Suggest a row for a page of 2024 and 2025 with ``{{Community Wishlist/Wish|…}}``.

    Raises NotUnderstood where it has no such call, or no title.
    """
    call = _ERA_CALL.search(wikitext)
    if call is None:
        raise NotUnderstood("This page has no {{Community Wishlist/Wish|…}}.")
    values = _arguments(_call_text(wikitext, call.start()))
    name = clean_title(plain(values.get("title", "")) or title.rpartition("/")[2])
    number = _NUMBERED.search(title)
    return WishRow(
        list=WISHLIST if number else ERA,
        wish=f"W{number[1]}" if number else _slug(name),
        title=name,
        status=_kept(wish_status(plain(values.get("status", "")))),
        tasks=_tasks([values.get("tasks") or values.get("phabtasks") or ""]),
    )


def _survey(edition: str) -> str:
    year = _YEAR.search(edition)
    if year is None:
        raise NotUnderstood("The name of a survey has its year in it; this one has none.")
    return f"survey-{year[0]}"


def _columns(table: Table) -> tuple[int, dict[str, int]]:
    """Where the rows begin, and which column is which; empty where no row is one of headers."""
    heads = list(takewhile(lambda row: row and all(cell.header for cell in row), table[:5]))
    named = [_roles(row) for row in heads or table[:1]]
    columns = max(reversed(named), key=len, default={})
    # Without marks for headers, one word may stand there by chance.
    return max(1, len(heads)), columns if heads or len(columns) > 1 else {}


def _roles(row: Iterable[Cell]) -> dict[str, int]:
    roles: dict[str, int] = {}
    for place, cell in enumerate(row):
        if role := _role(plain(cell.text)):
            roles.setdefault(role, place)
    return roles


def _role(header: str) -> str:
    if len(header) > 80:
        return ""  # no header is a sentence
    return next((role for role, words in _HEADERS.items() if words.search(header)), "")


def _proposals(survey: str, table: Table, columns: dict[str, int]) -> Iterator[WishRow]:
    for row in table:
        cells = [cell.text for cell in row]
        title = clean_title(plain(_cell(cells, columns, "proposal")))
        if not title or (_role(title) == "proposal" and row[columns["proposal"]].header):
            continue  # a blank row, or the headers once more
        yield WishRow(
            list=survey,
            wish=_slug(title),
            title=title,
            status=_survey_status(_cell(cells, columns, "status")),
            tasks=_tasks([cells[columns["tasks"]]] if _has(cells, columns, "tasks") else cells),
        )


def _has(cells: list[str], columns: dict[str, int], role: str) -> bool:
    return columns.get(role, len(cells)) < len(cells)


def _cell(cells: list[str], columns: dict[str, int], role: str) -> str:
    return cells[columns[role]] if _has(cells, columns, role) else ""


def _survey_status(text: str) -> str:
    said = plain(text).casefold().strip(" .!:✓✔")
    if said in _DONE_WORDS:
        return "" if _OTHER_TEMPLATE.search(text) else "done"
    if not said and _DONE_TEMPLATE.search(text):
        return "" if _OTHER_TEMPLATE.search(text) else "done"
    # No other word of a survey is taken for granted, whatever it means elsewhere.
    return _kept(said) if wish_status(said) != "done" else ""


def _kept(status: str) -> str:
    return status if _STATUS.fullmatch(status) else ""


def _tasks(texts: Iterable[str]) -> tuple[int, ...]:
    found = (int(match[1]) for text in texts for match in _TASK.finditer(text))
    return tuple(dict.fromkeys(found))[:MOST_TASKS]


def _slug(title: str) -> str:
    words = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", title.casefold())).strip("-")
    return words[:50].strip("-") or "wish"


def _told_apart(rows: Iterable[WishRow]) -> Iterator[WishRow]:
    """Give the second wish of a name another: ``search-2``. The same wish twice stays one."""
    seen: dict[str, list[WishRow]] = {}
    for row in rows:
        known = seen.setdefault(row.wish, [])
        if row not in known:
            known.append(row)
            yield row if len(known) == 1 else replace(row, wish=f"{row.wish}-{len(known)}")


def _call_text(text: str, start: int) -> str:
    """The template call that begins at *start*, with its braces; to the end where it never ends."""
    depth = 0
    for brace in re.finditer(r"\{\{|\}\}", text[start:]):
        depth += 1 if brace[0] == "{{" else -1
        if depth == 0:
            return text[start : start + brace.end()]
    return text[start:]


def _arguments(call: str) -> dict[str, str]:
    inner = call.removeprefix("{{").removesuffix("}}")
    values = {}
    for part in hide_pipes(_TRANSLATION.sub("", inner)).split("|")[1:]:
        name, _, value = part.partition("=")
        values[name.strip().casefold()] = show_pipes(value).strip()
    return values
