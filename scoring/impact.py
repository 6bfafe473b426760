"""How many a work helps: Demand, Reach, Watchers, Priority, Age.

What nobody knows takes a neutral value and is printed so; what is absent (no task) is 0.
"""

from __future__ import annotations

import re
from functools import lru_cache

from scoring.measure import logarithmic
from scoring.model import Reason, Task, Work
from scoring.rules import Rules

Term = tuple[Reason, bool]


def impact_of(work: Work, rules: Rules) -> tuple[list[tuple[float, Reason]], bool]:
    """The terms of impact with their weights, and whether one of them is not known."""
    reach = _reach(work, rules)
    if work.task is None:
        return [(rules.reach, reach[0]), (0.0, Reason("demand", 0.0, "no-task"))], reach[1]
    task = work.task
    terms = [
        (rules.demand, _demand(task, rules)),
        (rules.reach, reach),
        (rules.watchers, _watchers(task, rules)),
        (rules.priority, _priority(task, rules)),
        (rules.age, _age(task, rules)),
    ]
    return [(weight, reason) for weight, (reason, _) in terms], any(u for _, (_, u) in terms)


def _demand(task: Task, rules: Rules) -> Term:
    known = (task.wish_votes, task.duplicates, task.tokens)
    if known == (None, None, None):
        return Reason("demand", rules.unknown_demand, "demand-unknown"), True
    votes, duplicates, tokens = (number or 0 for number in known)
    value = logarithmic(votes + 2 * duplicates + tokens, rules.demand_cap)
    return Reason("demand", value, "demand", (votes, duplicates, tokens)), False


def _reach(work: Work, rules: Rules) -> Term:
    found = [_reach_of(project, rules) for project in sorted({c.project for c, _ in work.parts})]
    known = [one for one in found if one is not None]
    if not known:
        return Reason("reach", rules.unknown_reach, "reach-unknown"), True
    value, fact = max(known, key=lambda one: one[0])
    return Reason("reach", value, fact), False


@lru_cache(maxsize=4096)
def _reach_of(project: str, rules: Rules) -> tuple[float, str] | None:
    for pattern, value, fact in rules.reaches:
        if re.fullmatch(pattern, project):
            return value, fact
    return None


def _watchers(task: Task, rules: Rules) -> Term:
    if task.subscribers is None:
        return Reason("watchers", rules.unknown_watchers, "watchers-unknown"), True
    value = logarithmic(task.subscribers, rules.watchers_cap)
    return Reason("watchers", value, "watchers", (task.subscribers,)), False


def _priority(task: Task, rules: Rules) -> Term:
    value = dict(rules.priorities).get(task.priority)
    if value is None:
        return Reason("priority", rules.unknown_priority, "priority-undecided"), True
    return Reason("priority", value, f"priority-{task.priority}"), False


def _age(task: Task, rules: Rules) -> Term:
    if task.created is None or task.closed is None:
        return Reason("age", rules.unknown_age, "age-unknown"), True
    years = max(0.0, (task.closed - task.created).days / 365.25)
    return Reason("age", min(1.0, years / rules.years_cap), "years-open", (round(years, 1),)), False
