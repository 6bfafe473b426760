"""Read the JSON of a page that people write: strict, bounded, and with the line of whatever is wrong."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Generator, Iterable
from json.decoder import scanstring  # type: ignore[attr-defined]  # json's own; typeshed lacks it.
from typing import Any, NoReturn

from wikitext.json_text import clean
from wikitext.words import message

MOST_BYTES = 256 * 1024
DEEPEST = 12
"""No rule needs brackets in brackets deeper than half of this."""
LONGEST_NUMBER = 25
"""Characters; Python takes seconds over numbers that are thousands of digits long."""

Path = tuple[str | int, ...]
"""Where in the page a value stands: keys, and places in lists from 0."""
Word = str | int | float

# Always fits from a quote on, closed or not, so that no text is looked at twice.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[{]|[\]}]', re.DOTALL)
_BLANK = re.compile(r"[ \t\n\r]*")


class RulesError(Exception):
    """The page cannot be used. ``line`` counts from 1; ``says`` is a message key with its values.

    The key is that of ``report-<key>`` in ``wikitext/onwiki/i18n``: what is wrong and what to do.
    """

    def __init__(self, line: int, says: tuple[Word, ...]) -> None:
        self.line = line
        self.says = says
        super().__init__(f"line {line}: {message(f'report-{says[0]}', *says[1:])}")


class Wrong(Exception):
    """A value that cannot be used: where it stands, and what to say of it, as in ``RulesError``."""

    def __init__(self, path: Path, key: str, *values: Word) -> None:
        super().__init__(key)
        self.path = path
        self.says: tuple[Word, ...] = (key, *values)


def load_object(text: str) -> dict[str, Any]:
    """The JSON object that *text* is.

    Numbers that no float can hold come as infinity, and so do NaN and the like: no range has them.

    Raises:
        RulesError: it is too large, nested too deep, no JSON, no object, or names one key twice.

    """
    if len(text) > MOST_BYTES or len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise RulesError(1, ("rules-too-large", MOST_BYTES // 1024))
    _may_be_read(text)
    twice: list[str] = []

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        value = dict(pairs)
        if len(value) < len(pairs):
            twice.append("")
        return value

    try:
        value = json.loads(
            text,
            object_pairs_hook=unique,
            parse_int=_whole,
            parse_constant=lambda _name: math.inf,
        )
    except json.JSONDecodeError as error:
        raise RulesError(error.lineno, ("rules-json", error.colno)) from None
    if twice:
        _name_twin(text)
    if not isinstance(value, dict):
        raise RulesError(_line(text, _blank(text, 0)), ("rules-no-object",))
    return value


def located(text: str, wrong: Wrong) -> RulesError:
    """*wrong* with its line in *text*, which is JSON. What is not there is sought where it belongs."""
    places = dict(_places(text))
    path = wrong.path
    while path not in places:
        path = path[:-1]
    return RulesError(_line(text, places[path]), wrong.says)


def _may_be_read(text: str) -> None:
    """Stop before brackets are so deep that reading them takes all the stack."""
    depth = 0
    for token in _TOKEN.finditer(text):
        if token[0] in "[{":
            depth += 1
            if depth > DEEPEST:
                raise RulesError(_line(text, token.start()), ("rules-too-deep", DEEPEST))
        elif token[0] in "]}":
            depth -= 1


def _whole(digits: str) -> float:
    return int(digits) if len(digits) <= LONGEST_NUMBER else math.inf


def _name_twin(text: str) -> NoReturn:
    seen: set[Path] = set()
    for path, at in _places(text):
        if path in seen:
            raise RulesError(_line(text, at), ("rules-twice", shown(path[-1])))
        seen.add(path)
    raise AssertionError("json saw a key twice that we do not see")


def shown(name: object) -> str:
    """A name from the page as it may be repeated on another."""
    text = clean(str(name))
    return text if len(text) <= 40 else f"{text[:39]}…"


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _blank(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at


def _places(text: str) -> Iterable[tuple[Path, int]]:
    """Each value of *text*, which is JSON: its path, and where its key (or it itself) begins."""
    start = _blank(text, 0)
    yield (), start
    yield from _inside(text, start, ())


def _inside(text: str, at: int, path: Path) -> Generator[tuple[Path, int], None, int]:
    """The places inside the value that begins at *at*; return where it ends."""
    opening = text[at]
    if opening not in "[{":
        return int(_DECODER.raw_decode(text, at)[1])
    at = _blank(text, at + 1)
    number = 0
    while text[at] not in "]}":
        key: str | int = number
        start = at
        if opening == "{":
            key, at = scanstring(text, at + 1, True)
            at = _blank(text, _blank(text, at) + 1)  # Past the colon.
        yield (*path, key), start
        at = _blank(text, (yield from _inside(text, at, (*path, key))))
        if text[at] == ",":
            at = _blank(text, at + 1)
        number += 1
    return at + 1


_DECODER = json.JSONDecoder(parse_int=_whole)
