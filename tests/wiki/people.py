"""Data pages of people, as the bot writes them, and what may be wrong with them."""

from __future__ import annotations

from typing import Any


def a_person(**changes: Any) -> dict[str, Any]:
    """Return the data page of somebody who has done a good deal; *changes* replace fields."""
    return {
        "schema": 1,
        "state": "ready",
        "total": {"issues": 12, "wishes": 1, "together": 13, "patches": 34, "score": 1153.2},
        "years": [
            {"year": 2025, "issues": 7, "wishes": 1, "together": 8, "patches": 20, "score": 98.1}
        ],
        "badges": [
            {
                "id": "task-tamer",
                "tier": 2,
                "since": "2025-03-04",
                "value": 27,
                "line": 25,
                "next": 100,
            },
            {"id": "patch-quilter", "tier": 1, "since": "2024-11-20", "value": 34, "next": 50},
            {"id": "barn-raiser", "tier": 0, "value": 40.5, "next": 50},
        ],
        "works": ["2024", "2025"],
        "unconfirmed": 2,
        "estimate": True,
    } | changes


def a_total(**changes: Any) -> dict[str, Any]:
    """Return a person whose total has *changes*."""
    return a_person(total=a_person()["total"] | changes)


def a_badge(**changes: Any) -> dict[str, Any]:
    """Return a person with one badge that has *changes*."""
    badge = {"id": "task-tamer", "tier": 2, "since": "2025-03-04", "value": 27, "next": 100}
    return a_person(badges=[badge | changes])


UNREADABLE: dict[str, Any] = {
    "nothing": {},
    "a list": [],
    "a list of lists": [[1], [2]],
    "a text": "hello",
    "a number": 7,
    "true": True,
    "null": None,
    "no schema": {"state": "ready", "total": a_person()["total"]},
    "schema is a text": a_person(schema="1"),
    "schema is a list": a_person(schema=[1]),
    "no state": {"schema": 1},
    "unknown state": a_person(state="asleep"),
    "state is a number": a_person(state=3),
    "state is an object": a_person(state={"left": True}),
    "no total": {"schema": 1, "state": "ready"},
    "total is a number": a_person(total=13),
    "total is a list": a_person(total=[1, 2, 3]),
    "total is empty": a_person(total={}),
    "score is a text": a_total(score="153.2"),
    "score is an object": a_total(score={"a": 1}),
    "score is beyond all numbers": a_total(score=1e300),
    "issues is null": a_total(issues=None),
    "issues is negative": a_total(issues=-1),
    "issues is a fraction": a_total(issues=1.5),
    "together is true": a_total(together=True),
    "patches is a list": a_total(patches=[34]),
}
"""Pages of which too little is as it should be."""

READABLE: dict[str, Any] = {
    "badges is a text": a_person(badges="many"),
    "badges is an object": a_person(badges={"task-tamer": 2}),
    "badges holds texts": a_person(badges=["task-tamer", 3, None, True, []]),
    "badges is deep": a_person(badges=[[[[[[{"id": "task-tamer"}]]]]]]),
    "badge without an id": a_badge(id=None),
    "badge id is a number": a_badge(id=5),
    "badge id is wikitext": a_badge(id="]]<script>{{x}}"),
    "badge nobody knows": a_badge(id="space-walker"),
    "tier is a text": a_badge(tier="gold"),
    "tier is too high": a_badge(tier=9),
    "tier is a fraction": a_badge(tier=1.5),
    "tier is negative": a_badge(tier=-1),
    "since is no day": a_badge(since="yesterday"),
    "since is a day that never was": a_badge(since="2025-19-39"),
    "since is a number": a_badge(since=20250304),
    "value is a text": a_badge(value="27"),
    "value is missing": a_badge(value=None),
    "next is zero": a_badge(next=0),
    "next is a list": a_badge(next=[100]),
    "next is below value": a_badge(next=3),
    "more is a text": a_badge(more="73"),
    "times is a list": a_badge(times=[3]),
    "line is a text": a_badge(line="25"),
    "line is an object": a_badge(line={"wikitext": "x"}),
    "name is a number": a_badge(name=5),
    "name is wikitext": a_badge(id="space-walker", name="]]<script>{{x}}"),
    "state is an object": a_badge(state={"paused": True}),
    "waits is a text": a_badge(waits="gold"),
    "waits is too high": a_badge(waits=9),
    "taken is a text": a_badge(taken="gold"),
    "taken is empty": a_badge(taken={}),
    "taken is a list": a_badge(taken=[2, 25, 4]),
    "taken is half": a_badge(taken={"tier": 2, "line": "25", "value": -1}),
    "works is a text": a_person(works="2024"),
    "works holds objects": a_person(works=[{"year": 2024}, "2025", 99999, 2024.5]),
    "unconfirmed is a text": a_person(unconfirmed="two"),
    "estimate is a text": a_person(estimate="yes"),
    "years is a number": a_person(years=5),
    "keys nobody knows": a_person(extra={"a": [1, 2]}, **{"1": 2, "": 3}),
}
"""Pages with a fault that leaves the numbers as they are."""
