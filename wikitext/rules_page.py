"""The rules as a page of the wiki, ``MediaWiki:Developer-badges.json``: read, checked, written.

The page is a JSON object. Its keys are the fields of ``scoring.rules.Rules``, and only what differs from
the defaults we ship has to be there. It is data: nothing on it is ever executed, and patterns
are refused that could run for long. docs/rules.md says field by field what there is.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from scoring.rules import RULES, Rules
from wikitext.rules_json import Path, RulesError, Wrong, load_object, located
from wikitext.rules_shapes import DIFFICULTY, FIXED, IMPACT, SHAPES
from wikitext.shapes import (
    Shape,
    an_object,
    api_address,
    as_json,
    known_keys,
    listing,
    maybe,
    name_of,
    record,
    several,
    text,
    user_name,
    whole,
)

__all__ = ["Community", "RulesError", "RulesPage", "StaffPeriod", "dump_rules", "parse_rules"]

TITLE = "MediaWiki:Developer-badges.json"
SCHEMA = 1
SUM_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class StaffPeriod:
    """A paid period of somebody, for which reviewers hold evidence: first and last month, None: still."""

    user: str
    first: str
    last: str | None = None


@dataclass(frozen=True, slots=True)
class Community:
    """What a community decides beside the score. None: the page is silent, and the settings hold."""

    reviewer_groups: frozenset[str] | None = None
    reviewers: frozenset[str] = frozenset()
    staff: tuple[StaffPeriod, ...] = ()
    excluded: frozenset[str] = frozenset()
    bots: frozenset[str] = frozenset()
    github_repositories: frozenset[str] | None = None
    gitlab_groups: frozenset[str] | None = None
    onwiki: frozenset[str] | None = None

    @property
    def names(self) -> frozenset[str]:
        """Every user name on the page: who they are is looked up, and remembered by id."""
        return self.reviewers | self.excluded | {one.user for one in self.staff}


@dataclass(frozen=True, slots=True, eq=False)
class RulesPage:
    """The rules of the score, and what the community decided. Compared by all that is in them."""

    rules: Rules = RULES
    community: Community = Community()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RulesPage) and not list(differences_of(self, other))

    def __hash__(self) -> int:
        return hash(self.community)  # Rules themselves have the hash of their identity.


_MONTH = text(7, 7, r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])", "2019-03")
_STAFF_KEYS = {"from": "first", "to": "last"}
_PERIOD = record(StaffPeriod, {"user": user_name, "from": _MONTH, "to": maybe(_MONTH)}, _STAFF_KEYS)


def _staff(value: object, path: Path) -> StaffPeriod:
    found: StaffPeriod = _PERIOD(value, path)
    if found.last is not None and found.last < found.first:
        raise Wrong((*path, "to"), "rules-backwards", name_of((*path, "to")))
    return found


def _login(value: object, path: Path) -> str:
    read = text(1, 100)
    return str(read(read(value, path).casefold(), path))


COMMUNITY: Mapping[str, Shape] = {
    "reviewer_groups": maybe(several(text(1, 60, r"[A-Za-z][\w-]*", "sysop"))),
    "reviewers": several(user_name),
    "staff": listing(_staff),
    "excluded": several(user_name),
    "bots": several(_login),
    "github_repositories": maybe(
        several(text(3, 140, r"[A-Za-z0-9-]+/[A-Za-z0-9_.-]+", "owner/name"))
    ),
    "gitlab_groups": maybe(
        several(text(1, 200, r"[A-Za-z0-9_][\w.-]*(?:/[A-Za-z0-9_][\w.-]*)*", "toolforge-repos"))
    ),
    "onwiki": maybe(several(api_address)),
}
"""What each field of ``Community`` may be on the page."""


def parse_rules(text_: str) -> RulesPage:
    """Read the text of the page. Raises RulesError, and nothing else, for whatever is wrong in it."""
    value = load_object(text_)
    try:
        return _read(value)
    except Wrong as wrong:
        raise located(text_, wrong) from None


def _read(value: Mapping[str, Any]) -> RulesPage:
    for key in value:
        if key in FIXED:
            raise Wrong((key,), "rules-fixed", key)
        if key in COMMUNITY:
            raise Wrong((key,), "rules-in-community", key)
    known_keys(value, {**SHAPES, "schema": 0, "community": 0}, ())
    if "schema" not in value:
        raise Wrong((), "rules-missing", "schema")
    whole(SCHEMA, SCHEMA)(value["schema"], ("schema",))
    changed = {key: SHAPES[key](one, (key,)) for key, one in value.items() if key in SHAPES}
    rules = replace(RULES, **changed) if changed else RULES
    for weights in (DIFFICULTY, IMPACT):
        _add_up(rules, weights, value)
    given = an_object(value.get("community", {}), ("community",))
    known_keys(given, COMMUNITY, ("community",))
    return RulesPage(
        rules,
        Community(**{key: COMMUNITY[key](one, ("community", key)) for key, one in given.items()}),
    )


def _add_up(rules: Rules, weights: tuple[str, ...], value: Mapping[str, object]) -> None:
    total = math.fsum(getattr(rules, one) for one in weights)
    if abs(total - 1) > SUM_TOLERANCE:
        said = [one for one in weights if one in value]
        raise Wrong((said[-1],), "rules-sum", ", ".join(weights), round(total, 4))


def recall_rules(text_: str) -> RulesPage:
    """Rules as an earlier version of this program wrote them down, as far as this one knows them."""
    try:
        value = load_object(text_)
    except RulesError:
        return RulesPage()
    community = value.get("community")
    rules = replace(RULES, **_understood(value, SHAPES))
    return RulesPage(
        rules, Community(**_understood(community if isinstance(community, dict) else {}, COMMUNITY))
    )


def _understood(value: Mapping[str, Any], shapes: Mapping[str, Shape]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, shape in shapes.items():
        try:
            if key in value:
                found[key] = shape(value[key], (key,))
        except Wrong:
            continue
    return found


def dump_rules(page: RulesPage) -> str:
    """The whole page with every field, in the order of ``Rules``; ``parse_rules`` gives *page* again."""
    value: dict[str, Any] = {"schema": SCHEMA}
    value |= {name: one for name, one in _as_page(page.rules).items() if name in SHAPES}
    value["community"] = _as_page(page.community)
    return json.dumps(value, ensure_ascii=False, indent="\t") + "\n"


def differences_of(one: RulesPage, other: RulesPage) -> Iterator[tuple[str, Any, Any]]:
    """The fields in which two pages differ, each with both values as they stand on a page."""
    for this, that, prefix in (
        (one.rules, other.rules, ""),
        (one.community, other.community, "community → "),
    ):
        if this is not that:
            mine, theirs = _as_page(this), _as_page(that)
            for key in mine:
                if mine[key] != theirs[key]:
                    yield f"{prefix}{key}", mine[key], theirs[key]


def _as_page(part: Rules | Community) -> dict[str, Any]:
    """Every field of *part* as it stands on the page."""
    found = {one.name: as_json(getattr(part, one.name)) for one in fields(part)}
    for name in ("line_weights", "priorities", "sizes"):
        if name in found:
            found[name] = dict(found[name])
    if isinstance(part, Community):
        found["staff"] = [as_json(one, _STAFF_KEYS) for one in part.staff]
    return found
