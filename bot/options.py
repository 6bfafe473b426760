"""The words of the command line: which commands there are, and what each may be told."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

from bot.accounts import PLACES
from bot.kit import Orders
from bot.settings import Settings, describe_settings

Call = Callable[[argparse.Namespace, Settings], int]
"""What a command does: it gives the exit code."""

EXIT_CODES = """exit codes:
  0  done
  1  nothing (more) was edited; the message says why. Of `doctor`: something fails; of
     `status --health`: not well
  2  a setting or the command line is wrong
  3  partly: a source failed, a page was refused, edits are left for the next round, or `publish`
     left pages to a human; of `publish --diff`: something would change; of `doctor`: warnings only;
     of `forget`: something is left
  4  too much at once: a human has to look, then `run --accept`; only who is shown no more is off the pages
  5  stopped by the stop page or by a signal, or another round is running: then `forget` and
     `settle` did nothing; run them again
`serve` that is asked to stop ends with 0."""


def chosen(options: argparse.Namespace) -> Orders:
    """What ``publish`` was told of pages that were changed on the wiki."""
    named = options.overwrite
    overwrite = None if named == [] else _titles(named or [])
    return Orders(overwrite, _titles(options.keep))


def _titles(words: list[str]) -> frozenset[str]:
    """Titles as people copy them: from a link, or from an address."""
    return frozenset(one.strip().strip("[]").replace("_", " ") for one in words)


def parser(calls: Mapping[str, Call]) -> argparse.ArgumentParser:
    """The parser of the command line; what it understood has the command's own of *calls* as ``call``."""
    whole = argparse.ArgumentParser(
        prog="python -m bot",
        description="Developer Badges: recognition for the people who build Wikimedia's software."
        " Without a command: preview.",
        epilog=f"settings (environment):\n{describe_settings()}\n\n"
        f"The wiki and the account stand in user-config.py (see user-config.py.sample).\n\n{EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = whole.add_subparsers(dest="command", metavar="COMMAND")

    def command(name: str, says: str) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=says, description=says)
        one.set_defaults(call=calls[name])
        return one

    preview = command(
        "preview",
        "Edit nothing; show what would change (without configuration: the sample).",
    )
    preview.add_argument(
        "--rules", metavar="FILE", type=Path, help="who would gain or lose what under these rules"
    )
    rules = command(
        "rules",
        "Print the rules that ship with the bot, or say what is wrong in a file of rules.",
    )
    rules.add_argument("file", metavar="FILE", nargs="?", type=Path, help="see docs/rules.md")
    run = command("run", "Do one round (the daily one): gather, score, publish what changed.")
    run.add_argument(
        "--accept", action="store_true", help="go on although many people would vanish"
    )
    kind = run.add_mutually_exclusive_group()
    kind.add_argument(
        "--hourly", action="store_true",
        help="publish only newcomers, leavers, what is no longer to be told, and the report",
    )  # fmt: skip
    kind.add_argument(
        "--full", action="store_true", help="the weekly check: ask again for every task and proof"
    )
    command(
        "serve",
        "Do rounds by the clock until asked to stop: hourly, daily and weekly ones, and those missed.",
    )
    status = command(
        "status", "Say how the bot is doing: rounds, sources, what waits, what is unread."
    )
    status.add_argument("--json", action="store_true", help="for machines; see docs/operating.md")
    status.add_argument("--offline", action="store_true", help="do not ask the wiki")
    status.add_argument(
        "--health", action="store_true",
        help="say nothing and end with 0 if all is well, else with 1 and the reason; asks the ledger alone",
    )  # fmt: skip
    doctor = command(
        "doctor",
        "Check every setting, the account, pages, sources, the database, and say what to do; edits nothing.",
    )
    doctor.add_argument("--json", action="store_true", help="for machines: a line a check")
    publish = command(
        "publish",
        "Install or upgrade the pages people read, under the operator's account.",
    )
    how = publish.add_mutually_exclusive_group()
    how.add_argument("--diff", action="store_true", help="show what would change, edit nothing")
    how.add_argument("--yes", action="store_true", help="do not ask before saving")
    publish.add_argument(
        "--overwrite", metavar="TITLE", nargs="*",
        help="replace these pages (without titles: all) although they were changed on the wiki",
    )  # fmt: skip
    publish.add_argument(
        "--keep", metavar="TITLE", nargs="+", default=[],
        help="keep what stands in conflict with the kit on these pages of the wiki, and take it as settled",
    )  # fmt: skip
    publish.add_argument(
        "--paste", metavar="FOLDER", type=Path,
        help="write the texts that an administrator has to paste to files there",
    )  # fmt: skip
    explain = command("explain", "Say why a person has their numbers, or one work its points.")
    explain.add_argument("person", metavar="PERSON", help="the name of their account on the wiki")
    explain.add_argument("work", metavar="WORK", nargs="?", help="T123, or project~number")
    settle = command(
        "settle",
        "Write down what a reviewer decided: that an account that several people proved is this one's.",
    )
    settle.add_argument("source", choices=PLACES, metavar="SOURCE", help=", ".join(PLACES))
    settle.add_argument("name", metavar="NAME", help="the name of the account there, or its key")
    settle.add_argument("person", metavar="PERSON", help="the name of their account on the wiki")
    forget = command(
        "forget",
        "Forget a person at once, empty their pages, and search ledger and pages for what is left.",
    )
    forget.add_argument("person", metavar="PERSON", help="the name of their account on the wiki")
    suggest = command(
        "suggest",
        "Suggest repositories that tools name, or rows for the wishes table from a wishlist's page.",
    )
    suggest.add_argument("what", choices=("repositories", "wishes"))
    suggest.add_argument(
        "page", metavar="PAGE", nargs="?", help="such as Community Wishlist Survey 2022/Results"
    )
    score = command(
        "score",
        "Score the changes and tasks of files (newline-delimited JSON, gzip or not).",
    )
    score.add_argument("files", metavar="FILE", nargs="+", type=Path, help="see docs/scoring.md")
    calibrate = command(
        "calibrate", "Fit the weights of difficulty to comparisons of works; propose, save nothing."
    )
    calibrate.add_argument(
        "--judgements", metavar="FILE", type=Path, help="comparisons to fit to; see docs/reviews.md"
    )
    calibrate.add_argument(
        "--out", metavar="FILE", type=Path, help="write the proposed page of rules there"
    )
    whole.set_defaults(command="preview", call=calls["preview"], rules=None)
    return whole
