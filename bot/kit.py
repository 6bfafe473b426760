"""What ``python -m bot publish`` would do to each page of the on-wiki kit.

Three texts decide: the kit's, the page's, and the version of the kit that the page was made of. Nothing
that editors wrote is given up unless the operator names the page (``--overwrite``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.errors import SettingsError
from bot.kit_texts import KitTexts
from bot.ports import KitWiki, PageState, PageText
from wikitext.kit import KitPage, kit_pages
from wikitext.merge import Hunk, differing, merge, same_text
from wikitext.rules_page import TITLE, RulesPage, dump_rules


class What(StrEnum):
    """What becomes of a page. The value is what the edit's summary says of it."""

    SAME = ""
    KEPT = "kept"
    LEFT = "left"
    CONFLICT = "conflict"
    INSTALL = "install this page"
    UPGRADE = "upgrade this page"
    REPLACE = "replace this page by the kit's"
    MERGE = "bring in what is new in the kit"
    MODEL = "set the content model"


_NOT_SAVED = frozenset({What.SAME, What.KEPT, What.LEFT, What.CONFLICT})
_OF_THE_KIT_ALONE = (What.INSTALL, What.UPGRADE, What.REPLACE)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the operator says of pages changed on the wiki, by title; *overwrite* None: of all of them."""

    overwrite: frozenset[str] | None = frozenset()
    keep: frozenset[str] = frozenset()

    def replaces(self, title: str) -> bool:
        """Whether the kit's text is to stand there, whatever does now."""
        return self.overwrite is None or title in self.overwrite

    def check(self, titles: Iterable[str]) -> None:
        """Raise SettingsError if a title is none of these."""
        for title in sorted(((self.overwrite or frozenset()) | self.keep) - set(titles)):
            raise SettingsError(f"[[{title}]] is no page of the kit: `publish --diff` names them.")


@dataclass(frozen=True, slots=True)
class Step:
    """A page of the kit, the page on the wiki, and what becomes of it.

    ``text`` is what is saved; ``model`` the content model that is set with it (``""``: it stays), and
    ``lacks`` the one that it needs and that this account may not set. ``again``: it was deleted.
    """

    page: KitPage
    now: PageText
    state: PageState
    what: What
    text: str = ""
    hunks: tuple[Hunk, ...] = ()
    model: str = ""
    lacks: str = ""
    again: bool = False

    @property
    def title(self) -> str:
        """The title of the page."""
        return self.page.title

    @property
    def saves(self) -> bool:
        """Whether the page on the wiki is not as it should be, and we know the text."""
        return self.what not in _NOT_SAVED

    @property
    def holds_kit(self) -> bool:
        """Whether the page has all of this version of the kit, once ``text`` is saved."""
        return self.what not in (What.CONFLICT, What.LEFT)


@dataclass(frozen=True, slots=True)
class Plan:
    """Every page of the kit in the order of saving, and pages (by title) that it has no longer."""

    steps: tuple[Step, ...]
    gone: tuple[str, ...] = ()

    def of(self, *whats: What) -> list[Step]:
        """The steps of these kinds."""
        return [step for step in self.steps if step.what in whats]

    @property
    def saves(self) -> list[Step]:
        """What this account can save."""
        return [step for step in self.steps if step.saves and step.state.editable]

    @property
    def barred(self) -> list[Step]:
        """What somebody with more rights has to save."""
        return [step for step in self.steps if step.saves and not step.state.editable]

    @property
    def leaves_work(self) -> bool:
        """Whether something is left to a human even after everything was saved that we can save."""
        human = self.of(What.CONFLICT, What.LEFT) or self.barred
        return bool(human) or any(step.lacks for step in self.steps)


def may_install(root: str) -> Callable[[str, str], bool]:
    """The allow-list of ``publish``: the kit's own pages, the page of rules, and nothing else."""

    def may_save(_account: str, title: str) -> bool:
        ours = ("Template:Developer badges", "Module:Developer badges", root)
        return title in (*ours, TITLE) or title.startswith(tuple(f"{one}/" for one in ours))

    return may_save


def pages_to_install(root: str, bot: str) -> tuple[KitPage, ...]:
    """The pages of the kit in the order of saving, and the page of rules, which is the administrators'."""
    rules = KitPage(TITLE, dump_rules(RulesPage()), once=True, model="json")
    return (*kit_pages(root, bot), rules)


def plan_kit(
    wiki: KitWiki, texts: KitTexts, pages: tuple[KitPage, ...], root: str, choices: Choices
) -> Plan:
    """Compare the kit with the wiki, and change nothing.

    Raises:
        SettingsError: a title of *choices* is no page of the kit.
        WikiError: the wiki cannot be used.

    """
    titles = [page.title for page in pages]
    choices.check(titles)
    there = {page.title: page for page in wiki.texts(titles)}
    states = wiki.states(titles)
    steps = []
    for page in pages:
        now = there[page.title]
        known = texts.get(page.title)
        base = known
        if known is None and now.exists and not page.once and not same_text(now.text, page.text):
            base = _made_of(wiki, page, root)
        what, text, hunks = _decided(page, now, base, choices)
        again = known is not None and not now.exists and what is What.INSTALL
        step = Step(page, now, states[page.title], what, text, hunks, again=again)
        steps.append(_with_model(step, wiki))
    gone = wiki.texts([title for title in texts if title not in there])
    return Plan(tuple(steps), tuple(page.title for page in gone if page.exists))


def _decided(
    page: KitPage, now: PageText, base: str | None, choices: Choices
) -> tuple[What, str, tuple[Hunk, ...]]:
    if not now.exists:
        left = page.once and base is not None and not choices.replaces(page.title)
        return (What.LEFT, "", ()) if left else (What.INSTALL, page.text, ())
    if page.once or same_text(now.text, page.text):
        return What.SAME, now.text, ()
    if choices.replaces(page.title):
        return What.REPLACE, page.text, ()
    if page.title in choices.keep:
        return What.KEPT, now.text, ()
    if base is None:
        return What.CONFLICT, "", differing(now.text, page.text)
    if same_text(now.text, base):
        return What.UPGRADE, page.text, ()
    merged = merge(base, now.text, page.text)
    if merged.conflicts:
        return What.CONFLICT, "", merged.conflicts
    if same_text(merged.text, now.text):  # The kit has nothing new, or editors had it before us.
        return What.KEPT, now.text, ()
    return What.MERGE, merged.text, ()


def _made_of(wiki: KitWiki, page: KitPage, root: str) -> str | None:
    """The version of the kit that a page was made of, by its history: for a ledger that was lost.

    What we merged holds words of editors, so it is no version of the kit; older ones are sought.
    """
    ours = {summary(root, what) for what in _OF_THE_KIT_ALONE}
    for past in wiki.past(page.title):
        if same_text(past.text, page.text) or (past.user == wiki.bot and past.summary in ours):
            return past.text
    return None


def summary(root: str, what: What) -> str:
    """What the history of a page says of our edit."""
    return f"[[{root}|Developer badges]]: {what}"


def _with_model(step: Step, wiki: KitWiki) -> Step:
    model = step.page.model
    if model == "sanitized-css" and "TemplateStyles" not in wiki.extensions:
        return step
    owned = step.page.once and step.now.exists
    if step.state.model == model or owned or not step.holds_kit:
        return step
    if "editcontentmodel" not in wiki.rights:
        return replace(step, lacks=model)
    return replace(step, what=step.what if step.saves else What.MODEL, model=model)
