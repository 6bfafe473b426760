"""The tables of the ledger: facts, what was published, and the tiers held. Awards are derived.

Those who did not join have no row of their own. Their part in a shared change is an *authorship*
with an ordinal and no account; see DESIGN 4.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects import mysql
from sqlalchemy.schema import SchemaItem

SCHEMA = 4
"""Version of these tables; a ledger of another one is refused. Nothing was released with 1 to 3."""

# On MariaDB: compare every text byte by byte as SQLite does (capitals, accents and spaces at the end
# make a difference), and store more than 64 KiB.
EXACT = "utf8mb4_nopad_bin"
NAME = String(255).with_variant(mysql.VARCHAR(255, collation=EXACT), "mysql", "mariadb")
LONG = Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")
_OPTIONS: dict[str, Any] = {
    "mysql_charset": "utf8mb4",
    "mariadb_charset": "utf8mb4",
    "mysql_collate": EXACT,
    "mariadb_collate": EXACT,
    "mysql_engine": "InnoDB",
    "mariadb_engine": "InnoDB",
}

metadata = MetaData()


def _table(name: str, *parts: SchemaItem) -> Table:
    return Table(name, metadata, *parts, **_OPTIONS)


# Small things kept by name: the schema's version, the wiki this ledger belongs to, the registry as judged.
memo = _table("memo", Column("name", NAME, primary_key=True), Column("value", LONG, nullable=False))

# Moments are epoch seconds, UTC; days are ISO text. So no database can lose a time zone.
cursor = _table(
    "cursor",
    Column("source", NAME, primary_key=True),
    Column("reached", BigInteger, nullable=False),
    Column("heard", String(10)),
    Column("asked", String(10)),
    Column("vain", Integer, nullable=False, default=0),
    Column("stale_since", String(10)),
    Column("trouble", String(40)),
)
ROUND = "round"
"""The name of the one lock. Its holder is told as in ``bot.holder``."""
lock = _table(
    "lock",
    Column("name", NAME, primary_key=True),
    Column("holder", NAME, nullable=False),
    Column("expires", BigInteger, nullable=False),
)
entry = _table(
    "entry",
    Column("digest", String(64), primary_key=True),
    Column("revision", BigInteger, nullable=False),
    Column("adders", LONG, nullable=False),
    Column("removed", BigInteger),
)
person = _table(
    "person",
    Column("id", Integer, primary_key=True),
    Column("central", BigInteger, nullable=False, unique=True),
    Column("user", BigInteger, nullable=False),
    Column("name", NAME, nullable=False),
    Column("developer", NAME, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("shown", Boolean, nullable=False),
    Column("claims", LONG, nullable=False),
    Column("paid", LONG, nullable=False),
    Column("choices", LONG, nullable=False),
)
account = _table(
    "account",
    Column("id", Integer, primary_key=True),
    Column("person", ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("source", NAME, nullable=False),
    Column("key", NAME, nullable=False),
    Column("name", NAME, nullable=False),
    Column("way", NAME, nullable=False),
    Column("proved", String(10), nullable=False),
    Column("claim", NAME, nullable=False),
    Column("read", Boolean, nullable=False),
    Column("settled", Boolean, nullable=False),
    UniqueConstraint("source", "key", name="one_person_an_account"),
)
# Others who proved the same account to be theirs: until a reviewer decides, nobody earns by it.
claimant = _table(
    "claimant",
    Column("account", ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    Column("person", ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    Column("way", NAME, nullable=False),
    Column("proved", String(10), nullable=False),
    Column("claim", NAME, nullable=False),
)
change = _table(
    "change",
    Column("key", NAME, primary_key=True),
    Column("source", NAME, nullable=False, index=True),
    Column("project", NAME, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("merged", BigInteger, nullable=False),
    Column("change_id", NAME, nullable=False),
    Column("commit", NAME, nullable=False),
    Column("branch", NAME, nullable=False),
    Column("topic", NAME, nullable=False),
    Column("subject", LONG, nullable=False),
    Column("reverts", NAME, nullable=False, index=True),
    Column("is_bot", Boolean, nullable=False),
    Column("is_translation", Boolean, nullable=False),
    Column("rounds", BigInteger),
    Column("usage", BigInteger),
    Column("reviewed", Boolean),
    Column("inserted", BigInteger, nullable=False),
    Column("deleted", BigInteger, nullable=False),
    Column("files_count", BigInteger, nullable=False),
    Column("files", LONG, nullable=False),
)
# Which tasks a change names, in its own order: a fact of its public commit message, whether or not
# the task itself may be shown. So a share never depends on what we know of another task. What is
# named aside, where no search looks, counts for its own authors only: of others we learn by chance.
naming = _table(
    "naming",
    Column("change", NAME, ForeignKey("change.key", ondelete="CASCADE"), primary_key=True),
    Column("task", Integer, primary_key=True, index=True),
    Column("position", Integer, nullable=False),
    Column("aside", Boolean, nullable=False),
)
# Task 0 is the change by itself. The slot is the author's place in the change, the ordinal their
# number in the work, counted over all of its authors.
authorship = _table(
    "authorship",
    Column("change", NAME, ForeignKey("change.key", ondelete="CASCADE"), primary_key=True),
    Column("task", Integer, primary_key=True),
    Column("slot", Integer, primary_key=True, autoincrement=False),
    Column("ordinal", Integer, nullable=False),
    Column("account", ForeignKey("account.id", ondelete="SET NULL"), index=True),
)
# Tasks whose changes at a source were read as a set, whoever made them.
held = _table(
    "held",
    Column("task", Integer, primary_key=True, autoincrement=False),
    Column("source", NAME, primary_key=True),
)
# Changes of others that an account of ours voted on: their keys and days, and nothing else of them.
review = _table(
    "review",
    Column("change", NAME, primary_key=True),
    Column("account", ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    Column("merged", BigInteger, nullable=False),
)
# Tasks that were asked for and may not be shown: nothing but the number, so as not to ask every hour.
withheld = _table("withheld", Column("task", Integer, primary_key=True, autoincrement=False))
task = _table(
    "task",
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("status", NAME, nullable=False),
    Column("priority", NAME, nullable=False),
    Column("subtype", NAME, nullable=False),
    Column("points", Double),
    Column("subscribers", BigInteger),
    Column("tokens", BigInteger),
    Column("duplicates", BigInteger),
    Column("created", String(10)),
    Column("closed", String(10)),
    Column("projects", LONG, nullable=False),
    Column("umbrella", Boolean, nullable=False),
    Column("duplicate_of", Integer),
    Column("owner", ForeignKey("account.id", ondelete="SET NULL"), index=True),
)
# What a task of the table above tells of others: its subtasks, and those that were merged into it.
kin = _table(
    "kin",
    Column("task", Integer, primary_key=True, autoincrement=False),
    Column("other", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(10), primary_key=True),
)
# Wishes are public, and nobody's: who made, wanted or voted for one is not kept. "by" are the ids on
# this wiki of those whom a reviewer named as having granted it, and joined; "others" counts the rest.
wish = _table(
    "wish",
    Column("source", NAME, primary_key=True),
    Column("key", NAME, primary_key=True),
    Column("list", NAME, nullable=False),
    Column("title", LONG, nullable=False),
    Column("status", NAME, nullable=False),
    Column("votes", BigInteger),
    Column("granted", String(10)),
    Column("tasks", LONG, nullable=False),
    Column("by", LONG, nullable=False),
    Column("reviewer", BigInteger),
)
# A tier held, or (taken: the value found) lost with its evidence: scoring/tiers.py. Tier 0 counts how
# often the badge's rule fitted; that of no badge counts patches, and says that the pages were read.
tier = _table(
    "tier",
    Column("person", ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    Column("badge", NAME, primary_key=True),
    Column("tier", Integer, primary_key=True, autoincrement=False),
    Column("since", String(10), nullable=False),
    Column("line", Double, nullable=False),
    Column("rules", String(16), nullable=False),
    Column("noted", String(10)),
    Column("taken", Double),
)
# What the pages of reviews say (wikitext/reviews.py), by ids alone: "people" are the ids on this wiki of
# those who are named and joined, after the number of the others; "reviewers" those who accepted it.
ruling = _table(
    "ruling",
    Column("page", Integer, primary_key=True, autoincrement=False),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("revision", BigInteger, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("work", NAME, nullable=False),
    Column("value", NAME, nullable=False),
    Column("state", String(20), nullable=False),
    Column("people", LONG, nullable=False),
    Column("reviewers", LONG, nullable=False),
    Column("day", String(10)),
    Column("evidence", LONG, nullable=False),
)
# Reviewers (ids on this wiki) once seen to have a part in a work that they accepted a review of.
recusal = _table(
    "recusal",
    Column("work", NAME, primary_key=True),
    Column("reviewer", BigInteger, primary_key=True, autoincrement=False),
)
page = _table(
    "page",
    Column("title", NAME, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("revision", BigInteger, nullable=False),
)
