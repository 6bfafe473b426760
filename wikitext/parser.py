"""Take a template call apart. Alone knows mwparserfromhell.

The parser is quadratic on hostile input, and unclosed markup in it swallows what follows: callers
give it one short line at a time, never a page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import mwparserfromhell
from mwparserfromhell.nodes import ExternalLink, HTMLEntity, Node, Template, Text


@dataclass(frozen=True, slots=True)
class Call:
    """A template call: the name as written, and its parameters in order, without outer blanks.

    A parameter is None where it holds more than the caller asked for.
    """

    name: str
    parameters: tuple[tuple[str, str] | None, ...]


def parse_call(line: str) -> Call | None:
    """The call that *line* is, of plain text; None where it is no call, or holds more than one."""
    return _parse(line, _plain)


def parse_free_call(line: str) -> Call | None:
    """As ``parse_call``, for values that may hold anything: entities are read, addresses stand."""
    return _parse(line, _free)


def _parse(line: str, read: Callable[[Sequence[Node]], str | None]) -> Call | None:
    nodes = mwparserfromhell.parse(line, skip_style_tags=True).nodes
    if len(nodes) != 1 or not isinstance(nodes[0], Template):
        return None
    parameters = []
    for param in nodes[0].params:
        name, value = _plain(param.name.nodes), read(param.value.nodes)
        both = None if name is None or value is None else (name.strip(), value.strip())
        parameters.append(both)
    return Call(str(nodes[0].name).strip(), tuple(parameters))


def _plain(nodes: Sequence[Node]) -> str | None:
    if not all(isinstance(node, Text) for node in nodes):
        return None
    return "".join(str(node) for node in nodes)


def _free(nodes: Sequence[Node]) -> str | None:
    parts: list[str] = []
    for node in nodes:
        part: str | None = None
        if isinstance(node, Text):
            part = str(node)
        elif isinstance(node, HTMLEntity):
            part = node.normalize()
        elif isinstance(node, ExternalLink) and not node.brackets:
            part = _free(node.url.nodes)
        if part is None:
            return None
        parts.append(part)
    return "".join(parts)
