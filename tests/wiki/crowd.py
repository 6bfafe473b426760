"""Many people of a real wiki, without a login for each: who joined long ago, and whom nothing new concerns.

Their accounts are written into the wiki's database, their entries and facts into the ledger; their pages
the bot writes itself.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.ledger import Ledger
from scripts.local.api import Client
from tests.bot.quiet import ROOT, fill, note_entries

FIRST = 1_000_000
"""The id of whoever would come before P1: far from the accounts that tests make."""


def crowd(home: Path, admin: Client, ledger: Ledger, people: int, works: int = 1) -> None:
    """Let P1, P2, … take part on the wiki in *home*, each with so many *works* in the empty *ledger*."""
    accounts = {f"P{number}": FIRST + number for number in range(1, people + 1)}
    with closing(_database(home)) as wiki, wiki:
        wiki.executemany(
            "INSERT OR IGNORE INTO user (user_id, user_name, user_touched, user_email, user_password,"
            " user_newpassword, user_real_name, user_token, user_registration)"
            " VALUES (?, ?, '20200101000000', '', '', '', '', ?, '20200101000000')",
            [(number, name, f"{number:032}") for name, number in accounts.items()],
        )
        wiki.executemany(
            "INSERT OR IGNORE INTO actor (actor_user, actor_name) VALUES (?, ?)",
            [(number, name) for name, number in accounts.items()],
        )
    fill(ledger, people, works, first=FIRST)
    saved = admin.edit(f"{ROOT}/Registry", f"The bot has read of {people} people here.")
    note_entries(ledger, accounts, int(saved["newrevid"]))


def disperse(home: Path) -> None:
    """Take their accounts away."""
    with closing(_database(home)) as wiki, wiki:
        for column in ("user.user_id", "actor.actor_user"):
            table, _, name = column.partition(".")
            wiki.execute(f"DELETE FROM {table} WHERE {name} > ?", (FIRST,))


def _database(home: Path) -> sqlite3.Connection:
    return sqlite3.connect(home / "data" / "wiki.sqlite", timeout=30)
