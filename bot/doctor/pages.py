"""The pages: those that editors keep, those of the kit, the stop page."""

from __future__ import annotations

from collections.abc import Iterator

from bot.doctor.findings import Check, Finding, Patient, fail, ok, warn
from bot.kit import Orders, Plan, Step, What, pages_to_install, plan_kit
from bot.kit_texts import KitTexts
from wikitext.rules_page import TITLE, RulesError, parse_rules

PUBLISH = "Run `python -m bot publish` as the operator."
NAMED = 3
"""So many pages are named, and the rest counted."""


def of_the_editors(patient: Patient) -> Iterator[Finding]:
    """The registry, the wishes table, and the page of reviews."""
    world = patient.find_world(patient.wiki, patient.ledger)
    reviews = next(reversed(world.review_pages.values()))
    found = patient.wiki.info([world.registry, world.wishes_table, reviews])
    if found[world.registry].exists:
        yield ok("registry", f"[[{world.registry}]] is there.")
    else:
        yield fail(
            "registry", f"there is no page [[{world.registry}]].", f"{PUBLISH} Or mend BADGES_ROOT."
        )
    if found[world.wishes_table].exists:
        yield ok("wishes", f"[[{world.wishes_table}]] is there.")
    else:
        yield warn("wishes", f"there is no page [[{world.wishes_table}]].", PUBLISH)
    there = "is there" if found[reviews].exists else "comes with the first review of the year"
    yield ok("reviews", f"[[{reviews}]] {there}.")


def stop_page(patient: Patient) -> Iterator[Finding]:
    """Nobody stopped the bot."""
    title = f"User:{patient.wiki.bot}/Developer badges/stop"
    (page,) = patient.wiki.texts([title])
    if page.text.strip():
        yield fail(
            "stop page",
            f"there is text on [[{title}]]: nothing is edited.",
            "Read it, answer it, empty the page.",
        )
    else:
        yield ok("stop page", "is empty.")


def rules_page(patient: Patient) -> Iterator[Finding]:
    """The page of rules can be used."""
    (page,) = patient.wiki.texts([TITLE])
    if not page.exists:
        yield ok(
            "page of rules",
            f"[[{TITLE}]] is not there: the rules that ship with the bot are in force.",
        )
        return
    try:
        parse_rules(page.text)
    except RulesError as error:
        yield fail(
            "page of rules", f"[[{TITLE}]], {error}",
            "An administrator mends that line; `python -m bot rules FILE` checks a copy.",
        )  # fmt: skip
        return
    yield ok("page of rules", f"[[{TITLE}]] can be used.")


def kit(patient: Patient) -> Iterator[Finding]:
    """The kit is installed, of this version, and of the right content models."""
    pages = pages_to_install(patient.settings.root, patient.wiki.bot)
    texts = KitTexts(patient.ledger)
    plan = plan_kit(patient.wiki, texts, pages, patient.settings.root, Orders())
    wrong = list(_kit_findings(plan))
    yield from wrong or [ok("kit", f"{len(plan.steps)} pages, all of this version.")]


def _kit_findings(plan: Plan) -> Iterator[Finding]:
    optional = {TITLE, *(step.title for step in plan.steps if step.page.once)}
    missing = [step for step in plan.of(What.INSTALL) if step.title not in optional]
    older = plan.of(What.UPGRADE, What.REPLACE, What.MERGE)
    conflicts = plan.of(What.CONFLICT)
    models = [step for step in plan.steps if step.now.exists and (step.lacks or step.model)]
    if missing:
        yield fail("kit", f"missing: {_named(missing)}.", PUBLISH)
    if older:
        yield warn("kit", f"not of this version: {_named(older)}.", PUBLISH)
    if conflicts:
        yield warn(
            "kit", f"changed here and in the kit, at the same place: {_named(conflicts)}.",
            "`python -m bot publish --diff` shows both; docs/operating.md says how to settle it.",
        )  # fmt: skip
    if models:
        yield fail(
            "content model", f"not what it must be: {_named(models)}.",
            f"{PUBLISH} Or an administrator uses Special:ChangeContentModel.",
        )  # fmt: skip


def protection(patient: Patient) -> Iterator[Finding]:
    """Not everybody may edit the code that draws badges on everybody's pages."""
    pages = pages_to_install(patient.settings.root, patient.wiki.bot)
    code = [page.title for page in pages if page.title.startswith(("Module:", "Template:"))]
    open_ = sorted(patient.wiki.unprotected(code))
    if open_:
        few = ", ".join(f"[[{title}]]" for title in open_[:NAMED])
        more = f" and {len(open_) - NAMED} more" if len(open_) > NAMED else ""
        yield warn(
            "protection", f"everybody may edit {few}{more}.",
            "Ask an administrator to protect them: they are on many people's pages.",
        )  # fmt: skip
    else:
        yield ok("protection", "not everybody may edit the templates and modules.")


def _named(steps: list[Step]) -> str:
    few = ", ".join(f"[[{step.title}]]" for step in steps[:NAMED])
    return f"{few} and {len(steps) - NAMED} more" if len(steps) > NAMED else few


CHECKS = (
    Check("pages", of_the_editors),
    Check("stop page", stop_page),
    Check("page of rules", rules_page),
    Check("kit", kit),
    Check("protection", protection),
)
