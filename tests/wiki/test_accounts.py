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
from tests.wiki.practice import HERE, Practice

pytestmark = pytest.mark.wiki

ASK = """
import json, sys
from datetime import date
from bot.pages import PywikibotWiki
wiki = PywikibotWiki(lambda *_: False)
wiki.check()
(user,) = wiki.users(["Ada Example"]).values()
print(json.dumps({
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
