"""What ``python -m bot publish`` says to the operator: first what would change, then what was done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import unified_diff
from pathlib import Path

from bot.errors import EditConflict
from bot.install import Installed
from bot.kit import Plan, Step, What
from bot.ports import KitWiki
from wikitext.merge import Hunk, laid_out

TAB = 4


def plan_lines(plan: Plan) -> Iterator[str]:
    """The difference of every page that would change, and every conflict with its lines."""
    for step in plan.steps:
        if step.what is What.CONFLICT:
            yield from _conflict(step)
        elif step.saves:
            yield from _change(step)
    for step in plan.of(What.LEFT):
        yield (
            f"left [[{step.title}]]: it was deleted on the wiki, and belongs to the editors"
            f" (`--overwrite {_word(step.title)}` makes it anew)"
        )
    for title in plan.gone:
        yield f"[[{title}]] is no longer part of the kit; delete it if nobody uses it."
    yield _sum(plan)


def _change(step: Step) -> Iterator[str]:
    barred = "" if step.state.editable else " (not by this account: see the end)"
    if not step.now.exists:
        size = len(step.text.encode())
        why = "was deleted on the wiki and is made again" if step.again else "new page"
        yield f"{why}: [[{step.title}]], {size:,} bytes{barred}"
    else:
        yield f"{step.what}: [[{step.title}]]{barred}"
    if step.model:
        yield f"  content model: {step.state.model} → {step.model}"
    if step.now.exists:
        yield from _diff(step.title, step.now.text, step.text)


def _diff(title: str, here: str, kit: str) -> Iterator[str]:
    before, after = (laid_out(text).expandtabs(TAB).split("\n") for text in (here, kit))
    names = f"{title} (as it stands)", f"{title} (new)"
    yield from unified_diff(before, after, *names, lineterm="")


def _conflict(step: Step) -> Iterator[str]:
    yield f"conflict: [[{step.title}]] and the kit say different things at the same place"
    for hunk in step.hunks:
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
    if conflicts := len(plan.of(What.CONFLICT)):
        parts.append(f"{conflicts} in conflict")
    if barred := len(plan.barred):
        parts.append(f"{barred} that an administrator has to save")
    return ", ".join(parts) + "."


def remaining_lines(
    plan: Plan, done: Installed, files: Iterable[tuple[Step, Path]], wiki: KitWiki
) -> Iterator[str]:
    """What is left to a human, and what they can do about it."""
    conflicts = plan.of(What.CONFLICT)
    for step in conflicts:
        yield f"kept [[{step.title}]] as it stands: it is in conflict with the kit, see above"
    if conflicts:
        yield (
            "Bring the kit's lines into these pages on the wiki and run `publish` again; or name them:"
            " `--keep TITLE …` leaves the page as it is, `--overwrite TITLE …` replaces it by the kit's"
            " (`--overwrite` alone: all pages changed on the wiki)."
        )
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
    for step in plan.steps:
        if step.lacks:
            yield (
                f"[[{step.title}]] needs the content model {step.lacks}, not {step.state.model}: somebody"
                " who may sets it on Special:ChangeContentModel."
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
