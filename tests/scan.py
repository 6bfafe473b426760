"""After all of it: does anything that remains tell a secret, or of somebody who left?

    findings = scan(log=said, ledger=raw, pages=texts, files=[folder], secrets=given, people=[gone])

Shares no code with ``sources.redaction`` and ``bot.traces``, which it is there to check.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, quote_plus

SHORTEST = 4
"""Signs of a word that is looked for, where shorter ones stand by chance."""
LONG = 8
"""Signs of a word that stands nowhere by chance, be it within longer ones."""
WINDOW = 12
"""So many signs of a secret in a row are too many, even where the rest was cut off."""
LEAST_ID = 10_000
"""Smaller ids stand everywhere by chance: let those who leave have greater ones."""
LEAST_PACKED = 2**24
"""Ids from here on are looked for as SQLite packs them, too: in four bytes."""
_SPLIT = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]|['\"]\s*[rbuf]?['\"]|\\?\r?\n\s*|\r")
"""What may stand within a text that was printed: colours, the seams of literals, ends of lines."""


@dataclass(frozen=True, slots=True)
class Gone:
    """Somebody of whom nothing may be told: names, accounts, PHIDs as *words*; ids here and everywhere."""

    words: tuple[str, ...]
    ids: tuple[int, ...] = ()


def scan(
    *,
    log: str | bytes = "",
    ledger: bytes = b"",
    pages: Mapping[str, str] | None = None,
    files: Iterable[Path] = (),
    secrets: Mapping[str, str] | None = None,
    people: Iterable[Gone] = (),
    given: Iterable[str] = (),
) -> list[str]:
    """Everything found, each as "place: what, in which form"; no finding repeats a secret or a name.

    *log* is all that was printed; *ledger* every byte of the database, or a dump; *pages* current texts
    by title (titles of tombstones bear names, so only secrets are looked for in them); *files* are
    folders, walked through, or files, but for those named in *given*, which the operator wrote.
    *secrets* have names to tell them by.
    """
    log = log.encode("utf-8", "surrogateescape") if isinstance(log, str) else log
    places = [("log", log), ("ledger", ledger)]
    places += [(f"page {n}", text.encode()) for n, text in enumerate((pages or {}).values(), 1)]
    places += _files(files, frozenset(given))
    titles = "\n".join(pages or {}).encode()
    known, gone = dict(secrets or {}), list(people)
    found = {
        f"{place}: {what}"
        for place, raw in [*places, ("titles", titles)]
        for what in _secrets_in(raw, known)
    }
    found |= {f"{place}: {what}" for place, raw in places for what in _people_in(raw, gone)}
    return sorted(found)


def _files(files: Iterable[Path], given: frozenset[str]) -> Iterator[tuple[str, bytes]]:
    for start in files:
        for path in sorted(start.rglob("*")) if start.is_dir() else [start]:
            if path.is_file() and path.name not in given:
                yield f"file {path.name}", path.read_bytes()


def _secrets_in(raw: bytes, secrets: Mapping[str, str]) -> Iterator[str]:
    for name, secret in secrets.items():
        for way, text in ("whole", raw), ("split", _SPLIT.sub(b"", raw)):
            for form, one in _forms(secret):
                if one in text:
                    yield f"{name} ({form}, {way})"
        for at in range(len(secret) - WINDOW + 1):
            # Words of a sentence may stand anywhere.
            part = secret[at : at + WINDOW]
            if " " not in part and part.encode() in raw:
                yield f"{name} (a part)"


def _people_in(raw: bytes, people: Iterable[Gone]) -> Iterator[str]:
    low = raw.lower()
    for number, one in enumerate(people, 1):
        for at, word in enumerate(one.words, 1):
            for spelling, spelt in _spellings(word):
                for form, text in _forms(spelt):
                    if text in raw if form == "base64" else _stands(low, text.lower(), word):
                        yield f"word {at} of person {number} ({spelling}, {form})"
        for identity in one.ids:
            for form in _ways_of_id(raw, identity):
                yield f"an id of person {number} ({form})"


def _ways_of_id(raw: bytes, identity: int) -> Iterator[str]:
    number = abs(identity)
    if number >= LEAST_ID and re.search(rb"(?<!\d)%d(?!\d)" % number, raw):
        yield "digits"
    if LEAST_PACKED <= number < 2**31 and any(
        one.to_bytes(4, "big", signed=True) in raw for one in (number, -number)
    ):
        yield "packed"


def _stands(low: bytes, text: bytes, word: str) -> bool:
    """Whether the text is there; that of a short word by itself, as it may be a part of others."""
    if len(word) >= LONG or text not in low:
        return text in low
    return bool(re.search(rb"(?<![a-z0-9])%b(?![a-z0-9])" % re.escape(text), low))


def _spellings(word: str) -> Iterator[tuple[str, str]]:
    """A name as wikis, addresses and other programs write it."""
    if len(word) < SHORTEST:
        return
    for form in ("NFC", "NFD"):
        text = unicodedata.normalize(form, word)
        yield form, text
        if " " in text:
            yield f"{form}, underscores", text.replace(" ", "_")


def _forms(text: str) -> Iterator[tuple[str, bytes]]:
    """A text as it may stand in bytes, each form once."""
    raw = text.encode()
    quoted = quote(text, safe="")
    inside = json.dumps(text)[1:-1]
    forms: list[tuple[str, str]] = [
        ("plain", text), ("quoted", quoted), ("quoted", quote(text)), ("quoted", quote_plus(text)),
        ("quoted", re.sub("%..", lambda two: two[0].lower(), quoted)),
        ("quoted", quote(text, safe=";@$!*(),/~:")), ("quoted twice", quote(quoted, safe="")),
        ("JSON", inside), ("JSON", json.dumps(text, ensure_ascii=False)[1:-1]),
        ("JSON", inside.replace("/", "\\/")), ("JSON in JSON", json.dumps(inside)[1:-1]),
        ("repr", repr(text)[1:-1]), ("repr", ascii(text)[1:-1]), ("repr", repr(raw)[2:-1]),
        ("HTML", html.escape(text)), ("hexadecimal", raw.hex()),
    ]  # fmt: skip
    seen: set[bytes] = set()
    for name, one in forms:
        if one and one.encode() not in seen:
            seen.add(one.encode())
            yield name, one.encode()
    yield "UTF-16", text.encode("utf-16-le")
    for encode in (b64encode, urlsafe_b64encode):
        for before in range(3):
            # The signs at both ends depend on what stands beside it.
            core = encode(b"\0" * before + raw)[(0, 2, 3)[before] : (before + len(raw)) * 4 // 3]
            if len(core) >= SHORTEST + 2:
                yield "base64", core
