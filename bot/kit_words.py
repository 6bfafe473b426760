"""What ``python -m bot publish`` says to the operator: first what would change, then what was done."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import unified_diff
from pathlib import Path

from bot.errors import EditConflict
from bot.install import Installed
from bot.kit import Plan, Step, What
from bot.kit_guard import guard_lines
from bot.ports import KitWiki
from wikitext.merge import Hunk, laid_out

TAB = 4
_MOST_KEPT = 40
"""Lines that are shown of what the wiki has otherwise, of each page."""


def plan_lines(plan: Plan) -> Iterator[str]:
    """The difference of every page that would change, or that is kept, and every conflict."""
    for step in plan.steps:
        if step.hunks:
            yield from _conflict(step)
        if step.saves:
            yield from _change(step)
        elif step.what is What.KEPT:
            yield from _kept(step)
    for step in plan.of(What.LEFT):
        yield (
            f"left [[{step.title}]]: it was deleted on the wiki, and belongs to the editors"
            f" (`--overwrite {_word(step.title)}` makes it anew)"
        )
    for title in plan.gone:
        yield f"[[{title}]] is no longer part of the kit; delete it if nobody uses it."
    for step in plan.of(What.SAME):
        yield from _headless(step)
    yield _sum(plan)


def _change(step: Step) -> Iterator[str]:
    barred = "" if step.state.editable else " (not by this account: see the end)"
    barred = " (waits for others: see the end)" if step.waits else barred
    if not step.now.exists:
        size = len(step.text.encode())
        why = "was deleted on the wiki and is made again" if step.again else "new page"
        yield f"{why}: [[{step.title}]], {size:,} bytes{barred}"
    else:
        yield f"{step.what}: [[{step.title}]]{barred}"
    if step.model:
        yield f"  content model: {step.state.model} → {step.model}"
    if step.now.exists:
        names = f"{step.title} (as it stands)", f"{step.title} (new)"
        yield from _diff(step.now.text, step.text, names)


def _kept(step: Step) -> Iterator[str]:
    yield f"kept as changed on the wiki: [[{step.title}]]"
    names = f"{step.title} (the kit's)", f"{step.title} (as it stands)"
    lines = list(_diff(step.page.text, step.now.text, names))
    yield from lines[:_MOST_KEPT]
    if len(lines) > _MOST_KEPT:
        yield f"  … and {len(lines) - _MOST_KEPT} more lines"


def _diff(before: str, after: str, names: tuple[str, str]) -> Iterator[str]:
    old, new = (laid_out(text).expandtabs(TAB).split("\n") for text in (before, after))
    yield from unified_diff(old, new, *names, lineterm="")


def _headless(step: Step) -> Iterator[str]:
    """A page of the editors that does not begin with what the kit shows there, as those made before."""
    head, _, _ = step.page.text.partition("\n")
    if head.startswith("{{#invoke:") and _signs(head) not in _signs(step.now.text):
        yield (
            f"[[{step.title}]] is the editors' own, and shows no explanations and no form without this"
            f" line; put it at the top of the page: {head}"
        )


def _signs(text: str) -> str:
    """*text* without what may be written in several ways in a call."""
    return re.sub(r"[\s_]+", "", text).casefold()


def _conflict(step: Step) -> Iterator[str]:
    fixed = [hunk for hunk in step.hunks if hunk.fixed]
    if fixed:
        yield (
            f"conflict: somebody changed on [[{step.title}]] which account's pages the module believes"
        )
        yield from _hunks(fixed)
    others = [hunk for hunk in step.hunks if not hunk.fixed]
    if _is_broken(step):
        yield f"conflict: [[{step.title}]] holds no JSON that the kit could be brought into"
    elif others:
        yield f"conflict: [[{step.title}]] and the kit say different things at the same place"
    yield from _hunks(others)


def _is_broken(step: Step) -> bool:
    """Whether the page should hold JSON and holds something else."""
    return step.what is What.CONFLICT and step.holds is None and step.page.is_data


def _hunks(hunks: Iterable[Hunk]) -> Iterator[str]:
    for hunk in hunks:
        yield from _hunk(hunk)


def _hunk(hunk: Hunk) -> Iterator[str]:
    yield f"@@ {hunk.place} @@"
    yield from (f"  wiki: {line.expandtabs(TAB)}" for line in hunk.here)
    yield from (f"  kit:  {line.expandtabs(TAB)}" for line in hunk.kit)


def _sum(plan: Plan) -> str:
    kept, same = len(plan.of(What.KEPT)), len(plan.of(What.SAME))
    parts = [f"{count_pages(len(plan.saves))} to save", f"{same} as they should be"]
    if kept:
        parts.append(f"{kept} kept as changed on the wiki")
    if conflicts := len(plan.conflicts):
        parts.append(f"{conflicts} in conflict")
    if waiting := len(plan.waiting):
        parts.append(f"{waiting} waiting for others")
    if barred := len(plan.barred):
        parts.append(f"{barred} that an administrator has to save")
    return ", ".join(parts) + "."


def remaining_lines(
    plan: Plan, done: Installed, files: Iterable[tuple[Step, Path]], wiki: KitWiki
) -> Iterator[str]:
    """What is left to a human, and what they can do about it."""
    yield from _undecided(plan)
    for step, why in done.refused:
        again = " Run `publish` again." if isinstance(why, EditConflict) else ""
        yield f"refused [[{step.title}]]: {why}{again}"
    if pastes := to_paste(plan, done):
        file_of = {step.title: f" → {file}" for step, file in files}
        yield f"{wiki.bot} may not save these pages; an administrator has to paste their texts:"
        for step in pastes:
            yield f"  [[{step.title}]]{_needs(step)}{file_of.get(step.title, '')}"
        if not file_of:
            yield "`publish --paste FOLDER` writes the texts to files to paste from."
    if waiting := plan.waiting + done.waiting:
        yield (
            "Code changes as a whole or not at all, so these pages wait; settle what is said above, then"
            " run `publish` again:"
        )
        yield from (f"  [[{step.title}]]" for step in waiting)
    for step in plan.steps:
        if step.lacks:
            yield (
                f"[[{step.title}]] needs the content model {step.lacks}, not {step.state.model}: somebody"
                " who may sets it on Special:ChangeContentModel."
            )
    yield from guard_lines(plan)


def _undecided(plan: Plan) -> Iterator[str]:
    """Each conflict, and the ways out of it."""
    for step in plan.conflicts:
        if step.holds is None:
            yield f"kept [[{step.title}]] as it stands: it is in conflict with the kit, see above"
        else:
            yield f"kept what the wiki has in [[{step.title}]] where it is in conflict with the kit, see above"
    if any(not hunk.fixed for step in plan.conflicts for hunk in step.hunks):
        yield (
            "Bring the kit's lines into these pages on the wiki and run `publish` again; or name them:"
            " `--keep TITLE …` keeps what the wiki has in conflict, `--overwrite TITLE …` replaces the page"
            " by the kit's (`--overwrite` alone: all pages changed on the wiki)."
        )
    for step in plan.conflicts:
        if _is_broken(step):
            yield (
                f"[[{step.title}]] has to hold JSON: `--keep` cannot settle that; mend it on the wiki, or"
                f" `--overwrite {_word(step.title)}`."
            )
        if any(hunk.fixed for hunk in step.hunks):
            yield (
                f"Whoever changes these keys of [[{step.title}]] can show badges that nobody earned. They"
                " follow BADGES_ROOT and the bot's account, and `--keep` cannot settle that: look at the"
                f" history of the page, and `--overwrite {_word(step.title)}`."
            )


def to_paste(plan: Plan, done: Installed) -> list[Step]:
    """The pages that this account may not save, as far as we know or were told."""
    told = [step for step, why in done.refused if not isinstance(why, EditConflict)]
    return plan.barred + told


def count_pages(number: int) -> str:
    """A number of pages, in words."""
    return f"{number} page" if number == 1 else f"{number} pages"


def _needs(step: Step) -> str:
    needs = step.model or step.lacks
    return f" (content model {needs})" if needs else ""


def _word(title: str) -> str:
    return f'"{title}"' if " " in title else title
