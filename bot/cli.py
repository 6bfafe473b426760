"""Words on the command line → calls. Exit codes: see ``bot.options.EXIT_CODES``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence

from bot.calibrate import calibrate, write_page
from bot.compare import checked_rules, shipped_rules
from bot.errors import BadgesError, Interrupted, SettingsError, Stopped
from bot.explain import explain_person, explain_work, find_person
from bot.forget import forget_person
from bot.install import Installed, install_kit, write_pastes
from bot.kit import pages_to_install, plan_kit
from bot.kit_texts import KitTexts
from bot.kit_words import count_pages, plan_lines, remaining_lines, to_paste
from bot.ledger import Ledger
from bot.lock import locked
from bot.logs import as_json, failed, logging_to, redact, say, step
from bot.options import Call, chosen, parser
from bot.output import DONE, FAILED, PARTLY, ending, round_ended, show
from bot.previewing import preview
from bot.progress import bars
from bot.rulebook import known_rules
from bot.running import run_once, serve_rounds
from bot.schedule import Kind
from bot.score import ScoreFileError, score_files
from bot.settings import Settings, load_settings
from bot.settle import settle_account
from bot.stopping import Stopping, terminable
from bot.suggest import suggest_repositories, suggest_wishes
from bot.watching import doctor, status
from bot.wiring import (
    build_kit_wiki,
    build_wiki,
    build_world,
    has_configuration,
    page_reader,
    with_community,
)
from scoring.badges import check_examples
from scoring.catalogue import CATALOGUE
from sources.port import SourceError
from sources.redaction import passwords_of
from wikitext.rules_page import TITLE

UNATTENDED = ("run", "serve")
WITHOUT_SETTINGS = ("score", "rules", "doctor")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; every way it can end is one sentence and a number."""
    options = parser(_calls()).parse_args(arguments)
    settings, wrong = Settings(), None
    try:
        if options.command not in WITHOUT_SETTINGS:
            settings = load_settings()
    except SettingsError as error:
        wrong = error
    unattended = options.command in UNATTENDED
    for password in passwords_of(settings.database_url):
        redact.keep(password)
    logging = logging_to(settings.log_format, settings.log_level, unattended=unattended)
    with logging, bars(), terminable():
        return _call(options, settings, wrong)


def _call(options: argparse.Namespace, settings: Settings, wrong: SettingsError | None) -> int:
    try:
        if wrong is not None:
            raise wrong
        code: int = options.call(options, settings)
    except BrokenPipeError:
        # Whoever read our output has seen enough of it; a round that stops so is not done.
        sys.stdout = None
        return FAILED if options.command in ("run", "serve", "publish") else DONE
    except KeyboardInterrupt:
        failed("Interrupted; the next round goes on from here.", "interrupted")
        return Interrupted.exit_code
    except Exception as error:  # Whatever it is, the operator gets a sentence and an exit code.
        return _explain_error(error)
    return code


def _explain_error(error: Exception) -> int:
    """Say what went wrong, whatever it is: no secret in it, and no silence about it."""
    if isinstance(error, BadgesError | ScoreFileError | SourceError):
        failed(str(error), type(error).__name__)
        return getattr(error, "exit_code", FAILED)
    fault = (
        f"This is a fault of the program ({type(error).__name__}); please report the lines above."
    )
    failed(fault, "fault", error)
    return FAILED


def _rules(options: argparse.Namespace, _settings: Settings) -> int:
    if options.file is not None:
        show(checked_rules(options.file))
        return DONE
    print(shipped_rules(), end="")  # As it is: with tabs.
    wrong = check_examples(CATALOGUE)
    for line in wrong:
        failed(f"This is a fault of the badges we ship; please report it. {line}", "fault")
    return FAILED if wrong else DONE


def _run(options: argparse.Namespace, settings: Settings) -> int:
    kind = Kind.HOURLY if options.hourly else Kind.WEEKLY if options.full else Kind.DAILY
    done = run_once(settings, kind, step, accept=options.accept)
    if not as_json(settings.log_format, unattended=True):
        print(f"{done.people} people, {len(done.outcome.saved)} edits")
        return ending(done)
    return round_ended(kind, done)


def _serve(_options: argparse.Namespace, settings: Settings) -> int:
    serve_rounds(settings, step, _explain_error, round_ended)
    say("Asked to stop, and stopped.", "stopped")
    return DONE


def _publish(options: argparse.Namespace, settings: Settings) -> int:
    wiki = build_kit_wiki(settings)
    wiki.check()
    kit = pages_to_install(settings.root, build_wiki(settings).bot)
    texts = KitTexts(Ledger.open(settings.database_url))
    plan = plan_kit(wiki, texts, kit, settings.root, chosen(options))
    show(plan_lines(plan))
    done = Installed()
    if not options.diff:
        if plan.saves and not options.yes and not _agreed():
            print("Nothing was edited.")
            return FAILED
        done = install_kit(wiki, texts, plan, settings.root, step)
        print(f"{count_pages(len(done.saved))} saved")
    pastes = to_paste(plan, done)
    files = write_pastes(pastes, options.paste) if options.paste else []
    show(remaining_lines(plan, done, files, wiki))
    left = bool(plan.saves) if options.diff else bool(done.refused)
    return PARTLY if left or plan.leaves_work else DONE


def _agreed() -> bool:
    if not sys.stdin.isatty():
        raise SettingsError(
            "Nothing was edited: nobody can be asked here. Look at what would change, then run"
            " `python -m bot publish --yes`."
        )
    try:
        return input("Save these pages? [y/N] ").strip().casefold() in ("y", "yes")
    except EOFError:
        print()
        return False


def _explain(options: argparse.Namespace, settings: Settings) -> int:
    ledger = Ledger.open(settings.database_url)
    person = find_person(ledger, options.person)
    lines = (
        explain_work(ledger, person, options.work)
        if options.work
        else explain_person(ledger, person)
    )
    show(lines)
    return DONE


def _settle(options: argparse.Namespace, settings: Settings) -> int:
    ledger = Ledger.open(settings.database_url)
    with locked(ledger):
        show(settle_account(ledger, options.source, options.name, options.person))
    return DONE


def _forget(options: argparse.Namespace, settings: Settings) -> int:
    ledger = Ledger.open(settings.database_url)
    with Stopping() as stopping:
        world = build_world(settings, build_wiki(settings), ledger, step, stopping.look)
        told = forget_person(world, options.person)
    show(told.lines)
    if isinstance(told.error, Stopped | Interrupted):
        return told.error.exit_code
    return DONE if told.clean else PARTLY


def _suggest(options: argparse.Namespace, settings: Settings) -> int:
    if options.what == "wishes":
        if not (options.page and settings.wishlist_url):
            raise SettingsError(
                "`suggest wishes` needs the title of a page, and BADGES_WISHLIST_URL."
            )
        show(suggest_wishes(options.page, page_reader(settings)))
    else:
        ledger = Ledger.open(settings.database_url)
        lists = with_community(settings, known_rules(ledger).now.community)
        show(suggest_repositories(ledger, lists.gitlab_groups, lists.github_repositories))
    return DONE


def _score(options: argparse.Namespace, _settings: Settings) -> int:
    show(score_files(options.files))
    return DONE


def _calibrate(options: argparse.Namespace, settings: Settings) -> int:
    ledger = Ledger.open(settings.database_url) if has_configuration() else None
    done = calibrate(ledger, options.judgements)
    show(done.lines)
    if done.page is None:
        return DONE
    file = "FILE"
    if options.out is not None:
        write_page(done.page, file := options.out)
        print(f"{file} was written, and nothing was saved on the wiki.")
    else:
        print(f"\nProposed as [[{TITLE}]]; nothing was saved:\n\n{done.page}")
    print(f"Next: `python -m bot preview --rules {file}` says who would gain or lose what.")
    return DONE


def _calls() -> Mapping[str, Call]:
    return {
        "preview": preview, "rules": _rules, "run": _run, "serve": _serve, "status": status,
        "doctor": doctor, "publish": _publish, "explain": _explain, "settle": _settle,
        "forget": _forget, "suggest": _suggest, "score": _score, "calibrate": _calibrate,
    }  # fmt: skip
