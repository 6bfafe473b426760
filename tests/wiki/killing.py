"""A process that has read all of the program, and does its commands in children that it kills.

    python -m tests.wiki.killing

An order is a line of JSON on stdin,
``{"arguments": […], "environment": {…}, "log": FILE, "kill": [7, 0.02] | null, "broken": false}``,
the answer one on stdout: ``{"code": 0, "events": ["ask POST edit", "sql INSERT", "commit", …]}``; -9 is the
code of a child that was killed. An *event* is a moment at which the world is another than before: a
request is sent, its answer is there, a statement or a commit is done. ``[7, 0.0]`` kills right at the event 7
(counted from 1), ``[7, 0.02]`` so many seconds later, wherever the child is then. It is SIGKILL each time,
sent to the very process that does the work. Forked, a command saves the second of starting up.
*broken* is a program that notes pages before it saves them.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

import requests
from sqlalchemy import Engine, event
from sqlalchemy.engine.default import DefaultDialect

from bot.cli import main
from bot.logs import guard
from bot.ports import PageText
from bot.publisher import Outcome, Publisher, Wanted
from sources.http import Client


class Events:
    """What happens in a child, told to its parent through a pipe; at the one to die at, it dies."""

    def __init__(self, pipe: int, last: int, *, at_once: bool) -> None:
        self.pipe, self.last, self.at_once, self.count = pipe, last, at_once, 0

    def __call__(self, name: str) -> None:
        self.count += 1
        if self.count == self.last and self.at_once:
            os.kill(os.getpid(), signal.SIGKILL)
        os.write(self.pipe, f"{name}\n".encode())

    def around(self, owner: type, method: str, name: Callable[..., str]) -> None:
        """Tell before and after each call of a method."""
        real = getattr(owner, method)

        def told(*args: Any, **named: Any) -> Any:
            says = name(*args)
            self(says)
            found = real(*args, **named)
            self(f"{says} done")
            return found

        setattr(owner, method, told)

    def listen(self) -> None:
        """Hear of every request, statement and commit of this process."""
        self.around(requests.adapters.HTTPAdapter, "send", _request)
        self.around(DefaultDialect, "do_commit", lambda *_: "commit")

        @event.listens_for(Engine, "after_cursor_execute")
        def executed(_db: Any, _cursor: Any, statement: str, *_: Any) -> None:
            self(f"sql {statement.split(maxsplit=1)[0]}")


def _request(_adapter: Any, request: requests.PreparedRequest, *_: Any) -> str:
    body = request.body if isinstance(request.body, str) else (request.body or b"").decode()
    actions = [one for one in body.split("&") if one.startswith("action=")]
    return f"ask {request.method} {''.join(actions)[7:]}".rstrip()


def note_too_early() -> None:
    """Break the program: it notes a page as published, and only then saves it."""
    real = Publisher._publish_one

    def noted_first(self: Publisher, one: Wanted, page: PageText, outcome: Outcome) -> None:
        self._note(one, page.revision)
        real(self, one, page, outcome)

    Publisher._publish_one = noted_first  # type: ignore[method-assign]


def do(order: dict[str, Any]) -> dict[str, Any]:
    """Fork a child for one command; kill it where the order says."""
    last, delay = order["kill"] or (0, 0.0)
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _child(order, Events(writing, last, at_once=not delay))
    os.close(writing)
    heard = _hear(reading, child, last if delay else 0, delay)
    _, status = os.waitpid(child, 0)
    os.close(reading)
    return {"code": os.waitstatus_to_exitcode(status), "events": heard}


def _hear(pipe: int, child: int, last: int, delay: float) -> list[str]:
    """Everything the child tells until it ends; it is killed *delay* seconds after event *last*."""
    text, end = b"", None
    while True:
        if last and end is None and text.count(b"\n") >= last:
            end = time.monotonic() + delay
        rest = None if end is None else max(0.0, end - time.monotonic())
        if rest == 0.0:
            os.kill(
                child, signal.SIGKILL
            )  # It is ours, and waited for later: the number is its own.
            end, last = None, 0
        elif select.select([pipe], [], [], rest)[0]:
            more = os.read(pipe, 65536)
            if not more:
                return text.decode().splitlines()
            text += more


def _child(order: dict[str, Any], events: Events) -> None:
    """Do the command as ``python -m bot`` does it. Never returns."""
    code = 70
    try:
        os.environ.update(order["environment"])
        log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for number in (1, 2):
            os.dup2(log, number)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        guard()
        events.listen()
        if order["broken"]:
            note_too_early()
        code = main(order["arguments"])
        sys.stdout.flush()
        sys.stderr.flush()
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 71
    finally:
        os._exit(code)


if __name__ == "__main__":
    # The servers of the test may be asked as fast as they answer.
    Client.__init__.__kwdefaults__["interval"] = 0.0
    for line in sys.stdin:
        print(json.dumps(do(json.loads(line))), flush=True)
