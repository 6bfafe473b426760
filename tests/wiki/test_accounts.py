"""What a real wiki tells of accounts: since when they bear their names, who is gone, where they are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.wiki.conftest import PASSWORD, Wiki
from tests.wiki.practice import HERE, Practice, rename

pytestmark = pytest.mark.wiki

ASK = """
import json, sys
from datetime import date, datetime, timedelta, timezone
from bot.pages import PywikibotWiki
wiki = PywikibotWiki(lambda *_: False)
wiki.check()
(user,) = wiki.users(["Ada Example"]).values()
an_hour_ago = datetime.now(timezone.utc) - timedelta(hours=1)
log = wiki.read_log("renameuser", an_hour_ago)
print(json.dumps({
    "logs": wiki.account_logs,
    "words": sorted(log.words),
    "events": log.events,
    "clock": abs((log.until - datetime.now(timezone.utc)).total_seconds()) < 3600,
    "later": wiki.read_log("renameuser", log.until + timedelta(hours=1)).events,
    "no such log": [wiki.read_log(one, an_hour_ago) for one in ("gblrename", "globalauth")],
    "below": sorted(wiki.pages_below("User:Ada Example/tale")),
    "many": wiki.many,
    "since": [wiki.bears_since(user, date.fromisoformat(day)) for day in sys.argv[1:]],
    "known": sorted(wiki.users_with([user.id, 999_999_999])) == [user.id],
    "closed": sorted(wiki.closed([user])),
    "urls": wiki.user_page_urls("Ada Example"),
}))
"""


@pytest.fixture(scope="module")
def told(wiki: Wiki, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The answers of the wiki about an account that was made today."""
    folder: Path = tmp_path_factory.mktemp("accounts")
    practice = Practice(folder, wiki.home, wiki.api, PASSWORD)
    practice.configure()
    assert wiki.ada  # Made with the wiki.
    for name in ("tale/a.js", "tale/Ё", "tales", "tale"):
        wiki.ada.edit(f"User:Ada Example/{name}", "Once.")
    practice.account("Before Example")
    rename(wiki.home, "Before Example", f"After Example {wiki.version}")
    today = datetime.now(UTC).date()
    days = [(today + timedelta(days=n)).isoformat() for n in (-2, 1)]
    done = subprocess.run(
        [sys.executable, "-c", ASK, *days],
        cwd=HERE,
        env={**os.environ, "PYWIKIBOT_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_an_account_bears_its_name_since_it_was_made(told: Any):
    assert told["since"] == [False, True]


def test_an_id_that_nobody_bears_is_left_out_and_nobody_is_closed_without_central_accounts(
    told: Any,
):
    assert told["known"] is True
    assert told["closed"] == []


def test_the_address_of_a_user_page_leads_there(wiki: Wiki, told: Any):
    assert any(url.endswith("User:Ada_Example") for url in told["urls"])
    assert all(url.startswith("http") for url in told["urls"])


def test_a_rename_stands_in_the_log_with_both_names_and_there_are_no_logs_of_central_accounts(
    wiki: Wiki, told: Any
):
    assert told["logs"] == ["renameuser"]
    assert {"Before Example", f"After Example {wiki.version}"} <= set(told["words"])
    assert told["events"] >= 1
    assert (told["clock"], told["later"]) == (True, 0)
    assert told["no such log"] == [None, None]


def test_all_pages_below_one_are_found_and_no_others_and_a_bot_may_ask_for_many(told: Any):
    start = "User:Ada Example/tale"
    assert told["below"] == [f"{start}/a.js", f"{start}/Ё"]
    assert told["many"] == 500
