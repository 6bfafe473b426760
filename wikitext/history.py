"""Who added which entry: follow the registry from one revision to the next.

Pure: revisions in, what stands out. An entry belongs to the accounts whose edits brought exactly
that text; a removal by one of them is their leaving, a removal by anybody else waits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain

from wikitext.leftovers import may_be_executed, only_ones_own
from wikitext.registry import entry_digest, entry_digests, entry_texts, mentions


@dataclass(frozen=True, slots=True)
class Revision:
    """One version of a page. ``user`` is the local user id, 0 for nobody known (hidden, no account).

    ``text`` is None where the wiki hides it. ``restores``: the wiki marked it as a rollback or an
    undoing, so its author wrote nothing of what it brought.
    """

    id: int
    user: int
    at: datetime
    text: str | None
    restores: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry that is on the page, or that was removed at ``removed`` and may come back.

    ``adders`` are the accounts that brought exactly this text and did not take it away themselves;
    it is the entry of whomever it names only if they are among them. Of a table: ``enders`` are
    others who took it away and did not put it back, ``ended`` those who had brought it before that.
    """

    digest: str
    revision: int
    adders: frozenset[int]
    removed: datetime | None = None
    enders: frozenset[int] = frozenset()
    ended: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Kind:
    """How a page is read: *digests* says which entries a text holds.

    *table*: a page whose entries are nobody's own. There one may write several at once, nobody
    leaves by taking one away, and that it was there before is remembered. *bare* is a line of it
    without the mark that it is accepted.
    """

    digests: Callable[[str], frozenset[str]] = entry_digests
    table: bool = False
    bare: Callable[[str], str] = str.strip


REGISTRY = Kind()


def since_revision(
    revisions: Iterable[Revision], seen: int
) -> tuple[str | None, Iterator[Revision]]:
    """Part the text of the revision *seen* from those after it; None where it is not to be seen.

    *revisions* begin with that one; before revision 0 there was no text.
    """
    rest = iter(revisions)
    if not seen:
        return "", rest
    first = next(rest, None)
    if first is None or first.id != seen:
        return None, chain([first] if first else [], rest)
    return first.text, rest


def follow(
    before: Mapping[str, Standing],
    revisions: Iterable[Revision],
    waiting: timedelta,
    *,
    parent: str | None = "",
    blind: bool = False,
    kind: Kind = REGISTRY,
    left: set[tuple[str, int]] | None = None,
    names: Mapping[int, str] | None = None,
) -> dict[str, Standing]:
    """What stands after *revisions* (oldest first), given what stood *before*.

    An entry that its only adder removed is gone from the answer; so nothing of it is kept.
    What another removed can come back for as long as *waiting*; after that it is a new entry.
    *parent* is the text before the first of them, None where it is not to be seen.
    *blind*: something between *before* and the first revision was not seen, so nobody is taken
    for the author of what that one changed. Which entries accounts took away that had added them,
    be it together with others, is added to *left*: digest and account. *names* are those of
    accounts, as far as they are known.
    """
    standing = dict(before)
    left = set() if left is None else left
    for revision in revisions:
        if revision.text is None:
            blind = True  # The next visible revision shows changes that may be another's.
            continue
        author = 0 if blind else revision.user
        _forget_expired(standing, revision.at - waiting)
        had = _added_by(author, standing)
        _step(
            standing,
            _Edit(revision, author, parent, revision.text, kind, (names or {}).get(author)),
        )
        left |= {(digest, author) for digest in had - _added_by(author, standing)}
        parent, blind = revision.text, False
    return standing


def _added_by(author: int, standing: Mapping[str, Standing]) -> set[str]:
    return {digest for digest, one in standing.items() if author in one.adders}


@dataclass(frozen=True, slots=True)
class _Edit:
    """One edit: whose it is believed to be (0: nobody's), the text before (None: unknown) and after."""

    revision: Revision
    author: int
    before: str | None
    after: str
    kind: Kind
    name: str | None = None

    @property
    def by(self) -> frozenset[int]:
        return frozenset({self.author} - {0})

    def wrote(self, standing: Mapping[str, Standing]) -> Callable[[str], bool]:
        """Which of the entries it brought its author wrote: nothing that another had left for them.

        In a table, what somebody else changed or left beside it does not matter to a line that stood
        there in the same words, and was only accepted.
        """
        kind = self.kind
        if self.before is None or self.revision.restores or may_be_executed(self.before):
            return lambda _: False

        def owns(line: str) -> bool:
            one = standing.get(entry_digest(line))
            return one is not None and self.author in one.adders

        if only_ones_own(self.before, self.after, owns, kind.bare):
            return lambda _: True
        if not kind.table:
            return lambda _: False
        stood = {kind.bare(line) for line in self.before.split("\n")}
        lines = [line for line in self.after.split("\n") if kind.bare(line) in stood]
        return kind.digests("\n".join(lines)).__contains__


def _forget_expired(standing: dict[str, Standing], limit: datetime) -> None:
    for digest, entry in list(standing.items()):
        if entry.removed is not None and entry.removed <= limit:
            del standing[digest]


def _step(standing: dict[str, Standing], edit: _Edit) -> None:
    now_there, table = edit.kind.digests(edit.after), edit.kind.table
    taken = [standing[d] for d in standing.keys() - now_there if standing[d].removed is None]
    _bring(standing, edit, now_there)
    for entry in taken:
        _take_away(standing, entry, edit.revision.at, edit.by, table=table)
    if edit.by and not table and _meant_themselves(taken, edit):
        _give_up_waiting(standing, edit.by)


def _bring(standing: dict[str, Standing], edit: _Edit, now_there: frozenset[str]) -> None:
    """Note what an edit brought. The same text that came back stands again, by whosever edit.

    It is its author's only if they brought nothing else: nobody takes part by several lines at once,
    and who restores a page that was blanked, or undoes an edit, has not written what somebody may
    have planted there in their name. Nor has who saves a page on which something waits to be
    executed (``wikitext.leftovers``).
    """
    fresh = now_there - standing.keys()
    back = {d for d in now_there & standing.keys() if standing[d].removed is not None}
    if not fresh and not back:
        return
    alone, wrote = len(fresh) + len(back) == 1, edit.wrote(standing)
    for digest in fresh:
        hand = edit.by if (alone or edit.kind.table) and wrote(digest) else frozenset[int]()
        standing[digest] = Standing(digest, edit.revision.id, hand)
    for digest in back:
        entry = standing[digest]
        hand = edit.by if alone and wrote(digest) else frozenset()
        standing[digest] = replace(
            entry, adders=entry.adders | hand, removed=None,
            enders=entry.enders - edit.by, ended=entry.ended - hand,
        )  # fmt: skip


def _take_away(
    standing: dict[str, Standing], entry: Standing, at: datetime, by: frozenset[int], *, table: bool
) -> None:
    """A removal by an adder ends their part for good; for the others the entry waits."""
    left = entry.adders - by
    if table:
        others = by - entry.adders
        ended = entry.ended | left if others else entry.ended
        standing[entry.digest] = replace(
            entry, adders=left, removed=at, enders=entry.enders | others, ended=ended
        )
    elif left or not by & entry.adders:
        standing[entry.digest] = replace(entry, adders=left, removed=at)
    else:
        del standing[entry.digest]


def _meant_themselves(taken: Iterable[Standing], edit: _Edit) -> bool:
    """Whether some line that was taken away is its author's own, or what another made of it.

    Of that only the words tell, and they are believed where they name its author, or where it is
    not known who that is: better one line too many to write again than somebody kept who left. Who
    takes away anything else, spam for instance, goes on waiting.
    """
    taken = list(taken)
    if any(one.adders & edit.by for one in taken):
        return True
    if edit.name is None or edit.before is None:
        return bool(taken)
    lines = entry_texts(edit.before)
    return any(mentions(lines.get(one.digest, ""), edit.name) for one in taken)


def _give_up_waiting(standing: dict[str, Standing], by: frozenset[int]) -> None:
    """Who takes an entry away wants none of their own to come back: leaving is leaving.

    Else an older version of their line, once removed by somebody else, could be restored by anyone.
    """
    for entry in list(standing.values()):
        if entry.removed is None or not entry.adders & by:
            continue
        if entry.adders <= by:
            del standing[entry.digest]
        else:
            standing[entry.digest] = replace(entry, adders=entry.adders - by)
