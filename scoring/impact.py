"""How many a work helps: Demand, Reach, Watchers, Priority, Age.

What nobody knows takes a neutral value and is printed so; what is absent (no task) is 0.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from scoring.difficulty import NO_RULING, Term, label_of
from scoring.globs import GlobTable
from scoring.measure import logarithmic
from scoring.model import Reason, Ruling, Task, Work
from scoring.rules import Reaches, Rules
from scoring.years import years_open

BARE = Task(0)
NOTHING_TOLD = (None,) * 5
NO_TASK = (0.0, Reason("demand", 0.0, "no-task"))

Known = tuple[Reason, bool]
"""A reason, and whether what it says is *not* known."""


def impact_of(work: Work, rules: Rules, ruling: Ruling = NO_RULING) -> tuple[list[Term], bool]:
    """The terms of impact with their weights, and whether one of them is not known."""
    if ruling.impact:
        return [(1.0, label_of(ruling.impact, "review-impact", rules))], False
    reach, unknown = _reach(work, rules)
    task = work.task
    if task is None:
        return [(rules.reach, reach), NO_TASK], unknown
    if _is_bare(task):
        demand, *others = _of_nothing(rules)
        return [demand, (rules.reach, reach), *others], True
    known = (
        (rules.demand, *_demand(task, rules)),
        (rules.reach, reach, unknown),
        (rules.watchers, *_watchers(task, rules)),
        (rules.priority, *_priority(task, rules)),
        (rules.age, *_age(task, _last_merge(work), rules)),
    )
    return [(weight, reason) for weight, reason, _ in known], any(one for _, _, one in known)


def _is_bare(task: Task) -> bool:
    """Whether nothing but its number is known of a task."""
    told = (task.created, task.subscribers, task.wish_votes, task.duplicates, task.tokens)
    return told == NOTHING_TOLD and not task.priority and not task.in_news


@lru_cache(maxsize=4)
def _of_nothing(rules: Rules) -> list[Term]:
    """Demand, watchers, priority and age of a task of which nothing is known."""
    return [
        (rules.demand, _demand(BARE, rules)[0]),
        (rules.watchers, _watchers(BARE, rules)[0]),
        (rules.priority, _priority(BARE, rules)[0]),
        (rules.age, _age(BARE, None, rules)[0]),
    ]


def _demand(task: Task, rules: Rules) -> Known:
    told = (task.wish_votes, task.duplicates, task.tokens)
    if told == (None, None, None) and not task.in_news:
        return _fact("demand", rules.unknown_demand, "demand-unknown"), True
    votes, duplicates, tokens = (number or 0 for number in told)
    asked = votes + rules.duplicate_weight * duplicates + tokens
    if not task.in_news:
        value = logarithmic(asked, rules.demand_cap)
        return Reason("demand", value, "demand", (votes, duplicates, tokens)), False
    value = logarithmic(asked + rules.news_weight, rules.demand_cap)
    return Reason("demand", value, "demand-in-news", (votes, duplicates, tokens)), False


def _reach(work: Work, rules: Rules) -> Known:
    """The widest reach of the projects and of the tags."""
    task = work.task or work.umbrella
    if len(work.parts) == 1 and not (task and task.projects) and work.parts[0][0].usage is None:
        return _reach_of_project(work.parts[0][0].project, rules)
    names = [(rules.reaches, change.project) for change, _ in work.parts]
    names += [(rules.tags, tag.casefold()) for tag in (task.projects if task else ())]
    found = [reach for table, name in dict.fromkeys(names) if (reach := _reach_of(name, table))]
    uses = [change.usage for change, _ in work.parts if change.usage is not None]
    if uses:
        # What is made on the wiki itself reaches those who use it; the widest use counts.
        used = logarithmic(max(uses), rules.usage_cap)
        if not found or used > max(found)[0]:
            return Reason("reach", used, "reach-used-by", (max(uses),)), False
    if not found:
        return _fact("reach", rules.unknown_reach, "reach-unknown"), True
    value, fact = max(found)
    return _fact("reach", value, fact), False


@lru_cache(maxsize=4096)
def _reach_of_project(project: str, rules: Rules) -> Known:
    found = _reach_of(project, rules.reaches)
    if found is None:
        return _fact("reach", rules.unknown_reach, "reach-unknown"), True
    return _fact("reach", *found), False


def _watchers(task: Task, rules: Rules) -> Known:
    if task.subscribers is None:
        return _fact("watchers", rules.unknown_watchers, "watchers-unknown"), True
    value = logarithmic(task.subscribers - rules.watchers_always, rules.watchers_cap)
    return Reason("watchers", value, "watchers", (task.subscribers,)), False


def _priority(task: Task, rules: Rules) -> Known:
    for name, value in rules.priorities:
        if name == task.priority:
            return _fact("priority", value, f"priority-{name}"), False
    return _fact("priority", rules.unknown_priority, "priority-undecided"), True


def _age(task: Task, merged: date | None, rules: Rules) -> Known:
    years = years_open(task.created, task.closed, merged)
    if years is None:
        return _fact("age", rules.unknown_age, "age-unknown"), True
    return Reason("age", min(1.0, years / rules.years_cap), "years-open", (round(years, 1),)), False


def _last_merge(work: Work) -> date | None:
    return max((change.merged.date() for change, _ in work.parts), default=None)


@lru_cache(maxsize=4096)
def _reach_of(name: str, rows: Reaches) -> tuple[float, str] | None:
    found = _table(rows).find(name)
    if found is None:
        return None
    fact, value, _ = rows[int(found)]
    return value, fact


@lru_cache(maxsize=16)
def _table(rows: Reaches) -> GlobTable:
    # Called by their places: two rows may have the same fact, and each its own value.
    return GlobTable([(str(place), patterns) for place, (_, _, patterns) in enumerate(rows)])


@lru_cache(maxsize=64)
def _fact(term: str, value: float, fact: str) -> Reason:
    return Reason(term, value, fact)
