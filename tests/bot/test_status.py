"""``status``: how the bot is doing, by what the ledger notes; and whether to start it anew."""

import json
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from bot import cli, watching
from bot.account_news import MEMO
from bot.errors import NeedsAcceptance, WikiRefused, WikiUnreachable
from bot.health import illness
from bot.lock import locked
from bot.rounds import noted, noted_round
from bot.schedule import Kind
from bot.status import status_lines, status_of
from sources.port import SourceUnreachable
from tests.bot.test_cli import HERE

NOW = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)


def status(scene, messages=None, wiki="", at=NOW):
    return status_of(scene.ledger, at, 3, messages, wiki)


def told(scene, **more):
    return "\n".join(status_lines(status(scene, **more)))


def round_at(scene, moment, kind=Kind.HOURLY):
    return noted_round(scene.world(), kind, clock=lambda: moment)


def test_an_empty_ledger_says_so_calmly(scene):
    lines = told(scene)

    assert "No round came to an end yet." in lines
    assert "No source was read yet." in lines
    assert "0 people" in lines
    assert status(scene)["ill"] == "No round has succeeded yet."


def test_it_tells_rounds_sources_counts_the_ledger_and_what_comes_next_and_names_nobody(ada):
    round_at(ada, NOW - timedelta(hours=1), Kind.DAILY)
    ada.gerrit.trouble = SourceUnreachable("gerrit could not be reached for Ada")
    round_at(ada, NOW - timedelta(minutes=10))

    found = status(ada, messages=True)
    lines = told(ada, messages=True)
    assert [one["kind"] for one in found["rounds"]] == ["daily", "hourly"]
    assert found["errors"] == {"gerrit": "unreachable"}
    assert found["counts"] | {"pages": 0} == {
        "people": 1, "waiting": 0, "changes": 1, "tasks": 1, "wishes": 0, "pages": 0,
    }  # fmt: skip
    stale = {one["source"]: one["stale_since"] for one in found["sources"]}
    assert stale == {"gerrit": ada.now.date().isoformat(), "phabricator": None}
    assert found["next"]["hourly"] == "2026-11-20T13:17:00+00:00"
    assert (found["ledger"]["schema"], found["ledger"]["bytes"] > 0) == (4, True)
    assert "gerrit: STALE since 2026-11-20, cannot be reached" in lines
    assert "2026-11-20 11:30 UTC daily: done;" in lines
    assert "UNREAD MESSAGES" in lines
    assert "Ada" not in lines + json.dumps(found)


def test_edits_over_the_budget_and_refused_pages_are_counted(ada):
    noted_round(ada.world(edit_budget=1), Kind.DAILY, clock=lambda: NOW)

    assert status(ada)["over_budget"] > 0
    assert "over the budget and wait" in told(ada)


def test_what_could_not_be_done_is_tried_again_before_its_next_time(ada):
    with pytest.raises(WikiUnreachable), locked(ada.ledger):  # noqa: SIM117
        with noted(ada.ledger, Kind.HOURLY, clock=lambda: NOW):
            raise WikiUnreachable("Nobody answers.")

    assert status(ada)["again"] == (NOW + timedelta(minutes=5)).isoformat()
    assert "2026-11-20 12:35 UTC again" in told(ada)


def test_a_wiki_that_was_not_asked_or_does_not_answer_is_said_calmly(scene):
    assert "talk page: not asked" in told(scene).splitlines()
    assert "not asked: Nobody answers." in told(scene, wiki="Nobody answers.")


def test_who_did_a_round_lately_or_does_one_now_is_well(ada):
    round_at(ada, NOW)

    assert illness(ada.ledger, NOW + timedelta(hours=3), 3) == ""
    late = NOW + timedelta(hours=9)
    assert "ended 9 hours ago; 3 are allowed" in illness(ada.ledger, late, 3)
    with locked(ada.ledger):
        assert illness(ada.ledger, late, 3) == ""


def test_a_round_that_a_wrong_clock_put_into_the_future_makes_nobody_well(ada):
    round_at(ada, NOW)
    round_at(ada, NOW + timedelta(days=400))

    assert illness(ada.ledger, NOW + timedelta(hours=2), 3) == ""
    assert "ended 9 hours ago" in illness(ada.ledger, NOW + timedelta(hours=9), 3)


@pytest.mark.parametrize(
    ("error", "well"), [(NeedsAcceptance, True), (WikiRefused, True), (WikiUnreachable, False)]
)
def test_a_round_that_waits_for_a_human_is_no_reason_to_start_anew(ada, error, well):
    with pytest.raises(error), noted(ada.ledger, Kind.HOURLY, clock=lambda: NOW):
        raise error("Why.")

    assert (illness(ada.ledger, NOW, 3) == "") is well


def test_a_lock_that_ran_out_is_that_of_a_round_that_hangs(ada):
    round_at(ada, NOW)
    ada.ledger.notes.take_lock("elsewhere 1", -5)

    assert "A round hangs" in illness(ada.ledger, NOW, 3)


def test_a_log_of_the_wiki_that_tells_us_nothing_is_said(scene):
    logs = {"renameuser": "read", "gblrename": "mute", "globalauth": "absent"}
    scene.ledger.notes.remember(MEMO, {"logs": {one: {"state": logs[one]} for one in logs}})

    assert status(scene)["logs"] == logs
    lines = told(scene)
    assert "log gblrename of the wiki: MUTE" in lines
    assert "log globalauth of the wiki: there is none here" in lines
    assert "renameuser" not in lines


def test_it_tells_who_holds_the_lock_since_when_and_until_when(scene):
    assert (status(scene)["lock"], status(scene)["running"]) == (None, False)
    with locked(scene.ledger):
        found, lines = status(scene), told(scene)
    lock = found["lock"]
    since, until = (datetime.fromisoformat(lock[key]) for key in ("since", "until"))
    assert lock["holder"] == f"{socket.gethostname()}, process {os.getpid()}"
    assert (found["running"], lock["over"]) == (True, False)
    assert timedelta(minutes=9) < until - since < timedelta(minutes=11)
    assert f"process {os.getpid()}, at work since {lock['since'][:10]}" in lines

    scene.ledger.notes.take_lock("elsewhere/1-2 7 1 1795000000 x", -5)
    found, lines = status(scene), told(scene)
    assert (found["running"], found["lock"]["over"]) == (False, True)
    assert "hangs, or died: elsewhere, process 7, at work since 2026-11-18" in lines


def test_the_health_check_says_nothing_when_all_is_well_and_needs_no_wiki(ada, monkeypatch, capsys):
    monkeypatch.setenv("BADGES_DATABASE_URL", ada.database.url)
    monkeypatch.setattr(watching, "build_inspected_wiki", None)
    assert cli.main(["status", "--health"]) == 1
    assert "No round has succeeded yet." in capsys.readouterr().err

    round_at(ada, datetime.now(UTC))
    assert cli.main(["status", "--health"]) == 0
    assert capsys.readouterr() == ("", "")
    assert cli.main(["status", "--offline", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["healthy"] is True


def test_the_health_check_imports_nothing_that_is_slow(tmp_path):
    code = (
        "import sys; from bot import cli; cli.main(['status', '--health']);"
        "assert not {'pywikibot', 'scipy', 'apscheduler', 'tqdm'} & sys.modules.keys()"
    )
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    environment = {"BADGES_DATABASE_URL": url, "PATH": ""}
    done = subprocess.run([sys.executable, "-c", code], cwd=HERE, env=environment, check=False)
    assert done.returncode == 0
