"""Which pages of the kit an administrator should protect: what stands there shows on many user pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.kit import Plan, Step

_NEWCOMERS = "autoconfirmed"
_FEW = 5
_FORMS = ("/Preload", "/Intro")


def guard_lines(plan: Plan) -> Iterator[str]:
    """What anybody may change there and should not, by the wiki's own answer; nothing if all is well."""
    steps = [step for step in plan.steps if step.now.exists or step.text]
    open_to_all = list(_named(steps, plan.root, lambda level: not level))
    if open_to_all:
        yield (
            "Anybody may edit these pages of the kit, and so change what stands on everybody's user page"
            " (messages are wikitext, too). Ask an administrator to protect them against editing, for"
            " template editors or administrators only:"
        )
        yield from open_to_all
    weak = list(_named(steps, plan.root, lambda level: level == _NEWCOMERS))
    if weak:
        yield (
            f"These are protected with edit={_NEWCOMERS} only; every account a few days old may edit them:"
        )
        yield from weak
    shared = [f"[[{step.title}]]" for step in steps if _is_shared(step) and not step.state.level]
    if shared:
        yield (
            f"People write on {', '.join(shared)}. On many wikis every account can change the content"
            " model of such a page, and the bot can read it no more then; protecting it with"
            f" edit={_NEWCOMERS} prevents that, if the policies of the wiki allow it."
        )


def _named(steps: list[Step], root: str, fits: Callable[[str], bool]) -> Iterator[str]:
    """A line for each part of the kit with pages of such a level of protection."""
    for part, own in _parts(steps, root):
        found = [step.title for step in own if fits(step.state.level)]
        if found and len(found) == len(own) > 1:
            yield f"  {part}: all {len(found)} pages"
        elif found:
            more = len(found) - _FEW
            names = ", ".join(f"[[{title}]]" for title in found[:_FEW])
            yield f"  {names}" + (f" and {more} more of {part}" if more > 0 else "")


def _parts(steps: list[Step], root: str) -> Iterator[tuple[str, list[Step]]]:
    for title in ("Module:Developer badges", "Template:Developer badges"):
        yield (
            f"[[{title}]] and its subpages",
            [step for step in steps if f"{step.title}/".startswith(f"{title}/")],
        )
    forms = [
        step for step in steps if step.title.startswith(f"{root}/") and step.title.endswith(_FORMS)
    ]
    yield f"what forms begin with below [[{root}]] (Preload, Intro)", forms


def _is_shared(step: Step) -> bool:
    return step.page.once and not step.page.is_data
