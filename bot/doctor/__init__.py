"""``python -m bot doctor``: looks at everything the bot needs, and says what to do. It edits nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.doctor import account, database, here, pages, rules, settings, sources
from bot.doctor.findings import Check, Finding, Patient, State, found_by
from bot.output import DONE, FAILED, PARTLY

__all__ = ["CHECKS", "Finding", "Patient", "State", "code_of", "examine", "lines"]

CHECKS: tuple[Check, ...] = (
    *here.CHECKS,
    *settings.CHECKS,
    *database.CHECKS,
    *account.CHECKS,
    *pages.CHECKS,
    *rules.CHECKS,
    *sources.CHECKS,
)
"""In this order: what opens the ledger and the wiki comes before what needs them."""


def examine(patient: Patient, checks: Sequence[Check] = CHECKS) -> Iterator[Finding]:
    """What every check finds, one after the other."""
    for check in checks:
        yield from found_by(check.about, lambda look=check.look: look(patient))  # type: ignore[misc]


def code_of(findings: Iterable[Finding]) -> int:
    """The exit code: 1 if something fails, 3 if something is not as it should be, else 0."""
    states = {one.state for one in findings}
    if State.FAIL in states:
        return FAILED
    return PARTLY if State.WARN in states else DONE


def lines(finding: Finding) -> Iterator[str]:
    """A finding for people: one line, and one for what to do."""
    yield f"{finding.state:<4}  {finding.about}: {finding.says}"
    if finding.remedy:
        yield f"      → {finding.remedy}"
