"""Words on the command line → calls. Exit codes: see ``bot.options.EXIT_CODES``."""

from __future__ import annotations

import argparse
import sys
import tempfile
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bot.calibrate import calibrate, write_page
from bot.compare import checked_rules, compare_rules, read_rules, shipped_rules
from bot.errors import BadgesError, NeedsAcceptance, SettingsError, Stopped
from bot.explain import cards, explain_person, explain_work, find_person
from bot.forget import forget_person
from bot.install import Installed, install_kit, write_pastes
from bot.kit import pages_to_install, plan_kit
from bot.kit_texts import KitTexts
from bot.kit_words import count_pages, plan_lines, remaining_lines, to_paste
from bot.ledger import Ledger
from bot.lock import locked
from bot.options import Call, chosen, parser
from bot.rehearsal import Rehearsal
from bot.round import Round, run_round
from bot.rulebook import known_rules
from bot.running import run_once, serve_rounds
from bot.schedule import Kind
from bot.score import ScoreFileError, score_files
from bot.settings import Settings, load_settings
from bot.settle import settle_account
from bot.suggest import suggest_repositories, suggest_wishes
from bot.wiring import (
    build_kit_wiki,
    build_wiki,
    build_world,
    has_configuration,
    page_reader,
    sample_world,
    with_community,
)
from scoring.badges import check_examples
from scoring.catalogue import CATALOGUE
from sources.port import SourceError
from wikitext.data_pages import clean
from wikitext.rules_page import TITLE

DONE, FAILED, USAGE, PARTLY = 0, 1, 2, 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; every way it can end is one sentence and a number."""
    options = parser(_calls()).parse_args(arguments)
    settings = Settings()
    try:
        if options.command not in ("score", "rules"):
            settings = load_settings()
        code: int = options.call(options, settings)
    except BrokenPipeError:
        # Whoever read our output has seen enough of it; a round that stops so is not done.
        sys.stdout = None
        return FAILED if options.command in ("run", "serve", "publish") else DONE
    except KeyboardInterrupt:
        _say("Interrupted; the next round goes on from here.")
        return FAILED
    except Exception as error:
        return _explain_error(settings, error)
    return code


def _explain_error(settings: Settings, error: Exception) -> int:
    """Say what went wrong, whatever it is: no secret in it, and no silence about it."""
    if isinstance(error, BadgesError | ScoreFileError | SourceError):
        _say(redact(str(error), settings))
        return getattr(error, "exit_code", FAILED)
    _say(redact("".join(traceback.format_exception(error)), settings))
    _say(f"This is a fault of the program ({type(error).__name__}); please report the lines above.")
    return FAILED


def redact(text: str, settings: Settings) -> str:
    """*text* without any secret of the settings."""
    _, _, rest = settings.database_url.partition("://")
    login, _, _ = rest.rpartition("@")
    password = login.partition(":")[2]
    tokens = (settings.phabricator_token, settings.gitlab_token, settings.github_token)
    for secret in (*(token.reveal() for token in tokens), f":{password}@" if password else ""):
        if secret:
            text = text.replace(secret, "[secret]")
    return text.replace(password, "[secret]") if len(password) > 3 else text


def _preview(options: argparse.Namespace, settings: Settings) -> int:
    if options.rules is not None:
        return _compare(options.rules, settings)
    if not has_configuration():
        return _preview_sample()
    wiki = Rehearsal(build_wiki(settings))
    ledger = Ledger.open(settings.database_url)
    with ledger.rehearsal():
        world = build_world(settings, wiki, ledger, _say)
        try:
            done = run_round(world)
        except NeedsAcceptance as error:
            _say(f"{error} What follows is what that would do.")
            done = run_round(world, accept=True)
        _print(cards(world.ledger))
        for title, (text, summary) in wiki.saved.items():
            print(f"would save [[{title}]] ({len(text.encode())} bytes): {summary}")
    print(f"{len(wiki.saved)} pages would be saved; nothing was edited.")
    return _ending(done)


def _compare(file: Path, settings: Settings) -> int:
    page = read_rules(file)
    if has_configuration():
        _print(compare_rules(Ledger.open(settings.database_url), page))
        return DONE
    with _sample() as ledger:
        _print(compare_rules(ledger, page))
    return DONE


def _rules(options: argparse.Namespace, _settings: Settings) -> int:
    if options.file is not None:
        _print(checked_rules(options.file))
        return DONE
    print(shipped_rules(), end="")  # As it is: with tabs.
    wrong = check_examples(CATALOGUE)
    for line in wrong:
        _say(f"This is a fault of the badges we ship; please report it. {line}")
    return FAILED if wrong else DONE


def _preview_sample() -> int:
    with _sample() as ledger:
        _print(cards(ledger))
    print("Nothing was edited. Next: docs/operating.md, or `python -m bot --help`.")
    return DONE


@contextmanager
def _sample() -> Iterator[Ledger]:
    print("No user-config.py here: this is the sample that ships with the project (sample data).\n")
    with tempfile.TemporaryDirectory() as folder:
        world = sample_world(Path(folder), lambda _line: None)
        run_round(world)
        yield world.ledger
        world.ledger.close()


def _run(options: argparse.Namespace, settings: Settings) -> int:
    kind = Kind.HOURLY if options.hourly else Kind.WEEKLY if options.full else Kind.DAILY
    done = run_once(settings, kind, _say, accept=options.accept)
    print(f"{done.people} people, {len(done.outcome.saved)} edits")
    return _ending(done)


def _serve(_options: argparse.Namespace, settings: Settings) -> int:
    serve_rounds(settings, _say, partial(_explain_error, settings), _ending)
    _say("Asked to stop, and stopped.")
    return DONE


def _publish(options: argparse.Namespace, settings: Settings) -> int:
    wiki = build_kit_wiki(settings)
    wiki.check()
    kit = pages_to_install(settings.root, build_wiki(settings).bot)
    texts = KitTexts(Ledger.open(settings.database_url))
    plan = plan_kit(wiki, texts, kit, settings.root, chosen(options))
    _print(plan_lines(plan))
    done = Installed()
    if not options.diff:
        if plan.saves and not options.yes and not _agreed():
            print("Nothing was edited.")
            return FAILED
        done = install_kit(wiki, texts, plan, settings.root, _say)
        print(f"{count_pages(len(done.saved))} saved")
    pastes = to_paste(plan, done)
    files = write_pastes(pastes, options.paste) if options.paste else []
    _print(remaining_lines(plan, done, files, wiki))
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
    _print(lines)
    return DONE


def _settle(options: argparse.Namespace, settings: Settings) -> int:
    ledger = Ledger.open(settings.database_url)
    with locked(ledger):
        _print(settle_account(ledger, options.source, options.name, options.person))
    return DONE


def _forget(options: argparse.Namespace, settings: Settings) -> int:
    ledger = Ledger.open(settings.database_url)
    told = forget_person(build_world(settings, build_wiki(settings), ledger, _say), options.person)
    _print(told.lines)
    if isinstance(told.error, Stopped):
        return told.error.exit_code
    return DONE if told.clean else PARTLY


def _suggest(options: argparse.Namespace, settings: Settings) -> int:
    if options.what == "wishes":
        if not (options.page and settings.wishlist_url):
            raise SettingsError(
                "`suggest wishes` needs the title of a page, and BADGES_WISHLIST_URL."
            )
        _print(suggest_wishes(options.page, page_reader(settings)))
    else:
        ledger = Ledger.open(settings.database_url)
        lists = with_community(settings, known_rules(ledger).now.community)
        _print(suggest_repositories(ledger, lists.gitlab_groups, lists.github_repositories))
    return DONE


def _score(options: argparse.Namespace, _settings: Settings) -> int:
    _print(score_files(options.files))
    return DONE


def _calibrate(options: argparse.Namespace, settings: Settings) -> int:
    ledger = Ledger.open(settings.database_url) if has_configuration() else None
    done = calibrate(ledger, options.judgements)
    _print(done.lines)
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


def _ending(done: Round) -> int:
    for source, why in done.troubles:
        _say(f"{source}: {why} What was known still stands.")
    for title, why in done.outcome.refused:
        _say(f"[[{title}]]: {why}")
    if done.outcome.later:
        _say(f"{done.outcome.later} edits are over this round's budget and wait for the next.")
    return PARTLY if done.partly else DONE


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(clean(line))


def _say(text: str) -> None:
    for line in text.splitlines():
        print(clean(line), file=sys.stderr, flush=True)


def _calls() -> Mapping[str, Call]:
    return {
        "preview": _preview, "rules": _rules, "run": _run, "serve": _serve, "publish": _publish, "explain": _explain,
        "settle": _settle, "forget": _forget, "suggest": _suggest, "score": _score, "calibrate": _calibrate,
    }  # fmt: skip
