"""Understand edits of a wiki as MediaWiki tells them: which are code, and how much of it.

Facts: https://www.mediawiki.org/wiki/API:RecentChanges, …/API:Usercontribs, …/API:Revisions and
…/Manual:Tags. What cannot be seen from outside, and so counts: copies of other people's pages, reverts from
before MediaWiki tagged them (2018, by hand 2020), and edits that an account with two hats flagged as a bot's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from scoring.model import Change, File
from sources.shape import Shape, find

BYTES_PER_LINE = 40
"""A wiki counts bytes; we count lines of this length, begun ones as whole."""

USER, MEDIAWIKI, TEMPLATE, MODULE, GADGET = 2, 8, 10, 828, 2300
SPACES = (USER, MEDIAWIKI, TEMPLATE, MODULE, GADGET)
"""Numbers of the namespaces where code lies."""

CODE = frozenset({"Scribunto", "css", "javascript", "sanitized-css", "vue"})
"""Content models that are code anywhere in SPACES: neither JSON data nor the pages about modules."""

LEFT_OUT = frozenset(
    {
        "mw-blank",
        "mw-changed-redirect-target",
        "mw-contentmodelchange",
        "mw-manual-revert",
        "mw-new-redirect",
        "mw-reverted",
        "mw-rollback",
        "mw-undo",
    }
)
"""Tags of edits that take back, were taken back, or only point elsewhere."""

HELPERS = re.compile(
    r"/(?:doc|docs|documentation|doku|dokumentation|documentación|documentação|документация|документація"
    r"|sandbox|testcases|preload)\d*(?:/|$|\.)",
    re.IGNORECASE,
)
"""Subpages that explain or try the code; on other wikis their content model may tell, for modules."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Edit:
    """A row of a list of edits. ``size`` and ``growth`` are bytes; ``name`` is used here and forgotten."""

    number: int
    space: int
    title: str
    when: datetime
    user: int
    name: str
    new: bool
    size: int
    growth: int


@dataclass(frozen=True, slots=True)
class Revision:
    """What a second look at an edit tells: where it lies today, its content model, hash and tags."""

    number: int
    space: int
    title: str
    model: str
    sha1: str
    tags: frozenset[str]


def parse_recent(rows: Iterable[object], shape: Shape) -> Iterator[Edit]:
    """Understand rows of ``list=recentchanges``. Raises SourceChanged.

    Hidden ones, and those of bots and of nobody in particular, are left out; minor ones too.
    """
    for row in rows:
        if find(row, "type") in ("edit", "new") and not _aside(row):
            before = shape.optional_number(row, "oldlen") or 0
            size = shape.optional_number(row, "newlen") or 0
            yield from _edit(row, shape, size, size - before)


def parse_contributions(rows: Iterable[object], shape: Shape) -> Iterator[Edit]:
    """Understand rows of ``list=usercontribs``; leaves out what ``parse_recent`` does, but for bots."""
    for row in rows:
        if not _aside(row):
            size = shape.optional_number(row, "size") or 0
            growth = find(row, "sizediff")
            # Of revisions from before sizes were noted it is not known, and so not substantial.
            yield from _edit(row, shape, size, growth if type(growth) is int else 0)


def parse_revisions(pages: Iterable[object], shape: Shape) -> Iterator[Revision]:
    """Understand pages of ``prop=revisions``; what is hidden is left out. Raises SourceChanged."""
    for page in pages:
        revisions = find(page, "revisions")
        for one in revisions if isinstance(revisions, list) else ():
            slot = shape.fields(one, "slots", "main")
            if not (_hidden(one) or _hidden(slot)):
                yield Revision(
                    number=shape.id(one, "revid"),
                    space=shape.number(page, "ns"),
                    title=shape.text(page, "title"),
                    model=shape.text(slot, "contentmodel"),
                    sha1=shape.text(one, "sha1"),
                    tags=frozenset(map(str, shape.rows(one, "tags"))),
                )


def is_substantial(edit: Edit, least: int) -> bool:
    """Whether *edit* may be a piece of work: at least *least* bytes more or fewer, or as many new."""
    large = abs(edit.growth) >= least and edit.size > 0
    return large and _may_be_code(edit.space, edit.title)


def as_written(edits: Iterable[Edit]) -> Iterator[Edit]:
    """Yield the edits of one account by number, without imported ones.

    Those have a new number and an old date: they are from before what stands before them.
    """
    latest: datetime | None = None
    for edit in sorted(edits, key=lambda one: one.number):
        if latest is None or edit.when > latest - _DAY:
            yield edit
        latest = max(latest or edit.when, edit.when)


def parse_changes(pairs: Iterable[tuple[Edit, Revision]], wiki: str) -> Iterator[Change]:
    """Yield the change that each edit of code is; a new page that copies an earlier one is none."""
    seen: set[str] = set()
    for edit, revision in pairs:
        copied = edit.new and revision.sha1 in seen
        seen.add(revision.sha1)
        if not copied and _is_code(revision, edit.name) and not revision.tags & LEFT_OUT:
            yield _change(edit, revision, wiki)


def account_key(wiki: str, user: int) -> str:
    """Return the key of a local account: ``onwiki:metawiki:42``."""
    return f"onwiki:{wiki}:{user}"


def moment(row: object, shape: Shape) -> datetime:
    """Read ``2026-01-07T12:00:00Z``."""
    text = shape.text(row, "timestamp")
    with suppress(ValueError):
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return found
    return shape.wrong("a moment like 2026-01-07T12:00:00Z", "timestamp")


def without_space(title: str) -> str:
    """``Ada/x.js`` of ``User:Ada/x.js``, whatever the wiki calls its namespaces."""
    return title.partition(":")[2]


def _edit(row: object, shape: Shape, size: int, growth: int) -> Iterator[Edit]:
    user = shape.optional_number(row, "userid") or 0
    if not user:
        return  # somebody who is no account
    yield Edit(
        number=shape.id(row, "revid"),
        space=shape.number(row, "ns"),
        title=shape.text(row, "title"),
        when=moment(row, shape),
        user=user,
        name=shape.text(row, "user"),
        new=find(row, "new") is True,
        size=size,
        growth=growth,
    )


def _aside(row: object) -> bool:
    return _hidden(row) or find(row, "bot") is True or find(row, "minor") is True


def _hidden(row: object) -> bool:
    """Whether any part was hidden: its text, its summary, who made it, or all of it from almost all."""
    hidden = ("texthidden", "sha1hidden", "userhidden", "commenthidden", "suppressed")
    return any(find(row, field) not in (None, False) for field in hidden)


def _may_be_code(space: int, title: str) -> bool:
    if space not in SPACES or HELPERS.search(title) or title.endswith(".json"):
        return False
    if space in (USER, MEDIAWIKI):
        return title.endswith((".js", ".css", ".vue", ":Gadgets-definition"))
    return True


def _is_code(revision: Revision, name: str) -> bool:
    if not _may_be_code(revision.space, revision.title):
        return False
    # The title of a user's page is the name of a person: it is told of nobody but that person.
    if revision.space == USER and without_space(revision.title).partition("/")[0] != name:
        return False
    gadgets = revision.space == MEDIAWIKI and revision.title.endswith(":Gadgets-definition")
    return revision.model in CODE or (
        revision.model == "wikitext" and (gadgets or revision.space == TEMPLATE)
    )


def _change(edit: Edit, revision: Revision, wiki: str) -> Change:
    lines = -(-abs(edit.growth) // BYTES_PER_LINE)
    came, went = (lines, 0) if edit.growth > 0 else (0, lines)
    return Change(
        project=wiki,
        number=edit.number,
        merged=edit.when,
        authors=(account_key(wiki, edit.user),),
        tasks=(),  # nobody looked at the edit, so a summary is no claim on a task
        files=(File(revision.title, came, went),),
        files_count=1,
        inserted=came,
        deleted=went,
        subject=revision.title,
        source="onwiki",
        reviewed=False,
    )
