"""Read wikitables cell by cell, without expanding anything: tolerant, linear, never raising."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape
from itertools import islice

MOST_COLUMNS = 50
MOST_ROWS = 5000
"""Larger tables are cut: no list of wishes has so many."""

_PIPE = "\x00"
_NOT_SHOWN = re.compile(
    r"<!--.*?(?:-->|\Z)|<ref\b[^<>]*/>|<ref\b[^<>]*>[^<]*</ref\s*>", re.I | re.S
)
_INNERMOST = re.compile(r"\[\[[^\[\]\n]*\]\]|\{\{(?!\|)[^{}]*\}\}")
_FILE = re.compile(r"\[\[\s*(?:file|image|datei|fichier|archivo|ficheiro)\s*:[^\[\]]*\]\]", re.I)
_LINK = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]")
_ADDRESS = re.compile(r"\[(?:https?:)?//[^\s\[\]]+\s*([^\[\]]*)\]")
_TEMPLATE = re.compile(r"\{\{[^{}]*\}\}")
_TAG = re.compile(r"</?[a-z][^<>]*>", re.I)
_SPAN = re.compile(r"\b(rowspan|colspan)\s*=\s*[\"']?\s*(\d{1,4})", re.I)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its wikitext, and whether it is a header."""

    text: str
    header: bool = False
    rows: int = 1
    columns: int = 1


Table = list[list[Cell]]


def tables(text: str) -> Iterator[Table]:
    """Yield the tables of *text*, each as rows of cells; a merged cell stands in each of its places."""
    lines: list[str] = []
    depth = 0
    for line in hide_pipes(_NOT_SHOWN.sub("", text)).split("\n"):
        mark = line.lstrip(" :*")
        if mark.startswith("{|"):
            depth += 1
            lines = [] if depth == 1 else lines
        elif mark.startswith("|}") and depth:
            depth -= 1
            if depth == 0:
                yield _spread(_rows(lines))
        elif depth == 1:
            lines.append(mark)  # a table in a cell is left out


def hide_pipes(text: str) -> str:
    """*text* in which the pipes within links and templates do not divide; ``show_pipes`` undoes it."""
    text = text.translate(dict.fromkeys(range(5)))
    for _ in range(6):  # as deep as anybody nests by hand
        hidden = _INNERMOST.sub(_mask, text)
        if hidden == text:
            break
        text = hidden
    return text.translate({1: "[[", 2: "]]", 3: "{{", 4: "}}"})


def show_pipes(text: str) -> str:
    """Undo ``hide_pipes``."""
    return text.replace(_PIPE, "|")


def plain(text: str) -> str:
    """What a reader sees of *text*, roughly: no markup, no pictures, no templates, in one line."""
    text = _LINK.sub(r"\1", _FILE.sub("", text))
    for _ in range(3):
        text = _TEMPLATE.sub("", text)
    text = _TAG.sub("", _ADDRESS.sub(r"\1", text)).replace("'''", "").replace("''", "")
    return " ".join(unescape(text).split())


def _mask(found: re.Match[str]) -> str:
    inner = found[0][2:-2].replace("|", _PIPE).replace("\n", " ")
    return f"\x01{inner}\x02" if found[0][0] == "[" else f"\x03{inner}\x04"


def _rows(lines: list[str]) -> Iterator[list[Cell]]:
    row: list[Cell] = []
    for line in lines:
        if line.startswith("|-"):
            if row:
                yield row
            row = []
        elif line.startswith("|+"):
            continue
        elif line.startswith(("|", "!")):
            row.extend(_cells(line))
        elif row:
            row[-1] = replace(row[-1], text=f"{row[-1].text}\n{show_pipes(line)}".strip())
    if row:
        yield row


def _cells(line: str) -> Iterator[Cell]:
    header = line.startswith("!")
    for part in re.split(r"\|\||!!" if header else r"\|\|", line[1:])[:MOST_COLUMNS]:
        before, bar, after = part.partition("|")
        spans = {name.lower(): int(size) for name, size in _SPAN.findall(before if bar else "")}
        yield Cell(
            show_pipes(after if bar else before).strip(),
            header,
            max(1, spans.get("rowspan", 1)),
            max(1, spans.get("colspan", 1)),
        )


def _spread(rows: Iterator[list[Cell]]) -> Table:
    """Put merged cells into each of their places, so that columns stand below their headers."""
    table: Table = []
    hanging: dict[int, tuple[Cell, int]] = {}
    for row in islice(rows, MOST_ROWS):
        line: list[Cell] = []
        coming: dict[int, tuple[Cell, int]] = {}
        cells = iter(row)
        while len(line) < MOST_COLUMNS:
            cell, left = hanging.pop(len(line), (None, 0))
            columns = 1
            if cell is None:
                cell = next(cells, None) or (Cell("") if hanging else None)
                if cell is None:
                    break
                left, columns = cell.rows, min(cell.columns, MOST_COLUMNS - len(line))
            for _ in range(columns):
                hanging.pop(len(line), None)
                if left > 1:
                    coming[len(line)] = (cell, left - 1)
                line.append(cell)
        table.append(line)
        hanging = coming
    return table
