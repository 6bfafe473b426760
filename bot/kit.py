"""What ``python -m bot publish`` would do to each page of the on-wiki kit.

Three texts decide: the kit's, the page's, and the version of the kit that the page was made of. Nothing
that editors wrote is given up unless the operator names the page (``--overwrite``). Code and what shows it
change together or not at all, so that no page ever shows half a kit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.errors import SettingsError
from bot.kit_texts import KitTexts
from bot.ports import KitWiki, PageState, PageText
from wikitext.kit import KitPage, kit_pages
from wikitext.merge import Hunk, differing, is_object, merge, same_text
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
class Orders:
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
class Decision:
    """What becomes of a page: the text that it gets, and the conflicts that are left in it.

    ``holds`` is the version of the kit that the page holds then; None: that is as it was before.
    """

    what: What
    text: str
    holds: str | None
    hunks: tuple[Hunk, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """A page of the kit, the page on the wiki, and what becomes of it.

    ``text`` is what is saved, ``holds`` and ``hunks`` see ``Decision``; ``model`` the content model that
    is set with it (``""``: it stays), and ``lacks`` the one that it needs and that this account may not
    set. ``again``: it was deleted. ``waits``: it is not saved before the others can be saved, too.
    """

    page: KitPage
    now: PageText
    state: PageState
    what: What
    text: str = ""
    holds: str | None = None
    hunks: tuple[Hunk, ...] = ()
    model: str = ""
    lacks: str = ""
    again: bool = False
    waits: bool = False

    @property
    def title(self) -> str:
        """The title of the page."""
        return self.page.title

    @property
    def saves(self) -> bool:
        """Whether the page on the wiki is not as it should be, and we know the text."""
        return self.what not in _NOT_SAVED

    @property
    def fails(self) -> bool:
        """Whether the page cannot get what is new in the kit, or not by this account."""
        return self.holds is None if self.what is What.CONFLICT else self._barred

    @property
    def _barred(self) -> bool:
        return self.saves and self.what is not What.MODEL and not self.state.editable


@dataclass(frozen=True, slots=True)
class Plan:
    """Every page of the kit in the order of saving, and pages (by title) that it has no longer.

    ``root`` is the title of the portal.
    """

    root: str
    steps: tuple[Step, ...]
    gone: tuple[str, ...] = ()

    def of(self, *whats: What) -> list[Step]:
        """The steps of these kinds."""
        return [step for step in self.steps if step.what in whats]

    @property
    def saves(self) -> list[Step]:
        """What this account can save now."""
        return [
            step for step in self.steps if step.saves and step.state.editable and not step.waits
        ]

    @property
    def barred(self) -> list[Step]:
        """What somebody with more rights has to save."""
        return [step for step in self.steps if step.saves and not step.state.editable]

    @property
    def conflicts(self) -> list[Step]:
        """Pages with something that a human has to decide, whether the rest of them is saved or not."""
        return [step for step in self.steps if step.hunks]

    @property
    def waiting(self) -> list[Step]:
        """What this account could save, but not without the pages that fail."""
        return [step for step in self.steps if step.waits]

    @property
    def leaves_work(self) -> bool:
        """Whether something is left to a human even after everything was saved that we can save."""
        human = self.conflicts or self.of(What.LEFT) or self.barred
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
    wiki: KitWiki, texts: KitTexts, pages: tuple[KitPage, ...], root: str, orders: Orders
) -> Plan:
    """Compare the kit with the wiki, and change nothing.

    Raises:
        SettingsError: a title of *orders* is no page of the kit.
        WikiError: the wiki cannot be used.

    """
    titles = [page.title for page in pages]
    orders.check(titles)
    there = {page.title: page for page in wiki.texts(titles)}
    states = wiki.states(titles)
    steps = []
    for page in pages:
        now = there[page.title]
        known = texts.get(page.title)
        base = known
        if known is None and now.exists and not page.once and not same_text(now.text, page.text):
            base = _made_of(wiki, page, root)
        found = _decided(page, now, base, orders)
        again = known is not None and not now.exists and found.what is What.INSTALL
        step = Step(
            page, now, states[page.title], found.what, found.text, found.holds, found.hunks,
            again=again,
        )  # fmt: skip
        steps.append(_with_model(step, wiki))
    gone = wiki.texts([title for title in texts if title not in there])
    return Plan(root, _together(steps), tuple(page.title for page in gone if page.exists))


def is_needed(page: KitPage) -> bool:
    """Whether other pages of the kit show nothing right without this one."""
    return page.title.startswith(("Module:", "Template:")) and not page.title.endswith("/doc")


def _together(steps: list[Step]) -> tuple[Step, ...]:
    """Let all code wait while a page that it may need cannot get what is new."""
    if not any(step.fails and is_needed(step.page) for step in steps):
        return tuple(steps)
    return tuple(
        replace(step, waits=step.saves and step.state.editable and not step.page.is_data)
        for step in steps
    )


def _decided(page: KitPage, now: PageText, base: str | None, orders: Orders) -> Decision:
    if not now.exists:
        left = page.once and base is not None and not orders.replaces(page.title)
        if left:
            return Decision(What.LEFT, "", None)
        return Decision(What.INSTALL, page.text, page.text)
    if page.once or same_text(now.text, page.text):
        return Decision(What.SAME, now.text, page.text)
    if orders.replaces(page.title):
        return Decision(What.REPLACE, page.text, page.text)
    if base is not None and same_text(now.text, base):
        return Decision(What.UPGRADE, page.text, page.text)
    if is_object(page.text):
        return _merged(page, now, base or "", orders)
    if page.title in orders.keep:
        return Decision(What.KEPT, now.text, page.text)
    if base is None:
        return Decision(What.CONFLICT, now.text, None, differing(now.text, page.text))
    return _merged(page, now, base, orders)


def _merged(page: KitPage, now: PageText, base: str, orders: Orders) -> Decision:
    settled = page.title in orders.keep
    merged = merge(base, now.text, page.text, page.fixed, settled=settled)
    if merged.text is None:
        return Decision(What.CONFLICT, now.text, None, merged.conflicts)
    if not same_text(merged.text, now.text):
        return Decision(What.MERGE, merged.text, merged.base, merged.conflicts)
    # The kit has nothing new, or editors had it before us.
    what = What.CONFLICT if merged.conflicts else What.KEPT
    return Decision(what, now.text, merged.base, merged.conflicts)


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
    if step.state.model == model or owned or step.holds is None:
        return step
    if "editcontentmodel" not in wiki.rights:
        return replace(step, lacks=model)
    return replace(step, what=step.what if step.saves else What.MODEL, model=model)
