"""Record what a real Gerrit answers, for the tests that have none: ``python -m tests.gerrit.record``.

Starts a Gerrit, lets the story happen, and writes tests/data/gerrit/real. Everything in it is
invented; nothing is replaced afterwards.
"""

from __future__ import annotations

import json
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

from scripts.local.gerrit_site import PREFIX, Site
from sources.gerrit import OPTIONS
from tests.gerrit import story
from tests.gerrit.world import World

FOLDER = Path(__file__).parents[1] / "data" / "gerrit" / "real"
ALL = "(is:active OR is:inactive)"


def changes(query: str, *options: str) -> str:
    return "/changes/?" + urlencode([("q", query), *(("o", option) for option in options)])


def accounts(query: str) -> str:
    return "/accounts/?" + urlencode([("q", f"{query} {ALL}"), ("o", "DETAILS")])


def questions(ids: dict[str, int], made: dict[str, int]) -> dict[str, str]:
    """The path of each question by the name of its recording."""
    asked = {
        "hidden": changes(f"change:{made['wip']} OR change:{made['open']}", *OPTIONS),
        "abandoned": changes("status:abandoned", *OPTIONS),
        "nothing": changes("bug:T999", *OPTIONS),
        "more": changes("status:merged project:operations/puppet limit:2", *OPTIONS),
        "said": changes(f'owner:{ids["bert"]} (comment:"{story.CODE}")', "MESSAGES"),
        "said-inline": changes(f'owner:{ids["bert"]} (comment:"{story.INLINE}")', "MESSAGES"),
        "said-by-gerrit": changes(
            f'owner:{ids["bert"]} (comment:"{story.TOPIC}" OR comment:"{story.HASHTAG}")',
            "MESSAGES",
        ),
        "comments": f"/changes/{made['inline words']}/comments",
        "account": accounts('name:"Ada Example"'),
        "account-or-login": accounts('(name:"Two Example" OR username:"eva")'),
        "account-twice": accounts('name:"Two Example"'),
        "account-of-a-robot": accounts('name:"Some Robot"'),
        "account-by-address": accounts('email:"bert@example.org"'),
        "account-unknown": accounts('name:"Nobody"'),
        "bad-query": changes("nosuch:1"),
        "not-logged-in": changes("owner:self"),
    }
    told = ("reviewed", "helped", "foreign", "feature", "revert", "by hand", "by hand too")
    told += ("backport", "robot's", "jenkins'", "amended", "alone", "says it reverts")
    for name in told:
        file = name.replace(" ", "-").replace("'", "")
        asked[f"change-{file}"] = changes(f"change:{made[name]}", *OPTIONS)
    return asked


def answer(url: str, path: str) -> dict[str, object]:
    """Ask as everyone may; return the recording."""
    try:
        with urllib.request.urlopen(url + path) as reply:
            status, kind, text = reply.status, reply.headers["Content-Type"], reply.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            status, kind, text = error.code, error.headers["Content-Type"], error.read().decode()
    body = json.loads(text.removeprefix(PREFIX)) if text.startswith(PREFIX) else text
    return {
        "request": {"method": "GET", "path": path},
        "response": {"status": status, "headers": {"Content-Type": kind}, "body": body},
    }


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        site = Site(Path(home))
        try:
            site.start()
            world = World(site, Path(home) / "clones")
            made = story.tell(world)
            for name, path in questions(world.ids, made).items():
                text = json.dumps(answer(site.url, path), indent=1, ensure_ascii=False)
                (FOLDER / f"{name}.json").write_text(text + "\n", "utf-8")
        finally:
            site.stop()


if __name__ == "__main__":
    main()
