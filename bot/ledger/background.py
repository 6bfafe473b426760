"""What everybody's view is seen against, read once a round: how tasks hang together, and the wishes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from bot.ledger.concern import Concern, Kinship, same
from bot.ledger.rulings import JudgedReview, Reviewed, reviewed
from bot.ledger.wishes import Credited
from scoring.model import OTHER, Wish
from scoring.rules import RULES

ME = "me"
"""The author in a view whose view it is."""


@dataclass(frozen=True, slots=True)
class Background:
    """Beside the tasks' kinship: the granted wishes by key, and the votes that each task has.

    ``named`` are the wishes for which a reviewer named somebody, by their id on this wiki;
    ``disputed`` the ids of accounts by which nobody earns for now, ``in_news`` the tasks that Tech
    News listed. ``wishes`` are the keys of all wishes, granted or not.
    """

    kinship: Kinship = field(default_factory=Kinship)
    granted: Mapping[str, Credited] = field(default_factory=dict)
    votes: Mapping[int, int] = field(default_factory=dict)
    named: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    disputed: frozenset[int] = frozenset()
    in_news: frozenset[int] = frozenset()
    reviews: Reviewed = field(default_factory=Reviewed)
    wishes: frozenset[str] = frozenset()

    def wishes_of(self, user: int, me_in: Concern) -> Iterator[Wish]:
        """The granted wishes of the person *user*, with all tasks behind them; none they accepted."""
        for key in sorted({*me_in.wishes, *self.named.get(user, ())} & self.granted.keys()):
            one = self.granted[key]
            if one.reviewer == user:
                continue
            mine = user in one.people
            others = len(one.people) + one.others - mine
            yield replace(
                one.wish,
                tasks=tuple(sorted(self.kinship.wishes.get(key, ()))),
                by=(*((ME,) if mine else ()), *(f"{OTHER}{n}" for n in range(1, others + 1))),
            )


def background_of(
    kinship: Kinship,
    wishes: Iterable[Credited],
    disputed: Collection[int] = (),
    in_news: Collection[int] = (),
    reviews: Iterable[JudgedReview] = (),
) -> Background:
    """Sort *wishes* by what is asked of them. Of several that name a task, the most votes count."""
    granted: dict[str, Credited] = {}
    votes: dict[int, int] = {}
    named: dict[int, list[str]] = {}
    keys = set()
    for one in wishes:
        keys.add(one.wish.key)
        # A list without votes says nothing of demand, and takes none away.
        for number in same(one.wish.tasks, kinship) if one.wish.votes else ():
            votes[number] = max(votes.get(number, 0), one.wish.votes or 0)
        if one.wish.status in RULES.granted:
            granted[one.wish.key] = one
            for user in one.people:
                named.setdefault(user, []).append(one.wish.key)
    return Background(
        kinship,
        granted,
        votes,
        {user: tuple(keys) for user, keys in named.items()},
        frozenset(disputed),
        frozenset(in_news),
        reviewed(reviews),
        frozenset(keys),
    )
