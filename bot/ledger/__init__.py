"""What the bot remembers: the only package that knows SQLAlchemy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.ledger.cells import Cells, Sizes
from bot.ledger.census import Census
from bot.ledger.facts import Facts
from bot.ledger.notes import Notes
from bot.ledger.people import People
from bot.ledger.rulings import Rulings
from bot.ledger.store import Store
from bot.ledger.tasks import Tasks
from bot.ledger.tiers import Tiers
from bot.ledger.views import Views
from bot.ledger.wishes import Wishes

__all__ = ["Ledger"]


class Ledger:
    """The ledger: people and their proofs, facts about work, and notes on what was done.

    One writer: whoever writes holds the lock of ``notes``. Work that belongs together is done
    ``with ledger.together():`` and is then stored whole or not at all.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.notes = Notes(store)
        self.people = People(store)
        self.facts = Facts(store)
        self.tasks = Tasks(store)
        self.tiers = Tiers(store)
        self.wishes = Wishes(store)
        self.rulings = Rulings(store)
        self.views = Views(store)
        self.cells = Cells(store)
        self.sizes = Sizes(store)
        self.census = Census(store)

    @classmethod
    def open(cls, url: str) -> Ledger:
        """Open the ledger at a database URL: make its tables in an empty database, upgrade old ones.

        Raises:
            LedgerError: it cannot be opened, or a newer version of the program wrote it.
            Busy: it has to be upgraded, and a round is running.

        """
        from bot.lock import locked  # Late: it knows ledgers.

        store = Store.open(url)
        ledger = cls(store)
        if store.outdated:
            with locked(ledger):
                store.upgrade()
        return ledger

    @contextmanager
    def together(self) -> Iterator[None]:
        """Everything inside is one transaction."""
        with self._store.transaction():
            yield

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """Everything inside is undone at the end: for ``preview``."""
        with self._store.rehearsal():
            yield

    @contextmanager
    def guarded(self, holder: str) -> Iterator[None]:
        """Inside, nothing is stored once the lock is not *holder*'s any more: that raises LockLost instead."""
        self._store.holder = holder
        try:
            yield
        finally:
            self._store.holder = ""

    @property
    def steps(self) -> int:
        """How many transactions were begun: it goes up while anything is done."""
        return self._store.steps

    def beside(self) -> Notes | None:
        """The notes by a connection of their own, for another thread, that waits for nothing long.

        None where no other connection sees this ledger: in the memory of this process.
        """
        store = self._store.beside()
        return None if store is None else Notes(store)

    def close(self) -> None:
        """Let go of the database; whoever asks again opens it again."""
        self._store.close()
