"""Read a commit message: its tasks, its other authors, and the change that it takes back.

Conventions: https://www.mediawiki.org/wiki/Gerrit/Commit_message_guidelines
"""

from __future__ import annotations

import re

TASKS = 10
COAUTHORS = 10

_PARAGRAPHS = re.compile(r"\n[ \t]*\n")
_BUG = re.compile(r"[ \t]*bug[ \t]*:(.*)", re.IGNORECASE)
# T123#456 names a comment on T123. Digits are ASCII here: "T١" is no task.
_TASK = re.compile(r"(?<!\w)T([1-9][0-9]{0,6})(?!\w)")

# The mark before @ of an address may be almost anything; what is asked with it is up to the asker.
_COAUTHOR = re.compile(r"[ \t]*co-authored-by[ \t]*:[^<>]*<([^<>\s]+@[^<>\s]+)>", re.IGNORECASE)

_COMMIT = re.compile(r"^This reverts commit\s+([0-9a-f]{40})(?!\w)", re.MULTILINE)
_CHANGE = re.compile(r"^This reverts change\s+(I[0-9a-f]{40})(?!\w)", re.MULTILINE)
_REVERT = re.compile(r'Revert(?:\^[0-9]+)? ["“]')
_SENTENCES = re.compile(r"(?<=[.!?])\s+|\n\s*\n")
_PART = re.compile(r"\b(?:in part|part(?:ial)?ly|partial)\b", re.IGNORECASE)
_REVERTS = re.compile(r"\breverts\b", re.IGNORECASE)


def parse_tasks_named(message: str) -> tuple[int, ...]:
    """Return the task numbers of the ``Bug:`` footers, each once, in order; the first few of many.

    More than that is no list of tasks any more, and would make us ask for each of them.
    """
    named = (
        int(number)
        for line in _last_paragraph(message).split("\n")
        if (footer := _BUG.match(line))
        for number in _TASK.findall(footer[1])
    )
    return tuple(dict.fromkeys(named))[:TASKS]


def parse_coauthors(message: str) -> tuple[str, ...]:
    """Return the addresses of the ``Co-Authored-By:`` footers, each once, in order; the first few."""
    lines = _last_paragraph(message).split("\n")
    named = (footer[1] for line in lines if (footer := _COAUTHOR.match(line)))
    return tuple(dict.fromkeys(named))[:COAUTHORS]


def parse_reverted(message: str) -> str:
    """Return what *message* takes back: a commit, a Change-Id, ``"?"``, or ``""`` for nothing."""
    if not takes_back(message):
        return ""
    message = _plain(message)
    found = _COMMIT.search(message) or _CHANGE.search(message)
    return found[1] if found else "?"


def takes_back(message: str) -> bool:
    """Whether *message* is that of a revert, of the whole and not of a part.

    Its subject begins as git and Gerrit begin it: ``Revert "…"``. A line in the body alone is no
    revert: anybody can write one about anybody's work.
    """
    return bool(_REVERT.match(_plain(message))) and not is_in_part(message)


def is_in_part(message: str) -> bool:
    """Whether *message* says of itself that it takes back a part of something only."""
    subject, _, body = _plain(message).partition("\n")
    # What stands between the quotes are the words of what is taken back.
    quoted = max(subject.rfind('"'), subject.rfind("”"))
    opening = _REVERT.match(subject)
    after = subject[quoted + 1 :] if opening and quoted >= opening.end() else ""
    said = [one for one in _SENTENCES.split(body) if _REVERTS.search(one)]
    return any(_PART.search(" ".join(words.split())) for words in (after, *said))


def _plain(message: str) -> str:
    return message.replace("\r\n", "\n").strip()


def _last_paragraph(message: str) -> str:
    """Where git looks for footers; the first paragraph is the subject and has none."""
    _, *rest = _PARAGRAPHS.split(_plain(message))
    return rest[-1] if rest else ""
