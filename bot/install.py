"""Save the pages of the kit as they were planned, one by one; a death in between costs nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import SaveRefused, SettingsError, WikiUnreachable
from bot.kit import Plan, Step, is_needed, summary
from bot.kit_texts import KitTexts
from bot.ports import KitWiki
from bot.progress import progress

_NOT_IN_FILES = str.maketrans({sign: f"%{ord(sign):02X}" for sign in '%/\\:*?"<>|'})


@dataclass(slots=True)
class Installed:
    """What became of a plan: titles that were saved, steps that were refused, with the reason.

    ``waiting``: what was not tried, because a page before was refused that it may need.
    """

    saved: list[str] = field(default_factory=list)
    refused: list[tuple[Step, SaveRefused]] = field(default_factory=list)
    waiting: list[Step] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether a page was refused that others may need."""
        return any(is_needed(step.page) for step, _ in self.refused)


def install_kit(
    wiki: KitWiki, texts: KitTexts, plan: Plan, root: str, tell: Callable[[str], None]
) -> Installed:
    """Save what the plan says, and note which version of the kit each page holds.

    Raises:
        WikiError: the wiki cannot be used any more; what was saved is noted.

    """
    done = Installed()
    for step in progress(plan.steps, "publishing"):
        if not step.saves:
            if step.holds is not None:
                texts.note(step.title, step.holds)
        elif not step.state.editable or step.waits:
            continue
        elif done.failed and not step.page.is_data:
            done.waiting.append(step)
        else:
            _save(wiki, texts, step, root, done, tell)
    known = {step.title for step in plan.steps} | set(plan.gone)
    for title in [title for title in texts if title not in known]:
        texts.forget(title)
    return done


def _save(
    wiki: KitWiki,
    texts: KitTexts,
    step: Step,
    root: str,
    done: Installed,
    tell: Callable[[str], None],
) -> None:
    why = summary(root, step.what)
    try:
        wiki.save(step.title, step.text, why, step.now.revision, step.model)
    except SaveRefused as error:
        done.refused.append((step, error))
        return
    except WikiUnreachable as error:
        raise WikiUnreachable(
            f"{error} Saved so far, and standing: {len(done.saved)}. Run `python -m bot publish` again"
            " in a few minutes, and it goes on from here."
        ) from None
    texts.note(step.title, step.page.text if step.holds is None else step.holds)
    done.saved.append(step.title)
    tell(f"saved {step.title}")


def write_pastes(steps: list[Step], folder: Path) -> list[tuple[Step, Path]]:
    """Write the texts of pages to files named after their titles. Raises SettingsError."""
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for step in steps:
            file = folder / step.title.translate(_NOT_IN_FILES)
            file.write_text(step.text, "utf-8")
            written.append((step, file))
    except OSError as error:
        raise SettingsError(
            f"The texts cannot be written to {folder} ({error.strerror}): name another folder."
        ) from None
    return written
