"""Propose weights of difficulty from comparisons of works: ``calibrate``. A human saves them, or does not."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.comparisons import Gathered, of_file, of_ledger
from bot.errors import BadgesError, SettingsError
from bot.fitting import fit, minimizer
from bot.holdout import (
    PARTS,
    Comparison,
    agreement,
    by_chance,
    groups_of,
    held_out,
    parts_of,
    says,
)
from bot.ledger import Ledger
from bot.rulebook import known_rules, known_text, rules_trouble
from scoring.rules import RULES, Rules
from wikitext.rules_page import SCHEMA, TITLE, RulesError, parse_rules
from wikitext.rules_shapes import DIFFICULTY

FEWEST = 30
"""Fewer comparisons say nothing: of 30, one alone is 3 %."""
LIKELY_CHANCE = 0.05
MOST = {"chain": RULES.chain}
"""More weight would make ten slices of a patch worth more than 1.2 × the whole (``scoring.rules``)."""

Weights = Mapping[str, float]


class PageUnreadable(BadgesError):
    """The page in force cannot be merged with."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the fit found: lines to print, and the page of rules that it proposes, if it does."""

    lines: tuple[str, ...]
    page: str | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """Weights before and after, and what both say of each comparison: held out, and of all."""

    before: Weights
    after: Weights
    silent: tuple[str, ...]
    groups: int
    said: tuple[float, ...]
    out: tuple[float, ...]
    all: tuple[float, ...]

    @property
    def better(self) -> int:
        """How many that were held out come right more than before."""
        return sum(new > old for old, new in zip(self.said, self.out, strict=True))

    @property
    def worse(self) -> int:
        """How many come right less."""
        return sum(new < old for old, new in zip(self.said, self.out, strict=True))

    @property
    def helps(self) -> bool:
        """Whether other weights agree better with what they were not fitted to."""
        return self.after != self.before and agreement(self.out) > agreement(self.said)


def calibrate(ledger: Ledger | None, judgements: Path | None = None) -> Calibration:
    """Fit to the accepted comparisons of *ledger* and to *judgements*, whichever there are.

    Raises:
        SettingsError: there is neither, or scipy is not installed.
        ScoreFileError: a line of *judgements* makes no sense; the message names it.
        PageUnreadable: the page in force cannot be merged with.

    """
    if ledger is None and judgements is None:
        raise SettingsError(
            "There is nothing to fit to: no wiki is configured here; `--judgements FILE` names a file."
        )
    minimizer()  # Said at once, not after minutes of reading.
    rules = known_rules(ledger).rules if ledger is not None else RULES
    parts = []
    if ledger is not None:
        parts.append(("accepted by reviewers", of_ledger(ledger)))
    if judgements is not None:
        parts.append((f"of {judgements}", of_file(judgements, rules)))
    lines = list(_told(parts))
    comparisons = [one for _, gathered in parts for one in gathered.comparisons]
    groups = len(groups_of(comparisons))
    if len(comparisons) < FEWEST:
        why = f"Fewer than {FEWEST} comparisons say nothing about weights."
    elif groups < PARTS:
        why = (
            "They hang together by works that they share, so that nothing can be held out honestly;"
            " what helps are comparisons of works that were not compared yet."
        )
    else:
        found = _fit(comparisons, rules, groups)
        lines += _table(found)
        if found.helps:
            return Calibration((*lines, *_warnings(ledger, found)), _page(ledger, found))
        why = "The fitted weights agree no better with what they were not fitted to."
    return Calibration((*lines, f"{why} Nothing is proposed, and nothing was written or saved."))


def _fit(comparisons: Sequence[Comparison], rules: Rules, groups: int) -> _Found:
    before = [getattr(rules, term) for term in DIFFICULTY]
    most = [MOST.get(term, 1.0) for term in DIFFICULTY]

    def fitted(known: Sequence[Comparison]) -> tuple[float, ...]:
        return fit([one.difference for one in known], before, most)

    parts = parts_of(comparisons)
    ordered = [one for part in parts for one in part]
    after = fitted(ordered)
    return _Found(
        dict(zip(DIFFICULTY, before, strict=True)),
        dict(zip(DIFFICULTY, after, strict=True)),
        tuple(
            term
            for at, term in enumerate(DIFFICULTY)
            if not any(one.difference[at] for one in ordered)
        ),
        groups,
        tuple(says(before, one) for one in ordered),
        tuple(right for _, right in held_out(parts, fitted)),
        tuple(says(after, one) for one in ordered),
    )


def _told(parts: Sequence[tuple[str, Gathered]]) -> Iterator[str]:
    for where, gathered in parts:
        yield f"{len(gathered.comparisons)} comparisons {where}"
        if gathered.missing:
            yield (
                f"  {gathered.missing} more cannot be used: of one of the works nobody who takes part"
                " has a part, or both are one by now"
            )
        if gathered.worded:
            yield (
                f"  {gathered.worded} more cannot be used: the difficulty of one of the works is"
                " somebody's word, or it has no patch"
            )


def _table(found: _Found) -> Iterator[str]:
    yield ""
    yield f"{'weight':<12}{'in force':>10}{'fitted':>10}"
    for term in DIFFICULTY:
        note = "  (the same in all works compared: kept)" if term in found.silent else ""
        yield f"{term:<12}{found.before[term]:>10.3f}{found.after[term]:>10.3f}{note}"
    yield ""
    yield f"{'agreement':<12}{'in force':>10}{'fitted':>10}"
    before = agreement(found.said)
    yield f"{'held out':<12}{before:>10.1%}{agreement(found.out):>10.1%}"
    yield f"{'all':<12}{before:>10.1%}{agreement(found.all):>10.1%}"
    yield ""
    yield (
        f"Held out: in {PARTS} parts, each asked about with weights fitted to the others; no work is in two"
        f" parts ({found.groups} groups of works). {found.better} come right more than before, {found.worse} less."
    )


def _warnings(ledger: Ledger | None, found: _Found) -> Iterator[str]:
    if by_chance(found.better, found.worse) >= LIKELY_CHANCE:
        yield "So small a difference may be chance; more comparisons would tell."
    trouble = rules_trouble(ledger) if ledger is not None else None
    if trouble:
        yield trouble


def _page(ledger: Ledger | None, found: _Found) -> str:
    """The text of the page in force, with the weights that change: pasting it loses nothing else."""
    text = known_text(ledger) if ledger is not None else None
    page = json.loads(text) if text is not None else {"schema": SCHEMA}
    page |= {term: new for term, new in found.after.items() if new != found.before[term]}
    proposed = json.dumps(page, ensure_ascii=False, indent="\t") + "\n"
    try:
        parse_rules(proposed)  # It also refuses whatever a terminal should not be shown.
    except RulesError as error:
        raise PageUnreadable(
            f"[[{TITLE}]] is one that this version of the program cannot read, so that nothing can be"
            f" merged with it; mend it first ({error})."
        ) from None
    return proposed


def write_page(page: str, path: Path) -> None:
    """Write a proposed page to a file. Raises SettingsError if that cannot be done."""
    try:
        path.write_text(page, "utf-8", newline="\n")
    except OSError as error:
        raise SettingsError(f"{path} cannot be written ({type(error).__name__}).") from None
