"""The ledger: reachable, writable, and as it should lie."""

from __future__ import annotations

from collections.abc import Iterator

from bot.doctor.findings import Check, Finding, Patient, fail, ok, warn
from bot.holder import Holder
from bot.ledger.tables import EXACT, SCHEMA

FAST = 60
"""Seconds by which two clocks may differ."""


def reachable(patient: Patient) -> Iterator[Finding]:
    """It opens, and what is written stays."""
    ledger = patient.open_ledger()
    ledger.census.write()
    lying = ledger.census.lying()
    size = f"{lying.bytes / 2**20:.1f} MiB"
    yield ok("database", f"{lying.kind} {lying.server}, {size}; it can be read and written.")
    if lying.schema == SCHEMA:
        yield ok("schema", f"version {SCHEMA}.")
    else:
        yield fail(
            "schema", f"version {lying.schema}, not {SCHEMA}.", "Run any command of this version."
        )


def as_it_should_lie(patient: Patient) -> Iterator[Finding]:
    """What each kind of database needs so that nothing is lost or cut."""
    lying = patient.ledger.census.lying()
    if lying.kind == "sqlite":
        if lying.journal == "wal":
            yield ok("journal", "WAL: a death costs nothing.")
        else:
            yield warn(
                "journal", f"{lying.journal}, not WAL: this disk may not bear it (NFS does not).",
                "Put the file on a disk of the machine, or use MariaDB.",
            )  # fmt: skip
        for path in patient.ledger.cells.files():
            if path.stat().st_mode & 0o077:
                yield warn(path.name, "others may read it.", f"chmod 600 {path.name}")
        return
    charset, collation = EXACT.partition("_")[0], EXACT
    if (lying.charset, lying.collation) == (charset, collation):
        yield ok("collation", f"{collation}.")
    else:
        yield fail(
            "collation", f"{lying.collation or 'none'}, not {collation}: names would be mixed up.",
            "Restore a backup into an empty database made as docs/operating.md says.",
        )  # fmt: skip
    if "STRICT_ALL_TABLES" in lying.mode:
        yield ok("SQL mode", "strict: nothing is cut to fit.")
    else:
        yield fail("SQL mode", "is not strict.", "Look what stands between us and the server.")
    if patient.settings.database_url.partition("?")[0].endswith("_p"):
        yield fail(
            "name of the database", "ends in _p: on ToolsDB everybody may read it.",
            "Move the ledger to one with another name.",
        )  # fmt: skip


def clock(patient: Patient) -> Iterator[Finding]:
    """Our clock and the database's are about the same."""
    ahead = patient.ledger.census.lying().ahead
    if abs(ahead) <= FAST:
        yield ok("clock", "as the database's.")
    else:
        yield warn(
            "clock", f"the database's is {abs(ahead)} seconds {'ahead of' if ahead > 0 else 'behind'} ours.",
            "Set the clocks by NTP; the lock goes by the database's, the rounds by ours.",
        )  # fmt: skip


def lock(patient: Patient) -> Iterator[Finding]:
    """No round hangs."""
    held = patient.ledger.census.held()
    if held is None:
        yield ok("lock", "free.")
        return
    who = Holder.of(held.holder).spoken
    if held.left > 0:
        yield ok("lock", f"a round is running ({who}); held for {held.left} seconds, and renewed.")
    else:
        yield warn(
            "lock", f"ran out and was not given back ({who}).", "Nothing: the next round takes it."
        )


CHECKS = (
    Check("database", reachable),
    Check("database", as_it_should_lie),
    Check("clock", clock),
    Check("lock", lock),
)
