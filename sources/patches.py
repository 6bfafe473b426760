"""What merge requests and pull requests have in common: what their authors write into them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from sources.footers import TASKS, is_in_part, parse_reverted, parse_tasks_named, takes_back
from sources.shape import Shape

FILES = 300
"""How many files of a patch are kept; its counts speak of all."""

LINE = 500
"""How many signs of a line are read."""

_TASK = r"T[1-9][0-9]{0,6}(?!\w)"
_LINK = rf"<?https?://phabricator\.wikimedia\.org/{_TASK}(?:#[0-9]+)?/?>?"
_NAMED = rf"(?:\[?{_TASK}\]?\({_LINK}\)|{_LINK})"
_AND = r"\s*(?:,|;|&|\+|and)?\s*"
# A task stands for itself on a line of its own; anywhere else somebody must say what it is there for.
_ALONE = re.compile(rf"{_NAMED}(?:{_AND}{_NAMED})*\s*\.?", re.IGNORECASE)
_CLAIM = re.compile(
    r"(?:bug|tasks?|tickets?|issues?|phabricator(?: tasks?| tickets?)?|phab(?: tasks?)?"
    r"|fix(?:es|ed)?|close[sd]?|resolve[sd]?|implement(?:s|ed)?|address(?:es|ed)?)"
    rf"(?:\s*:\s*|\s+)((?:{_NAMED}|{_TASK})(?:{_AND}(?:{_NAMED}|{_TASK}))*)",
    re.IGNORECASE,
)
_HEAD = re.compile(rf"({_TASK}(?:\s*,\s*{_TASK})*)(?:\s*[:\-–—]|\s|$)")
_BRACKET = re.compile(rf"[\[(]\s*({_TASK}(?:\s*[,/&]?\s*{_TASK})*)\s*[\])]")
_NUMBER = re.compile(r"(?<!\w)T([1-9][0-9]{0,6})(?!\w)")

# Comments are the words of a template ("Bug: T123456"), code is an example.
_SILENT = re.compile(r"<!--.*?(?:-->|\Z)|^(```|~~~).*?(?:^\1|\Z)", re.DOTALL | re.MULTILINE)
_MARKUP = re.compile(r"^[\s*_+-]+|[*_`]+")

_TRANSLATORS = frozenset({"l10n-bot", "translatewiki", "weblate"})
_TRANSLATION = re.compile(r"Localisation updates from \S")

# Folders that bear people's names: puppet keeps their shell settings, sandboxes their drafts.
_HOME = re.compile(r"(?:^|(?<=/))(home/|users?/|people/)[^/]+(?=/)", re.IGNORECASE)


def parse_tasks_claimed(title: str, text: str, messages: Iterable[str] = ()) -> tuple[int, ...]:
    """Return the tasks that a patch says it is for, each once; the first few of many.

    ``Bug:`` footers of commit *messages*; ``T1: …``, ``[T1] …`` and ``… (T1)`` in the *title*; in
    the *text*, lines that begin with ``Bug:``, ``Fixes``, ``Task:`` and the like, and lines that
    are a link to a task and nothing else. "See also T5" is a mention, not a claim.
    """
    found = [number for message in messages for number in parse_tasks_named(message)]
    # The title of a revert quotes another one's.
    if not title.casefold().startswith("revert"):
        found += _numbers(_titled(title))
    found += _numbers(_said(text))
    return tuple(dict.fromkeys(found))[:TASKS]


def parse_tasks_aside(title: str, text: str, messages: Iterable[str]) -> tuple[int, ...]:
    """Return those of the claimed tasks that only commit *messages* name: no search finds them."""
    shown = parse_tasks_claimed(title, text)
    return tuple(n for n in parse_tasks_claimed(title, text, messages) if n not in shown)


def parse_taken_back(
    title: str, text: str, messages: Sequence[str], named: re.Pattern[str], project: str, mark: str
) -> str:
    """Return what a patch takes back: the key of another, a commit, ``"?"``, or ``""``.

    *named* finds its project (if it is another's) and number. Its title says that it is a revert:
    a line in its text alone does not, nor one commit that takes back another.
    """
    whole = f"{title}\n\n{text}"
    if not takes_back(whole) or (len(messages) == 1 and is_in_part(messages[0])):
        return ""
    said = [whole, *(messages if len(messages) == 1 else ())]
    for words in said:
        if found := named.search(words.replace("\r\n", "\n")):
            return f"{found[1] or project}{mark}{found[2]}"
    reverted = sorted(filter(None, map(parse_reverted, said)), key=lambda name: name == "?")
    return reverted[0] if reverted else ""


def authors_of(opener: str, signed: Iterable[str]) -> tuple[str, ...]:
    """Return the keys of those who *signed* commits, the opener first; of none, the opener."""
    keys = dict.fromkeys(signed)
    if not keys or opener in keys:
        keys = {opener: None} | keys
    return tuple(keys)


def is_translation(title: str, login: str) -> bool:
    """Whether a patch of *login* brings what others translated."""
    return login.casefold() in _TRANSLATORS or is_export(title)


def is_export(title: str) -> bool:
    """Whether a title is the one that translatewiki.net gives to its exports."""
    return bool(_TRANSLATION.match(title))


def parse_moment(shape: Shape, row: object, *path: str) -> datetime:
    """Read ``2026-01-07T23:58:11.456Z``, to the second. Raises SourceChanged."""
    with suppress(ValueError, OverflowError):
        time = datetime.fromisoformat(shape.text(row, *path))
        if time.tzinfo is not None:
            return time.astimezone(UTC).replace(microsecond=0)
    return shape.wrong("a moment like 2026-01-07T23:58:11Z", *path)


def posted_word(text: str, words: Iterable[str]) -> str:
    """Return the first of *words* that stands alone on a line of *text*, "" if none does.

    Outer blanks are no matter, nor is a slash at the end of an address. A name may go on after a
    blank, and a sentence may ask about the word: so nothing else may stand on the line.
    """
    lines = {line.strip() for line in text.split("\n")}
    lines |= {line.removesuffix("/") for line in lines if "://" in line}
    return next((word for word in words if word and word in lines), "")


def safe_path(path: str) -> str:
    """Return *path* without the name of the person whose folder it is in."""
    return _HOME.sub(r"\1user", path)


def _titled(title: str) -> str:
    title = _short(title)
    head = _HEAD.match(title)
    return " ".join([head[1] if head else "", *_BRACKET.findall(title)])


def _said(text: str) -> str:
    """The parts of a description that claim a task."""
    claims = []
    for line in _SILENT.sub("", text.replace("\r\n", "\n")).split("\n"):
        plain = _MARKUP.sub("", _short(line)).strip()
        if _ALONE.fullmatch(plain):
            claims.append(plain)
        elif claim := _CLAIM.match(plain):
            claims.append(claim[1])
    return " ".join(claims)


def _short(line: str) -> str:
    """Cut a line to what a claim needs, so that no line makes its reading slow."""
    return " ".join(line[:LINE].split())


def _numbers(text: str) -> list[int]:
    return [int(number) for number in _NUMBER.findall(text)]
