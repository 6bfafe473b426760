"""Understand merged changes as Gerrit tells them, in its ChangeInfo.

Shape: https://gerrit-review.googlesource.com/Documentation/rest-api-changes.html#change-info
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from scoring.model import Change, File
from sources.footers import parse_coauthors, parse_reverted, parse_tasks_named
from sources.patches import safe_path
from sources.shape import Shape, find

FILES = 300
"""How many files of a change are kept; its counts speak of all."""

TRANSLATORS = frozenset({"l10n-bot", "translation updater bot"})

BOTS = TRANSLATORS | {
    "gerrit code review",
    "gerritbot",
    "jenkins-bot",
    "libraryupgrader",
    "mediawiki presync",
    "mwpresync",
    "pipelinebot",
    "releasetaggerbot",
    "trainbranchbot",
}
"""Names of automatic accounts, in lower case, beside those that Gerrit tags SERVICE_USER."""

LookUp = Callable[[str], object | None]
"""Finds the AccountInfo of an address, None where there is none."""

_SHAPE = Shape("Gerrit")
_WORD = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
_TRANSLATION = re.compile(r"Localisation updates from \S")


def nobody(address: str) -> None:
    """Find no account for any address."""


def parse_changes(
    rows: Iterable[object], bots: frozenset[str] = BOTS, look_up: LookUp = nobody
) -> Iterator[Change]:
    """Understand ChangeInfos, asked with the options of ``sources.gerrit``. Raises SourceChanged.

    What is not merged, or not public, is left out. *bots* are names in lower case. *look_up* is
    asked for the addresses of authors that no account within the row has.
    """
    for row in rows:
        private = bool(find(row, "is_private")) or bool(find(row, "work_in_progress"))
        if _SHAPE.text(row, "status") == "MERGED" and not private:
            yield _change(row, bots, look_up)


def parse_words(said: Iterable[object], account: int) -> set[str]:
    """The words that the account wrote in messages and comments, what it quotes left out."""
    words: set[str] = set()
    for one in said:
        # Whom another account speaks for has written nothing.
        if find(one, "author", "_account_id") == account and not find(one, "real_author"):
            text = _SHAPE.optional_text(one, "message")
            lines = (line for line in text.splitlines() if not line.lstrip().startswith(">"))
            words |= {word for line in lines for word in _WORD.findall(line)}
    return words


def account_key(owner: object) -> str:
    """Return the key of an AccountInfo: ``gerrit:1234``."""
    return f"gerrit:{_SHAPE.number(owner, '_account_id')}"


def is_service(owner: object) -> bool:
    """Whether Gerrit says that an AccountInfo is no human."""
    tags = find(owner, "tags")
    return isinstance(tags, list) and "SERVICE_USER" in tags


def moment(row: object, field: str) -> datetime:
    """Read ``2026-01-07 23:58:11.000000000``, which is UTC, to the second."""
    text = _SHAPE.text(row, field).partition(".")[0]
    with suppress(ValueError):
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    return _SHAPE.wrong("a moment like 2026-01-07 23:58:11.000000000", field)


def _change(row: object, bots: frozenset[str], look_up: LookUp) -> Change:
    commit = _SHAPE.text(row, "current_revision")
    revision = _SHAPE.fields(row, "revisions", commit)
    message = _SHAPE.text(revision, "commit", "message")
    files = _files(revision)
    people = _people(row, revision, message, look_up)
    names = _names(people.makers) | _author_name(revision)
    subject = _SHAPE.optional_text(row, "subject")
    return Change(
        project=_SHAPE.text(row, "project"),
        number=_SHAPE.number(row, "_number"),
        # Very old changes do not say when they were submitted.
        merged=moment(row, "submitted" if find(row, "submitted") else "updated"),
        authors=people.authors(bots),
        tasks=parse_tasks_named(message),
        files=tuple(_file(path, files[path]) for path in sorted(files)[:FILES]),
        files_count=len(files),
        inserted=_SHAPE.optional_number(row, "insertions") or 0,
        deleted=_SHAPE.optional_number(row, "deletions") or 0,
        change_id=_SHAPE.optional_text(row, "change_id"),
        commit=commit,
        branch=_SHAPE.optional_text(row, "branch"),
        topic=_SHAPE.optional_text(row, "topic"),
        subject=subject,
        reverts=_reverts(row, message),
        is_bot=any(map(is_service, people.makers)) or not names.isdisjoint(bots),
        is_translation=not names.isdisjoint(TRANSLATORS) or bool(_TRANSLATION.match(subject)),
        rounds=_rounds(row, bots),
        reviewers=people.reviewers(row, bots),
    )


@dataclass(frozen=True, slots=True)
class _People:
    """The AccountInfos of those who had a hand in a change. Addresses stay in here."""

    owner: object
    author: object
    """Who wrote it, as git knows; the owner where that is no account."""
    others: tuple[object, ...]
    """Co-authors."""
    uploader: object | None

    @property
    def makers(self) -> tuple[object, object]:
        return self.owner, self.author

    def authors(self, bots: frozenset[str]) -> tuple[str, ...]:
        """The keys of those who get the credit."""
        helpers = (one for one in self.others if not _is_bot(one, bots))
        return tuple(dict.fromkeys(map(account_key, (self.author, *helpers))))

    def reviewers(self, row: object, bots: frozenset[str]) -> tuple[str, ...]:
        """The keys of others who voted, by number."""
        own = {account_key(one) for one in (*self.makers, *self.others, self.uploader) if one}
        voted = {
            _SHAPE.number(one, "_account_id") for one in _voters(row) if not _is_bot(one, bots)
        }
        return tuple(key for number in sorted(voted) if (key := f"gerrit:{number}") not in own)


def _people(row: object, revision: object, message: str, look_up: LookUp) -> _People:
    owner = _SHAPE.fields(row, "owner")
    uploader = find(revision, "uploader")
    shown = {_address(one): one for one in (*_named(row), *_voters(row), uploader, owner)}
    shown.pop("", None)

    def account(address: str) -> object | None:
        return shown.get(address.casefold()) or look_up(address) if address else None

    author = account(_SHAPE.optional_text(revision, "commit", "author", "email"))
    others = tuple(one for one in map(account, parse_coauthors(message)) if one)
    return _People(owner, author or owner, others, uploader)


def _address(account: object) -> str:
    return _SHAPE.optional_text(account, "email").casefold()


def _voters(row: object) -> list[object]:
    """The accounts whose vote on Code-Review stood at the end."""
    label = find(row, "labels", "Code-Review")
    if label is None:
        return []
    every = [] if find(label, "all") is None else _SHAPE.rows(label, "all")
    voted = [one for one in every if find(one, "value")]
    # Without details, an older Gerrit tells one voter of each kind.
    one_each = (find(label, kind) for kind in ("approved", "recommended", "disliked", "rejected"))
    return [*voted, *(one for one in one_each if one is not None)]


def _messages(row: object) -> list[object]:
    return [] if find(row, "messages") is None else _SHAPE.rows(row, "messages")


def _named(row: object) -> list[object]:
    """The accounts that Gerrit asked for a review; it adds who wrote the commit by itself."""
    kinds = find(row, "reviewers")
    lists = kinds.values() if isinstance(kinds, Mapping) else ()
    return [one for some in lists if isinstance(some, list) for one in some]


def _rounds(row: object, bots: frozenset[str]) -> int | None:
    """How many uploads followed words of another human; None where nothing is said of words."""
    if find(row, "messages") is None:
        return None
    owner = account_key(find(row, "owner"))
    rounds, patch_set, spoken = 0, 1, False
    for one in _messages(row):
        text = _SHAPE.optional_text(one, "message")
        number = _SHAPE.optional_number(one, "_revision_number") or patch_set
        if number > patch_set:
            patch_set = number
            if spoken and "was rebased" not in text.partition("\n")[0]:
                rounds, spoken = rounds + 1, False
        author = find(one, "author")
        automatic = _SHAPE.optional_text(one, "tag").startswith("autogenerated:")
        if author and not automatic and not _is_bot(author, bots):
            spoken = spoken or account_key(author) != owner
    return rounds


def _is_bot(account: object, bots: frozenset[str]) -> bool:
    return is_service(account) or not _names((account,)).isdisjoint(bots)


def _names(accounts: Iterable[object]) -> frozenset[str]:
    """Every name by which an account could be known as a bot's; used for that alone."""
    found = (find(one, part) for one in accounts for part in ("name", "username"))
    return frozenset(name.casefold() for name in found if isinstance(name, str))


def _author_name(revision: object) -> frozenset[str]:
    return _names((find(revision, "commit", "author"),))


def _reverts(row: object, message: str) -> str:
    number = _SHAPE.optional_number(row, "revert_of")
    return f"{_SHAPE.text(row, 'project')}~{number}" if number else parse_reverted(message)


def _files(revision: object) -> Mapping[str, object]:
    # Gerrit leaves the map out where it could not make it; its magic files begin with a slash.
    files = find(revision, "files")
    if files is None:
        return {}
    shown = _SHAPE.fields(revision, "files")
    return {path: info for path, info in shown.items() if not path.startswith("/")}


def _file(path: str, info: object) -> File:
    binary = bool(find(info, "binary"))
    return File(
        path=safe_path(path.encode("utf-8", "replace").decode("utf-8")),
        inserted=None if binary else _SHAPE.optional_number(info, "lines_inserted") or 0,
        deleted=None if binary else _SHAPE.optional_number(info, "lines_deleted") or 0,
        renamed=find(info, "status") == "R",
    )
