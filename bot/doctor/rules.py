"""The rules in force, and that every badge still does what its examples say."""

from __future__ import annotations

from collections.abc import Iterator

from bot.doctor.findings import Check, Finding, Patient, fail, ok, warn
from bot.rulebook import known_rules, rules_trouble
from scoring.badges import check_examples


def examples(patient: Patient) -> Iterator[Finding]:
    """The examples of every badge under the rules in force."""
    badges = known_rules(patient.ledger).rules.badges
    wrong = check_examples(badges)
    for line in wrong:
        yield fail("badges", line, "Mend the badge or its example on the page of rules.")
    if not wrong:
        yield ok("badges", f"{len(badges)} of them, and all of their examples come out right.")


def in_force(patient: Patient) -> Iterator[Finding]:
    """Whether the last round could use the page of rules, and on which wiki it was."""
    trouble = rules_trouble(patient.ledger)
    if trouble is not None:
        yield warn("rules in force", trouble, "An administrator mends that line.")
    else:
        yield ok("rules in force", "as the last round read them.")
    known = patient.ledger.notes.recall("wiki")
    if known is not None and patient.wiki_id and known != patient.wiki_id:
        yield fail(
            "ledger", f"belongs to the wiki {known}, and user-config.py leads to {patient.wiki_id}.",
            "Mend user-config.py, or set BADGES_DATABASE_URL to another ledger.",
        )  # fmt: skip


CHECKS = (Check("badges", examples), Check("rules in force", in_force))
